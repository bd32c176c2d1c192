import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoxIdentity } from '../../box/signer.ts';
import type { LocalStack } from '../../infra/local/stack.ts';
import type { IncidentView } from '../../shared/contracts/desk.ts';
import { startTestStack } from '../support/local-stack.ts';
import {
  alarm,
  beat,
  type Caller,
  coverage,
  enrol,
  enrolKey,
  incidentsOf,
  nurseryBody,
  send,
  sent,
  signIn,
} from '../support/outside.ts';

const MINUTE_MS = 60_000;
const startMs = Date.parse('2026-11-23T10:00:00+08:00');

let stack: LocalStack;
let police: Caller;
let health: Caller;

/** Moves the stack's clock; it stands still in between, so that instants can be compared exactly. */
const at = (nowMs: number): number => {
  stack.setClock({ atMs: nowMs, rate: 0 });
  return nowMs;
};

const viewOf = async (caller: Caller, id: string): Promise<IncidentView> => {
  const { status, body, text } = await caller.call<IncidentView>('GET', `/v1/desk/incidents/${encodeURIComponent(id)}`);
  expect(status, text).toBe(200);
  return body;
};

/** A beat every two minutes, both ends included. */
const beatThrough = async (box: BoxIdentity, firstSeq: number, fromMs: number, toMs: number): Promise<void> => {
  for (let nowMs = fromMs, seq = firstSeq; nowMs <= toMs; nowMs += 2 * MINUTE_MS, seq += 1) {
    at(nowMs);
    expect(await sent(stack, box, 'heartbeats', [beat(seq, nowMs)], nowMs)).toEqual(['accepted']);
  }
};

/** What these paths are about: that nobody logged a guard, and that it was registered, is told elsewhere. */
const followed = new Set(['monitoring-running', 'area-covered', 'alarm']);
const aboutFacility = async (facility: string, caller = health) =>
  (await incidentsOf(caller, '3212')).filter(
    (incident) => incident.facility === facility && followed.has(incident.rule),
  );

beforeAll(async () => {
  stack = await startTestStack({ clock: { atMs: startMs, rate: 0 } });
  police = await signIn(stack, { role: 'officer', department: 'police', division: '3212' });
  health = await signIn(stack, { role: 'officer', department: 'health', division: '3212' });
}, 120_000);
afterAll(() => stack?.stop());

describe('a nursery falls silent', () => {
  it('is found, told up the ladder, answered, and closes when the box beats again', async () => {
    const box = await enrol(stack, 'silent-nursery');
    const beatMs = at(startMs);
    expect(await sent(stack, box, 'heartbeats', [beat(1, beatMs)], beatMs)).toEqual(['accepted']);

    at(beatMs + 180_000 - 1);
    await stack.fire('watch');
    expect(await aboutFacility('silent-nursery')).toEqual([]);

    at(beatMs + 4 * MINUTE_MS);
    await stack.fire('watch');
    const [found] = await aboutFacility('silent-nursery');
    expect(found).toMatchObject({ rule: 'monitoring-running', reason: 'no-beat', state: 'open' });
    expect(Date.parse(found?.since ?? '')).toBe(beatMs + 180_000);
    const id = found?.id ?? '';
    expect((await viewOf(health, id)).notices.published).toEqual([]);

    at(beatMs + 10 * MINUTE_MS);
    await stack.fire('watch');
    const told = await viewOf(health, id);
    expect(told.notices.published.map(({ department }) => department)).toEqual(['facility']);
    expect(told.duty).toMatchObject({ clause: '三(二)5', number: '泰政办发〔2021〕71号' });

    // One rung a sweep, so that who is told first has a minute's lead even after sweeps were missed.
    for (const minutes of [30, 60, 150]) {
      at(beatMs + minutes * MINUTE_MS);
      await stack.fire('watch');
    }
    const climbed = await viewOf(health, id);
    expect(climbed.notices.published.map(({ department }) => department)).toEqual(
      expect.arrayContaining(['facility', 'town', 'district_gov', 'health', 'police', 'emergency', 'fire']),
    );

    expect((await health.call('POST', `/v1/desk/incidents/${encodeURIComponent(id)}/answer`, {})).status).toBe(200);
    expect(await viewOf(health, id)).toMatchObject({ state: 'answered' });

    const backMs = at(beatMs + 160 * MINUTE_MS);
    expect(await sent(stack, box, 'heartbeats', [beat(2, backMs)], backMs)).toEqual(['accepted']);
    await stack.fire('watch');
    expect(await viewOf(health, id)).toMatchObject({ state: 'closed', closeReason: 'met-again' });
  });

  it('is found after a thousand minutes without a sweep, once, also if the box came back meanwhile', async () => {
    const began = startMs + 24 * 60 * MINUTE_MS;
    at(began);
    const silent = await enrol(stack, 'still-silent');
    const recovered = await enrol(stack, 'came-back');
    await sent(stack, silent, 'heartbeats', [beat(1, began)], began);
    await sent(stack, recovered, 'heartbeats', [beat(1, began)], began);

    const backMs = began + 500 * MINUTE_MS;
    const lastMs = backMs + 20 * MINUTE_MS;
    await beatThrough(recovered, 2, backMs, lastMs);
    const endMs = at(began + 1_000 * MINUTE_MS);
    await sent(stack, recovered, 'heartbeats', [beat(99, endMs)], endMs);
    await stack.fire('watch');

    const silences = (await incidentsOf(health, '3212'))
      .filter(({ rule, facility }) => rule === 'monitoring-running' && facility !== 'silent-nursery')
      .map(({ facility, since, endedAt }) => ({
        facility,
        since: Date.parse(since),
        endedAt: Date.parse(endedAt ?? ''),
      }))
      .sort((a, b) => a.facility.localeCompare(b.facility) || a.since - b.since);
    expect(silences).toEqual([
      { facility: 'came-back', since: began + 180_000, endedAt: backMs },
      { facility: 'came-back', since: lastMs + 180_000, endedAt: endMs },
      { facility: 'still-silent', since: began + 180_000, endedAt: Number.NaN },
    ]);
  });
});

