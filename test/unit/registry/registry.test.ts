import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeRegistryHandler } from '../../../functions/registry/handler.ts';
import { slotOf } from '../../../functions/registry/put-facility.ts';
import type { RegistryDeps } from '../../../functions/registry/stores.ts';
import { grantAddress } from '../../../shared/contracts/grant-address.ts';
import {
  boxPage,
  boxView,
  changePage,
  type FacilityBody,
  facilityPage,
  facilityView,
  grantPage,
  grantView,
} from '../../../shared/contracts/registry.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import type { RulePack } from '../../../shared/domain/rule-pack.ts';
import { DAY_MS } from '../../../shared/domain/time.ts';
import {
  callsOf,
  failAt,
  failing,
  interleave,
  memoryAlarmStore,
  memoryLogStore,
  memoryRegistryStore,
  memoryVitalsStore,
} from '../../support/memory-stores.ts';
import { aFacility, believing, callerOf, grantTo, ISSUER, rosterWorld } from '../../support/people-api.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');

const packs = {
  packFor: (facility: Facility) =>
    ({
      thresholds: { silentAfterMs: { value: facility.pack === 'demo' ? 15_000 : 180_000, source: 'x' } },
    }) as RulePack,
  inForce: () => [],
  isKnown: (name: string) => name === 'demo',
  topicOf: () => undefined,
};

const aKey = (): string => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';

