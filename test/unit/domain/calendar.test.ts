import { describe, expect, it } from 'vitest';
import { isOpenAt, isOperatingDay, nextOpenAt, operatingDayFrom } from '../../../shared/domain/calendar.ts';
import { aFacility, beijing } from '../../support/rows.ts';

const { calendar } = aFacility();

describe('a nursery takes children', () => {
  it('on its weekdays', () => {
    expect(isOperatingDay('2026-03-02', calendar)).toBe(true);
    expect(isOperatingDay('2026-03-01', calendar)).toBe(false);
  });

  it('on no day on which it is closed, and on a Saturday that it names', () => {
    const own = { ...calendar, closedOn: ['2026-03-02'], openOn: ['2026-03-07'] };
    expect(isOperatingDay('2026-03-02', own)).toBe(false);
    expect(isOperatingDay('2026-03-07', own)).toBe(true);
  });

  it('from its opening until right before its closing', () => {
    expect(isOpenAt(beijing('2026-03-02 07:30') - 1, calendar)).toBe(false);
    expect(isOpenAt(beijing('2026-03-02 07:30'), calendar)).toBe(true);
    expect(isOpenAt(beijing('2026-03-02 18:00') - 1, calendar)).toBe(true);
    expect(isOpenAt(beijing('2026-03-02 18:00'), calendar)).toBe(false);
  });

  it('next on Monday, seen from Friday evening', () => {
    expect(nextOpenAt(beijing('2026-02-27 18:00'), calendar)).toBe(beijing('2026-03-02 07:30'));
    expect(nextOpenAt(beijing('2026-03-02 06:00'), calendar)).toBe(beijing('2026-03-02 07:30'));
    expect(nextOpenAt(beijing('2026-03-02 09:00'), calendar)).toBe(beijing('2026-03-02 09:00'));
  });

  it('never, if it has no operating day', () => {
    expect(operatingDayFrom('2026-03-02', { ...calendar, weekdays: [] })).toBeUndefined();
    expect(nextOpenAt(beijing('2026-03-02 09:00'), { ...calendar, weekdays: [] })).toBeUndefined();
  });
});
