import { describe, expect, it } from 'vitest';
import { dispatchPeople, personRoute, type RouteTable } from '../../../shared/runtime/dispatch.ts';
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
