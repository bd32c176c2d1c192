import type { Incident } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { owedOf } from './ladder.ts';
import { owe } from './outbox.ts';
import { withStep } from './steps.ts';

/**
 * Enters the next rung that is due while nobody has answered: one at a time, and not before those below were told (or
 * tried), so that after a pause of ours each level still has a sweep's time before the next one hears of it.
 */
export const climb = (incident: Incident, nowMs: number): Decision => {
  if (incident.state !== 'open') return nothing(incident, incident.state);
  const index = incident.ladder.findIndex((rung) => rung.enteredAtMs === undefined);
  const rung = incident.ladder[index];
  if (rung === undefined) return nothing(incident, 'top-reached');
  if (nowMs < rung.dueAtMs) return nothing(incident, 'not-due');
  if (incident.outbox.some((pending) => pending.rung < index && pending.attempts === 0)) {
    return nothing(incident, 'not-told-below');
  }
  const ladder = incident.ladder.map((one, at) => (at === index ? { ...one, enteredAtMs: nowMs } : one));
  const climbed = withStep({ ...incident, ladder }, nowMs, 'climbed', 'watch', `no-answer ${index} ${rung.level}`);
  return save(owe(climbed, owedOf(ladder, index), 'climbed', nowMs, nowMs), 'no-answer');
};
