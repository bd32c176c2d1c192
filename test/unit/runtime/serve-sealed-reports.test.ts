import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { EvidencePlace } from '../../../shared/ports/evidence-store.ts';
import type { ReceiverDependencies } from '../../../shared/runtime/receive-reports.ts';
import { serveSealedReports } from '../../../shared/runtime/serve-sealed-reports.ts';

const sender = { facilityId: 'sun', box: 'box-1', key: 'k', createdMs: 0, receivedMs: 5 };
const request = { sender, body: Buffer.from('{}'), signatureBase: Buffer.from('x'), signature: Buffer.from('y') };

it('a request is taken and kept by one reading of the key, and the next request reads it anew', async () => {
  const kept: EvidencePlace[] = [];
  const live = [true, false];
  let reads = 0;
  const handler = serveSealedReports(
    ({ take, keepRequest }: ReceiverDependencies<() => Promise<boolean>>) =>
      async () => {
        const taken = await take();
        await keepRequest?.({ ...request, fitsSchema: true });
        return { statusCode: taken ? 200 : 401 };
      },
    {
      kind: 'checks',
      verify: () => Promise.reject(new Error('is not asked here')),
      registry: {
        isKeyLive: async () => {
          reads += 1;
          return live.shift() === true;
        },
        readFacility: async () => undefined,
      },
      putEvidence: async (record) => {
        kept.push(record);
      },
      ofRequest: (registry) => ({ take: () => registry.isKeyLive('sun', 'box-1', 'k') }),
    },
  );
  const serve = () => handler({} as APIGatewayProxyEventV2, { getRemainingTimeInMillis: () => 3_000 } as Context);
  expect((await serve()).statusCode).toBe(200);
  expect(reads).toBe(1);
  expect((await serve()).statusCode).toBe(401);
  expect(reads).toBe(2);
  expect(kept).toEqual([expect.objectContaining({ facility: 'sun', kind: 'checks', receivedAtMs: 5 })]);
});
