import { describe, expect, it } from 'vitest';
import { addDays, civilDayOf } from '../../../shared/domain/civil-day.ts';
import { type FoldRecords, MEND_BACK_MS, mendFolds } from '../../../shared/domain/mend-folds.ts';
import { daysToRead, findRetention, foldRetention } from '../../../shared/domain/retention.ts';
import type { FacilityVitals } from '../../../shared/domain/vitals.ts';
import { aCheck, aFacility, aFacilityRow, beijing, DAY_MS, floor, HOUR_MS, NOW } from '../../support/rows.ts';

const facility = aFacility();
const { zone } = facility.calendar;
const [camera] = facility.cameras;

/** The first hour of a day, reported an hour later. */
const heldDay = (day: string, oldestRetrievableAtMs?: number) => {
  const hour = { fromMs: beijing(`${day} 00:00`), toMs: beijing(`${day} 01:00`) };
  const claim = oldestRetrievableAtMs === undefined ? {} : { oldestRetrievableAtMs };
  return { camera: 'cam-1', day, recorded: [hour], reported: [hour], reportedAtMs: hour.toMs + HOUR_MS, ...claim };
};

const mend = (row: FacilityVitals, heldDays: FoldRecords['heldDays'], nowMs = NOW) =>
  mendFolds(row, { checks: [], heldDays }, facility, () => floor, nowMs);

const short = { camera: 'cam-1', state: 'short', depthDays: 35, missingMs: 0, dueAtMs: NOW } as const;
const held = heldDay('2026-03-02', beijing('2025-11-01 00:00'));

describe('folds that a writer missed', () => {
  it('are made up from its records, several at once, each as of when its report came', () => {
    const checks = [
      { report: aCheck('c2', '2026-03-02'), receivedMs: beijing('2026-03-02 09:00') },
      { report: aCheck('c1', '2026-02-27'), receivedMs: beijing('2026-02-27 09:45') },
    ];
    const row = aFacilityRow({
      checks: { bees: { morning: { day: '2026-02-26', atMs: 1 } } },
      retention: [{ ...short, sinceMs: NOW - DAY_MS }],
    });
    const mended = mendFolds(row, { checks, heldDays: [held] }, facility, () => floor, NOW);
    expect(mended?.gaps).toMatchObject([
      { subject: 'class/bees', fromMs: beijing('2026-02-27 09:30'), toMs: beijing('2026-02-27 09:45') },
      { subject: 'camera/cam-1', fromMs: NOW - DAY_MS, toMs: held.reportedAtMs },
    ]);
    expect(mended?.patch).toMatchObject({
      checks: { bees: { morning: { day: '2026-03-02', atMs: beijing('2026-03-02 09:00') } } },
      retention: [],
      judgeFromMs: beijing('2026-02-27 09:30'),
    });
  });

  it('are none where nothing was kept: what was never reported stays as the row says', () => {
    expect(mend(aFacilityRow(), [])).toBeUndefined();
    expect(mend(aFacilityRow({ retention: [{ ...short, sinceMs: 1 }] }), [])).toBeUndefined();
  });

  it('are not sought in reports of long ago, of which the days that were read tell only a part', () => {
    const row = aFacilityRow({ retention: [{ ...short, state: 'gaps', sinceMs: 1 }] });
    expect(mend(row, [held], held.reportedAtMs + MEND_BACK_MS)?.patch.retention).toEqual([]);
    expect(mend(row, [held], held.reportedAtMs + MEND_BACK_MS + 1)).toBeUndefined();
  });

  it('are not seen in a row that was judged after the last report', () => {
    expect(mend(aFacilityRow({ retention: [{ ...short, sinceMs: held.reportedAtMs }] }), [held])).toBeDefined();
    expect(mend(aFacilityRow({ retention: [{ ...short, sinceMs: held.reportedAtMs + 1 }] }), [held])).toBeUndefined();
  });

  it('are judged by the very days by which the receiver would have judged', () => {
    if (camera === undefined) throw new Error('no camera');
    const last = heldDay('2026-03-02');
    const today = civilDayOf(last.reportedAtMs, zone);
    // No claim of a recorder, and hours without a recording: the depth of this finding is that of its days.
    const all = Array.from({ length: 95 }, (_, n) => ({ ...heldDay(addDays(today, -n)), recorded: [] }));
    const { fromDay } = daysToRead(facility, floor, last.reportedAtMs);
    const counted = all.filter(({ day }) => day >= fromDay);
    expect(counted.length).toBeLessThan(all.length);
    const before = aFacilityRow();
    const finding = findRetention(camera, counted, facility, floor, last.reportedAtMs);
    const folded = foldRetention(before, 'cam-1', finding, facility, floor, last.reportedAtMs);
    expect(finding.state).toBe('gaps');
    expect(mend(before, all)?.patch).toEqual(folded?.patch);
    expect(mend({ ...before, ...folded?.patch }, all)).toBeUndefined();
  });
});
