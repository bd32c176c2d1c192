import { beforeEach, describe, expect, it } from 'vitest';
import { makeRegistryHandler } from '../../../functions/registry/handler.ts';
import type { RegistryDeps } from '../../../functions/registry/stores.ts';
import { holdPage, holdView } from '../../../shared/contracts/holds.ts';
import type { LegalHold } from '../../../shared/domain/facility.ts';
import { MOST_OPEN_HOLDS } from '../../../shared/domain/legal-holds.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import type { OwnRecord } from '../../../shared/use-cases/keep-evidence.ts';
import {
  callsOf,
  failing,
  interleave,
  memoryAlarmStore,
  memoryRegistryStore,
  memoryVitalsStore,
} from '../../support/memory-stores.ts';
import { aFacility, believing, callerOf, grantTo, ISSUER, rosterWorld } from '../../support/people-api.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
const at = (ms: number): string => new Date(ms).toISOString();
const FACILITY = '/v1/registry/facilities/{facility}';
const anOrder = (more: object = {}) => ({
  camera: 'cam-1',
  from: at(NOW_MS - 3 * DAY_MS),
  to: at(NOW_MS - 2 * DAY_MS),
  until: at(NOW_MS + 100 * DAY_MS),
  ...more,
});

const make = () => {
  const [registry, vitals] = [memoryRegistryStore(), memoryVitalsStore()];
  const world = rosterWorld().deps;
  const sealed: OwnRecord[] = [];
  let nowMs = NOW_MS;
  let ids = 0;
  const deps: RegistryDeps = {
    registry,
    vitals,
    alarms: memoryAlarmStore(),
    packs: { packFor, inForce: () => [], isKnown: () => true, topicOf: () => undefined },
    ...world,
    keepEvidence: async (entry) => {
      sealed.push(entry);
    },
    clock: () => nowMs,
    newId: () => `change-${++ids}`,
  };
  const handlerOf = (more: Partial<RegistryDeps> = {}) =>
    callerOf(makeRegistryHandler(believing(registry), { ...deps, ...more }));
  const order = (as: string, body: object = anOrder(), more: Partial<RegistryDeps> = {}) =>
    handlerOf(more)({ as, route: `POST ${FACILITY}/holds`, path: { facility: 'sunshine' }, body });
  const release = (as: string, hold: string, more: Partial<RegistryDeps> = {}) =>
    handlerOf(more)({ as, route: `POST ${FACILITY}/holds/{hold}/release`, path: { facility: 'sunshine', hold } });
  const list = (as: string, query?: Record<string, string>) =>
    handlerOf()({ as, route: `GET ${FACILITY}/holds`, path: { facility: 'sunshine' }, ...(query && { query }) });
  const put = (body: object) =>
    handlerOf()({ as: 'registrar', route: `PUT ${FACILITY}`, path: { facility: 'sunshine' }, body });
  return {
    registry,
    vitals,
    records: world.records,
    sealed,
    order,
    release,
    list,
    put,
    pass: (ms: number) => {
      nowMs += ms;
    },
    holds: async (): Promise<readonly LegalHold[]> => (await registry.readFacility('sunshine'))?.legalHolds ?? [],
    changes: async () => (await registry.listChanges('sunshine', 100)).items.map(({ what }) => what),
  };
};

let city: ReturnType<typeof make>;
beforeEach(async () => {
  city = make();
  await grantTo(city.registry, 'registrar', { role: 'registrar', division: '3212' });
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  await grantTo(city.registry, 'fire', { role: 'officer', department: 'fire', division: '3212' });
  await grantTo(city.registry, 'head', { role: 'facility', facilityId: 'sunshine' });
  await city.put(aFacility());
});

