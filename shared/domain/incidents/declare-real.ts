import { type Incident, MOST_RUNGS, type Rung } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { MOST_REPEATS } from './ladder.ts';
import { owe } from './outbox.ts';
import { withStep } from './steps.ts';
import { actingEntered, countedFrom } from './unanswered.ts';
import { withhold } from './withhold.ts';

/**
 * A drill turns out to be real: it is a drill no more, nobody has answered it, and everybody who was told of the drill
 * is told so at once. One that was closed as a drill is open again. Then the acting departments are told again as of any
 * alarm, until one has answered.
 *
 * @param answerWithinMs how long an acting department has to answer
 */
export const declareReal = (incident: Incident, by: string, nowMs: number, answerWithinMs: number): Decision => {
  if (incident.drill === undefined) return nothing(incident, incident.alarm ? 'real-already' : 'no-alarm');
  const {
    drill,
    answeredBy: _by,
    answeredAtMs: _at,
    answerUntilMs: _until,
    closedAtMs: _closed,
    closeReason: _reason,
    endedAtMs: _ended,
    settledToMs: _settled,
    ...rest
  } = incident;
  const real = withStep({ ...rest, state: 'open' }, nowMs, 'declared-real', by, `drill ${drill.window}`);
  const told = owe(real, everybody(real), 'worsened', nowMs, nowMs);
  return save(withRepeats(told, nowMs, answerWithinMs), 'declared-real');
};

/**
 * A notice of the drill that is still on its way when it has turned out to be real is not sent: it would call an exercise
 * what is none, after its people heard that it is real. Saving says so; nothing = it is a drill still, or was noted.
 */
export const withholdDrillNotice = (incident: Incident, noticeId: string, nowMs: number): Decision => {
  if (incident.drill !== undefined) return nothing(incident, 'drill-still');
  return withhold(incident, noticeId, 'declared-real', nowMs);
};

/** Each department of the rungs that were entered, once. */
const everybody = ({ ladder }: Incident) => {
  const all = ladder.flatMap((one, rung) =>
    one.enteredAtMs === undefined ? [] : one.recipients.map((recipient) => ({ rung, recipient })),
  );
  return all.filter(
    ({ recipient }, at) => all.findIndex((one) => one.recipient.department === recipient.department) === at,
  );
};

/** The rungs that are left count from now; what the drill has used up of the repeats is there again. */
const withRepeats = (incident: Incident, nowMs: number, waitMs: number): Incident => {
  const { ladder, ...rest } = countedFrom(incident, nowMs);
  const waiting = ladder.filter(({ enteredAtMs }) => enteredAtMs === undefined);
  const lastMs = Math.max(nowMs, ...waiting.map(({ dueAtMs }) => dueAtMs));
  const recipients = actingEntered(incident).map(({ recipient }) => recipient);
  const level = ladder.at(-1)?.level ?? 'city';
  const again = Array.from(
    { length: Math.max(0, MOST_REPEATS - waiting.length) },
    (_, index): Rung => ({ level, dueAtMs: lastMs + (index + 1) * waitMs, recipients }),
  );
  return { ...rest, ladder: [...ladder, ...again].slice(0, Math.max(ladder.length, MOST_RUNGS)) };
};