const make = () => {
  const registry = memoryRegistryStore();
  const vitals = memoryVitalsStore();
  const alarms = memoryAlarmStore();
  let nowMs = NOW_MS;
  let ids = 0;
  const deps = {
    registry,
    vitals,
    alarms,
    packs,
    ...rosterWorld().deps,
    clock: () => nowMs,
    newId: () => `change-${++ids}`,
  } satisfies RegistryDeps;
  const authenticate = believing(registry, [`${ISSUER}|root`]);
  return {
    registry,
    vitals,
    alarms,
    deps,
    call: callerOf(makeRegistryHandler(authenticate, deps)),
    callWith: (more: Partial<RegistryDeps>) => callerOf(makeRegistryHandler(authenticate, { ...deps, ...more })),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

let city: ReturnType<typeof make>;
beforeEach(async () => {
  city = make();
  await grantTo(city.registry, 'taizhou', { role: 'registrar', division: '3212' });
  await grantTo(city.registry, 'wuxi', { role: 'registrar', division: '3202' });
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  await grantTo(city.registry, 'head', { role: 'facility', facilityId: 'sunshine' });
});

const FACILITY = '/v1/registry/facilities/{facility}';
const put = (as: string, facility: string, body: unknown) =>
  city.call({ as, route: `PUT ${FACILITY}`, path: { facility }, body });
const get = (as: string, facility: string) => city.call({ as, route: `GET ${FACILITY}`, path: { facility } });
const changesOf = async (facility = 'sunshine'): Promise<string[]> =>
  (await city.registry.listChanges(facility, 100)).items.map(({ what }) => what);
const putBox = (as: string, facility: string, box: string) =>
  city.call({ as, route: `PUT ${FACILITY}/boxes/{box}`, path: { facility, box }, body: {} });
const putKey = (as: string, facility: string, box: string, key: string) =>
  city.call({ as, route: `PUT ${FACILITY}/boxes/{box}/keys/{key}`, path: { facility, box, key }, body: {} });
const deleteKey = (as: string, facility: string, box: string, key: string) =>
  city.call({ as, route: `DELETE ${FACILITY}/boxes/{box}/keys/{key}`, path: { facility, box, key } });

describe('a facility', () => {
  it('is registered, read back as it was written, and watched from the first moment', async () => {
    const written = await put('taizhou', 'sunshine', aFacility());
    expect(written.status).toBe(200);
    const read = await get('taizhou', 'sunshine');
    expect(facilityView.parse(read.body)).toEqual({
      ...aFacility(),
      id: 'sunshine',
      version: 1,
      registeredAt: '2026-03-02T02:00:00.000Z',
    });
    expect(await city.vitals.readFacility('sunshine')).toMatchObject({
      dueAtMs: 0,
      registryVersion: 1,
      slot: slotOf('sunshine'),
    });
  });

  it('is on the list of its day before it is there, so that nobody is ever registered and looked at by nobody', async () => {
    const listed = async () =>
      (await city.deps.logs.listNotShown('321283', '2026-03-02')).map(({ facility }) => facility);
    const noFacility = city.callWith({
      registry: failing(city.registry, { at: 1, when: 'before', only: ['putFacility'] }),
    });
    const call = { as: 'taizhou', route: `PUT ${FACILITY}`, path: { facility: 'sunshine' }, body: aFacility() };
    expect((await noFacility(call)).status).toBe(503);
    expect([await listed(), await city.registry.readFacility('sunshine')]).toEqual([['sunshine'], undefined]);
    const noList = city.callWith({ logs: failing(memoryLogStore(), { at: 1, when: 'before', only: ['putNotShown'] }) });
    expect((await noList(call)).status).toBe(503);
    expect(await city.registry.readFacility('sunshine')).toBeUndefined();
    expect((await put('taizhou', 'sunshine', aFacility())).status).toBe(200);
    city.pass(DAY_MS);
    await put('taizhou', 'sunshine', aFacility({ version: 1, landline: '0523-8700002' }));
    expect(await city.deps.logs.listNotShown('321283', '2026-03-03')).toMatchObject([{ reason: 'not-judged-yet' }]);
  });

  it.each(['canary', 'division-321202', 'division-x'])('is never named %s: that is ours', async (id) => {
    expect(await put('taizhou', id, aFacility())).toMatchObject({ status: 400, body: { code: 'path-invalid' } });
    expect(await city.registry.readFacility(id)).toBeUndefined();
    expect((await put('taizhou', 'canary-bird', aFacility())).status).toBe(200);
  });

  it('may follow the national calendar, and no other', async () => {
    const { calendar } = aFacility();
    await put('taizhou', 'sunshine', aFacility({ calendar: { ...calendar, follows: 'national' } }));
    expect((await get('taizhou', 'sunshine')).body).toMatchObject({ calendar: { follows: 'national' } });
    const other = { ...aFacility(), calendar: { ...calendar, follows: 'lunar' } };
    expect(await put('taizhou', 'moonlight', other)).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/calendar/follows' }] },
    });
  });

  const papers = {
    papers: [
      { kind: 'fire-acceptance', number: 'XF-2025-1', expiresAt: '2027-01-01T00:00:00.000Z' },
      { kind: 'business-licence', number: '91321283-1' },
    ],
    plans: [{ hazard: 'fire', reviewedAt: '2026-01-05T00:00:00.000Z' }],
    devices: [{ id: 'panic-1', kind: 'panic-button', area: 'playroom' }],
    filed: {
      name: '阳光托育园',
      address: '泰兴市国庆路1号',
      kind: 'nursery',
      places: 60,
      cameras: 1,
      filedAt: '2025-09-02T00:00:00.000Z',
    },
  } as const satisfies Partial<FacilityBody>;

  it('has its papers, plans, devices and filing read back as they were written', async () => {
    const body = aFacility({
      ...papers,
      papers: [...papers.papers],
      plans: [...papers.plans],
    } as Partial<FacilityBody>);
    expect((await put('taizhou', 'sunshine', body)).status).toBe(200);
    expect(facilityView.parse((await get('taizhou', 'sunshine')).body)).toMatchObject(papers);
    expect(await city.registry.readFacility('sunshine')).toMatchObject({
      papers: [{ expiresAtMs: Date.parse('2027-01-01T00:00:00Z') }, { number: '91321283-1' }],
      plans: [{ hazard: 'fire', reviewedAtMs: Date.parse('2026-01-05T00:00:00Z') }],
      filed: { places: 60, filedAtMs: Date.parse('2025-09-02T00:00:00Z') },
    });
  });

  it('dates a device when it first comes, and shows when each was tested last', async () => {
    const old = { id: 'panic-1', kind: 'panic-button' } as const;
    await put('taizhou', 'sunshine', aFacility({ devices: [old] }));
    city.pass(1_000);
    const both = [old, { id: 'smoke-1', kind: 'smoke-detector' } as const];
    const edit = aFacility({ version: 1, devices: both });
    expect((await put('taizhou', 'sunshine', edit)).status).toBe(200);
    // The answer was lost: the same edit is the same edit, however late it comes again.
    city.pass(1_000);
    expect((await put('taizhou', 'sunshine', edit)).status).toBe(200);
    expect((await city.registry.readFacility('sunshine'))?.devices).toEqual([
      { ...old, registeredAtMs: NOW_MS },
      { ...both[1], registeredAtMs: NOW_MS + 1_000 },
    ]);
    const row = await city.vitals.readFacility('sunshine');
    if (row) await city.vitals.patchFacility(row, { testedAtMs: { 'smoke-1': NOW_MS } });
    const view = facilityView.parse((await get('taizhou', 'sunshine')).body);
    expect(view).toMatchObject({
      devices: both,
      deviceTests: [{ device: 'smoke-1', testedAt: new Date(NOW_MS).toISOString() }],
    });
    expect(view.devices).toEqual(both);
  });

  it.each([
    ['a device in no area', { devices: [{ id: 'd', kind: 'recorder', area: 'attic' }] }, '/devices/0/area'],
    ['an order to keep, which has its own route', { legalHolds: [] }, 'legalHolds'],
    ['two plans of one hazard', { plans: [papers.plans[0], papers.plans[0]] }, '/plans/1/hazard'],
    ['a paper with a name on it', { papers: [{ ...papers.papers[1], holder: '某人' }] }, '/papers/0'],
  ])('is refused with %s, and told where', async (_, more, pointer) => {
    const refused = await put('taizhou', 'sunshine', { ...aFacility(), ...more });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(pointer);
  });

  it('keeps what its edit tells the departments, and shows it to nobody in the registry', async () => {
    await put('taizhou', 'sunshine', aFacility());
    await put('taizhou', 'sunshine', aFacility({ version: 1, address: '泰兴市国庆路2号' }));
    expect((await city.registry.readFacility('sunshine'))?.registrationEvents).toEqual([
      { event: 'registered', atMs: NOW_MS, version: 1 },
      { event: 'changed', atMs: NOW_MS, version: 2, fields: ['address'] },
    ]);
    expect((await get('taizhou', 'sunshine')).body).not.toHaveProperty('registrationEvents');
    expect((await put('taizhou', 'sunshine', aFacility({ version: 1, address: '泰兴市国庆路2号' }))).status).toBe(200);
    expect((await city.registry.readFacility('sunshine'))?.registrationEvents).toHaveLength(2);
  });

  it('has its vitals written before itself, for every edit', async () => {
    await put('taizhou', 'sunshine', aFacility());
    await put('taizhou', 'sunshine', aFacility({ entrance: '西门', version: 1 }));
    const order = [...callsOf(city.vitals), ...callsOf(city.registry)];
    expect(order.filter(({ method }) => method === 'announceFacility').map(({ args }) => args[1])).toEqual([1, 2]);
    const broken = city.callWith({
      registry: failing(city.registry, { at: 1, when: 'before', only: ['putFacility'] }),
    });
    const answer = await broken({
      as: 'taizhou',
      route: `PUT ${FACILITY}`,
      path: { facility: 'sunshine' },
      body: aFacility({ version: 2 }),
    });
    expect(answer.status).toBe(503);
    expect(await city.vitals.readFacility('sunshine')).toMatchObject({ registryVersion: 3, dueAtMs: 0 });
    expect((await city.registry.readFacility('sunshine'))?.version).toBe(2);
  });

  it('edited on an old version is a conflict that names the current one', async () => {
    await put('taizhou', 'sunshine', aFacility());
    await put('taizhou', 'sunshine', aFacility({ entrance: '西门', version: 1 }));
    const late = await put('taizhou', 'sunshine', aFacility({ entrance: '南门', version: 1 }));
    expect(late).toMatchObject({ status: 409, body: { code: 'version-conflict', version: 2 } });
    expect((await get('taizhou', 'sunshine')).body.entrance).toBe('西门');
    expect(await put('taizhou', 'moonlight', aFacility({ version: 4 }))).toMatchObject({
      status: 409,
      body: { version: 0 },
    });
  });

  it('keeps its time zone from the day after its registration on', async () => {
    const inZone = (zone: string, version: number) =>
      aFacility({ calendar: { ...aFacility().calendar, zone }, ...(version > 0 && { version }) });
    await put('taizhou', 'sunshine', inZone('Asia/Urumqi', 0));
    expect((await put('taizhou', 'sunshine', inZone('Asia/Shanghai', 1))).status).toBe(200);
    city.pass(24 * 3_600_000);
    expect(await put('taizhou', 'sunshine', inZone('Asia/Urumqi', 2))).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/calendar/zone' }] },
    });
    expect((await put('taizhou', 'sunshine', inZone('Asia/Shanghai', 2))).status).toBe(200);
  });

  it('keeps its registration time, and each edit leaves one entry with field names only', async () => {
    await put('taizhou', 'sunshine', aFacility());
    city.pass(60_000);
    await put('taizhou', 'sunshine', aFacility({ landline: '0523-8700009', version: 1 }));
    city.pass(60_000);
    const closed = { is: 'closed', since: '2026-03-02T02:02:00.000Z' } as const;
    await put('taizhou', 'sunshine', aFacility({ landline: '0523-8700009', state: closed, version: 2 }));
    expect((await get('taizhou', 'sunshine')).body.registeredAt).toBe('2026-03-02T02:00:00.000Z');
    expect(await changesOf()).toEqual([
      'facility changed: state in-service to closed',
      'facility changed: landline',
      'facility registered: in-service',
    ]);
    const page = await city.call({ as: 'auditor', route: `GET ${FACILITY}/changes`, path: { facility: 'sunshine' } });
    expect(changePage.parse(page.body).items[0]).toMatchObject({ by: `${ISSUER}|taizhou`, version: 3 });
    expect(page.text).not.toContain('8700009');
  });

  it('whose answer was lost is the same edit again, and the missing entry is written', async () => {
    const broken = city.callWith({
      registry: failing(city.registry, { at: 1, when: 'before', only: ['appendChange'] }),
    });
    const call = { as: 'taizhou', route: `PUT ${FACILITY}`, path: { facility: 'sunshine' }, body: aFacility() };
    expect((await broken(call)).status).toBe(503);
    expect(await changesOf()).toEqual([]);
    expect(await city.call(call)).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await changesOf()).toHaveLength(1);
    await city.call(call);
    expect(await changesOf()).toHaveLength(1);
  });

  it('with a fault is refused with a pointer for each', async () => {
    const answer = await put('taizhou', 'sunshine', {
      ...aFacility({ division: '320000', version: -1 }),
      areas: [
        { id: 'a', name: { zh: '甲', en: 'A' }, floor: 1, activity: true },
        { id: 'a', name: { zh: '乙', en: 'B' }, floor: 1, activity: true },
      ],
      secret: 1,
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'body-invalid' } });
    const pointers = answer.body.faults.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/division', '/version', '/secret']));
  });

  it.each(['', '32', '3212', '32120', '320000', '991202', '32120a', '３２１２０２', 321283])(
    'in division %j is refused by its place, and so is a list of what is no prefix',
    async (division) => {
      const answer = await put('taizhou', 'sunshine', { ...aFacility(), division });
      expect(answer).toMatchObject({ status: 422, body: { code: 'body-invalid', faults: [{ pointer: '/division' }] } });
      if (division === '32' || division === '3212' || division === 321283) return;
      const query = { division: String(division) };
      const list = await city.call({ as: 'taizhou', route: 'GET /v1/registry/facilities', query });
      expect(list).toMatchObject({ status: 400, body: { code: 'query-invalid', faults: [{ pointer: '/division' }] } });
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])('with a field %s is refused by its name', async (name) => {
    const text = `${JSON.stringify(aFacility()).slice(0, -1)},"${name}":{"version":7}}`;
    expect(await put('taizhou', 'sunshine', text)).toMatchObject({
      status: 422,
      body: { code: 'body-invalid', faults: [{ pointer: `/${name}` }] },
    });
    expect(
      await put('taizhou', 'sunshine', { ...aFacility(), classes: [{ id: 'constructor', children: 1 }] }),
    ).toMatchObject({ status: 422, body: { faults: [{ pointer: '/classes/0/id' }] } });
  });

  it('whose parts do not fit together is refused with a pointer for each', async () => {
    const faults = async (more: object): Promise<string[]> =>
      ((await put('taizhou', 'sunshine', { ...aFacility(), ...more })).body.faults ?? []).map(
        ({ pointer }: { pointer: string }) => pointer,
      );
    const [camera] = aFacility().cameras;
    expect(await faults({ cameras: [{ ...camera, areas: ['attic'] }] })).toEqual(['/cameras/0/areas/0']);
    expect(await faults({ cameras: [camera, camera] })).toEqual(['/cameras/1/id']);
    expect(await faults({ cameras: [{ ...camera, retiredAt: '2025-08-31T00:00:00Z' }] })).toEqual([
      '/cameras/0/retiredAt',
    ]);
    expect(await faults({ calendar: { ...aFacility().calendar, closesAt: '07:00' } })).toEqual(['/calendar/closesAt']);
    expect(await faults({ calendar: { ...aFacility().calendar, zone: 'Asia/Nowhere' } })).toEqual(['/calendar/zone']);
    expect(await faults({ pack: 'unheard-of' })).toEqual(['/pack']);
    const crowd = Array.from({ length: 65 }, (_, n) => ({ ...camera, id: `cam-${n}` }));
    expect(await faults({ cameras: crowd })).toEqual(['/cameras']);
    expect(await faults({ cameras: crowd.slice(1) })).toEqual([]);
  });

  it('that is no JSON, too large or of another type is refused as such', async () => {
    expect(await put('taizhou', 'sunshine', '{')).toMatchObject({ status: 400, body: { code: 'not-json' } });
    expect(await put('taizhou', 'sunshine', `"${'x'.repeat(262_143)}"`)).toMatchObject({ status: 413 });
    expect(await put('taizhou', 'Sun/shine', aFacility())).toMatchObject({
      status: 400,
      body: { code: 'path-invalid', faults: [{ pointer: '/facility' }] },
    });
  });
});

