import { createRequire } from 'node:module';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type ClockState, realClock, replaceDate } from './clock.ts';

/** Started by `functions.ts`: one thread that loads one bundled asset and runs its handler, as Lambda's runtime would. */
export interface WorkerOrder {
  readonly folder: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly clock: ClockState | undefined;
}

export type ToWorker =
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly event: unknown;
      readonly requestId: string;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'clock'; readonly clock: ClockState };

export type FromWorker =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'init-failed'; readonly error: string }
  | { readonly kind: 'done'; readonly id: number; readonly payload: string | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly error: string };

type Handler = (event: unknown, context: object) => unknown;

const port = parentPort;
if (port === null) throw new Error('a function runs in a thread of its own');
const order = workerData as WorkerOrder;
const send = (message: FromWorker): void => port.postMessage(message);
const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? String(error)) : String(error));

let clock = order.clock ?? realClock;
if (order.clock !== undefined) replaceDate(() => clock);

const contextOf = (requestId: string, timeoutMs: number): object => {
  const startedAt = performance.now();
  return {
    awsRequestId: requestId,
    functionName: order.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: order.functionArn,
    memoryLimitInMB: String(order.memoryMb),
    logGroupName: `/aws/lambda/${order.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(timeoutMs - (performance.now() - startedAt))),
  };
};

const load = (): Handler => {
  const dot = order.handler.lastIndexOf('.');
  const file = path.join(order.folder, `${order.handler.slice(0, dot)}.js`);
  const exported = createRequire(file)(file) as Record<string, unknown>;
  const handler = exported[order.handler.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${order.handler} is not a function of the bundled asset`);
  return handler as Handler;
};

const serve = (handler: Handler): void => {
  port.on('message', async (message: ToWorker) => {
    if (message.kind === 'clock') {
      clock = message.clock;
      return;
    }
    const { id } = message;
    try {
      const result = await handler(message.event, contextOf(message.requestId, message.timeoutMs));
      send({ kind: 'done', id, payload: JSON.stringify(result) });
    } catch (error) {
      send({ kind: 'failed', id, error: textOf(error) });
    }
  });
};

try {
  const handler = load();
  serve(handler);
  send({ kind: 'loaded' });
} catch (error) {
  send({ kind: 'init-failed', error: textOf(error) });
  port.close();
}
