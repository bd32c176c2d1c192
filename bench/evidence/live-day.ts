import { v7 as uuidv7 } from 'uuid';
import { answerChallenge, sealHour } from '../../box/challenges.ts';
import { signedHeaders } from '../../box/signer.ts';
import { onWire } from '../../box/streams.ts';
import { makeDrawChallenges } from '../../functions/draw-challenges/draw-challenges.ts';
import { makeHandler as receiveChallenges } from '../../functions/receive-challenges/handler.ts';
import { makeReceiveChallenge } from '../../functions/receive-challenges/receive-challenges.ts';
import { makeHandler as receiveDigests } from '../../functions/receive-digests/handler.ts';
import { makeReceiveDigest } from '../../functions/receive-digests/receive-digests.ts';
import { holdKeys, makeAskBox } from '../../functions/receive-recordings/ask-box.ts';
import { makeHandler as receiveRecordings } from '../../functions/receive-recordings/handler.ts';
import { makeKeepTokens } from '../../functions/receive-recordings/keep-tokens.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { KEY_ZONE, sealingKeyAt } from '../../shared/domain/challenges/key-month.ts';
import { addDays } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, hourFrom, MINUTE_MS } from '../../shared/domain/time.ts';
import type { EvidenceKind } from '../../shared/evidence/evidence-kinds.ts';
import { leafHash, treeOf } from '../../shared/evidence/merkle.ts';
import type { ChallengeStore } from '../../shared/ports/challenge-store.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makeKeepRequest } from '../../shared/use-cases/keep-request.ts';
import { facilityRowOfRequest, registryOfRequest } from '../../shared/use-cases/of-one-request.ts';
import { postEvent } from '../../test/support/http-event.ts';
import { type Call, isWrite } from './calls.ts';
import { type BenchNursery, CAMERAS, FACILITY, LAST_DAY, midnight, type monthKeysOf, type World } from './world.ts';

const HOST = 'api.example';
type Receiver = ReturnType<typeof receiveDigests>;

/** The receivers as their `main.ts` puts them together for each request, over the engine of the bench. */
const receiversOf = (world: World) => {
  const { challenges, records, clock } = world;
  const publishedKeys = holdKeys(challenges);
  const putEvidence = makePutEvidence(world.client, world.names.evidence);
  const verify = makeVerifyRequest([HOST]);
  const ofRequest = (kind: EvidenceKind) => {
    const registry = registryOfRequest(world.registry);
    const keepRequest = makeKeepRequest({ putEvidence, isKeyLive: registry.isKeyLive, kind, freshSalt });
    return { registry, common: { verify, keepRequest, clock: () => clock.nowMs } };
  };
  const recordings: Receiver = (event) => {
    const { registry, common } = ofRequest('recordings');
    return receiveRecordings({
      ...common,
      prepare: makeKeepTokens({ registry, challenges }),
      take: makeReceiveRecording({ vitals: facilityRowOfRequest(world.vitals), records, registry, packFor }),
      tell: makeAskBox({ challenges: { ...challenges, publishedKeys }, registry }),
    })(event);
  };
  const digests: Receiver = (event) => {
    const { registry, common } = ofRequest('digests');
    return receiveDigests({ ...common, take: makeReceiveDigest({ records, registry }) })(event);
  };
  const answers: Receiver = (event) => {
    const { registry, common } = ofRequest('challenges');
    const take = makeReceiveChallenge({ vitals: world.vitals, records, registry, challenges, packFor });
    return receiveChallenges({ ...common, take })(event);
  };
  return { recordings, digests, challenges: answers };
};

/** What a box sends in one signed request, taken by its receiver. Answers what the box is told. */
const send = async (
  world: World,
  { identity }: BenchNursery,
  receiver: Receiver,
  path: string,
  reports: readonly object[],
): Promise<{ readonly results: readonly { readonly result: string }[] }> => {
  const body = Buffer.from(JSON.stringify(reports));
  const url = new URL(`https://${HOST}${path}`);
  const headers = signedHeaders(identity, { method: 'POST', url, body, createdMs: world.clock.nowMs });
  const answer = await receiver(postEvent(path, { ...headers, host: HOST }, body));
  const said = JSON.parse(answer.body ?? '{}') as { results?: readonly { result: string }[] };
  const isTaken = said.results?.every(({ result }) => result === 'accepted') ?? false;
  if (answer.statusCode !== 200 || !isTaken) throw new Error(`${path} was answered ${answer.body}`);
  return { results: said.results ?? [] };
};

const base = (nowMs: number) => ({ id: uuidv7(), time: onWire(nowMs), ageMs: 0 });

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
      await send(world, nursery, receivers.recordings, '/v1/recordings', batch);
      tookMs.push(performance.now() - startMs);
    }
    const digest = digestReport(world.clock.nowMs, hourMs);
    await send(world, nursery, receivers.digests, '/v1/digests', [digest]);
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
  await draw({ facility: FACILITY, day: LAST_DAY });
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
    await send(world, nursery, receivers.challenges, '/v1/challenges', [report]);
  }
  const answered = world.taken();
  clock.nowMs = midnight(LAST_DAY) + 2 * DAY_MS + 20 * MINUTE_MS;
  await draw({ facility: FACILITY, day: LAST_DAY });
  // It reads what every draw reads, which is counted once a day; what it puts under seal is of this day.
  const settled = world.taken().filter(isWrite);
  clock.nowMs = midnight(addDays(LAST_DAY, 1)) + 40 * MINUTE_MS;
  return { asked: asked.length, drawMs, calls: [...drawn, ...answered, ...settled] };
};
