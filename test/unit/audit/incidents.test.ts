import { beforeEach, describe, expect, it, vi } from 'vitest';
import { auditIncidentPage, auditIncidentView } from '../../../shared/contracts/audit-incidents.ts';
import type { Delivery } from '../../../shared/domain/delivery/delivery.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { knownAt } from '../../../shared/domain/incidents/known-at.ts';
import { responseTimes } from '../../../shared/domain/incidents/response-times.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/domain/time.ts';
import { wholeAuditIncidents } from '../../../shared/use-cases/audit/audit-incidents.ts';
import { incident as anIncident, step } from '../../contract/samples.ts';
import { type AuditWorld, auditWorld, NOW_MS } from '../../support/audit-world.ts';
import { grantTo, ISSUER } from '../../support/people-api.ts';

const LIST = 'GET /v1/audit/incidents';
const ONE = 'GET /v1/audit/incidents/{incident}';
const OPENED_MS = NOW_MS - 60 * MINUTE_MS;
let city: AuditWorld;

const page = async (query: Record<string, string> = {}, as = 'auditor') =>
  auditIncidentPage.parse((await city.call({ as, route: LIST, query })).body);
const one = async (incident: string, as = 'auditor') => city.call({ as, route: ONE, path: { incident } });

const told = { rung: 0, department: 'police', topic: 'police', kind: 'opened' } as const;
const panic = (more: Partial<Incident> = {}): Incident =>
  anIncident({
    id: 'sunshine~alarm~gate~1',
    division: '321202001',
    lane: 'life-safety',
    rule: 'alarm',
    subject: 'alarm/panic',
    finding: 'alarm',
    alarm: {
      kind: 'panic',
      box: 'gate',
      reportId: '1',
      digest: 'd',
      confirmed: 'unknown',
      drillFlag: false,
      ageMs: 0,
    },
    sinceMs: OPENED_MS,
    openedAtMs: OPENED_MS,
    ladder: [
      {
        level: 'district',
        dueAtMs: OPENED_MS,
        enteredAtMs: OPENED_MS,
        recipients: [{ department: 'police', topic: 'police', duty: 'act' }],
      },
    ],
    published: [
      {
        ...told,
        publishedAtMs: OPENED_MS + 2 * SECOND_MS,
        deliveredAtMs: OPENED_MS + 5 * SECOND_MS,
        seenAtMs: OPENED_MS + 40 * SECOND_MS,
      },
    ],
    steps: [
      step(0, { atMs: OPENED_MS, by: 'receive-alarms' }),
      step(1, { atMs: OPENED_MS + 90 * SECOND_MS, kind: 'answered', by: `${ISSUER}|police`, reason: 'answered' }),
    ],
    state: 'answered',
    answeredBy: `${ISSUER}|police`,
    answeredAtMs: OPENED_MS + 90 * SECOND_MS,
    ...more,
  });

const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  incidentId: 'sunshine~alarm~gate~1',
  noticeId: 'sunshine~alarm~gate~1/0/police/opened',
  post: 'police~321202',
  contact: 'officer-li',
  department: 'police',
  duty: 'act',
  lane: 'life-safety',
  kind: 'opened',
  rung: 0,
  state: 'seen',
  createdAtMs: OPENED_MS + 3 * SECOND_MS,
  attempts: [{ channel: 'work-phone', kind: 'sms', atMs: OPENED_MS + 4 * SECOND_MS, outcome: 'accepted' }],
  attemptCount: 1,
  deliveredAtMs: OPENED_MS + 5 * SECOND_MS,
  seenAtMs: OPENED_MS + 40 * SECOND_MS,
  dueAtMs: 0,
  revision: 1,
  ...more,
});

beforeEach(async () => {
  city = await auditWorld();
  await city.register('sunshine');
});

