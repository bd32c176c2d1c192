import { describe, expect, it } from 'vitest';
import { judgeMorningCheck } from '../../../shared/domain/rules/morning-check.ts';
import { judgeNoonCheck } from '../../../shared/domain/rules/noon-check.ts';
import { aFacility, beijing, DAY_MS, floor } from '../../support/rows.ts';

const bees = { id: 'bees', children: 12 };
const checkedOn = (day: string) => ({ morning: { day, atMs: 0 }, noon: { day, atMs: 0 } });
const friday = checkedOn('2026-02-27');

describe('the morning check of a Monday, after that of Friday', () => {
  const deadline = beijing('2026-03-02 09:30');
  const judge = (nowMs: number, fold = friday) => judgeMorningCheck(bees, fold, aFacility(), floor, nowMs);

  it('is not owed over the weekend', () => {
    expect(judge(beijing('2026-03-01 12:00'))).toMatchObject({ state: 'met', reason: 'checked', dueAtMs: deadline });
  });

  it('is met one millisecond before its deadline and breached at it', () => {
    expect(judge(deadline - 1)).toMatchObject({ state: 'met' });
    expect(judge(deadline)).toMatchObject({ state: 'breached', reason: 'no-check-logged', sinceMs: deadline });
  });

  it('keeps the date of the first day that was missed', () => {
    expect(judge(deadline + 3 * DAY_MS)).toMatchObject({ state: 'breached', sinceMs: deadline });
  });

  it('is met again once a check is logged, and owed again the next day', () => {
    expect(judge(deadline, checkedOn('2026-03-02'))).toMatchObject({ state: 'met', dueAtMs: deadline + DAY_MS });
  });
});

describe('the noon check', () => {
  it('has its own deadline and its own log', () => {
    const fold = { morning: { day: '2026-03-02', atMs: 0 }, noon: { day: '2026-02-27', atMs: 0 } };
    const deadline = beijing('2026-03-02 14:30');
    expect(judgeNoonCheck(bees, fold, aFacility(), floor, deadline - 1)).toMatchObject({ state: 'met' });
    expect(judgeNoonCheck(bees, fold, aFacility(), floor, deadline)).toMatchObject({
      state: 'breached',
      rule: 'noon-check',
    });
  });

  it('may be due at the time that the facility names itself', () => {
    const facility = aFacility({ calendar: { ...aFacility().calendar, noonCheckBy: '13:00' } });
    const deadline = beijing('2026-03-02 13:00');
    expect(judgeNoonCheck(bees, friday, facility, floor, deadline - 1)).toMatchObject({ state: 'met' });
    expect(judgeNoonCheck(bees, friday, facility, floor, deadline)).toMatchObject({
      state: 'breached',
      sinceMs: deadline,
    });
  });
});

describe('the facility’s own calendar decides on which days a check is owed', () => {
  const { calendar } = aFacility();
  const judge = (facility = aFacility()) =>
    judgeMorningCheck(bees, friday, facility, floor, beijing('2026-03-02 12:00'));

  it('not on a day on which it is closed', () => {
    const closed = aFacility({ calendar: { ...calendar, closedOn: ['2026-03-02'] } });
    expect(judge(closed)).toMatchObject({ state: 'met', dueAtMs: beijing('2026-03-03 09:30') });
  });

  it('on a Saturday on which it is open', () => {
    const open = aFacility({ calendar: { ...calendar, openOn: ['2026-02-28'] } });
    expect(judge(open)).toMatchObject({ state: 'breached', sinceMs: beijing('2026-02-28 09:30') });
  });

  it('never, where it has no operating day', () => {
    const never = aFacility({ calendar: { ...calendar, weekdays: [] } });
    expect(judge(never)).toMatchObject({ state: 'not-applicable', reason: 'no-operating-day' });
  });

  it('not for a class without children', () => {
    const empty = { id: 'bees', children: 0 };
    expect(judgeMorningCheck(empty, friday, aFacility(), floor, beijing('2026-03-09 12:00'))).toMatchObject({
      state: 'not-applicable',
    });
  });
});

describe('a class that never logged a check', () => {
  it('owes the first deadline after the facility went into service', () => {
    const facility = aFacility({ state: { is: 'in-service', sinceMs: beijing('2026-03-02 09:30') } });
    const judge = (nowMs: number) => judgeMorningCheck(bees, undefined, facility, floor, nowMs);
    expect(judge(beijing('2026-03-02 23:00'))).toMatchObject({
      state: 'met',
      reason: 'not-yet-due',
      dueAtMs: beijing('2026-03-03 09:30'),
    });
    expect(judge(beijing('2026-03-03 09:30'))).toMatchObject({
      state: 'breached',
      sinceMs: beijing('2026-03-03 09:30'),
    });
  });
});
