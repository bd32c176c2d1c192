import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportExamples } from '../../../shared/contracts/openapi/report-examples.ts';
import { alarmContract } from '../../../shared/contracts/reports/alarm.ts';
import { checkContract } from '../../../shared/contracts/reports/check.ts';
import { coverageContract } from '../../../shared/contracts/reports/coverage.ts';
import { digestContract } from '../../../shared/contracts/reports/digest.ts';
import { heartbeatContract } from '../../../shared/contracts/reports/heartbeat.ts';
import { logContract } from '../../../shared/contracts/reports/log.ts';
import { recordingContract } from '../../../shared/contracts/reports/recording.ts';
import { deletionReasons } from '../../../shared/domain/reports.ts';
import { faultsOf } from '../../../shared/runtime/faults.ts';

const contracts = {
  heartbeat: heartbeatContract,
  coverage: coverageContract,
  recording: recordingContract,
  check: checkContract,
  alarm: alarmContract,
  log: logContract,
  digest: digestContract,
} as const;
type Kind = keyof typeof contracts;

/** Pointers of what is refused in the example of this kind, changed so. */
const faults = (kind: Kind, changes: object): string[] => {
  const parsed = contracts[kind].schema.safeParse({ ...reportExamples[kind], ...changes });
  return parsed.success ? [] : faultsOf(parsed.error).map(({ pointer }) => pointer);
};

describe('what a box writes becomes a fact of the domain', () => {
  it('a heartbeat, its times in epoch milliseconds', () => {
    const wire = heartbeatContract.schema.parse(reportExamples.heartbeat);
    expect(heartbeatContract.toReport(wire)).toEqual({
      id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e5f',
      seq: 48_211,
      timeMs: Date.UTC(2026, 2, 2, 1),
      ageMs: 120,
      monitoring: 'yes',
      alarmSystem: 'yes',
      camerasOnline: 16,
      camerasRecording: 16,
      diskUsedPercent: 71,
      queueLength: 0,
      selfTests: [{ input: 'panic-button-1', testedAtMs: Date.UTC(2026, 1, 28, 23, 30) }],
      software: 'cradlewatch-box-0.1.0',
    });
  });

  it('a recording, its intervals half-open', () => {
    const wire = recordingContract.schema.parse(reportExamples.recording);
    expect(recordingContract.toReport(wire)).toEqual({
      id: reportExamples.recording.id,
      timeMs: Date.UTC(2026, 2, 2, 2, 2),
      camera: 'playroom-1',
      hourMs: Date.UTC(2026, 2, 2, 1),
      recorded: [
        { fromMs: Date.UTC(2026, 2, 2, 1), toMs: Date.UTC(2026, 2, 2, 1, 41, 30) },
        { fromMs: Date.UTC(2026, 2, 2, 1, 42), toMs: Date.UTC(2026, 2, 2, 2) },
      ],
      oldestRetrievableAtMs: Date.UTC(2025, 10, 28, 16),
      codec: 'h265',
      bytes: 912_680_550,
      segments: 60,
      segmentRoot: reportExamples.recording.segmentRoot,
      challenge: { mode: 'byte-stable', token: reportExamples.recording.challengeToken },
      deletions: [
        { fromMs: Date.UTC(2026, 1, 27, 3, 5), toMs: Date.UTC(2026, 1, 27, 3, 20), reason: 'authority-order' },
      ],
      confirmedHolds: [{ fromMs: Date.UTC(2026, 0, 12, 1), toMs: Date.UTC(2026, 0, 12, 2), hold: 'order-7' }],
    });
  });

  it('a recording as the vendors’ page shows it', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'vendors', 'README.md'), 'utf8');
    const [, example = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    const wire = recordingContract.schema.parse(JSON.parse(example));
    const fields = Object.keys(reportExamples.recording).filter((field) => field !== 'challengeToken');
    expect(Object.keys(wire).sort()).toEqual(fields.sort());
    for (const reason of deletionReasons) expect(page).toContain(`\`${reason}\``);
  });

  it('a recording that says only what was recorded has no other facts, and one of a presence-only recorder no token', () => {
    const { id, time, camera, hour } = reportExamples.recording;
    const base = { id, time, camera, hour, recorded: [] };
    const fact = { id, timeMs: Date.UTC(2026, 2, 2, 2, 2), camera, hourMs: Date.UTC(2026, 2, 2, 1), recorded: [] };
    const factOf = (wire: object) => recordingContract.toReport(recordingContract.schema.parse(wire));
    expect(factOf(base)).toStrictEqual(fact);
    const presenceOnly = { ...base, challengeMode: 'presence-only' };
    expect(factOf(presenceOnly)).toStrictEqual({ ...fact, challenge: { mode: 'presence-only' } });
  });

  it('an alarm that says nothing but its kind is unconfirmed and no drill', () => {
    const { id, time } = reportExamples.alarm;
    const wire = alarmContract.schema.parse({ id, time, kind: 'fire' });
    expect(alarmContract.toReport(wire)).toEqual({
      id,
      timeMs: Date.UTC(2026, 2, 2, 1, 13, 7),
      kind: 'fire',
      confirmed: 'unknown',
      drill: false,
    });
  });

  it('coverage, a check and a log, field by field', () => {
    const { time: _c, ...coverage } = reportExamples.coverage;
    expect(coverageContract.toReport(coverageContract.schema.parse(reportExamples.coverage))).toEqual({
      ...coverage,
      timeMs: Date.UTC(2026, 2, 2, 1, 0, 4),
    });
    const { time: _k, ...check } = reportExamples.check;
    expect(checkContract.toReport(checkContract.schema.parse(reportExamples.check))).toEqual({
      ...check,
      timeMs: Date.UTC(2026, 2, 2, 0, 50),
    });
    const { time: _l, doneAt: _d, ...log } = reportExamples.log;
    expect(logContract.toReport(logContract.schema.parse(reportExamples.log))).toEqual({
      ...log,
      timeMs: Date.UTC(2026, 2, 2, 10, 5),
      doneAtMs: Date.UTC(2026, 2, 2, 10),
    });
  });
});

