import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { FacilityView } from '../shared/contracts/registry.ts';
import { createDemoBox, type DemoBox } from './fleet/demo-box.ts';
import { logDuties } from './fleet/duties.ts';
import { enrol, putInService } from './fleet/enrol.ts';
import { DEMO_DIVISIONS, facilityBodyOf, nurseries } from './fleet/nurseries.ts';
import { announceWindows, answerAlarms } from './fleet/officer.ts';
import { departmentRosters, facilityRosters, rosterBodyOf } from './fleet/people.ts';
import { createRegistrar, type Registrar } from './fleet/registrar.ts';
import { createScreen } from './fleet/screen.ts';
import { daysOfScript, keepLogging, localMinute, logChecks, noonDeadlineMs, playScript } from './fleet/script.ts';

/*
 * The demo fleet: eighteen simulated boxes in five places, in a process of their own. It files and enrols them through the public
 * registry API and reports through the public report API, with real signatures. Keys and queues are kept, so a second
 * start is the same fleet again.
 *
 *   node box/fleet.ts --api http://127.0.0.1:8787 --registrar-token <token> [--data .local/fleet]
 *                     [--officer-token <token>]   plays the duty officer, too, who announces the drill and the works and answers the alarms
 */

const { values } = parseArgs({
  options: {
    api: { type: 'string' },
    'registrar-token': { type: 'string' },
    'officer-token': { type: 'string' },
    data: { type: 'string', default: '.local/fleet' },
  },
});

const screen = createScreen((line) => process.stdout.write(`${line}\n`));

/** Registering everybody at once would only meet the throttle. */
const FILED_AT_ONCE = 3;

/** How long a box may take to get its first logs answered; one that never does is put into service all the same. */
const LOOK_MS = 100;
const MOST_LOOKS = 150;

const inTurns = async <T>(items: readonly T[], width: number, act: (item: T) => Promise<void>): Promise<void> => {
  const rest = [...items];
  const work = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: width }, work));
};

interface Fleet {
  readonly boxes: readonly DemoBox[];
  /** What is in the registry from an earlier start. */
  readonly filed: ReadonlyMap<string, FacilityView>;
  readonly registrar: Registrar;
  /** Plays the duty officer. */
  readonly officer: Officer | undefined;
}

interface Officer {
  /** Announces the drill and the works of the script. */
  readonly announce: () => Promise<void>;
  readonly answer: (signal: AbortSignal) => Promise<void>;
}

/** Whom to tell is known before there is anything to tell: departments first, the head with the nursery. */
const enterPeople = (registrar: Registrar): Promise<void> =>
  inTurns(departmentRosters, FILED_AT_ONCE, (one) => registrar.enterRoster(one.post, rosterBodyOf(one)));

const enterHead = async (registrar: Registrar, facility: string): Promise<void> => {
  const found = facilityRosters.find(({ post }) => post === `facility~${facility}`);
  if (found !== undefined) await registrar.enterRoster(found.post, rosterBodyOf(found));
};

const start = async ({ boxes, filed, registrar, officer }: Fleet, signal: AbortSignal): Promise<void> => {
  await enterPeople(registrar);
  const noonMs = noonDeadlineMs(Date.now());
  await inTurns(boxes, FILED_AT_ONCE, async (box) => {
    await enrol(registrar, box, filed.get(box.nursery.id), localMinute(noonMs));
    await enterHead(registrar, box.nursery.id);
    if (signal.aborted) return;
    box.plugIn();
    logDuties(box, Date.now(), 'first');
  });
  if (signal.aborted) return;
  // Checks and duties come before the service: nobody is judged for a morning, or a guard, of before it was in the demo.
  const startedMs = Date.now();
  for (const day of daysOfScript(startedMs, noonMs)) logChecks(boxes, day);
  await inTurns(boxes, FILED_AT_ONCE, async (box) => {
    for (let looks = 0; looks < MOST_LOOKS && !box.hasSentAll() && !signal.aborted; looks += 1) await sleep(LOOK_MS);
    await putInService(registrar, box.nursery.id);
  });
  await officer?.announce();
  screen.say(undefined, `${boxes.length} 家托育机构已运行`, `${boxes.length} nurseries are in service`);
  await Promise.all([
    playScript({ boxes, registrar, screen }, noonMs, signal).then(() => {
      if (!signal.aborted) screen.say(undefined, '演示脚本结束，继续上报', 'the script is over; the boxes beat on');
    }),
    keepLogging(boxes, Math.max(startedMs, noonMs), signal),
    officer?.answer(signal),
  ]);
};

const main = async (): Promise<void> => {
  const { api, 'registrar-token': token, 'officer-token': officerToken, data } = values;
  if (api === undefined || token === undefined) {
    throw new Error('usage: node box/fleet.ts --api <url> --registrar-token <token> [--data <folder>]');
  }
  mkdirSync(data, { recursive: true });
  const end = new AbortController();
  const registrar = createRegistrar(new URL(api), token);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => end.abort());
  // A parent that is gone (killed, not stopped) takes its pipe with it: nobody is left to report to.
  process.stdout.on('error', () => end.abort());
  const boxes: DemoBox[] = [];
  try {
    const filed = new Map((await Promise.all(DEMO_DIVISIONS.map(registrar.filed))).flatMap((each) => [...each]));
    for (const nursery of nurseries) {
      const { cameras } = filed.get(nursery.id) ?? facilityBodyOf(nursery, '12:00', Date.now());
      boxes.push(
        createDemoBox(nursery, { api: new URL(api), dataDir: data, cameras, onEvent: screen.follow(nursery) }),
      );
    }
    const desk = officerToken === undefined ? undefined : { api: new URL(api), token: officerToken, screen };
    const officer = desk && {
      announce: () => announceWindows(desk),
      answer: (signal: AbortSignal) => answerAlarms(desk, signal),
    };
    await start({ boxes, filed, registrar, officer }, end.signal);
  } finally {
    await Promise.all(boxes.map((box) => box.unplug()));
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`the fleet stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
