import { describe, expect, it } from 'vitest';
import {
  addDays,
  civilDayInterval,
  civilDayOf,
  civilTimeOf,
  daysBetween,
  instantOf,
  weekdayOf,
} from '../../../shared/domain/civil-day.ts';
import { HOUR_MS } from '../../support/rows.ts';

const utc = (text: string): number => Date.parse(text);

describe('a local day in Beijing', () => {
  const zone = 'Asia/Shanghai';

  it('begins at 16:00 UTC of the day before', () => {
    expect(civilDayOf(utc('2026-03-01T15:59:59.999Z'), zone)).toBe('2026-03-01');
    expect(civilDayOf(utc('2026-03-01T16:00:00Z'), zone)).toBe('2026-03-02');
    expect(civilTimeOf(utc('2026-03-01T16:00:00Z'), zone)).toEqual({ day: '2026-03-02', time: '00:00' });
    expect(instantOf('2026-03-02', '00:00', zone)).toBe(utc('2026-03-01T16:00:00Z'));
  });

  it('had summer time until 1991', () => {
    expect(instantOf('1990-07-01', '12:00', zone)).toBe(utc('1990-07-01T03:00:00Z'));
  });
});

describe('a local day where the clocks change (Berlin)', () => {
  const zone = 'Europe/Berlin';

  it('is 23 hours long in spring and 25 in autumn', () => {
    const spring = civilDayInterval('2026-03-29', zone);
    const autumn = civilDayInterval('2026-10-25', zone);
    expect((spring.toMs - spring.fromMs) / HOUR_MS).toBe(23);
    expect((autumn.toMs - autumn.fromMs) / HOUR_MS).toBe(25);
  });

  it('takes a time that comes twice at its first coming', () => {
    expect(instantOf('2026-10-25', '02:30', zone)).toBe(utc('2026-10-25T00:30:00Z'));
  });

  it('moves a time that never comes on by the hour that was skipped', () => {
    expect(instantOf('2026-03-29', '02:30', zone)).toBe(utc('2026-03-29T01:30:00Z'));
    expect(civilTimeOf(utc('2026-03-29T01:30:00Z'), zone).time).toBe('03:30');
  });

  it('finds back every hour of both days', () => {
    for (const day of ['2026-03-29', '2026-10-25', '2026-06-01']) {
      const { fromMs, toMs } = civilDayInterval(day, zone);
      for (let ms = fromMs; ms < toMs; ms += HOUR_MS) {
        const { time } = civilTimeOf(ms, zone);
        const isSecondComing = day === '2026-10-25' && ms === utc('2026-10-25T01:00:00Z');
        expect(instantOf(day, time, zone)).toBe(isSecondComing ? ms - HOUR_MS : ms);
      }
    }
  });
});

describe('days', () => {
  it('are counted over the end of months and years', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2025-12-31', '2026-03-01')).toBe(60);
  });

  it('have ISO weekdays', () => {
    expect([weekdayOf('2026-03-02'), weekdayOf('2026-03-08')]).toEqual([1, 7]);
  });
});
