import { describe, expect, it } from 'vitest';
import { lastClosedDay, owedDays, owesDay } from '../../../shared/domain/closed-days.ts';
import { DAY_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { aFacility, beijing, floor } from '../../support/rows.ts';

const registeredAtMs = beijing('2026-01-01 09:00');

describe('the days that are closed', () => {
  it('end with yesterday, a quarter of an hour after midnight in the zone that is asked about', () => {
    const settled = beijing('2026-03-02 00:15');
    expect(lastClosedDay('Asia/Shanghai', settled)).toBe('2026-03-01');
    expect(lastClosedDay('Asia/Shanghai', settled - 1)).toBe('2026-02-28');
    expect(lastClosedDay('Europe/Berlin', settled)).toBe('2026-02-28');
  });

  it('are owed from the registration on, in whatever state the facility is', () => {
    for (const state of [
      { is: 'commissioning' },
      { is: 'suspended', sinceMs: registeredAtMs, authority: 'health', reason: 'repair', untilMs: registeredAtMs + 1 },
    ] as const) {
      const facility = aFacility({ registeredAtMs, state });
      expect(owedDays(facility, floor)).toEqual({ fromDay: '2026-01-01' });
      expect(owesDay(facility, floor, '2025-12-31')).toBe(false);
      expect(owesDay(facility, floor, '2026-01-01')).toBe(true);
    }
  });

  it('are owed by a closed facility for as long as its last recording is, and no day longer', () => {
    const closed = (sinceMs: number) => aFacility({ registeredAtMs, state: { is: 'closed', sinceMs } });
    for (const [sinceMs, toDay] of [
      // Ninety days later it is noon: at the end of that day nothing is owed, at the end of the day before it is.
      [beijing('2026-03-02 12:00'), '2026-05-30'],
      [beijing('2026-03-02 00:00'), '2026-05-29'],
      [beijing('2026-03-02 00:00') + MINUTE_MS, '2026-05-30'],
    ] as const) {
      const facility = closed(sinceMs);
      expect(owedDays(facility, floor)).toEqual({ fromDay: '2026-01-01', toDay });
      expect(owesDay(facility, floor, toDay)).toBe(true);
      const after = new Date(Date.parse(`${toDay}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
      expect(owesDay(facility, floor, after)).toBe(false);
    }
  });
});
