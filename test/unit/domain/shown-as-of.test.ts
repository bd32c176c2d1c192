import { describe, expect, it } from 'vitest';
import type { CameraFacts, RecordingFact } from '../../../shared/domain/camera-facts.ts';
import { shownAsOf } from '../../../shared/domain/shown-as-of.ts';
import { DAY_MS, HOUR_MS, hourFrom, MINUTE_MS } from '../../../shared/domain/time.ts';
import { aFacility, floor, NOW } from '../../support/rows.ts';

const facility = aFacility();
const [camera] = facility.cameras;
if (camera === undefined) throw new Error('a camera');
const duty = { camera, facility, pack: floor, nowMs: NOW };
const requiredFromMs = NOW - 90 * DAY_MS;

/** One report an hour, each as it ended, from some instant on until now; hours of `silent` were never spoken of. */
const reports = (fromMs: number, missing: readonly number[] = [], silent: readonly number[] = []): CameraFacts => {
  const facts: RecordingFact[] = [];
  for (let hourMs = fromMs; hourMs + HOUR_MS <= NOW; hourMs += HOUR_MS) {
    if (silent.includes(hourMs)) continue;
    facts.push({
      reported: [hourFrom(hourMs)],
      recorded: missing.includes(hourMs) ? [] : [hourFrom(hourMs)],
      hourEndMs: hourMs + HOUR_MS,
      receivedAtMs: hourMs + HOUR_MS + MINUTE_MS,
    });
  }
  return { reports: facts, deletions: [], holds: [] };
};
const saying = (facts: CameraFacts, oldestRetrievableAtMs: number): CameraFacts => ({
  ...facts,
  reports: facts.reports.map((fact, n) => (n === facts.reports.length - 2 ? { ...fact, oldestRetrievableAtMs } : fact)),
});
const verdict = (facts: CameraFacts, connected = true) => {
  const { state, reason } = shownAsOf(duty, facts, connected);
  return `${state} ${reason}`;
};
const hours = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, n) => NOW - 10 * DAY_MS + n * HOUR_MS);

describe('what a camera can show', () => {
  const whole = reports(requiredFromMs - DAY_MS);

  it('is all of its days, up to the tolerance and not beyond it', () => {
    expect(floor.thresholds.retentionToleranceMs.value).toBe(HOUR_MS);
    expect(verdict(whole)).toBe('held held');
    expect(verdict(reports(requiredFromMs, hours(1)))).toBe('held held');
    expect(verdict(reports(requiredFromMs, hours(2)))).toBe('gaps time-missing');
  });

  it('is unknown where nobody spoke, however much is held around it', () => {
    expect(verdict(saying(reports(requiredFromMs, [], hours(1)), requiredFromMs - DAY_MS))).toBe('held held');
    expect(verdict(saying(reports(requiredFromMs, [], hours(2)), requiredFromMs - DAY_MS))).toBe('unknown no-report');
    expect(verdict(reports(requiredFromMs + 3 * DAY_MS))).toBe('unknown depth-unknown');
  });

  it('is short where the recorder itself says so', () => {
    expect(verdict(saying(whole, requiredFromMs + HOUR_MS))).toBe('held held');
    expect(verdict(saying(whole, requiredFromMs + HOUR_MS + 1))).toBe('short recorder-keeps-less');
  });

  it('is nothing before the first report, and what came after the instant does not count', () => {
    const nothing: CameraFacts = { reports: [], deletions: [], holds: [] };
    expect(verdict(nothing)).toBe('unknown never-reported');
    expect(verdict(nothing, false)).toBe('unknown never-connected');
    const [first] = whole.reports;
    if (first === undefined) throw new Error('a report');
    expect(verdict({ ...nothing, reports: [{ ...first, receivedAtMs: NOW + 1 }] })).toBe('unknown never-reported');
  });
});
