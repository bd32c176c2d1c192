import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { ChallengeAnswer, ChallengeQuestion } from '../shared/domain/challenges/challenge.ts';
import { sliceAtRandom } from '../shared/domain/challenges/slice.ts';
import { type Interval, SECOND_MS } from '../shared/domain/time.ts';
import { macOfSlice, sealToken, type TokenSubject } from '../shared/evidence/challenge-token.ts';
import type { SliceReader } from './recorder.ts';

/** What was sealed is shorter; a box does not fetch hours of film for anybody, and does not call them gone either. */
const LONGEST_SLICE_MS = 60 * SECOND_MS;
const KEY_BYTES = 32;
/** Read again this often before the bytes count as stable. */
const REREADS = 2;

/** The month's public key as the server names it. */
export interface SealingKey {
  readonly keyId: string;
  /** Raw X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Where a box's chance comes from; a test gives its own. */
export interface Chance {
  readonly bytes: (count: number) => Uint8Array;
  /** A whole number in `[0, limit)`. */
  readonly below: (limit: number) => number;
}

export const systemChance: Chance = { bytes: randomBytes, below: (limit) => randomInt(limit) };

/** What the recording report says of the hour: a token, or why there is none. */
export type SealedHour =
  | { readonly is: 'sealed'; readonly token: Uint8Array }
  | { readonly is: 'presence-only'; readonly because: 'adapter-says-so' | 'bytes-differ' }
  /** `busy`: try again before the report goes out. */
  | { readonly is: 'not-sealed'; readonly because: 'too-little-recorded' | 'not-found' | 'busy' };

/**
 * Seals one camera-hour once it is recorded: a slice at random, a key at random, both forgotten when this returns.
 * Every hour gets its token, so that nobody who gets hold of the box later knows which hours matter. Nothing of it is
 * logged or kept: a box that kept slice and key would make its own odds worthless.
 */
export const sealHour = async (
  recorder: SliceReader,
  subject: TokenSubject,
  recorded: readonly Interval[],
  to: SealingKey,
  chance: Chance = systemChance,
): Promise<SealedHour> => {
  if (recorder.stability === 'presence-only') return { is: 'presence-only', because: 'adapter-says-so' };
  const slice = sliceAtRandom(subject.hourMs, recorded, chance.below);
  if (slice === undefined) return { is: 'not-sealed', because: 'too-little-recorded' };
  const read = await readStable(recorder, subject.camera, slice);
  if (read.is === 'bytes-differ') return { is: 'presence-only', because: 'bytes-differ' };
  if (read.is !== 'read') return { is: 'not-sealed', because: read.is };
  const key = chance.bytes(KEY_BYTES);
  const secret = {
    offsetMs: slice.fromMs - subject.hourMs,
    lengthMs: slice.toMs - slice.fromMs,
    key,
    mac: macOfSlice(key, read.bytes),
  };
  const ephemeral = chance.bytes(32);
  const token = sealToken(secret, subject, to, ephemeral);
  for (const forgotten of [key, secret.mac, ephemeral]) forgotten.fill(0);
  return { is: 'sealed', token };
};

/**
 * Answers an opened challenge from the recorder, never from anything the box kept. A recorder that fails is busy, for
 * `not-found` is final and says that the film is gone.
 */
export const answerChallenge = async (recorder: SliceReader, question: ChallengeQuestion): Promise<ChallengeAnswer> => {
  const { id, camera, slice } = question;
  if (slice.toMs - slice.fromMs > LONGEST_SLICE_MS) return { id, is: 'busy' };
  const read = await readOrBusy(recorder, camera, slice);
  if (read.is !== 'read') return { id, is: read.is };
  if (question.key === undefined) return { id, is: 'present' };
  const mac = macOfSlice(Buffer.from(question.key, 'base64url'), read.bytes);
  return { id, is: 'shown', mac: Buffer.from(mac).toString('base64url') };
};

type StableRead = Awaited<ReturnType<SliceReader['readSlice']>> | { readonly is: 'bytes-differ' };

/** Reads the slice and then again; only bytes that came the same each time can be asked for by their bytes. */
const readStable = async (recorder: SliceReader, camera: string, slice: Interval): Promise<StableRead> => {
  const first = await readOrBusy(recorder, camera, slice);
  if (first.is !== 'read') return first;
  const digest = digestOf(first.bytes);
  for (let again = 0; again < REREADS; again += 1) {
    const next = await readOrBusy(recorder, camera, slice);
    if (next.is !== 'read') return next;
    if (digestOf(next.bytes) !== digest) return { is: 'bytes-differ' };
  }
  return first;
};

const readOrBusy: (...args: [SliceReader, string, Interval]) => ReturnType<SliceReader['readSlice']> = async (
  recorder,
  camera,
  slice,
) => {
  try {
    return await recorder.readSlice(camera, slice);
  } catch {
    return { is: 'busy' };
  }
};

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
