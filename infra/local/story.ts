import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoSecrets } from '../../box/fleet/people.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { RoleBody } from '../../shared/contracts/registry.ts';
import { addDays } from '../../shared/domain/civil-day.ts';
import type { SystemBeats } from '../../shared/ports/delivery-store.ts';
import { assembleStack } from './assembly.ts';
import { readPlan } from './demo-past/plan.ts';
import { writeDemoPast } from './demo-past.ts';
import { demoPlaces, inEachPlace } from './demo-places.ts';
import type { FeedEvent } from './feed.ts';
import { tokenWithRole, tokenWithRoles } from './grants.ts';
import { putInboxSecrets } from './inbox/secrets.ts';
import { type Inbox, startInbox } from './inbox.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { type PersonApi, personApi } from './story/api.ts';
import { announce, answerByLink, type Cast, doOfficersDuty } from './story/people.ts';
import { scenes, unexpected } from './story/plot.ts';
import { type Prover, prover } from './story/proof.ts';
import type { Seen } from './story/scene.ts';
import { createTeller } from './story/teller.ts';

/*
 * `npm run story`: starts the stack, the inbox and the demo fleet, plays the duty officers, and checks through the public
 * API (of the canary alone: through its sign of life) that a newcomer would have seen everything. Exits 0, or 1 naming what was missing.
 */

const repository = join(import.meta.dirname, '..', '..');
/** Where the alarm rings. */
const CITY = '3212';
const LONGEST_STORY_MS = 280_000;
const LOOK_EVERY_MS = 2_000;

const startedMs = performance.now();
const elapsedMs = (): number => performance.now() - startedMs;
const say = (line: string): void => {
  const seconds = Math.floor(elapsedMs() / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  process.stdout.write(`+${clock}  ${line}\n`);
};

interface People {
  readonly registrarToken: string;
  readonly officer: PersonApi;
  readonly auditor: PersonApi;
}

const invitePeople = async ({ running, url }: LocalStack): Promise<People> => {
  const tokenOf = (role: RoleBody): Promise<string> => tokenWithRole(running, role);
  const everywhere = (role: 'registrar' | 'auditor'): Promise<string> =>
    tokenWithRoles(running, `${role}-demo`, inEachPlace(role));
  return {
    registrarToken: await everywhere('registrar'),
    officer: personApi(url, await tokenOf({ role: 'officer', department: 'police', division: CITY })),
    auditor: personApi(url, await everywhere('auditor')),
  };
};

const startFleet = (
  api: string,
  registrarToken: string,
  dataDir: string,
  onLine: (line: string) => void,
): ChildProcess => {
  const child = spawn(
    process.execPath,
    [join(repository, 'box', 'fleet.ts'), '--api', api, '--registrar-token', registrarToken, '--data', dataDir],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      say(`  ${line}`);
      onLine(line);
    });
  }
  return child;
};

const stopFleet = async (fleet: ChildProcess): Promise<void> => {
  if (fleet.exitCode !== null || fleet.signalCode !== null) return;
  fleet.kill('SIGTERM');
  const gone = await Promise.race([once(fleet, 'exit'), sleep(20_000)]);
  if (gone === undefined) fleet.kill('SIGKILL');
};

/** All that happens while the story is played, beside what the API shows. */
interface Stage {
  readonly people: People;
  readonly inbox: Inbox;
  readonly fleet: ChildProcess;
  readonly cast: Cast;
  readonly screens: readonly string[];
  readonly beats: Pick<SystemBeats, 'read'>;
  readonly prover: Prover;
}

const incidentsOf = async (auditor: PersonApi, place: string): Promise<readonly IncidentView[]> => {
  const incidents: IncidentView[] = [];
  for (const { id } of await auditor.incidents(place)) incidents.push(await auditor.incident(id));
  return incidents;
};

const look = async ({ people, inbox, screens, beats, prover }: Stage): Promise<Omit<Seen, 'windows' | 'link'>> => {
  const { auditor } = people;
  const [retention, proof, uptime, shown, ...incidents] = await Promise.all([
    auditor.retention(CITY),
    prover.look(),
    auditor.uptime('sunflower').catch(() => undefined),
    beats.read(),
    ...demoPlaces.map((place) => incidentsOf(auditor, place)),
  ]);
  const canaryMs = shown.get('canary-delivered')?.value;
  return { incidents: incidents.flat(), retention, uptime, letters: inbox.letters(), screens, canaryMs, proof };
};

