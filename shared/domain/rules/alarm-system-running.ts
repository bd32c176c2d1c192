import { decodeFacts } from '../facts.ts';
import type { RulePack } from '../rule-pack.ts';
import { DAY_MS } from '../time.ts';
import type { Verdict } from '../verdict.ts';
import type { BoxVitals } from '../vitals.ts';

/**
 * The alarm system counts as running while a box that beats says so and each of its inputs was tested lately. What the
 * box said last is not taken for the present once it is silent; but a breach that was known by then goes on.
 */
export const judgeAlarmSystemRunning = (
  box: BoxVitals,
  pack: RulePack,
  dutySinceMs: number,
  nowMs: number,
): Verdict => {
  const about = { rule: 'alarm-system-running', subject: `box/${box.box}` } as const;
  if (box.beatAtMs === undefined || box.silentAtMs === undefined) {
    return { ...about, state: 'unknown', reason: 'never-connected', sinceMs: dutySinceMs };
  }
  const knownUntilMs = Math.min(nowMs, box.silentAtMs);
  const [breach] = [...breachesOf(box, pack)].sort((a, b) => a.sinceMs - b.sinceMs);
  if (breach !== undefined && breach.sinceMs <= knownUntilMs) return { ...about, state: 'breached', ...breach };
  if (nowMs >= box.silentAtMs) return { ...about, state: 'unknown', reason: 'box-silent', sinceMs: box.silentAtMs };
  if (box.alarmSystemDownAtMs === undefined && box.alarmSystemSinceMs !== undefined) {
    return { ...about, state: 'unknown', reason: reasonNotKnown(box), sinceMs: box.alarmSystemSinceMs };
  }
  return { ...about, state: 'met', reason: 'running', ...(breach && { dueAtMs: breach.sinceMs }) };
};

interface Breach {
  readonly reason: string;
  readonly sinceMs: number;
}

/** What is, or by time alone becomes, a breach. */
const breachesOf = (box: BoxVitals, pack: RulePack): readonly Breach[] => {
  const downAtMs = box.alarmSystemDownAtMs;
  const testedDay = box.facts === undefined ? 'unknown' : decodeFacts(box.facts).oldestSelfTestDay;
  const graceMs = pack.rules['alarm-system-running'].breachAfterMs.value;
  return [
    ...(downAtMs === undefined ? [] : [{ reason: 'box-says-down', sinceMs: downAtMs + graceMs }]),
    ...(testedDay === 'unknown'
      ? []
      : [{ reason: 'self-test-overdue', sinceMs: selfTestOverdueAtMs(testedDay, pack) }]),
  ];
};

/** The whole day of the test still counts: facts keep the day, not the instant. */
const selfTestOverdueAtMs = (testedDay: number, pack: RulePack): number =>
  (testedDay + 1) * DAY_MS + pack.thresholds.selfTestEveryMs.value;

const reasonNotKnown = (box: BoxVitals): string =>
  box.facts !== undefined && decodeFacts(box.facts).alarmSystem === 'yes' ? 'no-self-test-shown' : 'box-does-not-know';
