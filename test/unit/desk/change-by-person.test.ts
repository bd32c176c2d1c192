import { beforeEach, describe, expect, it } from 'vitest';
import { incidentView } from '../../../shared/contracts/desk.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { openAlarm, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import type { BoxAlarmKind } from '../../../shared/domain/reports.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { noWindows } from '../../../shared/domain/windows/window-list.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { type DeskWorld, deskWorld, NOW_MS, newId } from '../../support/desk-world.ts';
import { failing } from '../../support/memory-stores.ts';
import { ISSUER } from '../../support/people-api.ts';

const ONE = '/v1/desk/incidents/{incident}';
let city: DeskWorld;
beforeEach(async () => {
  city = await deskWorld();
});

const drills = [
  { id: 'drill-1', fromMs: NOW_MS, toMs: NOW_MS + HOUR_MS, by: 'wang', registeredAtMs: NOW_MS, reason: 'fire-drill' },
];

/** An alarm whose first notices are published, as the receiver leaves it. */
const rung = async (kind: BoxAlarmKind, drill: boolean): Promise<Incident> => {
  const report = { id: newId(), timeMs: NOW_MS, ageMs: 0, kind, confirmed: 'unknown', drill } as const;
  const sender = { facilityId: 'sunshine', box: 'gate', key: 'k', createdMs: NOW_MS, receivedMs: NOW_MS };
  const pack = packFor(city.sunshine, NOW_MS);
  const opened = openAlarm(report, 'digest', sender, city.sunshine, pack, { ...noWindows('sunshine'), drills });
  const { incident, claimed } = claimDue(opened, NOW_MS);
  const told = markPublished(incident, claimed, NOW_MS, 'receive-alarms');
  expect(await city.incidents.putIfAbsent(told)).toBe(true);
  return told;
};
const silent = async (): Promise<Incident> => {
  const found = { rule: 'monitoring-running', subject: 'box/gate', finding: 'breached', reason: 'no-beat' } as const;
  const pack = packFor(city.sunshine, NOW_MS);
  const incident = openTechnical({ ...found, sinceMs: NOW_MS }, city.sunshine, pack, NOW_MS);
  expect(await city.incidents.putIfAbsent(incident)).toBe(true);
  return incident;
};
const say = (as: string, what: string, incident: string, body: object = {}) =>
  city.call({ as, route: `POST ${ONE}/${what}`, path: { incident }, body });
const read = (as: string, incident: string) => city.call({ as, route: `GET ${ONE}`, path: { incident } });
const kept = (id: string): Incident => {
  const incident = city.incidents.live.get(id);
  if (incident === undefined) throw new Error(`${id} is not there`);
  return incident;
};

describe('a drill that turns out to be real', () => {
  it('is told as real, at once, to everybody who was told of the drill', async () => {
    const { id, published } = await rung('fire', true);
    expect((await read('police', id)).body.drill).toEqual({ window: 'drill-1', to: '2026-03-02T03:00:00.000Z' });
    city.pass(MINUTE_MS);
    const { status, body } = await say('head', 'real', id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'open', notices: { owed: [] } });
    expect(body.drill).toBeUndefined();
    const worsened = city.publisher.published;
    expect(worsened.map(({ recipient }) => recipient.department).sort()).toEqual(
      published.map((one) => one.department).sort(),
    );
    for (const notice of worsened) {
      expect(notice).toMatchObject({ kind: 'worsened', drill: false, lane: 'life-safety' });
      expect(notice.text).toContain('演练中发生真实警情');
      expect(notice.text).not.toContain('勿拨打');
    }
  });

  it('has to be answered again, and its repeats count from now', async () => {
    const { id } = await rung('fire', true);
    await say('police', 'answer', id);
    city.pass(30 * MINUTE_MS);
    const view = incidentView.parse((await say('police', 'real', id)).body);
    expect(view).toMatchObject({ state: 'open' });
    expect(view.answeredBy).toBeUndefined();
    const waiting = kept(id).ladder.filter(({ enteredAtMs }) => enteredAtMs === undefined);
    expect(waiting.map(({ dueAtMs }) => dueAtMs - NOW_MS - 30 * MINUTE_MS)).toEqual(
      [5, 10, 15].map((n) => n * MINUTE_MS),
    );
    expect((await say('police', 'answer', id)).body).toMatchObject({
      state: 'answered',
      answeredBy: `${ISSUER}|police`,
    });
  });

  it('has all its repeats again, though the drill has used them up, and though it was closed as a drill', async () => {
    const incident = await rung('fire', true);
    const ladder = incident.ladder.map((one) => ({ ...one, enteredAtMs: NOW_MS }));
    city.incidents.live.set(incident.id, {
      ...incident,
      ladder,
      state: 'closed',
      closedAtMs: NOW_MS,
      closeReason: 'drill-over',
    });
    const view = incidentView.parse((await say('fire', 'real', incident.id)).body);
    expect(view.closeReason).toBeUndefined();
    const waiting = kept(incident.id).ladder.filter(({ enteredAtMs }) => enteredAtMs === undefined);
    expect(waiting).toHaveLength(3);
    for (const { recipients } of waiting) expect(recipients.map(({ department }) => department)).toContain('fire');
  });

  it('is said twice and told once; a crash in between leaves it to the sweep', async () => {
    const { id } = await rung('fire', true);
    const broken = city.callWith({ incidents: failing(city.incidents, { at: 1, when: 'after', only: ['save'] }) });
    expect((await broken({ as: 'fire', route: `POST ${ONE}/real`, path: { incident: id }, body: {} })).status).toBe(
      503,
    );
    expect(kept(id).outbox.length).toBeGreaterThan(0);
    expect((await say('fire', 'real', id)).status).toBe(200);
    expect(city.publisher.published).toHaveLength(0);
    expect(kept(id).steps.filter(({ kind }) => kind === 'declared-real')).toHaveLength(1);
  });

  it('is nothing that a rule found, and nothing of another place', async () => {
    const { id } = await silent();
    expect((await say('police', 'real', id)).status).toBe(422);
    const drill = await rung('fire', true);
    expect((await say('wuxi', 'real', drill.id)).status).toBe(404);
    expect((await say('auditor', 'real', drill.id)).status).toBe(403);
    expect(kept(drill.id).drill).toBeDefined();
  });
});

