import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFilmDuties } from '../../../box/film-duties.ts';
import { heardIn } from '../../../box/heard-in-answer.ts';
import { keyMarkAt } from '../../../box/mark.ts';
import type { FilmHolder, SliceReader } from '../../../box/recorder.ts';
import { type SimulatedRecorder, simulateRecorder } from '../../../box/simulated-recorder.ts';
import type { ChallengeAnswer, ChallengeQuestion } from '../../../shared/domain/challenges/challenge.ts';
import type { HoldToKeep } from '../../../shared/domain/legal-holds.ts';
import { macOfSlice, openToken } from '../../../shared/evidence/challenge-token.ts';
import { publicKeyOf } from '../../../shared/evidence/hpke.ts';
import { beijing, DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/rows.ts';

const HOUR = beijing('2026-11-03 10:00');
const hour = { fromMs: HOUR, toMs: HOUR + HOUR_MS };
const server = { keyId: '2026-11.1', privateKey: new Uint8Array(32).fill(7) };
const sealTo = { keyId: server.keyId, publicKey: publicKeyOf(server.privateKey) };

let folder: string;
let nowMs: number;
let recorder: SimulatedRecorder;
let said: ChallengeAnswer[];
let confirmNow: string[];
let end: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'film-duties-'));
  nowMs = HOUR + HOUR_MS + MINUTE_MS;
  said = [];
  confirmNow = [];
  end = new AbortController();
  recorder = recorderOf();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorderOf = (more: Partial<Parameters<typeof simulateRecorder>[0]> = {}): SimulatedRecorder =>
  simulateRecorder({
    cameras: ['cam-1', 'cam-2'].map((id) => ({ id, installedAtMs: HOUR - 200 * DAY_MS })),
    keepsMs: 95 * DAY_MS,
    nowMs: () => nowMs,
    ...more,
  });

/** Waiting moves the clock, and `meanwhile` is what happens while it waits. */
const start = (
  more: { slices?: SliceReader; holder?: FilmHolder; saidBefore?: readonly string[]; meanwhile?: () => void } = {},
) =>
  startFilmDuties({
    slices: more.slices ?? recorder,
    holder: more.holder ?? recorder,
    keyMark: keyMarkAt(join(folder, 'key')),
    facilityId: 'sunshine',
    nowMs: () => nowMs,
    saidBefore: more.saidBefore ?? [],
    sayAnswer: (answer) => {
      said.push(answer);
    },
    confirmNow: (camera) => {
      confirmNow.push(camera);
    },
    pause: async (ms) => {
      nowMs += ms;
      more.meanwhile?.();
    },
    signal: end.signal,
  });

const aQuestion = (more: Partial<ChallengeQuestion> = {}): ChallengeQuestion => ({
  id: 'c-1',
  camera: 'cam-1',
  slice: { fromMs: HOUR, toMs: HOUR + 10_000 },
  answerByMs: nowMs + DAY_MS,
  key: Buffer.alloc(32, 3).toString('base64url'),
  ...more,
});
const anOrder = (more: Partial<HoldToKeep> = {}): HoldToKeep => ({
  hold: 'hold-1',
  camera: 'cam-1',
  fromMs: HOUR - 2 * HOUR_MS,
  toMs: HOUR,
  untilMs: nowMs + 300 * DAY_MS,
  ...more,
});

