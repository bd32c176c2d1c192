import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import { judgeClosing } from '../../../shared/domain/rules/closing.ts';
import type { ClosingFold } from '../../../shared/domain/vitals.ts';
import { dutyPack, gracePack } from '../../support/duty-pack.ts';
import { aFacility, aFacilityRow, beijing, MINUTE_MS } from '../../support/rows.ts';

const friday: ClosingFold = { day: '2026-02-27', atMs: beijing('2026-02-27 18:05'), childrenIn: 12, childrenOut: 12 };
/** Closing time is 18:00, and one hour is left to count and log. */
const MONDAY_DUE = beijing('2026-03-02 19:00');

const judge = (closing: ClosingFold | undefined, nowMs: number, facility: Partial<Facility> = {}, pack = dutyPack()) =>
  judgeClosing(aFacilityRow(closing && { closing }), aFacility(facility), pack, nowMs);

describe('children in = out', () => {
  it('is met until the deadline of the next operating day, and breached at it', () => {
    expect(judge(friday, MONDAY_DUE - 1)).toMatchObject({ state: 'met', reason: 'logged', dueAtMs: MONDAY_DUE });
    expect(judge(friday, MONDAY_DUE)).toMatchObject({ state: 'breached', reason: 'not-logged', sinceMs: MONDAY_DUE });
  });

  it('owes nothing on a weekend', () => {
    expect(judge(friday, beijing('2026-03-01 23:00'))).toMatchObject({ state: 'met' });
  });

  it('was never logged: owed since the first operating day in service', () => {
    const state = { is: 'in-service', sinceMs: beijing('2026-03-02 08:00') } as const;
    expect(judge(undefined, MONDAY_DUE - 1, { state })).toMatchObject({ state: 'met', reason: 'not-yet-due' });
    expect(judge(undefined, MONDAY_DUE, { state })).toMatchObject({ state: 'breached', sinceMs: MONDAY_DUE });
  });

  it('asks nobody for the deadline that had passed when the duty began', () => {
    const state = { is: 'in-service', sinceMs: MONDAY_DUE } as const;
    expect(judge(undefined, MONDAY_DUE, { state })).toMatchObject({
      state: 'met',
      dueAtMs: beijing('2026-03-03 19:00'),
    });
  });

  it('is breached at once by a child that came in and did not go out, without any grace', () => {
    const pack = gracePack('closing');
    const atMs = beijing('2026-03-02 18:01');
    const inside = { day: '2026-03-02', atMs, childrenIn: 12, childrenOut: 11 };
    expect(judge(inside, atMs, {}, pack)).toMatchObject({
      state: 'breached',
      reason: 'children-in-not-out',
      sinceMs: atMs,
    });
    expect(judge({ ...inside, childrenOut: 12 }, atMs, {}, pack)).toMatchObject({ state: 'met', reason: 'logged' });
  });

  it('is no breach of a facility that was not in service then', () => {
    const inside = { ...friday, childrenOut: 11 };
    const state = { is: 'in-service', sinceMs: friday.atMs + MINUTE_MS } as const;
    expect(judge(inside, MONDAY_DUE - 1, { state })).toMatchObject({ state: 'met' });
  });

  it('has the grace of the pack for a count that is late', () => {
    const pack = gracePack('closing');
    expect(judge(friday, MONDAY_DUE + 10 * MINUTE_MS - 1, {}, pack).state).toBe('met');
    expect(judge(friday, MONDAY_DUE + 10 * MINUTE_MS, {}, pack).state).toBe('breached');
  });

  it('is not asked of a facility without children', () => {
    expect(judge(undefined, MONDAY_DUE, { classes: [] })).toMatchObject({ state: 'not-applicable' });
  });

  it('is unknown on a day of which the national calendar says nothing yet', () => {
    const { calendar } = aFacility();
    const last = { ...friday, day: '2026-12-31' };
    const facility = { calendar: { ...calendar, follows: 'national' as const } };
    expect(judge(last, beijing('2027-01-01 00:00') - 1, facility)).toMatchObject({ state: 'met' });
    expect(judge(last, beijing('2027-01-01 00:00'), facility)).toMatchObject({
      state: 'unknown',
      reason: 'calendar-unknown',
    });
  });
});
