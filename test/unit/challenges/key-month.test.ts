import { describe, expect, it } from 'vitest';
import {
  formatKeyMonth,
  isKeyTimely,
  keyMonthAt,
  keyNeededUntilMs,
  parseKeyMonth,
} from '../../../shared/domain/challenges/key-month.ts';
import { usualPolicy } from '../../../shared/domain/challenges/policy.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';

const zone = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(text);

describe('the key of a month', () => {
  it('is the month on the wall clock of the zone', () => {
    expect(formatKeyMonth(keyMonthAt(at('2026-11-30T23:59:59+08:00'), zone))).toBe('2026-11.1');
    expect(formatKeyMonth(keyMonthAt(at('2026-12-01T00:00:00+08:00'), zone))).toBe('2026-12.1');
  });

  it('has one spelling', () => {
    expect(parseKeyMonth('2026-11.1')).toEqual({ year: 2026, month: 11, number: 1 });
    expect(parseKeyMonth('2026-01.255')).toEqual({ year: 2026, month: 1, number: 255 });
    for (const wrong of [
      '2026-11',
      '2026-11.0',
      '2026-11.256',
      '2026-00.1',
      '2026-13.1',
      '1926-11.1',
      '2026-11.01',
      '',
    ]) {
      expect(parseKeyMonth(wrong)).toBeUndefined();
    }
  });

  it('may seal hours of its own month and of its neighbours, and no others', () => {
    const key = { year: 2026, month: 12, number: 1 };
    const timely = (text: string): boolean => isKeyTimely(key, at(text), zone);
    expect(timely('2026-10-31T23:00:00+08:00')).toBe(false);
    expect(timely('2026-11-01T00:00:00+08:00')).toBe(true);
    expect(timely('2027-01-31T23:00:00+08:00')).toBe(true);
    expect(timely('2027-02-01T00:00:00+08:00')).toBe(false);
  });

  it('is needed until the last hour that it may have sealed cannot be asked for any more', () => {
    const policy = usualPolicy(90);
    const untilMs = keyNeededUntilMs({ year: 2026, month: 11, number: 1 }, policy, zone);
    expect(untilMs).toBe(at('2027-01-01T00:00:00+08:00') + 91 * DAY_MS);
    const lastHourMs = at('2027-01-01T00:00:00+08:00') - HOUR_MS;
    expect(isKeyTimely({ year: 2026, month: 11, number: 1 }, lastHourMs, zone)).toBe(true);
    expect(untilMs).toBeGreaterThan(lastHourMs + policy.retainMs);
    expect(keyNeededUntilMs({ year: 2026, month: 12, number: 1 }, policy, zone)).toBe(
      at('2027-02-01T00:00:00+08:00') + 91 * DAY_MS,
    );
  });
});
