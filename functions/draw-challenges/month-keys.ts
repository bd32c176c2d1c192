import type { ChallengePolicy } from '../../shared/domain/challenges/challenge.ts';
import {
  formatKeyMonth,
  KEY_ZONE,
  type KeyMonth,
  keyMonthAt,
  keyNeededUntilMs,
  keysOfMonth,
  monthsToHave,
  parseKeyMonth,
} from '../../shared/domain/challenges/key-month.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { publicKeyOf } from '../../shared/evidence/hpke.ts';
import type { ChallengeKeys, ChallengeStore, PublishedKey } from '../../shared/ports/challenge-store.ts';

/** What one instance has read or made is known to it for so long. */
const HELD_MS = 10 * MINUTE_MS;
/** A secret that was just made may not be seen by everybody yet: it is not called lost before this. */
const SETTLES_MS = HOUR_MS;
const MOST_KEYS_A_MONTH = 255;

export interface MonthKeysDependencies {
  readonly keys: ChallengeKeys;
  readonly challenges: Pick<ChallengeStore, 'publishKey' | 'publishedKeys'>;
  /** The longest that any pack asks recordings to be kept. */
  readonly policy: Pick<ChallengePolicy, 'retainMs' | 'answerWithinMs'>;
  /** A private key is gone whose tokens still have to be opened. */
  readonly lost: (keyId: string) => void;
}

export interface MonthKeys {
  /** Makes what is missing, destroys what is over. Repeating it changes nothing. */
  keep(nowMs: number): Promise<void>;
  /** The private key of the tokens of that id. Absent = it was destroyed, or lost, or never made. */
  read(keyId: string, nowMs: number): Promise<Uint8Array | undefined>;
  isPublished(keyId: string): boolean;
  /** What only we know at this instant: the private key of the month. Throws `UnavailableError`. */
  secret(nowMs: number): Promise<Uint8Array>;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** The private keys of challenges: this is the only place of the product that has them. */
export const makeMonthKeys = ({ keys, challenges, policy, lost }: MonthKeysDependencies): MonthKeys => {
  const held = new Map<string, { readonly key: Uint8Array; readonly untilMs: number }>();
  const destroyed = new Set<string>();
  let published: readonly PublishedKey[] = [];
  let keptUntilMs = Number.NEGATIVE_INFINITY;

  const read = async (keyId: string, nowMs: number): Promise<Uint8Array | undefined> => {
    const known = held.get(keyId);
    if (known !== undefined && nowMs < known.untilMs) return known.key;
    const key = await keys.read(keyId);
    if (key === undefined) held.delete(keyId);
    else held.set(keyId, { key, untilMs: nowMs + HELD_MS });
    return key;
  };

  /** Dying between the two: the private key is there, and the next run publishes its public half. */
  const make = async (month: KeyMonth, nowMs: number): Promise<void> => {
    const keyId = formatKeyMonth(month);
    const key = await keys.make(keyId);
    // Who reads it at once may not see it yet.
    held.set(keyId, { key, untilMs: nowMs + HELD_MS });
    await challenges.publishKey({ keyId, publicKey: textOf(publicKeyOf(key)), publishedAtMs: nowMs });
  };

  /** A published key whose private half is gone opens nothing: boxes must not seal to it any longer. */
  const keepMonth = async (month: KeyMonth, nowMs: number): Promise<void> => {
    const newest = keysOfMonth(published, month).at(-1);
    if (newest === undefined) return make(month, nowMs);
    const key = await read(newest.keyId, nowMs);
    if (key !== undefined && textOf(publicKeyOf(key)) === newest.publicKey) return;
    if (nowMs - newest.publishedAtMs < SETTLES_MS || newest.number >= MOST_KEYS_A_MONTH) return;
    lost(newest.keyId);
    await make({ ...month, number: newest.number + 1 }, nowMs);
  };

  const isOver = (keyId: string, nowMs: number): boolean => {
    const month = parseKeyMonth(keyId);
    return month !== undefined && keyNeededUntilMs(month, policy, KEY_ZONE) <= nowMs;
  };

  /** Dying in here: the next run destroys the rest; a key that is gone is destroyed again without harm. */
  const destroyOld = async (nowMs: number): Promise<void> => {
    for (const { keyId } of published) {
      if (destroyed.has(keyId) || !isOver(keyId, nowMs)) continue;
      held.delete(keyId);
      await keys.destroy(keyId);
      destroyed.add(keyId);
    }
  };

  return {
    keep: async (nowMs) => {
      if (nowMs < keptUntilMs) return;
      published = await challenges.publishedKeys();
      for (const month of monthsToHave(nowMs, KEY_ZONE)) await keepMonth(month, nowMs);
      await destroyOld(nowMs);
      published = await challenges.publishedKeys();
      keptUntilMs = nowMs + HELD_MS;
    },
    // What is over is not opened any more, though another instance may not have come to destroy it.
    read: async (keyId, nowMs) => (isOver(keyId, nowMs) ? undefined : await read(keyId, nowMs)),
    isPublished: (keyId) => published.some((one) => one.keyId === keyId),
    secret: async (nowMs) => {
      const newest = keysOfMonth(published, keyMonthAt(nowMs, KEY_ZONE)).at(-1);
      const key = newest && (await read(newest.keyId, nowMs));
      if (key === undefined) throw new UnavailableError('the private key of this month is not there');
      return key;
    },
  };
};
