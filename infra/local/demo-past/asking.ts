import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { answerChallenge } from '../../../box/challenges.ts';
import { DEMO_ZONE, type Nursery } from '../../../box/fleet/nurseries.ts';
import { type BoxIdentity, signedHeaders } from '../../../box/signer.ts';
import { onWire } from '../../../box/streams.ts';
import type { ChallengeQuestion } from '../../../shared/domain/challenges/challenge.ts';
import { KEY_ZONE, monthsToHave } from '../../../shared/domain/challenges/key-month.ts';
import { addDays, instantOf } from '../../../shared/domain/civil-day.ts';
import { DAY_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import type { KeptChallenge } from '../../../shared/ports/challenge-store.ts';
import { clockFrom } from '../clock.ts';
import type { LocalFunction } from '../functions.ts';
import { startHttpApi } from '../http-api.ts';
import type { BeforeItRuns } from '../stack.ts';
import type { ThenRecorder } from './film.ts';
import type { Plan } from './plan.ts';
import type { PastStores } from './stores.ts';
import { invokeWith, PastError } from './work.ts';

/** As `close-day` shares a day out, and some minutes later the box hears what it is asked. */
const DRAWN_AFTER_MS = 16 * MINUTE_MS;
const ANSWERED_AFTER_MS = 66 * MINUTE_MS;

const endOf = (day: string): number => instantOf(addDays(day, 1), '00:00', DEMO_ZONE);

/** No nursery has this name: who draws for it keeps the keys of the month, and asks and folds nothing. */
const NOBODY = 'nobody';

/** The months of the past have their keys: whoever draws makes that of its month first. */
export const makeMonthKeys = async (draw: LocalFunction, { filmFromMs, untilMs, lastDay }: Plan) => {
  const known = new Set<string>();
  for (let atMs = filmFromMs; atMs < untilMs; atMs += DAY_MS) {
    const months = monthsToHave(atMs, KEY_ZONE).map(({ year, month }) => `${year}-${month}`);
    if (months.every((month) => known.has(month))) continue;
    for (const month of months) known.add(month);
    draw.setClock(clockFrom({ atMs }));
    await invokeWith(draw, [{ facility: NOBODY, day: lastDay }]);
  }
};

/** Where requests of the past arrive: the gateway's own code, before a function whose clock shows then. */
interface PastGateway {
  readonly setClock: (atMs: number) => void;
  /** Sends signed reports as if to the API itself, which their signature names. */
  readonly send: (identity: BoxIdentity, reports: readonly object[], createdMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const openGateway = async ({ url: apiUrl, copyWithClock }: BeforeItRuns, atMs: number): Promise<PastGateway> => {
  const receive = copyWithClock('receive-challenges', atMs);
  const url = new URL('/v1/challenges', apiUrl);
  const { logicalId: functionId, timeoutMs } = receive.spec;
  let nowMs = atMs;
  const route = { logicalId: 'past', routeKey: 'POST /v1/challenges', functionId, timeoutMs, throttle: undefined };
  const gateway = await startHttpApi({
    routes: [route],
    functions: new Map([[functionId, receive]]),
    port: 0,
    now: () => nowMs,
    feed: () => undefined,
  });
  const send: PastGateway['send'] = (identity, reports, createdMs) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(JSON.stringify(reports));
      const headers = { ...signedHeaders(identity, { method: 'POST', url, body, createdMs }), host: url.host };
      // Not `fetch`, which lets nobody name another host than the one that it asks.
      const sent = request(new URL(url.pathname, gateway.url), { method: 'POST', headers }, (answer) => {
        answer.resume();
        if (answer.statusCode === 200) answer.once('end', resolve);
        else reject(new PastError(`what a box said was answered ${answer.statusCode}`));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    setClock: (ms) => {
      nowMs = ms;
      receive.setClock(clockFrom({ atMs: ms }));
    },
    send,
    stop: async () => {
      await gateway.stop();
      await receive.stop();
    },
  };
};

/** Its disk keeps nothing for long: every other time its box makes something up, else it owns that the film is gone. */
const lieTo = ({ challenge: { id } }: KeptChallenge, n: number, atMs: number): object => {
  const about = { id: uuidv7(), time: onWire(atMs), challenge: id };
  return n % 2 === 0
    ? { ...about, is: 'shown', mac: randomBytes(32).toString('base64url') }
    : { ...about, is: 'not-found' };
};

const isAsked = async ({ challenges }: PastStores, facility: string, day: string): Promise<boolean> =>
  (await challenges.challengesSince(facility, endOf(day))).some(({ challenge: { id } }) => id.startsWith(`${day}.`));

const openOf = async ({ challenges }: PastStores, facility: string, nowMs: number): Promise<readonly KeptChallenge[]> =>
  (await challenges.challengesSince(facility, nowMs - 2 * DAY_MS)).filter(
    ({ challenge, question }) => question !== undefined && challenge.answer === undefined,
  );

/** Who is asked for its film, and the recorder from which an honest box answers. */
export interface Asked {
  readonly nursery: Nursery;
  readonly identity: BoxIdentity;
  readonly then: ThenRecorder;
}

/** What the box says to its open questions: the liar lies, the other reads its recorder. */
const answersOf = (asked: Asked, open: readonly KeptChallenge[], n: number, atMs: number): Promise<readonly object[]> =>
  Promise.all(
    open.map(async (one, at) => {
      if (asked.nursery.part === 'box-that-lies') return lieTo(one, n + at, atMs);
      const { id, ...said } = await answerChallenge(asked.then.at(atMs), one.question as ChallengeQuestion);
      return { id: uuidv7(), time: onWire(atMs), challenge: id, ...said };
    }),
  );

/** Asks for film at each midnight of the last days, and lets the box answer: both through the functions themselves. */
export const askForFilm = async (
  before: BeforeItRuns,
  stores: PastStores,
  draw: LocalFunction,
  asked: Asked,
  { askedDays }: Plan,
): Promise<void> => {
  const { identity } = asked;
  const { facilityId } = identity;
  const gateway = await openGateway(before, endOf(askedDays[0] ?? ''));
  try {
    for (const [n, day] of askedDays.entries()) {
      // Asked before a kill: asking again, by a clock that is behind what was answered since, would tell it in the wrong order.
      if (!(await isAsked(stores, facilityId, day))) {
        draw.setClock(clockFrom({ atMs: endOf(day) + DRAWN_AFTER_MS }));
        await invokeWith(draw, [{ facility: facilityId, day }]);
      }
      const atMs = endOf(day) + ANSWERED_AFTER_MS;
      // Killed between asking and answering: the next start answers what is open.
      const open = await openOf(stores, facilityId, atMs);
      if (open.length === 0) continue;
      gateway.setClock(atMs);
      await gateway.send(identity, await answersOf(asked, open, n, atMs), atMs);
    }
  } finally {
    await gateway.stop();
  }
};
