import { describe, expect, it } from 'vitest';
import { checksBySlot, judgeSlot } from '../../../shared/domain/check-calendar.ts';
import type { Facility, FacilityState } from '../../../shared/domain/facility.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { at } from '../../support/audit-world.ts';

const NOW_MS = at('2026-03-06T20:00');
const facility = (more: Partial<Facility> = {}): Facility =>
  aFacility({ registeredAtMs: 0, state: { is: 'in-service', sinceMs: 0 }, ...more });
const judged = (day: string, of: Facility, nowMs = NOW_MS) => {
  const slot = { day, class: 'little', session: 'morning' } as const;
  const { state, reason } = judgeSlot(slot, checksBySlot([]), of, packFor(of, nowMs), nowMs);
  return `${state} ${reason}`;
};

describe('what a class owed on a day', () => {
  it('is missing from its deadline on, to the millisecond', () => {
    const of = facility({ calendar: { ...aFacility().calendar, morningCheckBy: '09:00' } });
    const deadlineMs = at('2026-03-06T09:00');
    expect(judged('2026-03-06', of, deadlineMs - 1)).toBe('not-yet-due time-not-over');
    expect(judged('2026-03-06', of, deadlineMs)).toBe('missing no-check-logged');
  });

  it('is nothing while it was suspended, and is owed before and after', () => {
    const state: FacilityState = {
      is: 'suspended',
      sinceMs: at('2026-03-03T00:00'),
      untilMs: at('2026-03-05T00:00'),
      authority: 'health',
      reason: 'repair',
    };
    const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
    expect(days.map((day) => judged(day, facility({ state })))).toEqual([
      'missing no-check-logged',
      'not-due facility-not-in-service',
      'not-due facility-not-in-service',
      'missing no-check-logged',
    ]);
  });

  it('is nothing before it took children, nor before we knew of it', () => {
    expect(judged('2026-03-02', facility({ state: { is: 'commissioning' } }))).toBe('not-due facility-not-in-service');
    const state = { is: 'in-service', sinceMs: at('2026-03-04T00:00') } as const;
    expect(judged('2026-03-03', facility({ state }))).toBe('not-due before-duty');
    expect(judged('2026-03-04', facility({ state }))).toBe('missing no-check-logged');
  });

  it('is unknown in a year of which the national calendar says nothing yet', () => {
    const of = facility({ calendar: { ...aFacility().calendar, follows: 'national' } });
    expect(judged('2040-03-05', of, at('2040-03-06T00:00'))).toBe('unknown calendar-unknown');
  });
});
