import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerChallenge, type Chance, type SealedHour, sealHour } from '../../../box/challenges.ts';
import type { SliceReader } from '../../../box/recorder.ts';
import { type SimulatedRecorder, simulateRecorder } from '../../../box/simulated-recorder.ts';
import type { Challenge, ChallengeAnswer, ChallengeQuestion } from '../../../shared/domain/challenges/challenge.ts';
import { challengeAssumptions } from '../../../shared/domain/challenges/odds-text.ts';
import { takeAnswer } from '../../../shared/domain/challenges/settle.ts';
import { SLICE_MS } from '../../../shared/domain/challenges/slice.ts';
import { DAY_MS, HOUR_MS, type Interval, MINUTE_MS } from '../../../shared/domain/time.ts';
import {
  hearAnswer,
  macOfSlice,
  openToken,
  type TokenSecret,
  type TokenSubject,
} from '../../../shared/evidence/challenge-token.ts';
import { publicKeyOf } from '../../../shared/evidence/hpke.ts';

const hourMs = Date.parse('2026-11-03T02:00:00Z');
const subject: TokenSubject = { facilityId: 'sunshine', camera: 'cam-1', hourMs };
const server = { keyId: '2026-11.1', privateKey: new Uint8Array(32).fill(7) };
const sealingKey = { keyId: server.keyId, publicKey: publicKeyOf(server.privateKey) };
const hour: Interval = { fromMs: hourMs, toMs: hourMs + HOUR_MS };

let nowMs: number;
let recorder: SimulatedRecorder;

const recorderOf = (over: Partial<Parameters<typeof simulateRecorder>[0]> = {}): SimulatedRecorder =>
  simulateRecorder({
    cameras: [
      { id: 'cam-1', installedAtMs: hourMs - DAY_MS },
      { id: 'cam-2', installedAtMs: hourMs - DAY_MS },
    ],
    keepsMs: 90 * DAY_MS,
    nowMs: () => nowMs,
    ...over,
  });

beforeEach(() => {
  nowMs = hourMs + HOUR_MS;
  recorder = recorderOf();
});

const seal = (by: SliceReader = recorder, about = subject): Promise<SealedHour> =>
  sealHour(by, about, [hour], sealingKey);

const tokenOf = async (by: SliceReader = recorder, about = subject): Promise<Uint8Array> => {
  const sealed = await seal(by, about);
  if (sealed.is !== 'sealed') throw new Error(`not sealed: ${sealed.because}`);
  return sealed.token;
};

const secretOf = (token: Uint8Array, about = subject): TokenSecret => {
  const opened = openToken(token, about, server);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.secret;
};

/** What the server asks once it has opened a token. */
const questionOf = (secret: TokenSecret, id = 'q-1'): ChallengeQuestion => ({
  id,
  camera: subject.camera,
  slice: { fromMs: hourMs + secret.offsetMs, toMs: hourMs + secret.offsetMs + secret.lengthMs },
  answerByMs: nowMs + DAY_MS,
  key: Buffer.from(secret.key).toString('base64url'),
});

const challengeOf = (id = 'q-1'): Challenge => ({
  id,
  camera: subject.camera,
  hourMs,
  stratum: 'oldest',
  stability: 'byte-stable',
  askedAtMs: nowMs,
  answerByMs: nowMs + DAY_MS,
});

const becameOf = (answer: ChallengeAnswer, secret: TokenSecret): string => {
  const taken = takeAnswer(challengeOf(), hearAnswer(answer, secret.mac), nowMs);
  return taken.taken ? (taken.challenge.answer?.is ?? 'busy') : taken.reason;
};

/** A box that kept the hash of every slice and lost the film: it answers with all that a hash can give. */
const hashKeeper = async (token: Uint8Array): Promise<(question: ChallengeQuestion) => readonly ChallengeAnswer[]> => {
  const { offsetMs, lengthMs } = secretOf(token);
  const slice = { fromMs: hourMs + offsetMs, toMs: hourMs + offsetMs + lengthMs };
  const read = await recorder.readSlice(subject.camera, slice);
  if (read.is !== 'read') throw new Error(read.is);
  // Kept for the very slice that will be asked for: more than any box could know to keep.
  const hash = createHash('sha256').update(read.bytes).digest();
  return ({ id, key = '' }) => {
    const guesses = [hash, macOfSlice(Buffer.from(key, 'base64url'), hash), macOfSlice(hash, hash)];
    return guesses.map((mac) => ({ id, is: 'shown', mac: Buffer.from(mac).toString('base64url') }));
  };
};

