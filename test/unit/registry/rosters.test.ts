import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeRegistryHandler } from '../../../functions/registry/handler.ts';
import type { RegistryDeps } from '../../../functions/registry/stores.ts';
import { rosterExample } from '../../../shared/contracts/openapi/people-examples.ts';
import { type RosterBody, rosterPage, rosterView } from '../../../shared/contracts/roster.ts';
import type { Delivery } from '../../../shared/domain/delivery/delivery.ts';
import type { RulePack } from '../../../shared/domain/rule-pack.ts';
import { facility } from '../../contract/samples.ts';
import {
  callsOf,
  failAt,
  failing,
  interleave,
  memoryAlarmStore,
  memoryRegistryStore,
  memoryVitalsStore,
} from '../../support/memory-stores.ts';
import { believing, callerOf, grantTo, ISSUER, rosterWorld } from '../../support/people-api.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
const ROSTER = '/v1/registry/rosters/{post}';
const POLICE = 'police~321283';
const HEAD = 'facility~sunshine';
const PHONE = '13800000000';

const make = () => {
  const world = rosterWorld();
  const registry = memoryRegistryStore();
  let ids = 0;
  const deps: RegistryDeps = {
    registry,
    vitals: memoryVitalsStore(),
    alarms: memoryAlarmStore(),
    packs: { packFor: () => ({}) as RulePack, inForce: () => [], isKnown: () => false, topicOf: world.topicOf },
    ...world.deps,
    clock: () => NOW_MS,
    newId: () => `id-${++ids}`,
  };
  const authenticate = believing(registry, [`${ISSUER}|root`]);
  return {
    ...world,
    registry,
    deps,
    call: callerOf(makeRegistryHandler(authenticate, deps)),
    callWith: (more: Partial<RegistryDeps>) => callerOf(makeRegistryHandler(authenticate, { ...deps, ...more })),
  };
};

let city: ReturnType<typeof make>;
beforeEach(async () => {
  city = make();
  await city.registry.putFacility(facility({ division: '321283' }));
  await city.registry.putFacility(facility({ id: 'lakeside', division: '320282' }));
  await grantTo(city.registry, 'taizhou', { role: 'registrar', division: '3212' });
  await grantTo(city.registry, 'county', { role: 'registrar', division: '321283' });
  await grantTo(city.registry, 'wuxi', { role: 'registrar', division: '3202' });
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  await grantTo(city.registry, 'health', { role: 'officer', department: 'health', division: '3212' });
  await grantTo(city.registry, 'head', { role: 'facility', facilityId: 'sunshine' });
});

const li: RosterBody['contacts'][number] = {
  id: 'li',
  name: '李某',
  is: 'person',
  channels: [{ id: 'sms', kind: 'sms', address: PHONE }],
};
const body = (more: object = {}): object => ({ zone: 'Asia/Shanghai', contacts: [li], ...more });
const put = (as: string, post: string, sent: object) =>
  city.call({ as, route: `PUT ${ROSTER}`, path: { post }, body: sent });
const get = (as: string, post: string) => city.call({ as, route: `GET ${ROSTER}`, path: { post } });
const remove = (as: string, post: string) => city.call({ as, route: `DELETE ${ROSTER}`, path: { post } });
const changesOf = async (post: string): Promise<string[]> =>
  (await city.registry.listChanges(post, 100)).items.map(({ what }) => what);
const pointersOf = async (sent: object): Promise<string[]> => {
  const { status, body: problem } = await put('taizhou', POLICE, sent);
  expect(status).toBe(422);
  return problem.faults.map(({ pointer }: { pointer: string }) => pointer);
};
const contactWith = (more: object): object => body({ contacts: [{ ...li, ...more }] });
const channelWith = (channel: object): object => contactWith({ channels: [{ id: 'one', ...channel }] });

