import { describe, expect, it } from 'vitest';
import { foldTooOld } from '../../../shared/domain/fold-too-old.ts';
import type { HeldDayFacts } from '../../../shared/domain/held-day.ts';
import { type FacilityVitals, LONGEST_TOO_OLD } from '../../../shared/domain/vitals.ts';
import { dutyPack } from '../../support/duty-pack.ts';
import { aFacility, aFacilityRow, DAY_MS, HOUR_MS, NOW } from '../../support/rows.ts';

const CEILING_MS = 180 * DAY_MS;
const claims = (oldestRetrievableAtMs?: number): HeldDayFacts[] => [
  {
    day: '2026-03-02',
    recorded: [],
    reportedAtMs: NOW,
    ...(oldestRetrievableAtMs !== undefined && { oldestRetrievableAtMs }),
  },
];
const facility = aFacility();
const fold = (row: Partial<FacilityVitals>, days: readonly HeldDayFacts[], of = facility, nowMs = NOW) => {
  const [camera] = of.cameras;
  if (camera === undefined) throw new Error('no camera');
  return foldTooOld(aFacilityRow(row), camera, days, of, dutyPack(), nowMs);
};
const startOfDay = (ms: number): number => ms - (ms % DAY_MS);

describe('footage beyond the ceiling', () => {
  it('is folded once it is older than it, by its day, and calls the sweep', () => {
    expect(fold({}, claims(NOW - CEILING_MS))).toBeUndefined();
    expect(fold({}, claims(NOW - CEILING_MS - 1))).toEqual({
      patch: { tooOld: { 'cam-1': startOfDay(NOW - CEILING_MS - 1) }, judgeFromMs: NOW },
    });
  });

  it('is one write a day, not one an hour', () => {
    const oldestMs = startOfDay(NOW - CEILING_MS) - DAY_MS;
    const row = { tooOld: { 'cam-1': oldestMs } };
    expect(fold(row, claims(oldestMs + 23 * HOUR_MS))).toBeUndefined();
    expect(fold(row, claims(oldestMs + DAY_MS))?.patch.tooOld).toEqual({ 'cam-1': oldestMs + DAY_MS });
  });

  it('that was deleted ends the breach with a gap', () => {
    const oldestMs = startOfDay(NOW - CEILING_MS - 10 * DAY_MS);
    const change = fold({ tooOld: { 'cam-1': oldestMs } }, claims(NOW - DAY_MS));
    const fromMs = oldestMs + CEILING_MS;
    expect(change?.patch).toEqual({ tooOld: {}, judgeFromMs: fromMs });
    expect(change?.gap).toMatchObject({
      rule: 'retention-exceeded',
      subject: 'camera/cam-1',
      reason: 'kept-too-long',
      fromMs,
      toMs: NOW,
      breachedAtMs: fromMs,
    });
  });

  it('that was deleted while an authority held it ends nothing', () => {
    const held = aFacility({ legalHolds: [{ camera: 'cam-1', untilMs: NOW + DAY_MS }] });
    const change = fold({ tooOld: { 'cam-1': startOfDay(NOW - 2 * CEILING_MS) } }, claims(NOW), held);
    expect(change).toEqual({ patch: { tooOld: {}, judgeFromMs: NOW } });
  });

  it('stands while its recorder claims nothing', () => {
    expect(fold({ tooOld: { 'cam-1': startOfDay(NOW - 2 * CEILING_MS) } }, claims())).toBeUndefined();
  });

  it('is kept of as many cameras as the row holds, the oldest first, and of none that is gone', () => {
    const cameras = Array.from({ length: LONGEST_TOO_OLD + 1 }, (_, n) => ({
      id: n === 0 ? 'cam-1' : `x-${n}`,
      box: 'b1',
      areas: [],
      installedAtMs: 0,
    }));
    const oldMs = startOfDay(NOW - 2 * CEILING_MS);
    const others = Object.fromEntries(cameras.slice(1).map(({ id }) => [id, oldMs]));
    const many = aFacility({ cameras });
    expect(fold({ tooOld: others }, claims(oldMs + DAY_MS), many)).toBeUndefined();
    const older = fold({ tooOld: others }, claims(oldMs - DAY_MS), many)?.patch.tooOld ?? {};
    expect(Object.keys(older)).toHaveLength(LONGEST_TOO_OLD);
    expect(older['cam-1']).toBe(oldMs - DAY_MS);
    expect(fold({ tooOld: { gone: oldMs } }, claims(NOW))?.patch.tooOld).toEqual({});
  });
});
