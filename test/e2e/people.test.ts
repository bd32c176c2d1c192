import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmNews, SendOutcome } from '../../box/client.ts';
import type { BoxIdentity } from '../../box/signer.ts';
import type { WireReport } from '../../box/streams.ts';
import { tokenWithRole } from '../../infra/local/grants.ts';
import { setChannelSecret } from '../../infra/local/secrets.ts';
import type { LocalStack } from '../../infra/local/stack.ts';
import type { IncidentView, OpenedView } from '../../shared/contracts/desk.ts';
import type { DeliveryList, NoticeFeedPage } from '../../shared/contracts/desk-deliveries.ts';
import type { ImportedRoster, RosterBody, RosterView, TestView } from '../../shared/contracts/roster.ts';
import { type BoxKind, type Letter, type Letterboxes, startLetterboxes } from '../support/letterboxes.ts';
import { startTestStack } from '../support/local-stack.ts';
import {
  alarm,
  beat,
  type Caller,
  enrol,
  enrolKey,
  incidentsOf,
  nurseryBody,
  send,
  sent,
  signIn,
} from '../support/outside.ts';

/*
 * One city with its people, as they meet it: each part of the day has a nursery in a county of its own. The town, the
 * police of one county and the city's bureaus come from the table of the documentation; the rest is entered by hand.
 */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const startMs = Date.parse('2026-11-23T10:00:00+08:00');

const policeRoom = 'police.321202.duty-room';
const cityPolice = 'police.3212.room';
const fireRoom = 'fire.3212.room';
const emergencyRoom = 'emergency.3212.room';
const lockedBot = 'police.321203.bot';
const secondWay = 'police.321203.second';
const abuseRooms = ['civil.3212.room', 'market.3212.room'];
const heads = ['drilled', 'muted', 'accused', 'broken'].map((id) => `facility.${id}.head`);

const behind: Readonly<Record<string, BoxKind>> = {
  [policeRoom]: 'wecom',
  [fireRoom]: 'wecom',
  [emergencyRoom]: 'wecom',
  [lockedBot]: 'dingtalk',
  ...Object.fromEntries([cityPolice, secondWay, ...abuseRooms, ...heads].map((name) => [name, 'webhook' as const])),
};

let stack: LocalStack;
let boxes: Letterboxes;
let registrar: Caller;
let police: Caller;
let health: Caller;
let registrarToken: string;

/** The stack's clock, which stands still in between. */
const at = (nowMs: number): number => {
  stack.setClock({ atMs: nowMs, rate: 0 });
  return nowMs;
};

const done = async <T>(caller: Caller, method: string, address: string, body?: unknown): Promise<T> => {
  const answer = await caller.call<T>(method, address, body);
  expect(answer.status, `${method} ${address}: ${answer.text}`).toBeLessThan(300);
  return answer.body;
};

const incidentPath = (id: string, more = ''): string => `/v1/desk/incidents/${encodeURIComponent(id)}${more}`;
const viewOf = (id: string, caller = health): Promise<IncidentView> => done(caller, 'GET', incidentPath(id));
const deliveriesOf = async (id: string, caller = health): Promise<DeliveryList['items']> =>
  (await done<DeliveryList>(caller, 'GET', incidentPath(id, '/deliveries'))).items;

/** What people got out of all that waits in the queues of the lanes. */
const deliver = async (): Promise<readonly Letter[]> => {
  boxes.collect();
  await stack.drain('deliver-notices');
  return boxes.collect();
};

const putPeople = (post: string, ...contacts: RosterBody['contacts']): Promise<RosterView> =>
  done(registrar, 'PUT', `/v1/registry/rosters/${post}`, { zone: 'Asia/Shanghai', contacts });

/** A post with one person behind one webhook. */
const oneAt = (post: string, id: string): Promise<RosterView> => {
  const channels: RosterBody['contacts'][number]['channels'] = [
    { id: 'hook', kind: 'webhook', secret: `${post.replace('~', '.')}.${id}` },
  ];
  return putPeople(post, { id, name: '值班员', is: 'person', channels });
};

const alarmId = (facility: string, report: WireReport): string => `${facility}~alarm~box-1~${report.id}`;

