import * as z from 'zod/mini';
import type { CoverageReport } from '../../domain/reports.ts';
import { described, intWithin, noRepeats, shortId, yesNoUnknown } from './primitives.ts';
import { type ReportContract, sequencedShape, toBase } from './report.ts';

/** As many as fit the coverage row of one box. */
const MOST_CAMERAS = 64;

/** A clock that is further off than ten years says ten years. */
const MOST_CLOCK_OFFSET_MS = 3_653 * 86_400_000;

const cameraCoverage = z.strictObject({
  camera: shortId('Camera'),
  online: yesNoUnknown('Does it answer?'),
  recording: yesNoUnknown('Is there fresh data on disk? Not a configuration flag.'),
  picture: yesNoUnknown('Is the picture usable: not occluded, dark, moved or lost?'),
  clockOffsetMs: z.exactOptional(
    intWithin(-MOST_CLOCK_OFFSET_MS, MOST_CLOCK_OFFSET_MS, 'Camera clock minus box clock, if the box measures it.'),
  ),
});

export const coverageSchema = described(
  z.strictObject({
    ...sequencedShape,
    cameras: described(
      z
        .array(cameraCoverage)
        .check(
          z.minLength(1),
          z.maxLength(MOST_CAMERAS),
          z.superRefine(noRepeats((camera) => camera.camera, 'camera')),
        ),
      'Cameras that are not named keep their last state.',
    ),
  }),
  'Sent on every change and at least daily: what each camera shows.',
);
export type CoverageWire = z.infer<typeof coverageSchema>;

export const coverageContract: ReportContract<CoverageWire, CoverageReport> = {
  kind: 'coverage',
  schema: coverageSchema,
  toReport: (wire) => ({ ...toBase(wire), seq: wire.seq, cameras: wire.cameras }),
};
