import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { httpEvent } from '../../infra/local/http-event.ts';
import { serveBench, startOrFail } from './child.ts';

/*
 * The bundle of one receiver behind bare node:http: what the function itself costs, without the gateway, the worker and
 * the rights of the local stack. BUNDLE is its index.js; its tables are in the environment.
 */
type Handler = (event: object, context: object) => Promise<{ statusCode: number; body?: string }>;

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

startOrFail(async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.env.AUTHORITIES = `127.0.0.1:${port}`;
  const { handler } = createRequire(import.meta.url)(process.env.BUNDLE ?? '') as { handler: Handler };
  const routeKey = process.env.ROUTE_KEY ?? 'POST /v1/heartbeats';
  const context = {
    awsRequestId: 'bench',
    functionName: 'bench',
    functionVersion: '$LATEST',
    memoryLimitInMB: '512',
    invokedFunctionArn: 'bench',
    getRemainingTimeInMillis: () => 10_000,
  };
  server.on('request', async (request, response) => {
    try {
      const event = httpEvent(request, await bodyOf(request), { routeKey, pathParameters: {} }, Date.now());
      const answer = await handler(event, context);
      response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(answer.body);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      response.writeHead(500).end();
    }
  });
  serveBench(port, async () => {
    server.closeAllConnections();
    server.close();
  });
});