const rung = async (box: BoxIdentity, facility: string, report: WireReport, nowMs: number): Promise<string> => {
  expect(await sent(stack, box, 'alarms', [report], nowMs)).toEqual(['accepted']);
  return alarmId(facility, report);
};

const newsIn = (outcome: SendOutcome): readonly AlarmNews[] =>
  outcome.is === 'answered' ? (outcome.alarms ?? []) : [];

const press = (link: string, form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(link, { method: 'POST', body: new URLSearchParams(form) });

const linkTo = (letters: readonly Letter[], to: string): string => {
  const link = letters.find((letter) => letter.to === to)?.link;
  if (link === undefined) throw new Error(`${to} got no link: ${letters.map((one) => one.to).join(', ')}`);
  return link;
};

const receiversOf = (letters: readonly Letter[]): readonly string[] => [...new Set(letters.map(({ to }) => to))].sort();

/** The sample of the documentation, for this city, with the city's bureaus. */
const table = (): string => {
  const sample = readFileSync(path.join(import.meta.dirname, '../../docs/people-sample.csv'), 'utf8')
    .replaceAll('sunshine', 'sunny')
    .replaceAll('321283', '321202');
  const rooms = [
    ['消防', fireRoom],
    ['应急', emergencyRoom],
  ].map(([department, secret]) => `${department},3212,room,值班室,群,,,,,,,${secret},`);
  return [sample.trimEnd(), ...rooms, ''].join('\r\n');
};

const importTable = async (csv: string, query = ''): Promise<readonly ImportedRoster[]> => {
  const response = await fetch(`${stack.url}/v1/registry/rosters/import${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${registrarToken}`, 'content-type': 'text/csv; charset=utf-8' },
    body: csv,
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return (JSON.parse(text) as { rosters: ImportedRoster[] }).rosters;
};

beforeAll(async () => {
  boxes = await startLetterboxes(behind);
  stack = await startTestStack({ clock: { atMs: startMs, rate: 0 }, channelSecrets: boxes.secrets });
  const role = { role: 'registrar', division: '3212' } as const;
  registrarToken = await tokenWithRole(stack, role);
  registrar = await signIn(stack, role);
  police = await signIn(stack, { role: 'officer', department: 'police', division: '3212' });
  health = await signIn(stack, { role: 'officer', department: 'health', division: '3212' });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await boxes?.stop();
});

describe('a registrar', () => {
  it('enters the people by a table and by hand', async () => {
    await enrol(stack, 'sunny', nurseryBody({ division: '321202101' }));
    const posts = ['facility~sunny', 'police~321202', 'health~3212', 'town~321202101', 'fire~3212', 'emergency~3212'];
    const dry = await importTable(table(), '?dryRun=true');
    expect(dry.map(({ post, outcome }) => [post, outcome])).toEqual(posts.map((post) => [post, 'created']));
    expect((await registrar.call('GET', '/v1/registry/rosters/police~321202')).status).toBe(404);

    const imported = await importTable(table());
    expect(imported.map(({ post, outcome, version }) => [post, outcome, version])).toEqual(
      posts.map((post) => [post, 'created', 1]),
    );
    expect((await importTable(table())).every(({ outcome }) => outcome === 'same')).toBe(true);

    const { version } = await oneAt('police~3212', 'room');
    expect(version).toBe(1);
    for (const secret of abuseRooms) await oneAt(secret.replace('.', '~').replace('.room', ''), 'room');
  });

  it('tests a channel, and the post is reachable once somebody pressed the link', async () => {
    const { contacts } = await done<RosterView>(registrar, 'GET', '/v1/registry/rosters/police~321202');
    const room = contacts.find(({ id }) => id === 'duty-room');
    const channel = room?.channels[0]?.id;
    const tests = '/v1/registry/rosters/police~321202/tests';
    const { id } = await done<{ id: string }>(registrar, 'POST', tests, { contact: 'duty-room', channel });
    const stateOf = async () => (await done<TestView>(registrar, 'GET', `${tests}/${id}`)).state;
    expect(await stateOf()).toBe('waiting');
    const letters = await deliver();
    expect(receiversOf(letters)).toEqual([policeRoom]);
    expect(await stateOf()).toBe('delivered');
    const link = linkTo(letters, policeRoom);
    expect(await (await fetch(link)).text()).toContain('没有发生任何事情');
    expect(await stateOf()).toBe('delivered');
    expect(await (await press(link, { choice: 'seen' })).text()).toContain('测试成功');
    expect(await stateOf()).toBe('seen');

    // Each county has its minute of the day: within one day everybody was asked.
    await stack.fire('watch');
    at(startMs + DAY_MS);
    await stack.fire('watch');
    const lost = (await incidentsOf(health, '321202')).filter(
      ({ rule, facility }) => rule === 'reachable' && facility === 'division-321202',
    );
    const departments = lost.map(({ subject }) => subject);
    expect(departments).toContain('department/fire');
    expect(departments).not.toContain('department/police');
  });
});

describe('the test button of a box', () => {
  it('calls the head and the installer, nobody else, and shows who saw it', async () => {
    const nowMs = at(startMs + DAY_MS + HOUR_MS);
    const box = await enrolKey(stack, 'sunny', 'box-1', '321202');
    await deliver();
    const report = alarm('test', nowMs);
    const id = await rung(box, 'sunny', report, nowMs);
    const letters = await deliver();
    expect(receiversOf(letters)).toEqual(['fitter@example.org', 'head@example.org']);
    for (const { text } of letters) expect(text).not.toContain('紧急');
    expect((await press(linkTo(letters, 'fitter@example.org'), { choice: 'seen' })).status).toBe(200);
    const beaten = await send(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs);
    expect(newsIn(beaten)).toMatchObject([{ id: report.id, delivered: 1, seenBy: [{ department: 'facility' }] }]);
    at(nowMs + MINUTE_MS);
    await stack.fire('watch');
    expect(await viewOf(id)).toMatchObject({ state: 'closed', closeReason: 'test-over' });
  });
});

describe('a panic alarm at night', () => {
  const report = alarm('panic', startMs + DAY_MS + 13 * HOUR_MS, { area: 'play' });
  let box: BoxIdentity;
  let nowMs: number;
  let id: string;
  let letters: readonly Letter[];

  it('is delivered to everybody who has to act, whatever the quiet hours', async () => {
    nowMs = at(startMs + DAY_MS + 13 * HOUR_MS);
    box = await enrolKey(stack, 'sunny', 'box-1', '321202');
    await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs);
    await deliver();
    id = await rung(box, 'sunny', report, nowMs);
    const before = await viewOf(id);
    const acting = before.ladder[0]?.recipients.map((recipient) => recipient.id) ?? [];
    expect([...acting].sort()).toEqual(['emergency', 'facility', 'fire', 'health', 'police']);
    expect(before.notices.published.map(({ department }) => department).sort()).toEqual([...acting].sort());
    expect(before.notices.published.every(({ deliveredAt }) => deliveredAt === undefined)).toBe(true);

    letters = await deliver();
    const after = await viewOf(id);
    expect(after.notices.published.filter(({ deliveredAt }) => deliveredAt === undefined)).toEqual([]);
    expect(receiversOf(letters)).toEqual(
      [emergencyRoom, fireRoom, policeRoom, 'desk@example.org', 'head@example.org', 'zhao@example.org'].sort(),
    );
    for (const { text } of letters) expect(text).toContain('海陵区小苗托育园');
  });

  it('is answered by nobody who only looks', async () => {
    const link = linkTo(letters, 'zhao@example.org');
    for (let times = 0; times < 2; times += 1) {
      await fetch(link, { method: 'HEAD' });
      const page = await fetch(link);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('我来处理');
    }
    expect(await viewOf(id)).toMatchObject({ state: 'open' });
    expect((await deliveriesOf(id)).some(({ state }) => state === 'seen')).toBe(false);
  });

  it('goes on though the head of the nursery knows of it', async () => {
    const link = linkTo(letters, 'head@example.org');
    expect(await (await fetch(link)).text()).not.toContain('我来处理');
    expect((await press(link, { choice: 'take' })).status).toBe(409);
    expect((await press(link, { choice: 'seen' })).status).toBe(200);
    expect(await viewOf(id)).toMatchObject({ state: 'open' });
  });

  it('is answered by whoever presses, once, and a group says who it is', async () => {
    nowMs = at(nowMs + 20_000);
    const link = linkTo(letters, policeRoom);
    expect((await press(link, { choice: 'take' })).status).toBe(422);
    const pressed = await press(link, { choice: 'take', name: '钱某', unit: '二中队' });
    expect(pressed.status).toBe(200);
    expect(await pressed.text()).toContain('您已接手处理');
    expect(await viewOf(id)).toMatchObject({ state: 'answered' });

    const again = await press(link, { choice: 'pass-on', name: '钱某', unit: '二中队' });
    expect(again.status).toBe(410);
    const words = await again.text();
    expect(words).toContain('这个链接已经用过了');
    expect(words).not.toContain('钱某');
    const forged = await press(
      link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      { choice: 'take' },
    );
    expect(forged.status).toBe(404);
    expect(await forged.text()).toContain('这个链接无效');
  });

  it('comes back to the box: who was told, and who saw it', async () => {
    const beaten = await send(stack, box, 'heartbeats', [beat(2, nowMs)], nowMs);
    expect(newsIn(beaten).slice(0, 1)).toMatchObject([
      {
        id: report.id,
        state: 'answered',
        published: 5,
        delivered: 5,
        seenBy: [{ department: 'facility' }, { department: 'police' }],
      },
    ]);
    const repeated = await send(stack, box, 'alarms', [report], nowMs);
    expect(repeated).toMatchObject({
      results: [
        {
          result: 'duplicate',
          receipt: {
            state: 'answered',
            seen: expect.arrayContaining([expect.objectContaining({ department: 'police' })]),
          },
        },
      ],
    });
  });

  it('is seen at the desk: through whom, how it went, and as CAP', async () => {
    const view = await viewOf(id, police);
    expect(view.answeredBy).toMatch(/^link\|/);
    const through = view.through?.find(({ by }) => by === view.answeredBy);
    expect(through).toMatchObject({
      post: 'police~321202',
      contact: 'duty-room',
      choice: 'take',
      unit: '二中队',
      name: '钱某',
    });
    expect((await viewOf(id, health)).through?.every(({ name }) => name === undefined)).toBe(true);

    const zhao = (await deliveriesOf(id, police)).find(({ contact }) => contact === 'zhao');
    expect(zhao).toMatchObject({ state: 'delivered', contactName: '赵某', post: 'police~321202' });
    expect(zhao?.attempts.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['sms', 'failed'],
      ['email', 'accepted'],
    ]);
    const cap = await health.call('GET', incidentPath(id, '/cap'));
    expect(cap.text).toContain('<status>Actual</status>');
  });

  it('can be pulled by a department that no link reaches', async () => {
    const first = await done<NoticeFeedPage>(police, 'GET', '/v1/desk/notices');
    expect(first.items.map(({ incident, topic }) => [incident, topic])).toContainEqual([id, 'police']);
    at(nowMs + 5 * MINUTE_MS);
    const after = encodeURIComponent((await done<NoticeFeedPage>(police, 'GET', '/v1/desk/notices')).cursor);
    expect((await done<NoticeFeedPage>(police, 'GET', `/v1/desk/notices?after=${after}`)).items).toEqual([]);
  });
});

