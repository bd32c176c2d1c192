import type { Facility } from '../../domain/facility.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';

const PAGE = 100;

/** Some facilities of the stack, and where the next page begins; absent = these were the last. */
export interface FacilityPage {
  readonly facilities: readonly Facility[];
  readonly cursor?: string;
}

type Listing = Pick<RegistryStore, 'listCounties' | 'listFacilities'>;

const cursorOf = (county: string, inCounty?: string): string => JSON.stringify([county, inCounty ?? null]);

const placeOf = (cursor: string): readonly [county: string, inCounty: string | undefined] => {
  const [county, inCounty] = JSON.parse(cursor) as [string, string | null];
  return [county, inCounty ?? undefined];
};

/**
 * Every facility of the stack, county by county, from a cursor on. What is registered meanwhile may be missing: it has no
 * day to close yet.
 */
export const everyFacility = async function* (registry: Listing, cursor?: string): AsyncGenerator<FacilityPage> {
  const counties = [...(await registry.listCounties(''))].sort();
  const [fromCounty, place] = cursor === undefined ? ['', undefined] : placeOf(cursor);
  const left = counties.filter((county) => county >= fromCounty);
  for (const [at, county] of left.entries()) {
    let inCounty = county === fromCounty ? place : undefined;
    do {
      const page = await registry.listFacilities(county, PAGE, inCounty);
      inCounty = page.cursor;
      const following = left[at + 1];
      const next = inCounty === undefined ? following && cursorOf(following) : cursorOf(county, inCounty);
      yield { facilities: page.items, ...(next !== undefined && { cursor: next }) };
    } while (inCounty !== undefined);
  }
};