describe('an hour', () => {
  it('is sealed to the key of the last answer, and to nobody before there is one', async () => {
    const film = start();
    expect(await film.seal('cam-1', HOUR, [hour], true)).toEqual({});
    film.hear({ sealTo });
    const { challengeMode, challengeToken = '' } = await film.seal('cam-1', HOUR, [hour], true);
    expect(challengeMode).toBe('byte-stable');
    const subject = { facilityId: 'sunshine', camera: 'cam-1', hourMs: HOUR };
    const opened = openToken(Buffer.from(challengeToken, 'base64url'), subject, server);
    if (!opened.ok) throw new Error(opened.reason);
    const { offsetMs, lengthMs, key, mac } = opened.secret;
    const slice = { fromMs: HOUR + offsetMs, toMs: HOUR + offsetMs + lengthMs };
    const read = await recorder.readSlice('cam-1', slice);
    expect(read.is === 'read' && Buffer.from(macOfSlice(key, read.bytes))).toEqual(Buffer.from(mac));
  });

  it('is sealed by a restarted box before it heard anything, with the key that it knew', async () => {
    start().hear({ sealTo });
    expect(await start().seal('cam-1', HOUR, [hour], true)).toMatchObject({ challengeMode: 'byte-stable' });
  });

  it('is sealed to what the key is now, where another was known under its name', async () => {
    start().hear({ sealTo: { ...sealTo, publicKey: publicKeyOf(new Uint8Array(32).fill(9)) } });
    const film = start();
    film.hear({ sealTo });
    const { challengeToken = '' } = await film.seal('cam-1', HOUR, [hour], true);
    const subject = { facilityId: 'sunshine', camera: 'cam-1', hourMs: HOUR };
    expect(openToken(Buffer.from(challengeToken, 'base64url'), subject, server)).toMatchObject({ ok: true });
  });

  it('is told without a token where the key is none that anybody can seal to', async () => {
    const film = start();
    film.hear({ sealTo: { ...sealTo, publicKey: new Uint8Array(32) } });
    expect(await film.seal('cam-1', HOUR, [hour], true)).toEqual({});
  });

  it('of two months ago is not sealed to a key of today', async () => {
    const film = start();
    film.hear({ sealTo: { ...sealTo, keyId: '2027-01.1' } });
    expect(await film.seal('cam-1', HOUR, [hour], true)).toEqual({});
  });

  it('of a recorder whose bytes are not stable says so', async () => {
    expect(
      await start({ slices: recorderOf({ stability: 'presence-only' }) }).seal('cam-1', HOUR, [hour], true),
    ).toEqual({ challengeMode: 'presence-only' });
    const film = start({ slices: recorderOf({ bytesDiffer: true }) });
    film.hear({ sealTo });
    expect(await film.seal('cam-1', HOUR, [hour], true)).toEqual({ challengeMode: 'presence-only' });
  });

  it('that has just ended is worth waiting for a busy recorder, and one of long ago is not', async () => {
    const film = start({ meanwhile: () => recorder.setBusy(false) });
    film.hear({ sealTo });
    recorder.setBusy(true);
    expect(await film.seal('cam-1', HOUR, [hour], false)).toEqual({});
    expect(await film.seal('cam-1', HOUR, [hour], true)).toMatchObject({ challengeMode: 'byte-stable' });
    const still = start();
    recorder.setBusy(true);
    expect(await still.seal('cam-1', HOUR, [hour], true)).toEqual({});
  });
});

describe('a challenge', () => {
  it('is answered from the film once, however often it is asked', async () => {
    const film = start();
    for (let times = 0; times < 3; times += 1) film.hear({ challenges: [aQuestion()] });
    await film.done();
    film.hear({ challenges: [aQuestion()] });
    await film.done();
    expect(said).toEqual([{ id: 'c-1', is: 'shown', mac: expect.any(String) }]);
  });

  it('whose answer waits on disk since before a restart is not answered again', async () => {
    const film = start({ saidBefore: ['c-1'] });
    film.hear({ challenges: [aQuestion(), aQuestion({ id: 'c-2' })] });
    await film.done();
    expect(said.map(({ id }) => id)).toEqual(['c-2']);
  });

  it('to a busy recorder is said to be busy, and asked again until it can be shown', async () => {
    let waits = 0;
    const film = start({
      meanwhile: () => {
        waits += 1;
        if (waits === 2) recorder.setBusy(false);
      },
    });
    recorder.setBusy(true);
    const heardMs = nowMs;
    film.hear({ challenges: [aQuestion()] });
    await film.done();
    expect(said.map(({ is }) => is)).toEqual(['busy', 'busy', 'shown']);
    // A minute, then two.
    expect(nowMs - heardMs).toBe(3 * MINUTE_MS);
  });

  it('is given up when the answer was due, and tried once more if it is asked again', async () => {
    const film = start();
    recorder.setBusy(true);
    const question = aQuestion({ answerByMs: nowMs + 4 * MINUTE_MS });
    film.hear({ challenges: [question] });
    await film.done();
    expect(said.map(({ is }) => is)).toEqual(['busy', 'busy', 'busy']);
    expect(nowMs).toBeLessThan(question.answerByMs);
    recorder.setBusy(false);
    nowMs = question.answerByMs + HOUR_MS;
    film.hear({ challenges: [question] });
    await film.done();
    expect(said.at(-1)).toMatchObject({ is: 'shown' });
  });

  it('is read alone: a recorder has few download sessions', async () => {
    let [reading, most] = [0, 0];
    const slow: SliceReader = {
      stability: 'byte-stable',
      readSlice: async (...args) => {
        reading += 1;
        most = Math.max(most, reading);
        await new Promise((resolve) => setImmediate(resolve));
        reading -= 1;
        return recorder.readSlice(...args);
      },
    };
    const film = start({ slices: slow });
    film.hear({ sealTo, challenges: ['c-1', 'c-2', 'c-3'].map((id) => aQuestion({ id })) });
    await Promise.all([film.seal('cam-1', HOUR, [hour], true), film.seal('cam-2', HOUR, [hour], true), film.done()]);
    expect(said).toHaveLength(3);
    expect(most).toBe(1);
  });

  it('waits for a recorder that stays busy ten minutes in all, however many cameras it has', async () => {
    const film = start();
    film.hear({ sealTo });
    recorder.setBusy(true);
    const fromMs = nowMs;
    for (let camera = 0; camera < 64; camera += 1) await film.seal(`cam-${camera}`, HOUR, [hour], true);
    expect(nowMs - fromMs).toBe(10 * MINUTE_MS);
    // The next hour has its own.
    await film.seal('cam-1', HOUR + HOUR_MS, [{ fromMs: HOUR + HOUR_MS, toMs: HOUR + 2 * HOUR_MS }], true);
    expect(nowMs - fromMs).toBe(10 * MINUTE_MS + 20_000);
  });

  it('waits for no recorder that never answers: it is busy, and the hours go on', async () => {
    vi.useFakeTimers();
    try {
      const hangs: SliceReader = { ...recorder, readSlice: () => new Promise(() => {}) };
      const film = start({ slices: hangs });
      film.hear({ sealTo });
      const sealed = vi.fn();
      film.seal('cam-1', HOUR, [hour], false).then(sealed);
      await vi.advanceTimersByTimeAsync(29_999);
      expect(sealed).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(sealed).toHaveBeenCalledWith({});
    } finally {
      vi.useRealTimers();
    }
  });

  it('fails for a box whose film is gone, though it reports all of it', async () => {
    const liar = recorderOf({ losesFilmAfterMs: 3 * HOUR_MS });
    const film = start({ slices: liar });
    film.hear({ sealTo });
    expect(await film.seal('cam-1', HOUR, [hour], true)).toMatchObject({ challengeMode: 'byte-stable' });
    nowMs = HOUR + DAY_MS;
    expect(liar.recorded('cam-1', hour)).toEqual([hour]);
    film.hear({ challenges: [aQuestion()] });
    await film.done();
    expect(said).toEqual([{ id: 'c-1', is: 'not-found' }]);
  });
});

