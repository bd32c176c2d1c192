import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { demoSecrets } from '../../box/fleet/people.ts';
import { assembleStack, type KeptAssembly, keptAssembly } from './assembly.ts';
import { writeDemoPast } from './demo-past.ts';
import { inEachPlace } from './demo-places.ts';
import { type FeedPrinter, printFeed } from './feed-printer.ts';
import { tokenWithRole, tokenWithRoles } from './grants.ts';
import { putInboxSecrets } from './inbox/secrets.ts';
import { type Inbox, startInbox } from './inbox.ts';
import { findRunning, forgetRunning, writeRunning } from './running.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { knownTypes, substitutions } from './substitutions.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
const fleet = path.join(repository, 'box', 'fleet.ts');
const defaultPort = 8787;
/** The police where it rings have somebody on duty who answers the panic alarm. */
const fleetOfficer = { role: 'officer', department: 'police', division: '3212' } as const;

const usage = `Runs the synthesized stack on this machine, with eighteen simulated nurseries in five places. Data is kept in .local/,
to which the first start adds ninety days of a made-up past for four of them.

  npm start                        API on http://127.0.0.1:${defaultPort}; PORT=<port> for another
  npm start -- --no-fleet          without the simulated nurseries
  npm start -- --data <folder>     keeps its data elsewhere
  npm start -- --assembly <folder> runs a cloud assembly made before, instead of making one
  npm start -- --substitutions     lists what stands here for what the cloud has, and why that is harmless
  npm start -- --help`;

/** What stops the start and can be mended by whoever started it: told without a stack trace. */
class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}

const printSubstitutions = (): void => {
  const lines = substitutions.flatMap(({ inTheCloud, here, harmlessBecause }) => [
    `${inTheCloud}`,
    `  here: ${here}`,
    `  harmless because: ${harmlessBecause}`,
  ]);
  lines.push('', 'Properties of the template that are ignored here:');
  for (const [type, properties] of Object.entries(knownTypes)) {
    const reasons = Map.groupBy(
      Object.entries(properties).flatMap(([name, known]) =>
        typeof known === 'object' && 'ignored' in known ? [[name, known.ignored] as const] : [],
      ),
      ([, reason]) => reason,
    );
    for (const [reason, names] of reasons)
      lines.push(`  ${type}: ${names.map(([name]) => name).join(', ')} – ${reason}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
};

const readPort = (text: string | undefined): number => {
  if (text === undefined || text === '') return defaultPort;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartRefusedError(`PORT=${text} is not a port number between 0 and 65535.`);
};

const checkPort = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const other = port === defaultPort ? defaultPort + 1 : defaultPort;
      const reason =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Stop what listens there, or take another: PORT=${other} npm start`
          : `Port ${port} cannot be used (${error.code}). Take another: PORT=${other} npm start`;
      reject(new StartRefusedError(reason));
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });

const checkDataFolder = (dataDir: string): void => {
  const trial = path.join(dataDir, '.writable');
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    writeFileSync(trial, '');
    rmSync(trial);
  } catch (error) {
    throw new StartRefusedError(
      `The data folder ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Make it writable, or remove it.`,
    );
  }
};

const checkNotRunning = async (dataDir: string): Promise<void> => {
  const running = await findRunning(dataDir);
  if (running === undefined) return;
  throw new StartRefusedError(
    `A stack is already running on this data: ${running.url} (process ${running.pid}). Stop it first.`,
  );
};

/** The simulated nurseries live in a process of their own and see the public API only. */
const startFleet = async (
  stack: LocalStack,
  dataDir: string,
  printer: FeedPrinter,
): Promise<ChildProcess | undefined> => {
  if (!existsSync(fleet)) {
    printer.say('车队 fleet', 'there is none in this tree');
    return undefined;
  }
  const people = {
    'registrar-token': await tokenWithRoles(stack.running, 'registrar-demo', inEachPlace('registrar')),
    'officer-token': await tokenWithRole(stack.running, fleetOfficer),
  };
  const given = Object.entries({ api: stack.url, data: path.join(dataDir, 'fleet'), ...people });
  const child = spawn(process.execPath, [fleet, ...given.flatMap(([name, value]) => [`--${name}`, value])], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches the whole group of the terminal; the fleet is told to end by us, before the stack ends.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) =>
      printer.say('车队 fleet', line.replace(/^\d\d:\d\d(:\d\d)?\s+(车队 fleet · )?/, '')),
    );
  }
  child.on('exit', (code) => {
    if (code !== null && code !== 0)
      printer.say('车队 fleet', `ended with exit code ${code}; the stack runs on`, 'yellow');
  });
  return child;
};

const endFleet = async (child: ChildProcess | undefined): Promise<void> => {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(force);
};

