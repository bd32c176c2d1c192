import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server in a process of its own, so that its CPU time is its own. */
export interface ServerProcess {
  readonly port: number;
  /** CPU time of the process so far, all threads. */
  readonly cpuMs: () => Promise<number>;
  readonly ask: <T>(question: Readonly<Record<string, unknown>>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

const START_MS = 60_000;

const nextMessage = async <T>(
  child: ChildProcess,
  wanted: (message: Record<string, unknown>) => boolean,
): Promise<T> => {
  const signal = AbortSignal.timeout(START_MS);
  for (;;) {
    const [message] = (await once(child, 'message', { signal })) as [Record<string, unknown>];
    if (typeof message.failed === 'string') throw new Error(message.failed);
    if (wanted(message)) return message as T;
  }
};

/** Starts `bench/servers/<name>.ts` and waits until it listens. */
export const startServer = async (name: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
  const child = fork(join(import.meta.dirname, 'servers', `${name}.ts`), [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { port } = await Promise.race([
    nextMessage<{ port: number }>(child, (message) => typeof message.port === 'number'),
    once(child, 'exit').then(([code]): never => {
      throw new Error(`${name} ended by itself with exit code ${code}`);
    }),
  ]);
  let asked = 0;
  const ask = async <T>(question: Readonly<Record<string, unknown>>): Promise<T> => {
    asked += 1;
    const id = asked;
    const answer = nextMessage<T>(child, (message) => message.id === id);
    child.send({ ...question, id });
    return answer;
  };
  return {
    port,
    ask,
    cpuMs: async () => (await ask<{ cpuMs: number }>({ ask: 'cpu' })).cpuMs,
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.send({ ask: 'stop' });
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    },
  };
};