describe('channels that do not work', () => {
  let box: BoxIdentity;
  let nowMs: number;
  const ring = async (): Promise<string> => rung(box, 'broken', alarm('panic', nowMs), nowMs);
  const ways = async (id: string) =>
    (await deliveriesOf(id))
      .filter(({ department }) => department === 'police')
      .flatMap(({ state, attempts }) => [
        state,
        ...attempts.map(({ kind, outcome, code }) => `${kind} ${outcome} ${code ?? ''}`.trim()),
      ]);

  beforeAll(async () => {
    nowMs = at(startMs + DAY_MS + 15 * HOUR_MS);
    box = await enrol(stack, 'broken', nurseryBody({ division: '321203' }));
    await oneAt('facility~broken', 'head');
    await putPeople('police~321203', {
      id: 'room',
      name: '值班员',
      is: 'person',
      channels: [
        { id: 'bot', kind: 'dingtalk', secret: lockedBot },
        { id: 'second', kind: 'webhook', secret: secondWay },
      ],
    });
  });

  it('that say no in a 200, or lock us out, are followed by the next', async () => {
    boxes.reply(lockedBot, { status: 200, body: '{"errcode":130101,"errmsg":"send too fast"}' });
    const first = await ring();
    expect(receiversOf(await deliver())).toContain(secondWay);
    expect(await ways(first)).toEqual(['delivered', 'dingtalk limited 130101', 'webhook accepted']);

    nowMs = at(nowMs + MINUTE_MS);
    const second = await ring();
    await deliver();
    expect(boxes.knocks(lockedBot)).toBe(1);
    expect(await ways(second)).toEqual(['delivered', 'webhook accepted']);
  });

  it('all of them, keep the message until one works again', async () => {
    nowMs = at(nowMs + 30 * MINUTE_MS);
    boxes.reply(lockedBot, { status: 500, body: '' });
    boxes.reply(secondWay, 'hang-up');
    const id = await ring();
    expect(receiversOf(await deliver())).not.toContain(secondWay);
    expect((await ways(id))[0]).toBe('owed');
    boxes.reply(secondWay);
    nowMs = at(nowMs + 2 * MINUTE_MS);
    expect(receiversOf(await deliver())).toEqual([secondWay]);
    expect((await ways(id))[0]).toBe('delivered');
    expect((await viewOf(id)).notices.published.every(({ deliveredAt }) => deliveredAt !== undefined)).toBe(true);
    boxes.reply(lockedBot);
  });

  afterAll(async () => {
    for (const { id } of await incidentsOf(police, '321203'))
      await police.call('POST', incidentPath(id, '/close'), { reason: 'handled' });
  });
});

