import { type Incident, isToldByStorm, LARGEST_LADDER_BYTES, MOST_RUNGS, type Rung } from '../incident.ts';
import type { RulePack } from '../rule-pack.ts';
import type { RuleName } from '../verdict.ts';
import { type Decision, nothing, save } from './decision.ts';
import type { KnownFacility } from './ladder.ts';
import { owe } from './outbox.ts';
import { withStep } from './steps.ts';
import { hoursOf, tellAtMs } from './tell-at.ts';
import { actingEntered, countedFrom, nextRungOf } from './unanswered.ts';

/** When an incident that nobody sees to any more is told again. */
export interface TellingAgain {
  readonly tellAtMs: number;
  /** When those at the top are told once more, if nobody has answered by then either. */
  readonly thenAtMs: number;
}

/** At once and at any hour for an alarm, in the hours of its rule for what a rule found. */
export const tellingAgain = (
  { lane, rule }: Pick<Incident, 'lane' | 'rule'>,
  facility: KnownFacility,
  pack: RulePack,
  nowMs: number,
): TellingAgain => {
  const urgency = pack.rules[rule as RuleName]?.urgency ?? 'page';
  const at = (fromMs: number): number => tellAtMs(urgency, fromMs, hoursOf(facility, pack));
  const waitMs = lane === 'life-safety' ? pack.thresholds.answerWithinMs.value : topWaitMs(pack);
  return { tellAtMs: at(nowMs), thenAtMs: at(at(nowMs) + waitMs) };
};

/** How long the top of the ladder waits for the level below it. */
const topWaitMs = ({ ladder }: RulePack): number =>
  (ladder.at(-1)?.afterMs.value ?? 0) - (ladder.at(-2)?.afterMs.value ?? 0);

/**
 * An answer that nothing followed holds no longer: the incident is open again, whoever has to act is told so, and the
 * rungs that were not entered count from now. One that was answered before answers could expire never does.
 */
export const expireAnswer = (incident: Incident, nowMs: number, again: TellingAgain): Decision => {
  if (incident.state !== 'answered') return nothing(incident, incident.state);
  if (incident.answerUntilMs === undefined) return nothing(incident, 'holds-for-good');
  if (nowMs < incident.answerUntilMs) return nothing(incident, 'holds-still');
  const { answeredBy: _by, answeredAtMs: _at, answerUntilMs: _until, ...rest } = incident;
  const open = withStep({ ...rest, state: 'open' }, nowMs, 'answer-expired', 'watch', 'nothing-followed');
  return save(told(withNextRung(open, again), again, nowMs), 'answer-expired');
};

/** Departments for which a notice is owed anyway are told by that one. A part of a storm is told of by its parent. */
const told = (incident: Incident, { tellAtMs }: TellingAgain, nowMs: number): Incident => {
  const owed = incident.outbox.filter(({ kind }) => kind !== 'recovered').map(({ recipient }) => recipient.department);
  const untold = actingEntered(incident).filter(({ recipient }) => !owed.includes(recipient.department));
  return isToldByStorm(incident)
    ? withStep(incident, nowMs, 'no-notice', 'watch', `told-by-storm ${incident.storm}`)
    : owe(incident, untold, 'expired', tellAtMs, nowMs);
};

const withNextRung = (incident: Incident, { tellAtMs, thenAtMs }: TellingAgain): Incident => {
  if (nextRungOf(incident) !== -1) return countedFrom(incident, tellAtMs);
  const top = incident.ladder.findLast(({ recipients }) => recipients.some(({ duty }) => duty === 'act'));
  if (top === undefined) return incident;
  const acting = top.recipients.filter(({ duty }) => duty === 'act');
  const ladder: readonly Rung[] = [...incident.ladder, { level: top.level, dueAtMs: thenAtMs, recipients: acting }];
  const isTooMuch = ladder.length > MOST_RUNGS || JSON.stringify(ladder).length > LARGEST_LADDER_BYTES;
  return isTooMuch ? incident : { ...incident, ladder };
};
