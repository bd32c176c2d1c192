import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FunctionName } from '../../shared/contracts/routes.ts';
import { itemBytes } from '../../test/support/item-size.ts';

/** One call to the engine, what it was about, and what it cost by the word of the engine. */
export interface Call {
  readonly table: string;
  readonly command: string;
  /** What kind of item: `held`, `token`, `checkpoint` … */
  readonly kind: string;
  readonly units: number;
  /** Of a put: the item as it is now kept. */
  readonly put?: { readonly key: string; readonly bytes: number; readonly expiresAtMs?: number };
}

/** One run of a function: what it asked of the store, and how long this process worked for it. */
export interface Run {
  readonly of: FunctionName;
  readonly cpuMs: number;
  readonly calls: readonly Call[];
  readonly answerBytes: number;
}

interface Input {
  readonly TableName?: string;
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly ConsistentRead?: boolean;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);
export const isWrite = ({ command }: Call): boolean => writes.has(command);

const ofDigest = new Set(['hour', 'digest', 'digests']);
/** A digest comes once an hour too, beside the recordings. */
export const isOfDigest = ({ kind }: Call): boolean => ofDigest.has(kind);

/** The word by which a sort key begins; of evidence the kind of the record, which stands after its instant. */
const kindOf = (table: string, pk: string, sk: string): string => {
  const [first = '', second] = sk.split('#');
  if (table === 'evidence') return second ?? 'of-a-day';
  if (table !== 'logs' || !pk.includes('#')) return first === '' ? 'all-of-one' : first;
  return pk.startsWith('region/') ? 'leaves' : (pk.split('#')[0] ?? pk);
};

const placeOf = ({ Item, Key, ExpressionAttributeValues: values }: Input): readonly [pk: string, sk: string] => {
  const { pk, sk } = Item ?? Key ?? { pk: values?.[':pk'], sk: values?.[':from'] ?? values?.[':prefix'] };
  return [String(pk ?? ''), String(sk ?? '')];
};

const putOf = ({ Item }: Input): Pick<Call, 'put'> => {
  if (Item === undefined) return {};
  const { expiresAt } = Item;
  const key = `${String(Item.pk)} ${String(Item.sk)}`;
  const expires = typeof expiresAt === 'number' ? { expiresAtMs: expiresAt * 1_000 } : {};
  return { put: { key, bytes: itemBytes(Item), ...expires } };
};

/** What DynamoDB takes for a call that finds nothing; the engine of the bench takes nothing for it. */
const leastUnits = (command: string, { ConsistentRead = false }: Input): number =>
  writes.has(command) || ConsistentRead ? 1 : 0.5;

/** Notes every call of a client. What was noted is taken out by `taken`. */
export const watchCalls = (
  client: DynamoDBClient,
): { readonly taken: () => readonly Call[]; readonly noted: () => readonly Call[] } => {
  let calls: Call[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const input = args.input as Input;
      const table = input.TableName ?? '';
      const command = String(context.commandName).replace(/Command$/, '');
      const about = { table, command, kind: kindOf(table, ...placeOf(input)) };
      try {
        const answer = await next(args);
        const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
        const units = Math.max(leastUnits(command, input), ConsumedCapacity?.CapacityUnits ?? Number.NaN);
        calls.push({ ...about, units, ...putOf(input) });
        return answer;
      } catch (error) {
        // A condition that does not hold is a write all the same; the engine of the bench does not say how large.
        calls.push({ ...about, units: leastUnits(command, input) });
        throw error;
      }
    },
    { step: 'initialize', name: 'watchCalls' },
  );
  return {
    noted: () => calls,
    taken: () => {
      const noted = calls;
      calls = [];
      return noted;
    },
  };
};

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const byName = (calls: readonly Call[]): ReadonlyMap<string, readonly Call[]> =>
  Map.groupBy(calls, ({ table, kind }) => `${table}/${kind}`);

/** Units of so many calls by table and kind of item, the dearest first. */
export const unitsByKind = (calls: readonly Call[]): Readonly<Record<string, { calls: number; units: number }>> =>
  Object.fromEntries(
    [...byName(calls)]
      .map(([name, some]) => [name, { calls: some.length, units: sum(some.map(({ units }) => units)) }] as const)
      .sort(([, a], [, b]) => b.units - a.units),
  );

export const unitsOf = (calls: readonly Call[]): { readonly reads: number; readonly writes: number } => ({
  reads: sum(calls.filter((one) => !isWrite(one)).map(({ units }) => units)),
  writes: sum(calls.filter(isWrite).map(({ units }) => units)),
});

/** The engine asks a price for this much beside each item. */
const BESIDE_BYTES = 100;

export interface KeptKind {
  readonly items: number;
  readonly bytes: number;
  /** Absent = for good. */
  readonly days?: number;
}

/** What the puts of one day leave, by table and kind: each item once, as it was put last. `days`: for how long. */
export const keptOf = (calls: readonly Call[], nowMs: number): Readonly<Record<string, KeptKind>> =>
  Object.fromEntries(
    [...byName(calls.filter(({ put }) => put !== undefined))].map(([name, some]) => {
      const last = new Map(some.flatMap(({ put }) => (put === undefined ? [] : [[put.key, put] as const])));
      const items = [...last.values()];
      const expires = items[0]?.expiresAtMs;
      return [
        name,
        {
          items: items.length,
          bytes: sum(items.map(({ bytes }) => bytes + BESIDE_BYTES)),
          ...(expires !== undefined && { days: Math.round((expires - nowMs) / 86_400_000) }),
        },
      ];
    }),
  );