describe('the score of a drill', () => {
  it('says whom it reached and who answered, in seconds after it was opened', async () => {
    const incident = await rung('fire', true);
    const published = incident.published.map((one) =>
      one.department === 'fire' ? { ...one, deliveredAtMs: NOW_MS + 4_000, seenAtMs: NOW_MS + 61_000 } : one,
    );
    city.incidents.live.set(incident.id, { ...incident, published });
    city.pass(95_000);
    await say('fire', 'answer', incident.id);
    const { score } = incidentView.parse((await read('auditor', incident.id)).body);
    expect(score?.answer).toEqual({ by: `${ISSUER}|fire`, seconds: 95 });
    expect(score?.departments.find(({ department }) => department === 'fire')).toEqual({
      department: 'fire',
      publishedSeconds: 0,
      deliveredSeconds: 4,
      seenSeconds: 61,
    });
    // Only who has to act is scored.
    expect(score?.departments.some(({ department }) => department === 'facility')).toBe(false);
  });

  it('is there only of a drill', async () => {
    const { id } = await rung('panic', false);
    expect((await read('police', id)).body.score).toBeUndefined();
  });
});

describe('a false alarm', () => {
  it('is said by the head, and stops and closes nothing', async () => {
    const before = await rung('panic', false);
    const { status, body } = await say('head', 'false-alarm', before.id, { code: 'pressed-by-mistake' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'open', falseAlarm: { by: `${ISSUER}|head`, code: 'pressed-by-mistake' } });
    expect(kept(before.id).ladder).toEqual(before.ladder);
    expect((await say('head', 'close', before.id, { reason: 'false-alarm' })).status).toBe(403);
  });

  it('is a code, of an alarm, and of one that the head may know of', async () => {
    const panic = await rung('panic', false);
    expect((await say('head', 'false-alarm', panic.id, { code: 'Xiaoming did it' })).status).toBe(422);
    expect((await say('head', 'false-alarm', (await silent()).id, { code: 'device-fault' })).status).toBe(422);
    const abuse = await rung('abuse', false);
    for (const what of ['false-alarm', 'pass-on', 'real', 'answer']) {
      const body = what === 'false-alarm' ? { code: 'device-fault' } : {};
      expect((await say('head', what, abuse.id, body)).status, what).toBe(404);
    }
    expect(kept(abuse.id).steps).toEqual(abuse.steps);
  });
});

describe('the head of a nursery', () => {
  it('answers what the nursery has to see to', async () => {
    const { id } = await silent();
    expect((await say('head', 'answer', id)).body).toMatchObject({ state: 'answered', answeredBy: `${ISSUER}|head` });
  });

  it('is known to know of a life-safety alarm, and the departments are told again all the same', async () => {
    const { id, ladder } = await rung('panic', false);
    const { body } = await say('head', 'answer', id);
    expect(body.state).toBe('open');
    expect(body.steps.at(-1)).toMatchObject({ kind: 'seen', by: `${ISSUER}|head` });
    expect(kept(id).ladder).toEqual(ladder);
  });

  it('passes on what the nursery cannot see to: the town hears of it now', async () => {
    const { id } = await silent();
    city.pass(MINUTE_MS);
    const { body } = await say('head', 'pass-on', id);
    expect(body.next).toMatchObject({ level: 'town', dueAt: '2026-03-02T02:01:00.000Z' });
    expect(body.steps.at(-1)).toMatchObject({ kind: 'passed-on', by: `${ISSUER}|head` });
  });
});