describe('an order to keep', () => {
  const { fromMs, toMs } = { fromMs: HOUR - 2 * HOUR_MS, toMs: HOUR };
  const confirmed = [{ hold: 'hold-1', from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }];
  const hear = async (film: ReturnType<typeof start>, ...holds: HoldToKeep[]) => {
    film.hear({ holds: { toKeep: holds, areAll: true } });
    await film.done();
  };

  it('is confirmed once it protects the film, at once, and again a day later', async () => {
    const film = start();
    await hear(film, anOrder());
    await hear(film, anOrder());
    expect(confirmNow).toEqual(['cam-1']);
    expect(film.confirm('cam-2')).toEqual({});
    expect(film.confirm('cam-1')).toEqual({ confirmedHolds: confirmed });
    expect(film.confirm('cam-1')).toEqual({});
    nowMs += DAY_MS;
    expect(film.confirm('cam-1')).toEqual({ confirmedHolds: confirmed });
  });

  it('keeps the film beyond its days until it is over, and not what was gone when it came', async () => {
    const film = start();
    await hear(film, anOrder(), anOrder({ hold: 'hold-2', fromMs: HOUR - 96 * DAY_MS, toMs: HOUR - 94 * DAY_MS }));
    nowMs = HOUR + 200 * DAY_MS;
    expect(recorder.recorded('cam-1', { fromMs: 0, toMs: nowMs - 100 * DAY_MS })).toEqual([
      { fromMs: HOUR + HOUR_MS + MINUTE_MS - 95 * DAY_MS, toMs: HOUR - 94 * DAY_MS },
      { fromMs, toMs },
    ]);
    expect(await recorder.readSlice('cam-1', { fromMs, toMs: fromMs + 10_000 })).toMatchObject({ is: 'read' });
    // Only its usual reach is claimed: what the order keeps is an exception to it.
    expect(recorder.oldestRetrievableAtMs('cam-1')).toBe(nowMs - 95 * DAY_MS);
    await hear(film);
    expect(recorder.recorded('cam-1', { fromMs, toMs })).toEqual([]);
  });

  it('is over only where all orders could be read', async () => {
    const film = start();
    await hear(film, anOrder());
    film.hear({ holds: { toKeep: [], areAll: false } });
    await film.done();
    expect(await recorder.heldFilm()).toEqual(['hold-1']);
    await hear(film);
    expect(await recorder.heldFilm()).toEqual([]);
  });

  it('that ended while the box was off is let go by the next run', async () => {
    await hear(start(), anOrder(), anOrder({ hold: 'hold-2' }));
    await hear(start(), anOrder({ hold: 'hold-2' }));
    expect(await recorder.heldFilm()).toEqual(['hold-2']);
  });

  it('that the recorder let go by itself is carried out anew, and is confirmed no more where it cannot be or is over', async () => {
    const film = start();
    const confirmedADayLater = () => {
      nowMs += DAY_MS;
      return film.confirm('cam-1');
    };
    await hear(film, anOrder());
    for (const left of [true, false]) {
      await recorder.releaseFilm('hold-1');
      await hear(film, ...(left ? [anOrder()] : []));
      expect(await recorder.heldFilm()).toEqual(left ? ['hold-1'] : []);
      expect(confirmedADayLater()).toEqual(left ? { confirmedHolds: confirmed } : {});
    }
    // Once in so many answers: else each report would bring the next.
    expect(confirmNow).toEqual(['cam-1']);
    const refusing: FilmHolder = { ...recorder, holdFilm: vi.fn(async () => false).mockResolvedValueOnce(true) };
    const refused = start({ holder: refusing });
    await hear(refused, anOrder());
    await hear(refused, anOrder());
    expect(refused.confirm('cam-1')).toEqual({});
  });

  it('is carried out though the one before it cannot be', async () => {
    const holder: FilmHolder = {
      ...recorder,
      holdFilm: async (order) => {
        if (order.hold === 'hold-1') throw new Error('no such camera');
        return true;
      },
    };
    await hear(start({ holder }), anOrder(), anOrder({ hold: 'hold-2' }));
    expect(confirmNow).toEqual(['cam-1']);
  });

  it('that the recorder cannot carry out is never confirmed; one that fails is asked again', async () => {
    const film = start();
    await hear(film, anOrder({ camera: 'cam-9' }));
    expect([confirmNow, film.confirm('cam-9')]).toEqual([[], {}]);
    let tries = 0;
    const holder: FilmHolder = {
      holdFilm: async () => {
        tries += 1;
        if (tries === 1) throw new Error('no session');
        return true;
      },
      heldFilm: async () => [],
      releaseFilm: async () => {},
    };
    const failing = start({ holder });
    await hear(failing, anOrder());
    expect(failing.confirm('cam-1')).toEqual({});
    await hear(failing, anOrder());
    expect(failing.confirm('cam-1')).toEqual({ confirmedHolds: confirmed });
  });
});

