import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Roster } from '../../domain/people/roster.ts';
import type { RosterStore } from '../../ports/roster-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { beginning, happened, readItem } from './engine.ts';
import { SCHEMA } from './keys.ts';
import { pageWith, queryPage } from './listing.ts';
import { provinceKey, rosterKey, rosterList, rosterPlace } from './roster-keys.ts';

/** Rosters, in the table of the registry. One item each: a post is edited whole, and read with one read. */
export const makeRosterStore = (client: DynamoDBClient, table: string): RosterStore => {
  const documents = documentsOf(client);
  return {
    read: async (post) => {
      const item = await readItem(client, table, rosterKey(post));
      return item && (item.roster as Roster);
    },

    put: (roster) =>
      happened(
        documents.send(
          new PutCommand({
            TableName: table,
            Item: { ...rosterKey(roster), schema: SCHEMA, version: roster.version, roster },
            ...(roster.version === 1
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: 'version = :before',
                  ExpressionAttributeValues: { ':before': roster.version - 1 },
                }),
          }),
        ),
      ),

    remove: async (post) => {
      await answered(documents.send(new DeleteCommand({ TableName: table, Key: rosterKey(post) })));
    },

    list: async (divisionPrefix, limit, cursor) => {
      const list = rosterList(divisionPrefix);
      const pk = provinceKey(divisionPrefix);
      const [after] = decodeCursor(list, 1, cursor) ?? [];
      const { items, more } = await queryPage(client, {
        ...beginning(table, pk, divisionPrefix),
        ConsistentRead: true,
        Limit: limit,
        ...(after !== undefined && { ExclusiveStartKey: { pk, sk: after } }),
      });
      const rosters = items.map((item) => item.roster as Roster);
      const last = rosters.at(-1);
      return pageWith(rosters, more && last ? encodeCursor(list, [rosterPlace(last)]) : undefined);
    },
  };
};