const missingIn = (seen: Seen): readonly string[] => [
  ...scenes.flatMap((scene) => {
    const missing = scene.missing(seen);
    return missing === undefined ? [] : [`${scene.name.zh} ${scene.name.en}: ${missing}`];
  }),
  ...unexpected(seen).map((incident) => `nobody expected ${incident.id}`),
];

/** Looks on until everything has been seen, or the time is up; answers what is missing. */
const follow = async (stage: Stage, signal: AbortSignal): Promise<readonly string[]> => {
  const { cast, fleet } = stage;
  const tell = createTeller(say);
  let windows: Seen['windows'] = new Map();
  let link: Seen['link'];
  const announcing = announce(cast, signal).then((registered) => {
    windows = registered;
  });
  let missing: readonly string[] = ['nothing was seen yet'];
  // Counted from here: how long a machine takes to start says nothing of what can be seen.
  const untilMs = elapsedMs() + LONGEST_STORY_MS;
  while (missing.length > 0 && elapsedMs() < untilMs) {
    await sleep(LOOK_EVERY_MS);
    if (fleet.exitCode !== null) return [`the fleet stopped by itself (exit code ${fleet.exitCode})`, ...missing];
    const shown = await look(stage);
    for (const incident of shown.incidents) tell(incident);
    link ??= await answerByLink(cast, shown);
    const seen = { ...shown, windows, link };
    await doOfficersDuty(cast, seen);
    missing = missingIn(seen);
  }
  if (missing.length === 0) await announcing;
  return missing;
};

const onFeed = (event: FeedEvent): void => {
  if (event.kind === 'function-failed') say(`✗ ${event.functionName} failed: ${event.error.slice(0, 300)}`);
  if (event.kind === 'denied') say(`✗ ${event.caller} may not ${event.action} ${event.resource}`);
  if (event.kind === 'fault') say(`✗ ${event.message}`);
};

/** The table in which the platform's parts leave their signs of life. */
const beatsOf = ({ clients, functionNamed }: LocalStack): SystemBeats =>
  makeSystemBeats(clients.dynamodb, functionNamed('deliver-notices').spec.environment.DELIVERIES_TABLE ?? '');

/** The ninety days that had ended when the demo's past was written. */
const lastDays = (dataDir: string): { readonly from: string; readonly to: string } => {
  const plan = readPlan(dataDir);
  if (plan === undefined) throw new Error('the demo has no past');
  return { from: addDays(plan.lastDay, -89), to: plan.lastDay };
};

const playOn = async (stack: LocalStack, inbox: Inbox, directory: string): Promise<readonly string[]> => {
  const people = await invitePeople(stack);
  const screens: string[] = [];
  const days = lastDays(join(directory, 'data'));
  const proving = prover({ api: stack.url, auditor: people.auditor, city: CITY, days, directory });
  await proving.begin();
  const fleet = startFleet(stack.url, people.registrarToken, join(directory, 'fleet'), (line) => screens.push(line));
  const cast = { officer: people.officer, city: CITY, letters: inbox.letters, say };
  const over = new AbortController();
  try {
    return await follow({ people, inbox, fleet, cast, screens, beats: beatsOf(stack), prover: proving }, over.signal);
  } finally {
    over.abort();
    await stopFleet(fleet);
  }
};

const play = async (directory: string): Promise<readonly string[]> => {
  const dataDir = join(directory, 'data');
  const inbox = await startInbox(({ to, what, link }) =>
    say(`  送达 delivered · ${to} · ${what}${link === undefined ? '' : ` · ${link}`}`),
  );
  putInboxSecrets(dataDir, demoSecrets, inbox.secretFor);
  say('synthesizing the stack 合成');
  const beforeItRuns = writeDemoPast({ dataDir, fleetDir: join(directory, 'fleet'), say: (line) => say(`  ${line}`) });
  const stack = await startLocalStack({ ...(await assembleStack()), dataDir, onFeed, beforeItRuns });
  try {
    say(`serving at ${stack.url}, inbox at ${inbox.url}`);
    return await playOn(stack, inbox, directory);
  } finally {
    await stack.stop();
    await inbox.stop();
  }
};

const main = async (): Promise<void> => {
  const parent = join(repository, '.local');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'story-'));
  const missing = await play(directory);
  if (missing.length === 0) {
    for (const scene of scenes) say(`✓ ${scene.name.zh} ${scene.name.en}`);
    say('everything was seen 全部看到');
    rmSync(directory, { recursive: true, force: true });
    return;
  }
  for (const line of missing) say(`✗ missing 缺失: ${line}`);
  say(`its data is kept in ${directory}`);
  process.exitCode = 1;
};

main().catch((error: unknown) => {
  process.stderr.write(
    `the story broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
