import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeVitalsStore } from '../../../shared/adapters/dynamodb/vitals-store.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { KEY, NOON_MS } from '../../contract/samples.ts';

const local = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const beat = { facilityId: 'sunshine', box: 'gate', key: KEY, seq: 1, nowMs: NOON_MS, facts: 'f', offsetMs: 0 };

describe('trouble of a real connection', () => {
  let server: Server;
  let endpoint: string;
  const client = (over: object = {}): DynamoDBClient =>
    new DynamoDBClient({ ...local, endpoint, maxAttempts: 1, ...over });

  beforeEach(async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('an engine that never answers is unavailable', async () => {
    const { beat: send } = makeVitalsStore(
      client({ requestHandler: { requestTimeout: 20, throwOnRequestTimeout: true } }),
      'vitals',
    );
    await expect(send(beat)).rejects.toBeInstanceOf(UnavailableError);
  });

  it('an engine that hangs up is unavailable', async () => {
    server.on('connection', (socket) => socket.destroy());
    await expect(makeVitalsStore(client(), 'vitals').beat(beat)).rejects.toBeInstanceOf(UnavailableError);
  });

  it('an engine that is not there is unavailable', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(makeVitalsStore(client(), 'vitals').beat(beat)).rejects.toBeInstanceOf(UnavailableError);
  });
});
