import { answerChallenge, sealHour } from '../../box/challenges.ts';
import { onWire } from '../../box/streams.ts';
import { makeDrawChallenges } from '../../functions/draw-challenges/draw-challenges.ts';
import { KEY_ZONE, sealingKeyAt } from '../../shared/domain/challenges/key-month.ts';
import { addDays } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, hourFrom, MINUTE_MS } from '../../shared/domain/time.ts';
import { leafHash, treeOf } from '../../shared/evidence/merkle.ts';
import type { ChallengeStore } from '../../shared/ports/challenge-store.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { type Call, isWrite } from './calls.ts';
import { base, metered, receiversOf, send } from './requests.ts';
import { type BenchNursery, CAMERAS, FACILITY, LAST_DAY, midnight, type monthKeysOf, type World } from './world.ts';

/** What a box knows already is not read again: that would be counted. */
const knownKeys = new WeakMap<World, ReturnType<ChallengeStore['publishedKeys']>>();

/** Asked for once, before anything is counted. */
export const learnKeys = async (world: World): Promise<void> => {
  knownKeys.set(world, Promise.resolve(await world.challenges.publishedKeys()));
};

const sealOf = async (world: World, { recorder }: BenchNursery, camera: string, hourMs: number): Promise<string> => {
  const key = sealingKeyAt((await knownKeys.get(world)) ?? [], hourMs, KEY_ZONE);
  if (key === undefined) throw new Error('no key to seal to');
  const to = { keyId: key.keyId, publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')) };
  const sealed = await sealHour(recorder, { facilityId: FACILITY, camera, hourMs }, [hourFrom(hourMs)], to);
  if (sealed.is !== 'sealed') throw new Error(`not sealed: ${sealed.because}`);
  return Buffer.from(sealed.token).toString('base64url');
};

const hourReport = async (world: World, nursery: BenchNursery, camera: string, hourMs: number): Promise<object> => {
  const { recorder } = nursery;
  const segments = recorder.segments?.(camera, hourFrom(hourMs)) ?? [];
  return {
    ...base(world.clock.nowMs),
    camera,
    hour: onWire(hourMs),
    recorded: [{ from: onWire(hourMs), to: onWire(hourMs + HOUR_MS) }],
    oldestRetrievableAt: onWire(recorder.oldestRetrievableAtMs(camera) ?? hourMs),
    segments: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    segmentRoot: Buffer.from(treeOf(segments.map(({ sha256 }) => leafHash(sha256))).root()).toString('hex'),
    challengeMode: 'byte-stable',
    challengeToken: await sealOf(world, nursery, camera, hourMs),
  };
};

const digestReport = (nowMs: number, hourMs: number): object => ({
  ...base(nowMs),
  hour: onWire(hourMs),
  minutes: 'f'.repeat(15),
  firstSeq: hourMs / MINUTE_MS,
  lastSeq: hourMs / MINUTE_MS + 59,
});

/** Sends every hour of the last day as it ends: of all cameras in one request, or each camera in one of its own. */
export const filmLastDay = async (
  world: World,
  nursery: BenchNursery,
  { hours, inOne }: { readonly hours: readonly number[]; readonly inOne: boolean },
): Promise<{ readonly tookMs: readonly number[] }> => {
  const receivers = receiversOf(world);
  const tookMs: number[] = [];
  for (const hour of hours) {
    const hourMs = midnight(LAST_DAY) + hour * HOUR_MS;
    world.clock.nowMs = hourMs + HOUR_MS + MINUTE_MS;
    const reports: object[] = [];
    for (const camera of CAMERAS) reports.push(await hourReport(world, nursery, camera, hourMs));
    for (const batch of inOne ? [reports] : reports.map((one) => [one])) {
      const startMs = performance.now();
      await send(world, nursery, receivers, 'recordings', batch);
      tookMs.push(performance.now() - startMs);
    }
    const digest = digestReport(world.clock.nowMs, hourMs);
    await send(world, nursery, receivers, 'digests', [digest]);
  }
  return { tookMs };
};

/** Tokens of the days that were only put are sealed when they are drawn; all else is as `draw-challenges` has it. */
const withTokens = (world: World, nursery: BenchNursery): ChallengeStore => ({
  ...world.challenges,
  readToken: async (facility, camera, hourMs) => {
    const kept = await world.challenges.readToken(facility, camera, hourMs);
    if (kept !== undefined) return kept;
    const token = await sealOf(world, nursery, camera, hourMs);
    return { facility, camera, hourMs, stability: 'byte-stable', token, receivedAtMs: hourMs + HOUR_MS + MINUTE_MS };
  },
});

/** Draws what the last day is owed; then the box answers all, and the draw of the day after puts that under seal. */
export const drawLastDay = async (
  world: World,
  nursery: BenchNursery,
  monthKeys: Awaited<ReturnType<typeof monthKeysOf>>,
): Promise<{ readonly asked: number; readonly drawMs: number; readonly calls: readonly Call[] }> => {
  const { records, registry, vitals, clock, evidence } = world;
  const draw = makeDrawChallenges({
    challenges: withTokens(world, nursery),
    records,
    registry,
    vitals,
    monthKeys,
    keepEvidence: makeKeepEvidence({ putEvidence: evidence.put, freshSalt }),
    packFor,
    clock: () => clock.nowMs,
    lost: (keyId) => {
      throw new Error(`the key ${keyId} is lost`);
    },
  });
  clock.nowMs = midnight(LAST_DAY) + DAY_MS + 20 * MINUTE_MS;
  const startMs = performance.now();
  await metered(world, 'draw-challenges', () => draw({ facility: FACILITY, day: LAST_DAY }));
  const drawMs = performance.now() - startMs;
  const drawn = world.taken();
  const asked = await world.challenges.challengesSince(FACILITY, clock.nowMs - DAY_MS);
  world.taken();
  const receivers = receiversOf(world);
  clock.nowMs += HOUR_MS;
  for (const { question } of asked) {
    if (question === undefined) continue;
    const { id: challenge, ...said } = await answerChallenge(nursery.recorder, question);
    const report = { ...base(clock.nowMs), challenge, ...said };
    await send(world, nursery, receivers, 'challenges', [report]);
  }
  const answered = world.taken();
  clock.nowMs = midnight(LAST_DAY) + 2 * DAY_MS + 20 * MINUTE_MS;
  await draw({ facility: FACILITY, day: LAST_DAY });
  // It reads what every draw reads, which is counted once a day; what it puts under seal is of this day.
  const settled = world.taken().filter(isWrite);
  clock.nowMs = midnight(addDays(LAST_DAY, 1)) + 40 * MINUTE_MS;
  return { asked: asked.length, drawMs, calls: [...drawn, ...answered, ...settled] };
};
