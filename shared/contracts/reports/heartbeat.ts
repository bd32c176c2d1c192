import * as z from 'zod/mini';
import type { HeartbeatReport } from '../../domain/reports.ts';
import {
  described,
  instant,
  instantMs,
  intOrUnknown,
  intWithin,
  matching,
  noRepeats,
  shortId,
  yesNoUnknown,
} from './primitives.ts';
import { type ReportContract, sequencedShape, toBase } from './report.ts';

const MOST_CAMERAS = 1_024;
const MOST_INPUTS = 32;

const selfTest = z.strictObject({
  input: shortId('Alarm input'),
  testedAt: instant('Last self-test of this input.'),
});

export const heartbeatSchema = described(
  z.strictObject({
    ...sequencedShape,
    monitoring: yesNoUnknown('Does the monitoring system run?'),
    alarmSystem: yesNoUnknown('Does the alarm system run?'),
    camerasOnline: intOrUnknown(MOST_CAMERAS, 'Cameras that answer.'),
    camerasRecording: intOrUnknown(MOST_CAMERAS, 'Cameras with fresh data on disk.'),
    diskUsedPercent: intOrUnknown(100, 'Fullest recording disk.'),
    queueLength: intWithin(0, 10_000_000, 'Reports that wait on the box.'),
    selfTests: described(
      z.array(selfTest).check(z.maxLength(MOST_INPUTS), z.superRefine(noRepeats((test) => test.input, 'input'))),
      'Last self-test per alarm input; an input that was never tested is not named.',
    ),
    software: matching(
      /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,39}$/,
      'Software and version, such as `cradlewatch-box-1.4.0`: no spaces, at most 40.',
    ),
  }),
  'A box says, about once a minute, that it watches.',
);
export type HeartbeatWire = z.infer<typeof heartbeatSchema>;

export const heartbeatContract: ReportContract<HeartbeatWire, HeartbeatReport> = {
  kind: 'heartbeat',
  schema: heartbeatSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    seq: wire.seq,
    monitoring: wire.monitoring,
    alarmSystem: wire.alarmSystem,
    camerasOnline: wire.camerasOnline,
    camerasRecording: wire.camerasRecording,
    diskUsedPercent: wire.diskUsedPercent,
    queueLength: wire.queueLength,
    selfTests: wire.selfTests.map(({ input, testedAt }) => ({ input, testedAtMs: instantMs(testedAt) })),
    software: wire.software,
  }),
};
