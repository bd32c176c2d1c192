import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import { judgeGuardPresent } from '../../../shared/domain/rules/guard-present.ts';
import { dutyPack, gracePack } from '../../support/duty-pack.ts';
import { aFacility, aFacilityRow, beijing, MINUTE_MS } from '../../support/rows.ts';

const judge = (guardUntilMs: number | undefined, nowMs: number, pack = dutyPack(), facility: Partial<Facility> = {}) =>
  judgeGuardPresent(aFacilityRow(guardUntilMs === undefined ? {} : { guardUntilMs }), aFacility(facility), pack, nowMs);

describe('a guard on shift in operating hours', () => {
  const noon = beijing('2026-03-02 12:00');

  it('is there until the very end of the shift that was logged', () => {
    expect(judge(noon, noon - 1)).toMatchObject({ state: 'met', reason: 'on-shift', dueAtMs: noon });
    expect(judge(noon, noon)).toMatchObject({ state: 'breached', reason: 'no-guard-on-shift', sinceMs: noon });
  });

  it('is not owed from closing to the next opening', () => {
    const closing = beijing('2026-02-27 18:00');
    const opening = beijing('2026-03-02 07:30');
    expect(judge(closing, opening - 1)).toMatchObject({ state: 'met', reason: 'not-yet-due', dueAtMs: opening });
    expect(judge(closing, opening)).toMatchObject({ state: 'breached', sinceMs: opening });
  });

  it('that was missing stays so through the night: nobody has shown one since', () => {
    expect(judge(noon, beijing('2026-03-03 02:00'))).toMatchObject({ state: 'breached', sinceMs: noon });
  });

  it('may be away for the grace, which does not run while the facility is closed', () => {
    const pack = gracePack('guard-present');
    expect(judge(noon, noon + 10 * MINUTE_MS - 1, pack).state).toBe('met');
    expect(judge(noon, noon + 10 * MINUTE_MS, pack).state).toBe('breached');
    const late = beijing('2026-03-02 17:50');
    expect(judge(late, beijing('2026-03-03 07:40') - 1, pack).state).toBe('met');
    expect(judge(late, beijing('2026-03-03 07:40'), pack)).toMatchObject({
      state: 'breached',
      sinceMs: beijing('2026-03-03 07:40'),
    });
  });

  it('is owed from the first opening in service, if no shift was ever logged', () => {
    const facility = { state: { is: 'in-service', sinceMs: beijing('2026-02-28 10:00') } } as const;
    const opening = beijing('2026-03-02 07:30');
    expect(judge(undefined, opening - 1, dutyPack(), facility).state).toBe('met');
    expect(judge(undefined, opening, dutyPack(), facility).state).toBe('breached');
  });

  it('is not asked for where the pack asks for none', () => {
    const { thresholds } = dutyPack();
    const none = dutyPack({ thresholds: { ...thresholds, guardsOnShift: { value: 0, source: 'configuration' } } });
    expect(judge(undefined, noon, none)).toMatchObject({ state: 'not-applicable', reason: 'not-asked-for' });
  });

  it('is unknown on a day of which the national calendar says nothing yet', () => {
    const { calendar } = aFacility();
    const facility = { calendar: { ...calendar, follows: 'national' as const } };
    const newYear = beijing('2027-01-01 00:00');
    expect(judge(beijing('2026-12-31 18:00'), newYear - 1, dutyPack(), facility).state).toBe('met');
    expect(judge(beijing('2026-12-31 18:00'), newYear, dutyPack(), facility)).toMatchObject({
      state: 'unknown',
      reason: 'calendar-unknown',
      sinceMs: newYear,
    });
  });
});
