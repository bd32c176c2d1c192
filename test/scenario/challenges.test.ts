import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SliceReader } from '../../box/recorder.ts';
import { challengeAssumptions } from '../../shared/domain/challenges/odds-text.ts';
import { usualPolicy } from '../../shared/domain/challenges/policy.ts';
import { judgeChallenges } from '../../shared/domain/challenges/verdict.ts';
import { DAY_MS, HOUR_MS, type Interval, MINUTE_MS } from '../../shared/domain/time.ts';
import { macOfSlice } from '../../shared/evidence/challenge-token.ts';
import { CAMERA, ChallengeWorld, START_MS } from '../support/challenge-world.ts';

const filmed: Interval = { fromMs: START_MS, toMs: START_MS + DAY_MS };

/** Eighty-five days after its day was filmed: each hour of it is among the oldest ten days. */
const aWorld = async (...over: ConstructorParameters<typeof ChallengeWorld>): Promise<ChallengeWorld> => {
  const world = new ChallengeWorld(...over);
  await world.filmADay();
  world.daysLater(85);
  return world;
};

const outcomesOf = (world: ChallengeWorld) => {
  const { fold } = { fold: world.fold() };
  if (fold === undefined) throw new Error('nothing was folded');
  const challenges = world.asked().map(({ challenge }) => challenge);
  const { outcomes } = judgeChallenges(challenges, fold.sealed, usualPolicy(90), world.day.nowMs);
  return Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0));
};

const verdictsAbout = (world: ChallengeWorld) =>
  world.day.incidents().filter(({ subject }) => subject === 'challenges');

describe('a box that holds its film', () => {
  it('is asked for two slices of the oldest days, shows them, and its retention is met by samples', async () => {
    const world = await aWorld();
    await world.draw();
    const questions = await world.questions();
    expect(questions.map(({ camera, slice }) => [camera, slice.toMs - slice.fromMs])).toEqual([
      [CAMERA, 10_000],
      [CAMERA, 10_000],
    ]);
    expect(world.fold()).toMatchObject({ state: 'unknown', reason: 'nothing-shown', sealed: { owed: 24, sealed: 24 } });
    expect(await world.answerAll()).toEqual([{ result: 'accepted' }, { result: 'accepted' }]);
    expect(world.fold()).toMatchObject({ state: 'met', reason: 'shown-by-samples' });
    expect(outcomesOf(world)).toEqual({ held: 2 });
    expect(await world.questions()).toEqual([]);
    await world.day.sweep();
    expect(verdictsAbout(world)).toEqual([]);
  });
});

describe('a box that kept every hash but lost the film', () => {
  /** It hashed every second of every hour while it had the film, and knows nothing else. */
  const hashes = (world: ChallengeWorld) => async (slice: Interval) => {
    const read = await world.recorder.readSlice(CAMERA, slice);
    if (read.is !== 'read') throw new Error(read.is);
    return createHash('sha256').update(read.bytes).digest();
  };

  it('fails whatever it makes of its hashes, and an incident is open after the next sweep', async () => {
    const world = await aWorld();
    await world.draw();
    const [question] = await world.questions();
    if (question?.key === undefined) throw new Error('no bytes were asked for');
    // Even of the very slice that is asked for: more than any box could know to keep.
    const hash = await hashes(world)(question.slice);
    world.recorder.loseFilm(CAMERA, filmed);
    const guess = macOfSlice(new Uint8Array(Buffer.from(question.key, 'base64url')), hash);
    const said = { id: question.id, is: 'shown', mac: Buffer.from(guess).toString('base64url') } as const;
    expect(await world.answer(said)).toEqual({ result: 'accepted' });
    expect(world.fold()).toMatchObject({ state: 'breached', reason: 'film-differs', sinceMs: world.day.nowMs });
    world.day.nowMs += MINUTE_MS;
    await world.day.sweep();
    expect(verdictsAbout(world)).toMatchObject([
      { rule: 'retention-held', finding: 'breached', reason: 'film-differs', state: 'open' },
    ]);
  });

  it('fails as well if it says so', async () => {
    const world = await aWorld();
    await world.draw();
    world.recorder.loseFilm(CAMERA, filmed);
    await world.answerAll();
    expect(world.fold()).toMatchObject({ state: 'breached', reason: 'film-not-found' });
    expect(outcomesOf(world)).toEqual({ 'not-found': 2 });
  });
});

describe('a box whose software kept slices and keys', () => {
  it('passes without any film, and the printed assumption says so', async () => {
    const world = new ChallengeWorld();
    const kept = new Map<string, Uint8Array>();
    const leaky: SliceReader = {
      stability: 'byte-stable',
      readSlice: async (camera, slice) => {
        const read = await world.recorder.readSlice(camera, slice);
        if (read.is === 'read') kept.set(`${camera} ${slice.fromMs}`, read.bytes);
        return read;
      },
    };
    await world.filmADay(leaky);
    world.daysLater(85);
    world.recorder.loseFilm(CAMERA, filmed);
    await world.draw();
    await world.answerAll({
      stability: 'byte-stable',
      readSlice: async (camera, slice) => {
        const bytes = kept.get(`${camera} ${slice.fromMs}`);
        return bytes === undefined ? { is: 'not-found' } : { is: 'read', bytes };
      },
    });
    expect(world.fold()).toMatchObject({ state: 'met', reason: 'shown-by-samples' });
    const [assumption] = challengeAssumptions;
    expect(assumption?.en).toContain('one whose software kept the slices and keys that it sealed would pass');
    expect(assumption?.zh).toContain('私自留存了片段及其密钥，即使录像已丢失也能通过抽查');
  });
});

