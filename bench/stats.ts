/** Figures of several rounds, honest about their spread. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
}

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

/** The value below which this share of the values lies (nearest rank). */
export const quantile = (values: readonly number[], share: number): number => {
  const ordered = sorted(values);
  return ordered[Math.min(ordered.length - 1, Math.max(0, Math.ceil(share * ordered.length) - 1))] ?? Number.NaN;
};

/** The middle value, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const ordered = sorted(values);
  const middle = ordered.length / 2;
  const [low, high] = [ordered[Math.ceil(middle) - 1], ordered[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
};

export const spreadOf = (values: readonly number[], digits = 1): Spread => {
  const round = (value: number): number => Number(value.toFixed(digits));
  return {
    median: round(median(values)),
    least: round(Math.min(...values)),
    most: round(Math.max(...values)),
    rounds: values.length,
  };
};

export const ratio = (a: number, b: number): number => Number((a / b).toFixed(3));

/** Ratio round by round: what slowed the whole machine in a round slowed both. */
export const pairedRatio = (a: readonly number[], b: readonly number[]): Spread =>
  spreadOf(
    a.map((value, round) => value / (b[round] ?? Number.NaN)),
    3,
  );

/** One figure, one line of JSON. */
export const print = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
