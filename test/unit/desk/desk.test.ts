import { beforeEach, describe, expect, it } from 'vitest';
import { makeDeskHandler } from '../../../functions/desk/handler.ts';
import { incidentPage, incidentView } from '../../../shared/contracts/desk.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { openAlarm, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import { withStep } from '../../../shared/domain/incidents/steps.ts';
import { joinStorm, openStorm } from '../../../shared/domain/incidents/storm.ts';
import type { BoxAlarmKind } from '../../../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { packById, packFor } from '../../../shared/rule-packs/index.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import {
  failing,
  interleave,
  memoryDeliveryStore,
  memoryIncidentStore,
  memoryLinkStore,
  memoryNoticeFeed,
  memoryNoticePublisher,
  memoryRecordStore,
  memoryRegistryStore,
  memoryRosterStore,
  memoryWindowStore,
} from '../../support/memory-stores.ts';
import { believing, callerOf, grantTo, ISSUER } from '../../support/people-api.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');

const make = () => {
  const registry = memoryRegistryStore();
  const incidents = memoryIncidentStore();
  const records = memoryRecordStore();
  let nowMs = NOW_MS;
  const [windows, publisher] = [memoryWindowStore(), memoryNoticePublisher()];
  const told = {
    deliveries: memoryDeliveryStore(),
    links: memoryLinkStore(),
    feed: memoryNoticeFeed(),
    rosters: memoryRosterStore(),
  };
  const deps = { ...told, incidents, records, registry, windows, publisher, packFor, packById, clock: () => nowMs };
  const authenticate = believing(registry);
  return {
    registry,
    incidents,
    records,
    deps,
    call: callerOf(makeDeskHandler(authenticate, deps)),
    callWith: (more: object) => callerOf(makeDeskHandler(authenticate, { ...deps, ...more })),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

let city: ReturnType<typeof make>;
let sunshine: Facility;
let lakeside: Facility;

const open = async (incident: Incident): Promise<Incident> => {
  expect(await city.incidents.putIfAbsent(incident)).toBe(true);
  return incident;
};

let reports = 0;
const alarmAt = (facility: Facility, kind: BoxAlarmKind, atMs = NOW_MS): Incident => {
  reports += 1;
  const id = `0195${String(reports).padStart(4, '0')}-0000-7000-8000-000000000000`;
  const report = { id, timeMs: atMs, ageMs: 1_500, kind, area: 'playroom', confirmed: 'yes', drill: false } as const;
  const sender = { facilityId: facility.id, box: 'gate', key: 'k', createdMs: atMs, receivedMs: atMs };
  return openAlarm(report, `digest-${id}`, sender, facility, packFor(facility, atMs));
};
const silenceAt = (
  facility: Facility,
  atMs = NOW_MS,
  rule: 'monitoring-running' | 'morning-check' = 'monitoring-running',
) =>
  openTechnical(
    {
      rule,
      subject: rule === 'morning-check' ? 'class/little' : 'box/gate',
      finding: 'breached',
      reason: rule === 'morning-check' ? 'not-checked' : 'no-beat',
      sinceMs: atMs - 3 * MINUTE_MS,
    },
    facility,
    packFor(facility, atMs),
    atMs,
  );

/** As the sweep does with what is over: the record first, then the live item goes. */
const archive = async (incident: Incident, closedAtMs = incident.openedAtMs + HOUR_MS): Promise<Incident> => {
  const closed: Incident = {
    ...withStep(incident, closedAtMs, 'closed', 'watch', 'met-again'),
    state: 'closed',
    closedAtMs,
    closeReason: 'met-again',
    outbox: [],
  };
  await city.records.archiveIncident(closed);
  await city.incidents.remove(incident.id, incident.revision);
  return closed;
};

beforeEach(async () => {
  city = make();
  reports = 0;
  sunshine = aFacility();
  lakeside = aFacility({ id: 'lakeside', division: '320282' });
  for (const one of [sunshine, lakeside]) expect(await city.registry.putFacility(one)).toBe(true);
  const officer = (department: 'police' | 'health' | 'fire', division: string) =>
    ({ role: 'officer', department, division }) as const;
  await grantTo(city.registry, 'wang', officer('police', '3212'));
  await grantTo(city.registry, 'li', officer('police', '3212'));
  await grantTo(city.registry, 'nurse', officer('health', '3212'));
  await grantTo(city.registry, 'fire', officer('fire', '3212'));
  await grantTo(city.registry, 'wuxi', officer('police', '3202'));
  await grantTo(city.registry, 'province', officer('police', '32'));
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(city.registry, 'head', { role: 'facility', facilityId: 'sunshine' });
  await grantTo(city.registry, 'registrar', { role: 'registrar', division: '3212' });
});

const LIST = 'GET /v1/desk/incidents';
const ONE = '/v1/desk/incidents/{incident}';
const list = (as: string, query: Record<string, string> = {}) => city.call({ as, route: LIST, query });
const idsOf = async (as: string, query: Record<string, string> = {}): Promise<string[]> => {
  const { status, body } = await list(as, query);
  expect(status).toBe(200);
  return incidentPage.parse(body).items.map(({ id }) => id);
};
const allIds = async (as: string, query: Record<string, string>): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 100; pages += 1) {
    const { body } = await list(as, { ...query, ...(cursor && { cursor }) });
    ids.push(...incidentPage.parse(body).items.map(({ id }) => id));
    cursor = body.cursor;
    if (cursor === undefined) return ids;
  }
  throw new Error('the list does not end');
};
const read = (as: string, incident: string) => city.call({ as, route: `GET ${ONE}`, path: { incident } });
const answer = (as: string, incident: string) =>
  city.call({ as, route: `POST ${ONE}/answer`, path: { incident }, body: {} });