describe('an order to keep recordings', () => {
  it('is an edit of the facility: the sweep looks at once, and the log and the seal say who ordered what', async () => {
    const ordered = await city.order('police');
    expect(ordered.status).toBe(200);
    expect(holdView.parse(ordered.body)).toEqual({
      ...anOrder(),
      hold: 'hold-1',
      box: 'box-1',
      orderedAt: at(NOW_MS),
      by: 'police',
      state: 'open',
      confirmed: [],
      notConfirmedSince: at(NOW_MS),
    });
    expect((await city.registry.readFacility('sunshine'))?.version).toBe(2);
    expect(await city.vitals.readFacility('sunshine')).toMatchObject({ registryVersion: 2, dueAtMs: 0 });
    expect((await city.changes())[0]).toBe('hold-1 ordered by police: camera cam-1');
    expect((await city.registry.listChanges('sunshine', 1)).items[0]).toMatchObject({
      by: `${ISSUER}|police`,
      version: 2,
    });
    expect(city.sealed).toEqual([
      {
        facility: 'sunshine',
        kind: 'hold',
        id: 'hold-1.ordered',
        receivedAtMs: NOW_MS,
        body: { hold: 'hold-1', is: 'ordered', by: 'police', ...anOrder(), orderedAt: at(NOW_MS) },
      },
    ]);
    expect(JSON.stringify(city.sealed)).not.toContain(ISSUER);
  });

  it('given again because its answer was lost is the one that stands, with its entries', async () => {
    const onceOnly = failing(city.registry, { at: 1, when: 'before', only: ['appendChange'] });
    expect((await city.order('police', anOrder(), { registry: onceOnly })).status).toBe(503);
    expect(city.sealed).toHaveLength(1);
    city.pass(60_000);
    expect((await city.order('police')).body).toMatchObject({ hold: 'hold-1', orderedAt: at(NOW_MS) });
    expect((await city.order('police')).status).toBe(200);
    expect(await city.holds()).toHaveLength(1);
    expect((await city.changes()).filter((what) => what.startsWith('hold-1'))).toHaveLength(1);
    // Sealed, and dead before its entry: sealed again, and no third time.
    const [first, second, ...more] = city.sealed;
    expect(second).toEqual({ ...first, receivedAtMs: NOW_MS + 60_000 });
    expect(more).toEqual([]);
    expect((await city.order('auditor')).body).toMatchObject({ hold: 'hold-2', by: 'auditor' });
  });

  it('has its vitals first, so that a crash between leaves a facility that is looked at', async () => {
    const broken = failing(city.registry, { at: 1, when: 'before', only: ['putFacility'] });
    expect((await city.order('police', anOrder(), { registry: broken })).status).toBe(503);
    expect(await city.vitals.readFacility('sunshine')).toMatchObject({ registryVersion: 2, dueAtMs: 0 });
    expect(await city.holds()).toEqual([]);
  });

  it('of two at once both stand, each with its own id', async () => {
    const raced = interleave(city.registry, { method: 'putFacility', meanwhile: () => city.order('auditor') });
    expect((await city.order('police', anOrder(), { registry: raced })).body).toMatchObject({ hold: 'hold-2' });
    expect((await city.holds()).map(({ id, by }) => [id, by])).toEqual([
      ['hold-1', 'auditor'],
      ['hold-2', 'police'],
    ]);
  });

  it('is given by officers who act on recordings and by auditors, and by nobody else', async () => {
    for (const as of ['registrar', 'head', 'fire']) {
      expect((await city.order(as)).body, as).toMatchObject({ code: 'forbidden' });
      expect((await city.release(as, 'hold-1')).body, as).toMatchObject({ code: 'forbidden' });
    }
    expect((await city.order('stranger')).status).toBe(404);
    expect(await city.holds()).toEqual([]);
  });

  it.each([
    ['no such camera', { camera: 'cam-9' }, '/camera'],
    ['nothing', { to: at(NOW_MS - 3 * DAY_MS) }, '/to'],
    ['more than a year', { from: at(NOW_MS - 366 * DAY_MS - 1), to: at(NOW_MS) }, '/to'],
    ['what it cannot keep to the end', { until: at(NOW_MS - 2 * DAY_MS - 1) }, '/until'],
    ['longer than three years', { until: at(NOW_MS + 3 * 366 * DAY_MS + 1) }, '/until'],
    ['what is over', { until: at(NOW_MS) }, '/until'],
    ['an id of its own', { id: 'hold-9' }, '/id'],
  ])('about %s is refused, and told where', async (_, more, pointer) => {
    const refused = await city.order('police', anOrder(more));
    expect(refused).toMatchObject({ status: 422, body: { faults: [{ pointer }] } });
    expect(await city.holds()).toEqual([]);
  });

  it('is one of at most as many as bind a facility at once', async () => {
    const stored = await city.registry.readFacility('sunshine');
    if (stored === undefined) throw new Error('no facility');
    const one = {
      camera: 'cam-1',
      fromMs: 0,
      toMs: 1,
      orderedAtMs: 1,
      untilMs: NOW_MS + DAY_MS,
      by: 'police' as const,
    };
    const legalHolds = Array.from({ length: MOST_OPEN_HOLDS }, (_, n) => ({ ...one, id: `hold-${n + 1}` }));
    await city.registry.putFacility({ ...stored, version: 2, legalHolds });
    expect((await city.order('police')).status).toBe(422);
    expect((await city.release('police', 'hold-7')).status).toBe(200);
    expect((await city.order('police')).body).toMatchObject({ hold: `hold-${MOST_OPEN_HOLDS + 1}` });
  });
});

