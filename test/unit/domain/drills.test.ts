import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { drillAt, registerDrill } from '../../../shared/domain/windows/drills.ts';
import { endWindow, noWindows, WINDOW_KEPT_MS } from '../../../shared/domain/windows/window-list.ts';
import { type DrillWindow, type FacilityWindows, MOST_WINDOWS } from '../../../shared/domain/windows/windows.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
const drill = (id: string, fromMs: number, toMs: number, registeredAtMs = NOW_MS): DrillWindow => ({
  id,
  fromMs,
  toMs,
  registeredAtMs,
  by: 'https://id.example|wang',
  reason: 'fire-drill',
});
const withDrills = (...drills: readonly DrillWindow[]): FacilityWindows => ({ ...noWindows('sunshine'), drills });
const at10 = drill('ten', NOW_MS, NOW_MS + HOUR_MS);

describe('an alarm is part of a drill', () => {
  it.each([
    ['one millisecond before the window', NOW_MS - 1, undefined],
    ['at its start', NOW_MS, 'ten'],
    ['one millisecond before its end', NOW_MS + HOUR_MS - 1, 'ten'],
    ['at its end', NOW_MS + HOUR_MS, undefined],
  ])('%s: %s', (_, atMs, window) => {
    expect(drillAt(withDrills(at10), atMs)?.window).toBe(window);
  });

  it('never where nothing is registered', () => {
    expect(drillAt(undefined, NOW_MS)).toBeUndefined();
    expect(drillAt(withDrills(), NOW_MS)).toBeUndefined();
  });

  it('never by a window that was registered after it had begun', () => {
    const late = { ...at10, registeredAtMs: at10.fromMs + 1 };
    expect(drillAt(withDrills(late), at10.fromMs + 2)).toBeUndefined();
  });

  it('of the window that ends last, where several are open', () => {
    const longer = drill('longer', NOW_MS, NOW_MS + 2 * HOUR_MS);
    expect(drillAt(withDrills(at10, longer), NOW_MS)).toEqual({ window: 'longer', toMs: NOW_MS + 2 * HOUR_MS });
  });

  it('until the drill is ended early, and no longer', () => {
    const halfPast = NOW_MS + HOUR_MS / 2;
    const over = endWindow(withDrills(at10), 'ten', halfPast, 'issuer|officer');
    expect(drillAt(over, halfPast - 1)?.window).toBe('ten');
    expect(drillAt(over, halfPast)).toBeUndefined();
  });
});

describe('registering a drill', () => {
  const outcome = (fromMs: number, toMs: number, windows = withDrills()) => {
    const edited = registerDrill(windows, drill('new', fromMs, toMs), NOW_MS);
    return 'fault' in edited ? edited.fault : edited.windows.drills.map(({ id }) => id);
  };

  it.each([
    ['from now on', 0, HOUR_MS, ['new']],
    ['of four hours', 0, 4 * HOUR_MS, ['new']],
    ['longer than four hours', 0, 4 * HOUR_MS + 1, 'too-long'],
    ['that has begun', -1, HOUR_MS, 'starts-in-the-past'],
    ['without any time', HOUR_MS, HOUR_MS, 'ends-before-it-starts'],
    ['in 90 days', 90 * DAY_MS, 90 * DAY_MS + HOUR_MS, ['new']],
    ['later than in 90 days', 90 * DAY_MS + 1, 90 * DAY_MS + HOUR_MS, 'too-far-ahead'],
  ])('%s', (_, fromMs, toMs, expected) => {
    expect(outcome(NOW_MS + fromMs, NOW_MS + toMs)).toEqual(expected);
  });

  it('twice under one id is once, also when it has begun meanwhile', () => {
    const windows = withDrills(at10);
    expect(registerDrill(windows, at10, NOW_MS + 1)).toEqual({ windows });
  });

  it('keeps every drill that is not over; there is room for sixteen', () => {
    const coming = Array.from({ length: MOST_WINDOWS }, (_, n) =>
      drill(`${n}`, NOW_MS + HOUR_MS, NOW_MS + 2 * HOUR_MS),
    );
    expect(outcome(NOW_MS, NOW_MS + HOUR_MS, withDrills(...coming))).toBe('too-many');
    expect(outcome(NOW_MS, NOW_MS + HOUR_MS, withDrills(...coming.slice(1)))).toHaveLength(MOST_WINDOWS);
  });

  it('forgets what was over a week ago, and of what is over the oldest where there is no room', () => {
    const old = drill('old', 0, NOW_MS - WINDOW_KEPT_MS);
    const recent = drill('recent', 0, NOW_MS - WINDOW_KEPT_MS + 1);
    expect(outcome(NOW_MS, NOW_MS + HOUR_MS, withDrills(old, recent))).toEqual(['recent', 'new']);
    const over = Array.from({ length: MOST_WINDOWS }, (_, n) => drill(`${n}`, 0, NOW_MS - n));
    const kept = outcome(NOW_MS, NOW_MS + HOUR_MS, withDrills(...over));
    expect(kept).toHaveLength(MOST_WINDOWS);
    expect(kept).not.toContain(`${MOST_WINDOWS - 1}`);
  });
});

describe('ending a window', () => {
  it('that has not begun: it never begins, and is still shown', () => {
    const coming = drill('coming', NOW_MS + HOUR_MS, NOW_MS + 2 * HOUR_MS);
    const over = endWindow(withDrills(coming), 'coming', NOW_MS, 'issuer|officer');
    expect(over.drills).toHaveLength(1);
    expect(drillAt(over, NOW_MS + HOUR_MS)).toBeUndefined();
  });

  it('that is over, or unknown, changes nothing', () => {
    const windows = withDrills(at10);
    expect(endWindow(windows, 'ten', at10.toMs, 'issuer|officer')).toEqual(windows);
    expect(endWindow(windows, 'other', NOW_MS, 'issuer|officer')).toEqual(windows);
  });
});
