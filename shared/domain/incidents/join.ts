import type { EndedBreach } from '../ended-breaches.ts';
import type { Incident, Rung } from '../incident.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Decision, nothing, save } from './decision.ts';
import { type KnownFacility, owedOf } from './ladder.ts';
import type { Found } from './open.ts';
import { dropUntold, type Owed, owe, toldOf } from './outbox.ts';
import { lastMovedAtMs, withStep } from './steps.ts';
import { hoursOf, tellAtMs } from './tell-at.ts';

type About = Pick<Found, 'rule' | 'subject'>;

const isAbout = (incident: Incident, { rule, subject }: About): boolean =>
  incident.rule === rule && incident.subject === subject;

const endOf = (incident: Incident): number => incident.endedAtMs ?? incident.closedAtMs ?? Number.POSITIVE_INFINITY;

const youngestFirst = (a: Incident, b: Incident): number => b.sinceMs - a.sinceMs;

/**
 * The incident that a breach belongs to: the one of its very id, else an open one about the same, else one that ended
 * so shortly before that it counts as the same.
 */
export const incidentOf = (
  found: Found,
  id: string,
  live: readonly Incident[],
  flapMs: number,
): Incident | undefined => {
  const about = live.filter((incident) => isAbout(incident, found)).sort(youngestFirst);
  return (
    about.find((incident) => incident.id === id) ??
    about.find((incident) => incident.state !== 'closed') ??
    about.find((incident) => found.sinceMs - endOf(incident) <= flapMs)
  );
};

/**
 * The incident that a breach which is over belongs to: the one of its very id, else one it was part of, having begun
 * while that one went on or within the flap time after it.
 */
export const incidentOfEnded = (
  breach: EndedBreach,
  id: string,
  live: readonly Incident[],
  flapMs: number,
): Incident | undefined => {
  const about = live.filter((incident) => isAbout(incident, breach)).sort(youngestFirst);
  const wasPartOf = (incident: Incident): boolean =>
    breach.endedAtMs > incident.sinceMs &&
    (breach.endedAtMs <= (incident.settledToMs ?? Number.NEGATIVE_INFINITY) ||
      breach.sinceMs - endOf(incident) <= flapMs);
  return about.find((incident) => incident.id === id) ?? about.find(wasPartOf);
};

/**
 * A breach meets the incident it belongs to: nothing new, or worse than was known, or back again. A look that is older
 * than the incident's last step (a slow sweep) changes nothing.
 */
export const join = (
  incident: Incident,
  found: Found,
  facility: KnownFacility,
  pack: RulePack,
  nowMs: number,
): Decision => {
  if (nowMs < lastMovedAtMs(incident)) return nothing(incident, 'looked-too-early');
  if (incident.state === 'closed') return reopen(incident, found, facility, pack, nowMs);
  if (incident.finding === 'not-shown' && found.finding === 'breached') {
    return worsen(incident, found, facility, pack, nowMs);
  }
  return nothing(incident, 'open-already');
};

const worsen = (incident: Incident, found: Found, facility: KnownFacility, pack: RulePack, nowMs: number): Decision => {
  const tellAt = tellAtMs(pack.rules[found.rule].urgency, nowMs, hoursOf(facility, pack));
  const worse = { ...incident, finding: found.finding, reason: found.reason };
  const noted = withStep(worse, nowMs, 'worsened', 'watch', found.reason);
  return save(owe(noted, toldOf(incident), 'worsened', tellAt, nowMs), 'worsened');
};

/**
 * It is back within the flap time, or a person closed what is still so. It is told after the rule's own time again, so
 * that a box that comes and goes does not ring with each turn; the rungs not yet entered count from now.
 */
const reopen = (incident: Incident, found: Found, facility: KnownFacility, pack: RulePack, nowMs: number): Decision => {
  const reason = incident.endedAtMs === undefined ? 'still-so-after-closing' : 'back-again';
  const {
    answeredBy: _by,
    answeredAtMs: _at,
    closedAtMs: _closed,
    closeReason: _why,
    endedAtMs: _end,
    ...rest
  } = incident;
  const terms = pack.rules[found.rule];
  const tellAt = tellAtMs(terms.urgency, nowMs + terms.tellAfterMs.value, hoursOf(facility, pack));
  const open: Incident = {
    ...rest,
    state: 'open',
    finding: found.finding,
    reason: found.reason,
    ladder: countedFrom(incident.ladder, tellAt),
  };
  const noted = withStep(open, nowMs, 'reopened', 'watch', reason);
  const quiet = dropUntold(noted, (pending) => pending.kind === 'recovered', nowMs, 'watch', 'back-before-told');
  return save(owe(quiet, everTold(incident), 'reopened', tellAt, nowMs), reason);
};

/** Those who ever heard of it, else the first rung. */
const everTold = (incident: Incident): readonly Owed[] => {
  const told = new Set([
    ...incident.published.map(({ department }) => department),
    ...incident.outbox.filter(({ attempts }) => attempts > 0).map(({ recipient }) => recipient.department),
  ]);
  const entered = incident.ladder.flatMap((rung, index) =>
    rung.enteredAtMs === undefined ? [] : owedOf(incident.ladder, index),
  );
  const each = entered.filter(
    ({ recipient }, at) => entered.findIndex((one) => one.recipient.department === recipient.department) === at,
  );
  const heard = each.filter(({ recipient }) => told.has(recipient.department));
  return heard.length > 0 ? heard : owedOf(incident.ladder, 0);
};

/** Moves the rungs that were not entered so that they count from a telling at `tellAt`. */
const countedFrom = (ladder: readonly Rung[], tellAt: number): readonly Rung[] => {
  const last = ladder.findLast((rung) => rung.enteredAtMs !== undefined)?.dueAtMs ?? tellAt;
  return ladder.map((rung) =>
    rung.enteredAtMs === undefined ? { ...rung, dueAtMs: tellAt + Math.max(0, rung.dueAtMs - last) } : rung,
  );
};