describe('its end', () => {
  it('is kept on record, whoever gave it, and releasing it twice is releasing it once', async () => {
    await city.order('police');
    city.pass(HOUR_MS);
    expect((await city.release('auditor', 'hold-1')).body).toMatchObject({
      state: 'released',
      releasedAt: at(NOW_MS + HOUR_MS),
      releasedBy: 'auditor',
    });
    city.pass(HOUR_MS);
    expect((await city.release('police', 'hold-1')).body).toMatchObject({ releasedAt: at(NOW_MS + HOUR_MS) });
    expect((await city.changes()).filter((what) => what.startsWith('hold-1 released'))).toEqual([
      'hold-1 released by auditor: camera cam-1',
    ]);
    expect(city.sealed.map(({ id }) => id)).toEqual(['hold-1.ordered', 'hold-1.released']);
    expect((await city.release('police', 'hold-9')).status).toBe(404);
  });

  it('comes by itself, and then nobody releases it', async () => {
    await city.order('police');
    city.pass(100 * DAY_MS);
    expect((await city.release('police', 'hold-1')).body).toMatchObject({ state: 'expired' });
    expect((await city.holds())[0]).not.toHaveProperty('releasedAtMs');
  });
});

describe('a registrar', () => {
  it('edits the facility and neither loses, ends nor forges an order', async () => {
    await city.order('police');
    expect((await city.put(aFacility({ version: 2, entrance: '西门' }))).status).toBe(200);
    expect(await city.holds()).toMatchObject([{ id: 'hold-1', by: 'police' }]);
    const forged = { ...aFacility({ version: 3 }), legalHolds: [{ camera: 'cam-1', until: at(NOW_MS + DAY_MS) }] };
    expect((await city.put(forged)).status).toBe(422);
  });

  it('cannot take away the camera that one is about; it may be retired', async () => {
    await city.order('police');
    const body = aFacility({ version: 2 });
    const cameras = body.cameras.map((one) => ({ ...one, id: 'cam-x' }));
    expect(await city.put({ ...body, cameras })).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/cameras' }] },
    });
    const retired = body.cameras.map((one) => ({ ...one, retiredAt: at(NOW_MS) }));
    expect((await city.put({ ...body, cameras: retired })).status).toBe(200);
    await city.release('police', 'hold-1');
    expect((await city.put({ ...body, cameras, version: 4 })).status).toBe(200);
  });
});

