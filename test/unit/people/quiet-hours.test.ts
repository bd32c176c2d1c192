import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietUntil } from '../../../shared/domain/people/quiet-hours.ts';
import type { Shift } from '../../../shared/domain/people/roster.ts';
import { coverWeek, shiftAround } from '../../../shared/domain/people/shift.ts';
import { EVERY_DAY, shift } from './rosters.ts';

const ZONE = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(text);
const until = (quiet: readonly Shift[], ms: number, zone = ZONE): number | undefined =>
  quietUntil({ quiet }, zone, ms, 'technical');

describe('quiet hours', () => {
  const night = [shift('22:00', '07:00')];
  const [begin, end] = [at('2026-03-02T22:00:00+08:00'), at('2026-03-03T07:00:00+08:00')];

  it('hold from their first millisecond to before their last, over midnight', () => {
    expect(until(night, begin - 1)).toBeUndefined();
    expect(until(night, begin)).toBe(end);
    expect(until(night, at('2026-03-03T00:00:00+08:00'))).toBe(end);
    expect(until(night, end - 1)).toBe(end);
    expect(until(night, end)).toBeUndefined();
  });

  it('never concern life safety', () => {
    expect(quietUntil({ quiet: night }, ZONE, begin, 'life-safety')).toBeUndefined();
  });

  it('that follow each other count as one', () => {
    const weekend = [shift('18:00', '00:00', [5]), shift('00:00', '00:00', [6, 7]), shift('23:00', '07:00', [7])];
    expect(until(weekend, at('2026-03-06T18:00:00+08:00'))).toBe(at('2026-03-09T07:00:00+08:00'));
  });

  it('none are never quiet', () => {
    expect(quietUntil({}, ZONE, begin, 'technical')).toBeUndefined();
    expect(until([], begin)).toBeUndefined();
  });

  it('follow the clock on the wall where it changes (Berlin)', () => {
    const zone = 'Europe/Berlin';
    const spring = at('2026-03-29T05:00:00Z');
    expect(until(night, at('2026-03-28T21:00:00Z') - 1, zone)).toBeUndefined();
    expect(until(night, at('2026-03-28T21:00:00Z'), zone)).toBe(spring);
    expect(until(night, spring - 1, zone)).toBe(spring);
    expect(until(night, spring, zone)).toBeUndefined();
    expect(until(night, at('2026-10-25T05:59:59Z'), zone)).toBe(at('2026-10-25T06:00:00Z'));
  });

  it('without an end still answer: the registry lets none in', () => {
    const always = [shift('00:00', '00:00')];
    expect(coverWeek(always)).toBe(true);
    expect(until(always, begin)).toBeGreaterThan(begin);
  });
});

describe('a week without a free minute', () => {
  it('is told from one with a single free minute', () => {
    expect(coverWeek([shift('08:00', '20:00'), shift('20:00', '08:00')])).toBe(true);
    expect(coverWeek([shift('08:00', '20:00'), shift('20:00', '07:59')])).toBe(false);
    expect(coverWeek([shift('00:00', '00:00', [1, 2, 3, 4, 5, 6])])).toBe(false);
    expect(coverWeek([])).toBe(false);
  });
});

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const someShift = fc.record({ weekdays: fc.subarray([...EVERY_DAY], { minLength: 1 }), from: time, to: time });
const someMs = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
const someZone = fc.constantFrom(ZONE, 'Europe/Berlin', 'America/New_York');
const quietHours = fc.array(someShift, { maxLength: 4 }).filter((quiet) => !coverWeek(quiet));

describe('any quiet hours', () => {
  it('never apply to life safety', () => {
    fc.assert(
      fc.property(fc.array(someShift, { maxLength: 4 }), someZone, someMs, (quiet, zone, ms) => {
        expect(quietUntil({ quiet }, zone, ms, 'life-safety')).toBeUndefined();
      }),
    );
  });

  it('end: just before it is quiet, and then it is not', () => {
    fc.assert(
      fc.property(quietHours, someZone, someMs, (quiet, zone, ms) => {
        const endMs = until(quiet, ms, zone);
        const isQuiet = quiet.some((one) => shiftAround(one, zone, ms) !== undefined);
        expect(endMs !== undefined).toBe(isQuiet);
        if (endMs === undefined) return;
        expect(endMs).toBeGreaterThan(ms);
        expect(until(quiet, endMs, zone)).toBeUndefined();
        expect(until(quiet, endMs - 1, zone)).toBe(endMs);
      }),
    );
  });
});
