import { describe, expect, it } from 'vitest';
import { LATEST_DRAW_MS } from '../../shared/domain/challenges/slots.ts';
import { addDays } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { publicKeyOf } from '../../shared/evidence/hpke.ts';
import { ChallengeWorld, START_MS } from '../support/challenge-world.ts';
import { type FailurePlan, failAt, interleave } from '../support/memory-stores.ts';

const aWorld = async (...over: ConstructorParameters<typeof ChallengeWorld>): Promise<ChallengeWorld> => {
  const world = new ChallengeWorld(...over);
  await world.filmADay();
  world.daysLater(85);
  return world;
};

/** What was asked and folded; which slices its box happened to seal, and how often a row was written, does not count. */
const keptIn = (world: ChallengeWorld) => ({
  asked: world.asked().map(({ box, challenge, question, sealedAs }) => [box, challenge, question?.id, sealedAs]),
  fold: world.fold(),
  keys: [...world.day.kept.challenges.kept.keys.values()],
  privateKeys: [...world.keys.kept],
});

const NEVER: FailurePlan = { at: Number.POSITIVE_INFINITY, when: 'before', dies: true };

describe('drawing', () => {
  it('ends in the same wherever it dies, and whoever dies in it', async () => {
    const aShortWorld = async (): Promise<ChallengeWorld> => {
      const world = new ChallengeWorld();
      await world.filmADay(undefined, 4);
      world.daysLater(85);
      return world;
    };
    const calm = await aShortWorld();
    const counting = failAt(NEVER);
    await calm.drawing(counting)();
    expect(counting.seen).toBeGreaterThan(6);
    for (let at = 1; at <= counting.seen; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await aShortWorld();
        const running = failAt({ at, when, dies: true });
        await expect(world.drawing(running)(), `${when} write ${at}`).rejects.toThrow();
        await world.draw();
        expect(keptIn(world), `${when} write ${at}`).toEqual(keptIn(calm));
      }
    }
  });

  it('twice at once, and again, asks the same and nothing more', async () => {
    const calm = await aWorld();
    await calm.draw();
    const world = await aWorld();
    await Promise.all([world.draw(), world.draw()]);
    await world.draw();
    expect(keptIn(world)).toEqual(keptIn(calm));
    expect(new Set(world.asked().map(({ challenge }) => challenge.hourMs)).size).toBe(2);
  });

  it('leaves an id to whoever filled it first, whatever was drawn here', async () => {
    const world = await aWorld();
    const other = await aWorld();
    other.day.nowMs += HOUR_MS;
    await other.draw();
    const [theirs] = other.asked();
    if (theirs === undefined) throw new Error('nothing was asked');
    const { challenges } = world.day.kept;
    const racing = interleave(challenges, {
      method: 'putChallenge',
      meanwhile: () => challenges.putChallenge(theirs),
    });
    Object.assign(world.day.kept, { challenges: racing });
    await world.draw();
    expect(await challenges.readChallenge('sun', theirs.challenge.id)).toMatchObject({ question: theirs.question });
    expect(new Set(world.asked().map(({ challenge }) => challenge.hourMs)).size).toBe(world.asked().length);
  });

  it('never asks for an hour twice', async () => {
    const world = await aWorld();
    for (let day = 0; day < 4; day += 1) {
      await world.draw();
      world.day.nowMs += DAY_MS;
    }
    const hours = world.asked().map(({ challenge }) => challenge.hourMs);
    expect(hours).toHaveLength(8);
    expect(new Set(hours).size).toBe(8);
  });

  it('asks for nothing that may be gone before its answer is due, nor for a day that is over for too long', async () => {
    const world = await aWorld();
    const day = world.yesterday();
    world.day.nowMs += LATEST_DRAW_MS;
    await world.draw(day);
    expect(world.asked()).toEqual([]);
    world.daysLater(90);
    await world.draw();
    expect(world.asked()).toEqual([]);
    expect(world.fold()).toMatchObject({ state: 'not-applicable', reason: 'nothing-owed' });
  });

  it('asks where the day ends later than that of the stack for the last day that ended there, once', async () => {
    const world = await aWorld();
    const { registry } = world.day.kept;
    const facility = await registry.readFacility('sun');
    if (facility === undefined) throw new Error('not registered');
    const calendar = { ...facility.calendar, zone: 'Asia/Urumqi' };
    await registry.putFacility({ ...facility, version: facility.version + 1, calendar });
    const dayBefore = addDays(world.yesterday(), -1);
    await world.draw();
    const asked = world.asked();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ challenge }) => challenge.id.startsWith(`${dayBefore}.`))).toBe(true);
    await world.draw();
    expect(world.asked()).toEqual(asked);
  });

  it('asks for the times of real alarms first', async () => {
    const world = await aWorld();
    world.day.nowMs = START_MS + 12 * HOUR_MS;
    await world.day.alarm('sun');
    const [alarm] = world.day.incidents();
    if (alarm === undefined) throw new Error('no alarm');
    await world.day.kept.records.archiveIncident({ ...alarm, state: 'closed', closedAtMs: world.day.nowMs });
    world.daysLater(20);
    await world.draw();
    const strata = world.asked().map(({ challenge }) => [challenge.stratum, challenge.hourMs]);
    expect(strata.map(([stratum]) => stratum).sort()).toEqual(['incident', 'rest']);
    const [, hourMs = 0] = strata.find(([stratum]) => stratum === 'incident') ?? [];
    expect([11, 12, 13].map((hour) => START_MS + hour * HOUR_MS)).toContain(hourMs);
  });
});

