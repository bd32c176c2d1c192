import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import { judgeDutyOverdue } from '../../../shared/domain/rules/duty-overdue.ts';
import type { FacilityVitals } from '../../../shared/domain/vitals.ts';
import { dutyPack, gracePack } from '../../support/duty-pack.ts';
import { aFacility, aFacilityRow, beijing, DAY_MS, MINUTE_MS, NOW } from '../../support/rows.ts';

/** In service, and so in duty, since. */
const START = beijing('2026-01-01 00:00');

const judge = (
  duty: string,
  nowMs: number,
  more: { row?: Partial<FacilityVitals>; facility?: Partial<Facility>; pack?: ReturnType<typeof dutyPack> } = {},
) => {
  const verdicts = judgeDutyOverdue(aFacilityRow(more.row), aFacility(more.facility), more.pack ?? dutyPack(), nowMs);
  return verdicts.find((one) => one.subject === `duty/${duty}`);
};

describe('a duty that a log shows', () => {
  const row = { doneAtMs: { drill: NOW } };
  const dueAtMs = NOW + 180 * DAY_MS;

  it('is met one millisecond before its interval is over, and breached at its end', () => {
    expect(judge('drill', dueAtMs - 1, { row })).toMatchObject({ state: 'met', reason: 'shown', dueAtMs });
    expect(judge('drill', dueAtMs, { row })).toMatchObject({ state: 'breached', reason: 'overdue', sinceMs: dueAtMs });
  });

  it('counts from the beginning of the duty where that is later than the last proof', () => {
    const old = { doneAtMs: { drill: START - 30 * DAY_MS } };
    expect(judge('drill', START + 180 * DAY_MS - 1, { row: old })).toMatchObject({ state: 'met' });
    expect(judge('drill', START + 180 * DAY_MS, { row: old })).toMatchObject({ state: 'breached', reason: 'overdue' });
  });

  it('is not yet due while its first interval runs, and breached after it', () => {
    expect(judge('drill', START + 180 * DAY_MS - 1)).toEqual({
      rule: 'duty-overdue',
      subject: 'duty/drill',
      state: 'met',
      reason: 'not-yet-due',
      dueAtMs: START + 180 * DAY_MS,
    });
    expect(judge('drill', START + 180 * DAY_MS)).toMatchObject({
      state: 'breached',
      reason: 'never-shown',
      sinceMs: START + 180 * DAY_MS,
    });
  });

  it('is not shown by a log of another kind', () => {
    const other = { doneAtMs: { disinfection: NOW } };
    expect(judge('drill', NOW, { row: other })).toMatchObject({ state: 'met', reason: 'not-yet-due' });
  });

  it('has the grace of the pack on top', () => {
    const pack = gracePack('duty-overdue');
    expect(judge('drill', dueAtMs + 10 * MINUTE_MS - 1, { row, pack })).toMatchObject({ state: 'met' });
    expect(judge('drill', dueAtMs + 10 * MINUTE_MS, { row, pack })).toMatchObject({
      state: 'breached',
      sinceMs: dueAtMs + 10 * MINUTE_MS,
    });
  });

  it('begins anew after a suspension, which interrupts it', () => {
    const untilMs = START + 100 * DAY_MS;
    const state = { is: 'suspended', sinceMs: START, authority: 'health', reason: 'water', untilMs } as const;
    const facility = { state };
    expect(judge('drill', untilMs + 180 * DAY_MS - 1, { facility })).toMatchObject({
      state: 'met',
      reason: 'not-yet-due',
    });
    expect(judge('drill', untilMs + 180 * DAY_MS, { facility })).toMatchObject({ state: 'breached' });
  });
});

describe('a duty that a paper shows', () => {
  const expiresAtMs = NOW + DAY_MS;
  const papers = [{ kind: 'health-evaluation', number: 'n1', expiresAtMs }] as const;

  it('is met until the very instant at which the paper expires', () => {
    const facility = { papers };
    expect(judge('health-evaluation', expiresAtMs - 1, { facility })).toMatchObject({
      state: 'met',
      dueAtMs: expiresAtMs,
    });
    expect(judge('health-evaluation', expiresAtMs, { facility })).toMatchObject({
      state: 'breached',
      reason: 'paper-expired',
      sinceMs: expiresAtMs,
    });
  });

  it('counts the paper that stands longest', () => {
    const renewed = [
      ...papers,
      { kind: 'health-evaluation', number: 'n2', expiresAtMs: expiresAtMs + DAY_MS },
    ] as const;
    expect(judge('health-evaluation', expiresAtMs, { facility: { papers: renewed } })).toMatchObject({ state: 'met' });
  });

  it('is met for ever by one without an end, and asks for no look', () => {
    const facility = { papers: [{ kind: 'health-evaluation', number: 'n1' }] as const };
    const verdict = judge('health-evaluation', NOW + 10_000 * DAY_MS, { facility });
    expect(verdict).toEqual({
      rule: 'duty-overdue',
      subject: 'duty/health-evaluation',
      state: 'met',
      reason: 'shown',
    });
  });

  it('that had expired before the duty began is owed from its beginning', () => {
    const facility = { papers: [{ kind: 'health-evaluation', number: 'n1', expiresAtMs: START - DAY_MS }] as const };
    expect(judge('health-evaluation', NOW, { facility })).toMatchObject({ state: 'breached', sinceMs: START });
  });

  it('that was never there is owed once there was time to hand it in', () => {
    expect(judge('health-evaluation', START + 7 * DAY_MS - 1)).toMatchObject({ state: 'met', reason: 'not-yet-due' });
    expect(judge('health-evaluation', START + 7 * DAY_MS)).toMatchObject({ state: 'breached', reason: 'never-shown' });
  });
});

