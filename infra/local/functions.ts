import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { ClockState } from './clock.ts';
import type { Feed } from './feed.ts';
import type { FunctionSpec } from './read-functions.ts';
import { localAccount, TemplateError } from './template.ts';
import type { FromWorker, ToWorker, WorkerOrder } from './worker.ts';

/** How an invocation ended: with the JSON text that the handler returned, or with the reason why there is none. */
export type Invoked =
  | { readonly ok: true; readonly payload: string | undefined }
  | { readonly ok: false; readonly why: 'throttled' | 'timed-out' | 'failed'; readonly error: string };

export interface LocalFunction {
  readonly spec: FunctionSpec;
  /** Loads the bundle unless that was begun; resolves when it is there, or with the reason why it cannot be. */
  loaded(): Promise<string | undefined>;
  invoke(event: unknown): Promise<Invoked>;
  /** As an event source does it: waits for a free instance up to the event's age, retries, then gives the event away. */
  invokeAsync(event: unknown): Promise<Invoked>;
  setClock(clock: ClockState): void;
  stop(): Promise<void>;
}

export interface FunctionSurroundings {
  readonly folder: string;
  readonly endpoint: string;
  /** With which it signs; the proxy knows it. */
  readonly secretKey: string;
  readonly feed: Feed;
  readonly clock: ClockState | undefined;
  /** Takes an event that failed for good, for the dead-letter queue. */
  readonly giveAway: (spec: FunctionSpec, event: unknown, error: string) => Promise<void>;
}

/** What Lambda itself puts into the environment, over what the template says. */
const environmentOf = (
  spec: FunctionSpec,
  { endpoint, folder, secretKey }: FunctionSurroundings,
): Record<string, string> => ({
  ...spec.environment,
  AWS_REGION: localAccount.region,
  AWS_DEFAULT_REGION: localAccount.region,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: spec.logicalId,
  AWS_SECRET_ACCESS_KEY: secretKey,
  AWS_LAMBDA_FUNCTION_NAME: spec.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: folder,
  _HANDLER: spec.handler,
});

/** Node options cannot be set inside a thread; the one that bundles ask for is passed on, any other is refused. */
const execArgvOf = (spec: FunctionSpec): string[] => {
  const options = spec.environment.NODE_OPTIONS;
  if (options === undefined) return [];
  if (options !== '--enable-source-maps')
    throw new TemplateError(spec.logicalId, `NODE_OPTIONS ${options} cannot be given to a thread`);
  return [options];
};

const parseFields = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
};

interface Pending {
  readonly resolve: (result: Invoked) => void;
  readonly timer: NodeJS.Timeout;
}

/** One thread with the bundle in it. It is retired after a timeout and ends once nothing is in flight any more. */
class Instance {
  retired = false;
  readonly pending = new Map<number, Pending>();
  readonly loaded: Promise<string | undefined>;
  private readonly worker: Worker;
  private readonly ended: Promise<string>;
  private readonly spec: FunctionSpec;
  private nextId = 0;
  private reason: string | undefined;

  constructor(spec: FunctionSpec, around: FunctionSurroundings, clock: ClockState | undefined) {
    this.spec = spec;
    const order: WorkerOrder = {
      folder: around.folder,
      handler: spec.handler,
      functionName: spec.name,
      functionArn: spec.arn,
      memoryMb: spec.memoryMb,
      clock,
    };
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: order,
      env: environmentOf(spec, around),
      execArgv: execArgvOf(spec),
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMb },
      stdout: true,
      stderr: true,
      name: spec.logicalId,
    });
    const tell = (stream: Readable) =>
      createInterface({ input: stream }).on('line', (line) => {
        if (line !== '') around.feed({ kind: 'log', functionName: spec.logicalId, line, fields: parseFields(line) });
      });
    tell(this.worker.stdout);
    tell(this.worker.stderr);
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', (code) => {
        this.retired = true;
        const reason = this.reason ?? `ended its own process with exit code ${code}`;
        for (const id of [...this.pending.keys()]) this.settle(id, failed(reason));
        resolve(reason);
      });
    });
    const ready = new Promise<undefined>((resolve) => {
      this.worker.on('message', (message: FromWorker) => {
        if (message.kind === 'loaded') resolve(undefined);
        else if (message.kind === 'init-failed') this.reason = `could not be loaded: ${message.error}`;
        else
          this.settle(
            message.id,
            message.kind === 'done' ? { ok: true, payload: message.payload } : failed(message.error),
          );
      });
    });
    this.worker.on('error', (error: Error & { code?: string }) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.reason = outOfMemory
        ? `needs more than its ${spec.memoryMb} MB of memory`
        : `crashed: ${error.stack ?? String(error)}`;
    });
    this.loaded = Promise.race([ready, this.ended]);
  }

  invoke(event: unknown): Promise<Invoked> {
    const id = this.nextId;
    this.nextId += 1;
    const { timeoutMs } = this.spec;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.retired = true;
        this.settle(id, { ok: false, why: 'timed-out', error: `timed out after ${timeoutMs / 1_000} seconds` });
      }, timeoutMs);
      this.pending.set(id, { resolve, timer });
      this.send({ kind: 'invoke', id, event, requestId: randomUUID(), timeoutMs });
    });
  }

  send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  async stop(): Promise<void> {
    this.retired = true;
    this.reason ??= 'was stopped with the stack';
    await this.worker.terminate();
    await this.ended;
  }

  private settle(id: number, result: Invoked): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    clearTimeout(pending.timer);
    pending.resolve(result);
    if (this.retired && this.pending.size === 0) void this.worker.terminate();
  }
}

