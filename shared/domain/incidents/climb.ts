import { type Incident, isToldByStorm } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { owedOf } from './ladder.ts';
import { owe } from './outbox.ts';
import { withStep } from './steps.ts';
import { broughtForward, isUnreached, nextRungOf } from './unanswered.ts';

/**
 * Enters the next rung that is due while nobody has answered: one at a time, and not before those below were told (or
 * tried), so that after a pause of ours each level still has a sweep's time before the next one hears of it.
 */
export const climb = (incident: Incident, nowMs: number): Decision => {
  if (incident.state !== 'open') return nothing(incident, incident.state);
  if (isToldByStorm(incident)) return nothing(incident, 'told-by-storm');
  const index = nextRungOf(incident);
  const rung = incident.ladder[index];
  if (rung === undefined) return nothing(incident, 'top-reached');
  if (nowMs < rung.dueAtMs) return nothing(incident, 'not-due');
  if (incident.outbox.some((pending) => pending.rung < index && pending.attempts === 0)) {
    return nothing(incident, 'not-told-below');
  }
  const entered = { ...incident, ladder: incident.ladder.with(index, { ...rung, enteredAtMs: nowMs }) };
  // Of those who act here nobody can be told either, as is known from a rung below: there is nobody to wait for.
  const ladder = isUnreached(entered) ? broughtForward(entered.ladder, nowMs) : entered.ladder;
  const climbed = withStep({ ...entered, ladder }, nowMs, 'climbed', 'watch', `no-answer ${index} ${rung.level}`);
  return save(owe(climbed, owedOf(ladder, index), 'climbed', nowMs, nowMs), 'no-answer');
};
