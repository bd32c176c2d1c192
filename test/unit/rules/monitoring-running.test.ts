import { describe, expect, it } from 'vitest';
import { judgeMonitoringRunning } from '../../../shared/domain/rules/monitoring-running.ts';
import type { BoxVitals } from '../../../shared/domain/vitals.ts';
import { aBox, aNewBox, floor, HOUR_MS, MINUTE_MS, NOW, SECOND_MS, withGrace } from '../../support/rows.ts';

const since = NOW - 30 * 24 * HOUR_MS;
const judge = (box: BoxVitals, nowMs: number, pack = floor) =>
  judgeMonitoringRunning(box, pack.rules['monitoring-running'], since, nowMs);

describe('a nursery is monitored while its box keeps saying so', () => {
  const box = aBox({ beatAtMs: NOW });

  it('is met one millisecond before three beats are missed', () => {
    expect(judge(box, NOW + 180 * SECOND_MS - 1)).toMatchObject({ state: 'met', reason: 'beating' });
  });

  it('is breached at that very instant, dated there', () => {
    const silentAtMs = NOW + 180 * SECOND_MS;
    expect(judge(box, silentAtMs)).toMatchObject({ state: 'breached', reason: 'no-beat', sinceMs: silentAtMs });
  });

  it('is dated there however late somebody looks', () => {
    expect(judge(box, NOW + 1_000 * MINUTE_MS)).toMatchObject({ sinceMs: NOW + 180 * SECOND_MS });
  });

  it('is unknown before the first beat, since its duty began', () => {
    expect(judge(aNewBox(), NOW)).toMatchObject({ state: 'unknown', reason: 'never-connected', sinceMs: since });
  });

  it('names the box', () => {
    expect(judge(box, NOW)).toMatchObject({ rule: 'monitoring-running', subject: 'box/b1' });
  });
});

describe('a box may say that its monitoring system is down', () => {
  const down = aBox({ beatAtMs: NOW, monitoringSinceMs: NOW - MINUTE_MS, monitoringDownAtMs: NOW - MINUTE_MS });

  it('is breached since it said so', () => {
    expect(judge(down, NOW)).toMatchObject({ state: 'breached', reason: 'box-says-down', sinceMs: NOW - MINUTE_MS });
  });

  it('is within grace one millisecond before the grace ends, and breached when it does', () => {
    const pack = withGrace('monitoring-running', 2 * MINUTE_MS);
    expect(judge(down, NOW + MINUTE_MS - 1, pack)).toMatchObject({ state: 'met', dueAtMs: NOW + MINUTE_MS });
    expect(judge(down, NOW + MINUTE_MS, pack)).toMatchObject({ state: 'breached', sinceMs: NOW + MINUTE_MS });
  });

  it('does not recover by no longer knowing', () => {
    const forgot = aBox({ ...down }, { monitoring: 'unknown' });
    expect(judge(forgot, NOW)).toMatchObject({ state: 'breached', reason: 'box-says-down' });
  });

  it('does not get a later date by falling silent as well', () => {
    expect(judge(down, NOW + HOUR_MS)).toMatchObject({ reason: 'box-says-down', sinceMs: NOW - MINUTE_MS });
  });

  it('is unknown, not fine, when it only does not know', () => {
    const box = aBox({ beatAtMs: NOW, monitoringSinceMs: NOW - HOUR_MS }, { monitoring: 'unknown' });
    expect(judge(box, NOW)).toMatchObject({ state: 'unknown', reason: 'box-does-not-know', sinceMs: NOW - HOUR_MS });
  });
});
