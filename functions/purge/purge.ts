import type { DayWork } from '../../shared/contracts/day-work.ts';
import { addDays, civilDayInterval, civilDayOf } from '../../shared/domain/civil-day.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { originOfFacility } from '../../shared/evidence/facility-log.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EvidenceStore } from '../../shared/ports/evidence-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { LogStore } from '../../shared/ports/sealed-store.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import type { WorkQueue } from '../../shared/ports/work-queue.ts';
import { divisionPlace, EVERY_DIVISION, listsOf } from '../../shared/use-cases/audit/own-records.ts';

/** How long a record under seal can be read: a year, and a month in which to ask. Statements and leaves stay. */
export const KEPT_DAYS = 400;
/** Records that go in one call of the store. */
const AT_ONCE = 200;

export interface PurgeDependencies {
  readonly evidence: Pick<EvidenceStore, 'prune'>;
  readonly registry: Pick<RegistryStore, 'readFacility'>;
  readonly logs: Pick<LogStore, 'readHead'>;
  /** The queue that feeds it, for what one run has no time for. */
  readonly queue: WorkQueue<DayWork>;
  readonly logName: string;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** Lengths of a prefix that an auditor can ask of. */
const PREFIXES = [2, 4, 6, 9, 12];

/** Where it is kept what auditors asked of the divisions around a facility. */
const divisionsAround = ({ division }: Facility): readonly string[] =>
  PREFIXES.filter((length) => length <= division.length)
    .map((length) => divisionPlace(division.slice(0, length)))
    .concat(EVERY_DIVISION);

/** Removes what is old enough of one facility. `untilMs`: what is not done by then goes back into the queue. */
export type Purge = (work: DayWork, untilMs: number) => Promise<void>;

/**
 * Whole local days go, counted back from the day that ended, never one that is not in the log yet: its statement would say
 * that nothing was received. A closed facility whose log has ended is not waited for: nobody will seal it any more.
 */
export const makePurge = (deps: PurgeDependencies): Purge => {
  const lastDayToGo = async (facility: Facility, day: string): Promise<string | undefined> => {
    const old = addDays(day, -KEPT_DAYS);
    if (facility.state.is === 'closed') return old;
    const sealed = (await deps.logs.readHead(originOfFacility(deps.logName, facility.id)))?.lastDay;
    if (sealed !== undefined && sealed >= old) return old;
    // New ones have nothing as old as that: their log has begun, or begins tonight.
    if (old >= civilDayOf(facility.registeredAtMs, facility.calendar.zone)) {
      deps.tell('days to be purged are not sealed', facility.id, sealed ?? 'never');
    }
    return sealed;
  };

  return async (work, untilMs) => {
    const facility = await deps.registry.readFacility(work.facility);
    if (facility === undefined) return;
    const own = await lastDayToGo(facility, work.day);
    const places = [
      ...(own === undefined ? [] : [facility.id, ...listsOf(facility.id)].map((place) => [place, own] as const)),
      // In no log, or in a day of the region that was closed a year ago. Each facility removes them: the first of a night does.
      ...divisionsAround(facility).map((place) => [place, addDays(work.day, -KEPT_DAYS)] as const),
    ];
    for (const [place, day] of places) {
      const { toMs } = civilDayInterval(day, facility.calendar.zone);
      let left = 1;
      while (left > 0 && deps.clock() < untilMs) {
        // Dying among these: a part of a day is gone, and the next day's run removes the rest.
        left = await deps.evidence.prune(place, { fromMs: 0, toMs }, AT_ONCE);
      }
      if (left > 0) return deps.queue.send([work]);
    }
  };
};
