import type { CloseReason, Incident } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { dropUntold } from './outbox.ts';
import { withStep } from './steps.ts';

/** A person takes it on: it climbs no further. `by` is `<issuer>|<subject>`. The first answer stands. */
export const answer = (incident: Incident, by: string, nowMs: number): Decision => {
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  if (incident.state === 'answered') {
    return nothing(incident, incident.answeredBy === by ? 'answered-already' : 'answered-by-another');
  }
  const answered = withStep(incident, nowMs, 'answered', by, 'answered');
  return save({ ...answered, state: 'answered', answeredBy: by, answeredAtMs: nowMs }, 'answered');
};

/**
 * A person closes it. Life-safety notices that are still owed go out all the same. Of a technical incident nobody hears
 * any more who had not been told; if the breach goes on, the next sweep opens it again and says so.
 */
export const closeByPerson = (incident: Incident, by: string, reason: CloseReason, nowMs: number): Decision => {
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  const quiet =
    incident.lane === 'life-safety' ? incident : dropUntold(incident, () => true, nowMs, by, 'closed-before-told');
  const closed = withStep(quiet, nowMs, 'closed', by, reason);
  return save({ ...closed, state: 'closed', closedAtMs: nowMs, closeReason: reason }, reason);
};
