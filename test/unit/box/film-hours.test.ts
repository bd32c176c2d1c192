import { expect, it } from 'vitest';
import { nextHourMs } from '../../../box/film-hours.ts';
import { beijing, HOUR_MS, MINUTE_MS } from '../../support/rows.ts';

const HOUR = beijing('2026-11-03 10:00');
/** The hour from ten to eleven is the last that can be told. */
const NOW = HOUR + HOUR_MS + MINUTE_MS;

it.each([
  ['the last full one, to a box that is new', undefined, HOUR],
  ['the one after that which was told', HOUR - 5 * HOUR_MS, HOUR - 4 * HOUR_MS],
  ['none, once the last was told', HOUR, undefined],
  ['none, where a clock was an hour ahead', HOUR + HOUR_MS, undefined],
  ['those of a week once more, where it was further ahead', HOUR + 2 * HOUR_MS, HOUR - 168 * HOUR_MS],
  ['none that is older than all film', 1, HOUR - 2_160 * HOUR_MS],
])('the hour to be told is %s', (_, doneMs, hourMs) => {
  expect(nextHourMs(doneMs, NOW, 1)).toBe(hourMs);
});

it('an hour is told a minute after its end, and not a millisecond before', () => {
  expect(nextHourMs(HOUR - HOUR_MS, NOW - 1, 1)).toBeUndefined();
  expect(nextHourMs(HOUR - HOUR_MS, NOW, 1)).toBe(HOUR);
});
