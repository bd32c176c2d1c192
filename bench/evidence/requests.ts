import { v7 as uuidv7 } from 'uuid';
import { signedHeaders } from '../../box/signer.ts';
import { onWire } from '../../box/streams.ts';
import { makeHandler as receiveChallenges } from '../../functions/receive-challenges/handler.ts';
import { makeReceiveChallenge } from '../../functions/receive-challenges/receive-challenges.ts';
import { makeHandler as receiveChecks } from '../../functions/receive-checks/handler.ts';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { makeHandler as receiveCoverage } from '../../functions/receive-coverage/handler.ts';
import { makeReceiveCoverage } from '../../functions/receive-coverage/receive-coverage.ts';
import { makeHandler as receiveDigests } from '../../functions/receive-digests/handler.ts';
import { makeReceiveDigest } from '../../functions/receive-digests/receive-digests.ts';
import { makeHandler as receiveHeartbeats } from '../../functions/receive-heartbeats/handler.ts';
import { makeReceiveHeartbeat } from '../../functions/receive-heartbeats/receive-heartbeats.ts';
import { makeHandler as receiveLogs } from '../../functions/receive-logs/handler.ts';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import { makeAskBox, rememberKeys } from '../../functions/receive-recordings/ask-box.ts';
import { makeHandler as receiveRecordings } from '../../functions/receive-recordings/handler.ts';
import { makeKeepTokens } from '../../functions/receive-recordings/keep-tokens.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import type { FunctionName } from '../../shared/contracts/routes.ts';
import type { EvidenceKind } from '../../shared/evidence/evidence-kinds.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import type { HttpHandler } from '../../shared/runtime/serve-http.ts';
import { makeKeepRequest } from '../../shared/use-cases/keep-request.ts';
import { facilityRowOfRequest, registryOfRequest } from '../../shared/use-cases/of-one-request.ts';
import { postEvent } from '../../test/support/http-event.ts';
import type { BenchNursery, World } from './world.ts';

const HOST = 'api.example';

/** The receivers as their `main.ts` puts them together for each request, over the engine of the bench. */
export const receiversOf = (world: World) => {
  const { challenges, records, vitals } = world;
  const publishedKeys = rememberKeys(challenges);
  const putEvidence = makePutEvidence(world.client, world.names.evidence);
  const common = { verify: makeVerifyRequest([HOST]), clock: () => world.clock.nowMs };
  const sealed =
    (kind: EvidenceKind, handle: (registry: ReturnType<typeof registryOfRequest>, kept: object) => HttpHandler) =>
    (event: Parameters<HttpHandler>[0]) => {
      const registry = registryOfRequest(world.registry);
      const keepRequest = makeKeepRequest({ putEvidence, isKeyLive: registry.isKeyLive, kind, freshSalt });
      return handle(registry, { keepRequest })(event);
    };
  return {
    heartbeats: receiveHeartbeats({ ...common, take: makeReceiveHeartbeat({ vitals, records }) }),
    coverage: receiveCoverage({ ...common, take: makeReceiveCoverage({ vitals, records }) }),
    recordings: sealed('recordings', (registry, kept) =>
      receiveRecordings({
        ...common,
        ...kept,
        prepare: makeKeepTokens({ registry, challenges }),
        take: makeReceiveRecording({ vitals: facilityRowOfRequest(vitals), records, registry, packFor }),
        tell: makeAskBox({ challenges: { ...challenges, publishedKeys }, registry }),
      }),
    ),
    digests: sealed('digests', (registry, kept) =>
      receiveDigests({ ...common, ...kept, take: makeReceiveDigest({ records, registry }) }),
    ),
    checks: sealed('checks', (registry, kept) =>
      receiveChecks({ ...common, ...kept, take: makeReceiveCheck({ vitals, records, registry, packFor }) }),
    ),
    logs: sealed('logs', (registry, kept) =>
      receiveLogs({ ...common, ...kept, take: makeReceiveLog({ vitals, records, registry, packFor }) }),
    ),
    challenges: sealed('challenges', (registry, kept) =>
      receiveChallenges({
        ...common,
        ...kept,
        take: makeReceiveChallenge({ vitals, records, registry, challenges, packFor }),
      }),
    ),
  };
};
export type Receivers = ReturnType<typeof receiversOf>;

/** Runs a function once, and notes in `world.runs` what that cost. */
export const metered = async <T>(
  world: World,
  of: FunctionName,
  work: () => Promise<T>,
  bytesOf: (answer: T) => number = () => 0,
): Promise<T> => {
  const before = world.noted().length;
  const from = process.cpuUsage();
  const answer = await work();
  const { user, system } = process.cpuUsage(from);
  const calls = world.noted().slice(before);
  world.runs.push({ of, cpuMs: (user + system) / 1_000, calls, answerBytes: bytesOf(answer) });
  return answer;
};

/** What a box sends in one signed request, taken by its receiver. */
export const send = async (
  world: World,
  { identity }: BenchNursery,
  receivers: Receivers,
  stream: keyof Receivers,
  reports: readonly object[],
): Promise<void> => {
  const path = `/v1/${stream}`;
  const body = Buffer.from(JSON.stringify(reports));
  const url = new URL(`https://${HOST}${path}`);
  const headers = signedHeaders(identity, { method: 'POST', url, body, createdMs: world.clock.nowMs });
  const event = postEvent(path, { ...headers, host: HOST }, body);
  const answer = await metered(
    world,
    `receive-${stream}`,
    () => receivers[stream](event),
    ({ body: said = '' }) => Buffer.byteLength(said),
  );
  const said = JSON.parse(answer.body ?? '{}') as { results?: readonly { result: string }[] };
  const isTaken = said.results?.every(({ result }) => result === 'accepted') ?? false;
  if (answer.statusCode !== 200 || !isTaken) throw new Error(`${path} was answered ${answer.body}`);
};

export const base = (nowMs: number) => ({ id: uuidv7(), time: onWire(nowMs), ageMs: 0 });
