import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { bundleFunctions } from '../../infra/bundle.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { beats, type Crowd, makeCrowd } from '../beats.ts';
import { fire, type Volley } from '../load.ts';
import { type ServerProcess, startServer } from '../processes.ts';
import { registerCrowd } from '../registry.ts';
import { pairedRatio, print, quantile, spreadOf } from '../stats.ts';

const CONCURRENCY = 50;
/** Eight times what is in flight: a box's next beat hardly ever overtakes its last. */
const CROWD = 400;
const LEAST_ACCEPTED = 0.98;
const SILENT_AFTER_MS = 180_000;

const engineEnv = (port: number): Record<string, string> => ({
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
});

const clientOf = (port: number): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });

const createTable = async (client: DynamoDBClient, name: string): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
};

/** What the registry does when it enrols a box, by the registry's own adapter. */
const enrolAll = async (client: DynamoDBClient, crowd: Crowd): Promise<void> => {
  const vitals = makeVitalsStore(client, 'vitals');
  for (const { facilityId, box, key } of crowd.boxes) {
    await vitals.announceFacility(facilityId, 1, 0);
    await vitals.announceBox(facilityId, box, SILENT_AFTER_MS, 0);
    await vitals.admitKey(facilityId, box, key);
  }
};

/** What the row of a box holds when the bare path writes to it: what its condition asks about, and no more. */
const FACTS = '1 y y 16 16 o 20778';
const putPlainRows = async (client: DynamoDBClient, crowd: Crowd): Promise<void> => {
  for (const { facilityId, box, key } of crowd.boxes) {
    const Item = {
      pk: { S: facilityId },
      sk: { S: `box#${box}` },
      liveKeys: { M: { [key]: { N: '-1' } } },
      silentAfterMs: { N: String(SILENT_AFTER_MS) },
      silentAt: { N: String(Date.now() + 3_600_000) },
      facts: { S: FACTS },
      offsetMs: { N: '0' },
    };
    await client.send(new PutItemCommand({ TableName: 'plain', Item }));
  }
};

interface Contestant {
  readonly name: string;
  readonly server: ServerProcess;
  readonly crowd: Crowd;
  readonly shots: number;
  readonly status: 200 | 204;
  /** Rounds of this server: what it costs, and what its store costs. */
  readonly volleys: Volley[];
  readonly cpuUs: number[];
  readonly storeCpuUs: number[];
}

const contestant = (
  name: string,
  server: ServerProcess,
  crowd: Crowd,
  shots: number,
  status: 200 | 204,
): Contestant => ({
  name,
  server,
  crowd,
  shots,
  status,
  volleys: [],
  cpuUs: [],
  storeCpuUs: [],
});

const checkAnswers = ({ name, status }: Contestant, volley: Volley): void => {
  const { [String(status)]: good = 0, 409: refused = 0, ...others } = volley.statuses;
  if (good === 0 || good / (good + refused) < LEAST_ACCEPTED || Object.keys(others).length > 0) {
    throw new Error(`${name} answered ${JSON.stringify(volley.statuses)}: its figures are worth nothing`);
  }
  if (status !== 200 || volley.bodies.length === 0) return;
  const accepted = volley.bodies.filter((body) => body.includes('"result":"accepted"')).length;
  if (accepted / volley.bodies.length < LEAST_ACCEPTED) {
    throw new Error(`${name} accepted ${accepted} of ${volley.bodies.length} beats: ${volley.bodies.at(-1)}`);
  }
};

const playRound = async (each: Contestant, store: ServerProcess, keep: boolean): Promise<void> => {
  const shots = beats(each.crowd, each.shots, each.server.port);
  const [cpuMs, storeCpuMs] = [await each.server.cpuMs(), await store.cpuMs()];
  const volley = await fire({
    port: each.server.port,
    path: '/v1/heartbeats',
    shots,
    concurrency: CONCURRENCY,
    keepBodies: !keep,
  });
  checkAnswers(each, volley);
  if (!keep) return;
  each.volleys.push(volley);
  each.cpuUs.push((((await each.server.cpuMs()) - cpuMs) * 1000) / shots.length);
  each.storeCpuUs.push((((await store.cpuMs()) - storeCpuMs) * 1000) / shots.length);
};

