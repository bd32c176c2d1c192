/**
 * A clock that tests may shift, and the past of the demo. Product code has no such switch: the harness replaces `Date` in a function's thread
 * before the bundle loads, and the gateway, the schedule and the issuer of this machine read the same clock.
 */
export interface ClockState {
  /** At this real instant … */
  readonly realAtMs: number;
  /** … the clock showed this … */
  readonly shownAtMs: number;
  /** … and ran this many times as fast as real time from then on; 0 stands still. */
  readonly rate: number;
}

/** Where to set the clock: to an instant, or so far from real time; it goes on at `rate` (1 unless told). */
export type ClockSetting =
  | { readonly atMs: number; readonly rate?: number }
  | { readonly offsetMs: number; readonly rate?: number };

const realNow = Date.now;

export const realClock: ClockState = { realAtMs: 0, shownAtMs: 0, rate: 1 };

export const clockFrom = (setting: ClockSetting): ClockState => {
  const realAtMs = realNow();
  const shownAtMs = 'atMs' in setting ? setting.atMs : realAtMs + setting.offsetMs;
  return { realAtMs, shownAtMs, rate: setting.rate ?? 1 };
};

export const shownBy = (clock: ClockState): number =>
  Math.floor(clock.shownAtMs + (realNow() - clock.realAtMs) * clock.rate);

/** Makes `Date` of this thread show `clock()`; `instanceof Date` and explicit instants stay as they were. */
export const replaceDate = (clock: () => ClockState): void => {
  const now = () => shownBy(clock());
  const shifted = new Proxy(Date, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
  Object.defineProperty(Date.prototype, 'constructor', { value: shifted });
  globalThis.Date = shifted;
};
