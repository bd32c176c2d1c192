import type { CloseReason, FalseAlarmCode, Incident } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { dropUntold } from './outbox.ts';
import { withStep } from './steps.ts';
import { broughtForward, lastEnteredOf, nextRungOf } from './unanswered.ts';

/** For whom a person answers. */
export type AnsweringAs = 'officer' | 'facility';

/**
 * A person takes it on: it climbs no further as long as the answer holds. `by` is `<issuer>|<subject>`. The first answer
 * stands; the same person answering again is still on it. Only who has to act can stop the notices: what the head of
 * the nursery says of a life-safety incident is noted, and the departments are told again all the same.
 */
export const answer = (incident: Incident, by: string, nowMs: number, as: AnsweringAs = 'officer'): Decision => {
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  if (as === 'facility' && !facilityActs(incident)) return markSeen(incident, by, nowMs, 'facility-knows');
  if (incident.state === 'answered' && incident.answeredBy === by) return renew(incident, by, nowMs);
  if (incident.state === 'answered' && holds(incident, nowMs)) return nothing(incident, 'answered-by-another');
  const { answerUntilMs: _past, ...rest } = incident;
  const answered = withStep(rest, nowMs, 'answered', by, 'answered');
  const until = incident.answerHoldsMs === undefined ? {} : { answerUntilMs: nowMs + incident.answerHoldsMs };
  return save({ ...answered, state: 'answered', answeredBy: by, answeredAtMs: nowMs, ...until }, 'answered');
};

/** A test asks the facility alone; every other alarm that is about life asks the departments. */
const facilityActs = ({ lane, ladder }: Incident): boolean =>
  lane === 'technical' ||
  ladder.some(({ recipients }) =>
    recipients.some(({ department, duty }) => department === 'facility' && duty === 'act'),
  );

/** One that ran out and was not swept yet holds no longer. */
const holds = ({ answerUntilMs }: Incident, nowMs: number): boolean =>
  answerUntilMs === undefined || nowMs < answerUntilMs;

const renew = (incident: Incident, by: string, nowMs: number): Decision => {
  const { answerHoldsMs, answerUntilMs } = incident;
  if (answerHoldsMs === undefined || answerUntilMs === undefined || nowMs + answerHoldsMs <= answerUntilMs) {
    return nothing(incident, 'answered-already');
  }
  const noted = withStep(incident, nowMs, 'answered', by, 'still-on-it');
  return save({ ...noted, answerUntilMs: nowMs + answerHoldsMs }, 'still-on-it');
};

const didSo = ({ steps }: Incident, kind: 'seen' | 'passed-on', by: string, sinceMs: number): boolean =>
  steps.some((step) => step.kind === kind && step.by === by && step.atMs >= sinceMs);

/** A person knows of it. Nothing stops. */
export const markSeen = (incident: Incident, by: string, nowMs: number, reason = 'seen'): Decision => {
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  if (didSo(incident, 'seen', by, Number.NEGATIVE_INFINITY)) return nothing(incident, 'seen-already');
  return save(withStep(incident, nowMs, 'seen', by, reason), 'seen');
};

/**
 * A recipient cannot see to it: the next rung, or of life safety the next repeat, is due now. Who had answered gives it
 * back. What somebody says of a rung above which it has climbed already changes nothing more.
 *
 * @param rung the rung of the notice that is passed on; absent = the highest that was entered
 */
export const passOn = (incident: Incident, by: string, nowMs: number, rung = lastEnteredOf(incident)): Decision => {
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  const isOwn = incident.state === 'answered' && incident.answeredBy === by;
  const enteredAtMs = incident.ladder[lastEnteredOf(incident)]?.enteredAtMs ?? incident.openedAtMs;
  if (!isOwn && didSo(incident, 'passed-on', by, enteredAtMs)) return nothing(incident, 'passed-on-already');
  const free = isOwn ? givenBack(incident) : incident;
  if (free.state === 'answered') return noted(free, by, nowMs, 'answered-by-another');
  if (rung < lastEnteredOf(free)) return noted(free, by, nowMs, 'climbed-already');
  const next = free.ladder[nextRungOf(free)];
  if (next === undefined) return noted(free, by, nowMs, 'top-reached');
  return noted({ ...free, ladder: broughtForward(free.ladder, nowMs) }, by, nowMs, `next ${next.level}`);
};

const noted = (incident: Incident, by: string, nowMs: number, reason: string): Decision =>
  save(withStep(incident, nowMs, 'passed-on', by, reason), 'passed-on');

const givenBack = (incident: Incident): Incident => {
  const { answeredBy: _by, answeredAtMs: _at, answerUntilMs: _until, ...rest } = incident;
  return { ...rest, state: 'open' };
};

/**
 * Somebody on site calls an alarm false. It closes nothing and stops no notice: an officer decides. A later code of the
 * same or another person stands in the place of the first; the timeline has both.
 */
export const markFalseAlarm = (incident: Incident, by: string, code: FalseAlarmCode, nowMs: number): Decision => {
  if (incident.alarm === undefined) return nothing(incident, 'no-alarm');
  if (incident.state === 'closed') return nothing(incident, 'closed-already');
  if (incident.falseAlarm?.by === by && incident.falseAlarm.code === code) return nothing(incident, 'marked-already');
  const marked = withStep(incident, nowMs, 'marked-false', by, code);
  return save({ ...marked, falseAlarm: { by, atMs: nowMs, code } }, 'marked-false');
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
