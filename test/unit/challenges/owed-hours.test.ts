import { describe, expect, it } from 'vitest';
import { challengesAsOf } from '../../../shared/domain/challenges/as-of.ts';
import type { Challenge } from '../../../shared/domain/challenges/challenge.ts';
import { incidentWindows } from '../../../shared/domain/challenges/incident-windows.ts';
import { owedHours, sealedOf } from '../../../shared/domain/challenges/owed-hours.ts';
import { slotsOf } from '../../../shared/domain/challenges/slots.ts';
import type { HeldDay } from '../../../shared/domain/held-day.ts';
import type { RecordingReport } from '../../../shared/domain/reports.ts';
import { takeDeclared, takeHour } from '../../../shared/domain/take-recording.ts';
import { incident } from '../../contract/samples.ts';
import { aFacility, aRecording, beijing, DAY_MS, floor, HOUR_MS, NOW } from '../../support/rows.ts';

const camera = { id: 'cam-1', box: 'b1', areas: ['play'], installedAtMs: beijing('2025-01-01 00:00') };
const facility = aFacility({ cameras: [camera] });
const day = '2026-02-20';
const eight = beijing(`${day} 08:00`);
const token = { mode: 'byte-stable', token: 'AQ' } as const;

const dayWith = (...reports: readonly RecordingReport[]): HeldDay => {
  const taken = reports.reduce<HeldDay | undefined>(
    (read, report) => takeHour(read, { report, receivedMs: report.hourMs + HOUR_MS + 1, isRepeat: false }, day) ?? read,
    undefined,
  );
  if (taken === undefined) throw new Error('nothing was taken');
  return taken;
};
const hour = (n: number, more: Partial<RecordingReport> = {}) =>
  aRecording(`r${n}`, eight + n * HOUR_MS, { challenge: token, ...more });
const owed = (days: readonly HeldDay[], nowMs = NOW) => owedHours({ camera, held: days }, facility, floor, nowMs);

describe('what may be asked for of a camera', () => {
  it('is each hour that was recorded, with whether it can be asked for by its bytes', () => {
    const days = [
      dayWith(hour(0), hour(1, { challenge: { mode: 'presence-only' } }), aRecording('r2', eight + 2 * HOUR_MS)),
    ];
    expect(owed(days).map(({ hourMs, stability }) => [(hourMs - eight) / HOUR_MS, stability])).toEqual([
      [0, 'byte-stable'],
      [1, 'presence-only'],
      [2, undefined],
    ]);
    expect(sealedOf([{ camera, held: days }], facility, floor, NOW)).toEqual({ owed: 3, sealed: 1, presenceOnly: 1 });
  });

  it('is no hour without a slice, none that is not owed any more, none from before the camera', () => {
    const short = (ms: number) => [dayWith(hour(0, { recorded: [{ fromMs: eight, toMs: eight + ms }] }))];
    expect(owed(short(9_999))).toEqual([]);
    expect(owed(short(10_000))).toHaveLength(1);
    const days = [dayWith(hour(0))];
    expect(owed(days, eight + 90 * DAY_MS)).toHaveLength(1);
    expect(owed(days, eight + 90 * DAY_MS + 1)).toEqual([]);
    const late = { ...camera, installedAtMs: eight + 1 };
    expect(owedHours({ camera: late, held: days }, facility, floor, NOW)).toEqual([]);
  });

  it('is no hour of which something was lawfully deleted, and still one that was deleted for want of space', () => {
    const deleting = (reason: 'erasure-request' | 'space-needed') => {
      const report = aRecording('d', NOW - HOUR_MS, {
        deletions: [{ fromMs: eight + HOUR_MS - 1, toMs: eight + HOUR_MS, reason }],
      });
      const declared = takeDeclared(undefined, { report, receivedMs: NOW - 1, isRepeat: false }, '2026-03-02');
      if (declared === undefined) throw new Error('nothing was declared');
      return [dayWith(hour(0), hour(1)), declared];
    };
    expect(owed(deleting('erasure-request')).map(({ hourMs }) => hourMs)).toEqual([eight + HOUR_MS]);
    expect(owed(deleting('erasure-request'), NOW - 2)).toHaveLength(2);
    expect(owed(deleting('space-needed'))).toHaveLength(2);
  });

  it('is as of an instant: what we heard later is not there yet', () => {
    const days = [dayWith(hour(0))];
    expect(owed(days, eight + 3 * HOUR_MS)).toHaveLength(1);
    // Settled but for its last millisecond.
    expect(owed(days, eight + 3 * HOUR_MS - 1)).toEqual([]);
    const [one] = days;
    const late = { ...one, receptions: one?.receptions?.map((r) => ({ ...r, receivedAtMs: NOW })) } as HeldDay;
    expect(owed([late], NOW - 1)).toEqual([]);
    expect(owed([late], NOW)).toHaveLength(1);
  });
});