/** Where the demo's people hear of everything; before the stack, so that no notice finds it missing. */
const openInbox = async (dataDir: string, printer: FeedPrinter): Promise<Inbox> => {
  const inbox = await startInbox(({ to, what, link }) => printer.delivered(to, what, link));
  putInboxSecrets(dataDir, demoSecrets, inbox.secretFor);
  return inbox;
};

const readyLines = (stack: LocalStack, inbox: Inbox | undefined, dataDir: string, sinceMs: number): string =>
  `
  Cradlewatch is running · 托育安全监测已启动   (${(sinceMs / 1_000).toFixed(1)} s)

  API      ${stack.url}            description: ${stack.url}/v1/openapi.json
  Token    npm run -s token -- --role officer --department police --division 3212
  Issuer   ${stack.issuer}${inbox === undefined ? '' : `\n  Inbox    ${inbox.url}            what the people of the demo were told, with links to answer`}
  Data     ${path.relative(process.cwd(), dataDir) || '.'}${path.sep}   (kept; remove the folder to begin anew)
  Stop     Ctrl-C
`;

interface Wanted {
  readonly withFleet: boolean;
  readonly dataDir: string;
  readonly assembly: KeptAssembly | undefined;
  readonly timeZone: string;
}

const run = async ({ withFleet, dataDir, assembly: given, timeZone }: Wanted): Promise<void> => {
  const startedAt = performance.now();
  const port = readPort(process.env.PORT);
  checkDataFolder(dataDir);
  await checkNotRunning(dataDir);
  await checkPort(port);

  const printer = printFeed(
    (line) => process.stdout.write(`${line}\n`),
    timeZone,
    process.stdout.isTTY === true && !process.env.NO_COLOR,
  );
  if (given === undefined)
    printer.say('准备 synth', 'making the template and the bundles (kept until a source file changes)', 'gray');
  const assembly = given ?? (await assembleStack());

  let end: (reason: string | undefined) => void = () => undefined;
  const ending = new Promise<string | undefined>((resolve) => {
    end = resolve;
  });
  // Asked to stop while still starting: the start is finished first, then everything is stopped in order. Asked again:
  // at once, which the next start mends as it mends a kill.
  let asked = 0;
  const onSignal = (): void => {
    asked += 1;
    if (asked > 1) process.exit(130);
    end(undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  const inbox = withFleet ? await openInbox(dataDir, printer) : undefined;
  const past = withFleet && {
    beforeItRuns: writeDemoPast({
      dataDir,
      fleetDir: path.join(dataDir, 'fleet'),
      say: (line) => printer.say('过去 past', line),
    }),
  };
  const stack = await startLocalStack({ ...assembly, dataDir, port, onFeed: printer.feed, onDeath: end, ...past });
  let child: ChildProcess | undefined;
  try {
    const broken = await stack.loaded();
    for (const [name, reason] of broken) printer.say(name, reason, 'red');
    writeRunning(dataDir, stack.running);
    process.stdout.write(`${readyLines(stack, inbox, dataDir, performance.now() - startedAt)}\n`);
    if (withFleet) {
      child = await startFleet(stack, dataDir, printer).catch((error: unknown) => {
        printer.say('车队 fleet', `could not be started: ${String(error)}`, 'red');
        return undefined;
      });
    }
    const died = await ending;
    if (died !== undefined) process.exitCode = 1;
  } finally {
    printer.say('停止 stop', 'writing everything to disk', 'gray');
    await endFleet(child);
    forgetRunning(dataDir);
    await stack.stop();
    await inbox?.stop();
    printer.stop();
  }
};

const options = {
  'no-fleet': { type: 'boolean', default: false },
  data: { type: 'string', default: path.join(repository, '.local') },
  assembly: { type: 'string' },
  substitutions: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (values.substitutions) {
    printSubstitutions();
    return;
  }
  const assembly = values.assembly === undefined ? undefined : keptAssembly(path.resolve(values.assembly));
  if (values.assembly !== undefined && assembly === undefined)
    throw new StartRefusedError(`${values.assembly} is not a cloud assembly.`);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  // Lambda's clock is in UTC, and the zone of a process holds for all its threads: only the feed shows local time.
  process.env.TZ = 'UTC';
  await run({ withFleet: !values['no-fleet'], dataDir: path.resolve(values.data), assembly, timeZone });
};

/** Faults that name what to mend. Anything else is ours, and its stack trace helps. */
const isExpected = (error: unknown): error is Error =>
  error instanceof Error &&
  (['StartRefusedError', 'TemplateError', 'SettingsError', 'MissingFunctionsError'].includes(error.name) ||
    String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS'));

main()
  .catch((error: unknown) => {
    const told = isExpected(error) ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`\n${told}\n`);
    process.exitCode = 1;
  })
  // A caller that keeps its connection open must not keep a stopped stack alive.
  .finally(() => process.exit());
