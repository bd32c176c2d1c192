import { describe, expect, it } from 'vitest';
import { hoursOf, tellAtMs } from '../../../shared/domain/incidents/tell-at.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

const sun = nursery('sun');
const hours = hoursOf(sun, packFor(sun, at('10:00:00')));

describe('when it is told', () => {
  it.each([
    ['page', '02:00:00', '2026-03-07', '02:00:00', '2026-03-07'],
    ['page-in-operating-hours', '07:29:59', '2026-03-02', '07:30:00', '2026-03-02'],
    ['page-in-operating-hours', '12:00:00', '2026-03-02', '12:00:00', '2026-03-02'],
    ['page-in-operating-hours', '18:00:00', '2026-03-06', '07:30:00', '2026-03-09'],
    ['working-hours', '17:29:59', '2026-03-06', '17:29:59', '2026-03-06'],
    ['working-hours', '17:30:00', '2026-03-06', '08:30:00', '2026-03-09'],
    ['daily-digest', '09:00:00', '2026-03-07', '09:00:00', '2026-03-07'],
    ['daily-digest', '09:00:01', '2026-03-07', '09:00:00', '2026-03-08'],
  ] as const)('%s at %s on %s: at %s on %s', (urgency, time, day, tellTime, tellDay) => {
    expect(tellAtMs(urgency, at(time, day), hours)).toBe(at(tellTime, tellDay));
  });

  it.each([
    ['a holiday', '10:00:00', '2026-10-01', '08:30:00', '2026-10-08'],
    ['a swapped Saturday', '10:00:00', '2026-10-10', '10:00:00', '2026-10-10'],
    ['the eve of the Spring Festival', '17:30:00', '2026-02-14', '08:30:00', '2026-02-24'],
    ['a weekday of a year that is not known', '10:00:00', '2027-01-01', '10:00:00', '2027-01-01'],
    ['a weekend of a year that is not known', '10:00:00', '2027-01-02', '08:30:00', '2027-01-04'],
  ] as const)('an office on %s: at %s on %s is told at %s on %s', (_what, time, day, tellTime, tellDay) => {
    expect(tellAtMs('working-hours', at(time, day), hours)).toBe(at(tellTime, tellDay));
  });

  it('a calendar that is never open delays nothing', () => {
    const never = hoursOf(
      nursery('sun', { calendar: { ...sun.calendar, weekdays: [] } }),
      packFor(sun, at('10:00:00')),
    );
    expect(tellAtMs('page-in-operating-hours', at('02:00:00'), never)).toBe(at('02:00:00'));
  });

  it('nothing waits for the opening of a nursery that nobody knows', () => {
    const unknown = hoursOf(undefined, packFor(sun, at('10:00:00')));
    expect(tellAtMs('page-in-operating-hours', at('02:00:00'), unknown)).toBe(at('02:00:00'));
  });
});
