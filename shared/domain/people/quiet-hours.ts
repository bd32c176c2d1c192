import type { Lane } from '../incident.ts';
import type { ContactChannel } from './roster.ts';
import { shiftAround } from './shift.ts';

/** Quiet hours that follow each other without a break are at most so many; the registry lets none be without an end. */
const MOST_IN_A_ROW = 64;

/**
 * Until when the channel keeps quiet for this lane; absent = it is not quiet. Hours that touch or overlap count as one.
 * Life safety is never quiet, whatever the roster says.
 */
export const quietUntil = (
  { quiet = [] }: Pick<ContactChannel, 'quiet'>,
  zone: string,
  nowMs: number,
  lane: Lane,
): number | undefined => {
  if (lane === 'life-safety') return undefined;
  let untilMs: number | undefined;
  for (let n = 0; n < MOST_IN_A_ROW; n += 1) {
    const atMs: number = untilMs ?? nowMs;
    const ends = quiet.flatMap((shift) => shiftAround(shift, zone, atMs)?.toMs ?? []);
    if (ends.length === 0) return untilMs;
    untilMs = Math.max(...ends);
  }
  return untilMs;
};
