import { describe, expect, it } from 'vitest';
import { judgeRetentionHeld } from '../../../shared/domain/rules/retention-held.ts';
import type { FacilityVitals, RetentionFold } from '../../../shared/domain/vitals.ts';
import { aFacility, aFacilityRow, DAY_MS, floor, HOUR_MS, NOW } from '../../support/rows.ts';

const facility = aFacility();
const judge = (row: Partial<FacilityVitals>, nowMs = NOW) => {
  const [camera] = facility.cameras;
  if (camera === undefined) throw new Error('no camera');
  return judgeRetentionHeld(camera, aFacilityRow(row), facility, floor, nowMs);
};
const fold = (more: Partial<RetentionFold>): RetentionFold => ({
  camera: 'cam-1',
  state: 'short',
  sinceMs: NOW - DAY_MS,
  depthDays: 35,
  missingMs: 0,
  dueAtMs: NOW,
  ...more,
});

describe('recordings are held for their ninety days', () => {
  it.each([
    ['short', 'recorder-keeps-less'],
    ['gaps', 'time-missing'],
  ] as const)('is breached where the finding is "%s", since it was found', (state, reason) => {
    expect(judge({ retention: [fold({ state })] })).toMatchObject({
      state: 'breached',
      reason,
      sinceMs: NOW - DAY_MS,
      subject: 'camera/cam-1',
    });
  });

  it('stands until a report shows otherwise, however long none comes', () => {
    expect(judge({ retention: [fold({})] }, NOW + 365 * DAY_MS)).toMatchObject({ state: 'breached' });
  });

  it('is held until 72 hours after the last report, and unknown since that report then', () => {
    const lastReportMs = NOW - HOUR_MS;
    const dueAtMs = lastReportMs + 72 * HOUR_MS;
    const row = { retentionHeld: { 'cam-1': dueAtMs } };
    expect(judge(row, dueAtMs - 1)).toMatchObject({ state: 'met', reason: 'held', dueAtMs });
    expect(judge(row, dueAtMs)).toMatchObject({ state: 'unknown', reason: 'no-report', sinceMs: lastReportMs });
  });

  it('is unknown, never fine, for a camera of which nobody reported', () => {
    expect(judge({})).toMatchObject({ state: 'unknown', reason: 'never-reported' });
    expect(judge({ retentionHeld: { 'cam-2': NOW + DAY_MS } })).toMatchObject({ state: 'unknown' });
    expect(judge({ retentionOverflow: true })).toMatchObject({ state: 'unknown', reason: 'too-many-findings' });
  });

  it('is unknown where the recorder does not tell how far it reaches', () => {
    expect(judge({ retention: [fold({ state: 'unknown' })] })).toMatchObject({
      state: 'unknown',
      reason: 'depth-unknown',
    });
  });
});
