import type { AlarmWire } from '../reports/alarm.ts';
import type { ChallengeWire } from '../reports/challenge.ts';
import type { CheckWire } from '../reports/check.ts';
import type { CoverageWire } from '../reports/coverage.ts';
import type { DigestWire } from '../reports/digest.ts';
import type { HeartbeatWire } from '../reports/heartbeat.ts';
import type { LogWire } from '../reports/log.ts';
import type { RecordingWire } from '../reports/recording.ts';

/** One valid report of each kind, for the OpenAPI document; a test holds them against their schemas. */
export const reportExamples = {
  heartbeat: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e5f',
    seq: 48_211,
    time: '2026-03-02T09:00:00+08:00',
    ageMs: 120,
    monitoring: 'yes',
    alarmSystem: 'yes',
    camerasOnline: 16,
    camerasRecording: 16,
    diskUsedPercent: 71,
    queueLength: 0,
    selfTests: [{ input: 'panic-button-1', testedAt: '2026-03-01T07:30:00+08:00' }],
    software: 'cradlewatch-box-0.1.0',
  },
  coverage: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e60',
    seq: 92,
    time: '2026-03-02T09:00:04+08:00',
    cameras: [
      { camera: 'playroom-1', online: 'yes', recording: 'yes', picture: 'yes' },
      { camera: 'sleep-room-2', online: 'yes', recording: 'yes', picture: 'no' },
    ],
  },
  recording: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e61',
    time: '2026-03-02T10:02:00+08:00',
    camera: 'playroom-1',
    hour: '2026-03-02T09:00:00+08:00',
    recorded: [
      { from: '2026-03-02T09:00:00+08:00', to: '2026-03-02T09:41:30+08:00' },
      { from: '2026-03-02T09:42:00+08:00', to: '2026-03-02T10:00:00+08:00' },
    ],
    oldestRetrievableAt: '2025-11-29T00:00:00+08:00',
    codec: 'h265',
    bytes: 912_680_550,
    segments: 60,
    segmentRoot: '3b1f0c4e8d7a2f95c60b1e4a9d38f7726c5e0a1b94d2830f7e6c15ab98d04e27',
    challengeMode: 'byte-stable',
    challengeToken:
      'AQfqCwFksQGx0L5ahwS9B4-YlQAfwD6On5Ui8YjdEo2YRtSEZrEvUAgljBlDVmxRcqfmh14gST9qLBa87yEh0L6QmNGFvivCn9v11htBDSS2X1aT5v73yDzXTi90goLjTCBraQfeQHSDkcL9iuYzNaJFPn83T2vvZFabyhY',
    deletions: [{ from: '2026-02-27T11:05:00+08:00', to: '2026-02-27T11:20:00+08:00', reason: 'authority-order' }],
    confirmedHolds: [{ hold: 'order-7', from: '2026-01-12T09:00:00+08:00', to: '2026-01-12T10:00:00+08:00' }],
  },
  check: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e62',
    time: '2026-03-02T08:50:00+08:00',
    class: 'sunflowers',
    session: 'morning',
    day: '2026-03-02',
    present: 14,
    absent: 2,
    checked: 14,
    findings: [{ code: 'fever', childRef: '5f2b9c0e4d7a1836', action: 'guardian-told' }],
  },
  alarm: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e63',
    time: '2026-03-02T09:13:07+08:00',
    ageMs: 40,
    kind: 'panic',
    area: 'playroom',
    confirmed: 'unknown',
    drill: false,
  },
  log: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e64',
    time: '2026-03-02T18:05:00+08:00',
    kind: 'closing',
    doneAt: '2026-03-02T18:00:00+08:00',
    counts: { childrenIn: 30, childrenOut: 30 },
  },
  digest: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e65',
    time: '2026-03-02T10:01:00+08:00',
    hour: '2026-03-02T09:00:00+08:00',
    // Nothing was answered from 09:20 to 09:23.
    minutes: 'fffff0fffffffff',
    firstSeq: 41_230,
    lastSeq: 41_285,
  },
  challenge: {
    id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e66',
    time: '2026-03-02T22:10:00+08:00',
    challenge: '2026-03-01.2',
    is: 'shown',
    mac: 'A1S9mx0Vw3q3u1cJm0fH3l2b5m8yQdE6T7nKzR4pXsY',
  },
} as const satisfies {
  challenge: ChallengeWire;
  heartbeat: ReadonlyDeep<HeartbeatWire>;
  coverage: ReadonlyDeep<CoverageWire>;
  recording: ReadonlyDeep<RecordingWire>;
  check: ReadonlyDeep<CheckWire>;
  alarm: AlarmWire;
  log: LogWire;
  digest: DigestWire;
};

type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T;
