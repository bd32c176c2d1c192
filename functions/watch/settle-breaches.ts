import type { EndedBreach } from '../../shared/domain/ended-breaches.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { type Incident, technicalIncidentId } from '../../shared/domain/incident.ts';
import type { Decision } from '../../shared/domain/incidents/decision.ts';
import { calmFromMs, closeBySweep, endBreach } from '../../shared/domain/incidents/end.ts';
import { incidentOf, incidentOfEnded, join } from '../../shared/domain/incidents/join.ts';
import { type Found, openEnded, openTechnical } from '../../shared/domain/incidents/open.ts';
import { claimDue, dueNotices } from '../../shared/domain/incidents/outbox.ts';
import { hoursOf, tellAtMs } from '../../shared/domain/incidents/tell-at.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { type RuleName, showsNothing, type Verdict } from '../../shared/domain/verdict.ts';
import { holdBack } from '../../shared/domain/windows/mutes.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import type { Sweep } from './dependencies.ts';
import { activeMute } from './held-back.ts';
import { publishClaimed } from './tend-incident.ts';

/** One facility as it was looked at. `nowMs` was taken before its rows were read, and nothing is judged later than it. */
export interface Look {
  readonly facility: Facility;
  readonly pack: RulePack;
  readonly nowMs: number;
  /** Its live technical incidents, read strongly; kept up to date as breaches are settled. */
  readonly live: Incident[];
}

type About = Pick<Verdict, 'rule' | 'subject'>;

const isAbout = (a: About | Incident, b: About): boolean => a.rule === b.rule && a.subject === b.subject;

/** A look older than what happened meanwhile settles nothing: the marks stay and the next sweep looks again. */
type Settled = 'settled' | 'looked-too-early';

/**
 * Every breach gets its incident, by time, as if a sweep had run at each instant: first those that are over, then what
 * holds now. Answers whether the marks that brought them may go.
 */
export const settleBreaches = async (
  sweep: Sweep,
  look: Look,
  ended: readonly EndedBreach[],
  verdicts: readonly Verdict[],
): Promise<Settled> => {
  const outcomes: Settled[] = [];
  for (const breach of ended) outcomes.push(await settleEnded(sweep, look, breach, verdicts));
  for (const verdict of verdicts) outcomes.push(await settleVerdict(sweep, look, verdict));
  await closeGone(sweep, look, verdicts);
  return outcomes.includes('looked-too-early') ? 'looked-too-early' : 'settled';
};

const idOf = ({ facility }: Look, { rule, subject, sinceMs }: { rule: RuleName; subject: string; sinceMs: number }) =>
  technicalIncidentId(facility.id, rule, subject, sinceMs);

const flapMsOf = ({ pack }: Look): number => pack.thresholds.flapMs.value;

/** When those who were told of a rule's incident may hear that it recovered. */
const recoveredAtMs = (look: Look, rule: RuleName, incident: Incident, endedAtMs: number): number => {
  const { pack, facility, nowMs } = look;
  const calmMs = calmFromMs(incident, endedAtMs, nowMs, flapMsOf(look));
  return tellAtMs(pack.rules[rule].urgency, calmMs, hoursOf(facility, pack));
};

const endedBy = (look: Look, read: Incident, breach: EndedBreach): Decision =>
  endBreach(read, breach, look.nowMs, recoveredAtMs(look, breach.rule, read, breach.endedAtMs));

const settleEnded = async (
  sweep: Sweep,
  look: Look,
  breach: EndedBreach,
  verdicts: readonly Verdict[],
): Promise<Settled> => {
  const match = incidentOfEnded(breach, idOf(look, breach), look.live, flapMsOf(look));
  if (turnedUnknown(breach, verdicts)) {
    // Not knowing ends nothing: what a sweep at its time would have opened is opened, and stays open.
    return match === undefined ? meetFound(sweep, look, foundOf(breach)) : 'settled';
  }
  if (match === undefined) return openOver(sweep, look, breach);
  return change(sweep, look, match.id, (read) => endedBy(look, read, breach));
};

const foundOf = ({ rule, subject, reason, sinceMs }: EndedBreach): Found => ({
  rule,
  subject,
  reason,
  sinceMs,
  finding: 'breached',
});

const turnedUnknown = (breach: EndedBreach, verdicts: readonly Verdict[]): boolean =>
  verdicts.some(
    (verdict) => isAbout(verdict, breach) && verdict.state === 'unknown' && verdict.sinceMs <= breach.endedAtMs,
  );

