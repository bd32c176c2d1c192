import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { countyOf, type Facility, isWithin } from '../../domain/facility.ts';
import type { Page, RegistryStore } from '../../ports/registry-store.ts';
import { cursorInvalid, decodeCursor, encodeCursor } from './cursor.ts';
import { pageWith, queryPage, readListed } from './listing.ts';
import { facilityKey } from './registry-keys.ts';

const BY_COUNTY = 'by-county';

interface Reading {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly listCounties: RegistryStore['listCounties'];
  readonly readFacility: RegistryStore['readFacility'];
}

/** The page goes on in this county, after this facility (or at the county's start). */
interface Place {
  readonly county: string;
  readonly after?: string;
}

const placeOf = (list: string, divisionPrefix: string, cursor: string | undefined): Place | undefined => {
  const [county, after] = decodeCursor(list, 2, cursor) ?? [];
  if (county === undefined || after === undefined) return undefined;
  if (!/^\d{6}$/.test(county) || !county.startsWith(countyOf(divisionPrefix))) throw cursorInvalid();
  return { county, after };
};

/**
 * Facilities under a division prefix: its counties one after the other, each through the index. A prefix narrower than a
 * county leaves out what lies beside it, so that a page may be short and still not be the last.
 */
export const listFacilities = async (
  reading: Reading,
  divisionPrefix: string,
  limit: number,
  cursor: string | undefined,
): Promise<Page<Facility>> => {
  const list = `facilities/${divisionPrefix}`;
  const start = placeOf(list, divisionPrefix, cursor);
  const counties = (await reading.listCounties(divisionPrefix)).filter((county) => county >= (start?.county ?? ''));
  const found: Facility[] = [];
  for (const [at, county] of counties.entries()) {
    const after = county === start?.county ? start.after : undefined;
    const { keys, more } = await keysOf(reading, county, limit - found.length, after);
    const facilities = await readListed(keys, reading.readFacility, (facility) =>
      belongs(facility, county, divisionPrefix),
    );
    found.push(...facilities);
    const last = keys.at(-1);
    const isLastCounty = at === counties.length - 1;
    if (last !== undefined && (more || (found.length >= limit && !isLastCounty))) {
      return pageWith(found, encodeCursor(list, [county, last]));
    }
  }
  return { items: found };
};

/** A facility that moved to another county is listed there; the index may still name it here for a moment. */
const belongs = (facility: Facility, county: string, divisionPrefix: string): boolean =>
  countyOf(facility.division) === county && isWithin(facility.division, divisionPrefix);

const keysOf = async (
  { client, table }: Reading,
  county: string,
  limit: number,
  after: string | undefined,
): Promise<{ readonly keys: readonly string[]; readonly more: boolean }> => {
  const { items, more } = await queryPage(client, {
    TableName: table,
    IndexName: BY_COUNTY,
    KeyConditionExpression: 'county = :county',
    ExpressionAttributeValues: { ':county': county },
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: { county, facilityId: after, ...facilityKey(after) } }),
  });
  return { keys: items.map((item) => String(item.facilityId)), more };
};
