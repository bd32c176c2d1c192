import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KEPT_DAYS } from '../../functions/purge/purge.ts';
import type { FeedEvent } from '../../infra/local/feed.ts';
import { subjectOf } from '../../infra/local/grants.ts';
import { type Ask, matchesWildcard, type Statement } from '../../infra/local/rights.ts';
import type { LocalStack } from '../../infra/local/stack.ts';
import { exportView, retentionPage } from '../../shared/contracts/audit.ts';
import { exportJobView } from '../../shared/contracts/audit-files.ts';
import { grantAddress } from '../../shared/contracts/grant-address.ts';
import { functionNames } from '../../shared/contracts/routes.ts';
import { civilDayInterval, civilDayOf } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { parseBundle } from '../../shared/evidence/bundle.ts';
import { parseLeaf } from '../../shared/evidence/leaf.ts';
import { verifyBundle } from '../../shared/evidence/verify-bundle.ts';
import { filmBox } from '../support/film-box.ts';
import { startTestStack } from '../support/local-stack.ts';
import {
  alarm,
  base,
  beat,
  coverage,
  enrol,
  enrolKey,
  incidentsOf,
  nurseryBody,
  type send,
  sent,
  signIn,
} from '../support/outside.ts';

/*
 * Least privilege by measurement: everything that the product does is done once, and each right that the template gives
 * must have been asked for. A right that nothing uses is a right too many; one that is missing is told in the feed.
 */

interface Measured {
  readonly statements: readonly Statement[];
  readonly asks: Set<string>;
}
/** By the log group of the function, which no other function may write to. */
const measured = new Map<string, Measured>();
vi.mock('../../infra/local/rights.ts', async (original) => {
  const rights = await original<typeof import('../../infra/local/rights.ts')>();
  return {
    ...rights,
    isAllowed: (statements: readonly Statement[], ask: Ask) => {
      const function_ = statements[0]?.resources[0] ?? 'nobody';
      const { asks } = measured.get(function_) ?? { asks: new Set<string>() };
      const asked = `${ask.action} ${ask.resource.replace(/\/(exports|channels|sealed|challenge-keys)\/.*/, '/$1/*')}`;
      for (const key of ask.context?.['dynamodb:LeadingKeys'] ?? []) asks.add(`${asked} ${key}`);
      asks.add(asked);
      measured.set(function_, { statements, asks });
      return rights.isAllowed(statements, ask);
    },
  };
});

const startMs = Date.parse('2026-11-23T09:30:00+08:00');
const openedDay = '2020-01-01T00:00:00Z';

let stack: LocalStack;
const denied: string[] = [];

