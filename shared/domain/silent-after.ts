import type { BoxPatch } from './decide-beat.ts';
import type { BoxVitals } from './vitals.ts';

/**
 * What a box row needs so that it falls silent after as long as the pack in force says; absent = it does already. The
 * limit is copied into the row, because a beat on its normal path reads nothing.
 */
export const silentAfterPatch = (row: BoxVitals, silentAfterMs: number): BoxPatch | undefined => {
  if (row.silentAfterMs === silentAfterMs) return undefined;
  return { silentAfterMs, ...(row.beatAtMs !== undefined && { silentAtMs: row.beatAtMs + silentAfterMs }) };
};
