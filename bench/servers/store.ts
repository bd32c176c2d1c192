import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serveBench, startOrFail } from './child.ts';

/** dynalite in memory, in a process of its own: the store of every server that writes. */
startOrFail(async () => {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serveBench((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    server.close();
  });
});
