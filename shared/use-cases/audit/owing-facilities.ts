import type { Person } from '../../domain/access.ts';
import { mayDo, scopeOf } from '../../domain/authorize.ts';
import { footingOf } from '../../domain/duty.ts';
import type { Facility } from '../../domain/facility.ts';
import { targetOfFacility } from '../read-facility.ts';
import type { AuditReads } from './stores.ts';

const PAGE = 100;
/** Each is read to be counted: more than an answer has time for are not. */
const MOST_COUNTED = 2_000;

/**
 * Facilities of a division that owe recordings as of an instant, as far as this person may ask about them.
 * Absent = more than are counted for one answer, which is not the same as none.
 */
export const owingFacilities = async (
  { registry, packFor }: Pick<AuditReads, 'registry' | 'packFor'>,
  person: Person,
  division: string,
  nowMs: number,
  most = MOST_COUNTED,
): Promise<readonly Facility[] | undefined> => {
  const owes = (facility: Facility): boolean =>
    facility.registeredAtMs <= nowMs &&
    footingOf(facility, packFor(facility, nowMs), nowMs) !== 'released' &&
    mayDo(person, 'read-retention', targetOfFacility(facility));
  const found = new Map<string, Facility>();
  for (const prefix of scopeOf(person, 'read-retention', division).divisions) {
    let cursor: string | undefined;
    do {
      const page = await registry.listFacilities(prefix, PAGE, cursor);
      for (const facility of page.items.filter(owes)) found.set(facility.id, facility);
      if (found.size > most) return undefined;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return [...found.values()];
};
