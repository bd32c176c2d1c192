import { describe, expect, it } from 'vitest';
import { makeReceiveAlarm } from '../../functions/receive-alarms/receive-alarms.ts';
import { makeReceiveChallenge } from '../../functions/receive-challenges/receive-challenges.ts';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { makeReceiveCoverage } from '../../functions/receive-coverage/receive-coverage.ts';
import { makeReceiveDigest } from '../../functions/receive-digests/receive-digests.ts';
import { makeReceiveHeartbeat } from '../../functions/receive-heartbeats/receive-heartbeats.ts';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { formatKeyId } from '../../shared/contracts/signature-profile.ts';
import type { ReportBase } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { signedEvent } from '../support/http-event.ts';
import { type FailurePlan, failAt, failing, type RunningPlan } from '../support/memory-stores.ts';
import { nursery } from '../support/nursery.ts';
import {
  AUTHORITY,
  makeReceiver,
  NOW_MS,
  type ReceiverKind,
  receiverKinds,
  reportId,
  validReports,
} from '../support/receivers.ts';
import { makeTestKey } from '../support/rfc9421-signer.ts';
import { type Stores, Timeline } from '../support/timeline.ts';

const key = makeTestKey();

/** A box that was asked nothing has nothing to answer: its answers are sent again in scenario/challenges. */
const sentByAnyBox = receiverKinds.filter((kind) => kind !== 'challenges');

const takes: Readonly<Record<ReceiverKind, (kept: Stores) => TakeReport<never>>> = {
  challenges: (kept) => makeReceiveChallenge({ ...kept, packFor }),
  heartbeats: (kept) => makeReceiveHeartbeat(kept),
  coverage: (kept) => makeReceiveCoverage(kept),
  recordings: (kept) => makeReceiveRecording({ ...kept, packFor }),
  checks: (kept) => makeReceiveCheck({ ...kept, packFor }),
  logs: (kept) => makeReceiveLog({ ...kept, packFor }),
  digests: (kept) => makeReceiveDigest(kept),
  alarms: (kept) => makeReceiveAlarm({ ...kept, packFor }),
};

/** A nursery whose key is enrolled, and the function of one path on its stores, which die by the plan. */
const aNursery = async (kind: ReceiverKind, running?: RunningPlan) => {
  const day = new Timeline(NOW_MS - 3_600_000);
  await day.register('sun', {
    cameras: nursery('any').cameras.map((camera) => ({ ...camera, id: 'playroom-1' })),
    classes: [{ id: 'sunflowers', children: 16 }],
  });
  await day.kept.vitals.admitKey('sun', 'b1', key.publicKey);
  await day.kept.registry.putKey('sun', 'b1', key.publicKey);
  await day.kept.alarms.putKey('sun', 'b1', key.publicKey);
  const through = <T extends object>(store: T): T => (running ? failing(store, running) : store);
  const { vitals, registry, records, incidents, alarms, windows, challenges, publisher } = day.kept;
  const take = takes[kind]({
    vitals: through(vitals),
    registry: through(registry),
    records: through(records),
    incidents: through(incidents),
    alarms: through(alarms),
    windows: through(windows),
    challenges: through(challenges),
    publisher: through(publisher),
  });
  const call = makeReceiver(kind, take as unknown as TakeReport<ReportBase>);
  const send = async (body: unknown) => {
    const { statusCode, body: text } = await call(
      signedEvent({
        authority: AUTHORITY,
        path: `/v1/${kind}`,
        body: JSON.stringify(body),
        keyid: formatKeyId({ facilityId: 'sun', box: 'b1', key: key.publicKey }),
        privateKey: key.privateKey,
        created: Math.trunc(NOW_MS / 1000),
      }),
    );
    const results = (JSON.parse(String(text)).results ?? []) as { id: string; result: string; reason?: string }[];
    return { status: statusCode, results };
  };
  return { day, send };
};

const reports = (kind: ReceiverKind, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...validReports[kind],
    id: reportId(n),
    ...('seq' in validReports[kind] && { seq: n, time: '2026-03-02T09:00:05+08:00', ageMs: 0 }),
  }));

const entries = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => a.localeCompare(b));

/** All that is kept of the nursery; how often a row was written does not count. */
const keptIn = ({ kept }: Timeline): unknown =>
  JSON.parse(
    JSON.stringify(
      [
        ...Object.values(kept.vitals.rows).map(entries),
        ...Object.values(kept.records.kept).map((map) => entries(map as ReadonlyMap<string, unknown>)),
        entries(kept.alarms.kept),
        entries(kept.incidents.live).map(([id]) => id),
        [...new Set(kept.publisher.published.map(({ id }) => id))].sort(),
      ],
      (name, value) => (name === 'revision' ? undefined : value),
    ),
  );

const NEVER: FailurePlan = { at: Number.POSITIVE_INFINITY, when: 'before' };

describe.each(sentByAnyBox)('%s: a request of a hundred', (kind) => {
  it('that died after its first report was written is sent again: one duplicate, ninety-nine accepted, none lost', async () => {
    const body = reports(kind, 100);
    const calm = await aNursery(kind);
    expect((await calm.send(body)).results.map(({ result }) => result)).toEqual(body.map(() => 'accepted'));

    const counting = failAt(NEVER);
    await (await aNursery(kind, counting)).send(body.slice(0, 1));
    expect(counting.seen).toBeGreaterThan(0);
    const running = failAt({ at: counting.seen, when: 'after', dies: true });
    const { day, send } = await aNursery(kind, running);
    expect((await send(body)).status).toBe(503);
    expect(running.fired).toBe(true);
    running.restart();
    const { results } = await send(body);
    expect(results.map(({ id, result }) => [id, result])).toEqual(
      body.map(({ id }, n) => [id, n === 0 ? 'duplicate' : 'accepted']),
    );
    expect(keptIn(day)).toEqual(keptIn(calm.day));
  });
});

describe.each(['recordings', 'checks', 'logs', 'alarms'] as const)('%s: an id that is used again', (kind) => {
  const changes = {
    recordings: { recorded: [] },
    checks: { present: 13 },
    logs: { doneAt: '2026-03-02T17:00:00+08:00' },
    alarms: { kind: 'fire' },
  } as const;

  it('with another body is refused for good, leaves the first as it is, and costs its neighbours nothing', async () => {
    const { day, send } = await aNursery(kind);
    const [first, second] = reports(kind, 2);
    await send([first]);
    const before = keptIn(day);
    expect((await send({ ...first, ...changes[kind] })).results).toMatchObject([
      { result: 'rejected', reason: 'id-reused' },
    ]);
    expect(keptIn(day)).toEqual(before);
    const { results } = await send([{ ...first, ...changes[kind] }, second, first]);
    expect(results.map(({ result }) => result)).toEqual(['rejected', 'accepted', 'duplicate']);
  });
});
