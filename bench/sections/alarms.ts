import { makeCrowd, panics } from '../beats.ts';
import { fire } from '../load.ts';
import { startServer } from '../processes.ts';
import { registerCrowd } from '../registry.ts';
import { print, quantile } from '../stats.ts';

const PER_SECOND = 5;
const CROWD = 20;
const WARM_UP = 25;

interface Published {
  readonly message: string;
  readonly atMs: number;
}

/** From the sending of a panic alarm to the publish of its first and its last notice, at a steady rate. */
export const benchAlarms = async (options: { readonly seconds: number }): Promise<void> => {
  const stack = await startServer('stack');
  try {
    const crowd = makeCrowd(CROWD);
    await registerCrowd(stack.port, (await stack.ask<{ token: string }>({ ask: 'registrar' })).token, crowd);
    const { port } = stack;
    const path = '/v1/alarms';
    await fire({ port, path, shots: panics(crowd, WARM_UP, port), concurrency: 8, perSecond: 20 });
    await stack.ask({ ask: 'published' });

    const shots = panics(crowd, PER_SECOND * options.seconds, port);
    const sentAtMs = new Map<string, number>();
    const timed = shots.map((shot) => ({
      headers: shot.headers,
      get body() {
        if (!sentAtMs.has(shot.reportId)) sentAtMs.set(shot.reportId, performance.timeOrigin + performance.now());
        return shot.body;
      },
    }));
    const volley = await fire({ port, path, shots: timed, concurrency: 16, perSecond: PER_SECOND });
    const { published } = await stack.ask<{ published: readonly Published[] }>({ ask: 'published' });

    const waits = shots.map(({ reportId }) => {
      const times = published.filter(({ message }) => message.includes(reportId)).map(({ atMs }) => atMs);
      const sentMs = sentAtMs.get(reportId) ?? Number.NaN;
      return { notices: times.length, firstMs: Math.min(...times) - sentMs, lastMs: Math.max(...times) - sentMs };
    });
    const told = waits.filter(({ notices }) => notices > 0);
    const of = (values: readonly number[]) => ({
      p50: Number(quantile(values, 0.5).toFixed(1)),
      p99: Number(quantile(values, 0.99).toFixed(1)),
      most: Number(Math.max(...values).toFixed(1)),
    });
    print({
      bench: 'alarm-to-publish',
      perSecond: PER_SECOND,
      n: shots.length,
      neverPublished: waits.length - told.length,
      statuses: volley.statuses,
      noticesPerAlarm: told.reduce((sum, { notices }) => sum + notices, 0) / Math.max(1, told.length),
      firstNoticeMs: of(told.map(({ firstMs }) => firstMs)),
      lastNoticeMs: of(told.map(({ lastMs }) => lastMs)),
      answerMs: of(volley.latenciesMs),
      budget: 'p99 at most 50 ms, server-side',
      note: 'from sending the request to SNS (the emulator) having taken the publish; local stack, open loop',
    });
  } finally {
    await stack.stop();
  }
};
