import { type Incident, isToldByStorm } from '../incident.ts';
import { noticeId } from './outbox.ts';
import { overAtMs } from './over.ts';
import { lastEnteredOf, nextRungOf } from './unanswered.ts';

/** What must happen to a live incident without anybody asking for it. */
export interface NextStep {
  readonly what: 'publish' | 'climb' | 'expire-answer' | 'close-over';
  readonly dueAtMs: number;
  /** Which notice, which rung, whose answer, which end. */
  readonly why: string;
}

/**
 * The one next thing that must happen to a live incident, and when. The sweep looks at an incident when this is due,
 * and whoever audits the sweep holds it against the same. Absent = it waits for a person, or for what it is about, or is
 * told of by the storm that it is part of.
 */
export const nextStepOf = (incident: Incident): NextStep | undefined =>
  [publishing(incident), expiring(incident), climbing(incident), closing(incident)]
    .filter((step) => step !== undefined)
    .sort((a, b) => a.dueAtMs - b.dueAtMs)[0];

const publishing = (incident: Incident): NextStep | undefined => {
  const { id, outbox } = incident;
  const [first] = isToldByStorm(incident) ? [] : [...outbox].sort((a, b) => a.dueAtMs - b.dueAtMs);
  return first && { what: 'publish', dueAtMs: first.dueAtMs, why: noticeId(id, first) };
};

const expiring = ({ state, answerUntilMs }: Incident): NextStep | undefined =>
  state !== 'answered' || answerUntilMs === undefined
    ? undefined
    : { what: 'expire-answer', dueAtMs: answerUntilMs, why: 'nothing-followed' };

/**
 * A rung is due at its instant, but never before the one below it was entered and those there were told: after a pause
 * of ours each level has its time. What is part of a storm is told of by its parent.
 */
const climbing = (incident: Incident): NextStep | undefined => {
  const index = nextRungOf(incident);
  const rung = incident.ladder[index];
  if (rung === undefined || incident.state !== 'open' || isToldByStorm(incident)) return undefined;
  const untold = incident.outbox.filter((pending) => pending.rung < index && pending.attempts === 0);
  const enteredAtMs = incident.ladder[lastEnteredOf(incident)]?.enteredAtMs ?? incident.openedAtMs;
  const dueAtMs = Math.max(rung.dueAtMs, enteredAtMs, ...untold.map((pending) => pending.dueAtMs));
  return { what: 'climb', dueAtMs, why: `${index} ${rung.level}` };
};

const closing = (incident: Incident): NextStep | undefined => {
  const dueAtMs = incident.outbox.length > 0 ? undefined : overAtMs(incident);
  return dueAtMs === undefined
    ? undefined
    : { what: 'close-over', dueAtMs, why: incident.alarm?.kind === 'test' ? 'test' : 'drill' };
};
