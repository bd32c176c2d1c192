import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import { judgeAreaCovered } from '../../../shared/domain/rules/area-covered.ts';
import type { FacilityRows } from '../../../shared/domain/vitals.ts';
import {
  aBox,
  aCoverage,
  aFacility,
  DAY_MS,
  floor,
  HOUR_MS,
  MINUTE_MS,
  NOW,
  rowsOf,
  SECOND_MS,
} from '../../support/rows.ts';

const judge = (rows: FacilityRows, nowMs = NOW, facility: Facility = aFacility()) => {
  const [play] = facility.areas;
  if (play === undefined) throw new Error('no area');
  return judgeAreaCovered(play, rows, facility, floor, nowMs);
};

const usable = { state: 'usable', sinceMs: NOW - DAY_MS } as const;
const faulty = (sinceMs: number) => ({ state: 'offline', sinceMs }) as const;
const cameras = (one: object, two: object) =>
  rowsOf({ coverage: [aCoverage({ 'cam-1': one, 'cam-2': two } as never)] });
/** Beats go on until just now, and say how many cameras they see. */
const beating = (rows: FacilityRows, nowMs: number, online: number): FacilityRows => ({
  ...rows,
  boxes: [aBox({ beatAtMs: nowMs - SECOND_MS }, { camerasOnline: online, camerasRecording: online })],
});

describe('a playroom is covered while one camera is online, recording and usable', () => {
  it('is met with one of two cameras', () => {
    expect(judge(beating(cameras(usable, faulty(NOW - HOUR_MS)), NOW, 1))).toMatchObject({
      state: 'met',
      reason: 'covered',
    });
  });

  it('is blind from when the last camera failed: within grace for ten minutes, breached then', () => {
    const blindAt = NOW - 5 * MINUTE_MS;
    const rows = cameras(faulty(NOW - HOUR_MS), faulty(blindAt));
    const breachAt = blindAt + 10 * MINUTE_MS;
    expect(judge(beating(rows, breachAt - 1, 0), breachAt - 1)).toMatchObject({
      state: 'met',
      reason: 'within-grace',
      dueAtMs: breachAt,
    });
    expect(judge(beating(rows, breachAt, 0), breachAt)).toMatchObject({
      state: 'breached',
      reason: 'no-usable-camera',
      sinceMs: breachAt,
    });
  });

  it('is unknown while one camera failed and nobody knows of the other', () => {
    const rows = cameras(faulty(NOW - HOUR_MS), { state: 'unknown', sinceMs: NOW - 2 * HOUR_MS });
    expect(judge(beating(rows, NOW, 0))).toMatchObject({
      state: 'unknown',
      reason: 'camera-unknown',
      sinceMs: NOW - HOUR_MS,
    });
  });

  it('is unknown, not breached, where coverage never came', () => {
    expect(judge(rowsOf({ coverage: [] }))).toMatchObject({ state: 'unknown', reason: 'never-covered' });
    const replaced = rowsOf({ boxes: [aBox({ announcedAtMs: NOW - HOUR_MS })], coverage: [] });
    expect(judge(replaced)).toMatchObject({ reason: 'never-covered', sinceMs: NOW - HOUR_MS });
  });

  it('is breached without any camera, since the duty began', () => {
    const facility = aFacility({ cameras: [] });
    const sinceMs = (facility.state.is === 'in-service' ? facility.state.sinceMs : 0) + 10 * MINUTE_MS;
    expect(judge(rowsOf(), NOW, facility)).toMatchObject({ state: 'breached', reason: 'no-camera', sinceMs });
    expect(judge(rowsOf(), sinceMs, facility)).toMatchObject({ state: 'breached' });
    expect(judge(rowsOf(), sinceMs - 1, facility)).toMatchObject({ state: 'met', dueAtMs: sinceMs });
  });

  it('ignores a retired camera', () => {
    const [one, two] = aFacility().cameras;
    if (!one || !two) throw new Error('no cameras');
    const facility = aFacility({ cameras: [{ ...one, retiredAtMs: NOW - DAY_MS }, two] });
    const rows = beating(cameras(usable, faulty(NOW - HOUR_MS)), NOW, 0);
    expect(judge(rows, NOW, facility)).toMatchObject({ state: 'breached' });
  });

  it('is unknown once coverage is overdue by its 25 hours', () => {
    const staleAt = NOW - HOUR_MS + 25 * HOUR_MS;
    const rows = rowsOf();
    expect(judge(beating(rows, staleAt - 1, 2), staleAt - 1)).toMatchObject({ state: 'met' });
    expect(judge(beating(rows, staleAt, 2), staleAt)).toMatchObject({
      state: 'unknown',
      reason: 'coverage-overdue',
      sinceMs: staleAt,
    });
  });
});

describe('a box that dies takes its knowledge with it, not the breach', () => {
  const silentAt = NOW + 180 * SECOND_MS;
  const rowsBlindSince = (sinceMs: number): FacilityRows => ({
    ...cameras(faulty(sinceMs), faulty(sinceMs)),
    boxes: [aBox({ beatAtMs: NOW }, { camerasOnline: 0, camerasRecording: 0 })],
  });

  it('leaves a covered area unknown since it fell silent', () => {
    const rows = { ...rowsOf(), boxes: [aBox({ beatAtMs: NOW })] };
    expect(judge(rows, silentAt - 1)).toMatchObject({ state: 'met' });
    expect(judge(rows, silentAt)).toMatchObject({ state: 'unknown', reason: 'box-silent', sinceMs: silentAt });
  });

  it('leaves a blind area breached, with the same date', () => {
    const rows = rowsBlindSince(NOW - HOUR_MS);
    expect(judge(rows, silentAt + DAY_MS)).toMatchObject({ state: 'breached', sinceMs: NOW - 50 * MINUTE_MS });
  });

  it('claims no breach whose grace ended only after the box had died', () => {
    const rows = rowsBlindSince(silentAt - 10 * MINUTE_MS);
    expect(judge(rows, silentAt + HOUR_MS)).toMatchObject({ state: 'unknown', reason: 'box-silent' });
    const earlier = rowsBlindSince(silentAt - 10 * MINUTE_MS - 1);
    expect(judge(earlier, silentAt + HOUR_MS)).toMatchObject({ state: 'breached', sinceMs: silentAt - 1 });
  });
});

describe('heartbeats that contradict coverage for two beats', () => {
  const changedAt = NOW - 2 * MINUTE_MS;
  const rows = (beatAtMs: number, factsAtMs: number): FacilityRows =>
    rowsOf({ boxes: [aBox({ beatAtMs, factsAtMs }, { camerasOnline: 0, camerasRecording: 0 })] });

  it('count one beat as a crossing on the way', () => {
    expect(judge(rows(changedAt + 2 * MINUTE_MS - 1, changedAt))).toMatchObject({ state: 'met' });
  });

  it('make the area unknown with the second', () => {
    expect(judge(rows(changedAt + 2 * MINUTE_MS, changedAt))).toMatchObject({
      state: 'unknown',
      reason: 'contradicts-itself',
      sinceMs: changedAt,
    });
  });

  it('do not contradict where the box does not count, or a camera is none of the facility', () => {
    const silentCounts = rowsOf({ boxes: [aBox({}, { camerasOnline: 'unknown', camerasRecording: 'unknown' })] });
    expect(judge(silentCounts)).toMatchObject({ state: 'met' });
    const stranger = aCoverage({ 'cam-1': usable, 'cam-2': usable, old: usable });
    expect(judge(rowsOf({ coverage: [stranger] }))).toMatchObject({ state: 'met' });
  });
});
