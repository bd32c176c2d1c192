import { testOf } from '../device-test.ts';
import { checksSinceMs } from '../duty.ts';
import type { Facility } from '../facility.ts';
import type { DutyTerms, RulePack } from '../rule-pack.ts';
import { NOT_YET_DUE, type Verdict } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

/**
 * Every periodic duty of the pack: a log that it was done, a paper that has not expired, a plan that was reviewed. It is
 * owed one interval after the later of its last proof and the beginning of the duty: what was never done is not due yet
 * until that first interval is over; a paper or plan that was never there is owed sooner. A duty that is only encouraged is shown, and never breached.
 */
export const judgeDutyOverdue = (
  row: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly Verdict[] =>
  Object.values(pack.duties).flatMap((duty) =>
    duty === deviceDutyOf(pack) && (facility.devices ?? []).length > 0
      ? judgeDevices(duty, row, facility, pack, nowMs)
      : [judgeDuty(duty, row, facility, pack, nowMs)],
  );

/** The duty to test the security devices; absent = the pack asks for no such test. */
export const deviceDutyOf = (pack: RulePack): DutyTerms | undefined =>
  Object.values(pack.duties).find(({ proof }) => 'log' in proof && proof.log === 'device-test');

/** Where there is an inventory, each device owes its own test: the test of one shows nothing of the others. */
const judgeDevices = (
  duty: DutyTerms,
  row: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly Verdict[] => {
  const about = { rule: 'duty-overdue', subject: `duty/${duty.id}`, state: 'not-applicable' } as const;
  if (isOfOtherKind(duty, facility)) return [{ ...about, reason: 'other-kind' }];
  const devices = (facility.devices ?? []).map((device): Verdict => {
    const sinceMs = Math.max(checksSinceMs(facility), device.registeredAtMs ?? 0);
    const shown = doneAt(testOf(row.testedAtMs, device.id));
    const owed = { ...owedOf(duty, shown, sinceMs, pack), reason: 'device-untested' };
    return judgeOwed(`device/${device.id}`, duty, shown, owed, pack, nowMs);
  });
  return [{ ...about, reason: 'each-device' }, ...devices];
};

/** One duty of the pack. */
export const judgeDuty = (
  duty: DutyTerms,
  row: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const subject = `duty/${duty.id}`;
  if (isOfOtherKind(duty, facility)) {
    return { rule: 'duty-overdue', subject, state: 'not-applicable', reason: 'other-kind' };
  }
  const shown = proofOf(duty, row, facility, nowMs);
  return judgeOwed(subject, duty, shown, owedOf(duty, shown, checksSinceMs(facility), pack), pack, nowMs);
};

const isOfOtherKind = ({ kinds }: DutyTerms, { kind }: Facility): boolean =>
  kinds !== undefined && !kinds.includes(kind);

const judgeOwed = (
  subject: string,
  duty: DutyTerms,
  shown: Proof,
  owed: Owed,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: 'duty-overdue', subject } as const;
  const breachAtMs = owed.atMs + pack.rules['duty-overdue'].breachAfterMs.value;
  const isOver = nowMs >= breachAtMs;
  if (pack.citations[duty.source]?.standing === 'encouraged') {
    return shown.is === 'none' || isOver
      ? { ...about, state: 'not-applicable', reason: 'encouraged' }
      : { ...about, state: 'met', reason: 'shown', ...dueAt(breachAtMs) };
  }
  if (isOver) return { ...about, state: 'breached', reason: owed.reason, sinceMs: breachAtMs };
  return shown.is === 'none'
    ? { ...about, state: 'met', reason: NOT_YET_DUE, ...dueAt(breachAtMs) }
    : { ...about, state: 'met', reason: 'shown', ...dueAt(breachAtMs) };
};

/** `done` was done at an instant and is due again; `valid` stands until an instant, whatever the interval. */
type Proof =
  | { readonly is: 'none' }
  | { readonly is: 'done'; readonly atMs: number }
  | { readonly is: 'valid'; readonly untilMs: number };

const proofOf = ({ proof }: DutyTerms, row: FacilityVitals, facility: Facility, nowMs: number): Proof => {
  if ('log' in proof) return doneAt(row.doneAtMs?.[proof.log]);
  if ('plan' in proof) {
    // A review that lies in the future is planned, not done.
    const reviewed = (facility.plans ?? []).filter((one) => one.hazard === proof.plan && one.reviewedAtMs <= nowMs);
    return doneAt(latest(reviewed.map((one) => one.reviewedAtMs)));
  }
  const papers = (facility.papers ?? []).filter((one) => one.kind === proof.paper);
  const untilMs = latest(papers.map((one) => one.expiresAtMs ?? Number.POSITIVE_INFINITY));
  return untilMs === undefined ? { is: 'none' } : { is: 'valid', untilMs };
};

const doneAt = (atMs: number | undefined): Proof => (atMs === undefined ? { is: 'none' } : { is: 'done', atMs });

const latest = (instants: readonly number[]): number | undefined =>
  instants.length === 0 ? undefined : Math.max(...instants);

const overdueReasons = { log: 'overdue', paper: 'paper-expired', plan: 'plan-old' } as const;
const missingReasons = { log: 'never-shown', paper: 'never-shown', plan: 'plan-missing' } as const;

/** From when on the duty is not met, if nothing more is shown, and how that is called. */
interface Owed {
  readonly atMs: number;
  readonly reason: string;
}

/**
 * What has to be done now and then is owed first when its interval is over. A paper or a plan has to be there: it is owed
 * as soon as there was time to hand it in, for which the rule's `unknownAfterMs` stands.
 */
const firstOwedAfterMs = ({ proof, everyMs }: DutyTerms, pack: RulePack): number =>
  'log' in proof ? everyMs.value : Math.min(everyMs.value, pack.rules['duty-overdue'].unknownAfterMs.value);

const owedOf = (duty: DutyTerms, shown: Proof, sinceMs: number, pack: RulePack): Owed => {
  const { proof, everyMs } = duty;
  const by = 'log' in proof ? 'log' : 'paper' in proof ? 'paper' : 'plan';
  // A paper that had expired before the duty began is owed from its beginning.
  if (shown.is === 'valid') return { atMs: Math.max(shown.untilMs, sinceMs), reason: overdueReasons[by] };
  if (shown.is === 'none') return { atMs: sinceMs + firstOwedAfterMs(duty, pack), reason: missingReasons[by] };
  return { atMs: Math.max(shown.atMs, sinceMs) + everyMs.value, reason: overdueReasons[by] };
};

/** A paper without an end is due never. */
const dueAt = (atMs: number): { readonly dueAtMs?: number } => (Number.isFinite(atMs) ? { dueAtMs: atMs } : {});