describe('the list of orders', () => {
  const span = { fromMs: NOW_MS - 3 * DAY_MS, toMs: NOW_MS - 2 * DAY_MS };
  const says = (fromMs: number, toMs: number, receivedAtMs: number, day: string) =>
    city.records.saveHeldDay(
      'sunshine',
      {
        camera: 'cam-1',
        day,
        recorded: [],
        reported: [],
        reportedAtMs: receivedAtMs,
        confirmedHolds: [{ hold: 'hold-1', fromMs, toMs, receivedAtMs }],
        revision: 1,
      },
      undefined,
    );

  it('says of each when its box confirmed what, and of an open one since when it has not', async () => {
    await city.order('police');
    const half = span.fromMs + HOUR_MS;
    await says(span.fromMs, half, NOW_MS + HOUR_MS, '2026-03-02');
    expect((await city.list('head')).body.items).toMatchObject([
      { confirmed: [{ at: at(NOW_MS + HOUR_MS), to: at(half) }], notConfirmedSince: at(NOW_MS) },
    ]);
    city.pass(DAY_MS);
    await says(half, span.toMs, NOW_MS + DAY_MS, '2026-03-03');
    const [item] = holdPage.parse((await city.list('auditor')).body).items;
    expect(item).toMatchObject({ box: 'box-1', confirmedAt: at(NOW_MS + DAY_MS), confirmed: [{}, {}] });
    expect(item).not.toHaveProperty('notConfirmedSince');
  });

  it('reads a few months of each, however long it binds', async () => {
    await city.order('police', anOrder({ until: at(NOW_MS + 900 * DAY_MS) }));
    const asked = (): readonly unknown[] =>
      callsOf(city.records)
        .filter(({ method }) => method === 'heldDays')
        .at(-1)?.args ?? [];
    city.pass(800 * DAY_MS);
    await city.list('head');
    expect(asked().slice(2)).toEqual(['2028-01-11', '2028-05-10']);
    const row = await city.vitals.readFacility('sunshine');
    if (row) await city.vitals.patchFacility(row, { holdsConfirmed: { 'hold-1': NOW_MS + DAY_MS } });
    expect((await city.list('head')).body.items).toMatchObject([{ confirmedAt: at(NOW_MS + DAY_MS) }]);
    expect(asked().slice(2)).toEqual(['2026-03-02', '2026-03-03']);
    city.pass(100 * DAY_MS);
    if (row) await city.vitals.patchFacility({ ...row, revision: row.revision + 1 }, { holdsConfirmed: {} });
    await city.list('head');
    expect(asked().slice(2)).toEqual(['2026-03-02', '2026-06-30']);
  });

  it('is read by who may read recordings, the last order first, page by page', async () => {
    for (const day of [1, 2, 3]) await city.order('police', anOrder({ until: at(NOW_MS + day * DAY_MS) }));
    const first = holdPage.parse((await city.list('head', { limit: '2' })).body);
    expect(first.items.map(({ hold }) => hold)).toEqual(['hold-3', 'hold-2']);
    const second = await city.list('head', { limit: '2', cursor: first.cursor ?? '' });
    expect(second.body.items.map(({ hold }: { hold: string }) => hold)).toEqual(['hold-1']);
    expect(second.body).not.toHaveProperty('cursor');
    expect((await city.list('head', { cursor: '99' })).body).toMatchObject({ code: 'cursor-invalid' });
    expect((await city.list('fire')).status).toBe(403);
  });

  it('shows one that was filed before orders had an id', async () => {
    const stored = await city.registry.readFacility('sunshine');
    if (stored === undefined) throw new Error('no facility');
    const legalHolds = [{ camera: 'cam-1', untilMs: NOW_MS + DAY_MS }];
    await city.registry.putFacility({ ...stored, version: 2, legalHolds });
    expect(holdPage.parse((await city.list('auditor')).body).items).toEqual([
      { camera: 'cam-1', until: at(NOW_MS + DAY_MS), state: 'open', confirmed: [] },
    ]);
    expect(callsOf(city.registry).length).toBeGreaterThan(0);
  });
});