describe('every report', () => {
  const kinds = Object.keys(contracts) as Kind[];

  it.each(kinds)('%s is accepted with a clock that stands in 1970, or runs to 2286', (kind) => {
    expect(faults(kind, { time: '1970-01-01T00:00:00Z' })).toEqual([]);
    expect(faults(kind, { time: '2286-11-20T17:46:39.999Z' })).toEqual([]);
    expect(faults(kind, { time: '2286-11-20T17:46:40Z' })).toEqual(['/time']);
    expect(faults(kind, { time: '1969-12-31T23:59:59Z' })).toEqual(['/time']);
  });

  it.each(kinds)('%s is refused with a time without offset, or of a day that is none', (kind) => {
    expect(faults(kind, { time: '2026-03-02T09:00:00' })).toEqual(['/time']);
    expect(faults(kind, { time: '2026-02-29T09:00:00Z' })).toEqual(['/time']);
    expect(faults(kind, { time: '2026-03-02 09:00:00Z' })).toEqual(['/time']);
    expect(faults(kind, { time: 1_772_413_200 })).toEqual(['/time']);
  });

  it.each(kinds)('%s is refused with an id that is no UUIDv7 in lower case', (kind) => {
    expect(faults(kind, { id: '019cac2e-8b80-4a31-9c5e-0a1b2c3d4e5f' })).toEqual(['/id']);
    expect(faults(kind, { id: '019CAC2E-8B80-7A31-9C5E-0A1B2C3D4E5F' })).toEqual(['/id']);
  });

  it.each(kinds)('%s is refused with a negative age or one of centuries', (kind) => {
    expect(faults(kind, { ageMs: 0 })).toEqual([]);
    expect(faults(kind, { ageMs: -1 })).toEqual(['/ageMs']);
    expect(faults(kind, { ageMs: 1e15 })).toEqual(['/ageMs']);
  });
});

