import { type AttributeValue, BatchWriteItemCommand, paginateScan, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { assembleStack } from '../../infra/local/assembly.ts';
import { inEachPlace } from '../../infra/local/demo-places.ts';
import { tokenWithRoles } from '../../infra/local/grants.ts';
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { serveBench, startOrFail } from './child.ts';

/*
 * The local stack in a process of its own, in memory; its schedule runs by hand unless SCHEDULES=running. Its throttles
 * are raised to what API Gateway allows at most: they are settings and would only be measured themselves.
 */
const widest = { ratePerSecond: 5_000, burst: 5_000 };
const settings = { ...readSettings(), throttles: { default: widest, paths: { '/v1/alarms': widest } } };

type Item = Record<string, AttributeValue>;

interface Published {
  readonly message: string;
  readonly atMs: number;
}

const scanAll = async (stack: LocalStack, table: string): Promise<Item[]> => {
  const items: Item[] = [];
  const pages = paginateScan({ client: stack.clients.dynamodb }, { TableName: table, ConsistentRead: true });
  for await (const page of pages) items.push(...((page.Items as Item[] | undefined) ?? []));
  return items;
};

const tableNamed = (stack: LocalStack, part: string): string => {
  const found = stack.names.tables.find((name) => name.toLowerCase().includes(part));
  if (found === undefined) throw new Error(`no table with "${part}" in its name: ${stack.names.tables.join(', ')}`);
  return found;
};

const LARGEST_WRITE = 25;

const putAll = async (stack: LocalStack, table: string, items: readonly Item[]): Promise<void> => {
  for (let at = 0; at < items.length; at += LARGEST_WRITE) {
    const requests = items.slice(at, at + LARGEST_WRITE).map((Item): WriteRequest => ({ PutRequest: { Item } }));
    await stack.clients.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
};

const MINUTES_A_DAY = 1_440;

/** A copy of one facility's items under another name: the layout is whatever the product wrote for the first. */
const renamed = (item: Item, from: string, to: string, n: number): Item => {
  const text = JSON.stringify(item).replaceAll(`"${from}"`, `"${to}"`).replaceAll(`#${from}"`, `#${to}"`);
  const copy = JSON.parse(text) as Item;
  if (copy.slot !== undefined) copy.slot = { N: String(n % MINUTES_A_DAY) };
  if (copy.silentAt !== undefined) copy.silentAt = { N: String(Date.now() + 86_400_000) };
  return copy;
};

/** Multiplies one facility until the vitals table has so many rows. */
const multiply = async (stack: LocalStack, facility: string, wantedRows: number) => {
  const vitals = tableNamed(stack, 'vitals');
  const registry = tableNamed(stack, 'registry');
  const rows = await scanAll(stack, vitals);
  const ownRows = rows.filter((item) => item.pk?.S === facility);
  const ownEntries = (await scanAll(stack, registry)).filter(
    (item) => item.pk?.S === `facility#${facility}` && !item.sk?.S?.startsWith('change#'),
  );
  const known = new Set(rows.map((item) => item.pk?.S));
  const copies: Item[] = [];
  const entries: Item[] = [];
  for (let n = 0; rows.length + copies.length < wantedRows; n += 1) {
    const name = `copy-${n}`;
    if (known.has(name)) continue;
    copies.push(...ownRows.map((item) => renamed(item, facility, name, n)));
    entries.push(...ownEntries.map((item) => renamed(item, facility, name, n)));
  }
  await putAll(stack, registry, entries);
  await putAll(stack, vitals, copies);
  return { rows: rows.length + copies.length };
};

/** Of each box row: its revision, which every heartbeat off the fast path raises, and the last sequence of its keys. */
const boxRows = async (stack: LocalStack): Promise<Record<string, { revision: number; seq: number }>> => {
  const rows = await scanAll(stack, tableNamed(stack, 'vitals'));
  return Object.fromEntries(
    rows
      .filter((item) => item.sk?.S?.startsWith('box#'))
      .map((item) => {
        const seqs = Object.values(item.liveKeys?.M ?? {}).map((seq) => Number(seq.N));
        return [item.pk?.S ?? '', { revision: Number(item.revision?.N ?? Number.NaN), seq: Math.max(...seqs) }];
      }),
  );
};

startOrFail(async () => {
  let published: Published[] = [];
  let judged = 0;
  const stack = await startLocalStack({
    ...(await assembleStack(settings)),
    schedules: process.env.SCHEDULES === 'running' ? 'running' : 'by-hand',
    onFeed: (event) => {
      if (event.kind === 'published') {
        published.push({ message: event.message, atMs: performance.timeOrigin + performance.now() });
      }
      if (event.kind === 'log' && event.fields?.message === 'sweep completed') {
        judged = Number(event.fields.facilitiesJudged);
      }
      if (event.kind === 'function-failed' || event.kind === 'denied' || event.kind === 'fault') {
        process.stderr.write(`${JSON.stringify(event)}\n`);
      }
    },
  });
  const broken = await stack.loaded();
  if (broken.size > 0) throw new Error(`not loaded: ${[...broken].map(([name, why]) => `${name} ${why}`).join('; ')}`);

  serveBench(Number(new URL(stack.url).port), stack.stop, async (question) => {
    switch (question.ask) {
      case 'registrar':
        return { token: await tokenWithRoles(stack.running, 'registrar-bench', inEachPlace('registrar')) };
      case 'published': {
        const taken = published;
        published = [];
        return { published: taken };
      }
      case 'sweep': {
        const startedMs = performance.now();
        const ended = await stack.fire('watch');
        const tookMs = performance.now() - startedMs;
        return { tookMs, judged, failed: ended.filter((each) => !each.ok) };
      }
      case 'multiply':
        return multiply(stack, String(question.facility), Number(question.rows));
      case 'beats':
        return { rows: await boxRows(stack) };
      default:
        throw new Error(`nothing is known of ${String(question.ask)}`);
    }
  });
});
