import { CANARY, type Incident, type PublishedNotice } from '../incident.ts';
import { nextStepOf } from '../incidents/next-step.ts';
import { publishedNoticeId } from '../incidents/outbox.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time.ts';
import type { LedgerEntry } from './delivery.ts';

/*
 * Is the escalation itself on time? Judged from what is stored, by nobody who takes part in it: whoever forgot a step
 * would forget to report it too.
 */

/** A step is done by the sweep after it was due; two missed sweeps and a half are too many. */
export const LATE_AFTER_MS = 150 * SECOND_MS;
/** A notice that was tried this often and is still owed is stuck, though each try was on time. */
const STUCK_ATTEMPTS = 4;
/** SNS passes a notice on within seconds; the ledger hears of everything. */
const PASSED_ON_WITHIN_MS = 3 * MINUTE_MS;
/** Older ones were looked at when they were young. */
const PASSED_ON_LOOKBACK_MS = HOUR_MS;
/** A person of an acting department must have had a life-safety notice on some channel by then. */
const DELIVERED_WITHIN_MS = 5 * MINUTE_MS;

export type LateWhat = 'step-late' | 'notice-stuck' | 'not-passed-on' | 'not-delivered';

export interface Late {
  readonly incidentId: string;
  readonly what: LateWhat;
  readonly detail: string;
}

/** What of one live incident is late. `ledger`: what the ledger has of it, if `needsLedger` asked for it. */
export const lateOf = (incident: Incident, ledger: readonly LedgerEntry[], nowMs: number): readonly Late[] => {
  const late = (what: LateWhat, detail: string): Late => ({ incidentId: incident.id, what, detail });
  const next = nextStepOf(incident);
  const steps = next !== undefined && nowMs - next.dueAtMs > LATE_AFTER_MS ? [late('step-late', next.what)] : [];
  const stuck = incident.outbox
    .filter(({ attempts }) => attempts >= STUCK_ATTEMPTS)
    .map(({ recipient, kind }) => late('notice-stuck', `${kind}:${recipient.department}`));
  const passedOn = new Set(ledger.map(({ noticeId }) => noticeId));
  const lost = recentlyPublished(incident, nowMs)
    .map((notice) => publishedNoticeId(incident.id, notice))
    .filter((id) => !passedOn.has(id))
    .map((id) => late('not-passed-on', id));
  const undelivered = mustBeDelivered(incident, nowMs).map(({ department, kind }) =>
    late('not-delivered', `${kind}:${department}`),
  );
  return [...steps, ...stuck, ...lost, ...undelivered];
};

const recentlyPublished = ({ published }: Incident, nowMs: number): readonly PublishedNotice[] =>
  published.filter(({ publishedAtMs }) => {
    const ageMs = nowMs - publishedAtMs;
    return ageMs > PASSED_ON_WITHIN_MS && ageMs <= PASSED_ON_LOOKBACK_MS;
  });

/** Whether the ledger must be asked about this incident at all. */
export const needsLedger = (incident: Incident, nowMs: number): boolean =>
  recentlyPublished(incident, nowMs).length > 0;

/**
 * Whoever had a later notice was told after all. Of whom nobody is on a roster the incident knows it already: that is
 * another finding.
 */
const mustBeDelivered = (incident: Incident, nowMs: number): readonly PublishedNotice[] => {
  if (incident.lane !== 'life-safety' || incident.state === 'closed' || incident.facilityId === CANARY) return [];
  const acting = new Set(
    incident.ladder.flatMap(({ recipients }) =>
      recipients.filter(({ duty }) => duty === 'act').map(({ department }) => department),
    ),
  );
  const lastDelivered = (department: string): number =>
    incident.published
      .filter((one) => one.department === department && one.deliveredAtMs !== undefined)
      .reduce((latest, one) => Math.max(latest, one.publishedAtMs), Number.NEGATIVE_INFINITY);
  return incident.published.filter(
    ({ department, publishedAtMs, deliveredAtMs }) =>
      acting.has(department) &&
      deliveredAtMs === undefined &&
      nowMs - publishedAtMs > DELIVERED_WITHIN_MS &&
      publishedAtMs > lastDelivered(department) &&
      !(incident.unreachable ?? []).includes(department),
  );
};

/** Signs of life of our own parts, by name. */
export type Beats = ReadonlyMap<string, { readonly atMs: number; readonly value?: number }>;

/** The sweep comes every minute. */
const SWEEP_WITHIN_MS = 3 * MINUTE_MS;
/** The canary is rung every five minutes; one may be missed. */
export const CANARY_EVERY_MS = 5 * MINUTE_MS;
const RUNG_WITHIN_MS = 2 * CANARY_EVERY_MS + MINUTE_MS;
/** How long one may be on its way. */
const ROUND_TRIP_WITHIN_MS = 2 * MINUTE_MS;

export type SystemFault = 'sweep-missing' | 'canary-not-rung' | 'canary-late';

/** What of our own parts shows no life. Never having shown any is a fault too: nothing was proved yet. */
export const systemFaults = (beats: Beats, nowMs: number): readonly SystemFault[] => {
  const ageOf = (name: string): number => nowMs - (beats.get(name)?.atMs ?? Number.NEGATIVE_INFINITY);
  const faults: SystemFault[] = [];
  if (ageOf('watch') > SWEEP_WITHIN_MS) faults.push('sweep-missing');
  if (ageOf('canary-rung') > RUNG_WITHIN_MS) faults.push('canary-not-rung');
  const isOnItsWay = ageOf('canary-rung') <= ROUND_TRIP_WITHIN_MS;
  const lateFrom = isOnItsWay ? CANARY_EVERY_MS + ROUND_TRIP_WITHIN_MS : ageOf('canary-rung');
  if (ageOf('canary-delivered') > lateFrom) faults.push('canary-late');
  return faults;
};