beforeAll(async () => {
  const onFeed = (event: FeedEvent) => {
    if (event.kind === 'denied') denied.push(`${event.caller} ${event.action} ${event.resource}`);
  };
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  channelSecrets[hook] = JSON.stringify({
    url: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`,
    key: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  });
  stack = await startTestStack({ clock: { atMs: startMs, rate: 0 }, onFeed, channelSecrets });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  webhook.close();
});

/** The duty room of the police, at the end of the way: what came there. */
const received: { readonly lane: string; readonly link?: string }[] = [];
const webhook = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  received.push(JSON.parse(text) as (typeof received)[number]);
  response.writeHead(204).end();
});
const links = (): readonly string[] => received.flatMap((message) => message.link ?? []);
/** Opens the page of a link, or answers on it. */
const open = async (link = '', choice?: string): Promise<{ status: number; text: string }> => {
  const form = choice === undefined ? {} : { method: 'POST', body: new URLSearchParams({ choice }) };
  const answer = await fetch(link, form);
  return { status: answer.status, text: await answer.text() };
};
const hook = 'police.321202.room';
const channelSecrets: Record<string, string> = {};

let nowMs = startMs;
const at = (ms: number): number => {
  nowMs = ms;
  stack.setClock({ atMs: ms, rate: 0 });
  return ms;
};
const pass = (ms: number): number => at(nowMs + ms);

const officerOf = { panic: 'police', 'food-poisoning': 'health', fire: 'fire' } as const;

const check = (day: string, session: 'morning' | 'noon' = 'morning') => ({
  ...base(nowMs),
  class: 'little',
  session,
  day,
  present: 10,
  absent: 0,
  checked: 10,
  findings: [],
});
const hourBefore = (ms: number) => Math.floor(ms / HOUR_MS - 1) * HOUR_MS;
const recording = (camera: string, recorded: readonly object[], oldestRetrievableAt: string) => ({
  ...base(nowMs),
  camera,
  hour: new Date(hourBefore(nowMs)).toISOString(),
  recorded,
  oldestRetrievableAt,
});
const log = () => ({
  ...base(nowMs),
  kind: 'closing',
  doneAt: new Date(nowMs).toISOString(),
  counts: { childrenIn: 10, childrenOut: 10 },
});

/** A look of `close-day` at this instant, and all that it asked these functions for. */
const closeDayAt = async (atMs: number, ...asked: readonly string[]): Promise<void> => {
  at(atMs);
  expect(await stack.fire('close-day')).toMatchObject([{ ok: true }]);
  for (const function_ of asked) {
    const fed = await stack.drain(function_);
    expect(fed.map(({ failed }) => failed)).toEqual(fed.map(() => 0));
  }
};

const ZONE = 'Asia/Shanghai';
/** Its nurseries have one camera each: what is asked of a whole county is answered soon. */
const nextCounty = '321203';
/** The end of the day in which a nursery was put under seal. */
let midnightMs = 0;
let sealedDay = '';
let bundle: Uint8Array;
/** An incident that somebody answered by a link. */
let answeredByLink = '';

const done = async (answer: Promise<{ status: number; text: string }>, status = 200): Promise<void> => {
  const { status: actual, text } = await answer;
  expect(actual, text).toBe(status);
};

describe('everything that the product does', () => {
  it('is done once: reports', async () => {
    const cameras = Array.from({ length: 64 }, (_, n) => ({
      id: `cam-${n + 1}`,
      box: 'box-1',
      areas: ['play'],
      installedAt: openedDay,
    }));
    const body = nurseryBody({ cameras, classes: [{ id: 'little', children: 10 }] });
    const box = await enrol(stack, 'nursery', body);
    const take = async (stream: Parameters<typeof send>[2], report: Parameters<typeof send>[3][number]) => {
      expect(await sent(stack, box, stream, [report], nowMs)).toEqual(['accepted']);
      expect(await sent(stack, box, stream, [report], nowMs)).toEqual(['duplicate']);
    };
    await take('heartbeats', beat(1, nowMs));
    await take('coverage', coverage(1, nowMs));
    await take('coverage', coverage(2, pass(MINUTE_MS), 'no'));
    await take('coverage', coverage(3, pass(30 * MINUTE_MS)));
    await take('heartbeats', beat(2, nowMs));
    // Held back during the silence that the beat before has ended.
    await take('heartbeats', beat(3, nowMs, { ageMs: 10 * MINUTE_MS }));
    const interval = {
      from: new Date(hourBefore(nowMs)).toISOString(),
      to: new Date(hourBefore(nowMs) + HOUR_MS).toISOString(),
    };
    const monthAgo = new Date(nowMs - 35 * 24 * HOUR_MS).toISOString();
    await take('recordings', recording('cam-1', [], monthAgo));
    await take('recordings', recording('cam-1', [interval], monthAgo));
    pass(HOUR_MS);
    await take('recordings', recording('cam-1', [], openedDay));
    await take('logs', log());
    // Nobody had shown a guard since the morning: this one ends a breach, and leaves its gap.
    await take('logs', { ...log(), kind: 'guard-shift', counts: { guards: 1, minutes: 480 } });
    await take('alarms', alarm('panic', nowMs));
    await take('alarms', alarm('food-poisoning', nowMs));
    await stack.fire('watch');
    await take('checks', check('2026-11-23'));
    pass(6 * HOUR_MS);
    await stack.fire('watch');
    const findings = [{ code: 'fever', childRef: '00112233445566aa', action: 'sent-home' }];
    await take('checks', { ...check('2026-11-23', 'noon'), findings });
    expect(denied).toEqual([]);
  }, 120_000);

  it('is done once: the way to people', async () => {
    const registrar = await signIn(stack, { role: 'registrar', division: '3212' });
    const at = '/v1/registry/rosters/police~321202';
    const channels = [{ id: 'room', kind: 'webhook', secret: hook }];
    const contacts = [{ id: 'duty', name: '值班室', is: 'person', channels }];
    await done(registrar.call('PUT', at, { zone: 'Asia/Shanghai', contacts }));
    const asked = await registrar.call<{ id: string }>('POST', `${at}/tests`, { contact: 'duty', channel: 'room' });
    expect(asked.status, asked.text).toBe(202);
    await stack.drain('deliver-notices');
    await done(registrar.call('GET', `${at}/tests/${asked.body.id}`));
    expect(received.length).toBeGreaterThan(0);

    const police = await signIn(stack, { role: 'officer', department: 'police', division: '3212' });
    const nursery = '/v1/desk/facilities/nursery';
    const drill = {
      id: uuidv7(),
      from: new Date(nowMs).toISOString(),
      to: new Date(nowMs + HOUR_MS).toISOString(),
      reason: 'evacuation-drill',
    };
    await done(police.call('POST', `${nursery}/drills`, drill));
    const box = await enrolKey(stack, 'nursery', 'box-1', '321202');
    pass(MINUTE_MS);
    expect(await sent(stack, box, 'alarms', [alarm('panic', nowMs, { drill: true })], nowMs)).toEqual(['accepted']);
    for (const kind of ['panic', 'food-poisoning', 'fire'] as const) {
      const opened = { id: uuidv7(), facility: 'nursery', kind, toldBy: 'phone' };
      const as = await signIn(stack, { role: 'officer', department: officerOf[kind], division: '3212' });
      await done(as.call('POST', '/v1/desk/incidents', opened));
    }
    await stack.drain();
    const [link] = links();
    await done(open(link));
    await done(open(link, 'take'));
    const [incident] = (await incidentsOf(police, '3212')).filter(({ answeredBy }) => answeredBy?.startsWith('link|'));
    answeredByLink = incident?.id ?? '-';
    await done(police.call('GET', `/v1/desk/incidents/${encodeURIComponent(answeredByLink)}`));
    await done(police.call('GET', `/v1/desk/incidents/${encodeURIComponent(answeredByLink)}/deliveries`));
    await done(police.call('GET', '/v1/desk/notices'));
    await done(police.call('GET', `${nursery}/windows`));

    expect(await stack.fire('ring-canary')).toMatchObject([{ ok: true }]);
    await stack.drain();
    expect(await stack.fire('watch')).toMatchObject([{ ok: true }]);
    expect(await stack.fire('audit-escalation')).toMatchObject([{ ok: true }]);
    await done(registrar.call('DELETE', at), 204);
    expect(denied).toEqual([]);
  }, 120_000);

  it('is done once: people', async () => {
    const registrar = await signIn(stack, { role: 'registrar', division: '3212' });
    const facility = '/v1/registry/facilities/nursery';
    const { version: _version, ...kept } = (await registrar.call<Record<string, unknown>>('GET', facility)).body;
    const { id: _id, registeredAt: _registeredAt, ...body } = kept;
    await done(registrar.call('PUT', facility, { ...body, pack: 'demo', version: 1 }));
    await done(registrar.call('GET', '/v1/registry/facilities'));
    await done(registrar.call('GET', `${facility}/changes`));
    const boxes = await registrar.call<{ items: { keys: string[] }[] }>('GET', `${facility}/boxes`);
    const key = boxes.body.items[0]?.keys[0];
    await done(registrar.call('DELETE', `${facility}/boxes/box-1/keys/${key}`), 204);

    const health = await signIn(stack, { role: 'officer', department: 'health', division: '3212' });
    for (let sweeps = 0; sweeps < 12; sweeps += 1) {
      pass(4 * MINUTE_MS);
      await stack.fire('watch');
    }
    // Every link is opened and used, also where the incident is over by now and lies in the records.
    for (const link of links()) await open(link, 'seen');
    const alive = (await incidentsOf(health, '3212')).filter(({ state }) => state === 'open');
    for (const { id } of alive) {
      const at = `/v1/desk/incidents/${encodeURIComponent(id)}`;
      await done(health.call('POST', `${at}/answer`, {}));
      await done(health.call('POST', `${at}/close`, { reason: 'handled' }));
    }
    pass(3 * 24 * HOUR_MS);
    await stack.fire('watch');
    pass(HOUR_MS);
    await stack.fire('watch');
    expect((await incidentsOf(health, '3212')).length).toBeGreaterThan(0);
    await done(open(links()[0]), 410);

    const auditor = await signIn(stack, { role: 'auditor', division: '3212' });
    await done(auditor.call('GET', '/v1/audit/retention'));
    await done(auditor.call('GET', '/v1/audit/facilities/nursery/uptime'));
    const made = await auditor.call('GET', '/v1/audit/facilities/nursery/retention?format=csv');
    await done(auditor.call('GET', exportView.parse(made.body).link));

    const administrator = await signIn(stack, { role: 'administrator' });
    await done(administrator.call('GET', '/v1/registry/grants'));
    const grant = grantAddress(`${stack.issuer}|${subjectOf({ role: 'auditor', division: '3212' })}`);
    await done(administrator.call('DELETE', grant), 204);
    await done(auditor.call('GET', '/v1/audit/retention'), 403);
    expect(denied).toEqual([]);
  }, 120_000);

  it('is done once: a day is put under seal, and proves itself to whoever pinned the key', async () => {
    sealedDay = civilDayOf(nowMs + 12 * HOUR_MS, ZONE);
    midnightMs = civilDayInterval(sealedDay, ZONE).toMs;
    at(midnightMs - 3 * HOUR_MS);
    const body = nurseryBody({ division: nextCounty, classes: [{ id: 'little', children: 10 }] });
    const box = await enrol(stack, 'sealed-nursery', body);
    expect(await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs)).toEqual(['accepted']);
    const hour = new Date(nowMs - HOUR_MS).toISOString();
    const recorded = [{ from: hour, to: new Date(nowMs).toISOString() }];
    const film = { ...base(nowMs), camera: 'cam-1', hour, recorded };
    expect(await sent(stack, box, 'recordings', [film], nowMs)).toEqual(['accepted']);
    const digest = { ...base(nowMs), hour, minutes: '800000000000000', firstSeq: 1, lastSeq: 1 };
    expect(await sent(stack, box, 'digests', [digest], nowMs)).toEqual(['accepted']);
    expect(await sent(stack, box, 'digests', [digest], nowMs)).toEqual(['duplicate']);
    const findings = [{ code: 'fever', childRef: '00112233445566aa', action: 'sent-home' }];
    expect(await sent(stack, box, 'checks', [{ ...check(sealedDay), findings }], nowMs)).toEqual(['accepted']);

    const head = await signIn(stack, { role: 'facility', facilityId: 'sealed-nursery' });
    const objection = { id: uuidv7(), reason: 'power-cut', from: hour, to: new Date(nowMs).toISOString() };
    await done(head.call('POST', '/v1/audit/facilities/sealed-nursery/objections', objection));
    const auditor = await signIn(stack, { role: 'auditor', division: '3212' });
    const path = `/v1/audit/facilities/sealed-nursery/bundle?from=${sealedDay}&to=${sealedDay}`;
    expect((await auditor.call('GET', path)).body).toMatchObject({ code: 'not-sealed-yet' });
    // No day has a list of those that cannot show it yet: every facility is looked at.
    await done(auditor.call('GET', '/v1/audit/divisions/3212/report'));
    for (let look = 1; look <= 3; look += 1) {
      await closeDayAt(midnightMs + look * 15 * MINUTE_MS, 'seal', 'draw-challenges', 'purge');
    }

    const { keys } = (await auditor.call<{ keys: readonly string[] }>('GET', '/v1/audit/keys')).body;
    const answer = await auditor.call('GET', path);
    expect(answer.status, answer.text).toBe(200);
    bundle = Buffer.from(answer.text);
    const report = verifyBundle(bundle, keys);
    const proved = report.proved.map(({ en }) => en).join('\n');
    expect(report.verdict, JSON.stringify(report)).toMatchObject({ is: 'not-proved' });
    expect(proved).toContain('is signed by a key that you trust');
    expect(proved).toContain('is in the log of its region');
    expect(proved).toContain(`Every record received on ${sealedDay} is here, none is missing.`);
    expect(proved).toContain('Camera-hours: 1 recorded and held.');
    // The recording, and the digest twice; what the check says is withheld, and a beat is no record.
    expect(proved).toContain('the signature was verified: 3.');
    expect(proved).toContain(`box-1 ${box.key}`);
    expect(denied).toEqual([]);
  }, 120_000);

  it('is done once: a box is asked for the film of an hour that it sealed, and shows it', async () => {
    const box = await enrol(stack, 'asked-nursery', nurseryBody({ division: nextCounty }));
    const firstMs = midnightMs + HOUR_MS;
    at(midnightMs + 4 * HOUR_MS);
    const asked = filmBox(stack, box, midnightMs, () => nowMs);
    for (const hourMs of [firstMs, firstMs + HOUR_MS, firstMs + 2 * HOUR_MS]) {
      expect(await asked.seals(hourMs)).toMatchObject([{ result: 'accepted' }]);
    }
    /** What is asked for once that day is over: one hour a night, and none of them twice. */
    const askedAfter = async (days: number) => {
      await closeDayAt(midnightMs + days * DAY_MS + 20 * MINUTE_MS, 'draw-challenges');
      const { challenges = [] } = await asked.hears(firstMs);
      expect(challenges).toMatchObject([{ camera: 'cam-1', key: expect.any(String) }]);
      return challenges;
    };
    for (const question of await askedAfter(1)) {
      const answer = await asked.answerTo(question);
      expect(await sent(stack, box, 'challenges', [answer], nowMs)).toEqual(['accepted']);
      expect(await sent(stack, box, 'challenges', [answer], nowMs)).toEqual(['duplicate']);
    }
    expect((await asked.hears(firstMs)).challenges).toEqual([]);
    // Nobody says a word until a day and more has passed: an answer then ends the breach.
    const late = await askedAfter(2);
    pass(DAY_MS + 10 * MINUTE_MS);
    for (const question of late) {
      expect(await sent(stack, box, 'challenges', [await asked.answerTo(question)], nowMs)).toEqual(['accepted']);
    }
    expect(denied).toEqual([]);
  }, 120_000);

  it('is done once: an audit', async () => {
    const auditor = await signIn(stack, { role: 'auditor', division: '3212' });
    for (let look = 1; look <= 3; look += 1) await closeDayAt(nowMs + 15 * MINUTE_MS, 'seal');
    const notShown = await auditor.call('GET', `/v1/audit/retention?division=${nextCounty}&show=not-shown`);
    expect(retentionPage.parse(notShown.body).basis).toMatchObject({ looked: 'not-shown-lists' });
    for (const question of ['coverage', 'checks', 'challenges', 'objections', 'accesses', 'report']) {
      await done(auditor.call('GET', `/v1/audit/facilities/sealed-nursery/${question}`));
    }
    await done(auditor.call('GET', `/v1/audit/divisions/${nextCounty}/report`));
    await done(auditor.call('GET', '/v1/audit/accesses?division=3212'));
    await done(auditor.call('GET', '/v1/audit/incidents?division=3212'));
    await done(auditor.call('GET', `/v1/audit/incidents/${encodeURIComponent(answeredByLink)}`));
    const orders = [
      { of: 'incidents', division: '321202', format: 'csv' },
      { of: 'department', department: 'police', division: nextCounty, format: 'xlsx' },
    ];
    for (const order of orders) {
      const made = await auditor.call('POST', '/v1/audit/exports', order);
      expect(made.status, made.text).toBe(202);
      await stack.drain('make-exports');
      const { export: id } = exportJobView.parse(made.body);
      const { state, link = '' } = exportJobView.parse((await auditor.call('GET', `/v1/audit/exports/${id}`)).body);
      expect(state).toBe('done');
      expect((await fetch(link)).status).toBe(200);
    }

    const holds = '/v1/registry/facilities/asked-nursery/holds';
    const [from, to, until] = [-1, 0, 30].map((days) => new Date(nowMs + days * DAY_MS).toISOString());
    const ordered = await auditor.call<{ hold: string }>('POST', holds, { camera: 'cam-1', from, to, until });
    expect(ordered.status, ordered.text).toBe(200);
    await done(auditor.call('GET', holds));
    await done(auditor.call('POST', `${holds}/${ordered.body.hold}/release`, {}));

    const registrar = await signIn(stack, { role: 'registrar', division: '3212' });
    const leaf = parseBundle(bundle)
      .records.map((record) => parseLeaf(record.leaf))
      .find(({ kind }) => kind === 'checks');
    const erasure = { kind: 'checks', id: leaf?.id, receivedAt: leaf?.receivedAt, reason: 'erasure-request' };
    await done(registrar.call('POST', '/v1/registry/facilities/sealed-nursery/erasures', erasure));

    // Each log has its turn in one hour of the day: a day later every one has had it.
    await stack.fire('verify-evidence');
    pass(DAY_MS);
    const [verified] = await stack.fire('verify-evidence');
    const found: unknown = JSON.parse((verified?.ok && verified.payload) || '{}');
    expect(found).toMatchObject({ broken: [], unread: [], finished: true });
    expect(denied).toEqual([]);
  }, 120_000);

  it('is done once: after a year nothing is owed any more, and what is old goes, keys as records', async () => {
    // Asks once more, and nobody answers: a breach, until that film need not be held any longer.
    await closeDayAt(nowMs, 'draw-challenges');
    await closeDayAt(nowMs + (KEPT_DAYS + 20) * DAY_MS, 'draw-challenges', 'purge');
    expect(denied).toEqual([]);
  }, 120_000);

  it('asked for every right that the template gives, and for none besides', () => {
    // S3 asks for the right to list by itself, of whoever reads an object that is missing; the engines do not.
    const beyondTheEngines = /^(logs:|xray:|sqs:|s3:ListBucket )/;
    const seldom = [
      // Who comes second to a question reads what the first asked.
      /log-group:drawchallenges.* dynamodb:GetItem .*tableschallenges/,
      // The salt of people is put by whoever first needs it, and a facility is listed as not sealed after six hours.
      / dynamodb:PutItem .*tablesevidence\w* PEOPLE$/,
      /log-group:closeday.* dynamodb:PutItem .* not-shown#\*$/,
      // After a crash: a gap that a receiver did not come to put is put by the sweep, as scenarios show.
      /log-group:watch.* dynamodb:UpdateItem .*tablesrecords/,
      // An answer by link that is the eleventh step moves the first to the records; mostly the sweep has done it before.
      /log-group:takeanswers.* dynamodb:PutItem .*tablesrecords/,
      // What lay for hours and is over by then is withheld from everybody for whom it was owed.
      /log-group:delivernotices.* dynamodb:Query .*tablesdeliveries/,
    ];
    const rightsOf =
      ({ conditions }: Statement, action: string) =>
      (resource: string): readonly string[] => {
        const partitions = conditions.flatMap(([operator, , values]) => (operator === 'Null' ? [] : values));
        return partitions.length === 0
          ? [`${action} ${resource}`]
          : partitions.map((p) => `${action} ${resource} ${p}`);
      };
    const isAsked = (right: string, asks: ReadonlySet<string>): boolean =>
      asks.has(right) || [...asks].some((asked) => matchesWildcard(right, asked));
    const unused = [...measured].flatMap(([function_, { statements, asks }]) =>
      statements
        // What the policy of a bucket denies to everybody is nobody's right.
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((statement) => statement.actions.flatMap((a) => statement.resources.flatMap(rightsOf(statement, a))))
        .filter((right) => !beyondTheEngines.test(right) && !isAsked(right, asks))
        .map((right) => `${function_}: ${right}`)
        .filter((right) => !seldom.some((one) => one.test(right))),
    );
    expect(unused).toEqual([]);
    // Every function but describe-api, which may do nothing.
    expect([...measured.keys()].filter((function_) => function_.includes(':log-group:'))).toHaveLength(
      functionNames.length - 1,
    );
    expect(denied).toEqual([]);
  });
});
