import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Interval } from '../../domain/time.ts';
import type { EvidenceKind } from '../../evidence/evidence-kinds.ts';
import type { KeptContent } from '../../evidence/salted-digest.ts';
import type { EvidenceRecord, EvidenceStore, KeptDigest } from '../../ports/evidence-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { between, happened, type Item, type Key, queryAll } from './engine.ts';
import { padMs } from './keys.ts';
import { unpackBody } from './packed-body.ts';
import { evidenceKey, makePutEvidence, partitionOf } from './put-evidence.ts';

/** So many removals are under way at once. */
const AT_ONCE = 25;

/** Padded instants end where a kind begins, so the end of an interval lies before all that was received at it. */
const receivedIn = (table: string, facility: string, { fromMs, toMs }: Interval) =>
  between(table, partitionOf(facility), padMs(fromMs), padMs(toMs));

const bytesOf = (value: unknown): Uint8Array | undefined => (value instanceof Uint8Array ? value : undefined);

const contentOf = (item: Item): KeptContent => {
  const [salt, body, signatureBase] = [item.salt, item.body, item.signatureBase].map(bytesOf);
  return {
    ...(salt && { salt }),
    ...(body && { body: unpackBody(body, item.coding) }),
    ...(signatureBase && { signatureBase }),
  };
};

const keptDigestOf = (item: Item): KeptDigest => {
  const [receivedAt = '', kind, ...id] = String(item.sk).split('#');
  return {
    facility: String(item.pk).replace(/^facility#/, ''),
    kind: kind as EvidenceKind,
    id: id.join('#'),
    receivedAtMs: Number(receivedAt),
    digest: String(item.digest),
  };
};

const recordOf = (item: Item): EvidenceRecord => ({
  ...keptDigestOf(item),
  content: contentOf(item),
  ...(item.signature !== undefined && { signature: item.signature as NonNullable<EvidenceRecord['signature']> }),
  ...(item.erasedAtMs !== undefined && { erasedAtMs: Number(item.erasedAtMs) }),
});

/** The records under seal. Nothing in this table expires by itself: whole days are pruned. */
export const makeEvidenceStore = (client: DynamoDBClient, table: string): EvidenceStore => {
  const documents = documentsOf(client);

  const remove = async (items: readonly Item[]): Promise<void> => {
    for (let at = 0; at < items.length; at += AT_ONCE) {
      const keys = items.slice(at, at + AT_ONCE).map(({ pk, sk }) => ({ pk, sk }) as Key);
      // A crash among these leaves a part of the day, which the next call removes.
      await answered(Promise.all(keys.map((key) => documents.send(new DeleteCommand({ TableName: table, Key: key })))));
    }
  };

  return {
    put: makePutEvidence(client, table),

    within: async (facility, received) => (await queryAll(client, receivedIn(table, facility, received))).map(recordOf),

    digestsWithin: async (facility, received) => {
      const query = { ...receivedIn(table, facility, received), ProjectionExpression: 'pk, sk, digest' };
      return (await queryAll(client, query)).map(keptDigestOf);
    },

    erase: (place, atMs) =>
      happened(
        documents.send(
          new UpdateCommand({
            TableName: table,
            Key: evidenceKey(place),
            // One write: there is no moment in which a part of it is readable.
            UpdateExpression:
              'SET erasedAtMs = if_not_exists(erasedAtMs, :at) REMOVE salt, body, coding, signatureBase, signature',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':at': atMs },
          }),
        ),
      ),

    prune: async (facility, received, limit) => {
      const query = new QueryCommand({
        ...receivedIn(table, facility, received),
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
        Limit: limit + 1,
      });
      const { Items = [], LastEvaluatedKey } = await answered(documents.send(query));
      const doomed = Items.slice(0, limit);
      await remove(doomed);
      return Math.max(Items.length - doomed.length, LastEvaluatedKey === undefined ? 0 : 1);
    },
  };
};
