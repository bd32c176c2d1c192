import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { rebuildIndexes } from './rebuild-indexes.ts';
import type { JsonObject } from './template.ts';

/** Started by `engines.ts`, one thread per engine: a busy engine must not hold up the gateway, nor the other one. */
export interface EngineOrder {
  readonly engine: 'tables' | 'emulator';
  /** Folder of the data; without one everything is in memory and gone at the end. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly tables: readonly JsonObject[];
}

const startTables = async (order: EngineOrder) => {
  if (order.dataDir !== undefined) await rebuildIndexes(order.dataDir, order.tables);
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    ...(order.dataDir === undefined ? {} : { path: order.dataDir }),
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, stop };
};

/** The emulator listens on every interface and asks for no password: in this thread, listening means the loopback. */
const listenOnLoopbackOnly = (): void => {
  const listen = NetServer.prototype.listen;
  NetServer.prototype.listen = function (this: NetServer, ...args: unknown[]) {
    const [first] = args;
    if (typeof first === 'object' && first !== null && 'port' in first) args[0] = { ...first, host: '127.0.0.1' };
    return (listen as (...given: unknown[]) => NetServer).apply(this, args);
  } as typeof listen;
};

const startEmulator = async (order: EngineOrder) => {
  listenOnLoopbackOnly();
  const { startFauxqs } = await import('fauxqs');
  const server = await startFauxqs({
    port: 0,
    logger: false,
    defaultRegion: order.region,
    ...(order.dataDir === undefined ? {} : { dataDir: order.dataDir }),
  });
  return { port: server.port, stop: () => server.stop() };
};

const port = parentPort;
if (port === null) throw new Error('an engine runs in a thread of its own');
const order = workerData as EngineOrder;
try {
  const started = await (order.engine === 'tables' ? startTables(order) : startEmulator(order));
  port.once('message', async () => {
    await started.stop();
    port.postMessage({ stopped: true });
    port.close();
  });
  port.postMessage({ port: started.port });
} catch (error) {
  port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
  port.close();
}