describe('no text of a box gets in', () => {
  it.each(['小明', 'wang xiaoming', 'wangxiaoming', '5f2b'])('a child reference %j is refused', (childRef) => {
    const findings = [{ code: 'fever', childRef, action: 'observed' }];
    expect(faults('check', { findings })).toEqual(['/findings/0/childRef']);
  });

  it.each(['version 1', '<script>', '', 'x'.repeat(41), '1.0\n'])('a software version %j is refused', (software) => {
    expect(faults('heartbeat', { software })).toEqual(['/software']);
  });

  it('a log counts only what it may count', () => {
    expect(faults('log', { kind: 'drill', counts: {} })).toEqual([]);
    expect(faults('log', { kind: 'drill', counts: { lily: 1 } })).toEqual(['/counts/lily']);
    expect(faults('log', { kind: 'drill', counts: { childrenIn: '30' } })).toEqual(['/counts/childrenIn']);
  });

  it('a device-test names its device, and nothing else names one', () => {
    expect(faults('log', { kind: 'device-test', counts: {} })).toEqual(['/device']);
    expect(faults('log', { kind: 'device-test', device: 'panic-1', counts: {} })).toEqual([]);
    expect(faults('log', { kind: 'drill', device: 'panic-1', counts: {} })).toEqual(['/device']);
  });

  it('a closing counts both ways, and a guard shift says how long it lasts', () => {
    expect(faults('log', { kind: 'closing', counts: { childrenIn: 30 } })).toEqual(['/counts/childrenOut']);
    expect(faults('log', { kind: 'guard-shift', counts: { guards: 1 } })).toEqual(['/counts/minutes']);
    expect(faults('log', { kind: 'guard-shift', counts: { minutes: 480 } })).toEqual([]);
  });
});