const close = (as: string, incident: string, reason = 'handled') =>
  city.call({ as, route: `POST ${ONE}/close`, path: { incident }, body: { reason } });

describe('one incident', () => {
  it('shows what, where, since when, who was told, what comes next and by which clause', async () => {
    const { id } = await open(silenceAt(sunshine));
    const { status, body } = await read('wang', id);
    expect(status).toBe(200);
    const view = incidentView.parse(body);
    expect(view).toMatchObject({
      facility: 'sunshine',
      facilityName: sunshine.name,
      title: { en: 'monitoring system not shown to be running' },
      since: '2026-03-02T01:57:00.000Z',
      openedAt: '2026-03-02T02:00:00.000Z',
      state: 'open',
      live: true,
      steps: [{ n: 0, kind: 'opened', by: 'watch', reason: 'no-beat' }],
    });
    const pack = packFor(sunshine, NOW_MS);
    expect(view.duty).toEqual(pack.citations[pack.rules['monitoring-running'].source]);
    expect(view.ladder[0]).toMatchObject({ level: 'facility', recipients: [{ id: 'facility', name: { zh: '机构' } }] });
    const above = view.ladder[1];
    expect(view.next).toEqual({ level: above?.level, dueAt: above?.dueAt });
    for (const { id: department, name } of above?.recipients ?? []) {
      expect(name).toEqual(pack.departments.find((one) => one.id === department)?.name);
    }
    expect(view.notices.owed).toMatchObject([
      { level: 'facility', department: 'facility', kind: 'opened', attempts: 0 },
    ]);
  });

  it('of an alarm names the area in both languages', async () => {
    const { id } = await open(alarmAt(sunshine, 'panic'));
    const view = incidentView.parse((await read('wang', id)).body);
    expect(view).toMatchObject({
      lane: 'life-safety',
      title: { zh: '一键紧急报警' },
      area: { id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1 },
      alarm: { kind: 'panic', box: 'gate', ageSeconds: 2, confirmed: 'yes' },
    });
  });

  it('has its whole timeline: what was flushed and what the head still has, each step once', async () => {
    const incident = silenceAt(sunshine);
    const steps = Array.from(
      { length: 14 },
      (_, n) => ({ n, atMs: NOW_MS + n, kind: 'climbed', by: 'watch', reason: `${n}` }) as const,
    );
    await open({ ...incident, steps: steps.slice(4) });
    await city.records.flushSteps('sunshine', incident.id, steps.slice(0, 6));
    const view = incidentView.parse((await read('wang', incident.id)).body);
    expect(view.steps.map(({ n }) => n)).toEqual(steps.map(({ n }) => n));
  });

  it('is read from the records once it is archived, also if that happens while it is looked for', async () => {
    const incident = await open(silenceAt(sunshine));
    const racing = city.callWith({
      incidents: interleave(city.incidents, { method: 'read', meanwhile: () => archive(incident) }),
    });
    const answered = await racing({ as: 'wang', route: `GET ${ONE}`, path: { incident: incident.id } });
    expect(incidentView.parse(answered.body)).toMatchObject({ state: 'closed', live: false, closedBy: 'watch' });
  });

  it('does not need its pack or its facility any more', async () => {
    const id = (await open({ ...silenceAt(sunshine), pack: 'gone@9' })).id;
    const view = incidentView.parse((await read('wang', id)).body);
    expect(view.duty).toBeUndefined();
    expect(view.pack).toBe('gone@9');
  });
});