describe('a roster', () => {
  it('is written, read back as it was, and its changes name nobody', async () => {
    const { version: _, ...example } = rosterExample;
    const sent = {
      ...example,
      contacts: example.contacts.map((contact) => ({
        ...contact,
        channels: contact.channels.map((one) => (one.secret ? { ...one, secret: 'police.321283.duty-desk' } : one)),
      })),
    };
    expect((await put('taizhou', POLICE, sent)).status).toBe(200);
    const read = rosterView.parse((await get('taizhou', POLICE)).body);
    expect(read).toMatchObject({ post: POLICE, department: 'police', place: '321283', version: 1 });
    const instants = [{ from: '2026-09-30T16:00:00.000Z', to: '2026-10-07T16:00:00.000Z' }];
    expect(read.contacts).toEqual(sent.contacts.map((one) => (one.away ? { ...one, away: instants } : one)));
    await put('taizhou', POLICE, body({ version: 1 }));
    const changes = await changesOf(POLICE);
    expect(changes).toEqual(['roster changed: 0 contacts added, 1 changed, 1 removed', 'roster made: 2 contacts']);
    for (const part of ['李', PHONE, 'li']) expect(changes.join()).not.toContain(part);
    const listed = await city.call({ as: 'auditor', route: `GET ${ROSTER}/changes`, path: { post: POLICE } });
    expect(listed.body.items).toHaveLength(2);
  });

  it('is edited by whoever read it last', async () => {
    await put('taizhou', POLICE, body());
    expect(await put('county', POLICE, body({ contacts: [] }))).toMatchObject({ status: 409, body: { version: 1 } });
    const racing = interleave(city.deps.rosters, {
      method: 'put',
      meanwhile: () =>
        city.deps.rosters.put({ department: 'police', place: '321283', zone: 'UTC', version: 2, contacts: [] }),
    });
    const call = city.callWith({ rosters: racing });
    const sent = {
      as: 'taizhou',
      route: `PUT ${ROSTER}`,
      path: { post: POLICE },
      body: body({ version: 1, contacts: [] }),
    };
    expect(await call(sent)).toMatchObject({ status: 409, body: { version: 2 } });
    expect(await changesOf(POLICE)).toEqual(['roster made: 1 contacts']);
  });

  it('repeated after a crash between the two writes has its entry, once', async () => {
    for (const when of ['before', 'after'] as const) {
      const plan = failAt({ at: 1, when, only: ['appendChange'], dies: true });
      const call = city.callWith({ registry: failing(city.registry, plan) });
      const sent = {
        as: 'taizhou',
        route: `PUT ${ROSTER}`,
        path: { post: `${POLICE}${when === 'before' ? '101' : '102'}` },
        body: body(),
      };
      expect((await call(sent)).status).toBe(503);
      plan.restart();
      expect((await call(sent)).status).toBe(200);
      expect(await changesOf(sent.path.post)).toHaveLength(1);
    }
  });

  it('is removed, twice as once, with an entry', async () => {
    await put('taizhou', POLICE, body());
    expect((await remove('taizhou', POLICE)).status).toBe(204);
    expect((await remove('taizhou', POLICE)).status).toBe(204);
    expect((await get('taizhou', POLICE)).status).toBe(404);
    expect(await changesOf(POLICE)).toEqual(['roster removed', 'roster made: 1 contacts']);
  });

  it.each(['police', 'police~', '~321283', 'police~32128', 'police~321283~x', 'facility~Sun', 'Police~3212'])(
    'of the post %s is none',
    async (post) => {
      expect(await put('taizhou', post, body())).toMatchObject({ status: 400, body: { code: 'path-invalid' } });
    },
  );

  it('of a department of no pack is none either', async () => {
    expect(await put('taizhou', 'polize~321283', body())).toMatchObject({
      status: 400,
      body: { code: 'path-invalid', faults: [{ pointer: '/post' }] },
    });
  });
});