describe('an area whose only camera goes blind', () => {
  it('stays open when the box dies after it', async () => {
    const began = at(startMs + 3 * 24 * 60 * MINUTE_MS);
    const box = await enrol(stack, 'blind-nursery');
    await sent(stack, box, 'heartbeats', [beat(1, began)], began);
    await sent(stack, box, 'coverage', [coverage(1, began)], began);
    await sent(stack, box, 'coverage', [coverage(2, began, 'no')], began);
    await beatThrough(box, 2, began + 2 * MINUTE_MS, began + 12 * MINUTE_MS);
    await stack.fire('watch');
    at(began + 30 * MINUTE_MS);
    await stack.fire('watch');
    const open = (await aboutFacility('blind-nursery')).filter(({ state }) => state === 'open');
    expect(open.map(({ rule }) => rule).sort()).toEqual(['area-covered', 'monitoring-running']);
    expect(Date.parse(open.find(({ rule }) => rule === 'area-covered')?.since ?? '')).toBe(began + 10 * MINUTE_MS);
  });
});

describe('an alarm', () => {
  let box: BoxIdentity;
  let nowMs: number;
  beforeAll(async () => {
    nowMs = at(startMs + 5 * 24 * 60 * MINUTE_MS);
    box = await enrol(stack, 'alarmed-nursery');
  });

  it('of panic reaches every department that 三(二)5 names and the facility, at once', async () => {
    const report = alarm('panic', nowMs, { area: 'play' });
    const outcome = await send(stack, box, 'alarms', [report], nowMs);
    expect(outcome).toMatchObject({ is: 'answered', results: [{ id: report.id, result: 'accepted' }] });
    const [panic] = (await aboutFacility('alarmed-nursery', police)).filter(({ lane }) => lane === 'life-safety');
    const view = await viewOf(police, panic?.id ?? '');
    expect(view.notices.published.map(({ department }) => department).sort()).toEqual(
      ['emergency', 'facility', 'fire', 'health', 'police'].sort(),
    );
    expect(view.routing).toMatchObject({ clause: '三(二)5', standing: 'in-force' });
    expect(await sent(stack, box, 'alarms', [report], nowMs)).toEqual(['duplicate']);
    expect(await sent(stack, box, 'alarms', [{ ...report, confirmed: 'yes' }], nowMs)).toEqual(['rejected']);
    await stack.fire('watch');
    expect(await viewOf(police, view.id)).toMatchObject({ state: 'open' });
    const close = `/v1/desk/incidents/${encodeURIComponent(view.id)}/close`;
    expect((await police.call('POST', close, { reason: 'handled' })).status).toBe(200);
    expect(await viewOf(police, view.id)).toMatchObject({ state: 'closed', closeReason: 'handled' });
  });

  it('of abuse reaches no facility topic, role or box', async () => {
    const head = await signIn(stack, { role: 'facility', facilityId: 'alarmed-nursery' });
    const report = alarm('abuse', nowMs);
    const outcome = await send(stack, box, 'alarms', [report], nowMs);
    if (outcome.is !== 'answered') throw new Error('not answered');
    expect(outcome.results).toEqual([{ id: report.id, result: 'accepted' }]);
    const [abuse] = (await aboutFacility('alarmed-nursery', police)).filter(({ hazard }) => hazard === 'child_abuse');
    const view = await viewOf(police, abuse?.id ?? '');
    expect(view.notices.published.map(({ department }) => department).sort()).toEqual([
      'civil',
      'health',
      'market',
      'police',
    ]);
    expect(view.ladder.flatMap(({ recipients }) => recipients.map(({ topic }) => topic))).not.toContain('facility');
    const own = await head.call<{ items: { hazard: string }[] }>('GET', '/v1/desk/incidents');
    expect(own.status).toBe(200);
    expect(own.body.items.map(({ hazard }) => hazard)).not.toContain('child_abuse');
    expect((await head.call('GET', `/v1/desk/incidents/${encodeURIComponent(view.id)}`)).status).toBe(404);
  });
});

