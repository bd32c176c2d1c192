import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What one call cost on the engine. */
export interface Spent {
  readonly command: string;
  readonly units: number;
}

/** Watches every call of a client and asks the engine what it cost. A failed condition reports no units (dynalite). */
export const watchSpending = (client: DynamoDBClient): { readonly spent: Spent[]; stop(): void } => {
  const spent: Spent[] = [];
  const name = 'watchSpending';
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const command = String(context.commandName).replace(/Command$/, '');
      try {
        const answer = await next(args);
        const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
        spent.push({ command, units: ConsumedCapacity?.CapacityUnits ?? Number.NaN });
        return answer;
      } catch (error) {
        spent.push({ command, units: 0 });
        throw error;
      }
    },
    { step: 'initialize', name },
  );
  return { spent, stop: () => void client.middlewareStack.remove(name) };
};
