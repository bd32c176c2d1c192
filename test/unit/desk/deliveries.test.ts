import { beforeEach, describe, expect, it } from 'vitest';
import { deliveryList, noticeFeedPage } from '../../../shared/contracts/desk-deliveries.ts';
import type { AnswerLink, Delivery } from '../../../shared/domain/delivery/delivery.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { openAlarm } from '../../../shared/domain/incidents/open.ts';
import { answer } from '../../../shared/domain/incidents/people.ts';
import type { AlarmReport } from '../../../shared/domain/reports.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../shared/domain/time.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { type DeskWorld, deskWorld, instant, NOW_MS } from '../../support/desk-world.ts';
import { grantTo } from '../../support/people-api.ts';

let city: DeskWorld;
beforeEach(async () => {
  city = await deskWorld();
});

const REPORT = '01950001-8a00-7000-8000-0123456789ab';
const alarm = async (kind: AlarmReport['kind'] = 'panic'): Promise<Incident> => {
  const report = {
    id: REPORT,
    timeMs: NOW_MS,
    ageMs: 900,
    kind,
    area: 'playroom',
    confirmed: 'yes',
    drill: false,
  } as const;
  const sender = { facilityId: 'sunshine', box: 'gate', key: 'k', createdMs: NOW_MS, receivedMs: NOW_MS };
  const incident = openAlarm(report, 'digest', sender, city.sunshine, packFor(city.sunshine, NOW_MS));
  await city.incidents.putIfAbsent(incident);
  return incident;
};
const actingOf = ({ ladder }: Incident, topic: string): string =>
  ladder[0]?.recipients.find((one) => one.topic === topic)?.department ?? '';

const MAILBOX = 'duty.room@police.example';
const roster = (department: string, place: string) => ({
  department,
  place,
  version: 1,
  zone: 'Asia/Shanghai',
  contacts: [
    {
      id: 'duty',
      name: '王建国',
      is: 'person' as const,
      channels: [{ id: 'mail', kind: 'email' as const, address: MAILBOX }],
    },
  ],
});
const delivery = (incident: Incident, department: string, over: Partial<Delivery> = {}): Delivery => ({
  incidentId: incident.id,
  noticeId: `${incident.id}/0/${department}/opened`,
  post: `${department}~${department === 'facility' ? 'sunshine' : '321202'}`,
  contact: 'duty',
  department,
  duty: 'act',
  lane: 'life-safety',
  kind: 'opened',
  rung: 0,
  state: 'delivered',
  createdAtMs: NOW_MS,
  attempts: [
    { channel: 'mail', kind: 'email', atMs: NOW_MS + 1, outcome: 'failed', code: 'timeout' },
    { channel: 'bot', kind: 'wecom', atMs: NOW_MS + 2, outcome: 'accepted' },
  ],
  attemptCount: 2,
  deliveredAtMs: NOW_MS + 2,
  dueAtMs: NOW_MS,
  revision: 3,
  ...over,
});

const DELIVERIES = 'GET /v1/desk/incidents/{incident}/deliveries';
const deliveries = (as: string, incident: string) => city.call({ as, route: DELIVERIES, path: { incident } });

describe('how the notices of an incident went to people', () => {
  it('shows post, contact, every try and its outcome, and never an address', async () => {
    const incident = await alarm();
    const police = actingOf(incident, 'police');
    await city.rosters.put(roster(police, '321202'));
    await city.deliveries.putIfAbsent(delivery(incident, police));
    await city.deliveries.putIfAbsent(
      delivery(incident, 'facility', { state: 'owed', dueAtMs: NOW_MS + MINUTE_MS, contact: 'head' }),
    );
    const { status, body } = await deliveries('police', incident.id);
    expect(status).toBe(200);
    const { items } = deliveryList.parse(body);
    const own = items.find((one) => one.department === police);
    expect(own).toMatchObject({
      contact: 'duty',
      state: 'delivered',
      deliveredAt: instant(NOW_MS + 2),
      attempts: [
        { channel: 'mail', outcome: 'failed', code: 'timeout', at: instant(NOW_MS + 1) },
        { channel: 'bot', kind: 'wecom', outcome: 'accepted' },
      ],
    });
    expect(own).not.toHaveProperty('dueAt');
    expect(items.find((one) => one.department === 'facility')).toMatchObject({ dueAt: instant(NOW_MS + MINUTE_MS) });
    expect(JSON.stringify(body)).not.toContain(MAILBOX);
  });

  it('names the contact only to whoever may read the people of that post', async () => {
    const incident = await alarm();
    const police = actingOf(incident, 'police');
    await city.rosters.put(roster(police, '321202'));
    await city.deliveries.putIfAbsent(delivery(incident, police));
    for (const [as, name] of [
      ['police', '王建国'],
      ['health', undefined],
      ['auditor', undefined],
      ['head', undefined],
    ] as const) {
      const { body } = await deliveries(as, incident.id);
      const [first] = deliveryList.parse(body).items;
      expect(first?.contact, as).toBe('duty');
      expect(first?.contactName, as).toBe(name);
    }
  });

  it('is not there for whoever may not read the incident', async () => {
    const incident = await alarm('abuse');
    await city.deliveries.putIfAbsent(delivery(incident, actingOf(incident, 'police')));
    expect((await deliveries('police', incident.id)).status).toBe(200);
    for (const as of ['head', 'wuxi', 'fire', 'nobody'])
      expect((await deliveries(as, incident.id)).status, as).toBe(404);
  });
});

