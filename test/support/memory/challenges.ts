import type {
  ChallengeKeys,
  ChallengeStore,
  KeptChallenge,
  PublishedKey,
  SealedToken,
} from '../../../shared/ports/challenge-store.ts';
import { logged } from './calls.ts';
import { ascending } from './pages.ts';

export interface MemoryChallenges {
  /** Keys `<facility>#<camera>#<hour>`. */
  readonly tokens: Map<string, SealedToken>;
  /** Keys `<facility>#<id>`. */
  readonly challenges: Map<string, KeptChallenge>;
  readonly keys: Map<string, PublishedKey>;
}

/** The challenges table in memory. `kept` shows what is kept. */
export const memoryChallengeStore = (): ChallengeStore & { readonly kept: MemoryChallenges } => {
  const kept: MemoryChallenges = { tokens: new Map(), challenges: new Map(), keys: new Map() };
  const { tokens, challenges, keys } = kept;
  return logged({
    kept,
    putTokens: async (came) => {
      for (const token of came) {
        const id = `${token.facility}#${token.camera}#${token.hourMs}`;
        if (!tokens.has(id)) tokens.set(id, structuredClone(token));
      }
    },
    readToken: async (facility, camera, hourMs) => structuredClone(tokens.get(`${facility}#${camera}#${hourMs}`)),
    putChallenge: async (next) => {
      const id = `${next.facility}#${next.challenge.id}`;
      if (challenges.has(id)) return false;
      challenges.set(id, structuredClone({ ...next, revision: 1 }));
      return true;
    },
    readChallenge: async (facility, id) => structuredClone(challenges.get(`${facility}#${id}`)),
    saveChallenge: async (next) => {
      const id = `${next.facility}#${next.challenge.id}`;
      if (challenges.get(id)?.revision !== next.revision - 1) return false;
      challenges.set(id, structuredClone(next));
      return true;
    },
    challengesSince: async (facility, sinceMs) =>
      [...challenges.values()]
        .filter((one) => one.facility === facility && one.challenge.askedAtMs >= sinceMs)
        .sort((a, b) => a.challenge.askedAtMs - b.challenge.askedAtMs || ascending(a.challenge.id, b.challenge.id))
        .map((one) => structuredClone(one)),
    publishKey: async (key) => {
      if (!keys.has(key.keyId)) keys.set(key.keyId, structuredClone(key));
      return structuredClone(keys.get(key.keyId) ?? key);
    },
    publishedKeys: async () =>
      [...keys.entries()].sort(([a], [b]) => ascending(a, b)).map(([, key]) => structuredClone(key)),
  } satisfies ChallengeStore & { readonly kept: MemoryChallenges });
};

/** Private keys in memory. `kept` shows (and lets a test lose) them; `chance` gives the bytes of a new one. */
export const memoryChallengeKeys = (
  chance: (keyId: string) => Uint8Array = (keyId) => new Uint8Array(32).fill(keyId.charCodeAt(6) + 1),
): ChallengeKeys & { readonly kept: Map<string, Uint8Array> } => {
  const kept = new Map<string, Uint8Array>();
  return logged({
    kept,
    read: async (keyId) => kept.get(keyId)?.slice(),
    make: async (keyId) => {
      const made = kept.get(keyId) ?? chance(keyId);
      kept.set(keyId, made.slice());
      return made.slice();
    },
    destroy: async (keyId) => {
      kept.delete(keyId);
    },
  } satisfies ChallengeKeys & { readonly kept: Map<string, Uint8Array> });
};
