import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { asPage } from '../../../functions/take-answers/as-page.ts';
import { type AnswerDeps, makeHandler } from '../../../functions/take-answers/handler.ts';
import { linkSubject } from '../../../shared/domain/delivery/delivery.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { closeByPerson } from '../../../shared/domain/incidents/people.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { type AnswerWorld, answerWorld, linkEvent, NIGHT_MS, REPORT } from '../../support/answer-world.ts';
import { callsOf, failAt, failing, interleave } from '../../support/memory-stores.ts';

let city: AnswerWorld;
beforeEach(async () => {
  city = await answerWorld();
});

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('nothing is there');
  return value;
};
const now = async ({ id }: Incident): Promise<Incident> => must(await city.stores.incidents.read(id));
const lookupOf = (token: string): string => token.split('.')[0] ?? '';
const linkOf = async (token: string) => must(await city.stores.links.read(lookupOf(token)));
const deliveryOf = async (token: string) => {
  const { incidentId, noticeId, contact } = await linkOf(token);
  return must(await city.stores.deliveries.read(incidentId, noticeId, contact));
};
const spoken = (incident: Incident) =>
  incident.steps.filter(({ by }) => by.startsWith('link|')).map(({ kind, by }) => `${kind} ${by}`);

const TAKE = { choice: 'take' };
const PASS = { choice: 'pass-on' };
const SEEN = { choice: 'seen' };

describe('looking at an answer link', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('changes nothing, however often a scanner does it: %s', async (method) => {
    const token = await city.link(await city.alarm());
    const before = [
      await linkOf(token),
      await deliveryOf(token),
      await city.stores.incidents.read((await linkOf(token)).incidentId),
    ];
    for (let times = 0; times < 3; times += 1) expect((await city.look(token, method)).status).toBe(200);
    const after = [
      await linkOf(token),
      await deliveryOf(token),
      await city.stores.incidents.read((await linkOf(token)).incidentId),
    ];
    expect(after).toEqual(before);
    expect(callsOf(city.stores.incidents).filter(({ method: name }) => name === 'save')).toEqual([]);
    expect((await city.press(token, TAKE)).status).toBe(200);
  });

  it('is answered to a HEAD with status and headers of a GET and no body, whatever the link and though we are in trouble', async () => {
    const token = await city.link(await city.alarm());
    const serve = asPage(makeHandler(city.stores));
    const problem = { 'content-type': 'application/problem+json' };
    const broken = asPage(async () => ({ statusCode: 500, headers: problem, body: '{}' }));
    const expectSame = async (by: typeof serve, link: string, status: number) => {
      const [got, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => by(linkEvent(method, link), {} as Context)),
      );
      expect(got).toMatchObject({ statusCode: status, body: expect.stringContaining('<html') });
      expect(head).toEqual({ ...got, body: '' });
    };
    await expectSame(serve, token, 200);
    await expectSame(serve, 'forged', 404);
    await expectSame(broken, token, 500);
    await city.press(token, TAKE);
    await expectSame(serve, token, 410);
  });

  it('shows what, where, since when, what to do and who was told, Chinese before English, and names nobody', async () => {
    const { body } = await city.look(await city.link(await city.alarm()));
    for (const words of [
      '一键紧急报警',
      '阳光托育园',
      '东风路１号',
      '立即处置',
      '同时通知',
      '尚无人答复',
      '我来处理',
      '我无法处理，请通知下一位',
    ]) {
      expect(body).toContain(words);
    }
    for (const words of [
      'panic button pressed',
      'Sunshine nursery',
      'Do now',
      'Nobody has answered yet',
      'I see to it',
    ]) {
      expect(body).toContain(words);
    }
    expect(body.indexOf('立即处置')).toBeLessThan(body.indexOf('Do now'));
    expect(body.indexOf('我来处理')).toBeLessThan(body.indexOf('Do now'));
    expect(body).not.toMatch(/<script|javascript:|onclick|<img|http:|https:/i);
  });

  it('shows what the registry holds as text, whatever it is', async () => {
    const name = { zh: '<script>alert(1)</script>', en: '"><img src=x>' };
    await city.stores.registry.putFacility({ ...city.facility, version: 2, name });
    const { body } = await city.look(await city.link(await city.alarm()));
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('<img');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('is told to nobody else: no copy, no address sent on, no search, no frame, no script', async () => {
    const { headers } = await city.look(await city.link(await city.alarm()));
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': expect.stringContaining('noindex'),
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self';/,
    );
    expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe/);
  });

  it('offers to take on and to pass on where one must act, and to note where one is only informed', async () => {
    const alarm = await city.alarm();
    const told = (await city.look(await city.link(alarm, { department: 'facility' }))).body;
    expect(told).toContain('value="seen"');
    expect(told).not.toContain('value="take"');
    const acting = (await city.look(await city.link(alarm))).body;
    expect(acting).toContain('value="take"');
    expect(acting).toContain('value="pass-on"');
    expect(acting).not.toContain('value="seen"');
  });

  it('asks a group who answers, and a person not', async () => {
    const alarm = await city.alarm();
    expect((await city.look(await city.link(alarm, { group: true, contact: 'bot' }))).body).toMatch(
      /<input[^>]+name="unit"/,
    );
    expect((await city.look(await city.link(alarm))).body).not.toContain('<input');
  });

  it('of a group is answered by a button alone: the first one that the key of a field would press is none', async () => {
    const { body } = await city.look(await city.link(await city.alarm(), { group: true, contact: 'bot' }));
    const first = /<form[^>]*>[\s\S]*?(<(?:button|input) [^>]*type="submit"[^>]*>)/.exec(body)?.[1];
    expect(first).toBe('<input type="submit" disabled hidden>');
    expect(body).toContain('[hidden]{display:none}');
  });
});