describe('answering', () => {
  it('stops the ladder in the name of the person of the token, once', async () => {
    const { id } = await open(silenceAt(sunshine));
    city.pass(60_000);
    const first = await answer('wang', id);
    expect(incidentView.parse(first.body)).toMatchObject({
      state: 'answered',
      answeredBy: `${ISSUER}|wang`,
      answeredAt: '2026-03-02T02:01:00.000Z',
    });
    expect(first.body.next).toBeUndefined();
    city.pass(60_000);
    // Still on it: the first answer stands, and holds for longer.
    const again = (await answer('wang', id)).body;
    expect(again).toMatchObject({ answeredBy: `${ISSUER}|wang`, answeredAt: first.body.answeredAt });
    expect(Date.parse(again.answerUntil) - Date.parse(first.body.answerUntil)).toBe(60_000);
    expect((await answer('li', id)).body.answeredBy).toBe(`${ISSUER}|wang`);
    const answers = (await city.incidents.read(id))?.steps.filter(({ kind }) => kind === 'answered');
    expect(answers?.map(({ reason }) => reason)).toEqual(['answered', 'still-on-it']);
  });

  it('wins or loses a race with the sweep without losing either', async () => {
    const incident = await open(silenceAt(sunshine));
    const racing = city.callWith({
      incidents: interleave(city.incidents, {
        method: 'save',
        meanwhile: async () => {
          const now = (await city.incidents.read(incident.id)) ?? incident;
          await city.incidents.save({
            ...withStep(now, NOW_MS, 'climbed', 'watch', 'town'),
            revision: now.revision + 1,
          });
        },
      }),
    });
    const answered = await racing({
      as: 'wang',
      route: `POST ${ONE}/answer`,
      path: { incident: incident.id },
      body: {},
    });
    expect(answered.status).toBe(200);
    expect(answered.body.steps.map(({ kind }: { kind: string }) => kind)).toEqual(['opened', 'climbed', 'answered']);
  });

  it('whose answer was lost shows the same when it is sent again', async () => {
    const { id } = await open(alarmAt(sunshine, 'panic'));
    const broken = city.callWith({ incidents: failing(city.incidents, { at: 1, when: 'after', only: ['save'] }) });
    expect((await broken({ as: 'wang', route: `POST ${ONE}/answer`, path: { incident: id }, body: {} })).status).toBe(
      503,
    );
    expect((await answer('wang', id)).body.answeredBy).toBe(`${ISSUER}|wang`);
    expect((await city.incidents.read(id))?.revision).toBe(2);
  });

  it('what is closed, live or archived, says who closed it', async () => {
    const closed = await open(alarmAt(sunshine, 'panic'));
    await close('wang', closed.id);
    expect(await answer('li', closed.id)).toMatchObject({
      status: 409,
      body: { code: 'already-closed', closedBy: `${ISSUER}|wang`, closeReason: 'handled' },
    });
    const archived = await archive(await open(silenceAt(sunshine)));
    expect(await answer('li', archived.id)).toMatchObject({ status: 409, body: { closedBy: 'watch' } });
  });

  it('takes no free text', async () => {
    const { id } = await open(alarmAt(sunshine, 'panic'));
    const call = { as: 'wang', route: `POST ${ONE}/answer`, path: { incident: id }, body: { note: 'Xiaoming fell' } };
    expect(await city.call(call)).toMatchObject({ status: 422, body: { faults: [{ pointer: '/note' }] } });
    expect((await city.incidents.read(id))?.state).toBe('open');
  });
});

