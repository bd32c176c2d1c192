import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AnswerLink, LinkUse } from '../../domain/delivery/delivery.ts';
import type { LinkStore } from '../../ports/delivery-store.ts';
import { documentsOf } from './client.ts';
import { happened, type Key, readItem } from './engine.ts';
import { expiring } from './expiry.ts';
import { putFirst } from './put-next.ts';

const linkKey = (lookup: string): Key => ({ pk: `link#${lookup}`, sk: 'link' });

/** What was typed on the page is gone so long after the link answers no more. */
const TYPED_DAYS = 30;

/** Answer links. What was typed on the page stays in the item's `used`, and nowhere else. */
export const makeLinkStore = (client: DynamoDBClient, table: string): LinkStore => ({
  putIfAbsent: async ({ used, ...link }) => {
    await putFirst(client, table, linkKey(link.lookup), {
      link,
      ...(used && { used }),
      ...expiring(link.expiresAtMs, TYPED_DAYS),
    });
  },
  read: async (lookup) => {
    const item = await readItem(client, table, linkKey(lookup));
    if (item === undefined) return undefined;
    const link = item.link as AnswerLink;
    return item.used === undefined ? link : { ...link, used: item.used as LinkUse };
  },
  use: (lookup, use) =>
    happened(
      documentsOf(client).send(
        new UpdateCommand({
          TableName: table,
          Key: linkKey(lookup),
          UpdateExpression: 'SET #used = :use',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#used)',
          ExpressionAttributeNames: { '#used': 'used' },
          ExpressionAttributeValues: { ':use': use },
        }),
      ),
    ),
});