describe('incidents with their response times', () => {
  it('counts from the opening to each answer, in seconds; what never came is not there', async () => {
    await city.incidents.putIfAbsent(panic());
    const quiet = anIncident({ division: '321202001', sinceMs: OPENED_MS - 2 * MINUTE_MS });
    await city.incidents.putIfAbsent(quiet);
    const { items } = await page({ division: '3212' });
    expect(items.map(({ lifeSafety, drill, times }) => [lifeSafety, drill, times])).toEqual([
      [true, false, { publishedSeconds: 2, deliveredSeconds: 5, seenSeconds: 40, answeredSeconds: 90 }],
      [false, false, {}],
    ]);
    expect(items[0]?.title.zh).toBe('一键紧急报警');
  });

  it('knows an answer that has expired since from the flushed timeline, and marks a drill', async () => {
    const { answeredBy: _by, answeredAtMs: _at, ...again } = panic({ drill: { window: 'w', toMs: NOW_MS } });
    await city.incidents.putIfAbsent({ ...again, state: 'open', steps: again.steps.slice(0, 1) });
    await city.records.flushSteps('sunshine', again.id, panic().steps);
    const [drill] = (await page()).items;
    expect([drill?.drill, drill?.state, drill?.times.answeredSeconds]).toEqual([true, 'open', 90]);
  });

  it('asks by facility and by rule, live and archived, page by page', async () => {
    await city.register('lakeside', { division: '321202001' });
    await city.incidents.putIfAbsent(panic());
    await city.incidents.putIfAbsent(anIncident({ facilityId: 'lakeside', division: '321202001', sinceMs: OPENED_MS }));
    const closedAtMs = OPENED_MS + MINUTE_MS;
    const over = { division: '321202001', sinceMs: OPENED_MS - 5 * MINUTE_MS, state: 'closed', closedAtMs } as const;
    await city.records.archiveIncident(anIncident(over));
    const ids = async (query: Record<string, string>) => (await page(query)).items.map(({ incident }) => incident);
    expect(await ids({ facility: 'sunshine' })).toHaveLength(2);
    expect(await ids({ rule: 'alarm' })).toEqual(['sunshine~alarm~gate~1']);
    const first = await page({ limit: '1' });
    expect(await ids({ limit: '10', cursor: first.cursor ?? '' })).toHaveLength(2);
    const query = { format: 'csv', limit: '1', cursor: first.cursor ?? '' };
    const { text } = await city.call({ as: 'auditor', route: LIST, query });
    expect(text.trim().split('\r\n')).toHaveLength(4);
    expect(text).toContain('应答秒数 answered, seconds');
  });

  it('has those of a nursery that opened in a county where it lay before', async () => {
    const now = await city.registry.readFacility('sunshine');
    if (now === undefined) throw new Error('no facility');
    const moved = { ...now, division: '321203001', formerCounties: ['321202'], version: 2 };
    expect(await city.registry.putFacility(moved)).toBe(true);
    await city.incidents.putIfAbsent(panic());
    expect((await page({ facility: 'sunshine' })).items).toHaveLength(1);
    expect((await page({}, 'head')).items).toHaveLength(1);
  });

  it('shows nobody what their roles do not reach: abuse not to a head, another city not at all', async () => {
    const alarm = { ...panic().alarm, kind: 'abuse' } as NonNullable<Incident['alarm']>;
    await city.incidents.putIfAbsent(panic({ alarm, ladder: [], published: [] }));
    expect((await page({}, 'head')).items).toEqual([]);
    expect((await page({ division: '32' }, 'wuxi')).items).toEqual([]);
    expect((await page({}, 'auditor')).items).toHaveLength(1);
    for (const who of ['head', 'wuxi']) expect((await one('sunshine~alarm~gate~1', who)).status, who).toBe(404);
    expect((await page({ facility: 'sunshine' }, 'wuxi')).items).toEqual([]);
  });
});

describe('one incident', () => {
  it('of nobody is not there, and the engine is not asked for an empty key', async () => {
    const readArchived = vi.spyOn(city.records, 'readArchived');
    for (const id of ['~', '~alarm~gate~1']) expect((await one(id)).status, id).toBe(404);
    expect(readArchived).not.toHaveBeenCalled();
  });

  it('tells who was told when, by rung, department and channel, and who answered; no name, no contact, no subject', async () => {
    await city.incidents.putIfAbsent(panic());
    await city.deliveries.putIfAbsent(delivery());
    const answer = await one('sunshine~alarm~gate~1');
    const view = auditIncidentView.parse(answer.body);
    expect(view.told).toEqual([
      {
        rung: 0,
        level: 'district',
        department: 'police',
        departmentName: expect.anything(),
        duty: 'act',
        notice: 'opened',
        publishedAt: new Date(OPENED_MS + 2 * SECOND_MS).toISOString(),
        deliveries: [
          {
            post: 'police~321202',
            state: 'seen',
            createdAt: new Date(OPENED_MS + 3 * SECOND_MS).toISOString(),
            deliveredAt: new Date(OPENED_MS + 5 * SECOND_MS).toISOString(),
            seenAt: new Date(OPENED_MS + 40 * SECOND_MS).toISOString(),
            channels: ['sms'],
          },
        ],
      },
    ]);
    expect(view.answers).toEqual([
      {
        at: new Date(OPENED_MS + 90 * SECOND_MS).toISOString(),
        is: 'answered',
        by: 'person',
        department: 'police',
        person: await city.deps.personId(`${ISSUER}|police`),
        reason: 'answered',
      },
    ]);
    for (const word of ['officer-li', `${ISSUER}|police`, 'work-phone']) expect(answer.text).not.toContain(word);
  });

  it('names whoever answered through a link by its department and a salted id', async () => {
    const by = 'link|abc';
    const steps = [step(0), step(1, { kind: 'answered', by, reason: 'answered' })];
    await city.incidents.putIfAbsent(panic({ steps, answeredBy: by }));
    await city.links.putIfAbsent({
      lookup: 'abc',
      incidentId: 'sunshine~alarm~gate~1',
      noticeId: 'n',
      post: 'police~321202',
      contact: 'officer-li',
      department: 'police',
      duty: 'act',
      rung: 0,
      group: false,
      test: false,
      createdAtMs: OPENED_MS,
      expiresAtMs: NOW_MS,
    });
    const view = auditIncidentView.parse((await one('sunshine~alarm~gate~1')).body);
    expect(view.answers).toMatchObject([{ by: 'person', department: 'police', person: expect.any(String) }]);
  });

  it('shows a notice that is owed still as told to nobody', async () => {
    const recipient = { department: 'police', topic: 'police', duty: 'act' } as const;
    const outbox = [{ rung: 0, recipient, kind: 'opened', dueAtMs: NOW_MS, attempts: 3 }] as const;
    await city.incidents.putIfAbsent(panic({ published: [], outbox }));
    const view = auditIncidentView.parse((await one('sunshine~alarm~gate~1')).body);
    expect(view.told).toMatchObject([{ department: 'police', deliveries: [] }]);
    expect(view.told[0]?.publishedAt).toBeUndefined();
  });
});