describe('closing', () => {
  it('twice by the same person for the same reason is once', async () => {
    const { id } = await open(alarmAt(sunshine, 'panic'));
    const first = await close('wang', id, 'false-alarm');
    expect(incidentView.parse(first.body)).toMatchObject({
      state: 'closed',
      closedBy: `${ISSUER}|wang`,
      closeReason: 'false-alarm',
    });
    city.pass(60_000);
    expect(await close('wang', id, 'false-alarm')).toMatchObject({ status: 200, body: first.body });
    expect((await city.incidents.read(id))?.revision).toBe(2);
  });

  it('by a second person, or for another reason, is refused and says who was first', async () => {
    const { id } = await open(alarmAt(sunshine, 'panic'));
    await close('wang', id);
    const refused = {
      status: 409,
      body: { code: 'already-closed', closedBy: `${ISSUER}|wang`, closeReason: 'handled' },
    };
    expect(await close('li', id)).toMatchObject(refused);
    expect(await close('wang', id, 'false-alarm')).toMatchObject(refused);
  });

  it('keeps the notices of a panic alarm that are still owed', async () => {
    const incident = await open(alarmAt(sunshine, 'panic'));
    await close('wang', incident.id);
    expect((await city.incidents.read(incident.id))?.outbox).toEqual(incident.outbox);
  });

  it('needs one of the closed reasons', async () => {
    const { id } = await open(alarmAt(sunshine, 'panic'));
    expect(await close('wang', id, 'met-again')).toMatchObject({
      status: 422,
      body: { faults: [{ pointer: '/reason' }] },
    });
    expect((await city.call({ as: 'wang', route: `POST ${ONE}/close`, path: { incident: id } })).status).toBe(422);
  });
});

