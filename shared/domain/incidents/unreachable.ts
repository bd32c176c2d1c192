import type { Incident } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { withStep } from './steps.ts';
import { broughtForward, isUnreached } from './unanswered.ts';

/**
 * Nobody could be told for a department (or `facility`) of a rung that was entered. Once that is so of all who would
 * have to act on a technical incident, waiting for them is waiting for nobody: the next rung is due now.
 */
export const markUnreachable = (incident: Incident, department: string, nowMs: number): Decision => {
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  const known = incident.unreachable ?? [];
  const isNew = !known.includes(department);
  const marked = isNew
    ? withStep(
        { ...incident, unreachable: [...known, department] },
        nowMs,
        'unreachable',
        'deliver-notices',
        department,
      )
    : incident;
  const ladder = isUnreached(marked) ? broughtForward(marked.ladder, nowMs) : marked.ladder;
  if (!isNew && ladder === marked.ladder) return nothing(incident, 'unreachable-already');
  return save({ ...marked, ladder }, 'unreachable');
};
