import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import {
  dispatchPeople,
  LARGEST_BINARY_ANSWER_BYTES,
  personRoute,
  type RouteTable,
} from '../../../shared/runtime/dispatch.ts';
import { callerOf } from '../../support/people-api.ts';

const LIST = 'GET /v1/audit/exports/{export}';
const answering = (bytes: number) =>
  callerOf(
    dispatchPeople<'audit'>(async () => ({ subject: 'x', roles: [] }), {
      [LIST]: personRoute({
        handle: async () => ({ status: 200, text: { type: 'text/csv', content: 'x'.repeat(bytes) } }),
      }),
    } as unknown as RouteTable<'audit'>),
  )({ as: 'x', route: LIST });

describe('an answer', () => {
  it('that Lambda would not carry is refused with what to do, and is no 502 of the gateway', async () => {
    expect((await answering(5 * 1_024 * 1_024)).status).toBe(200);
    const { status, body } = await answering(5 * 1_024 * 1_024 + 1);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'query-invalid' });
    expect(body.faults[0].message).toContain('fewer');
  });
});

describe('a file', () => {
  const answeringBytes = (content: Uint8Array) =>
    dispatchPeople<'audit'>(async () => ({ subject: 'x', roles: [] }), {
      [LIST]: personRoute({ handle: async () => ({ status: 200, bytes: { type: 'application/zip', content } }) }),
    } as unknown as RouteTable<'audit'>)({ routeKey: LIST, headers: {} } as APIGatewayProxyEventV2);

  it('goes out byte for byte, of a view into a larger buffer too', async () => {
    const content = Buffer.from([0, 1, 128, 255, 254, 7]).subarray(1, 5);
    expect(await answeringBytes(content)).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/zip', 'cache-control': 'no-store' },
      body: Buffer.from([1, 128, 255, 254]).toString('base64'),
      isBase64Encoded: true,
    });
  });

  it('that Lambda would not carry is refused, and one that just fits is below six megabytes', async () => {
    const { body } = await answeringBytes(new Uint8Array(LARGEST_BINARY_ANSWER_BYTES));
    expect(body?.length).toBeLessThan(6_000_000);
    await expect(answeringBytes(new Uint8Array(LARGEST_BINARY_ANSWER_BYTES + 1))).rejects.toThrow('larger');
  });
});