describe('an answer by the link', () => {
  it('takes the incident on: nobody is told again, the notice is seen, and the box hears of it', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    city.clock.nowMs += 95_000;
    const page = await city.press(token, TAKE);
    expect(page.status).toBe(200);
    expect(page.body).toContain('您已接手处理');
    const after = await now(alarm);
    const { department, post } = await linkOf(token);
    expect(after).toMatchObject({
      state: 'answered',
      answeredBy: linkSubject(lookupOf(token)),
      answeredAtMs: city.clock.nowMs,
    });
    expect(after.published.find((one) => one.department === department)?.seenAtMs).toBe(city.clock.nowMs);
    expect(await deliveryOf(token)).toMatchObject({ state: 'seen', seenAtMs: city.clock.nowMs });
    expect((await linkOf(token)).used).toEqual({ choice: 'take', atMs: city.clock.nowMs });
    expect(await city.stores.reach.seenAtMs(post)).toBe(city.clock.nowMs);
    const receipts = (await city.stores.vitals.readBox('sunshine', 'gate'))?.receipts;
    expect(receipts).toMatchObject([{ reportId: REPORT, state: 'answered', seenBy: [{ department }] }]);
  });

  it('passes it on: the next rung is due now, and the notice was seen', async () => {
    const incident = await city.silence();
    const token = await city.link(incident);
    expect((await city.press(token, PASS)).body).toContain('已通知下一位');
    const after = await now(incident);
    expect(after.state).toBe('open');
    expect(after.ladder.find(({ enteredAtMs }) => enteredAtMs === undefined)?.dueAtMs).toBe(NIGHT_MS);
    expect(spoken(after)).toEqual([`passed-on ${linkSubject(lookupOf(token))}`]);
  });

  it('of the head of the nursery to a panic is noted, and stops nothing', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm, { department: 'facility' });
    expect((await city.press(token, SEEN)).status).toBe(200);
    const after = await now(alarm);
    expect(after.state).toBe('open');
    expect(spoken(after)).toEqual([`seen ${linkSubject(lookupOf(token))}`]);
    expect(await city.stores.reach.seenAtMs('facility~sunshine')).toBe(NIGHT_MS);
    expect((await city.stores.vitals.readFacility('sunshine'))?.headSeenAtMs).toBe(NIGHT_MS);
  });

  it('of an abuse alarm tells the box nothing', async () => {
    const alarm = await city.alarm('abuse');
    expect((await city.press(await city.link(alarm), TAKE)).status).toBe(200);
    expect((await now(alarm)).state).toBe('answered');
    expect((await city.stores.vitals.readBox('sunshine', 'gate'))?.receipts).toBeUndefined();
  });

  it('to a test alarm is a receipt, after which the test is over', async () => {
    const alarm = await city.alarm('test');
    const token = await city.link(alarm, { department: 'facility' });
    expect((await city.look(token)).body).toContain('收到了');
    expect((await city.press(token, TAKE)).status).toBe(409);
    expect((await city.press(token, SEEN)).status).toBe(200);
    expect((await now(alarm)).published[0]?.seenAtMs).toBe(NIGHT_MS);
  });

  it('to a test of a channel proves that the post is reached, and there is no incident', async () => {
    const token = await city.link(undefined, { department: 'facility', group: true });
    const page = await city.look(token);
    expect(page.body).toContain('没有发生任何事情');
    expect(page.body).not.toContain('<input');
    expect((await city.press(token, SEEN)).body).toContain('测试成功');
    expect(await city.stores.reach.seenAtMs('facility~sunshine')).toBe(NIGHT_MS);
    expect((await city.stores.vitals.readFacility('sunshine'))?.headSeenAtMs).toBe(NIGHT_MS);
    expect(await deliveryOf(token)).toMatchObject({ state: 'seen' });
  });

  it('of a group keeps who answered in the link and nowhere else', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm, { group: true });
    const page = await city.press(token, { ...TAKE, name: ' 王建国 ', unit: '海陵分局值班室' });
    expect(page.status).toBe(200);
    expect((await linkOf(token)).used).toEqual({
      choice: 'take',
      atMs: NIGHT_MS,
      name: '王建国',
      unit: '海陵分局值班室',
    });
    expect(JSON.stringify([await now(alarm), await deliveryOf(token)])).not.toMatch(/王建国|值班室/);
    const other = await city.look(await city.link(alarm, { contact: 'another' }));
    expect(other.body).toContain('海陵分局值班室');
    expect(other.body).not.toContain('王建国');
  });

  it.each([
    ['no name', { name: '', unit: '值班室' }, '请填写'],
    ['a unit of spaces', { name: '王建国', unit: '   ' }, '请填写'],
    ['a name of 41 characters', { name: '王'.repeat(41), unit: '值班室' }, '请不要超过40个字'],
  ])('of a group is asked again and kept nowhere: %s', async (_what, typed, words) => {
    const alarm = await city.alarm();
    const token = await city.link(alarm, { group: true });
    const page = await city.press(token, { ...TAKE, ...typed });
    expect(page.status).toBe(422);
    expect(page.body).toContain(words);
    expect(page.body).toContain('aria-invalid="true"');
    if (typed.unit.trim() !== '') expect(page.body).toContain(`value="${typed.unit}"`);
    expect((await linkOf(token)).used).toBeUndefined();
    expect((await now(alarm)).state).toBe('open');
  });

  it('of a group takes forty characters, counted as people do', async () => {
    const token = await city.link(await city.alarm(), { group: true });
    expect((await city.press(token, { ...TAKE, name: '𠮷'.repeat(40), unit: '值' })).status).toBe(200);
  });
});

