import { quantile } from '../stats.ts';

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly n: number;
}

const rounded = (ms: number): number => Number(ms.toFixed(1));

export const latencyOf = (tookMs: readonly number[]): Latency => ({
  p50: rounded(quantile(tookMs, 0.5)),
  p99: rounded(quantile(tookMs, 0.99)),
  n: tookMs.length,
});

/** Does it again and again, one after another, so often or for so long; the first time is not counted. */
export const timed = async (
  work: () => Promise<unknown> | unknown,
  { most, budgetMs }: { readonly most: number; readonly budgetMs: number },
): Promise<Latency> => {
  await work();
  const tookMs: number[] = [];
  const endMs = performance.now() + budgetMs;
  while (tookMs.length < most && (tookMs.length < 3 || performance.now() < endMs)) {
    const startMs = performance.now();
    await work();
    tookMs.push(performance.now() - startMs);
  }
  return latencyOf(tookMs);
};

export const progress = (text: string): void => {
  process.stderr.write(`evidence: ${text}\n`);
};
