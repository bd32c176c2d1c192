import type { Throttle } from './model.ts';

/** A token bucket: `burst` requests at once, `ratePerSecond` from then on. Undefined when let through, else the wait. */
export const tokenBucket = ({ burst, ratePerSecond }: Throttle, now: () => number = () => performance.now()) => {
  let tokens = burst;
  let filledAt = now();
  return (): number | undefined => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1_000) * ratePerSecond);
    filledAt = at;
    if (tokens >= 1) {
      tokens -= 1;
      return undefined;
    }
    return ratePerSecond > 0 ? Math.max(1, Math.ceil((1 - tokens) / ratePerSecond)) : 60;
  };
};