describe('lists', () => {
  it('merge live and archived of all counties, newest first, in pages of any size', async () => {
    const hailing = sunshine;
    const taixing = aFacility({ id: 'taixing', division: '321283' });
    await city.registry.putFacility(taixing);
    const wanted: Incident[] = [];
    for (let n = 0; n < 24; n += 1) {
      const atMs = NOW_MS - n * DAY_MS - (n % 3) * MINUTE_MS;
      const incident = await open(silenceAt(n % 2 === 0 ? hailing : taixing, atMs));
      if (n % 3 === 0) await archive(incident, Math.min(incident.openedAtMs + (n % 5) * DAY_MS, NOW_MS));
      wanted.push(incident);
    }
    await open(silenceAt(lakeside));
    const ids = wanted.sort((a, b) => b.openedAtMs - a.openedAtMs).map(({ id }) => id);
    for (const limit of ['1', '5', '24', '100']) {
      expect(await allIds('wang', { division: '3212', limit })).toEqual(ids);
    }
    expect(await allIds('wang', { division: '321283' })).toEqual(ids.filter((id) => id.startsWith('taixing')));
  });

  it('come in one order when many opened in the same millisecond', async () => {
    for (let n = 0; n < 7; n += 1) await open(alarmAt(sunshine, 'panic'));
    const whole = await allIds('wang', {});
    expect(new Set(whole).size).toBe(7);
    expect(await allIds('wang', { limit: '2' })).toEqual(whole);
  });

  it('are filtered by state as it is now, lane and time of opening', async () => {
    const old = await open(alarmAt(sunshine, 'panic', NOW_MS - 40 * DAY_MS));
    const yesterday = await open(silenceAt(sunshine, NOW_MS - DAY_MS));
    const today = await open(alarmAt(sunshine, 'fire'));
    const gone = await archive(await open(silenceAt(sunshine, NOW_MS - 2 * DAY_MS)));
    await answer('wang', today.id);
    expect(await idsOf('wang')).toEqual([today.id, yesterday.id, gone.id]);
    expect(await idsOf('wang', { state: 'open' })).toEqual([yesterday.id]);
    expect(await idsOf('wang', { state: 'answered' })).toEqual([today.id]);
    expect(await idsOf('wang', { state: 'closed' })).toEqual([gone.id]);
    expect(await idsOf('wang', { lane: 'technical' })).toEqual([yesterday.id, gone.id]);
    const instant = (ms: number): string => new Date(ms).toISOString();
    expect(await idsOf('wang', { to: instant(yesterday.openedAtMs) })).toEqual([gone.id]);
    expect(await idsOf('wang', { from: instant(yesterday.openedAtMs) })).toEqual([today.id, yesterday.id]);
    expect(await idsOf('wang', { from: instant(NOW_MS - 60 * DAY_MS), to: instant(NOW_MS - 30 * DAY_MS) })).toEqual([
      old.id,
    ]);
  });

  it('of a town leave out the other towns of its county', async () => {
    const { id } = await open(silenceAt(sunshine));
    expect(sunshine.division).toBe('321202001');
    expect(await idsOf('wang', { division: '321202001' })).toEqual([id]);
    expect(await idsOf('wang', { division: '321202002' })).toEqual([]);
  });

  it('refuse a window that is upside down or endless, and a cursor that is none', async () => {
    const query = { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' };
    expect(await list('wang', query)).toMatchObject({ status: 400, body: { faults: [{ pointer: '/from' }] } });
    expect((await list('wang', { from: '2020-01-01T00:00:00Z' })).status).toBe(400);
    for (const cursor of [
      'x',
      'bnVsbA',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('[-1,"a"]').toString('base64url'),
    ]) {
      expect(await list('wang', { cursor })).toMatchObject({ status: 400, body: { code: 'cursor-invalid' } });
    }
    expect((await list('wang', { limit: '101' })).status).toBe(400);
    expect((await list('wang', { state: 'mute' })).status).toBe(400);
  });

  it('show an incident once while it is in both tables', async () => {
    const incident = await open(silenceAt(sunshine));
    await city.records.archiveIncident({ ...incident, state: 'closed', closedAtMs: NOW_MS });
    expect(await idsOf('wang')).toEqual([incident.id]);
  });

  it('leave out what the index still names and nobody keeps any more', async () => {
    const incident = await open(silenceAt(sunshine));
    const stale = { ...city.incidents, list: async () => ({ items: [incident] }), read: async () => undefined };
    const answered = await city.callWith({ incidents: stale })({ as: 'wang', route: LIST });
    expect(answered.body).toEqual({ items: [] });
  });
});

describe('divisions', () => {
  it('what an index that lags still lists here is shown as it is kept, or not at all', async () => {
    const incident = await open(silenceAt(sunshine));
    const moved = { ...city.incidents, read: async () => ({ ...incident, division: '320282' }) };
    expect((await city.callWith({ incidents: moved })({ as: 'wang', route: LIST })).body.items).toEqual([]);
  });

  it('an officer of 3212 sees and changes nothing under 3202: by list, prefix, cursor or id', async () => {
    const ours = await open(silenceAt(sunshine));
    const theirs = await open(alarmAt(lakeside, 'panic'));
    const theirRecord = await archive(await open(silenceAt(lakeside, NOW_MS - DAY_MS)));
    expect(await idsOf('wang')).toEqual([ours.id]);
    expect(await idsOf('wang', { division: '32' })).toEqual([ours.id]);
    for (const division of ['3202', '320282']) {
      expect(await list('wang', { division })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await idsOf('province', { division: '32' })).toHaveLength(3);
    const { cursor } = (await list('province', { division: '32', limit: '1' })).body;
    const with3202 = await list('wang', { division: '32', cursor });
    expect(with3202.text).not.toContain('lakeside');
    for (const { id } of [theirs, theirRecord]) {
      const refused = await read('wang', id);
      expect(refused.status).toBe(404);
      expect(refused.text).toBe((await read('wang', 'no-such~incident')).text);
      expect((await answer('wang', id)).status).toBe(404);
      expect((await close('wang', id)).status).toBe(404);
    }
    expect(await city.incidents.read(theirs.id)).toEqual(theirs);
    expect((await read('wuxi', theirs.id)).status).toBe(200);
  });

  it('what happened before a facility moved stays with the division where it happened', async () => {
    const before = await open(silenceAt(sunshine));
    await city.registry.putFacility({ ...sunshine, version: 2, division: '320282' });
    expect((await read('wuxi', before.id)).status).toBe(404);
    expect((await read('wang', before.id)).status).toBe(200);
  });
});

describe('roles', () => {
  it('an auditor reads everything in the division and changes nothing', async () => {
    const all = [
      await open(alarmAt(sunshine, 'abuse', NOW_MS)),
      await open(alarmAt(sunshine, 'panic', NOW_MS - 1)),
      await open(silenceAt(sunshine, NOW_MS - 2, 'morning-check')),
    ];
    expect(await idsOf('auditor')).toEqual(all.map(({ id }) => id));
    for (const incident of all) {
      expect((await read('auditor', incident.id)).status).toBe(200);
      expect((await answer('auditor', incident.id)).status).toBe(403);
      expect((await close('auditor', incident.id)).status).toBe(403);
      expect(await city.incidents.read(incident.id)).toEqual(incident);
    }
  });

  it('an abuse alarm is not there for the facility: not in the list, not by id, live or archived', async () => {
    const abuse = await open(alarmAt(sunshine, 'abuse'));
    const panic = await open(alarmAt(sunshine, 'panic', NOW_MS - 1));
    const oldAbuse = await archive(await open(alarmAt(sunshine, 'abuse', NOW_MS - DAY_MS)));
    expect(await idsOf('head')).toEqual([panic.id]);
    for (const { id } of [abuse, oldAbuse]) {
      const refused = await read('head', id);
      expect(refused.status).toBe(404);
      expect(refused.text).toBe((await read('head', 'sunshine~alarm~gate~nothing')).text);
      expect((await answer('head', id)).status).toBe(404);
    }
    expect((await list('head', { limit: '1' })).text).not.toContain('abuse');
    expect((await read('wang', abuse.id)).status).toBe(200);
  });

  it("a facility reads and answers its own technical incidents, nobody else's, and closes none", async () => {
    const own = await open(silenceAt(sunshine));
    const neighbour = aFacility({ id: 'moonlight' });
    await city.registry.putFacility(neighbour);
    const other = await open(silenceAt(neighbour));
    expect(await idsOf('head')).toEqual([own.id]);
    expect((await read('head', other.id)).status).toBe(404);
    expect((await answer('head', other.id)).status).toBe(404);
    expect((await close('head', own.id)).status).toBe(403);
    expect((await answer('head', own.id)).body).toMatchObject({ state: 'answered', answeredBy: `${ISSUER}|head` });
  });

  it('police hear nothing of a missing morning check; health answers it', async () => {
    const { id } = await open(silenceAt(sunshine, NOW_MS, 'morning-check'));
    expect(await idsOf('wang')).toEqual([]);
    expect((await read('wang', id)).status).toBe(404);
    expect(await idsOf('nurse')).toEqual([id]);
    expect((await answer('nurse', id)).status).toBe(200);
  });

  it('who only reads a group may not answer it', async () => {
    const { id } = await open(silenceAt(sunshine));
    expect((await read('fire', id)).status).toBe(200);
    expect((await answer('fire', id)).status).toBe(403);
  });

  it('a registrar and a person without roles get no list of alarms', async () => {
    await open(alarmAt(sunshine, 'panic'));
    expect(await idsOf('registrar')).toEqual([]);
    expect((await list('stranger')).status).toBe(403);
  });
});

describe('every department that a pack tells may read it, and every one that must act may answer', () => {
  const kinds = ['panic', 'fire', 'gas', 'medical', 'food-poisoning', 'missing-child', 'abuse', 'intrusion'] as const;
  it.each(kinds)('%s', async (kind) => {
    const incident = await open(alarmAt(sunshine, kind));
    for (const { topic, duty } of incident.ladder[0]?.recipients ?? []) {
      if (topic === 'facility') continue;
      const name = `officer-of-${topic}-${duty}`;
      await grantTo(city.registry, name, { role: 'officer', department: topic, division: '321202' }).catch(
        () => undefined,
      );
      expect((await read(name, incident.id)).status, name).toBe(200);
      if (duty === 'act') expect((await answer(name, incident.id)).status, name).toBe(200);
    }
  });
});

describe('a storm', () => {
  const stormOver = async (): Promise<{ readonly storm: Incident; readonly child: Incident }> => {
    const silence = silenceAt(sunshine);
    const storm = await open(openStorm('321283', [silence], 40, packFor(sunshine, NOW_MS), NOW_MS));
    return { storm, child: await open(joinStorm(silence, storm.id, NOW_MS).incident) };
  };

  it('says how many are silent, its child names it, and its children can be listed', async () => {
    const { storm, child } = await stormOver();
    await open(silenceAt(sunshine, NOW_MS + 1, 'morning-check'));
    expect(incidentView.parse((await read('wang', storm.id)).body)).toMatchObject({
      facility: 'division-321283',
      division: '321283',
      stormFacts: { children: 1, facilities: 40 },
      title: { en: 'many facilities went silent at once' },
    });
    expect(incidentView.parse((await read('wang', child.id)).body)).toMatchObject({ storm: storm.id, state: 'open' });
    expect(await idsOf('wang', { storm: storm.id })).toEqual([child.id]);
    expect(await idsOf('wang', { storm: 'another' })).toEqual([]);
  });

  it('is read and answered by division: not from another city, nor by a facility of its division', async () => {
    const { storm } = await stormOver();
    await grantTo(city.registry, 'forged', { role: 'facility', facilityId: 'division-321283' });
    for (const [as, status] of [
      ['nurse', 200],
      ['wuxi', 404],
      ['head', 404],
      ['forged', 404],
    ] as const) {
      expect((await read(as, storm.id)).status, as).toBe(status);
    }
    expect((await answer('fire', storm.id)).status).toBe(403);
    expect((await answer('nurse', storm.id)).status).toBe(200);
  });
});

describe('a notice as CAP', () => {
  const cap = (as: string, incident: string, query: Record<string, string> = {}) =>
    city.call({ as, route: `GET ${ONE}/cap`, path: { incident }, query });

  /** An alarm of which SNS took every notice; the last one later than the others. */
  const toldOf = async (kind: BoxAlarmKind): Promise<Incident> => {
    const { incident, claimed } = claimDue(alarmAt(sunshine, kind), NOW_MS);
    const told = markPublished(incident, claimed.slice(0, -1), NOW_MS, 'watch');
    return open(markPublished(told, claimed.slice(-1), NOW_MS + 1_000, 'watch'));
  };

  it('is the latest that was published, or the one that is named', async () => {
    const incident = await toldOf('panic');
    const { status, headers, text } = await cap('wang', incident.id);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/cap\+xml/);
    expect(text).toContain(`<identifier>${incident.id}/0/${incident.published.at(-1)?.department}/opened<`);
    const first = `${incident.id}/0/${incident.published[0]?.department}/opened`;
    expect((await cap('wang', incident.id, { notice: first })).text).toContain(`<identifier>${first}<`);
  });

  it('is not there before one was published, nor for who may not read the incident', async () => {
    const unpublished = await open(alarmAt(sunshine, 'fire'));
    expect((await cap('wang', unpublished.id)).status).toBe(404);
    const told = await toldOf('panic');
    expect((await cap('wang', told.id, { notice: 'another' })).status).toBe(404);
    expect((await cap('wuxi', told.id)).status).toBe(404);
    const abuse = await toldOf('abuse');
    expect((await cap('head', abuse.id)).status).toBe(404);
    expect((await cap('wang', abuse.id)).status).toBe(200);
  });
});