const printContestant = (each: Contestant): void => {
  const quantiles = (share: number) => each.volleys.map((volley) => quantile(volley.latenciesMs, share));
  print({
    bench: 'heartbeats',
    server: each.name,
    n: each.shots * each.volleys.length,
    concurrency: CONCURRENCY,
    perSecond: spreadOf(
      each.volleys.map((volley) => volley.perSecond),
      0,
    ),
    p50Ms: spreadOf(quantiles(0.5)),
    p99Ms: spreadOf(quantiles(0.99)),
    cpuUsPerRequest: spreadOf(each.cpuUs, 0),
    storeCpuUsPerRequest: spreadOf(each.storeCpuUs, 0),
  });
};

const BARE_PATH = 'http + verification + UpdateItem';

const printRatios = (by: ReadonlyMap<string, Contestant>): void => {
  const perSecond = (name: string) => by.get(name)?.volleys.map((volley) => volley.perSecond) ?? [];
  const cpuUs = (name: string) => by.get(name)?.cpuUs ?? [];
  print({
    bench: 'heartbeats-ratios',
    against: `${BARE_PATH}, same run, round by round`,
    stackThroughput: pairedRatio(perSecond('local stack'), perSecond(BARE_PATH)),
    stackThroughputBudget: 'at least 0.5',
    handlerThroughput: pairedRatio(perSecond('receive-heartbeats alone'), perSecond(BARE_PATH)),
    handlerCpu: pairedRatio(cpuUs('receive-heartbeats alone'), cpuUs(BARE_PATH)),
    handlerCpuBudget: 'at most 1.25',
    note: 'the stack runs gateway, functions, rights and engines in one process: its CPU is that of all of them',
  });
};

/** The path of a heartbeat beside what it could cost at least, in one run, rounds interleaved. */
export const benchHeartbeats = async (options: { readonly rounds: number }): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const running: ServerProcess[] = [];
  const start = async (...args: Parameters<typeof startServer>): Promise<ServerProcess> => {
    const server = await startServer(...args);
    running.push(server);
    return server;
  };
  try {
    const bundles = bundleFunctions({ bundlesDir: directory });
    const store = await start('store');
    const client = clientOf(store.port);
    for (const table of ['plain', 'vitals', 'records']) await createTable(client, table);
    const env = engineEnv(store.port);
    const [plain, own, public_] = [makeCrowd(CROWD), makeCrowd(CROWD), makeCrowd(CROWD)];
    await enrolAll(client, own);
    await putPlainRows(client, plain);
    const receiver = await start('receiver', {
      ...env,
      BUNDLE: join(bundles.directories['receive-heartbeats'], 'index.js'),
      VITALS_TABLE: 'vitals',
      RECORDS_TABLE: 'records',
      POWERTOOLS_SERVICE_NAME: 'receive-heartbeats',
      POWERTOOLS_METRICS_NAMESPACE: 'Cradlewatch',
      LOG_LEVEL: 'WARN',
    });
    const stack = await start('stack');
    await registerCrowd(stack.port, (await stack.ask<{ token: string }>({ ask: 'registrar' })).token, public_);

    const contestants = [
      contestant('bare node:http', await start('plain', { DOES: 'nothing' }), plain, 6_000, 204),
      contestant('http + verification', await start('plain', { DOES: 'verify' }), plain, 4_000, 204),
      contestant(BARE_PATH, await start('plain', { ...env, DOES: 'update', TABLE: 'plain', FACTS }), plain, 2_000, 204),
      contestant('receive-heartbeats alone', receiver, own, 2_000, 200),
      contestant('local stack', stack, public_, 2_000, 200),
    ];
    for (const each of contestants) await playRound(each, store, false);
    for (let round = 0; round < options.rounds; round += 1) {
      // There and back, so that nobody always follows the same one.
      const order = round % 2 === 0 ? contestants : contestants.toReversed();
      for (const each of order) await playRound(each, store, true);
    }
    for (const each of contestants) printContestant(each);
    printRatios(new Map(contestants.map((each) => [each.name, each])));
    client.destroy();
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  }
};