describe('a link that does not answer (any more)', () => {
  it('refuses a second use, and says what was said, when, and how it stands now', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    await city.press(token, TAKE);
    city.clock.nowMs += HOUR_MS;
    const before = await now(alarm);
    for (const page of [await city.look(token), await city.press(token, PASS), await city.press(token, SEEN)]) {
      expect(page.status).toBe(410);
      expect(page.body).toContain('这个链接已经用过了');
      expect(page.body).toContain('2026-11-22 02:14：我来处理');
      expect(page.body).toContain('您已于2026-11-22 02:14接手处理');
      expect(page.body).not.toContain('<form');
    }
    expect(await now(alarm)).toEqual(before);
  });

  it('tells who presses twice that the answer stands, and counts it once', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    await city.press(token, TAKE);
    const before = await now(alarm);
    city.clock.nowMs += HOUR_MS;
    expect((await city.press(token, TAKE)).status).toBe(200);
    expect(await now(alarm)).toEqual(before);
  });

  it('tells the second of a group that somebody else was first', async () => {
    const token = await city.link(await city.alarm(), { group: true });
    await city.press(token, { ...TAKE, name: '王建国', unit: '一号岗' });
    const page = await city.press(token, { ...TAKE, name: '李梅', unit: '二号岗' });
    expect(page.status).toBe(410);
    expect(page.body).toContain('一号岗');
    expect(page.body).not.toMatch(/王建国|李梅/);
  });

  it('has expired after its time, and says so without recording anything', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    city.clock.nowMs += DAY_MS - 1;
    expect((await city.look(token)).status).toBe(200);
    city.clock.nowMs += 1;
    for (const page of [await city.look(token), await city.press(token, TAKE)]) {
      expect(page.status).toBe(410);
      expect(page.body).toContain('这个链接已过期');
    }
    expect((await now(alarm)).state).toBe('open');
    expect((await linkOf(token)).used).toBeUndefined();
  });

  it.each([
    ['another proof', (token: string, other: string) => `${lookupOf(token)}.${other.split('.')[1]}`],
    ['a proof cut off', (token: string) => token.slice(0, -1)],
    ['no proof', (token: string) => lookupOf(token)],
    ['nothing', () => ''],
    ['something else', () => '../../etc/passwd'],
  ])('is unknown when forged: %s', async (_what, forged) => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const other = await city.link(alarm, { contact: 'another' });
    const bad = forged(token, other);
    for (const page of [await city.look(bad), await city.press(bad, TAKE)]) {
      expect(page.status).toBe(404);
      expect(page.body).toContain('这个链接无效');
      expect(page.body).not.toContain('阳光托育园');
    }
    expect((await now(alarm)).state).toBe('open');
  });

  it('is unknown though rightly made, when no such delivery ever was', async () => {
    const { token } = await city.tokens.tokenFor({ incidentId: 'x', noticeId: 'x/0/y/opened', contact: 'z' });
    expect((await city.press(token, TAKE)).status).toBe(404);
  });

  it('answers for its own incident alone', async () => {
    const [alarm, silence] = [await city.alarm(), await city.silence()];
    await city.press(await city.link(alarm), TAKE);
    expect((await now(silence)).state).toBe('open');
    expect(spoken(await now(silence))).toEqual([]);
  });

  it('takes on nothing that is over, and can still be noted', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const closed = closeByPerson(alarm, 'https://login|wang', 'false-alarm', NIGHT_MS).incident;
    await city.stores.incidents.save({ ...closed, revision: alarm.revision + 1 });
    const page = await city.press(token, TAKE);
    expect(page.status).toBe(409);
    expect(page.body).toContain('这件事已经结束');
    expect(page.body).toContain('误报');
    expect((await linkOf(token)).used).toBeUndefined();
    expect((await city.press(token, SEEN)).status).toBe(200);
    expect(await now(alarm)).toMatchObject({ state: 'closed', closeReason: 'false-alarm' });
  });

  it('of an incident that is a record already shows how it ended', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const { incident } = closeByPerson(alarm, 'https://login|wang', 'handled', NIGHT_MS);
    await city.stores.records.archiveIncident(incident);
    await city.stores.incidents.remove(alarm.id, alarm.revision);
    expect((await city.look(token)).body).toContain('已处理');
    expect((await city.press(token, TAKE)).status).toBe(409);
    expect((await city.press(token, SEEN)).status).toBe(200);
  });

  it.each([
    ['no choice', '', undefined, 422],
    ['two choices', 'choice=take&choice=pass-on', undefined, 422],
    ['a choice that is none', 'choice=close', undefined, 422],
    ['JSON', '{"choice":"take"}', 'application/json', 415],
    ['a book', `choice=take&name=${'x'.repeat(5_000)}`, undefined, 413],
  ])('records nothing of what is not its form: %s', async (_what, body, type, status) => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const page = await city.send(token, body, type);
    expect(page.status).toBe(status);
    expect(page.body).toContain('这次没有记录');
    expect((await linkOf(token)).used).toBeUndefined();
    expect((await now(alarm)).state).toBe('open');
  });
});

