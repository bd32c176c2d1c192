import * as z from 'zod/mini';
import { type AlarmReport, alarmKinds } from '../../domain/reports.ts';
import { described, shortId, yesNoUnknown } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

export const alarmSchema = described(
  z.strictObject({
    ...baseShape,
    kind: described(z.enum(alarmKinds), 'What the alarm is about.'),
    area: z.exactOptional(shortId('Area where it rang')),
    confirmed: z.exactOptional(yesNoUnknown('Did a person or a second sensor confirm it? Absent = unknown.')),
    drill: z.exactOptional(
      described(
        z.boolean(),
        'True for a drill. It counts only inside a window registered beforehand; otherwise the alarm goes out as real.',
      ),
    ),
  }),
  'An alarm. Neither its age nor the clock of the box ever delays it.',
);
export type AlarmWire = z.infer<typeof alarmSchema>;

export const alarmContract: ReportContract<AlarmWire, AlarmReport> = {
  kind: 'alarm',
  schema: alarmSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    kind: wire.kind,
    ...(wire.area === undefined ? {} : { area: wire.area }),
    confirmed: wire.confirmed ?? 'unknown',
    drill: wire.drill ?? false,
  }),
};