describe('a silence of which nobody of the first levels can be told', () => {
  it('climbs at once and says why', async () => {
    const nowMs = at(startMs + 2 * DAY_MS);
    const box = await enrol(stack, 'alone', nurseryBody({ division: '321204' }));
    await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs);
    at(nowMs + 4 * MINUTE_MS);
    await stack.fire('watch');
    at(nowMs + 10 * MINUTE_MS);
    await stack.fire('watch');
    const silent = (await incidentsOf(health, '321204')).find(({ rule }) => rule === 'monitoring-running');
    const id = silent?.id ?? '';
    const letters: Letter[] = [];
    for (let minutes = 11; minutes <= 14; minutes += 1) {
      letters.push(...(await deliver()));
      at(nowMs + minutes * MINUTE_MS);
      await stack.fire('watch');
    }
    letters.push(...(await deliver()));
    const { steps, ladder } = await viewOf(id);
    // By its own deadlines the city would hear of it two hours after the facility.
    expect(ladder.map(({ enteredAt }) => enteredAt !== undefined)).toEqual([true, true, true, true]);
    expect(steps.filter(({ kind }) => kind === 'unreachable').map(({ reason }) => reason)).toEqual([
      'facility',
      'town',
      'district_gov',
    ]);
    expect(receiversOf(letters)).toEqual(expect.arrayContaining([cityPolice, 'desk@example.org']));
    const missing = (await deliveriesOf(id)).find(({ department }) => department === 'town');
    expect(missing).toMatchObject({ state: 'nobody', contact: '-' });
  });
});