describe('a box', () => {
  it('that holds the film passes, ninety days later', async () => {
    const token = await tokenOf();
    nowMs = hourMs + 89 * DAY_MS;
    const secret = secretOf(token);
    expect(becameOf(await answerChallenge(recorder, questionOf(secret)), secret)).toBe('held');
  });

  it('that kept every hash but lost the film fails, whatever it makes of its hashes', async () => {
    const token = await tokenOf();
    const guess = await hashKeeper(token);
    recorder.loseFilm('cam-1', hour);
    const secret = secretOf(token);
    for (const answer of guess(questionOf(secret))) expect(becameOf(answer, secret)).toBe('mismatch');
    expect(becameOf(await answerChallenge(recorder, questionOf(secret)), secret)).toBe('not-found');
  });

  it('that shows another time, or the same time of another camera, fails', async () => {
    const secret = secretOf(await tokenOf());
    const asked = questionOf(secret);
    const later = { fromMs: asked.slice.fromMs + 1, toMs: asked.slice.toMs + 1 };
    expect(becameOf(await answerChallenge(recorder, { ...asked, slice: later }), secret)).toBe('mismatch');
    expect(becameOf(await answerChallenge(recorder, { ...asked, camera: 'cam-2' }), secret)).toBe('mismatch');
  });

  it('whose software kept slices and keys passes without any film, and the printed assumption says so', async () => {
    const kept: Uint8Array[] = [];
    const leaky: SliceReader = {
      stability: 'byte-stable',
      readSlice: async (camera, slice) => {
        const read = await recorder.readSlice(camera, slice);
        if (read.is === 'read') kept.push(read.bytes);
        return read;
      },
    };
    const secret = secretOf(await tokenOf(leaky));
    recorder.loseFilm('cam-1', hour);
    const fromItsOwnStore: SliceReader = {
      stability: 'byte-stable',
      readSlice: async () => ({ is: 'read', bytes: kept[0] ?? new Uint8Array(0) }),
    };
    expect(becameOf(await answerChallenge(fromItsOwnStore, questionOf(secret)), secret)).toBe('held');
    const [assumption] = challengeAssumptions;
    expect(assumption?.en).toContain('one whose software kept the slices and keys that it sealed would pass');
    expect(assumption?.zh).toContain('私自留存了片段及其密钥，即使录像已丢失也能通过抽查');
  });

  it('cannot answer a challenge with what it answered to another, nor answer twice', async () => {
    const [first, second] = [secretOf(await tokenOf()), secretOf(await tokenOf())];
    const old = await answerChallenge(recorder, questionOf(first, 'q-0'));
    expect(becameOf(old, second)).toBe('another-challenge');
    expect(becameOf({ ...old, id: 'q-1' }, second)).toBe('mismatch');
    const taken = takeAnswer(challengeOf(), hearAnswer({ ...old, id: 'q-1' }, second.mac), nowMs);
    if (!taken.taken) throw new Error(taken.reason);
    const good = hearAnswer(await answerChallenge(recorder, questionOf(second)), second.mac);
    expect(takeAnswer(taken.challenge, good, nowMs)).toEqual({ taken: false, reason: 'already-answered' });
  });

  it('says busy, not “not found”, while its recorder is busy or does not answer', async () => {
    const question = questionOf(secretOf(await tokenOf()));
    recorder.setBusy(true);
    expect(await answerChallenge(recorder, question)).toEqual({ id: 'q-1', is: 'busy' });
    const broken: SliceReader = { stability: 'byte-stable', readSlice: () => Promise.reject(new Error('cut off')) };
    expect(await answerChallenge(broken, question)).toEqual({ id: 'q-1', is: 'busy' });
  });

  it('fetches no more than a minute of film for anybody', async () => {
    const question = { ...questionOf(secretOf(await tokenOf())), slice: { fromMs: hourMs, toMs: hourMs + MINUTE_MS } };
    expect(await answerChallenge(recorder, question)).toMatchObject({ is: 'shown' });
    const longer = { ...question, slice: { fromMs: hourMs, toMs: hourMs + MINUTE_MS + 1 } };
    expect(await answerChallenge(recorder, longer)).toMatchObject({ is: 'busy' });
  });

  it('says that a slice is there when no key came with the question', async () => {
    const { key: _, ...question } = questionOf(secretOf(await tokenOf()));
    expect(await answerChallenge(recorder, question)).toEqual({ id: 'q-1', is: 'present' });
    recorder.loseFilm('cam-1', hour);
    expect(await answerChallenge(recorder, question)).toEqual({ id: 'q-1', is: 'not-found' });
  });
});

