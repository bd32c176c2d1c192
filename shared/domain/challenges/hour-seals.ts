import type { RecordingReport } from '../reports.ts';
import type { ByteStability } from './challenge.ts';

/** Whether an hour can be asked for by its bytes: a token of it was sealed, or its recorder gives no stable bytes. */
export interface HourSeal {
  readonly hourMs: number;
  readonly stability: ByteStability;
}

/**
 * Merges what a report says of the seal of its hour; the very same list if that is nothing new. An hour that was once
 * called presence-only stays so, whatever the order of the reports: a day never counts more as sealed than can be
 * asked for. The token itself, if one came first, is asked for all the same.
 */
export const mergeSeals = (
  known: readonly HourSeal[],
  { hourMs, challenge }: Pick<RecordingReport, 'hourMs' | 'challenge'>,
): readonly HourSeal[] => {
  if (challenge === undefined) return known;
  const before = known.find((one) => one.hourMs === hourMs);
  if (before !== undefined && (before.stability === challenge.mode || before.stability === 'presence-only'))
    return known;
  const others = known.filter((one) => one !== before);
  return [...others, { hourMs, stability: challenge.mode }].sort((a, b) => a.hourMs - b.hourMs);
};