describe('divisions', () => {
  beforeEach(async () => {
    await put('taizhou', 'sunshine', aFacility());
    await put('wuxi', 'lakeside', aFacility({ division: '320282' }));
  });

  it('remembers in which counties a facility lay, shows it to nobody, and says once that it moved', async () => {
    const former = async () => (await city.registry.readFacility('sunshine'))?.formerCounties;
    const counties = ['321203001', '321204001', '321202001', '321203001'];
    for (const [n, division] of counties.entries()) {
      for (const _ of ['sent', 'sent again'])
        expect((await put('taizhou', 'sunshine', aFacility({ division, version: n + 1 }))).status).toBe(200);
    }
    expect(await former()).toEqual(['321283', '321204', '321202']);
    const { body } = await get('taizhou', 'sunshine');
    expect(body).not.toHaveProperty('formerCounties');
    const route = `GET ${FACILITY}/changes`;
    const changes = await city.call({ as: 'taizhou', route, path: { facility: 'sunshine' } });
    expect(changes.body.items[0].what).toBe('facility changed: division');
  });

  it('a registrar of 3212 sees and changes nothing under 3202', async () => {
    expect((await get('taizhou', 'lakeside')).status).toBe(404);
    expect((await get('taizhou', 'nowhere')).body.detail.replace('nowhere', 'lakeside')).toBe(
      (await get('taizhou', 'lakeside')).body.detail,
    );
    expect((await put('taizhou', 'lakeside', aFacility({ division: '320282', version: 1 }))).status).toBe(403);
    for (const path of ['boxes', 'changes']) {
      const call = { as: 'taizhou', route: `GET ${FACILITY}/${path}`, path: { facility: 'lakeside' } };
      expect((await city.call(call)).status).toBe(404);
    }
    expect((await putBox('taizhou', 'lakeside', 'box-1')).status).toBe(404);
    expect((await putKey('taizhou', 'lakeside', 'box-1', aKey())).status).toBe(404);
    expect((await deleteKey('taizhou', 'lakeside', 'box-1', aKey())).status).toBe(404);
  });

  it('nobody takes a facility from a neighbour, or gives one away', async () => {
    expect((await put('taizhou', 'lakeside', aFacility({ version: 1 }))).status).toBe(403);
    expect((await put('taizhou', 'sunshine', aFacility({ division: '320282', version: 1 }))).status).toBe(403);
    expect((await put('taizhou', 'new-one', aFacility({ division: '320282' }))).status).toBe(403);
    expect((await city.registry.readFacility('lakeside'))?.division).toBe('320282');
    expect((await city.registry.readFacility('sunshine'))?.version).toBe(1);
  });

  it('a list of a whole province holds the own city only, whatever the cursor says', async () => {
    for (let n = 0; n < 5; n += 1) await put('taizhou', `more-${n}`, aFacility());
    const list = (as: string, query: Record<string, string>) =>
      city.call({ as, route: 'GET /v1/registry/facilities', query });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await list('taizhou', { division: '32', limit: '2', ...(cursor && { cursor }) });
      expect(status).toBe(200);
      seen.push(...facilityPage.parse(body).items.map(({ id }) => id));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(['more-0', 'more-1', 'more-2', 'more-3', 'more-4', 'sunshine']);

    const theirs = (await list('wuxi', { limit: '1' })).body;
    expect(theirs.items.map(({ id }: { id: string }) => id)).toEqual(['lakeside']);
    const forged = Buffer.from(JSON.stringify(['3202'])).toString('base64url');
    expect(await list('taizhou', { cursor: forged })).toMatchObject({ status: 400, body: { code: 'cursor-invalid' } });
    expect(await list('taizhou', { cursor: 'nonsense' })).toMatchObject({ status: 400 });
    expect(await list('taizhou', { division: '3202' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('a cursor of another list, put behind the own place, opens nothing', async () => {
    await put('wuxi', 'riverside', aFacility({ division: '320282' }));
    const theirs = await city.registry.listFacilities('3202', 1);
    const forged = Buffer.from(JSON.stringify(['3212', theirs.cursor])).toString('base64url');
    const answer = await city.call({ as: 'taizhou', route: 'GET /v1/registry/facilities', query: { cursor: forged } });
    expect(answer.status).toBe(400);
  });

  it('a facility that moves away while it is listed is not shown any more', async () => {
    const [stored] = (await city.registry.listFacilities('3212', 10)).items;
    if (stored === undefined) throw new Error('nothing registered');
    const moving = interleave(city.registry, {
      method: 'readFacility',
      meanwhile: () => city.registry.putFacility({ ...stored, version: 2, division: '320282' }),
    });
    const list = city.callWith({ registry: moving });
    expect((await list({ as: 'taizhou', route: 'GET /v1/registry/facilities' })).body.items).toEqual([]);
  });

  it('a head sees the own facility only', async () => {
    const answer = await city.call({ as: 'head', route: 'GET /v1/registry/facilities' });
    expect(answer.body.items.map(({ id }: { id: string }) => id)).toEqual(['sunshine']);
    expect(answer.body.cursor).toBeUndefined();
    expect((await get('head', 'lakeside')).status).toBe(404);
    expect((await get('head', 'sunshine')).status).toBe(200);
  });

  it('a misspelt filter is refused, not ignored', async () => {
    const answer = await city.call({ as: 'taizhou', route: 'GET /v1/registry/facilities', query: { divison: '3212' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'query-invalid', faults: [{ pointer: '/divison' }] } });
  });
});

describe('who may not change anything', () => {
  it.each(['auditor', 'police', 'head', 'stranger', 'root'])('%s', async (who) => {
    await put('taizhou', 'sunshine', aFacility());
    await putBox('taizhou', 'sunshine', 'box-1');
    const key = aKey();
    await putKey('taizhou', 'sunshine', 'box-1', key);
    const before = structuredClone([await city.registry.readFacility('sunshine'), city.vitals.rows]);
    const answers = [
      await put(who, 'sunshine', aFacility({ version: 1, entrance: '西门' })),
      await put(who, 'brand-new', aFacility()),
      await putBox(who, 'sunshine', 'box-2'),
      await putKey(who, 'sunshine', 'box-1', aKey()),
      await deleteKey(who, 'sunshine', 'box-1', key),
    ];
    for (const { status } of answers) expect([403, 404]).toContain(status);
    if (who !== 'root') {
      const grants = '/v1/registry/grants/{subject}';
      const path = { subject: `${ISSUER}|${who}` };
      const body = { roles: [{ role: 'administrator' }] };
      expect((await city.call({ as: who, route: `PUT ${grants}`, path, body })).status).toBe(403);
      expect((await city.call({ as: who, route: `DELETE ${grants}`, path })).status).toBe(403);
      expect((await city.call({ as: who, route: `GET ${grants}`, path })).status).toBe(403);
      expect((await city.call({ as: who, route: 'GET /v1/registry/grants' })).status).toBe(403);
    }
    // A copy, as `before` is one: copying makes a plain map of a map that is kept by facility.
    expect(structuredClone([await city.registry.readFacility('sunshine'), city.vitals.rows])).toEqual(before);
    expect(await city.registry.isKeyLive('sunshine', 'box-1', key)).toBe(true);
  });
});

describe('boxes and keys', () => {
  beforeEach(async () => {
    await put('taizhou', 'sunshine', aFacility());
  });

  it('a box is enrolled once, with the limit of the pack of its facility', async () => {
    const first = await putBox('taizhou', 'sunshine', 'box-1');
    city.pass(60_000);
    const again = await putBox('taizhou', 'sunshine', 'box-1');
    expect(boxView.parse(again.body)).toEqual(first.body);
    expect(await city.vitals.readBox('sunshine', 'box-1')).toMatchObject({ silentAfterMs: 180_000 });
    expect(await changesOf()).toEqual(['box box-1 enrolled', 'facility registered: in-service']);
  });

  it('another pack moves the limit of its boxes, and the instant at which they are silent', async () => {
    await putBox('taizhou', 'sunshine', 'box-1');
    const row = await city.vitals.readBox('sunshine', 'box-1');
    if (row === undefined) throw new Error('no row');
    await city.vitals.patchBox(row, { beatAtMs: NOW_MS, silentAtMs: NOW_MS + 180_000 });
    await put('taizhou', 'sunshine', aFacility({ pack: 'demo', version: 1 }));
    expect(await city.vitals.readBox('sunshine', 'box-1')).toMatchObject({
      silentAfterMs: 15_000,
      silentAtMs: NOW_MS + 15_000,
    });
  });

  it('a key is live on every path once enrolled, and on none once revoked', async () => {
    const key = aKey();
    await putBox('taizhou', 'sunshine', 'box-1');
    expect(boxView.parse((await putKey('taizhou', 'sunshine', 'box-1', key)).body).keys).toEqual([key]);
    const live = async () => [
      await city.registry.isKeyLive('sunshine', 'box-1', key),
      await city.alarms.isKeyLive('sunshine', 'box-1', key),
      (await city.vitals.readBox('sunshine', 'box-1'))?.liveKeys[key] === -1,
      (await city.vitals.readCoverage('sunshine', 'box-1'))?.liveKeys[key] === -1,
    ];
    expect(await live()).toEqual([true, true, true, true]);
    expect((await deleteKey('taizhou', 'sunshine', 'box-1', key)).status).toBe(204);
    expect(await live()).toEqual([false, false, false, false]);
    const boxes = await city.call({ as: 'taizhou', route: `GET ${FACILITY}/boxes`, path: { facility: 'sunshine' } });
    expect(boxPage.parse(boxes.body).items).toMatchObject([{ id: 'box-1', keys: [] }]);
    expect((await changesOf()).slice(0, 2)).toEqual([
      `key ${key.slice(0, 8)} of box box-1 revoked`,
      `key ${key.slice(0, 8)} of box box-1 enrolled`,
    ]);
  });

  it('a box says since when it has no key, until it has one again', async () => {
    const [first, second] = [aKey(), aKey()];
    await putBox('taizhou', 'sunshine', 'box-1');
    const since = async () => (await city.registry.readBox('sunshine', 'box-1'))?.keylessSinceMs;
    expect(await since()).toBeUndefined();
    await putKey('taizhou', 'sunshine', 'box-1', first);
    await putKey('taizhou', 'sunshine', 'box-1', second);
    await deleteKey('taizhou', 'sunshine', 'box-1', first);
    expect(await since()).toBeUndefined();
    await deleteKey('taizhou', 'sunshine', 'box-1', second);
    expect(await since()).toBe(NOW_MS);
    await putKey('taizhou', 'sunshine', 'box-1', first);
    expect(await since()).toBeUndefined();
  });

  it.each([
    ['vitals', 'revokeKey'],
    ['registry', 'removeKey'],
    ['alarms', 'removeKey'],
  ] as const)('a revocation that dies at %s %s is not answered; repeating it finishes it', async (store, method) => {
    const key = aKey();
    await putBox('taizhou', 'sunshine', 'box-1');
    await putKey('taizhou', 'sunshine', 'box-1', key);
    const call = {
      as: 'taizhou',
      route: `DELETE ${FACILITY}/boxes/{box}/keys/{key}`,
      path: { facility: 'sunshine', box: 'box-1', key },
    };
    for (const when of ['before', 'after'] as const) {
      const broken = city.callWith({ [store]: failing(city[store] as object, { at: 1, when, only: [method] }) });
      expect((await broken(call)).status).toBe(503);
      expect((await city.registry.readBox('sunshine', 'box-1'))?.liveKeys).toEqual([key]);
    }
    expect((await city.call(call)).status).toBe(204);
    expect(await city.alarms.isKeyLive('sunshine', 'box-1', key)).toBe(false);
    expect((await city.registry.readBox('sunshine', 'box-1'))?.liveKeys).toEqual([]);
  });

  it('an enrolment that dies on the way is finished by repeating it', async () => {
    const key = aKey();
    await putBox('taizhou', 'sunshine', 'box-1');
    const path = { facility: 'sunshine', box: 'box-1', key };
    const call = { as: 'taizhou', route: `PUT ${FACILITY}/boxes/{box}/keys/{key}`, path, body: {} };
    const broken = city.callWith({ vitals: failing(city.vitals, { at: 1, when: 'before', only: ['admitKey'] }) });
    expect((await broken(call)).status).toBe(503);
    expect((await city.registry.readBox('sunshine', 'box-1'))?.liveKeys).toEqual([key]);
    expect((await city.call(call)).status).toBe(200);
    expect((await city.vitals.readBox('sunshine', 'box-1'))?.liveKeys).toEqual({ [key]: -1 });
  });

  it('two keys overlap; a fifth is refused, and so is a key under which anything would verify', async () => {
    await putBox('taizhou', 'sunshine', 'box-1');
    for (let n = 0; n < 4; n += 1) expect((await putKey('taizhou', 'sunshine', 'box-1', aKey())).status).toBe(200);
    expect(await putKey('taizhou', 'sunshine', 'box-1', aKey())).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/key' }] },
    });
    await putBox('taizhou', 'sunshine', 'box-2');
    const lowOrder = Buffer.alloc(32).toString('base64url');
    const nonCanonical = Buffer.alloc(32, 0xff).toString('base64url');
    for (const key of [lowOrder, nonCanonical]) {
      expect((await putKey('taizhou', 'sunshine', 'box-2', key)).status).toBe(422);
    }
    expect((await putKey('taizhou', 'sunshine', 'box-2', 'short')).status).toBe(400);
    expect((await putKey('taizhou', 'sunshine', 'box-9', aKey())).status).toBe(404);
  });
});

describe('grants', () => {
  const subject = `${ISSUER}|li`;
  const route = '/v1/registry/grants/{subject}';
  const officer = { role: 'officer', department: 'police', division: '3212' };
  const putGrant = (body: unknown, as = 'root', who = subject) =>
    city.call({ as, route: `PUT ${route}`, path: { subject: who }, body });

  it('are made by an administrator of the settings, and work from the next request on', async () => {
    await put('taizhou', 'sunshine', aFacility());
    expect((await get('li', 'sunshine')).status).toBe(404);
    const made = await putGrant({ roles: [officer] });
    expect(grantView.parse(made.body)).toEqual({ subject, version: 1, roles: [officer] });
    expect((await get('li', 'sunshine')).status).toBe(200);
    expect((await city.call({ as: 'root', route: `DELETE ${route}`, path: { subject } })).status).toBe(204);
    expect((await get('li', 'sunshine')).status).toBe(404);
    expect(await changesOf(subject)).toEqual(['grant removed', 'grant: officer police 3212']);
  });

  it('are versioned, and paged', async () => {
    await putGrant({ roles: [officer] });
    expect(await putGrant({ roles: [] })).toMatchObject({ status: 409, body: { version: 1 } });
    expect((await putGrant({ roles: [], version: 1 })).body.version).toBe(2);
    const page = await city.call({ as: 'root', route: 'GET /v1/registry/grants', query: { limit: '2' } });
    expect(grantPage.parse(page.body).items).toHaveLength(2);
    expect(page.body.cursor).toBeDefined();
  });

  it('name their subject encoded once or twice', async () => {
    // What a gateway that decodes once makes of the address, and one that decodes twice, or that encodes nothing.
    const sent = grantAddress(subject).split('/').at(-1) ?? '';
    const [once, twice] = [decodeURIComponent(sent), decodeURIComponent(decodeURIComponent(sent))];
    expect(once).not.toContain('/');
    expect(twice).toBe(subject);
    for (const arrived of [once, twice]) {
      expect((await putGrant({ roles: [officer] }, 'root', arrived)).body.subject).toBe(subject);
    }
    expect((await putGrant({ roles: [] }, 'root', 'nobody')).status).toBe(400);
    expect((await putGrant({ roles: [] }, 'root', '%E0%A4%A')).status).toBe(400);
  });

  it('say what each role lacks or has too much', async () => {
    const pointers = async (...roles: object[]): Promise<string[]> =>
      ((await putGrant({ roles })).body.faults ?? []).map(({ pointer }: { pointer: string }) => pointer);
    expect(await pointers({ role: 'officer', division: '3212' })).toEqual(['/roles/0/department']);
    expect(await pointers({ role: 'auditor' })).toEqual(['/roles/0/division']);
    expect(await pointers(officer, { role: 'facility', division: '3212' })).toEqual([
      '/roles/1/division',
      '/roles/1/facilityId',
    ]);
    expect(await pointers({ role: 'administrator', division: '32' })).toEqual(['/roles/0/division']);
    expect(await pointers({ ...officer, division: '321' })).toEqual(['/roles/0/division']);
    expect(await pointers({ ...officer, division: '' })).toEqual(['/roles/0/division']);
  });
});

describe('a crash at any write of a registrar, and the same request again', () => {
  const key = aKey();
  const script = [
    { route: `PUT ${FACILITY}`, path: { facility: 'sunshine' }, body: aFacility() },
    { route: `PUT ${FACILITY}/boxes/{box}`, path: { facility: 'sunshine', box: 'box-1' }, body: {} },
    { route: `PUT ${FACILITY}/boxes/{box}/keys/{key}`, path: { facility: 'sunshine', box: 'box-1', key }, body: {} },
    { route: `PUT ${FACILITY}`, path: { facility: 'sunshine' }, body: aFacility({ pack: 'demo', version: 1 }) },
    { route: `DELETE ${FACILITY}/boxes/{box}/keys/{key}`, path: { facility: 'sunshine', box: 'box-1', key } },
  ];

  const run = async (at: number, when: 'before' | 'after') => {
    const one = make();
    await grantTo(one.registry, 'taizhou', { role: 'registrar', division: '3212' });
    const plan = failAt({ at, when, dies: true });
    const call = one.callWith({
      registry: failing(one.registry, plan),
      vitals: failing(one.vitals, plan),
      alarms: failing(one.alarms, plan),
    });
    for (const step of script) {
      const first = await call({ as: 'taizhou', ...step });
      if (first.status < 300) continue;
      expect(first.status).toBe(503);
      plan.restart();
      expect((await call({ as: 'taizhou', ...step })).status).toBeLessThan(300);
    }
    const { items } = await one.registry.listChanges('sunshine', 100);
    return {
      plan,
      kept: {
        facility: await one.registry.readFacility('sunshine'),
        box: await one.registry.readBox('sunshine', 'box-1'),
        keys: [
          await one.registry.isKeyLive('sunshine', 'box-1', key),
          await one.alarms.isKeyLive('sunshine', 'box-1', key),
        ],
        vitals: (await one.vitals.readBox('sunshine', 'box-1'))?.silentAfterMs,
        registryVersion: (await one.vitals.readFacility('sunshine'))?.registryVersion,
      },
      versions: new Set(items.map(({ version, what }) => `${what.split(' ')[0]} ${version}`)),
    };
  };

  it('ends as if nothing had happened, with an entry for each change', async () => {
    const whole = await run(Number.POSITIVE_INFINITY, 'before');
    expect(whole.kept).toMatchObject({ facility: { version: 2 }, box: { liveKeys: [] }, vitals: 15_000 });
    expect(whole.plan.seen).toBeGreaterThan(15);
    for (let at = 1; at <= whole.plan.seen; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { plan, kept, versions } = await run(at, when);
        expect(plan.fired).toBe(true);
        expect(kept, `${when} write ${at}`).toEqual(whole.kept);
        expect(versions, `${when} write ${at}`).toEqual(whole.versions);
      }
    }
  });
});

describe('callers', () => {
  it('without a token, with a malformed one, or while the issuer is away', async () => {
    const handler = makeRegistryHandler(believing(city.registry), city.deps);
    const call = callerOf((event) =>
      handler({ ...event, headers: { ...event.headers, authorization: event.headers['x-raw'] ?? '' } }),
    );
    expect(await call({ as: 'x', route: 'GET /v1/registry/facilities' })).toMatchObject({
      status: 401,
      body: { code: 'token-missing' },
      headers: { 'www-authenticate': 'Bearer' },
    });
    expect((await city.call({ as: 'unreachable', route: 'GET /v1/registry/facilities' })).status).toBe(503);
    expect((await city.call({ as: 'a b', route: 'GET /v1/registry/facilities' })).status).toBe(401);
  });

  it('asking for a route that is not there', async () => {
    expect((await city.call({ as: 'root', route: 'GET /v1/registry/secrets' })).status).toBe(404);
    expect((await city.call({ as: 'root', route: 'toString' })).status).toBe(404);
  });
});