describe('what became of a challenge', () => {
  const asked = async () => {
    const world = await aWorld();
    await world.draw();
    return { world, questions: await world.questions() };
  };

  it('is told apart: held, not found, busy and unanswered', async () => {
    const { world, questions } = await asked();
    const [first, second] = questions;
    if (first === undefined || second === undefined) throw new Error('two are asked');
    world.recorder.setBusy(true);
    await world.answerAll();
    expect(outcomesOf(world)).toEqual({ open: 2 });
    expect(world.fold()).toMatchObject({ state: 'unknown' });
    expect(await world.questions()).toHaveLength(2);
    world.recorder.setBusy(false);
    await world.answer({ id: first.id, is: 'not-found' });
    world.day.nowMs += DAY_MS;
    await world.draw();
    expect(outcomesOf(world)).toEqual({ 'not-found': 1, busy: 1, open: 2 });
    world.day.nowMs += DAY_MS;
    expect(outcomesOf(world)).toEqual({ 'not-found': 1, busy: 1, unanswered: 2 });
  });

  it('is a breach at its deadline if nobody answers, found by the sweep alone, and over when a late answer comes', async () => {
    const { world } = await asked();
    world.day.nowMs += DAY_MS - 1;
    await world.day.sweep();
    expect(verdictsAbout(world)).toEqual([]);
    world.day.nowMs += 1;
    const deadlineMs = world.day.nowMs;
    await world.day.sweep();
    expect(verdictsAbout(world)).toMatchObject([
      { reason: 'challenge-unanswered', sinceMs: deadlineMs, state: 'open' },
    ]);
    world.day.nowMs += HOUR_MS;
    expect(await world.answerAll()).toEqual([
      { result: 'accepted', late: true },
      { result: 'accepted', late: true },
    ]);
    expect(world.fold()).toMatchObject({ state: 'met' });
    const gaps = [...world.day.kept.records.kept.gaps.values()].filter(({ subject }) => subject === 'challenges');
    expect(gaps).toMatchObject([{ fromMs: deadlineMs, toMs: world.day.nowMs }]);
    world.day.nowMs += MINUTE_MS;
    await world.day.sweep();
    expect(verdictsAbout(world)).toMatchObject([{ endedAtMs: deadlineMs + HOUR_MS, state: 'closed' }]);
  });

  it('is decided by the first final answer: the same report is a duplicate, another one is refused', async () => {
    const { world, questions } = await asked();
    const [first, second] = questions.map(({ id }) => id) as [string, string];
    const report = { id: world.day.id() };
    expect(await world.answer({ id: first, is: 'busy' }, report)).toEqual({ result: 'accepted' });
    expect(await world.answer({ id: first, is: 'busy' }, report)).toEqual({ result: 'duplicate' });
    const final = { id: world.day.id() };
    expect(await world.answer({ id: first, is: 'not-found' }, final)).toEqual({ result: 'accepted' });
    expect(await world.answer({ id: first, is: 'not-found' }, final)).toEqual({ result: 'duplicate' });
    // Both travelled in one request whose answer was lost.
    expect(await world.answer({ id: first, is: 'busy' }, report)).toEqual({ result: 'duplicate' });
    const rejected = (reason: string) => ({ result: 'rejected', reason });
    expect(await world.answer({ id: first, is: 'busy' }, final)).toEqual(rejected('id-reused'));
    expect(await world.answer({ id: first, is: 'shown', mac: 'x'.repeat(43) })).toEqual(rejected('already-answered'));
    expect(await world.answer({ id: second, is: 'present' })).toEqual(rejected('wrong-kind'));
    expect(await world.answer({ id: '2026-01-01.0', is: 'busy' })).toEqual(rejected('unknown-challenge'));
    expect(outcomesOf(world)).toEqual({ 'not-found': 1, open: 1 });
  });

  it('is no other box’s to say, nor to hear of', async () => {
    const { world, questions } = await asked();
    const { registry } = world.day.kept;
    await registry.putKey('sun', 'b2', world.day.sender('sun').key);
    const [first] = questions;
    expect(await world.answer({ id: first?.id ?? '', is: 'not-found' }, {}, 'b2')).toEqual({
      result: 'rejected',
      reason: 'unknown-challenge',
    });
    await registry.removeKey('sun', 'b1', world.day.sender('sun').key);
    expect(await world.told()).toEqual({ challenges: [] });
  });

  it('is under seal as it was asked and as it was settled, each once, without what could answer it', async () => {
    const { world } = await asked();
    await world.answerAll();
    for (let run = 0; run < 2; run += 1) {
      world.day.nowMs += MINUTE_MS;
      await world.draw();
    }
    const records = [...world.day.evidence.kept.values()].map(({ id, content }) => {
      const { body } = content as { readonly body: Uint8Array };
      return { id, said: JSON.parse(Buffer.from(body).toString()) as { readonly outcome: { readonly is: string } } };
    });
    expect(records.map(({ id, said }) => [id.slice(11), said.outcome.is]).sort()).toEqual([
      ['1.held', 'held'],
      ['1.open', 'open'],
      ['2.held', 'held'],
      ['2.open', 'open'],
    ]);
    const secrets = world.asked().flatMap(({ mac = '?', question }) => [mac, question?.key ?? '?']);
    for (const secret of secrets) expect(JSON.stringify(records)).not.toContain(secret);
  });
});