describe('what is refused, and where', () => {
  it('an id twice, a substitute who is not there or the same person', async () => {
    expect(await pointersOf(body({ contacts: [li, li] }))).toEqual(['/contacts/1/id']);
    const two = { ...li, channels: [li.channels[0], li.channels[0]] };
    expect(await pointersOf(body({ contacts: [two] }))).toEqual(['/contacts/0/channels/1/id']);
    expect(await pointersOf(contactWith({ substitute: 'wu' }))).toEqual(['/contacts/0/substitute']);
    expect(await pointersOf(contactWith({ substitute: 'li' }))).toEqual(['/contacts/0/substitute']);
  });

  it('a contact without a way, or with too many', async () => {
    expect(await pointersOf(contactWith({ channels: [] }))).toEqual(['/contacts/0/channels']);
    const seven = Array.from({ length: 7 }, (_, n) => ({ id: `c${n}`, kind: 'sms', address: PHONE }));
    expect(await pointersOf(contactWith({ channels: seven }))).toEqual(['/contacts/0/channels']);
    expect(
      await pointersOf(body({ contacts: Array.from({ length: 33 }, (_, n) => ({ ...li, id: `c${n}` })) })),
    ).toEqual(['/contacts']);
  });

  it.each(['email', 'sms', 'voice'])('%s without an address, or with a secret', async (kind) => {
    const address = kind === 'email' ? 'a@example.org' : PHONE;
    const secret = 'police.321283.x';
    expect(await pointersOf(channelWith({ kind }))).toEqual(['/contacts/0/channels/0/address']);
    expect(await pointersOf(channelWith({ kind, address, secret }))).toEqual(['/contacts/0/channels/0/secret']);
  });

  it.each(['wecom', 'dingtalk', 'feishu', 'webhook'])('%s without a secret, or with an address', async (kind) => {
    const secret = 'police.321283.x';
    expect(await pointersOf(channelWith({ kind }))).toEqual(['/contacts/0/channels/0/secret']);
    expect(await pointersOf(channelWith({ kind, address: PHONE, secret }))).toEqual(['/contacts/0/channels/0/address']);
    expect((await put('taizhou', POLICE, channelWith({ kind, secret }))).status).toBe(200);
  });

  it('the channel of the platform itself', async () => {
    expect(await pointersOf(channelWith({ kind: 'canary', address: PHONE }))).toEqual(['/contacts/0/channels/0/kind']);
  });

  it.each(['110', '119', '120', '12345', '+86110', '138000000', '1.38E+10', '13800000000,13900000000', '+', ''])(
    'the telephone number %s',
    async (address) => {
      expect(await pointersOf(channelWith({ kind: 'voice', address }))).toEqual(['/contacts/0/channels/0/address']);
    },
  );

  it.each([
    'a',
    'a@b',
    'a@b..org',
    'a b@example.org',
    'a@example.org,b@example.org',
    'A <a@example.org>',
    'a@example.org\n',
    'a%b@example.org',
    '.a@example.org',
    'a..b@example.org',
    'a.@example.org',
  ])('the mailbox %j', async (address) => {
    expect(await pointersOf(channelWith({ kind: 'email', address }))).toEqual(['/contacts/0/channels/0/address']);
  });

  it.each(['+8613800000000', '13800000000', '0523-80000000', '02180000000', '+4915112345678'])(
    'but not the telephone number %s',
    async (address) => {
      expect((await put('taizhou', POLICE, channelWith({ kind: 'voice', address }))).status).toBe(200);
    },
  );

  it('an SMS to a landline, which would reach nobody', async () => {
    for (const address of ['0523-80000000', '02180000000']) {
      expect(await pointersOf(channelWith({ kind: 'sms', address }))).toEqual(['/contacts/0/channels/0/address']);
    }
  });

  it.each([PHONE, `li-${PHONE}`, '320106199001011234', '32010619900101123x'])(
    'the id %s: ids stay with incidents, and this one names a person',
    async (id) => {
      expect(await pointersOf(contactWith({ id }))).toEqual(['/contacts/0/id']);
      expect(await pointersOf(channelWith({ kind: 'sms', address: PHONE, id }))).toEqual(['/contacts/0/channels/0/id']);
      expect((await put('taizhou', POLICE, contactWith({ id: '20261108-1' }))).status).toBe(200);
    },
  );

  it('the secret of another post, so that nobody speaks through its bot', async () => {
    for (const secret of ['police.3212.city', 'health.321283.x', 'facility.sunshine.x']) {
      expect(await pointersOf(channelWith({ kind: 'wecom', secret }))).toEqual(['/contacts/0/channels/0/secret']);
    }
    const own = channelWith({ kind: 'wecom', secret: 'facility.sunshine-2.x' });
    expect((await put('head', HEAD, own)).status).toBe(422);
    for (const secret of ['sms', 'police/321283', '../x']) {
      expect(await pointersOf(channelWith({ kind: 'wecom', secret }))).toEqual(['/contacts/0/channels/0/secret']);
    }
  });

  it('quiet hours that never end, absences that end before they begin, hours that are none', async () => {
    const always = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }];
    expect(await pointersOf(channelWith({ kind: 'sms', address: PHONE, quiet: always }))).toEqual([
      '/contacts/0/channels/0/quiet',
    ]);
    const away = [{ from: '2026-10-08T00:00:00+08:00', to: '2026-10-08T00:00:00+08:00' }];
    expect(await pointersOf(contactWith({ away }))).toEqual(['/contacts/0/away/0/to']);
    const shifts = [{ weekdays: [1, 1, 8], from: '24:00', to: '8:00' }];
    expect((await pointersOf(contactWith({ shifts }))).length).toBeGreaterThan(2);
    expect(await pointersOf(body({ zone: 'China' }))).toEqual(['/zone']);
    expect(await pointersOf(body({ phone: PHONE }))).toEqual(['/phone']);
  });
});

