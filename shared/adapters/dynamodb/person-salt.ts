import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../domain/errors.ts';
import type { PersonSalt } from '../../ports/evidence-store.ts';
import { documentsOf } from './client.ts';
import { happened, readItem } from './engine.ts';
import { SCHEMA } from './keys.ts';

/** No facility may be called so: an id has no capital. */
const KEY = { pk: 'PEOPLE', sk: 'salt' };

/** The salt of people, one item beside the records. It never expires; an operator deletes it. */
export const makePersonSalt = (client: DynamoDBClient, table: string): PersonSalt => {
  const read = async (): Promise<Uint8Array | undefined> => {
    const salt = (await readItem(client, table, KEY))?.salt;
    return salt instanceof Uint8Array ? salt : undefined;
  };
  return {
    decide: async (fresh) => {
      const known = await read();
      if (known !== undefined) return known;
      const put = new PutCommand({
        TableName: table,
        Item: { ...KEY, schema: SCHEMA, salt: fresh() },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      // Two at once: one is put, and both read that one. Dying after it: the next call reads it.
      await happened(documentsOf(client).send(put));
      const decided = await read();
      if (decided === undefined) throw new UnavailableError('the salt of people vanished between a put and a read');
      return decided;
    },
  };
};
