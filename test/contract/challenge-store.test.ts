import { beforeEach, describe, expect, it } from 'vitest';
import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { beginning, queryAll } from '../../shared/adapters/dynamodb/engine.ts';
import { LATEST_DRAW_MS } from '../../shared/domain/challenges/slots.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import type { ChallengeStore, KeptChallenge, SealedToken } from '../../shared/ports/challenge-store.ts';
import { memoryChallengeStore } from '../support/memory-stores.ts';
import { watchSpending } from '../support/spent.ts';
import { NOON_MS } from './samples.ts';
import { onEachEngine } from './stores.ts';

const hourMs = NOON_MS - (NOON_MS % HOUR_MS);
const token = (over: Partial<SealedToken> = {}): SealedToken => ({
  facility: 'sunshine',
  camera: 'cam-1',
  hourMs,
  stability: 'byte-stable',
  token: 'AQfqCwFk',
  receivedAtMs: NOON_MS,
  ...over,
});
const kept = (id: string, askedAtMs = NOON_MS, over: Partial<KeptChallenge> = {}): KeptChallenge => ({
  facility: 'sunshine',
  box: 'gate',
  challenge: {
    id,
    camera: 'cam-1',
    hourMs,
    stratum: 'oldest',
    stability: 'byte-stable',
    askedAtMs,
    answerByMs: askedAtMs + DAY_MS,
  },
  question: {
    id,
    camera: 'cam-1',
    slice: { fromMs: hourMs + 5, toMs: hourMs + 10_005 },
    answerByMs: askedAtMs + DAY_MS,
    key: 'k'.repeat(43),
  },
  mac: 'm'.repeat(43),
  revision: 1,
  ...over,
});
const publicKey = (keyId: string, publicBytes = 'p') => ({
  keyId,
  publicKey: publicBytes.repeat(43),
  publishedAtMs: NOON_MS,
});

