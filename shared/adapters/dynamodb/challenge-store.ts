import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LATEST_DRAW_MS } from '../../domain/challenges/slots.ts';
import { addDays } from '../../domain/civil-day.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { ChallengeStore, KeptChallenge, PublishedKey } from '../../ports/challenge-store.ts';
import { beginning, between, type Item, type Key, queryAll, readItem } from './engine.ts';
import { expiring, TOLD_DAYS } from './expiry.ts';
import { AFTER_ALL, ofFacility } from './keys.ts';
import { putFirst, putNext } from './put-next.ts';
import { makeTokenStore } from './token-store.ts';

const USUAL_RETENTION_DAYS = 90;

const challengeKey = (facility: string, id: string): Key => ({
  pk: ofFacility(facility),
  sk: `challenge#${id}`,
});

/** A partition of its own: only who draws may write there. */
const KEYS = 'keys#';

const publishedKey = (keyId: string): Key => ({ pk: KEYS, sk: keyId });

/** What an item says beside its key, schema and expiry. */
const bodyOf = <T>({ pk: _pk, sk: _sk, schema: _schema, expiresAt: _expiresAt, ...body }: Item): T => body as T;

/**
 * The first id that can have been asked for at that instant: an id begins with its day, which is never drawn for later
 * than `LATEST_DRAW_MS` after its end, and its zone is never more than a day off from ours.
 */
const firstIdSince = (sinceMs: number): string => {
  const today = new Date(Math.max(0, sinceMs)).toISOString().slice(0, 10);
  return addDays(today, -(LATEST_DRAW_MS / DAY_MS + 3));
};

/**
 * Tokens, challenges and published keys. Each is put once: a crash before a put leaves nothing, one after it leaves what
 * the repeat finds standing.
 *
 * @param retentionDays the longest time for which any pack asks recordings to be kept
 */
export const makeChallengeStore = (
  client: DynamoDBClient,
  table: string,
  retentionDays = USUAL_RETENTION_DAYS,
): ChallengeStore => {
  const readBody = async <T>(key: Key): Promise<T | undefined> => {
    const item = await readItem(client, table, key);
    return item && bodyOf<T>(item);
  };
  const challengeItem = (kept: KeptChallenge) => ({
    ...kept,
    ...expiring(kept.challenge.askedAtMs, TOLD_DAYS),
  });

  return {
    ...makeTokenStore(client, table, retentionDays),

    putChallenge: (kept) =>
      putFirst(client, table, challengeKey(kept.facility, kept.challenge.id), challengeItem({ ...kept, revision: 1 })),
    readChallenge: (facility, id) => readBody<KeptChallenge>(challengeKey(facility, id)),
    saveChallenge: (next) =>
      putNext(client, table, challengeKey(next.facility, next.challenge.id), {
        ...challengeItem(next),
        revision: next.revision,
      }),
    challengesSince: async (facility, sinceMs) => {
      const { pk, sk: from = '' } = challengeKey(facility, firstIdSince(sinceMs));
      const found = await queryAll(client, between(table, pk ?? '', from, `challenge#${AFTER_ALL}`));
      return found
        .map((item) => bodyOf<KeptChallenge>(item))
        .filter(({ challenge }) => challenge.askedAtMs >= sinceMs)
        .sort((a, b) => a.challenge.askedAtMs - b.challenge.askedAtMs || (a.challenge.id < b.challenge.id ? -1 : 1));
    },

    publishKey: async (key) => {
      const place = publishedKey(key.keyId);
      // Somebody was faster: boxes may have sealed to the one that stands.
      if (await putFirst(client, table, place, { ...key })) return key;
      return (await readBody<PublishedKey>(place)) ?? key;
    },
    publishedKeys: async () =>
      (await queryAll(client, beginning(table, KEYS, '2'))).map((item) => bodyOf<PublishedKey>(item)),
  };
};
