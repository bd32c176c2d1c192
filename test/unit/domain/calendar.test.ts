import { describe, expect, it } from 'vitest';
import {
  dayStateOf,
  nextOpenAt,
  openStateAt,
  operatingDayFrom,
  operatingHours,
} from '../../../shared/domain/calendar.ts';
import type { OperatingCalendar } from '../../../shared/domain/facility.ts';
import { aFacility, beijing, floor, HOUR_MS } from '../../support/rows.ts';

const { calendar } = aFacility();
const { workdays } = floor;
const stateOf = (day: string, of: OperatingCalendar = calendar) => dayStateOf(day, of, workdays);
const openAt = (wall: string, of: OperatingCalendar = calendar) => openStateAt(beijing(wall), of, workdays);
const nextAt = (wall: string, of: OperatingCalendar = calendar) => nextOpenAt(beijing(wall), of, workdays);

describe('a nursery takes children', () => {
  it('on its weekdays', () => {
    expect(stateOf('2026-03-02')).toBe('open');
    expect(stateOf('2026-03-01')).toBe('closed');
  });

  it('on no day on which it is closed, and on a Saturday that it names', () => {
    const own = { ...calendar, closedOn: ['2026-03-02'], openOn: ['2026-03-07'] };
    expect(stateOf('2026-03-02', own)).toBe('closed');
    expect(stateOf('2026-03-07', own)).toBe('open');
  });

  it('from its opening until right before its closing', () => {
    expect(openStateAt(beijing('2026-03-02 07:30') - 1, calendar, workdays)).toBe('closed');
    expect(openAt('2026-03-02 07:30')).toBe('open');
    expect(openStateAt(beijing('2026-03-02 18:00') - 1, calendar, workdays)).toBe('open');
    expect(openAt('2026-03-02 18:00')).toBe('closed');
  });

  it('next on Monday, seen from Friday evening', () => {
    expect(nextAt('2026-02-27 18:00')).toBe(beijing('2026-03-02 07:30'));
    expect(nextAt('2026-03-02 06:00')).toBe(beijing('2026-03-02 07:30'));
    expect(nextAt('2026-03-02 09:00')).toBe(beijing('2026-03-02 09:00'));
  });

  it('never, if it has no operating day', () => {
    const never = { ...calendar, weekdays: [] };
    expect(operatingDayFrom('2026-03-02', never, workdays)).toBeUndefined();
    expect(nextAt('2026-03-02 09:00', never)).toBeUndefined();
  });
});

const national = { ...calendar, follows: 'national' } as const;

/** The State Council Office's notice of 2025-11-04 for 2026, day by day. */
const off2026 = [
  ...['01-01', '01-02', '01-03'],
  ...['02-15', '02-16', '02-17', '02-18', '02-19', '02-20', '02-21', '02-22', '02-23'],
  ...['04-04', '04-05', '04-06'],
  ...['05-01', '05-02', '05-03', '05-04', '05-05'],
  ...['06-19', '06-20', '06-21'],
  ...['09-25', '09-26', '09-27'],
  ...['10-01', '10-02', '10-03', '10-04', '10-05', '10-06', '10-07'],
].map((day) => `2026-${day}`);
const work2026 = ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'].map((day) => `2026-${day}`);
const everyDayOf2026 = Array.from({ length: 365 }, (_, n) =>
  new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10),
);

