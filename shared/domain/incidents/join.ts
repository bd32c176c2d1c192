import type { EndedBreach } from '../ended-breaches.ts';
import type { Incident } from '../incident.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Decision, nothing, save } from './decision.ts';
import { type KnownFacility, owedOf } from './ladder.ts';
import type { Found } from './open.ts';
import { believersIfBack, believersOf, dropUntold, type Owed, owe, toldOf } from './outbox.ts';
import { lastMovedAtMs, withStep } from './steps.ts';
import { hoursOf, tellAtMs } from './tell-at.ts';
import { countedFrom } from './unanswered.ts';

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

/** So often within the flap time and never told: it is told at once, for else nobody would ever hear of it. */
const MOST_QUIET_TURNS = 3;

/**
 * It is back within the flap time, or a person closed what is still so. It is told after the rule's own time again, so
 * that a box that comes and goes does not ring with each turn; but who believes that it is still going on hears nothing
 * new, and where that is so of all who heard of it, it goes on as if it had never been away, with its answer and its
 * deadlines.
 */
const reopen = (incident: Incident, found: Found, facility: KnownFacility, pack: RulePack, nowMs: number): Decision => {
  const { closedAtMs: _closed, closeReason: _why, endedAtMs: _end, ...rest } = incident;
  const turns = (incident.turns ?? 0) + 1;
  const back = { ...rest, state: 'open' as const, turns, finding: found.finding, reason: found.reason };
  const isFlapping = turns >= MOST_QUIET_TURNS && incident.endedAtMs !== undefined && believersOf(back).length === 0;
  const reason = isFlapping ? 'flapping' : incident.endedAtMs === undefined ? 'still-so-after-closing' : 'back-again';
  const noted = withStep(back, nowMs, 'reopened', 'watch', reason);
  const quiet = dropUntold(noted, (pending) => pending.kind === 'recovered', nowMs, 'watch', 'back-before-told');
  const believers = believersIfBack(quiet, incident.closeReason);
  const [again, still] = partition(everTold(quiet), ({ recipient }) => !believers.includes(recipient.department));
  const unsaid = still.map(({ recipient }) => recipient.department).join(' ');
  const withheld =
    still.length === 0 ? quiet : withStep(quiet, nowMs, 'no-notice', 'watch', `believed-still: ${unsaid}`);
  if (again.length === 0) return save(goingOn(withheld, nowMs), reason);
  const terms = pack.rules[found.rule];
  const tellAfterMs = isFlapping ? 0 : terms.tellAfterMs.value;
  const tellAt = tellAtMs(terms.urgency, nowMs + tellAfterMs, hoursOf(facility, pack));
  return save(owe(countedFrom(unanswered(withheld), tellAt), again, 'reopened', tellAt, nowMs), reason);
};

const partition = <T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] => [
  all.filter(is),
  all.filter((one) => !is(one)),
];

const unanswered = (incident: Incident): Incident => {
  const { answeredBy: _by, answeredAtMs: _at, answerUntilMs: _until, ...rest } = incident;
  return rest;
};

/** An answer that still holds goes on with it. */
const goingOn = (incident: Incident, nowMs: number): Incident =>
  incident.answerUntilMs !== undefined && nowMs < incident.answerUntilMs
    ? { ...incident, state: 'answered' }
    : unanswered(incident);

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
