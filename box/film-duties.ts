import type { RecordingWire } from '../shared/contracts/reports/recording.ts';
import type { ChallengeAnswer } from '../shared/domain/challenges/challenge.ts';
import { isKeyTimely, KEY_ZONE, parseKeyMonth } from '../shared/domain/challenges/key-month.ts';
import { type Interval, SECOND_MS } from '../shared/domain/time.ts';
import { startAnswering } from './answering.ts';
import { type SealingKey, sealHour } from './challenges.ts';
import type { HeardInAnswer, OrdersHeard } from './heard-in-answer.ts';
import { startHolding } from './holding.ts';
import type { KeyMark } from './mark.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { FilmHolder, SliceReader } from './recorder.ts';
import { onWire } from './streams.ts';

/** How often a busy recorder is asked for the hour that has just ended, and after how long. Hours of before are many. */
const MOST_TRIES = 3;
const RETRY_MS = 10 * SECOND_MS;
/** All cameras of an hour together: it has to be told within two hours. */
const MOST_WAITS = 60;

export interface FilmDutiesOptions {
  /** By which hours are sealed and challenges answered; absent = the recorder gives no film, and nothing is sealed. */
  readonly slices?: SliceReader | undefined;
  /** By which orders to keep are carried out; absent = it protects nothing, and confirms nothing. */
  readonly holder?: FilmHolder | undefined;
  /** The month's key as last told; without it a restarted box seals from its first answer on. */
  readonly keyMark?: KeyMark | undefined;
  readonly facilityId: string;
  readonly nowMs: () => number;
  /** Final answers that wait on disk since before a restart, by their challenge. */
  readonly saidBefore: readonly string[];
  readonly sayAnswer: (answer: ChallengeAnswer) => void;
  /** This camera has an order to confirm, and the next hour may be an hour away. */
  readonly confirmNow: (camera: string) => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What a box owes of its film besides reporting it: to seal each hour, to show it when asked, to keep what is ordered. */
export interface FilmDuties {
  /** What the answer to a recording report asks and orders. Holds up nothing. */
  readonly hear: (answer: HeardInAnswer) => void;
  /** The hour's token, or why it has none, for its report. The newest hour is worth waiting for. */
  readonly seal: (camera: string, hourMs: number, recorded: readonly Interval[], isNewest: boolean) => Promise<Sealed>;
  /** What the next report of the camera confirms. */
  readonly confirm: (camera: string) => Pick<RecordingWire, 'confirmedHolds'>;
  readonly done: () => Promise<void>;
}
type Sealed = Pick<RecordingWire, 'challengeMode' | 'challengeToken'>;

export const startFilmDuties = (options: FilmDutiesOptions): FilmDuties => {
  const { nowMs, pause, signal } = options;
  const slices = options.slices && oneAtATime(options.slices);
  const holding = options.holder && startHolding(options.holder, nowMs);
  const answering = slices && startAnswering({ ...options, recorder: slices, say: options.sayAnswer });
  let sealTo = options.keyMark?.read();
  let waits = { hourMs: Number.NaN, count: 0 };
  let carrying: Promise<void> = Promise.resolve();

  /** By its bytes too: one that was damaged on disk, or is of another stack, would spoil each token of its month. */
  const learnKey = (key: SealingKey | undefined): void => {
    if (key === undefined || (sealTo !== undefined && isSameKey(key, sealTo))) return;
    sealTo = key;
    options.keyMark?.write(key);
  };

  const carryOut = async (holds: OrdersHeard): Promise<void> => {
    for (const camera of (await holding?.hear(holds)) ?? []) if (!signal.aborted) options.confirmNow(camera);
  };

  const sealOnce = async (
    by: SliceReader,
    camera: string,
    hourMs: number,
    recorded: readonly Interval[],
    to: SealingKey,
  ): Promise<Sealed | 'busy'> => {
    const subject = { facilityId: options.facilityId, camera, hourMs };
    // A key that is no point of the curve, or of low order: the hour is told without a token.
    const sealed = await sealHour(by, subject, recorded, to).catch(() => undefined);
    if (sealed === undefined) return {};
    if (sealed.is === 'presence-only') return { challengeMode: 'presence-only' };
    if (sealed.is === 'not-sealed') return sealed.because === 'busy' ? 'busy' : {};
    return { challengeMode: 'byte-stable', challengeToken: Buffer.from(sealed.token).toString('base64url') };
  };

  const seal: FilmDuties['seal'] = async (camera, hourMs, recorded, isNewest) => {
    if (slices === undefined) return {};
    // Such a recorder can say so without a key.
    if (slices.stability === 'presence-only') return { challengeMode: 'presence-only' };
    const to = sealTo;
    if (to === undefined || !isTimely(to, hourMs)) return {};
    for (let left = isNewest ? MOST_TRIES : 1; !signal.aborted; left -= 1) {
      const sealed = await sealOnce(slices, camera, hourMs, recorded, to);
      if (sealed !== 'busy') return sealed;
      if (waits.hourMs !== hourMs) waits = { hourMs, count: 0 };
      if (left <= 1 || waits.count >= MOST_WAITS) return {};
      waits.count += 1;
      await pause(RETRY_MS, signal);
    }
    return {};
  };

  return {
    hear: ({ challenges = [], sealTo: key, holds }) => {
      learnKey(key);
      answering?.hear(challenges);
      // A recorder that fails is asked again with the next answer, which names every order anew.
      if (holds !== undefined) carrying = carrying.then(() => carryOut(holds)).catch(() => {});
    },
    seal,
    confirm: (camera) => {
      const orders = holding?.toConfirm(camera) ?? [];
      if (orders.length === 0) return {};
      const said = orders.map(({ hold, fromMs, toMs }) => ({ hold, from: onWire(fromMs), to: onWire(toMs) }));
      return { confirmedHolds: said };
    },
    done: async () => {
      await Promise.all([carrying, answering?.done()]);
    },
  };
};

const isSameKey = (one: SealingKey, other: SealingKey): boolean =>
  one.keyId === other.keyId && Buffer.compare(one.publicKey, other.publicKey) === 0;

/** Of another month than its own or a neighbour's nobody would open it. */
const isTimely = ({ keyId }: SealingKey, hourMs: number): boolean => {
  const month = parseKeyMonth(keyId);
  return month !== undefined && isKeyTimely(month, hourMs, KEY_ZONE);
};