describe('sealing an hour', () => {
  it('reads the slice and twice more, all the same slice', async () => {
    const slices: Interval[] = [];
    const counted: SliceReader = {
      stability: 'byte-stable',
      readSlice: (camera, slice) => {
        slices.push(slice);
        return recorder.readSlice(camera, slice);
      },
    };
    await tokenOf(counted);
    expect(slices).toHaveLength(3);
    expect(new Set(slices.map((slice) => JSON.stringify(slice))).size).toBe(1);
  });

  it('seals nothing by bytes that differ from read to read, or that the adapter does not vouch for', async () => {
    expect(await seal(recorderOf({ bytesDiffer: true }))).toEqual({ is: 'presence-only', because: 'bytes-differ' });
    expect(await seal(recorderOf({ stability: 'presence-only' }))).toEqual({
      is: 'presence-only',
      because: 'adapter-says-so',
    });
  });

  it('sees bytes that differ only at the last of its reads', async () => {
    let reads = 0;
    const late: SliceReader = {
      stability: 'byte-stable',
      readSlice: async () => {
        reads += 1;
        return { is: 'read', bytes: Buffer.from(reads < 3 ? 'same' : 'other') };
      },
    };
    expect(await seal(late)).toEqual({ is: 'presence-only', because: 'bytes-differ' });
  });

  it('says why there is no token', async () => {
    expect(await sealHour(recorder, subject, [], sealingKey)).toEqual({
      is: 'not-sealed',
      because: 'too-little-recorded',
    });
    const short = [{ fromMs: hourMs, toMs: hourMs + SLICE_MS - 1 }];
    expect(await sealHour(recorder, subject, short, sealingKey)).toMatchObject({ because: 'too-little-recorded' });
    recorder.setBusy(true);
    expect(await seal()).toEqual({ is: 'not-sealed', because: 'busy' });
    recorder.setBusy(false);
    recorder.loseFilm('cam-1', hour);
    expect(await seal()).toEqual({ is: 'not-sealed', because: 'not-found' });
  });

  it('can draw each start of what was recorded, and no other', async () => {
    const recorded = [
      { fromMs: hourMs - 1_000, toMs: hourMs + SLICE_MS + 1 },
      { fromMs: hourMs + 20_000, toMs: hourMs + 20_000 + SLICE_MS },
      { fromMs: hourMs + HOUR_MS - SLICE_MS, toMs: hourMs + HOUR_MS + 5_000 },
    ];
    const limits = new Set<number>();
    const startAt = async (drawn: number): Promise<number> => {
      const chance: Chance = {
        bytes: (count) => new Uint8Array(count).fill(9),
        below: (limit) => {
          limits.add(limit);
          return drawn;
        },
      };
      const sealed = await sealHour(recorder, subject, recorded, sealingKey, chance);
      return sealed.is === 'sealed' ? secretOf(sealed.token).offsetMs : Number.NaN;
    };
    nowMs += HOUR_MS;
    expect(await Promise.all([0, 1, 2, 3].map(startAt))).toEqual([0, 1, 20_000, HOUR_MS - SLICE_MS]);
    expect([...limits]).toEqual([4]);
  });

  it('leaves key and ephemeral key wiped', async () => {
    const given: Uint8Array[] = [];
    const chance: Chance = {
      below: () => 0,
      bytes: (count) => {
        const fresh = new Uint8Array(count).fill(given.length + 1);
        given.push(fresh);
        return fresh;
      },
    };
    await sealHour(recorder, subject, [hour], sealingKey, chance);
    expect(given).toHaveLength(2);
    expect(given.every((secret) => secret.every((byte) => byte === 0))).toBe(true);
  });
});

describe('the simulated recorder', () => {
  it('gives small bytes that are the same at each read and differ by camera and time', async () => {
    const slice = { fromMs: hourMs, toMs: hourMs + SLICE_MS };
    const read = async (camera: string, from = slice): Promise<string> => {
      const one = await recorder.readSlice(camera, from);
      return one.is === 'read' ? Buffer.from(one.bytes).toString('hex') : one.is;
    };
    expect(await read('cam-1')).toBe(await read('cam-1'));
    expect(await read('cam-1')).not.toBe(await read('cam-2'));
    expect(await read('cam-1', { fromMs: hourMs + 1, toMs: hourMs + SLICE_MS + 1 })).not.toBe(await read('cam-1'));
    expect((await read('cam-1')).length).toBeLessThan(2_000);
  });

  it('no longer finds what its disks do not reach back to, or what it lost a millisecond of', async () => {
    const slice = { fromMs: hourMs, toMs: hourMs + SLICE_MS };
    nowMs = hourMs + 90 * DAY_MS;
    expect(await recorder.readSlice('cam-1', slice)).toMatchObject({ is: 'read' });
    nowMs += 1;
    expect(await recorder.readSlice('cam-1', slice)).toEqual({ is: 'not-found' });
    nowMs = hourMs + DAY_MS;
    recorder.loseFilm('cam-1', { fromMs: hourMs + 500, toMs: hourMs + 501 });
    expect(await recorder.readSlice('cam-1', slice)).toEqual({ is: 'not-found' });
  });
});