describe('limits', () => {
  it('64 cameras fit one coverage report, 65 do not, none is no report', () => {
    const cameras = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ ...reportExamples.coverage.cameras[0], camera: `c-${n}` }));
    expect(faults('coverage', { cameras: cameras(64) })).toEqual([]);
    expect(faults('coverage', { cameras: cameras(65) })).toEqual(['/cameras']);
    expect(faults('coverage', { cameras: [] })).toEqual(['/cameras']);
  });

  it('a camera or an alarm input is named once', () => {
    const [camera] = reportExamples.coverage.cameras;
    expect(faults('coverage', { cameras: [camera, camera] })).toEqual(['/cameras/1/camera']);
    const [test] = reportExamples.heartbeat.selfTests;
    expect(faults('heartbeat', { selfTests: [test, test] })).toEqual(['/selfTests/1/input']);
  });

  it('recorded time lies within its hour, forwards', () => {
    const recorded = (from: string, to: string) => faults('recording', { recorded: [{ from, to }] });
    expect(recorded('2026-03-02T09:00:00+08:00', '2026-03-02T10:00:00+08:00')).toEqual([]);
    expect(recorded('2026-03-02T09:00:00+08:00', '2026-03-02T10:00:00.001+08:00')).toEqual(['/recorded/0']);
    expect(recorded('2026-03-02T08:59:59.999+08:00', '2026-03-02T09:30:00+08:00')).toEqual(['/recorded/0']);
    expect(recorded('2026-03-02T09:30:00+08:00', '2026-03-02T09:30:00+08:00')).toEqual(['/recorded/0/to']);
    expect(faults('recording', { recorded: [], hour: '2026-03-02T09:00:00.001+08:00' })).toEqual(['/hour']);
  });

  it('a root of segments is 64 hexadecimal digits and comes with their count', () => {
    const { segmentRoot } = reportExamples.recording;
    expect(faults('recording', { segments: 0, bytes: 0 })).toEqual([]);
    expect(faults('recording', { segments: undefined, segmentRoot: undefined })).toEqual(['/segments', '/segmentRoot']);
    const { segments: _left, ...uncounted } = { ...reportExamples.recording };
    const parsed = recordingContract.schema.safeParse(uncounted);
    expect(parsed.success ? [] : faultsOf(parsed.error).map(({ pointer }) => pointer)).toEqual(['/segments']);
    for (const root of [segmentRoot.slice(1), `${segmentRoot}0`, segmentRoot.toUpperCase()]) {
      expect(faults('recording', { segmentRoot: root })).toEqual(['/segmentRoot']);
    }
    expect(faults('recording', { segments: 360_001 })).toEqual(['/segments']);
    expect(faults('recording', { bytes: -1 })).toEqual(['/bytes']);
    expect(faults('recording', { codec: 'vp9' })).toEqual(['/codec']);
  });

  it('a token comes with byte-stable, and only with it', () => {
    const { challengeMode: _m, challengeToken: token, ...plain } = reportExamples.recording;
    const pointers = (more: object) => {
      const parsed = recordingContract.schema.safeParse({ ...plain, ...more });
      return parsed.success ? [] : faultsOf(parsed.error).map(({ pointer }) => pointer);
    };
    expect(pointers({})).toEqual([]);
    expect(pointers({ challengeMode: 'presence-only' })).toEqual([]);
    expect(pointers({ challengeMode: 'byte-stable', challengeToken: 'x'.repeat(171) })).toEqual([]);
    expect(pointers({ challengeMode: 'byte-stable', challengeToken: 'x'.repeat(172) })).toEqual(['/challengeToken']);
    expect(pointers({ challengeMode: 'byte-stable', challengeToken: `${token}=` })).toEqual(['/challengeToken']);
    expect(pointers({ challengeMode: 'byte-stable' })).toEqual(['/challengeToken']);
    expect(pointers({ challengeMode: 'presence-only', challengeToken: token })).toEqual(['/challengeToken']);
    expect(pointers({ challengeToken: token })).toEqual(['/challengeToken']);
    expect(pointers({ challengeMode: 'stable' })).toEqual(['/challengeMode']);
  });

  it('a deletion has a reason of the list and goes forwards; at most 32, and 16 confirmed orders', () => {
    const [deletion] = reportExamples.recording.deletions;
    const [hold] = reportExamples.recording.confirmedHolds;
    const deletions = (...list: object[]) => faults('recording', { deletions: list });
    expect(deletions({ ...deletion, reason: 'space-needed' })).toEqual([]);
    expect(deletions({ ...deletion, reason: 'tidying up' })).toEqual(['/deletions/0/reason']);
    expect(deletions({ ...deletion, to: deletion.from })).toEqual(['/deletions/0/to']);
    expect(deletions({ ...deletion, by: 'lily' })).toEqual(['/deletions/0/by']);
    expect(deletions(...Array.from({ length: 32 }, () => deletion))).toEqual([]);
    expect(deletions(...Array.from({ length: 33 }, () => deletion))).toEqual(['/deletions']);
    expect(deletions()).toEqual(['/deletions']);
    const holds = (...list: object[]) => faults('recording', { confirmedHolds: list });
    expect(holds(...Array.from({ length: 16 }, () => hold))).toEqual([]);
    expect(holds(...Array.from({ length: 17 }, () => hold))).toEqual(['/confirmedHolds']);
    expect(holds({ ...hold, to: hold.from })).toEqual(['/confirmedHolds/0/to']);
    expect(holds({ ...hold, hold: 'Order 7' })).toEqual(['/confirmedHolds/0/hold']);
  });

  it('a sequence is a whole number that JSON carries exactly', () => {
    expect(faults('heartbeat', { seq: Number.MAX_SAFE_INTEGER })).toEqual([]);
    for (const seq of [-1, 0.5, 2 ** 53, '1']) expect(faults('heartbeat', { seq })[0]).toBe('/seq');
  });

  it('what a box does not know it says; it never leaves it out', () => {
    expect(faults('heartbeat', { camerasOnline: 'unknown', monitoring: 'unknown' })).toEqual([]);
    expect(faults('heartbeat', { camerasOnline: undefined, monitoring: undefined })).toEqual([
      '/monitoring',
      '/camerasOnline',
    ]);
  });
});