const failed = (error: string): Invoked => ({ ok: false, why: 'failed', error });
const retryAfterMs = 60_000;
/** What is in flight when the stack stops may end in this time; later it is cut off, as a crash would. */
const stopWithinMs = 3_000;

/** One function of the template, run from its bundled asset with the template's environment and nobody else's rights. */
export const startFunction = (spec: FunctionSpec, around: FunctionSurroundings): LocalFunction => {
  let clock = around.clock;
  let stopped = false;
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  const whenIdle: (() => void)[] = [];
  const instances = new Set<Instance>();

  const start = (): Instance => {
    const instance = new Instance(spec, around, clock);
    instances.add(instance);
    return instance;
  };
  // Begun by its first call, as Lambda does: whoever needs one function does not load all of them.
  let current: Instance | undefined;
  const live = (): Instance => {
    if (current !== undefined && !current.retired) return current;
    for (const instance of instances) if (instance.retired && instance.pending.size === 0) instances.delete(instance);
    current = start();
    return current;
  };

  /** Takes a place at once or not at all, so that two callers never take the last one both. */
  const takePlace = (): boolean => {
    if (stopped || inFlight >= (spec.reservedConcurrency ?? Number.POSITIVE_INFINITY)) return false;
    inFlight += 1;
    return true;
  };
  const waitForPlace = async (expiresAt: number): Promise<boolean> => {
    while (!takePlace()) {
      if (stopped || performance.now() > expiresAt) return false;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return true;
  };
  const runInPlace = async (event: unknown): Promise<Invoked> => {
    try {
      const result = await live().invoke(event);
      if (!result.ok && !stopped)
        around.feed({ kind: 'function-failed', functionName: spec.logicalId, error: result.error });
      return result;
    } finally {
      inFlight -= 1;
      waiting.shift()?.();
      if (inFlight === 0) for (const hear of whenIdle.splice(0)) hear();
    }
  };
  const idle = async (): Promise<void> => {
    if (inFlight > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
  };

  return {
    spec,
    loaded: () => (current ?? live()).loaded,
    async invoke(event) {
      if (takePlace()) return runInPlace(event);
      return { ok: false, why: 'throttled', error: `has its ${spec.reservedConcurrency} reserved instances busy` };
    },
    async invokeAsync(event) {
      const expiresAt = performance.now() + spec.maxEventAgeMs;
      let last: Invoked = failed('had no free instance before its event expired');
      for (let attempt = 0; attempt <= spec.retries; attempt += 1) {
        if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, retryAfterMs * attempt).unref());
        if (!(await waitForPlace(expiresAt))) break;
        last = await runInPlace(event);
        if (last.ok) break;
      }
      if (!last.ok && !stopped) await around.giveAway(spec, event, last.error);
      return last;
    },
    setClock(next) {
      clock = next;
      for (const instance of instances) if (!instance.retired) instance.send({ kind: 'clock', clock: next });
    },
    async stop() {
      stopped = true;
      for (const next of waiting.splice(0)) next();
      await Promise.race([idle(), new Promise((resolve) => setTimeout(resolve, stopWithinMs).unref())]);
      await Promise.all([...instances].map((instance) => instance.stop()));
    },
  };
};