const openOver = async (sweep: Sweep, look: Look, breach: EndedBreach): Promise<Settled> => {
  const id = idOf(look, breach);
  if ((await sweep.records.readArchived(look.facility.id, id)) !== undefined) return 'settled';
  const incident = openEnded(breach, look.facility, look.pack, look.nowMs);
  // Dying before this put: the gap and its mark are there, the next sweep opens it. After: it finds it there.
  const isOurs = await sweep.incidents.putIfAbsent(incident);
  if (isOurs) {
    look.live.push(incident);
    sweep.counts.incidentsOpened += 1;
    return 'settled';
  }
  return change(sweep, look, id, (read) => endedBy(look, read, breach));
};

const settleVerdict = async (sweep: Sweep, look: Look, verdict: Verdict): Promise<Settled> => {
  switch (verdict.state) {
    case 'breached':
      return meetFound(sweep, look, { ...about(verdict), finding: 'breached', sinceMs: verdict.sinceMs });
    case 'unknown': {
      const sinceMs = verdict.sinceMs + look.pack.rules[verdict.rule].unknownAfterMs.value;
      const found: Found = { ...about(verdict), finding: 'not-shown', sinceMs };
      return look.nowMs < sinceMs ? 'settled' : meetFound(sweep, look, found);
    }
    default:
      if (showsNothing(verdict)) return 'settled';
      return close(sweep, look, verdict, verdict.state === 'met' ? 'met-again' : 'not-applicable');
  }
};

const about = ({ rule, subject, reason }: Verdict) => ({ rule, subject, reason });

const meetFound = async (sweep: Sweep, look: Look, found: Found): Promise<Settled> => {
  const id = idOf(look, found);
  const match = incidentOf(found, id, look.live, flapMsOf(look));
  if (match === undefined) return openFound(sweep, look, found, id);
  return change(sweep, look, match.id, (read) => join(read, found, look.facility, look.pack, look.nowMs));
};

const openFound = async (sweep: Sweep, look: Look, found: Found, id: string): Promise<Settled> => {
  const { facility, pack, nowMs } = look;
  const kept = await sweep.records.readArchived(facility.id, id);
  const fresh = kept === undefined ? openTechnical(found, facility, pack, nowMs) : revived(kept, found, look);
  if (fresh === undefined) return 'looked-too-early';
  const mute = dueNotices(fresh, nowMs).length === 0 ? undefined : await activeMute(sweep, fresh, nowMs);
  const { incident, claimed } = claimDue(mute === undefined ? fresh : holdBack(fresh, mute, nowMs), nowMs);
  // Dying before this put: the breach is found again by the next sweep. After: the incident owes its notices.
  if (await sweep.incidents.putIfAbsent(incident)) {
    look.live.push(incident);
    sweep.counts.incidentsOpened += 1;
    await publishClaimed(sweep, incident, claimed, look);
    return 'settled';
  }
  return change(sweep, look, id, (read) => join(read, found, facility, pack, nowMs));
};

/** A breach whose incident was archived as no longer applicable applies again: the same incident, with its history. */
const revived = (kept: Incident, found: Found, { facility, pack, nowMs }: Look): Incident | undefined => {
  const decision = join(kept, found, facility, pack, nowMs);
  return decision.does === 'save' ? { ...decision.incident, revision: kept.revision + 1 } : undefined;
};

const close = async (
  sweep: Sweep,
  look: Look,
  subject: About,
  reason: 'met-again' | 'not-applicable',
): Promise<Settled> => {
  const { nowMs } = look;
  for (const incident of look.live.filter((one) => isAbout(one, subject) && one.state !== 'closed')) {
    await change(sweep, look, incident.id, (read) =>
      closeBySweep(read, reason, nowMs, nowMs, recoveredAtMs(look, subject.rule, read, nowMs)),
    );
  }
  return 'settled';
};

/** A subject that no verdict names any more was taken out of the registry. */
const closeGone = async (sweep: Sweep, look: Look, verdicts: readonly Verdict[]): Promise<void> => {
  const gone = look.live.filter(
    (incident) => incident.state !== 'closed' && !verdicts.some((verdict) => isAbout(incident, verdict)),
  );
  for (const { rule, subject } of gone) {
    if (rule !== 'alarm' && rule !== 'registration' && rule !== 'storm')
      await close(sweep, look, { rule, subject }, 'not-applicable');
  }
};

/** Decides about a live incident and keeps the look's copy in step. */
const change = async (sweep: Sweep, look: Look, id: string, decide: (read: Incident) => Decision): Promise<Settled> => {
  const changed = await changeIncident(sweep, id, decide);
  // Gone in between: another sweep archived it, so that it is settled; the next look says whether anything is left.
  if (changed === undefined) return 'looked-too-early';
  const at = look.live.findIndex((one) => one.id === id);
  if (changed.saved && changed.incident.state === 'closed') sweep.counts.incidentsClosed += 1;
  if (at === -1) look.live.push(changed.incident);
  else look.live[at] = changed.incident;
  return changed.reason === 'looked-too-early' ? 'looked-too-early' : 'settled';
};
