/**
 * Whole seconds whose sum is that of the milliseconds, rounded once: each is what the running sum grows by. Rounding
 * every one by itself would let parts add up to more or less than the whole.
 */
export const secondsThatAddUp = <K extends string>(parts: readonly (readonly [K, number])[]): Record<K, number> => {
  let [sumMs, sumSeconds] = [0, 0];
  const seconds = {} as Record<K, number>;
  for (const [name, ms] of parts) {
    sumMs += ms;
    const reached = Math.round(sumMs / 1_000);
    seconds[name] = reached - sumSeconds;
    sumSeconds = reached;
  }
  return seconds;
};