describe('a box', () => {
  it('is refused from the very report after its key was revoked, and its other key still signs', async () => {
    const nowMs = at(startMs + 6 * 24 * 60 * MINUTE_MS);
    const first = await enrol(stack, 'rotating-nursery');
    const second = await enrolKey(stack, 'rotating-nursery', 'box-1', '321202');
    await sent(stack, first, 'heartbeats', [beat(1, nowMs)], nowMs);
    await sent(stack, second, 'heartbeats', [beat(1, nowMs)], nowMs);
    const registrar = await signIn(stack, { role: 'registrar', division: '3212' });
    const key = `/v1/registry/facilities/rotating-nursery/boxes/box-1/keys/${first.key}`;
    expect((await registrar.call('DELETE', key)).status).toBeLessThan(300);
    for (const stream of ['heartbeats', 'alarms'] as const) {
      const report = stream === 'alarms' ? alarm('panic', nowMs) : beat(2, nowMs);
      expect(await send(stack, first, stream, [report], nowMs)).toMatchObject({ code: 'key-not-live' });
    }
    expect(await sent(stack, second, 'heartbeats', [beat(2, nowMs)], nowMs)).toEqual(['accepted']);
  });

  it('does not look fresh by beats that were held back for an hour', async () => {
    const nowMs = at(startMs + 7 * 24 * 60 * MINUTE_MS);
    const box = await enrol(stack, 'held-back');
    await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs);
    const laterMs = at(nowMs + 60 * MINUTE_MS);
    await stack.fire('watch');
    // Signed an hour ago, delivered now.
    const outcome = await send(stack, box, 'heartbeats', [beat(2, nowMs + MINUTE_MS)], nowMs + MINUTE_MS);
    expect(outcome).toMatchObject({ results: [{ result: 'accepted', late: true }] });
    await stack.fire('watch');
    expect(await aboutFacility('held-back')).toMatchObject([{ rule: 'monitoring-running', state: 'open' }]);
    await sent(stack, box, 'heartbeats', [beat(3, laterMs)], laterMs);
    await stack.fire('watch');
    expect(await aboutFacility('held-back')).toMatchObject([{ rule: 'monitoring-running', state: 'closed' }]);
  });
});

describe('people', () => {
  it('of another division see nothing and change nothing; an auditor changes nothing', async () => {
    const nowMs = at(startMs + 8 * 24 * 60 * MINUTE_MS);
    const box = await enrol(stack, 'wuxi-nursery', nurseryBody({ division: '320202' }));
    await sent(stack, box, 'alarms', [alarm('fire', nowMs)], nowMs);
    const wuxi = await signIn(stack, { role: 'officer', department: 'police', division: '3202' });
    const [fire] = await incidentsOf(wuxi, '3202');
    expect(fire).toMatchObject({ facility: 'wuxi-nursery' });
    const at3202 = `/v1/desk/incidents/${encodeURIComponent(fire?.id ?? '')}`;
    const auditor = await signIn(stack, { role: 'auditor', division: '3202' });
    expect((await auditor.call('GET', at3202)).status).toBe(200);
    expect((await auditor.call('POST', `${at3202}/answer`, {})).status).toBe(403);
    expect((await auditor.call('POST', `${at3202}/close`, { reason: 'handled' })).status).toBe(403);
    expect((await police.call('GET', at3202)).status).toBe(404);
    expect((await police.call('POST', `${at3202}/answer`, {})).status).toBe(404);
    expect((await incidentsOf(wuxi, '3202')).every(({ division }) => division.startsWith('3202'))).toBe(true);
    const elsewhere = await police.call('GET', '/v1/desk/incidents?division=3202');
    expect(elsewhere.status === 403 || (elsewhere.body as { items: unknown[] }).items.length === 0).toBe(true);
  });
});
