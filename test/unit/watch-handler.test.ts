import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../functions/watch/handler.ts';
import { noCounts } from '../../functions/watch/sweep-counts.ts';
import type { SweepReport } from '../../functions/watch/watch.ts';

const run = async (sweep: () => Promise<SweepReport>) => {
  const metrics = new Map<string, number>();
  const flushed: string[][] = [];
  let lives = 0;
  const handler = makeHandler(sweep, {
    showLife: async () => {
      lives += 1;
    },
    logger: { info: () => undefined },
    metrics: {
      addMetric: (name, _unit, value) => {
        metrics.set(name, value);
      },
      publishStoredMetrics: () => {
        flushed.push([...metrics.keys()]);
      },
    },
  });
  const outcome = await handler().catch((error: unknown) => error);
  return { outcome, metrics, flushed, lives };
};

describe('what the sweep tells the operators', () => {
  it('says that it completed, and counts what it did', async () => {
    const counts = { ...noCounts(), facilitiesJudged: 3, facilitiesFailed: 1 };
    const { metrics, flushed, lives } = await run(async () => ({ completed: true, counts }));
    expect(lives).toBe(1);
    expect(Object.fromEntries(metrics)).toEqual({
      'facilities-judged': 3,
      'facilities-failed': 1,
      'sweep-completed': 1,
    });
    expect(flushed).toHaveLength(1);
  });

  it('does not say so if it ran out of time', async () => {
    const { metrics, lives } = await run(async () => ({ completed: false, counts: noCounts() }));
    expect(lives).toBe(0);
    expect([...metrics.keys()]).toEqual([]);
  });

  it('does not say so if it died, and lets Lambda see why', async () => {
    const { outcome, metrics, flushed } = await run(() => Promise.reject(new Error('planned')));
    expect(outcome).toMatchObject({ message: 'planned' });
    expect(metrics.size).toBe(0);
    expect(flushed).toHaveLength(1);
  });
});