describe('two who press at the same instant', () => {
  const pairs = [
    ['taking, then passing on', TAKE, PASS],
    ['passing on, then taking', PASS, TAKE],
  ] as const;

  it.each(pairs)('count once: %s', async (_order, first, second) => {
    const incident = await city.silence();
    const token = await city.link(incident);
    const { press } = city.browser({
      ...city.stores,
      links: interleave(city.stores.links, { method: 'use', meanwhile: () => city.press(token, first) }),
    });
    const loser = await press(token, second);
    expect(loser.status).toBe(410);
    const after = await now(incident);
    expect((await linkOf(token)).used?.choice).toBe(first.choice);
    expect(spoken(after)).toHaveLength(1);
    expect(after.state).toBe(first.choice === 'take' ? 'answered' : 'open');
  });

  it('by the same choice are both told that it stands, and it counts once', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const pages = await Promise.all([city.press(token, TAKE), city.press(token, TAKE), city.press(token, TAKE)]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(spoken(await now(alarm))).toHaveLength(1);
  });
});

describe('a crash between any two writes, and the same press again', () => {
  const WRITES = ['use', 'save', 'noteReceipt', 'seen', 'facilitySeen', 'read'];
  const dying = (deps: AnswerDeps, at: number, when: 'before' | 'after') => {
    const plan = failAt({ at, when, only: WRITES, dies: true });
    const { links, deliveries, reach, incidents, vitals } = deps;
    return {
      plan,
      deps: {
        ...deps,
        links: failing(links, plan),
        deliveries: failing(deliveries, plan),
        reach: failing(reach, plan),
        incidents: failing(incidents, plan),
        vitals: failing(vitals, plan),
      },
    };
  };

  const settled = async (incident: Incident, token: string) => ({
    incident: { ...(await now(incident)), revision: 0 },
    link: await linkOf(token),
    delivery: await deliveryOf(token),
    reach: await city.stores.reach.seenAtMs((await linkOf(token)).post),
    box: (await city.stores.vitals.readBox('sunshine', 'gate'))?.receipts?.map((one) => ({ ...one, revision: 0 })),
    facility: (await city.stores.vitals.readFacility('sunshine'))?.headSeenAtMs,
  });

  it.each([
    ['taking on', TAKE, undefined],
    ['passing on', PASS, undefined],
    ['noting, of the facility', SEEN, 'facility'],
  ] as const)('leaves what one undisturbed press leaves: %s', async (_what, choice, department) => {
    const over = department === undefined ? {} : { department };
    const calm = await city.alarm();
    const calmToken = await city.link(calm, over);
    await city.press(calmToken, choice);
    const expected = await settled(calm, calmToken);
    let at = 1;
    for (let fired = true; fired; at += 1) {
      for (const when of ['before', 'after'] as const) {
        city = await answerWorld();
        const alarm = await city.alarm();
        const token = await city.link(alarm, over);
        const { plan, deps } = dying(city.stores, at, when);
        const press = city.browser(deps).press(token, choice);
        fired = (await press.then(() => plan.fired).catch(() => true)) && plan.fired;
        expect((await city.press(token, choice)).status, `${when} ${at}`).toBe(200);
        expect(await settled(alarm, token), `${when} ${at}`).toEqual(expected);
      }
    }
    expect(at).toBeGreaterThan(5);
  });

  it.each([
    ['a person', {}, TAKE],
    ['a group, of which nobody is asked again', { group: true }, { ...TAKE, name: '王建国', unit: '值班室' }],
  ])('leaves a button to whoever goes back and looks again: %s', async (_who, over, sent) => {
    const alarm = await city.alarm();
    const token = await city.link(alarm, over);
    const plan = failAt({ at: 1, when: 'before', only: ['save'] });
    const broken = city.browser({ ...city.stores, incidents: failing(city.stores.incidents, plan) });
    await expect(broken.press(token, sent)).rejects.toThrow('planned');
    const page = await city.look(token);
    expect(page.status).toBe(200);
    expect(page.body).toContain('请再按一次');
    expect(page.body).toContain('value="take"');
    expect(page.body).not.toMatch(/value="pass-on"|<input/);
    expect((await city.press(token, TAKE)).body).toContain('您已接手处理');
    expect((await now(alarm)).state).toBe('answered');
    expect((await city.look(token)).status).toBe(410);
  });

  /** As the sweep leaves it when an answer ran out. */
  const expire = async (incident: Incident, steps: 'kept' | 'trimmed'): Promise<void> => {
    const { answeredBy: _by, answeredAtMs: _at, answerUntilMs: _until, ...rest } = await now(incident);
    const left = steps === 'kept' ? rest.steps : rest.steps.filter(({ by }) => !by.startsWith('link|'));
    await city.stores.incidents.save({ ...rest, state: 'open', steps: left, revision: rest.revision + 1 });
  };

  it('does not renew an answer that was kept and has run out since, though what followed it was not', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const plan = failAt({ at: 1, when: 'before', only: ['seen'] });
    const broken = city.browser({ ...city.stores, reach: failing(city.stores.reach, plan) });
    await expect(broken.press(token, TAKE)).rejects.toThrow('planned');
    await expire(alarm, 'kept');
    await city.press(token, TAKE);
    expect((await now(alarm)).state).toBe('open');
    expect(await deliveryOf(token)).toMatchObject({ state: 'seen' });
  });

  it('does not answer a second time when all of it was kept, though the timeline has lost the first', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    await city.press(token, TAKE);
    await expire(alarm, 'trimmed');
    expect((await city.press(token, TAKE)).body).toContain('您的答复已经到期');
    expect((await now(alarm)).state).toBe('open');
  });

  it('is finished by whatever is pressed next, and what was said first stands', async () => {
    const alarm = await city.alarm();
    const token = await city.link(alarm);
    const plan = failAt({ at: 1, when: 'before', only: ['save'] });
    const broken = city.browser({ ...city.stores, incidents: failing(city.stores.incidents, plan) });
    await expect(broken.press(token, TAKE)).rejects.toThrow('planned');
    expect((await now(alarm)).state).toBe('open');
    city.clock.nowMs += 60_000;
    expect((await city.press(token, PASS)).status).toBe(410);
    expect(await now(alarm)).toMatchObject({ state: 'answered', answeredAtMs: NIGHT_MS });
  });
});
