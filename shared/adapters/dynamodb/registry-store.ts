import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Grant } from '../../domain/access.ts';
import { type Box, countyOf } from '../../domain/facility.ts';
import type { Change, RegistryStore } from '../../ports/registry-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { beginning, happened, type Item, type Key, queryAll, readItem } from './engine.ts';
import { padMs, SCHEMA } from './keys.ts';
import { pageWith, queryPage, readListed } from './listing.ts';
import { erasuresOf, facilityKey } from './registry-keys.ts';
import { listFacilities } from './registry-listing.ts';
import { keyKey, makeRegistryReader } from './registry-reader.ts';
import { isPostId, postKey } from './roster-keys.ts';

const COUNTIES = 'county';
/** Partition of the subjects that ever had a grant: what there is to list without reading the whole table. */
const GRANTS = 'grants';

const boxKey = (facilityId: string, box: string): Key => ({ ...facilityKey(facilityId), sk: `box#${box}` });
const grantKey = (subject: string): Key => ({ pk: `grant#${subject}`, sk: 'grant' });

/** Changes of a facility lie beside it and in its erasures, of a person's grant beside the grant, of a roster under its post. */
const ownerKeys = (owner: string): readonly [string, ...string[]] => {
  // Only subjects hold a `|`, and beside them only posts a `~`.
  if (owner.includes('|')) return [grantKey(owner).pk ?? ''];
  return isPostId(owner) ? [postKey(owner).pk] : [facilityKey(owner).pk, erasuresOf(owner)];
};

const placeOf = (change: Change): string => `${padMs(change.atMs)}#${change.id}`;

/** Facilities, boxes, keys, people, and who changed them. */
export const makeRegistryStore = (client: DynamoDBClient, table: string): RegistryStore => {
  const documents = documentsOf(client);

  const put = async (item: Item): Promise<void> => {
    await answered(documents.send(new PutCommand({ TableName: table, Item: { ...item, schema: SCHEMA } })));
  };

  /** Version 1 must be absent; every other must follow the stored one. */
  const putVersion = (key: Key, version: number, attributes: Item): Promise<boolean> =>
    happened(
      documents.send(
        new PutCommand({
          TableName: table,
          Item: { ...key, schema: SCHEMA, version, ...attributes },
          ...(version === 1
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : { ConditionExpression: 'version = :before', ExpressionAttributeValues: { ':before': version - 1 } }),
        }),
      ),
    );

  const { readFacility, isKeyLive } = makeRegistryReader(client, table);

  const readGrant: RegistryStore['readGrant'] = async (subject) => {
    const item = await readItem(client, table, grantKey(subject));
    return item && (item.grant as Grant);
  };

  const listCounties: RegistryStore['listCounties'] = async (divisionPrefix) => {
    const items = await queryAll(client, beginning(table, COUNTIES, countyOf(divisionPrefix)));
    return items.map((item) => String(item.sk));
  };

  return {
    readFacility,

    putFacility: async (facility) => {
      const county = countyOf(facility.division);
      // First, so that a crash in between leaves a county without a facility, never a facility that no list shows.
      await put({ pk: COUNTIES, sk: county });
      return putVersion(facilityKey(facility.id), facility.version, { county, facilityId: facility.id, facility });
    },

    listFacilities: (divisionPrefix, limit, cursor) =>
      listFacilities({ client, table, listCounties, readFacility }, divisionPrefix, limit, cursor),

    listCounties,

    readBox: async (facilityId, box) => {
      const item = await readItem(client, table, boxKey(facilityId, box));
      return item && (item.box as Box);
    },
    listBoxes: async (facilityId) => {
      const items = await queryAll(client, beginning(table, facilityKey(facilityId).pk, 'box#'));
      return items.map((item) => item.box as Box);
    },
    putBox: (box) => put({ ...boxKey(box.facilityId, box.id), box }),

    isKeyLive,
    putKey: (facilityId, box, key) => put(keyKey(facilityId, box, key)),
    removeKey: async (facilityId, box, key) => {
      await answered(documents.send(new DeleteCommand({ TableName: table, Key: keyKey(facilityId, box, key) })));
    },

    appendChange: (owner, change) => put({ pk: ownerKeys(owner)[0], sk: `change#${placeOf(change)}`, change }),
    appendErasure: (facilityId, change) => put({ pk: erasuresOf(facilityId), sk: `change#${placeOf(change)}`, change }),

    listChanges: async (owner, limit, cursor) => {
      const list = `changes/${owner}`;
      const [after] = decodeCursor(list, 1, cursor) ?? [];
      const pageOf = (pk: string) =>
        queryPage(client, {
          ...beginning(table, pk, 'change#'),
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: { pk, sk: `change#${after}` } }),
        });
      const pages = await Promise.all(ownerKeys(owner).map(pageOf));
      const found = pages.flatMap(({ items }) => items).sort((a, b) => (String(a.sk) < String(b.sk) ? 1 : -1));
      const changes = found.slice(0, limit).map((item) => item.change as Change);
      const more = found.length > limit || pages.some((page) => page.more);
      const last = changes.at(-1);
      return pageWith(changes, more && last ? encodeCursor(list, [placeOf(last)]) : undefined);
    },

    readGrant,

    putGrant: async (grant) => {
      // First, so that a crash in between leaves a subject without a grant, never a grant that no list shows.
      await put({ pk: GRANTS, sk: grant.subject });
      return putVersion(grantKey(grant.subject), grant.version, { grant });
    },

    /** The subject stays in the directory: taking it out could overtake a grant that is being made anew. */
    removeGrant: async (subject) => {
      await answered(documents.send(new DeleteCommand({ TableName: table, Key: grantKey(subject) })));
    },

    listGrants: async (limit, cursor) => {
      const [after] = decodeCursor(GRANTS, 1, cursor) ?? [];
      const { items, more } = await queryPage(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': GRANTS },
        ConsistentRead: true,
        Limit: limit,
        ...(after !== undefined && { ExclusiveStartKey: { pk: GRANTS, sk: after } }),
      });
      const found = await readListed(
        items,
        (key) => readGrant(String(key.sk)),
        () => true,
      );
      const last = items.at(-1);
      return pageWith(found, more && last ? encodeCursor(GRANTS, [String(last.sk)]) : undefined);
    },
  };
};
