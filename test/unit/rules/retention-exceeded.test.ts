import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import { judgeRetentionExceeded } from '../../../shared/domain/rules/retention-exceeded.ts';
import { type FacilityVitals, LONGEST_TOO_OLD } from '../../../shared/domain/vitals.ts';
import { dutyPack, gracePack } from '../../support/duty-pack.ts';
import { aFacility, aFacilityRow, beijing, DAY_MS, MINUTE_MS, NOW } from '../../support/rows.ts';

const judge = (row: Partial<FacilityVitals>, nowMs: number, more: Partial<Facility> = {}, pack = dutyPack()) => {
  const facility = aFacility(more);
  const [camera] = facility.cameras;
  if (camera === undefined) throw new Error('no camera');
  return judgeRetentionExceeded(camera, aFacilityRow(row), facility, pack, nowMs);
};

/** In the records since September 3rd; the ceiling is 180 days. */
const OLDEST = NOW - 180 * DAY_MS;
const tooOld = { tooOld: { 'cam-1': OLDEST } };

describe('footage that is kept too long', () => {
  it('is none until it is as old as the ceiling, and a breach then', () => {
    expect(judge(tooOld, NOW - 1)).toMatchObject({ state: 'met', dueAtMs: NOW });
    expect(judge(tooOld, NOW)).toMatchObject({ state: 'breached', reason: 'kept-too-long', sinceMs: NOW });
  });

  it('has the grace of the pack on top', () => {
    const pack = gracePack('retention-exceeded');
    expect(judge(tooOld, NOW + 10 * MINUTE_MS - 1, {}, pack).state).toBe('met');
    expect(judge(tooOld, NOW + 10 * MINUTE_MS, {}, pack).state).toBe('breached');
  });

  it('may be kept while an authority holds it, to the very end of the hold', () => {
    const untilMs = NOW + 30 * DAY_MS;
    const held = { legalHolds: [{ camera: 'cam-1', untilMs }] };
    expect(judge(tooOld, untilMs - 1, held)).toMatchObject({ state: 'met', reason: 'legal-hold', dueAtMs: untilMs });
    expect(judge(tooOld, untilMs, held)).toMatchObject({ state: 'breached', sinceMs: untilMs });
    expect(judge(tooOld, NOW, { legalHolds: [{ camera: 'cam-2', untilMs }] })).toMatchObject({ state: 'breached' });
  });

  it('is owed by nobody before the facility was in service', () => {
    const since = beijing('2026-01-01 00:00');
    expect(judge({ tooOld: { 'cam-1': since - 300 * DAY_MS } }, NOW)).toMatchObject({ sinceMs: since });
  });

  it('is none where the recorder shows less, and unknown where none ever reported', () => {
    expect(judge({ retentionHeld: { 'cam-1': NOW } }, NOW)).toMatchObject({ state: 'met', reason: 'within-ceiling' });
    expect(judge({}, NOW)).toMatchObject({ state: 'unknown', reason: 'never-reported' });
  });

  it('is unknown of a camera beyond those that the row holds', () => {
    const others = Object.fromEntries(Array.from({ length: LONGEST_TOO_OLD }, (_, n) => [`other-${n}`, OLDEST]));
    const row = { retentionHeld: { 'cam-1': NOW }, tooOld: others };
    expect(judge(row, NOW)).toMatchObject({ state: 'unknown', reason: 'too-many-findings' });
    const { 'other-0': _one, ...fewer } = others;
    expect(judge({ ...row, tooOld: fewer }, NOW)).toMatchObject({ state: 'met' });
  });

  it('of a retired camera is not judged', () => {
    const cameras = aFacility().cameras.map((camera) => ({ ...camera, retiredAtMs: NOW }));
    expect(judge(tooOld, NOW, { cameras })).toMatchObject({ state: 'not-applicable', reason: 'retired' });
  });
});