describe('the seals of a day', () => {
  it('are the same in whatever order the reports come, and presence-only stays', () => {
    const sealed = hour(0);
    const unstable = hour(0, { id: 'r9', challenge: { mode: 'presence-only' } });
    const seals = (...reports: readonly RecordingReport[]) => dayWith(...reports).seals;
    expect(seals(sealed, unstable)).toEqual([{ hourMs: eight, stability: 'presence-only' }]);
    expect(seals(unstable, sealed)).toEqual(seals(sealed, unstable));
    expect(seals(hour(1), sealed)).toEqual(seals(sealed, hour(1)));
  });

  it('are news of a day that knew the hour already, once', () => {
    const before = dayWith(aRecording('r0', eight));
    const taken = { report: hour(0), receivedMs: eight + HOUR_MS + 1, isRepeat: false };
    const after = takeHour(before, taken, day);
    expect(after).toMatchObject({ seals: [{ hourMs: eight, stability: 'byte-stable' }], revision: 2 });
    expect(takeHour(after, taken, day)).toBeUndefined();
  });
});

describe('the challenges as of an instant', () => {
  const challenge: Challenge = {
    id: '2026-02-20.0',
    camera: 'cam-1',
    hourMs: eight,
    stratum: 'rest',
    stability: 'byte-stable',
    askedAtMs: NOW,
    answerByMs: NOW + DAY_MS,
    busyAtMs: NOW + 5,
    answer: { is: 'held', atMs: NOW + 9 },
  };

  it('know nothing of what came later', () => {
    const { answer: _later, ...busy } = challenge;
    const { busyAtMs: _alsoLater, ...asked } = busy;
    const at = (ms: number) => challengesAsOf([challenge], NOW + ms);
    expect([at(-1), at(0), at(4)]).toEqual([[], [asked], [asked]]);
    expect([at(5), at(8)]).toEqual([[busy], [busy]]);
    expect(at(9)).toEqual([challenge]);
  });
});

describe('the draws of a day', () => {
  it('have each their id, which says of which day they are', () => {
    expect(slotsOf('2026-03-01', { incident: 1, oldest: 2, rest: 1 })).toEqual([
      { id: '2026-03-01.0', stratum: 'incident' },
      { id: '2026-03-01.1', stratum: 'oldest' },
      { id: '2026-03-01.2', stratum: 'oldest' },
      { id: '2026-03-01.3', stratum: 'rest' },
    ]);
  });
});

describe('the windows of incidents', () => {
  const alarm = { kind: 'panic', box: 'b1', reportId: 'a', digest: '', confirmed: 'yes', drillFlag: false } as const;
  const rung = (over: object = {}, more: object = {}) =>
    incident({ sinceMs: NOW, openedAtMs: NOW, alarm: { ...alarm, ageMs: 0, ...over }, ...more });

  it('are an hour around each real alarm, of the cameras of its area, or of all', () => {
    const around = { fromMs: NOW - HOUR_MS, toMs: NOW + HOUR_MS };
    expect(incidentWindows([rung({ area: 'play' })], facility)).toEqual([{ ...around, camera: 'cam-1' }]);
    expect(incidentWindows([rung(), rung({ area: 'yard' })], facility)).toEqual([around, around]);
  });

  it('are none of a drill, a test or technical trouble', () => {
    const drill = { window: 'w', toMs: NOW };
    expect(incidentWindows([rung({ kind: 'test' }), rung({}, { drill }), incident()], facility)).toEqual([]);
  });
});