describe('as of an instant that is over', () => {
  const HOUR = 60 * MINUTE_MS;
  const asOfMs = OPENED_MS + 2 * MINUTE_MS;
  const person = { subject: `${ISSUER}|auditor`, roles: [{ role: 'auditor', division: '3212' }] } as const;
  /** Answered after 90 s, closed two months later, by when the list of another month has it. */
  const closedLate = (): Incident => {
    const closedAtMs = OPENED_MS + 1_440 * HOUR;
    const steps = [
      ...panic().steps,
      step(2, { atMs: closedAtMs, kind: 'closed', by: `${ISSUER}|police`, reason: 'over' }),
    ];
    return panic({ state: 'closed', closedAtMs, closeReason: 'over', endedAtMs: closedAtMs, steps });
  };

  it('it has whatever was open then, and says nothing of what came later', async () => {
    await city.records.archiveIncident(closedLate());
    await city.incidents.putIfAbsent(panic({ id: 'sunshine~alarm~gate~2', openedAtMs: asOfMs + SECOND_MS }));
    city.pass(2_000 * HOUR);
    const { items, asOf } = await wholeAuditIncidents(city.deps, person, { division: '3212' }, asOfMs);
    expect(asOf).toBe(new Date(asOfMs).toISOString());
    expect(items.map(({ incident, state }) => [incident, state])).toEqual([['sunshine~alarm~gate~1', 'answered']]);
    expect([items[0]?.closedAt, items[0]?.closeReason, items[0]?.endedAt]).toEqual([undefined, undefined, undefined]);
    expect(items[0]?.times).toEqual({ publishedSeconds: 2, deliveredSeconds: 5, seenSeconds: 40, answeredSeconds: 90 });
  });

  it('an answer, a notice and its delivery are known from their instants on', () => {
    const told = { incident: closedLate(), steps: closedLate().steps };
    const at = (seconds: number) => {
      const { incident, steps } = knownAt(told, OPENED_MS + seconds * SECOND_MS);
      return [incident.state, responseTimes(incident, steps)];
    };
    expect(at(1)).toEqual(['open', {}]);
    expect(at(4)).toEqual(['open', { publishedSeconds: 2 }]);
    expect(at(89)).toEqual(['open', { publishedSeconds: 2, deliveredSeconds: 5, seenSeconds: 40 }]);
    expect(at(90)[0]).toBe('answered');
    expect(knownAt(told, NOW_MS + 2_000 * HOUR)).toEqual(told);
  });

  it('an answer that was given back, expired or came to nothing is none, and a closing that was undone is one then', () => {
    const by = `${ISSUER}|police`;
    const kinds = ['answered', 'passed-on', 'answered', 'answer-expired', 'closed', 'reopened', 'answered'] as const;
    const steps = kinds.map((kind, n) => step(n, { atMs: OPENED_MS + n, kind, by, reason: kind }));
    const states = kinds.map((_, n) => knownAt({ incident: panic(), steps }, OPENED_MS + n).incident.state);
    expect(states).toEqual(['answered', 'open', 'answered', 'open', 'closed', 'open', 'answered']);
  });
});

describe('a large list', () => {
  it('that is kept does not open for who reads other incidents now, under a division or of one nursery', async () => {
    const call = city.callWith({ largestCsvBytes: 0 });
    const health = { role: 'officer', department: 'health', division: '321202' } as const;
    for (const query of [{ division: '321202' }, { facility: 'sunshine' }]) {
      await grantTo(city.registry, 'moves', health);
      const kept = await call({ as: 'moves', route: LIST, query: { ...query, format: 'csv' } });
      const look = { as: 'moves', route: 'GET /v1/audit/exports/{export}', path: { export: kept.body.export } };
      expect((await call(look)).status).toBe(200);
      await city.registry.removeGrant(`${ISSUER}|moves`);
      await grantTo(city.registry, 'moves', { ...health, department: 'police' });
      expect((await call(look)).status).toBe(404);
      await city.registry.removeGrant(`${ISSUER}|moves`);
    }
  });
});
