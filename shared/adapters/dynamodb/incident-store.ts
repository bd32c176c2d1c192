import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../../domain/incident.ts';
import type { IncidentStore } from '../../ports/incident-store.ts';
import { troubleOf } from '../engine-trouble.ts';
import { changesOf } from './changes.ts';
import { documentsOf } from './client.ts';
import { cursorInvalid, decodeCursor, encodeCursor } from './cursor.ts';
import { happened, type Item, readItem } from './engine.ts';
import { liveList, liveListOf, openedAtId, SCHEMA } from './keys.ts';
import { pageWith, queryPage, readListed } from './listing.ts';

const BY_COUNTY = 'by-county';
const openedAtIdPattern = /^\d{13}#.+$/;

/** The incident whole, beside what the index lists it by and what the compare-and-set compares. */
const attributesOf = (incident: Incident): Record<string, unknown> => ({
  schema: SCHEMA,
  listedIn: liveListOf(incident),
  openedAtId: openedAtId(incident),
  revision: incident.revision,
  incident,
});

const incidentOf = (item: Item): Incident => item.incident as Incident;

/** Live incidents, one item each. Its outbox is inside, so that opening and owing the notices is one write. */
export const makeIncidentStore = (client: DynamoDBClient, table: string): IncidentStore => {
  const documents = documentsOf(client);

  const read: IncidentStore['read'] = async (id) => {
    const item = await readItem(client, table, { pk: id });
    return item && incidentOf(item);
  };

  return {
    putIfAbsent: (incident) =>
      happened(
        documents.send(
          new PutCommand({
            TableName: table,
            Item: { pk: incident.id, ...attributesOf(incident) },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),

    read,

    save: (next) => {
      const { expression, names, values } = changesOf(attributesOf(next));
      return happened(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk: next.id },
            UpdateExpression: expression,
            ConditionExpression: '#revision = :readRevision',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ...values, ':readRevision': next.revision - 1 },
          }),
        ),
      );
    },

    remove: (id, revision) =>
      happened(
        documents.send(
          new DeleteCommand({
            TableName: table,
            Key: { pk: id },
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: { ':revision': revision },
          }),
        ),
      ),

    scan: async function* () {
      try {
        for await (const page of paginateScan({ client: documents }, { TableName: table })) {
          const incidents = (page.Items ?? []).map(incidentOf);
          if (incidents.length > 0) yield incidents;
        }
      } catch (error) {
        throw troubleOf(error);
      }
    },

    list: async (county, limit, cursor, olderThan) => {
      const list = liveList(county);
      const [after] = decodeCursor(list, 1, cursor) ?? (olderThan ? [openedAtId(olderThan)] : []);
      if (after !== undefined && !openedAtIdPattern.test(after)) throw cursorInvalid();
      const { items, more } = await queryPage(client, {
        TableName: table,
        IndexName: BY_COUNTY,
        KeyConditionExpression: 'listedIn = :list',
        ExpressionAttributeValues: { ':list': list },
        ScanIndexForward: false,
        Limit: limit,
        ...(after !== undefined && {
          ExclusiveStartKey: { listedIn: list, openedAtId: after, pk: after.slice(after.indexOf('#') + 1) },
        }),
      });
      const found = await readListed(
        items,
        (key) => read(String(key.pk)),
        (incident) => liveListOf(incident) === list,
      );
      const last = items.at(-1);
      return pageWith(found, more && last ? encodeCursor(list, [String(last.openedAtId)]) : undefined);
    },
  };
};