describe('an encouraged duty', () => {
  it('is shown where it is done, and never breached', () => {
    const expiresAtMs = NOW + DAY_MS;
    const facility = { papers: [{ kind: 'liability-insurance', number: 'n', expiresAtMs }] as const };
    expect(judge('insurance', expiresAtMs - 1, { facility })).toMatchObject({ state: 'met' });
    expect(judge('insurance', expiresAtMs, { facility })).toMatchObject({
      state: 'not-applicable',
      reason: 'encouraged',
    });
    for (const nowMs of [START, NOW, NOW + 1_000 * DAY_MS]) {
      expect(judge('insurance', nowMs)).toMatchObject({ state: 'not-applicable', reason: 'encouraged' });
    }
  });
});

describe('a duty that a plan shows', () => {
  const facility = { plans: [{ hazard: 'fire', reviewedAtMs: NOW }] as const };

  it('is met until its review is an interval old', () => {
    const dueAtMs = NOW + 365 * DAY_MS;
    expect(judge('fire-plan', dueAtMs - 1, { facility })).toMatchObject({ state: 'met', dueAtMs });
    expect(judge('fire-plan', dueAtMs, { facility })).toMatchObject({ state: 'breached', reason: 'plan-old' });
  });

  it('is missing if there is none for its hazard, once there was time to hand it in', () => {
    const other = { plans: [{ hazard: 'violence', reviewedAtMs: NOW }] as const };
    expect(judge('fire-plan', START + 7 * DAY_MS - 1, { facility: other })).toMatchObject({
      state: 'met',
      reason: 'not-yet-due',
    });
    expect(judge('fire-plan', START + 7 * DAY_MS, { facility: other })).toMatchObject({
      state: 'breached',
      reason: 'plan-missing',
    });
  });

  it('takes no review that has not been yet', () => {
    expect(judge('fire-plan', NOW - 1, { facility })).toMatchObject({ state: 'breached', reason: 'plan-missing' });
  });
});

describe('a duty of some kinds of facility', () => {
  it('is not asked of the others', () => {
    const pack = dutyPack();
    const drill = pack.duties.drill;
    if (drill === undefined) throw new Error('no drill');
    const only = { ...pack, duties: { drill: { ...drill, kinds: ['home-based'] as const } } };
    expect(judge('drill', NOW + 1_000 * DAY_MS, { pack: only })).toMatchObject({
      state: 'not-applicable',
      reason: 'other-kind',
    });
    expect(judge('drill', NOW + 1_000 * DAY_MS, { pack: only, facility: { kind: 'home-based' } })).toMatchObject({
      state: 'breached',
    });
  });
});

describe('the test of each device of the inventory', () => {
  const devices = [
    { id: 'panic-1', kind: 'panic-button' },
    { id: 'constructor', kind: 'smoke-detector', registeredAtMs: NOW },
  ] as const;
  const device = (id: string, nowMs: number, testedAtMs: Readonly<Record<string, number>> = {}, more = {}) =>
    judgeDutyOverdue(
      aFacilityRow({ testedAtMs, doneAtMs: { 'device-test': nowMs } }),
      aFacility({ devices, ...more }),
      dutyPack(),
      nowMs,
    ).find((one) => one.subject === `device/${id}`);
  const day31 = 31 * DAY_MS;

  it('is owed an interval after its last, whatever other device was tested since', () => {
    const tests = { 'panic-1': NOW, constructor: NOW + day31 };
    expect(device('panic-1', NOW + day31 - 1, tests)).toMatchObject({ state: 'met', dueAtMs: NOW + day31 });
    expect(device('panic-1', NOW + day31, tests)).toEqual({
      rule: 'duty-overdue',
      subject: 'device/panic-1',
      state: 'breached',
      reason: 'device-untested',
      sinceMs: NOW + day31,
    });
    expect(device('constructor', NOW + day31, tests)).toMatchObject({ state: 'met', reason: 'shown' });
  });

  it('is first owed an interval after the device was registered, or with its facility', () => {
    expect(device('panic-1', START + day31 - 1)).toMatchObject({ state: 'met', reason: 'not-yet-due' });
    expect(device('panic-1', START + day31)).toMatchObject({ state: 'breached', reason: 'device-untested' });
    expect(device('constructor', NOW + day31 - 1)).toMatchObject({ state: 'met', reason: 'not-yet-due' });
    expect(device('constructor', NOW + day31)).toMatchObject({ state: 'breached', sinceMs: NOW + day31 });
  });

  it('stands for the duty as a whole, which a facility without an inventory still owes', () => {
    const facility = { devices };
    expect(judge('device-self-test', NOW, { facility })).toMatchObject({
      state: 'not-applicable',
      reason: 'each-device',
    });
    for (const none of [{}, { devices: [] }]) {
      expect(judge('device-self-test', START + day31, { facility: none })).toMatchObject({ state: 'breached' });
    }
  });

  it('is not asked of a device that is in no inventory', () => {
    expect(device('smoke-9', NOW + 100 * DAY_MS, { 'smoke-9': NOW })).toBeUndefined();
  });
});