describe('a drill', () => {
  it('is marked on every hop, scored, and over by itself; what is real inside it stays real', async () => {
    let nowMs = at(startMs + 2 * DAY_MS + 2 * HOUR_MS);
    const box = await enrol(stack, 'drilled', nurseryBody({ division: '321281' }));
    await oneAt('facility~drilled', 'head');
    const toMs = nowMs + HOUR_MS;
    await done(police, 'POST', '/v1/desk/facilities/drilled/drills', {
      id: uuidv7(),
      to: new Date(toMs).toISOString(),
      reason: 'intruder-drill',
    });
    nowMs = at(nowMs + MINUTE_MS);
    const id = await rung(box, 'drilled', alarm('panic', nowMs, { drill: true }), nowMs);
    const drilled = (await deliver()).filter(({ text }) => text.includes('演练'));
    expect(receiversOf(drilled)).toEqual(
      [cityPolice, emergencyRoom, fireRoom, 'desk@example.org', 'facility.drilled.head'].sort(),
    );
    const hook = drilled.find(({ to }) => to === cityPolice);
    expect(hook?.body).toMatchObject({ drill: true });
    expect(await (await fetch(linkTo(drilled, cityPolice))).text()).toContain('演练');
    expect((await health.call('GET', incidentPath(id, '/cap'))).text).toContain('<status>Exercise</status>');
    nowMs = at(nowMs + 40_000);
    await press(linkTo(drilled, cityPolice), { choice: 'take' });
    expect((await viewOf(id)).score).toMatchObject({
      departments: expect.arrayContaining([
        expect.objectContaining({ department: 'police', publishedSeconds: 0, deliveredSeconds: 0, seenSeconds: 40 }),
      ]),
      answer: { seconds: 40 },
    });

    const real = await rung(box, 'drilled', alarm('panic', nowMs), nowMs);
    const letters = await deliver();
    expect(receiversOf(letters)).toContain(cityPolice);
    for (const { text } of letters) expect(text).not.toContain('演练');
    expect(await viewOf(real)).not.toHaveProperty('drill');

    nowMs = at(toMs + MINUTE_MS);
    await stack.fire('watch');
    expect(await viewOf(id)).toMatchObject({ state: 'closed', closeReason: 'drill-over' });
    expect(await viewOf(real)).toMatchObject({ state: 'open' });

    const late = await rung(box, 'drilled', alarm('panic', nowMs, { drill: true }), nowMs);
    expect(await viewOf(late)).not.toHaveProperty('drill');
    expect(await viewOf(late)).toMatchObject({ alarm: { drillFlag: true } });
    expect((await deliver()).find(({ to }) => to === cityPolice)?.body).toMatchObject({ drill: false });
  });
});