describe('who sees and edits what', () => {
  beforeEach(async () => {
    await put('taizhou', POLICE, body());
    await put('taizhou', 'police~3212', body());
    await put('taizhou', 'cdc~321283', body());
    await put('taizhou', HEAD, body());
    await put('wuxi', 'police~320282', body());
  });
  const listed = async (as: string, query: Record<string, string> = {}): Promise<string[]> => {
    const { body: page } = await city.call({ as, route: 'GET /v1/registry/rosters', query });
    return rosterPage.parse(page).items.map(({ post }) => post);
  };

  it('lists hold what the roles reach, and no more', async () => {
    expect(await listed('taizhou')).toEqual(['police~3212', 'cdc~321283', POLICE]);
    expect(await listed('taizhou', { division: '32' })).toEqual(['police~3212', 'cdc~321283', POLICE]);
    expect(await listed('county')).toEqual(['cdc~321283', POLICE]);
    expect(await listed('police')).toEqual(['police~3212', POLICE]);
    expect(await listed('health')).toEqual(['cdc~321283']);
    expect(await listed('head')).toEqual([HEAD]);
    expect(await listed('head', { division: '320282' })).toEqual([]);
    const first = await city.call({ as: 'taizhou', route: 'GET /v1/registry/rosters', query: { limit: '2' } });
    expect(await listed('taizhou', { limit: '2', cursor: first.body.cursor })).toEqual([POLICE]);
    for (const as of ['root', 'stranger']) {
      expect((await city.call({ as, route: 'GET /v1/registry/rosters' })).status).toBe(403);
    }
  });

  it('an auditor sees the post and its hours, and nobody in it', async () => {
    const away = [{ from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z' }];
    const bot = { id: 'bot', kind: 'wecom', secret: 'police.321283.bot' };
    const sent = { contacts: [{ ...li, away, channels: [...li.channels, bot] }], version: 1 };
    expect((await put('taizhou', POLICE, body(sent))).status).toBe(200);
    for (const { text } of [
      await get('auditor', POLICE),
      await city.call({ as: 'auditor', route: 'GET /v1/registry/rosters' }),
    ]) {
      for (const part of ['李', PHONE, 'away', 'secret', '"name"']) expect(text).not.toContain(part);
      expect(text).toContain('"sms"');
    }
    expect((await get('police', POLICE)).text).toContain(PHONE);
  });

  it('a county does not edit its city, a head no department, an officer nothing', async () => {
    const sent = body({ version: 1, contacts: [] });
    for (const [as, post, status] of [
      ['county', 'police~3212', 403],
      ['wuxi', POLICE, 403],
      ['head', POLICE, 403],
      ['police', POLICE, 403],
      ['auditor', POLICE, 403],
      ['root', POLICE, 403],
      ['head', 'facility~lakeside', 404],
      ['taizhou', 'facility~lakeside', 404],
      ['taizhou', 'facility~nowhere', 404],
      ['auditor', HEAD, 403],
    ] as const) {
      expect((await put(as, post, sent)).status, `${as} ${post}`).toBe(status);
      expect((await remove(as, post)).status, `${as} ${post}`).toBe(status);
    }
    expect((await get('health', POLICE)).status).toBe(403);
    expect((await get('police', HEAD)).status).toBe(403);
    expect((await put('head', HEAD, sent)).status).toBe(200);
  });
});

describe('a channel test', () => {
  const ask = (as: string, more: object = {}, post = POLICE) =>
    city.call({ as, route: `POST ${ROSTER}/tests`, path: { post }, body: { contact: 'li', channel: 'sms', ...more } });
  const read = (as: string, test: string) =>
    city.call({ as, route: `GET ${ROSTER}/tests/{test}`, path: { post: POLICE, test } });
  const delivery = (noticeId: string, more: Partial<Delivery> = {}): Delivery => ({
    incidentId: `test~${POLICE}`,
    noticeId,
    post: POLICE,
    contact: 'li',
    department: 'police',
    duty: 'act',
    lane: 'technical',
    kind: 'test',
    rung: 0,
    state: 'delivered',
    createdAtMs: NOW_MS,
    attempts: [{ channel: 'sms', kind: 'sms', atMs: NOW_MS + 1, outcome: 'accepted' }],
    attemptCount: 1,
    deliveredAtMs: NOW_MS + 2,
    dueAtMs: NOW_MS,
    revision: 2,
    ...more,
  });
  beforeEach(async () => {
    await put('taizhou', POLICE, body());
  });

  it('is asked for, waits, and then shows its attempts', async () => {
    const asked = await ask('taizhou');
    expect(asked.status).toBe(202);
    const { id } = asked.body;
    expect(city.asked).toEqual([{ id, post: POLICE, contact: 'li', channel: 'sms', by: `${ISSUER}|taizhou` }]);
    expect((await read('taizhou', id)).body).toEqual({ id, state: 'waiting', attempts: [] });
    city.kept.push(delivery('other', { state: 'owed' }), delivery(id));
    expect((await read('county', id)).body).toEqual({
      id,
      state: 'delivered',
      contact: 'li',
      attempts: [{ channel: 'sms', kind: 'sms', at: '2026-03-02T02:00:00.001Z', outcome: 'accepted' }],
      deliveredAt: '2026-03-02T02:00:00.002Z',
    });
    expect((await changesOf(POLICE))[0]).toBe('test of a channel sms');
  });

  it('of what is not there is refused', async () => {
    expect(await ask('taizhou', { contact: 'wu' })).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/contact' }] },
    });
    expect(await ask('taizhou', { channel: 'mail' })).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/channel' }] },
    });
    expect((await ask('taizhou', {}, 'police~3212')).status).toBe(404);
    expect(city.asked).toEqual([]);
  });

  it('is no way to ring somebody all day, though none of the tests was sent yet', async () => {
    for (let n = 0; n < 10; n += 1) expect((await ask(n % 2 ? 'taizhou' : 'county')).status).toBe(202);
    expect(await ask('taizhou')).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(city.asked).toHaveLength(10);
    const later = city.callWith({ clock: () => NOW_MS + 600_000 });
    const again = {
      as: 'taizhou',
      route: `POST ${ROSTER}/tests`,
      path: { post: POLICE },
      body: { contact: 'li', channel: 'sms' },
    };
    expect((await later(again)).status).toBe(202);
  });

  it('is for who may edit the roster', async () => {
    for (const as of ['police', 'auditor', 'head', 'wuxi', 'root']) {
      expect((await ask(as)).status, as).toBe(403);
      expect((await read(as, 'id-1')).status, as).toBe(403);
    }
    expect(city.asked).toEqual([]);
  });
});

