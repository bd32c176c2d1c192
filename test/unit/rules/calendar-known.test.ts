import { describe, expect, it } from 'vitest';
import type { OperatingCalendar } from '../../../shared/domain/facility.ts';
import type { RulePack } from '../../../shared/domain/rule-pack.ts';
import { judgeCalendarKnown } from '../../../shared/domain/rules/calendar-known.ts';
import { judgeMorningCheck } from '../../../shared/domain/rules/morning-check.ts';
import { aFacility, beijing, DAY_MS, floor, withGrace } from '../../support/rows.ts';

/** The rule with no grace of its own, and sixty days of warning. */
const pack: RulePack = {
  ...withGrace('calendar-known', 0),
  thresholds: { ...floor.thresholds, calendarKnownAheadMs: { value: 60 * DAY_MS, source: 'configuration' } },
};
const following = (more: Partial<OperatingCalendar> = {}) =>
  aFacility({ calendar: { ...aFacility().calendar, follows: 'national', ...more } });
const newYear = beijing('2027-01-01 00:00');
const judge = (nowMs: number, facility = following()) => judgeCalendarKnown(facility, pack, nowMs);

describe('a facility that follows the national calendar, of which 2026 is the last year known', () => {
  const warned = beijing('2026-11-02 00:00');

  it('is warned from sixty days before the year ends, and not a millisecond earlier', () => {
    expect(newYear - warned).toBe(60 * DAY_MS);
    expect(judge(warned - 1)).toMatchObject({ state: 'met', reason: 'known', dueAtMs: warned });
    expect(judge(warned)).toMatchObject({
      state: 'breached',
      reason: 'year-unknown-soon',
      sinceMs: warned,
      dueAtMs: newYear,
    });
  });

  it('is in the unknown year from its first midnight on: the same breach, now worse', () => {
    expect(judge(newYear - 1)).toMatchObject({ state: 'breached', reason: 'year-unknown-soon', sinceMs: warned });
    expect(judge(newYear)).toMatchObject({ state: 'breached', reason: 'year-unknown', sinceMs: warned });
  });

  it('is well again once the next year is in the table', () => {
    const nextTable = { ...pack, workdays: { ...pack.workdays, toYear: 2027 } };
    expect(judgeCalendarKnown(following(), nextTable, newYear)).toMatchObject({ state: 'met' });
  });

  it('has its own midnight', () => {
    const berlin = following({ zone: 'Europe/Berlin' });
    expect(judge(Date.parse('2027-01-01T00:00:00+01:00') - 1, berlin)).toMatchObject({ reason: 'year-unknown-soon' });
    expect(judge(Date.parse('2027-01-01T00:00:00+01:00'), berlin)).toMatchObject({ reason: 'year-unknown' });
  });
});

it('does not concern a facility that goes by its own week', () => {
  expect(judge(newYear, aFacility())).toMatchObject({ state: 'not-applicable', reason: 'own-calendar' });
});

describe('the morning check around a year that is not known', () => {
  const bees = { id: 'bees', children: 12 };
  const after = (day: string) => ({ morning: { day, atMs: 0 } });
  const check = (nowMs: number, loggedDay: string, facility = following()) =>
    judgeMorningCheck(bees, after(loggedDay), facility, floor, nowMs);

  it('is unknown from the midnight of 2027-01-01 on: never owed, never forgiven', () => {
    expect(check(newYear - 1, '2026-12-31')).toMatchObject({ state: 'met', dueAtMs: newYear });
    expect(check(newYear, '2026-12-31')).toMatchObject({
      state: 'unknown',
      reason: 'calendar-unknown',
      sinceMs: newYear,
    });
    expect(check(beijing('2027-03-01 12:00'), '2026-12-31')).toMatchObject({ state: 'unknown', sinceMs: newYear });
  });

  it('is not unknown for a facility that goes by its own week', () => {
    const deadline = beijing('2027-01-01 09:30');
    expect(check(deadline, '2026-12-31', aFacility())).toMatchObject({ state: 'breached', sinceMs: deadline });
  });

  it('that was missed on the last known day stays a breach', () => {
    expect(check(newYear + DAY_MS, '2026-12-30')).toMatchObject({
      state: 'breached',
      sinceMs: beijing('2026-12-31 09:30'),
    });
  });

  it('that was logged on a day of it was done, and the next day is unknown again', () => {
    expect(check(beijing('2027-01-04 12:00'), '2027-01-04')).toMatchObject({ state: 'met', reason: 'checked' });
    expect(check(beijing('2027-01-05 00:00'), '2027-01-04')).toMatchObject({ state: 'unknown' });
  });

  it('is owed on the days that the facility names itself', () => {
    const own = following({ closedOn: ['2027-01-01', '2027-01-02', '2027-01-03'], openOn: ['2027-01-04'] });
    const deadline = beijing('2027-01-04 09:30');
    expect(check(deadline - 1, '2026-12-31', own)).toMatchObject({ state: 'met' });
    expect(check(deadline, '2026-12-31', own)).toMatchObject({ state: 'breached', sinceMs: deadline });
  });

  it.each([
    ['a holiday is not owed', '2026-09-30', '2026-10-08 09:30'],
    ['a swapped Saturday is owed', '2026-10-09', '2026-10-10 09:30'],
    ['a swapped Sunday is owed', '2026-09-18', '2026-09-20 09:30'],
    ['the Spring Festival is not owed', '2026-02-14', '2026-02-24 09:30'],
  ])('of 2026: %s', (_what, loggedDay, deadline) => {
    expect(check(beijing(deadline) - 1, loggedDay)).toMatchObject({ state: 'met' });
    expect(check(beijing(deadline), loggedDay)).toMatchObject({ state: 'breached', sinceMs: beijing(deadline) });
  });
});