describe('what an answer asks and orders', () => {
  it('is read as it stands, and what cannot be read is left', () => {
    const instants = { from: '2026-11-03T02:00:00Z', to: '2026-11-03T02:00:10Z' };
    const challenge = { id: 'c-1', camera: 'cam-1', ...instants, answerBy: '2026-11-04T02:00:00Z' };
    const hold = { hold: 'hold-1', camera: 'cam-1', ...instants, until: '2027-11-04T02:00:00Z' };
    const span = { fromMs: HOUR, toMs: HOUR + 10_000 };
    const publicKey = Buffer.from(sealTo.publicKey).toString('base64url');
    const heard = heardIn({
      challenges: [challenge, { ...challenge, to: challenge.from }, { id: 'c-3' }],
      holds: [hold, { ...hold, until: 'some day' }],
      sealTo: { keyId: '2026-11.1', publicKey },
    });
    expect(heard.challenges).toEqual([
      { id: 'c-1', camera: 'cam-1', slice: span, answerByMs: Date.parse('2026-11-04T02:00:00Z') },
    ]);
    expect(heard.holds).toEqual({
      toKeep: [{ hold: 'hold-1', camera: 'cam-1', ...span, untilMs: Date.parse('2027-11-04T02:00:00Z') }],
      areAll: false,
    });
    expect(heardIn({ challenges: [null], holds: [null] })).toEqual({
      challenges: [],
      holds: { toKeep: [], areAll: false },
    });
    expect(Buffer.from(heard.sealTo?.publicKey ?? []).toString('base64url')).toBe(publicKey);
    expect(heardIn({ sealTo: { keyId: '2026-11.1', publicKey: 'short' } })).toEqual({});
  });
});

describe('a recorder that pauses at night', () => {
  it('reports the hole, whatever its cameras say', () => {
    const night = { fromMs: HOUR, toMs: HOUR + HOUR_MS / 2 };
    const pausing = recorderOf({ pausesIn: () => [night] });
    expect(pausing.recorded('cam-1', hour)).toEqual([{ fromMs: night.toMs, toMs: hour.toMs }]);
    expect(pausing.cameras()).toMatchObject([{ recording: 'yes' }, { recording: 'yes' }]);
  });
});
