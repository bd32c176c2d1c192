import { dayStateOf } from './calendar.ts';
import { type KeptCheck, standingChecks, type Timeliness, timelinessOf } from './checks.ts';
import { instantOf } from './civil-day.ts';
import { dutySinceMs } from './duty.ts';
import type { Facility } from './facility.ts';
import type { CheckSession } from './reports.ts';
import type { RulePack } from './rule-pack.ts';
import { checkBy } from './rules/daily-check.ts';

/** What became of one check that a class may owe: of one session of one day. */
export type CheckState = Timeliness | 'missing' | 'not-due' | 'not-yet-due' | 'unknown';

/** One class, day and session. */
export interface CheckSlot {
  readonly day: string;
  readonly class: string;
  readonly session: CheckSession;
}

export interface JudgedSlot extends CheckSlot {
  readonly state: CheckState;
  readonly reason:
    | 'checked'
    | 'no-check-logged'
    | 'no-children'
    | 'closed-day'
    | 'before-duty'
    | 'facility-not-in-service'
    | 'time-not-over'
    | 'calendar-unknown'
    | 'class-not-registered';
  /** Absent where nothing is due. */
  readonly dueAtMs?: number;
  /** Arrival of the first. */
  readonly receivedMs?: number;
  /** By arrival; a correction beside what it corrects. */
  readonly checks: readonly (KeptCheck & { readonly timeliness: Timeliness; readonly stands: boolean })[];
}

const keyOf = ({ day, class: of, session }: CheckSlot): string => `${day} ${session} ${of}`;

/** The checks of each slot, by arrival. */
export const checksBySlot = (checks: readonly KeptCheck[]): ReadonlyMap<string, readonly KeptCheck[]> => {
  const bySlot = new Map<string, KeptCheck[]>();
  for (const check of [...checks].sort((a, b) => a.receivedMs - b.receivedMs || (a.report.id < b.report.id ? -1 : 1))) {
    const slot = keyOf(check.report);
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), check]);
  }
  return bySlot;
};

type Owed = Pick<JudgedSlot, 'state' | 'reason'> & { readonly dueAtMs?: number };

/** Did it take children then, as far as the state that it is in now tells? */
const wasInService = ({ state }: Facility, atMs: number): boolean => {
  switch (state.is) {
    case 'commissioning':
      return false;
    case 'in-service':
      return true;
    case 'suspended':
      return atMs < state.sinceMs || atMs >= state.untilMs;
    case 'closed':
      return atMs < state.sinceMs;
  }
};

/** What a slot owes if nothing came. */
const owedOf = (slot: CheckSlot, facility: Facility, pack: RulePack, nowMs: number): Owed => {
  const { zone } = facility.calendar;
  const dueAtMs = instantOf(slot.day, checkBy(slot.session, facility, pack), zone);
  const childClass = facility.classes.find(({ id }) => id === slot.class);
  if (childClass === undefined) return { state: 'not-due', reason: 'class-not-registered' };
  if (childClass.children === 0) return { state: 'not-due', reason: 'no-children' };
  const dayState = dayStateOf(slot.day, facility.calendar, pack.workdays);
  if (dayState === 'closed') return { state: 'not-due', reason: 'closed-day' };
  if (dueAtMs <= dutySinceMs(facility)) return { state: 'not-due', reason: 'before-duty' };
  if (!wasInService(facility, dueAtMs)) return { state: 'not-due', reason: 'facility-not-in-service' };
  if (dayState === 'unknown') return { state: 'unknown', reason: 'calendar-unknown' };
  return nowMs < dueAtMs
    ? { state: 'not-yet-due', reason: 'time-not-over', dueAtMs }
    : { state: 'missing', reason: 'no-check-logged', dueAtMs };
};

/**
 * One slot as of `nowMs`. What came decides, also where nothing was due; the first arrival says whether it was in time,
 * since a correction makes no check late.
 */
export const judgeSlot = (
  slot: CheckSlot,
  bySlot: ReturnType<typeof checksBySlot>,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): JudgedSlot => {
  const came = (bySlot.get(keyOf(slot)) ?? []).filter(({ receivedMs }) => receivedMs <= nowMs);
  const owed = owedOf(slot, facility, pack, nowMs);
  const [first] = came;
  if (first === undefined) return { ...slot, ...owed, checks: [] };
  const standing = new Set(standingChecks(came).map(({ report }) => report.id));
  return {
    ...slot,
    state: timelinessOf(first, facility, pack),
    reason: 'checked',
    ...(owed.dueAtMs !== undefined && { dueAtMs: owed.dueAtMs }),
    receivedMs: first.receivedMs,
    checks: came.map((check) => ({
      ...check,
      timeliness: timelinessOf(check, facility, pack),
      stands: standing.has(check.report.id),
    })),
  };
};

/** Classes of the facility, and those that checks are about and that it has no more. */
export const classesOf = (facility: Facility, checks: readonly KeptCheck[]): readonly string[] =>
  [...new Set([...facility.classes.map(({ id }) => id), ...checks.map(({ report }) => report.class)])].sort();
