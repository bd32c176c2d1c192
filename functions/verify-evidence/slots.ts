import { createHash } from 'node:crypto';

/** Each facility is verified in one of these hours, so that a day's work is spread over the day. */
export const SLOTS = 24;

/** The hour of a facility: the same for as long as it lives. */
export const slotOf = (facility: string): number =>
  createHash('sha256').update(facility).digest().readUInt32BE(0) % SLOTS;

/**
 * Hours since 1970 whose facilities are due: every one since the last that was finished, a day's at most; nobody's twice
 * in an hour. Without any that was finished, this one.
 */
export const slotsDue = (finished: number | undefined, hour: number): readonly number[] => {
  const from = finished === undefined ? hour : Math.max(finished + 1, hour - SLOTS + 1);
  return Array.from({ length: Math.max(0, hour - from + 1) }, (_, at) => from + at);
};
