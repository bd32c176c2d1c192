import * as z from 'zod/mini';
import type { ReportBase } from '../../domain/reports.ts';
import { reportIdPattern } from '../patterns.ts';
import { instant, instantMs, intWithin, matching } from './primitives.ts';

/** At most this many reports travel in one request … */
export const MOST_REPORTS = 100;
/** … and at most this many bytes (256 KB). */
export const LARGEST_BODY_BYTES = 262_144;

const TEN_YEARS_MS = 315_576_000_000;

/** What every report carries. */
export const baseShape = {
  id: matching(
    reportIdPattern,
    'UUIDv7 in lower case, unique for its box. The same report again is harmless; another one under this id is refused.',
  ),
  time: instant("When the report was made, by the box's own clock. Measured, never trusted."),
  ageMs: z.exactOptional(
    intWithin(
      0,
      TEN_YEARS_MS,
      'Monotonic age at sending, in milliseconds. Leave it out if the box was restarted since it made the report.',
    ),
  ),
};

/** What every report of a sequenced stream carries. */
export const sequencedShape = {
  ...baseShape,
  seq: intWithin(0, Number.MAX_SAFE_INTEGER, 'Rises with every report of this key and stream. Lower is superseded.'),
};

/** The same, by our names: times in epoch milliseconds. */
export const toBase = (wire: { id: string; time: string; ageMs?: number }): ReportBase => ({
  id: wire.id,
  timeMs: instantMs(wire.time),
  ...(wire.ageMs === undefined ? {} : { ageMs: wire.ageMs }),
});

/** One kind of report: how it is written on the wire, and how it becomes a fact of the domain. */
export interface ReportContract<W, R> {
  readonly kind: 'heartbeat' | 'coverage' | 'recording' | 'check' | 'alarm' | 'log' | 'digest' | 'challenge';
  readonly schema: z.ZodMiniType<W>;
  readonly toReport: (wire: W) => R;
}