describe('an hour that cannot be asked for', () => {
  it('because its token is not there is drawn anew, and no box hears of it', async () => {
    const world = await aWorld();
    const { tokens } = world.day.kept.challenges.kept;
    const [first] = [...tokens.keys()];
    for (const key of [...tokens.keys()].filter((one) => one !== first)) tokens.delete(key);
    await world.draw();
    expect(world.asked().length).toBeLessThanOrEqual(1);
    expect(world.asked().every(({ question }) => question !== undefined)).toBe(true);
  });

  it('because its token was changed or belongs to another hour is kept as refused, and asks nothing', async () => {
    const world = new ChallengeWorld();
    await world.register();
    await world.draw();
    await world.film(START_MS);
    const [token] = [...world.day.kept.challenges.kept.tokens.values()];
    const foreign = { is: 'sealed', token: new Uint8Array(Buffer.from(token?.token ?? '', 'base64url')) } as const;
    const garbage = { is: 'sealed', token: new Uint8Array([1, 2, 3]) } as const;
    await world.film(START_MS + HOUR_MS, world.recorder, foreign);
    await world.film(START_MS + 2 * HOUR_MS, world.recorder, garbage);
    world.daysLater(85);
    for (let day = 0; day < 2; day += 1) {
      await world.draw();
      await world.answerAll();
      world.day.nowMs += DAY_MS;
    }
    await world.draw();
    const refused = world.asked().flatMap(({ challenge }) => challenge.tokenRefused ?? []);
    expect(refused.sort()).toEqual(['not-authentic', 'wrong-length']);
    expect(world.asked().filter(({ question }) => question !== undefined)).toHaveLength(1);
    expect(world.fold()).toMatchObject({ state: 'unknown', reason: 'token-refused' });
  });

  it('of a recorder without stable bytes is only asked whether it is there, and proves nothing', async () => {
    const world = await aWorld({ stability: 'presence-only' });
    await world.draw();
    const questions = await world.questions();
    expect(questions).toHaveLength(2);
    expect(questions.every(({ key }) => key === undefined)).toBe(true);
    expect(await world.answerAll()).toEqual([{ result: 'accepted' }, { result: 'accepted' }]);
    expect(world.fold()).toMatchObject({
      state: 'unknown',
      reason: 'presence-only',
      sealed: { owed: 24, sealed: 0, presenceOnly: 24 },
    });
    await world.day.sweep();
    expect(world.day.incidents().filter(({ subject }) => subject === 'challenges')).toEqual([]);
  });

  it('by its bytes first and called presence-only later is asked for by its bytes all the same', async () => {
    const world = await aWorld();
    for (let hour = 0; hour < 24; hour += 1) {
      await world.film(START_MS + hour * HOUR_MS, world.recorder, { is: 'presence-only', because: 'bytes-differ' });
    }
    world.daysLater(85);
    await world.draw();
    expect((await world.questions()).every(({ key }) => key !== undefined)).toBe(true);
    expect(world.fold()?.sealed).toEqual({ owed: 24, sealed: 0, presenceOnly: 24 });
  });
});

