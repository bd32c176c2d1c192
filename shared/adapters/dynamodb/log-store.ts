import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../domain/errors.ts';
import { countyOf } from '../../domain/facility.ts';
import { rangeOf } from '../../evidence/compact-range.ts';
import type {
  LogHead,
  LogStore,
  NotShown,
  RegionalLeaf,
  SealedDay,
  SealRun,
  VerifiedLog,
} from '../../ports/sealed-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { between, type Item, type Key, queryAll, readItem } from './engine.ts';
import { ofFacility, SCHEMA } from './keys.ts';
import { putFirst, putNext } from './put-next.ts';

/** Counts sort as text up to this many digits: more leaves than a log has in a million years. */
const padCount = (count: number): string => String(count).padStart(12, '0');

/*
 * Partitions: the origin of a log (its head and checkpoints), a facility (its days, and where its checkpoints are in a
 * region), a region's leaves, the not-shown of a county and day, the runs, and what was verified. An origin has a slash
 * and begins with a name that has no `#`; the others begin with a word of their own. Rights tell them apart by that.
 */
const head = (origin: string): Key => ({ pk: origin, sk: 'head' });
/** A partition of its own: the verifier may write there and nowhere else. */
const verified = (origin: string): Key => ({ pk: 'verified#logs', sk: origin });
const checkpoint = (origin: string, size: number): Key => ({ pk: origin, sk: `checkpoint#${padCount(size)}` });
const day = (facility: string, name: string): Key => ({
  pk: ofFacility(facility),
  sk: `day#${name}`,
});
const leavesOf = (region: string): string => `region/${region}#leaves`;
const leaf = (region: string, index: number): Key => ({ pk: leavesOf(region), sk: padCount(index) });
const leafOfFacility = (region: string, facility: string, size: number): Key => ({
  pk: ofFacility(facility),
  sk: `region#${region}#${padCount(size)}`,
});
const notShown = (county: string, name: string): string => `not-shown#${county}#${name}`;
const run = (name: string): Key => ({ pk: 'run#days', sk: name });

/** What an item says beside its key and schema. */
const bodyOf = <T>({ pk: _pk, sk: _sk, schema: _schema, ...body }: Item): T => body as T;

/** What was kept as a range is read as one: a hash that is missing would be signed into every checkpoint to come. */
const headOf = (item: Item): LogHead => {
  const { range, before, ...rest } = bodyOf<LogHead>(item);
  return {
    ...rest,
    range: rangeOf(range.size, range.peaks),
    ...(before && { before: rangeOf(before.size, before.peaks) }),
  };
};

/** Heads and indexes of all logs. Bytes are kept as bytes. */
export const makeLogStore = (client: DynamoDBClient, table: string): LogStore => {
  const read = async <T>(key: Key): Promise<T | undefined> => {
    const item = await readItem(client, table, key);
    return item && bodyOf<T>(item);
  };
  /** The first that is put stands; whoever comes later is told which that is. */
  const decide = async <T extends object>(key: Key, one: T): Promise<T> => {
    if (await putFirst(client, table, key, one as Item)) return one;
    const there = await read<T>(key);
    if (there === undefined) throw new UnavailableError(`${key.pk} ${key.sk} vanished between a put and a read`);
    return there;
  };
  const put = async (key: Key, one: object): Promise<void> => {
    const item = { ...key, schema: SCHEMA, ...one };
    await answered(documentsOf(client).send(new PutCommand({ TableName: table, Item: item })));
  };

  return {
    readHead: async (origin) => {
      const item = await readItem(client, table, head(origin));
      return item && headOf(item);
    },
    saveHead: (next) => putNext(client, table, head(next.origin), { ...next }),

    decideDay: (sealed) => decide<SealedDay>(day(sealed.facility, sealed.day), sealed),
    readDay: (facility, name) => read<SealedDay>(day(facility, name)),
    days: async (facility, fromDay, toDay) =>
      (await queryAll(client, between(table, ofFacility(facility), `day#${fromDay}`, `day#${toDay}`))).map((item) =>
        bodyOf<SealedDay>(item),
      ),

    decideCheckpoint: async (origin, size, note) => (await decide(checkpoint(origin, size), { note })).note,
    readCheckpoint: async (origin, size) => (await read<{ note: Uint8Array }>(checkpoint(origin, size)))?.note,

    decideRegionalLeaf: async (next) => {
      // Dying between the two: the leaf is decided and not found by its facility until this is done again, as it is
      // until the head of the region has moved past it.
      const stands = await decide<RegionalLeaf>(leaf(next.region, next.index), next);
      await put(leafOfFacility(stands.region, stands.facility, stands.size), stands);
      return stands;
    },
    regionalLeaves: async (region, fromIndex, toIndex) =>
      fromIndex >= toIndex
        ? []
        : (await queryAll(client, between(table, leavesOf(region), padCount(fromIndex), padCount(toIndex - 1)))).map(
            (item) => bodyOf<RegionalLeaf>(item),
          ),
    readRegionalLeaf: (region, facility, size) => read<RegionalLeaf>(leafOfFacility(region, facility, size)),

    putNotShown: (one) => put({ pk: notShown(countyOf(one.division), one.day), sk: one.facility }, one),
    listNotShown: async (county, name) =>
      (
        await queryAll(client, {
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': notShown(county, name) },
        })
      ).map((item) => bodyOf<NotShown>(item)),

    readRun: (name) => read<SealRun>(run(name)),
    saveRun: (next) => putNext(client, table, run(next.day), { ...next }),

    readVerified: (origin) => read<VerifiedLog>(verified(origin)),
    saveVerified: (origin, found) => put(verified(origin), found),
  };
};