describe('a mute', () => {
  it('lets nobody be told until it ends, and the timeline says so', async () => {
    const nowMs = at(startMs + 3 * DAY_MS);
    const box = await enrol(stack, 'muted', nurseryBody({ division: '321282' }));
    await oneAt('facility~muted', 'head');
    const head = await signIn(stack, { role: 'facility', facilityId: 'muted' });
    const windows = '/v1/desk/facilities/muted';
    const asked = {
      id: uuidv7(),
      to: new Date(nowMs + 30 * MINUTE_MS).toISOString(),
      rules: ['monitoring-running'],
      reason: 'network-works',
    };
    await done(head, 'POST', `${windows}/maintenance`, asked);
    expect((await head.call('POST', `${windows}/maintenance/${asked.id}/allow`, {})).status).toBe(403);
    await done(health, 'POST', `${windows}/maintenance/${asked.id}/allow`, {});

    await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs);
    for (const minutes of [4, 12]) {
      at(nowMs + minutes * MINUTE_MS);
      await stack.fire('watch');
    }
    const toHead = (letters: readonly Letter[]) => letters.filter(({ to }) => to === 'facility.muted.head');
    expect(toHead(await deliver())).toEqual([]);
    const silent = (await incidentsOf(health, '321282')).find(({ rule }) => rule === 'monitoring-running');
    const id = silent?.id ?? '';
    const reasons = async () =>
      (await viewOf(id)).steps.filter(({ kind }) => kind === 'no-notice').map(({ reason }) => reason);
    expect(await reasons()).toEqual([`muted ${asked.id} until ${asked.to}`]);

    // An alarm knows no mute.
    await rung(box, 'muted', alarm('panic', nowMs + 12 * MINUTE_MS), nowMs + 12 * MINUTE_MS);
    expect(toHead(await deliver())).toHaveLength(1);

    for (const minutes of [27, 31]) {
      at(nowMs + minutes * MINUTE_MS);
      await stack.fire('watch');
    }
    expect(toHead(await deliver()).map(({ body }) => body?.lane)).toContain('technical');
    expect(await reasons()).toHaveLength(1);
  });
});

