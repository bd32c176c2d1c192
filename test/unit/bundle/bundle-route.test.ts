import { beforeEach, describe, expect, it } from 'vitest';
import { makeAuditFilesHandler } from '../../../functions/audit-files/handler.ts';
import { logKeysView } from '../../../shared/contracts/audit-files.ts';
import { DAY_MS } from '../../../shared/domain/time.ts';
import { verifyBundle } from '../../../shared/evidence/verify-bundle.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { auditDeps } from '../../support/audit-deps.ts';
import { vkey } from '../../support/bundle-world.ts';
import { memoryRegistryStore } from '../../support/memory-stores.ts';
import { believing, callerOf, grantTo } from '../../support/people-api.ts';
import { sealedFacility } from '../../support/sealed-facility.ts';

const NOW_MS = Date.parse('2026-11-05T18:00:00Z');
const route = 'GET /v1/audit/facilities/{facility}/bundle';
const asked = { from: '2026-11-01', to: '2026-11-05' };

const make = async (nowMs = NOW_MS) => {
  const registry = memoryRegistryStore();
  const { reads } = await sealedFacility();
  const deps = { ...auditDeps({ registry }, () => nowMs), bundles: reads };
  const handler = makeAuditFilesHandler(believing(registry), deps);
  await registry.putFacility(aFacility());
  await grantTo(registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(registry, 'stranger', { role: 'auditor', division: '3202' });
  return callerOf(handler);
};

let call: Awaited<ReturnType<typeof make>>;
beforeEach(async () => {
  call = await make();
});

const bundleOf = (query: Record<string, string>, as = 'auditor') =>
  call({ as, route, path: { facility: 'sunshine' }, query });

describe('a bundle by the API', () => {
  it('is a file that a verifier proves, to the byte', async () => {
    const { status, headers, bytes } = await bundleOf(asked);
    expect([status, headers['content-disposition']]).toEqual([200, 'attachment; filename="sunshine.bundle"']);
    expect(verifyBundle(bytes, [vkey]).verdict).toEqual({ is: 'proved' });
  });

  it('is answered as of the day that goes on, by its last whole day, and never as of the future', async () => {
    const { status } = await bundleOf({ from: '2026-11-01', to: '2026-11-02', asOf: '2026-11-05T17:59:00Z' });
    expect(status).toBe(200);
    const future = await bundleOf({ ...asked, asOf: '2026-11-05T18:00:00.001Z' });
    expect([future.status, future.body.code]).toEqual([400, 'query-invalid']);
  });

  it('is refused with the instant that can be asked, where the day is not sealed yet', async () => {
    call = await make(NOW_MS + DAY_MS);
    const { status, body } = await bundleOf({ ...asked, asOf: '2026-11-06T16:00:00Z' });
    expect([status, body.code]).toEqual([409, 'not-sealed-yet']);
    expect(body.detail).toContain('2026-11-05T16:00:00.000Z');
  });

  it('is nobody else’s', async () => {
    expect((await bundleOf(asked, 'stranger')).status).toBe(404);
    expect((await bundleOf(asked, 'nobody')).status).toBe(404);
  });

  it.each([{}, { from: '2026-11-01' }, { ...asked, records: 'all' }, { ...asked, fr0m: 'x' }])(
    'says what is wrong with a question: %o',
    async (query) => {
      expect((await bundleOf(query as Record<string, string>)).body.code).toBe('query-invalid');
    },
  );
});

it('the keys of the logs are lines that a verifier takes', async () => {
  const { body } = await call({ as: 'auditor', route: 'GET /v1/audit/keys' });
  expect(logKeysView.parse(body).keys).toEqual([vkey]);
  expect((await call({ as: 'nobody', route: 'GET /v1/audit/keys' })).status).toBe(403);
});
