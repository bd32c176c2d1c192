import { beats, makeCrowd } from '../beats.ts';
import { fire } from '../load.ts';
import { startServer } from '../processes.ts';
import { registerCrowd } from '../registry.ts';
import { print, spreadOf } from '../stats.ts';

/** One sweep over so many rows of vitals, nearly all of them in order, through the local stack. */
export const benchSweep = async (options: {
  readonly rounds: number;
  readonly sizes: readonly number[];
}): Promise<void> => {
  const stack = await startServer('stack');
  const sweep = () => stack.ask<{ tookMs: number; judged: number; failed: readonly unknown[] }>({ ask: 'sweep' });
  try {
    const crowd = makeCrowd(1);
    await registerCrowd(stack.port, (await stack.ask<{ token: string }>({ ask: 'registrar' })).token, crowd);
    await fire({ port: stack.port, path: '/v1/heartbeats', shots: beats(crowd, 3, stack.port), concurrency: 1 });
    // The first sweep judges the one facility; its copies are as settled as it is.
    await sweep();
    for (const wanted of options.sizes) {
      const { rows } = await stack.ask<{ rows: number }>({ ask: 'multiply', facility: 'bench-0', rows: wanted });
      await sweep();
      const took: number[] = [];
      const judgedFacilities: number[] = [];
      for (let round = 0; round < options.rounds; round += 1) {
        const { tookMs, judged, failed } = await sweep();
        if (failed.length > 0) throw new Error(`the sweep failed: ${JSON.stringify(failed)}`);
        took.push(tookMs);
        judgedFacilities.push(judged);
      }
      print({
        bench: 'sweep',
        rows,
        tookMs: spreadOf(took, 0),
        judgedFacilities: spreadOf(judgedFacilities, 0),
        rowsPerSecond: Math.round((rows * 1000) / spreadOf(took).median),
        budget: '100,000 rows in at most 10 s of client time',
        note: 'one invocation of watch through the local stack; the engine is on the same machine',
      });
    }
  } finally {
    await stack.stop();
  }
};
