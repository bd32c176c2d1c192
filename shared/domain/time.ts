export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Half-open interval `[fromMs, toMs)` in epoch milliseconds. Touching intervals do not overlap. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The hour that begins at this instant. */
export const hourFrom = (fromMs: number): Interval => ({ fromMs, toMs: fromMs + HOUR_MS });
