import { addDays } from '../../domain/civil-day.ts';
import { lastClosedDay, owedDays } from '../../domain/closed-days.ts';
import type { Facility } from '../../domain/facility.ts';
import { emptyRange } from '../../evidence/compact-range.ts';
import { dayTreeOf } from '../../evidence/day-tree.ts';
import { appendStatement, type FacilityLog, originOfFacility } from '../../evidence/facility-log.ts';
import { leavesFile } from '../../evidence/leaves-file.ts';
import { leafHash } from '../../evidence/merkle.ts';
import { statementOf } from '../../evidence/statement.ts';
import type { LogHead, SealedDay } from '../../ports/sealed-store.ts';
import type { SealDeps, SealProgress } from './dependencies.ts';
import { readSealed, signHead } from './grow-log.ts';
import { leavesOfDay, readDay } from './read-day.ts';
import { judgeDay } from './statement-facts.ts';

/*
 * A day becomes part of a log in five writes: leaves and statement under lock, the day decided, the head moved, the
 * checkpoint decided and put under lock. Each is a put if absent or a compare-and-set, so that dying between any two, or
 * two runs at once, ends in the same log.
 */

/**
 * Seals every day of a facility that is missing, in order, up to `askedDay` or to the last day that it owes. `untilMs`:
 * no further day is begun after it; at least one is.
 */
export const sealFacility = async (
  deps: SealDeps,
  facilityId: string,
  askedDay: string,
  untilMs: number,
): Promise<SealProgress> => {
  const facility = await deps.registry.readFacility(facilityId);
  if (facility === undefined) return 'done';
  const lastDay = lastDayOf(deps, facility, askedDay);
  const { fromDay } = owedDays(facility, deps.packFor(facility, deps.clock()));
  const origin = originOfFacility(deps.logName, facilityId);
  for (let sealed = 0; ; sealed += 1) {
    const head = await deps.logs.readHead(origin);
    // Whoever moved the head may have died before it was signed.
    if (head !== undefined) await signHead(deps, head);
    const day = head?.lastDay === undefined ? fromDay : addDays(head.lastDay, 1);
    if (day > lastDay) return 'done';
    if (sealed > 0 && deps.clock() >= untilMs) return 'more';
    await sealDay(deps, facility, head, day);
  }
};

const lastDayOf = ({ packFor, clock }: SealDeps, facility: Facility, askedDay: string): string => {
  const closed = lastClosedDay(facility.calendar.zone, clock());
  const { toDay = closed } = owedDays(facility, packFor(facility, clock()));
  return [askedDay, closed, toDay].reduce((least, day) => (day < least ? day : least));
};

/** Adds one day to the log. Whoever loses the race for the head reads it again and goes on from there. */
const sealDay = async (deps: SealDeps, facility: Facility, head: LogHead | undefined, day: string): Promise<void> => {
  const log = await logOf(deps, facility.id, head);
  const decided = (await deps.logs.readDay(facility.id, day)) ?? (await decideDay(deps, facility, log, day));
  const { log: grown } = appendStatement(log, await readSealed(deps, decided.statement));
  // Before the head moves, since nobody comes back to a day that the log holds. Dying after it: it is put again, and as
  // it was decided with the day, it says the same.
  if (decided.notShown) await deps.logs.putNotShown({ facility: facility.id, day, ...decided.notShown });
  // Dying before this: the next run finds the day decided and does this. After: the next run finds a head without its
  // checkpoint and signs it.
  const next: LogHead = {
    origin: log.origin,
    range: grown.range,
    lastDay: day,
    last: decided.statement,
    revision: (head?.revision ?? 0) + 1,
  };
  if (await deps.logs.saveHead(next)) await signHead(deps, next);
};

const logOf = async (deps: SealDeps, facility: string, head: LogHead | undefined): Promise<FacilityLog> => {
  const origin = originOfFacility(deps.logName, facility);
  if (head?.last === undefined) return { facility, origin, range: head?.range ?? emptyRange };
  return { facility, origin, range: head.range, last: await readSealed(deps, head.last) };
};

/**
 * States a day and decides it. Dying before the decision leaves objects under lock that nothing names, and the next run
 * states the day anew; after it nothing that changes in the registry or the records changes the day.
 */
const decideDay = async (deps: SealDeps, facility: Facility, log: FacilityLog, day: string): Promise<SealedDay> => {
  const read = await readDay(deps, facility, day, deps.clock());
  const { notShown, ...judged } = judgeDay(read);
  const received = dayTreeOf(judged, await leavesOfDay(deps, facility, day));
  const statement = statementOf({
    ...judged,
    ...(log.last && { previous: log.last }),
    pack: deps.nameOf(read.pack),
    received,
  });
  const leaves = received.size === 0 ? undefined : await deps.objects.put(leavesFile(received.leaves));
  return deps.logs.decideDay({
    facility: facility.id,
    day,
    number: log.range.size,
    statement: await deps.objects.put(statement),
    ...(leaves !== undefined && { leaves }),
    leafHash: Buffer.from(leafHash(statement)).toString('hex'),
    ...(notShown && { notShown }),
  });
};
