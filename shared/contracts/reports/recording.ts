import * as z from 'zod/mini';
import type { RecordingReport } from '../../domain/reports.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { described, instant, instantMs, shortId } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

/** One every fifteen seconds: more is a recorder that lost its mind. */
const MOST_INTERVALS = 240;

const interval = described(
  z
    .strictObject({ from: instant('First instant recorded.'), to: instant('First instant not recorded any more.') })
    .check(
      z.refine(({ from, to }) => instantMs(from) < instantMs(to), { path: ['to'], error: 'must be later than from' }),
    ),
  'Half-open: from is inside, to is not.',
);

/** What is no instant at all has been refused as such already. */
const isWholeHour = (text: string): boolean => !(Math.abs(instantMs(text) % HOUR_MS) > 0);

export const recordingSchema = described(
  z
    .strictObject({
      ...baseShape,
      camera: shortId('Camera'),
      hour: instant('Start of the hour, on the hour.').check(
        z.refine(isWholeHour, { error: 'must be a whole hour, such as 2026-03-02T09:00:00+08:00' }),
      ),
      recorded: described(
        z.array(interval).check(z.maxLength(MOST_INTERVALS)),
        'What was recorded within this hour; an empty list says: nothing.',
      ),
      oldestRetrievableAt: z.exactOptional(
        instant('Oldest instant that the recorder can still play for this camera. Leave it out if it cannot tell.'),
      ),
    })
    .check(
      z.superRefine((report, payload) => {
        const fromMs = instantMs(report.hour);
        for (const [index, { from, to }] of report.recorded.entries()) {
          const isInside = instantMs(from) >= fromMs && instantMs(to) <= fromMs + HOUR_MS;
          if (isInside) continue;
          payload.addIssue({ code: 'custom', path: ['recorded', index], message: 'must lie within the hour' });
        }
      }),
    ),
  'One camera, one hour: what was recorded.',
);
export type RecordingWire = z.infer<typeof recordingSchema>;

export const recordingContract: ReportContract<RecordingWire, RecordingReport> = {
  kind: 'recording',
  schema: recordingSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    camera: wire.camera,
    hourMs: instantMs(wire.hour),
    recorded: wire.recorded.map(({ from, to }) => ({ fromMs: instantMs(from), toMs: instantMs(to) })),
    ...(wire.oldestRetrievableAt === undefined ? {} : { oldestRetrievableAtMs: instantMs(wire.oldestRetrievableAt) }),
  }),
};
