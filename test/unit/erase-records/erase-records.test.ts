import { beforeEach, describe, expect, it } from 'vitest';
import { makeEraseHandler } from '../../../functions/erase-records/handler.ts';
import { makeReceiveCheck } from '../../../functions/receive-checks/receive-checks.ts';
import { formatKeyId } from '../../../shared/contracts/signature-profile.ts';
import type { CheckReport } from '../../../shared/domain/reports.ts';
import { leafOf, leafOfDigest, openLeaf } from '../../../shared/evidence/leaf.ts';
import { digestOf } from '../../../shared/evidence/salted-digest.ts';
import { failAt, failing, memoryEvidenceStore } from '../../support/memory-stores.ts';
import { believing, callerOf, grantTo } from '../../support/people-api.ts';
import { aWorld } from '../../support/receiver-world.ts';
import { aFacility, KEY } from '../../support/rows.ts';

const ROUTE = 'POST /v1/registry/facilities/{facility}/erasures';
const NOW_MS = Date.parse('2026-03-02T09:00:00+08:00');
const always = { fromMs: 0, toMs: 1e13 };
const id = 'p0V7bSxkJ1m3nQ8rT2uWyZ4aCdEfGhIjKlMnOpQrStU';
const place = { facility: 'f1', kind: 'checks', id, receivedAtMs: NOW_MS } as const;
const body = { kind: 'checks', id, receivedAt: '2026-03-02T01:00:00.000Z', reason: 'erasure-request' };
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

const check: CheckReport = {
  id: 'check-1',
  timeMs: NOW_MS,
  class: 'little',
  session: 'morning',
  day: '2026-03-02',
  present: 1,
  absent: 0,
  checked: 1,
  findings: [{ code: 'fever', childRef: '5f2b9c0e4d7a1836', action: 'sent-home' }],
};
const KEYID = 'p9kQz3Y0o3Z7b1t5b7cYVh2nq8m0xWJrS1uE4dLf6gA';
const content = {
  salt: new Uint8Array(32).fill(3),
  body: bytes(JSON.stringify([{ id: 'check-1' }, { id: 'refused' }])),
  signatureBase: bytes(
    `"@method": POST\n"@signature-params": ("@method");created=1;keyid="${formatKeyId({ facilityId: 'f1', box: 'b1', key: KEYID })}";tag="cradlewatch"`,
  ),
};

const make = async () => {
  const world = await aWorld({ facility: { ...aFacility(), classes: [{ id: 'little', children: 1 }] } });
  const evidence = memoryEvidenceStore();
  await evidence.put({ ...place, digest: digestOf(content), content, signature: { value: 's', key: KEY } });
  const { division } = aFacility();
  await grantTo(world.registry, 'registrar', { role: 'registrar', division: division.slice(0, 4) });
  await grantTo(world.registry, 'auditor', { role: 'auditor', division: division.slice(0, 4) });
  const sender = { facilityId: 'f1', box: 'b1', key: KEY, createdMs: NOW_MS, receivedMs: NOW_MS };
  const take = () => makeReceiveCheck(world.given)(sender, check, 'd1');
  await take();
  const { registry, records } = world;
  let ids = 0;
  const clock = { nowMs: NOW_MS + 1_000 };
  const deps = { evidence, records, registry, clock: () => clock.nowMs, newId: () => `id-${++ids}` };
  const erase = (as = 'registrar', more: object = {}, using: Partial<typeof deps> = {}) =>
    callerOf(makeEraseHandler(believing(registry), { ...deps, ...using }))({
      as,
      route: ROUTE,
      path: { facility: 'f1' },
      body: { ...body, ...more },
    });
  return { ...world, evidence, erase, take, clock, deps };
};

let city: Awaited<ReturnType<typeof make>>;
beforeEach(async () => {
  city = await make();
});

describe('erasing a record', () => {
  it('destroys what it said and its copies; its leaf is the same to the byte, and says that it was deleted', async () => {
    const receivedAt = new Date(NOW_MS).toISOString();
    const leaf = leafOf({ facility: 'f1', kind: 'checks', id, receivedAt }, content);
    expect((await city.records.findingsSince('f1', 0)).length).toBe(1);
    const { status, body: answer } = await city.erase();
    expect(status).toBe(200);
    expect(answer).toMatchObject({ id, digest: digestOf(content), copies: 1, erasedAt: '2026-03-02T01:00:01.000Z' });
    expect(answer.stays.en).toContain('still proved');
    const [record] = await city.evidence.within('f1', always);
    expect(record).toEqual({ ...place, digest: digestOf(content), content: {}, erasedAtMs: NOW_MS + 1_000 });
    expect(leafOfDigest({ facility: 'f1', kind: 'checks', id, receivedAt, digest: record?.digest ?? '' })).toEqual(
      leaf,
    );
    expect(openLeaf(leaf, record?.content ?? {}).state).toBe('deleted');
    expect(await city.records.readCheck('f1', 'b1', 'check-1')).toBeUndefined();
    expect(await city.records.findingsSince('f1', 0)).toEqual([]);
    expect(JSON.stringify([...city.records.kept.reports])).not.toContain('5f2b9c0e4d7a1836');
  });

  it('is in the change log once, with its reason, and repeating it says when it was first', async () => {
    await city.erase();
    city.clock.nowMs += 60_000;
    const { status, body: answer } = await city.erase();
    expect(status).toBe(200);
    expect(answer).toMatchObject({ erasedAt: '2026-03-02T01:00:01.000Z', copies: 0 });
    const { items } = await city.registry.listChanges('f1', 10);
    expect(items.map(({ what, by }) => [what, by])).toEqual([
      [`erased checks ${id} received ${body.receivedAt}: erasure-request`, 'https://id.example|registrar'],
    ]);
  });

  it('stays done when the box sends the check once more', async () => {
    await city.erase();
    expect(await city.take()).toEqual({ result: 'duplicate' });
    expect(await city.records.findingsSince('f1', 0)).toEqual([]);
    expect(JSON.stringify([...city.records.kept.reports])).not.toContain('5f2b9c0e4d7a1836');
  });

  it('is for a registrar of the place, of a record that is there, by its exact instant and a closed reason', async () => {
    expect((await city.erase('auditor')).status).toBe(403);
    expect((await city.erase('stranger')).status).toBe(404);
    expect((await city.erase('registrar', { receivedAt: '2026-03-02T01:00:00.001Z' })).status).toBe(404);
    expect((await city.erase('registrar', { kind: 'logs' })).status).toBe(404);
    expect((await city.erase('registrar', { kind: 'access' })).status).toBe(422);
    expect((await city.erase('registrar', { reason: '王小明' })).status).toBe(422);
    expect((await city.evidence.within('f1', always))[0]?.erasedAtMs).toBeUndefined();
  });

  it('may die at any of its writes: asking again ends it', async () => {
    for (const at of [1, 2, 3]) {
      for (const when of ['before', 'after'] as const) {
        const one = await make();
        const plan = failAt({ at, when, dies: true });
        const { evidence, records, registry } = one.deps;
        const using = {
          evidence: failing(evidence, plan),
          records: failing(records, plan),
          registry: failing(registry, plan),
        };
        expect((await one.erase('registrar', {}, using)).status, `${at} ${when}`).toBe(503);
        plan.restart();
        expect((await one.erase('registrar', {}, using)).status).toBe(200);
        expect((await evidence.within('f1', always))[0]?.content).toEqual({});
        expect(await records.readCheck('f1', 'b1', 'check-1')).toBeUndefined();
        expect((await registry.listChanges('f1', 10)).items).toHaveLength(1);
      }
    }
  });
});
