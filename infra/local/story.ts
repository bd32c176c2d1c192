import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { RoleBody } from '../../shared/contracts/registry.ts';
import { assembleStack } from './assembly.ts';
import { demoPlaces, inEachPlace } from './demo-places.ts';
import { tokenWithRole, tokenWithRoles } from './grants.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { type PersonApi, personApi } from './story/api.ts';
import { type Seen, scenes, unexpected } from './story/plot.ts';
import { createTeller } from './story/teller.ts';

/*
 * `npm run story`: starts the stack and the demo fleet, plays the duty officer, and checks through the public API that a
 * newcomer would have seen everything. Exits 0, or 1 naming what was missing.
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

const echo = (stream: Readable | null): void => {
  if (stream !== null) createInterface({ input: stream }).on('line', (line) => say(`  ${line}`));
};

const startFleet = (api: string, registrarToken: string, dataDir: string): ChildProcess => {
  const child = spawn(
    process.execPath,
    [join(repository, 'box', 'fleet.ts'), '--api', api, '--registrar-token', registrarToken, '--data', dataDir],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  echo(child.stdout);
  echo(child.stderr);
  return child;
};

const stopFleet = async (fleet: ChildProcess): Promise<void> => {
  if (fleet.exitCode !== null || fleet.signalCode !== null) return;
  fleet.kill('SIGTERM');
  const gone = await Promise.race([once(fleet, 'exit'), sleep(20_000)]);
  if (gone === undefined) fleet.kill('SIGKILL');
};

const look = async ({ auditor }: People): Promise<Seen> => {
  const incidents: IncidentView[] = [];
  for (const place of demoPlaces) {
    for (const { id } of await auditor.incidents(place)) incidents.push(await auditor.incident(id));
  }
  return {
    incidents,
    retention: await auditor.retention(CITY),
    uptime: await auditor.uptime('sunflower').catch(() => undefined),
  };
};

/** The duty officer answers an alarm at first sight, and closes it at the second. */
const doOfficersDuty = async (officer: PersonApi, seen: Seen): Promise<void> => {
  for (const incident of seen.incidents) {
    if (incident.rule !== 'alarm' || !incident.division.startsWith(CITY)) continue;
    if (incident.state === 'open') {
      await officer.answer(incident.id);
      say(`  值班员应答 the duty officer answers · ${incident.facility}`);
    } else if (incident.state === 'answered') {
      await officer.close(incident.id, 'handled');
      say(`  值班员办结 the duty officer closes it as handled · ${incident.facility}`);
    }
  }
};

const missingIn = (seen: Seen): readonly string[] => [
  ...scenes.flatMap((scene) => {
    const missing = scene.missing(seen);
    return missing === undefined ? [] : [`${scene.name.zh} ${scene.name.en}: ${missing}`];
  }),
  ...unexpected(seen).map((incident) => `nobody expected ${incident.id}`),
];

/** Looks on until everything has been seen, or the time is up; answers what is missing. */
const follow = async (people: People, fleet: ChildProcess): Promise<readonly string[]> => {
  const tell = createTeller(say);
  let missing: readonly string[] = ['nothing was seen yet'];
  while (missing.length > 0 && elapsedMs() < LONGEST_STORY_MS) {
    await sleep(LOOK_EVERY_MS);
    if (fleet.exitCode !== null) return [`the fleet stopped by itself (exit code ${fleet.exitCode})`, ...missing];
    const seen = await look(people);
    for (const incident of seen.incidents) tell(incident);
    await doOfficersDuty(people.officer, seen);
    missing = missingIn(seen);
  }
  return missing;
};

const play = async (directory: string): Promise<readonly string[]> => {
  say('synthesizing the stack 合成');
  const stack = await startLocalStack({
    ...(await assembleStack()),
    dataDir: join(directory, 'data'),
    onFeed: (event) => {
      if (event.kind === 'function-failed') say(`✗ ${event.functionName} failed: ${event.error.slice(0, 300)}`);
      if (event.kind === 'denied') say(`✗ ${event.caller} may not ${event.action} ${event.resource}`);
      if (event.kind === 'fault') say(`✗ ${event.message}`);
    },
  });
  try {
    say(`serving at ${stack.url}`);
    const people = await invitePeople(stack);
    const fleet = startFleet(stack.url, people.registrarToken, join(directory, 'fleet'));
    try {
      return await follow(people, fleet);
    } finally {
      await stopFleet(fleet);
    }
  } finally {
    await stack.stop();
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