describe('abuse of which an officer heard by telephone', () => {
  it('is told to the departments, and to the facility by no route', async () => {
    const nowMs = at(startMs + 3 * DAY_MS + 2 * HOUR_MS);
    const box = await enrol(stack, 'accused', nurseryBody({ division: '321283' }));
    await oneAt('facility~accused', 'head');
    const head = await signIn(stack, { role: 'facility', facilityId: 'accused' });
    const body = { id: uuidv7(), facility: 'accused', kind: 'abuse', toldBy: 'phone' };
    expect((await head.call('POST', '/v1/desk/incidents', body)).status).toBe(403);
    const opened = await done<OpenedView>(police, 'POST', '/v1/desk/incidents', body);
    expect(opened.published.map(({ department }) => department).sort()).toEqual([
      'civil',
      'health',
      'market',
      'police',
    ]);
    expect((await done<OpenedView>(police, 'POST', '/v1/desk/incidents', body)).incident).toBe(opened.incident);
    expect(await incidentsOf(police, '321283')).toHaveLength(1);

    const letters = await deliver();
    expect(receiversOf(letters)).toEqual([cityPolice, 'desk@example.org', ...abuseRooms].sort());
    expect(letters).toHaveLength(4);
    await press(linkTo(letters, cityPolice), { choice: 'take' });
    expect(await viewOf(opened.incident, police)).toMatchObject({ state: 'answered' });

    const own = await done<{ items: unknown[] }>(head, 'GET', '/v1/desk/incidents');
    expect(own.items).toEqual([]);
    for (const more of ['', '/deliveries', '/cap']) {
      expect((await head.call('GET', incidentPath(opened.incident, more))).status, more).toBe(404);
    }
    for (const [verb, sentBody] of [
      ['answer', {}],
      ['pass-on', {}],
      ['real', {}],
      ['false-alarm', { code: 'unknown' }],
      ['close', { reason: 'handled' }],
    ] as const) {
      const answer = await head.call('POST', incidentPath(opened.incident, `/${verb}`), sentBody);
      expect([403, 404, 422], verb).toContain(answer.status);
    }
    expect((await head.call('GET', '/v1/desk/notices')).status).toBe(403);
    const beaten = await send(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs);
    expect(newsIn(beaten)).toEqual([]);
    expect(boxes.knocks('facility.accused.head')).toBe(0);
  });
});

describe('a stack that stops between publishing and delivering', () => {
  it('delivers when it runs again, and links that it gave before still answer', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'cradlewatch-people-'));
    const name = 'police.321202.kept';
    const kept = await startLetterboxes({ [name]: 'webhook' });
    setChannelSecret(dataDir, name, kept.secrets[name]);
    const start = (): Promise<LocalStack> => startTestStack({ dataDir, clock: { atMs: startMs, rate: 0 } });
    const pressAt = async ({ url }: LocalStack, link: string): Promise<number> =>
      (await press(url + new URL(link).pathname, { choice: 'take' })).status;
    let running = await start();
    try {
      const box = await enrol(running, 'stopped');
      const own = await signIn(running, { role: 'registrar', division: '3212' });
      await done(own, 'PUT', '/v1/registry/rosters/police~321202', {
        zone: 'Asia/Shanghai',
        contacts: [
          { id: 'room', name: '值班员', is: 'person', channels: [{ id: 'hook', kind: 'webhook', secret: name }] },
        ],
      });
      const ring = () => sent(running, box, 'alarms', [alarm('panic', startMs)], startMs);
      expect(await ring()).toEqual(['accepted']);
      await running.drain('deliver-notices');
      const [before] = kept.collect();
      expect(await ring()).toEqual(['accepted']);
      await running.stop();

      running = await start();
      await running.drain('deliver-notices');
      const [after] = kept.collect();
      expect(after?.link).toBeDefined();
      expect(after?.link).not.toBe(before?.link);
      for (const letter of [before, after]) expect(await pressAt(running, letter?.link ?? '')).toBe(200);
    } finally {
      await running.stop();
      await kept.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