describe('the keys of the months', () => {
  const months = (world: ChallengeWorld) => [...world.day.kept.challenges.kept.keys.keys()];

  it('are there five days before their month, and boxes seal to the one of the month', async () => {
    const world = new ChallengeWorld();
    await world.register();
    world.day.nowMs = Date.parse('2026-11-25T23:59:59.999+08:00');
    await world.draw();
    expect(months(world)).toEqual(['2026-11.1']);
    world.day.nowMs += 1;
    await world.draw();
    expect(months(world)).toEqual(['2026-11.1', '2026-12.1']);
    expect((await world.told()).sealTo?.keyId).toBe('2026-11.1');
    world.day.nowMs = Date.parse('2026-12-01T00:00:00+08:00');
    expect((await world.told()).sealTo?.keyId).toBe('2026-12.1');
  });

  it('are published as they were made, whoever dies in between', async () => {
    for (const at of [1, 2]) {
      for (const when of ['before', 'after'] as const) {
        const world = new ChallengeWorld();
        await world.register();
        const only = ['make', 'publishKey'];
        await expect(world.drawing(failAt({ at, when, only, dies: true }))()).rejects.toThrow();
        await world.draw();
        const [published] = world.day.kept.challenges.kept.keys.values();
        const key = await world.keys.read('2026-11.1');
        expect(key && Buffer.from(publicKeyOf(key)).toString('base64url')).toBe(published?.publicKey);
        expect(months(world)).toEqual(['2026-11.1']);
      }
    }
  });

  it('are heard of at once by the first box of a stack, and at most ten minutes late, by one read for all boxes', async () => {
    const world = new ChallengeWorld();
    await world.register();
    expect(await world.told()).not.toHaveProperty('sealTo');
    await world.draw();
    expect((await world.told()).sealTo).toMatchObject({ keyId: '2026-11.1' });
    const [first] = await world.day.kept.challenges.publishedKeys();
    if (first === undefined) throw new Error('no key');
    await world.day.kept.challenges.publishKey({ ...first, keyId: '2026-11.2' });
    world.day.nowMs += 599_999;
    expect((await world.told()).sealTo).toMatchObject({ keyId: '2026-11.1' });
    world.day.nowMs += 1;
    expect((await world.told()).sealTo).toMatchObject({ keyId: '2026-11.2' });
  });

  it('are destroyed after their time, and then open nothing', async () => {
    const world = await aWorld();
    const over = Date.parse('2027-04-02T00:00:00+08:00');
    world.day.nowMs = over - 1;
    await world.draw();
    expect(world.keys.kept.has('2026-11.1')).toBe(true);
    world.day.nowMs = over;
    await world.draw();
    expect(world.keys.kept.has('2026-11.1')).toBe(false);
    expect(await world.keys.read('2026-11.1')).toBeUndefined();
    expect(months(world)).toContain('2026-11.1');
  });

  it('that are lost ask for nothing, ring, and give way to the next number of their month', async () => {
    const world = await aWorld();
    world.keys.kept.delete('2026-11.1');
    await world.draw();
    expect(world.asked()).toEqual([]);
    expect(world.lostKeys).toContain('2026-11.1');

    const young = new ChallengeWorld();
    await young.register();
    await young.draw();
    young.keys.kept.clear();
    young.day.nowMs += HOUR_MS;
    await young.draw();
    expect(months(young)).toEqual(['2026-11.1', '2026-11.2']);
    expect((await young.told()).sealTo?.keyId).toBe('2026-11.2');
    expect(young.lostKeys).toEqual(['2026-11.1']);
  });
});