describe('an incident answered through a link', () => {
  const LOOKUP = 'Abcdef-1_23';
  const answered = async (): Promise<Incident> => {
    const incident = await alarm();
    const department = actingOf(incident, 'police');
    const link: AnswerLink = {
      lookup: LOOKUP,
      incidentId: incident.id,
      noticeId: `${incident.id}/0/${department}/opened`,
      post: `${department}~321202`,
      contact: 'bot',
      department,
      duty: 'act',
      rung: 0,
      group: true,
      test: false,
      createdAtMs: NOW_MS,
      expiresAtMs: NOW_MS + DAY_MS,
    };
    await city.links.putIfAbsent(link);
    await city.links.use(LOOKUP, { choice: 'take', atMs: NOW_MS, name: '王建国', unit: '值班室' });
    const { incident: next } = answer(incident, `link|${LOOKUP}`, NOW_MS);
    await city.incidents.save({ ...next, revision: incident.revision + 1 });
    return incident;
  };
  const read = async (as: string, incident: Incident) =>
    (await city.call({ as, route: 'GET /v1/desk/incidents/{incident}', path: { incident: incident.id } })).body;

  it('shows post and unit to everybody who reads it, and the name to officers of that department alone', async () => {
    const incident = await answered();
    const said = { by: `link|${LOOKUP}`, choice: 'take', at: instant(NOW_MS), unit: '值班室', contact: 'bot' };
    for (const as of ['police', 'health', 'auditor', 'head']) {
      const body = await read(as, incident);
      expect(body, as).toMatchObject({
        answeredBy: said.by,
        through: [{ ...said, department: actingOf(incident, 'police') }],
      });
      expect(JSON.stringify(body).includes('王建国'), as).toBe(as === 'police');
    }
  });

  it('has no such part where nobody used a link', async () => {
    expect(await read('police', await alarm())).not.toHaveProperty('through');
  });
});

describe('notices that a department pulls', () => {
  const pull = async (as: string, query: Record<string, string> = {}) => {
    const { status, body } = await city.call({ as, route: 'GET /v1/desk/notices', query });
    expect(status).toBe(200);
    return noticeFeedPage.parse(body);
  };
  const keep = (id: string, atMs: number, topic = 'police', division = '321202001') =>
    city.feed.keep(topic, { noticeId: id, incidentId: 'sunshine~alarm~gate~1', division, atMs, data: { notice: id } });
  const everything = async (as: string, first: Record<string, string>, limit: number) => {
    const ids: string[] = [];
    let page = await pull(as, { ...first, limit: String(limit) });
    for (let pages = 0; pages < 200; pages += 1) {
      ids.push(...page.items.map(({ notice }) => notice));
      if (!page.more) return { ids, cursor: page.cursor };
      page = await pull(as, { after: page.cursor, limit: String(limit) });
    }
    throw new Error('the feed does not end');
  };

  it('are those of the officer’s department in the officer’s division, oldest first', async () => {
    await keep('b', NOW_MS - 2 * MINUTE_MS);
    await keep('a', NOW_MS - MINUTE_MS);
    await keep('of health', NOW_MS, 'health');
    await keep('of Wuxi', NOW_MS, 'police', '320282001');
    await keep('of long ago', NOW_MS - DAY_MS - 1);
    const page = await pull('police');
    expect(page.items.map(({ notice }) => notice)).toEqual(['b', 'a']);
    expect(page.items[0]).toEqual({
      notice: 'b',
      incident: 'sunshine~alarm~gate~1',
      topic: 'police',
      division: '321202001',
      at: instant(NOW_MS - 2 * MINUTE_MS),
      data: { notice: 'b' },
    });
    expect(page.more).toBe(false);
    expect((await pull('wuxi')).items.map(({ notice }) => notice)).toEqual(['of Wuxi']);
  });

  it.each([1, 2, 3, 7])('come all, each once, over pages of %i, though crowds share an instant', async (limit) => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const id = `n${String(n).padStart(2, '0')}`;
      await keep(id, NOW_MS - MINUTE_MS + Math.floor(n / 5), 'police', n % 2 ? '321202001' : '321203');
      ids.push(id);
    }
    await city.registry.putFacility({ ...city.sunshine, id: 'moon', division: '321203' });
    const { ids: got } = await everything('police', {}, limit);
    expect([...got].sort()).toEqual(ids);
    expect(new Set(got).size).toBe(got.length);
  });

  it('come again while they are younger than two minutes at the end, so that one dated before it was kept is not lost', async () => {
    await keep('first', NOW_MS - SECOND_MS);
    const { cursor } = await pull('police');
    // Dated before the first was read, and in the feed only now.
    await keep('late', NOW_MS - MINUTE_MS);
    const next = await pull('police', { after: cursor });
    expect(next.items.map(({ notice }) => notice)).toEqual(['late', 'first']);
    city.pass(10 * MINUTE_MS);
    const { cursor: later } = await pull('police', { after: next.cursor });
    expect((await pull('police', { after: later })).items).toEqual([]);
  });

  it('move on over entries of streets that are not the officer’s', async () => {
    await grantTo(city.registry, 'street', { role: 'officer', department: 'police', division: '321202009' });
    for (let n = 0; n < 30; n += 1) await keep(`other-${n}`, NOW_MS - MINUTE_MS + n);
    await keep('own', NOW_MS, 'police', '321202009');
    expect((await everything('street', {}, 5)).ids).toEqual(['own']);
  });

  it('are for officers, by a cursor of ours', async () => {
    for (const as of ['auditor', 'head', 'registrar', 'nobody']) {
      expect((await city.call({ as, route: 'GET /v1/desk/notices' })).status, as).toBe(403);
    }
    for (const after of ['x', Buffer.from('[1]').toString('base64url'), Buffer.from('[-1,""]').toString('base64url')]) {
      const { status, body } = await city.call({ as: 'police', route: 'GET /v1/desk/notices', query: { after } });
      expect([status, body.code]).toEqual([400, 'cursor-invalid']);
    }
  });
});