describe('a table of people', () => {
  const sample = readFileSync(join(import.meta.dirname, '../../../docs/people-sample.csv'), 'utf8');
  const send = (as: string, csv: string, query: Record<string, string> = {}) =>
    city.call({ as, route: 'POST /v1/registry/rosters/import', body: csv, type: 'text/csv; charset=utf-8', query });
  const HEADER = 'department,place,id,name,sms,shifts,substitute';
  const table = (...lines: string[]): string => [HEADER, ...lines].join('\n');
  const faultsOf = async (csv: string, as = 'taizhou'): Promise<string[]> => {
    const { status, body: problem } = await send(as, csv);
    expect(status, JSON.stringify(problem)).toBe(422);
    return problem.faults.map(({ pointer }: { pointer: string }) => pointer);
  };

  it('the sample of the manual is imported as it stands', async () => {
    expect(sample.charCodeAt(0)).toBe(0xfeff);
    const dry = await send('taizhou', sample, { dryRun: 'true' });
    expect(dry.body.rosters.map(({ post, outcome }: Record<string, string>) => `${post} ${outcome}`)).toEqual([
      'facility~sunshine created',
      'police~321283 created',
      'health~3212 created',
      'town~321283101 created',
    ]);
    expect((await city.deps.rosters.list('32', 10)).items).toEqual([]);
    expect((await send('taizhou', sample)).body.dryRun).toBe(false);
    const police = await city.deps.rosters.read({ department: 'police', place: '321283' });
    expect(police?.zone).toBe('Asia/Shanghai');
    expect(police?.contacts).toEqual([
      {
        id: 'duty-room',
        name: '值班室',
        is: 'group',
        channels: [{ id: 'wecom', kind: 'wecom', secret: 'police.321283.duty-room' }],
      },
      {
        id: 'li',
        name: '李某',
        is: 'person',
        role: 'duty',
        shifts: [
          { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '20:00' },
          { weekdays: [6, 7], from: '09:00', to: '17:00' },
        ],
        substitute: 'zhao',
        channels: [{ id: 'sms', kind: 'sms', address: '13800000004' }],
      },
      {
        id: 'zhao',
        name: '赵某',
        is: 'person',
        role: 'duty',
        shifts: [{ weekdays: [1, 2, 3, 4, 5], from: '20:00', to: '08:00' }],
        channels: [
          { id: 'sms', kind: 'sms', address: '13800000005' },
          { id: 'email', kind: 'email', address: 'zhao@example.org' },
        ],
      },
    ]);
    const head = await city.deps.rosters.read({ department: 'facility', place: 'sunshine' });
    expect(head?.contacts[0]?.channels[0]?.quiet).toEqual([
      { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' },
    ]);
    expect(head?.contacts.map(({ role }) => role)).toEqual(['head', 'duty', 'installer']);
    const again = await send('taizhou', sample);
    expect(new Set(again.body.rosters.map(({ outcome }: Record<string, string>) => outcome))).toEqual(
      new Set(['same']),
    );
    expect(await changesOf(POLICE)).toEqual(['roster made: 3 contacts']);
  });

  it('tells every fault of the file at once, by its line, and writes nothing', async () => {
    const csv = table(
      'police,321283,li,李某,13911112222,,',
      'police,321283,li,李某,1.38E+10,nonsense,nobody',
      '',
      'police,320282,wu,吴某,13911112222,,',
      'polize,321283,wu,吴某,13911112222,,',
      'police,32128,wu,吴某,13911112222,,',
      'fire,321283,wu,,13911112222,,,extra',
      'fire,321283,he,何某,,,',
    );
    expect(await faultsOf(csv)).toEqual([
      '/3/shifts',
      '/3/id',
      '/3/sms',
      '/3/substitute',
      '/5/place',
      '/6/place',
      '/7/place',
      '/8',
      '/8/name',
      '/9/channels',
    ]);
    expect((await city.deps.rosters.list('32', 10)).items).toEqual([]);
    const { text } = await send('taizhou', csv);
    for (const part of ['李某', '13911112222', '1.38E', 'nonsense']) expect(text).not.toContain(part);
  });

  it('names what is wrong with the header', async () => {
    expect(await faultsOf('department,place,id,telephone,id\npolice,321283,li,x,y')).toEqual([
      '/1/telephone',
      '/1/id',
      '/1/name',
      '/1',
    ]);
    expect(await faultsOf('')).toEqual(['/1']);
    expect(await faultsOf(`${HEADER}\n`)).toEqual(['/2']);
  });

  it('is taken with the separators and line ends of other offices', async () => {
    const lines = ['police,321283,li,李某,13800000000,周一至周五 8：00－20：00,', ',,,,,,'];
    for (const separator of [';', '\t']) {
      const csv = `\uFEFF${table(...lines)}\n`.replaceAll(',', separator).replaceAll('\n', '\r\n');
      expect((await send('taizhou', csv)).status).toBe(200);
    }
    expect((await city.deps.rosters.read({ department: 'police', place: '321283' }))?.contacts[0]?.shifts).toEqual([
      { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '20:00' },
    ]);
  });

  it('is taken where somebody added lines with another editor, and faults keep their lines', async () => {
    const saved = `${table('police,321283,li,李某,13800000000,,')}`.trimEnd().replaceAll('\n', '\r\n');
    const added = 'police,321283,he,何某,13800000001,,\nfire,321283,wu,吴某,13800000002,,\n';
    expect((await send('taizhou', `${saved}\r\n${added}`)).status).toBe(200);
    const { contacts } = (await city.deps.rosters.read({ department: 'police', place: '321283' })) ?? {};
    expect(contacts?.map(({ id }) => id)).toEqual(['li', 'he']);
    expect(await faultsOf(`${saved}\r\n${added}police,321283,,无名,13800000003,,\n`)).toEqual(['/5/id']);
  });

  it('of more posts than one request may write is refused before anything is read', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, n) => `police,321283${100 + n},li,Li,${PHONE},,`);
    expect((await send('taizhou', table(...lines(100)), { dryRun: 'true' })).status).toBe(200);
    const before = callsOf(city.deps.rosters).length;
    expect(await faultsOf(table(...lines(101)))).toEqual(['/1']);
    expect(callsOf(city.deps.rosters)).toHaveLength(before);
  });

  it('that is no UTF-8, or whose quotes do not close, is refused without quoting it', async () => {
    for (const csv of ['department,place\uFFFD', table('police,321283,li,"李某,13800000000,,')]) {
      const { status, body: problem, text } = await send('taizhou', csv);
      expect([status, problem.code]).toEqual([400, 'not-csv']);
      expect(text).not.toContain('李');
    }
    const json = await city.call({ as: 'taizhou', route: 'POST /v1/registry/rosters/import', body: {} });
    expect(json).toMatchObject({ status: 415, body: { code: 'not-csv-content-type' } });
    expect((await send('taizhou', 'x'.repeat(262_145))).status).toBe(413);
  });

  it('replaces the people of its posts, keeps their absences and hours of the zone, and no other post', async () => {
    const away = [{ from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z' }];
    await put(
      'taizhou',
      POLICE,
      body({
        zone: 'Asia/Urumqi',
        contacts: [
          { ...li, away },
          { ...li, id: 'wu' },
        ],
      }),
    );
    await put('taizhou', 'fire~321283', body());
    const csv = table('police,321283,li,李某,13900000000,,', 'police,321283,he,何某,13900000000,,');
    const { body: done } = await send('county', csv);
    expect(done.rosters).toEqual([
      { post: POLICE, outcome: 'changed', version: 2, added: ['he'], changed: ['li'], removed: ['wu'] },
    ]);
    const police = await city.deps.rosters.read({ department: 'police', place: '321283' });
    expect(police).toMatchObject({ zone: 'Asia/Urumqi', version: 2 });
    expect(police?.contacts[0]?.away).toHaveLength(1);
    expect((await get('taizhou', 'fire~321283')).body.version).toBe(1);
  });

  it('imported again after a crash between the two writes has its entry, once', async () => {
    const csv = table('police,321283,li,李某,13900000000,,');
    const plan = failAt({ at: 1, when: 'before', only: ['appendChange'], dies: true });
    const call = city.callWith({ registry: failing(city.registry, plan) });
    const sent = { as: 'taizhou', route: 'POST /v1/registry/rosters/import', body: csv, type: 'text/csv' };
    expect((await call(sent)).status).toBe(503);
    plan.restart();
    expect((await call({ ...sent, query: { dryRun: 'true' } })).body.rosters[0].outcome).toBe('same');
    expect(await changesOf(POLICE)).toEqual([]);
    for (const _ of ['again', 'and again']) expect((await call(sent)).body.rosters[0].outcome).toBe('same');
    expect(await changesOf(POLICE)).toEqual(['roster repeated']);
  });

  it('says what is wrong in words that a clerk can follow, and in no pattern', async () => {
    const csv = 'department,place,id,name,wecom\npolice,321283,李某,李某,https://bot';
    const messages = (await send('taizhou', csv)).body.faults.map(({ message }: { message: string }) => message);
    expect(messages).toEqual([
      'line 2, id: is no id: at most 32 small letters, digits and hyphens, such as duty-room',
      'line 2, wecom: is no name of a secret: <department>.<place>.<name>, such as police.321283.duty-room',
    ]);
  });

  it('says which roster somebody else edited meanwhile; the others are written', async () => {
    const rosters = interleave(city.deps.rosters, {
      method: 'put',
      meanwhile: () =>
        city.deps.rosters.put({ department: 'police', place: '321283', zone: 'UTC', version: 1, contacts: [] }),
    });
    const csv = table('police,321283,li,李某,13900000000,,', 'fire,321283,he,何某,13900000000,,');
    const { body: done } = await city.callWith({ rosters })({
      as: 'taizhou',
      route: 'POST /v1/registry/rosters/import',
      body: csv,
      type: 'text/csv',
    });
    expect(done.rosters.map(({ outcome }: Record<string, string>) => outcome)).toEqual(['conflict', 'created']);
  });

  it('of whatever nonsense is answered with what is wrong, and never by a failure of ours', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        'police',
        '321283',
        'li',
        'constructor',
        '__proto__',
        '机构',
        '1-5 08:00-20:00',
        '"',
        '~',
        '\t',
        PHONE,
      ),
      fc.string({ maxLength: 12, unit: 'binary' }),
    );
    const anyTable = fc.array(fc.array(cell, { maxLength: 9 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyTable, fc.boolean(), async (rows, withHeader) => {
        const csv = [...(withHeader ? [HEADER] : []), ...rows.map((row) => row.join(','))].join('\n');
        const { status } = await send('taizhou', csv, { dryRun: 'true' });
        expect([200, 400, 422]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });

  it('reaches what its sender may edit: a head the own roster, officers and auditors nothing', async () => {
    const own = table('机构,sunshine,wang,王某,13900000000,,');
    expect((await send('head', own)).status).toBe(200);
    expect(await faultsOf(table('police,321283,li,李某,13900000000,,'), 'head')).toEqual(['/2/place']);
    expect(await faultsOf(table('facility,lakeside,wang,王某,13900000000,,'), 'head')).toEqual(['/2/place']);
    const bot = 'department,place,id,name,wecom\npolice,321283,bot,值班室,police.3212.city';
    expect(await faultsOf(bot)).toEqual(['/2/wecom']);
    for (const as of ['police', 'auditor', 'root', 'stranger']) expect((await send(as, own)).status, as).toBe(403);
  });
});