const suite = (make: () => Promise<ChallengeStore>): void => {
  let store: ChallengeStore;
  beforeEach(async () => {
    store = await make();
  });

  describe('tokens', () => {
    it('are read by facility, camera and hour; the first that came stands', async () => {
      await store.putTokens([token()]);
      await store.putTokens([token({ token: 'AQfqCwFl', receivedAtMs: NOON_MS + 1 })]);
      await store.putTokens([token({ receivedAtMs: NOON_MS + 2 })]);
      expect(await store.readToken('sunshine', 'cam-1', hourMs)).toEqual(token());
      expect(await store.readToken('sunshine', 'cam-1', hourMs + HOUR_MS)).toBeUndefined();
      expect(await store.readToken('sunshine', 'cam-2', hourMs)).toBeUndefined();
      expect(await store.readToken('moonlight', 'cam-1', hourMs)).toBeUndefined();
    });

    it('of a recorder without stable bytes are the word alone', async () => {
      const { token: _none, ...word } = token({ stability: 'presence-only' });
      await store.putTokens([word]);
      expect(await store.readToken('sunshine', 'cam-1', hourMs)).toEqual(word);
    });

    it('of several cameras and hours come in one request, and each stands for itself', async () => {
      const came = [
        token({ camera: 'cam-2', token: 'AQfqCwFl' }),
        token({ token: 'AQfqCwFm' }),
        token({ token: 'AQfqCwFo' }),
        token({ hourMs: hourMs + HOUR_MS, token: 'AQfqCwFn' }),
      ];
      await store.putTokens([token({ receivedAtMs: NOON_MS - 1 })]);
      await store.putTokens(came);
      const read = (camera: string, of: number) => store.readToken('sunshine', camera, of);
      expect(await read('cam-1', hourMs)).toEqual(token({ receivedAtMs: NOON_MS - 1 }));
      expect(await read('cam-2', hourMs)).toEqual(came[0]);
      expect(await read('cam-1', hourMs + HOUR_MS)).toEqual(came[3]);
      expect(await read('cam-2', hourMs + HOUR_MS)).toBeUndefined();
      expect(await read('constructor', hourMs)).toBeUndefined();
    });

    it('of which one request names a camera twice are its first', async () => {
      await store.putTokens([token(), token({ token: 'AQfqCwFl' })]);
      expect(await store.readToken('sunshine', 'cam-1', hourMs)).toEqual(token());
    });
  });

  describe('challenges', () => {
    it('are put once under their id, by exactly one of two at once', async () => {
      const two = [kept('2026-11-20.0'), kept('2026-11-20.0', NOON_MS + 1, { mac: 'o'.repeat(43) })];
      const put = await Promise.all(two.map((one) => store.putChallenge(one)));
      expect(put.filter(Boolean)).toHaveLength(1);
      expect(await store.readChallenge('sunshine', '2026-11-20.0')).toEqual(two[put.indexOf(true)]);
      expect(await store.readChallenge('moonlight', '2026-11-20.0')).toBeUndefined();
      expect(await store.putChallenge(kept('2026-11-20.0', NOON_MS, { facility: 'moonlight' }))).toBe(true);
    });

    it('without a question keep why nothing was asked', async () => {
      const { question: _none, mac: _neither, ...rest } = kept('2026-11-20.1');
      const refused = { ...rest, challenge: { ...rest.challenge, tokenRefused: 'not-authentic' } };
      await store.putChallenge(refused);
      expect(await store.readChallenge('sunshine', '2026-11-20.1')).toEqual(refused);
    });

    it('move by compare-and-set', async () => {
      const first = kept('2026-11-20.0');
      await store.putChallenge(first);
      const answered = { ...first, answeredBy: { id: 'r', digest: 'd' }, sealedAs: 'held' as const, revision: 2 };
      const saved = await Promise.all([answered, { ...first, revision: 2 }].map((one) => store.saveChallenge(one)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect(await store.saveChallenge({ ...answered, revision: 4 })).toBe(false);
      expect(await store.saveChallenge({ ...answered, revision: 3 })).toBe(true);
      expect(await store.readChallenge('sunshine', '2026-11-20.0')).toEqual({ ...answered, revision: 3 });
    });

    it('are read by when they were asked, that instant included, in that order', async () => {
      const asked = [
        kept('2026-11-20.1', NOON_MS),
        kept('2026-11-19.0', NOON_MS + 5),
        kept('2026-11-20.0', NOON_MS - 1),
      ];
      for (const one of asked) await store.putChallenge(one);
      await store.putChallenge(kept('2026-11-20.9', NOON_MS, { facility: 'sunshine-2' }));
      await store.putTokens([token()]);
      const ids = async (sinceMs: number) =>
        (await store.challengesSince('sunshine', sinceMs)).map(({ challenge }) => challenge.id);
      expect(await ids(NOON_MS)).toEqual(['2026-11-20.1', '2026-11-19.0']);
      expect(await ids(0)).toEqual(['2026-11-20.0', '2026-11-20.1', '2026-11-19.0']);
      expect(await ids(NOON_MS + 6)).toEqual([]);
    });

    it('that were drawn as late as a day may be are not missed', async () => {
      const endOfDay = Date.parse('2026-11-21T00:00:00+14:00');
      await store.putChallenge(kept('2026-11-20.0', endOfDay + LATEST_DRAW_MS));
      const west = Date.parse('2026-11-21T00:00:00-12:00');
      await store.putChallenge(kept('2026-11-20.1', west + LATEST_DRAW_MS));
      expect(await store.challengesSince('sunshine', west + LATEST_DRAW_MS)).toHaveLength(1);
      expect(await store.challengesSince('sunshine', endOfDay + LATEST_DRAW_MS)).toHaveLength(2);
    });
  });

  describe('published keys', () => {
    it('are put once, and who comes second is told the one that stands', async () => {
      expect(await store.publishKey(publicKey('2026-11.1'))).toEqual(publicKey('2026-11.1'));
      expect(await store.publishKey(publicKey('2026-11.1', 'q'))).toEqual(publicKey('2026-11.1'));
    });

    it('are listed from the oldest on', async () => {
      for (const keyId of ['2026-12.1', '2026-11.2', '2026-11.1']) await store.publishKey(publicKey(keyId));
      const ids = (await store.publishedKeys()).map(({ keyId }) => keyId);
      expect(ids).toEqual(['2026-11.1', '2026-11.2', '2026-12.1']);
    });
  });
};

describe('challenge store', () => {
  describe('in memory', () => suite(async () => memoryChallengeStore()));
  onEachEngine((engine) => {
    suite(async () => makeChallengeStore(engine().client, (await engine().tables()).challenges));

    it('lets tokens and challenges expire, in whole seconds, and keys never', async () => {
      const table = (await engine().tables()).challenges;
      const store = makeChallengeStore(engine().client, table, 90);
      const expiryOf = async (pk: string, sk: string) => {
        const [item] = await queryAll(engine().client, beginning(table, pk, sk));
        return item?.expiresAt;
      };
      await store.putTokens([token()]);
      await store.putChallenge(kept('2026-11-20.0'));
      await store.publishKey(publicKey('2026-11.1'));
      expect(await expiryOf('facility#sunshine', `token#${hourMs}#`)).toBe((hourMs + 120 * DAY_MS) / 1_000);
      expect(await expiryOf('facility#sunshine', 'challenge#2026-11-20.0')).toBe((NOON_MS + 400 * DAY_MS) / 1_000);
      expect(await expiryOf('keys#', '2026-11.1')).toBeUndefined();
    });

    it('keeps an hour of sixteen cameras in one item of three write units, and again in the same', async () => {
      const table = (await engine().tables()).challenges;
      const client = engine().connect();
      const watched = watchSpending(client);
      const store = makeChallengeStore(client, table);
      const came = Array.from({ length: 16 }, (_, n) =>
        token({ camera: `cam-${n}`, token: Buffer.alloc(125, n).toString('base64url') }),
      );
      for (const receivedAtMs of [NOON_MS, NOON_MS + 1]) {
        await store.putTokens(came.map((one) => ({ ...one, receivedAtMs })));
      }
      expect(watched.spent[0]).toEqual({ command: 'PutItem', units: 3 });
      expect(await queryAll(client, beginning(table, 'facility#sunshine', 'token#'))).toHaveLength(1);
      client.destroy();
    });
  });
});
