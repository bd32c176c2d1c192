import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Gap } from '../../domain/gap.ts';
import type { Incident } from '../../domain/incident.ts';
import type { Recorded } from '../../domain/recompute.ts';
import { type Item, queryAll } from './engine.ts';
import { isReadable, keptOf } from './kept-reports.ts';

const under = (items: readonly Item[], prefix: string): readonly Item[] =>
  items.filter((item) => String(item.sk).startsWith(prefix));

const gapOf = ({ pk, sk: _sk, schema: _schema, expiresAt: _expires, ...gap }: Item): Gap =>
  ({ facilityId: String(pk), ...gap }) as Gap;

/**
 * Everything that the records keep of one facility, in one query of its partition, and the live incidents beside it. For
 * an operator at work, never for a function: it reads all there is.
 */
export const readRecorded = async (
  client: DynamoDBClient,
  table: string,
  facilityId: string,
  live: readonly Incident[],
): Promise<Recorded> => {
  const items = await queryAll(client, {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': facilityId },
  });
  const archived = under(items, 'incident#').map((item) => item.incident as Incident);
  return {
    checks: under(items, 'check#')
      .filter(isReadable)
      .map((item) => keptOf(item)),
    logs: under(items, 'log#').map((item) => keptOf(item)),
    recordings: under(items, 'recording#').map((item) => keptOf(item)),
    gaps: under(items, 'gap#').map(gapOf),
    // One that is being archived is in both places for a moment, and says the same in both.
    incidents: [...archived, ...live.filter(({ id }) => !archived.some((one) => one.id === id))],
  };
};
