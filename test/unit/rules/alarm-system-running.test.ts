import { describe, expect, it } from 'vitest';
import { judgeAlarmSystemRunning } from '../../../shared/domain/rules/alarm-system-running.ts';
import type { BoxVitals } from '../../../shared/domain/vitals.ts';
import { aBox, aNewBox, DAY_MS, floor, HOUR_MS, MINUTE_MS, NOW, SECOND_MS } from '../../support/rows.ts';

const since = NOW - 30 * DAY_MS;
const judge = (box: BoxVitals, nowMs: number) => judgeAlarmSystemRunning(box, floor, since, nowMs);
const testedDay = Math.floor(NOW / DAY_MS) - 31;
const overdueAtMs = (testedDay + 1) * DAY_MS + 31 * DAY_MS;

describe('the alarm system runs while the box says so and its inputs were tested', () => {
  it('is met, and due when the oldest self-test will be', () => {
    const box = aBox({ beatAtMs: overdueAtMs - 1 }, { oldestSelfTestDay: testedDay });
    expect(judge(box, overdueAtMs - 1)).toMatchObject({ state: 'met', dueAtMs: overdueAtMs });
  });

  it('is breached 31 days after the day of the oldest self-test', () => {
    const box = aBox({ beatAtMs: overdueAtMs - 1 }, { oldestSelfTestDay: testedDay });
    expect(judge(box, overdueAtMs)).toMatchObject({
      state: 'breached',
      reason: 'self-test-overdue',
      sinceMs: overdueAtMs,
    });
  });

  it('is breached since the box said that it is down', () => {
    const box = aBox({ beatAtMs: NOW, alarmSystemSinceMs: NOW - HOUR_MS, alarmSystemDownAtMs: NOW - MINUTE_MS });
    expect(judge(box, NOW)).toMatchObject({ state: 'breached', reason: 'box-says-down', sinceMs: NOW - MINUTE_MS });
  });

  it('is unknown while no input was ever tested', () => {
    const box = aBox({ beatAtMs: NOW, alarmSystemSinceMs: NOW - DAY_MS }, { oldestSelfTestDay: 'unknown' });
    expect(judge(box, NOW)).toMatchObject({ state: 'unknown', reason: 'no-self-test-shown', sinceMs: NOW - DAY_MS });
  });

  it('is unknown before the first beat', () => {
    expect(judge(aNewBox(), NOW)).toMatchObject({ state: 'unknown', reason: 'never-connected', sinceMs: since });
  });
});

describe('a silent box says nothing of its alarm system', () => {
  const silentAtMs = NOW + 180 * SECOND_MS;

  it('was fine: unknown since it fell silent', () => {
    const box = aBox({ beatAtMs: NOW });
    expect(judge(box, silentAtMs - 1)).toMatchObject({ state: 'met' });
    expect(judge(box, silentAtMs)).toMatchObject({ state: 'unknown', reason: 'box-silent', sinceMs: silentAtMs });
  });

  it('was down: still breached, with the same date', () => {
    const box = aBox({ beatAtMs: NOW, alarmSystemDownAtMs: NOW - MINUTE_MS, alarmSystemSinceMs: NOW - MINUTE_MS });
    expect(judge(box, silentAtMs + DAY_MS)).toMatchObject({ state: 'breached', sinceMs: NOW - MINUTE_MS });
  });

  it('would have become overdue meanwhile: not claimed, because nobody saw it', () => {
    const box = aBox({ beatAtMs: overdueAtMs - HOUR_MS }, { oldestSelfTestDay: testedDay });
    expect(judge(box, overdueAtMs + HOUR_MS)).toMatchObject({ state: 'unknown', reason: 'box-silent' });
  });
});