describe('a nursery that follows the national calendar of 2026', () => {
  const weekly = { ...calendar, weekdays: [1, 2, 3, 4, 5, 6, 7], follows: 'national' } as const;

  it('was given 33 days off and 6 swapped workdays', () => {
    expect([off2026.length, work2026.length]).toEqual([33, 6]);
  });

  it.each(off2026)('is closed on %s, even if it opens every day of the week', (day) => {
    expect(stateOf(day, national)).toBe('closed');
    expect(stateOf(day, weekly)).toBe('closed');
  });

  it.each(work2026)('is open on %s, a weekend day', (day) => {
    expect([0, 6]).toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
    expect(stateOf(day, calendar)).toBe('closed');
    expect(stateOf(day, national)).toBe('open');
  });

  it.each(everyDayOf2026.filter((day) => !off2026.includes(day) && !work2026.includes(day)))(
    'goes by its weekday on %s',
    (day) => expect(stateOf(day, national)).toBe(stateOf(day, calendar)),
  );

  it('may open on weekends, and on a holiday that it names; may close on a workday', () => {
    expect(stateOf('2026-03-07', weekly)).toBe('open');
    expect(stateOf('2026-03-07', national)).toBe('closed');
    expect(stateOf('2026-10-03', { ...national, openOn: ['2026-10-03'] })).toBe('open');
    expect(stateOf('2026-10-10', { ...national, closedOn: ['2026-10-10'] })).toBe('closed');
  });

  it('has its next operating day after the Spring Festival, and the Saturday before the next week', () => {
    expect(operatingDayFrom('2026-02-15', national, workdays)).toEqual({ day: '2026-02-24', state: 'open' });
    expect(nextAt('2026-02-14 18:00', national)).toBe(beijing('2026-02-24 07:30'));
    expect(nextAt('2026-02-27 18:00', national)).toBe(beijing('2026-02-28 07:30'));
  });
});

describe('a year that the calendar does not know', () => {
  it.each(['2027-01-01', '2027-01-02', '2027-01-04', '2018-12-31'])('is unknown on %s, and no workday', (day) => {
    expect(stateOf(day, national)).toBe('unknown');
    expect(openAt(`${day} 10:00`, national)).toBe('unknown');
  });

  it('is known on its last day', () => {
    expect(stateOf('2026-12-31', national)).toBe('open');
    expect(operatingDayFrom('2027-01-01', national, workdays)).toEqual({ day: '2027-01-01', state: 'unknown' });
  });

  it('is known where the facility names the day itself, or goes by its own week', () => {
    expect(stateOf('2027-01-04', { ...national, openOn: ['2027-01-04'] })).toBe('open');
    expect(stateOf('2027-01-01', { ...national, closedOn: ['2027-01-01'] })).toBe('closed');
    expect(stateOf('2027-01-04', calendar)).toBe('open');
  });

  it('holds no notice back: people are told by the weekday', () => {
    expect(nextAt('2027-01-01 10:00', national)).toBe(beijing('2027-01-01 10:00'));
    expect(nextAt('2027-01-02 10:00', national)).toBe(beijing('2027-01-04 07:30'));
  });
});

describe('a nursery in a zone whose clocks change', () => {
  const berlin = (more: Partial<OperatingCalendar> = {}) => ({ ...calendar, zone: 'Europe/Berlin', ...more });

  it.each([
    ['2026-03-29', 23],
    ['2026-03-30', 24],
    ['2026-10-25', 25],
  ])('has on %s a day of %i hours', (day, hours) => {
    const all = operatingHours(day, berlin({ opensAt: '00:00', closesAt: '23:00' }));
    expect(all.toMs - all.fromMs).toBe((hours - 1) * HOUR_MS);
  });

  it('opens by the clock on its wall', () => {
    const sunday = berlin({ openOn: ['2026-03-29', '2026-10-25'] });
    expect(openStateAt(Date.parse('2026-03-29T05:29:59Z'), sunday, workdays)).toBe('closed');
    expect(openStateAt(Date.parse('2026-03-29T05:30:00Z'), sunday, workdays)).toBe('open');
    expect(openStateAt(Date.parse('2026-10-25T06:29:59Z'), sunday, workdays)).toBe('closed');
    expect(openStateAt(Date.parse('2026-10-25T06:30:00Z'), sunday, workdays)).toBe('open');
  });

  it('has its own day: where it is still Sunday in Los Angeles it is Monday in Shanghai', () => {
    const at = Date.parse('2026-03-09T02:00:00Z');
    expect(openStateAt(at, { ...calendar, closesAt: '23:00' }, workdays)).toBe('open');
    const west = { ...calendar, zone: 'America/Los_Angeles', closesAt: '23:00' };
    expect(openStateAt(at, west, workdays)).toBe('closed');
    expect(openStateAt(at + 24 * HOUR_MS, west, workdays)).toBe('open');
  });
});
