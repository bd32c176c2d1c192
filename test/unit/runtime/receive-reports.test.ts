import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler as makeLogs } from '../../../functions/receive-logs/handler.ts';
import { makeVerifyRequest } from '../../../shared/adapters/signature/verify-signature.ts';
import { receiverAnswerSchema } from '../../../shared/contracts/reports/answer.ts';
import { formatKeyId } from '../../../shared/contracts/signature-profile.ts';
import { ConflictError, UnavailableError } from '../../../shared/domain/errors.ts';
import type { ReportBase } from '../../../shared/domain/reports.ts';
import type { Sender } from '../../../shared/domain/sender.ts';
import type { TakeReport } from '../../../shared/domain/taken-report.ts';
import { serveHttp } from '../../../shared/runtime/serve-http.ts';
import { signedEvent } from '../../support/http-event.ts';
import {
  AUTHORITY,
  makeReceiver,
  makeRememberingTake,
  NOW_MS,
  quietObservers,
  type ReceiverKind,
  receiverKinds,
  reportId,
  validReports,
} from '../../support/receivers.ts';
import { makeTestKey } from '../../support/rfc9421-signer.ts';

const key = makeTestKey();
const keyid = formatKeyId({ facilityId: 'taizhou-0001', box: 'box-1', key: key.publicKey });
const created = Math.trunc(NOW_MS / 1000) - 1;

const eventOf = (kind: ReceiverKind, body: unknown) =>
  signedEvent({
    authority: AUTHORITY,
    path: `/v1/${kind}`,
    body: JSON.stringify(body),
    keyid,
    privateKey: key.privateKey,
    created,
  });

const send = async (kind: ReceiverKind, take: TakeReport<ReportBase>, body: unknown) => {
  const { statusCode, headers, body: text } = await makeReceiver(kind, take)(eventOf(kind, body));
  return { status: statusCode, headers: headers ?? {}, body: JSON.parse(text ?? '') };
};

const reports = (kind: ReceiverKind, count: number) =>
  Array.from({ length: count }, (_, n) => ({ ...validReports[kind], id: reportId(n) }));

/** Fails the reports with these numbers, keeps the others. */
const failing = (numbers: readonly number[], error: Error = new UnavailableError('down')) => {
  const kept = makeRememberingTake();
  const asked: string[] = [];
  const take: TakeReport<ReportBase> = async (sender, report, digest) => {
    asked.push(report.id);
    if (numbers.some((n) => reportId(n) === report.id)) throw error;
    return kept(sender, report, digest);
  };
  return { take, kept: kept.taken, asked };
};

describe('a request of a box', () => {
  it('is answered with our time and a result per report, in order', async () => {
    const answer = await send('logs', makeRememberingTake(), reports('logs', 3));
    expect(answer.body).toEqual({
      serverTime: '2026-03-02T01:00:05.000Z',
      results: [0, 1, 2].map((n) => ({ id: reportId(n), result: 'accepted' })),
      challenges: [],
    });
  });

  it('tells the pace where the use case knows it', async () => {
    const take: TakeReport<ReportBase> = async () => ({ result: 'accepted', nextBeatSeconds: 5 });
    const { body } = await send('heartbeats', take, validReports.heartbeats);
    expect(body.nextBeatSeconds).toBe(5);
    expect(body.results).toEqual([{ id: validReports.heartbeats.id, result: 'accepted' }]);
  });

  it('tells a box what became of its alarms, in the words of the contract', async () => {
    const alarm = {
      reportId: reportId(1),
      openedAtMs: 0,
      revision: 3,
      state: 'answered',
      published: 5,
      delivered: 4,
    } as const;
    const seenBy = [{ department: 'police', atMs: Date.parse('2026-03-02T01:02:03Z') }];
    const take: TakeReport<ReportBase> = async () => ({
      result: 'accepted',
      nextBeatSeconds: 60,
      alarms: [{ ...alarm, seenBy }],
    });
    const { body } = await send('heartbeats', take, validReports.heartbeats);
    const said = { id: reportId(1), state: 'answered', published: 5, delivered: 4 };
    expect(body.alarms).toEqual([{ ...said, seenBy: [{ department: 'police', at: '2026-03-02T01:02:03.000Z' }] }]);
    expect(receiverAnswerSchema.safeParse(body).success).toBe(true);
  });

  it('says who sent it, and when by both clocks', async () => {
    const senders: Sender[] = [];
    const take: TakeReport<ReportBase> = async (sender) => {
      senders.push(sender);
      return { result: 'accepted' };
    };
    await send('alarms', take, validReports.alarms);
    expect(senders).toEqual([
      { facilityId: 'taizhou-0001', box: 'box-1', key: key.publicKey, createdMs: created * 1000, receivedMs: NOW_MS },
    ]);
  });

  it('is the same report when only its age differs, and another when anything else does', async () => {
    const take = makeRememberingTake();
    const results = async (changes: object) =>
      (await send('alarms', take, { ...validReports.alarms, ...changes })).body.results[0];
    expect(await results({})).toMatchObject({ result: 'accepted' });
    expect(await results({ ageMs: 90_000 })).toMatchObject({ result: 'duplicate' });
    expect(await results({ kind: 'fire' })).toMatchObject({ result: 'rejected', reason: 'id-reused' });
  });

  it('has a digest unless a sequence tells a repeat', async () => {
    for (const kind of receiverKinds) {
      const digests: (string | undefined)[] = [];
      const take: TakeReport<ReportBase> = async (_sender, _report, digest) => {
        digests.push(digest);
        return { result: 'accepted' };
      };
      await send(kind, take, validReports[kind]);
      const isSequenced = 'seq' in validReports[kind];
      expect(digests, kind).toEqual([isSequenced ? undefined : expect.stringMatching(/^[0-9a-f]{64}$/)]);
    }
  });

  it('is the same report whatever the order of its fields', async () => {
    const take = makeRememberingTake();
    const turned = Object.fromEntries(Object.entries(validReports.checks).reverse());
    await send('checks', take, validReports.checks);
    expect((await send('checks', take, turned)).body.results[0]).toMatchObject({ result: 'duplicate' });
  });
});

describe('trouble of ours in the middle of a request', () => {
  it.each([
    new UnavailableError('down'),
    new ConflictError('busy'),
    Object.assign(new Error('x'), { name: 'ThrottlingException' }),
  ])('is 503 with Retry-After for the whole request: %s', async (error) => {
    const { take } = failing([1], error);
    const { status, headers, body } = await send('checks', take, reports('checks', 3));
    expect(status).toBe(503);
    expect(headers['retry-after']).toBeDefined();
    expect(body.results).toBeUndefined();
  });

  it('stops a sequenced stream, so that the retry is not superseded', async () => {
    for (const kind of ['heartbeats', 'coverage'] as const) {
      const { take, asked } = failing([1]);
      expect((await send(kind, take, reports(kind, 4))).status).toBe(503);
      expect(asked).toEqual([reportId(0), reportId(1)]);
    }
  });

  it('does not keep later alarms waiting', async () => {
    const { take, kept } = failing([1]);
    expect((await send('alarms', take, reports('alarms', 4))).status).toBe(503);
    expect([...kept.keys()]).toEqual([reportId(0), reportId(2), reportId(3)]);
  });

  it('ends the tries of a request after three', async () => {
    const { take, asked } = failing([0, 1, 2, 3, 4, 5]);
    await send('alarms', take, reports('alarms', 6));
    expect(asked).toHaveLength(3);
  });

  it('loses nothing: the same request again is accepted for what was missing and duplicate for the rest', async () => {
    const { take, kept } = failing([1]);
    await send('recordings', take, reports('recordings', 3));
    const healed: TakeReport<ReportBase> = async (_sender, { id }, digest) => {
      if (kept.get(id) === digest) return { result: 'duplicate' };
      kept.set(id, digest);
      return { result: 'accepted' };
    };
    const { status, body } = await send('recordings', healed, reports('recordings', 3));
    expect(status).toBe(200);
    expect(body.results.map(({ result }: { result: string }) => result)).toEqual([
      'duplicate',
      'accepted',
      'duplicate',
    ]);
  });

  it('an error of ours that nobody foresaw is 500 and says nothing', async () => {
    const { take } = failing([0], new TypeError('secret of the table'));
    const { status, body } = await send('logs', take, reports('logs', 1));
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('is prepared as a whole, by all reports that fit, before the first is taken; in vain, none is', async () => {
    const order: string[] = [];
    const take: TakeReport<ReportBase> = async (_sender, { id }) => {
      order.push(`took ${id}`);
      return { result: 'accepted' };
    };
    const receive = (prepare: (sender: Sender, reports: readonly ReportBase[]) => Promise<void>) =>
      serveHttp(
        makeLogs({ verify: makeVerifyRequest([AUTHORITY]), take, prepare, clock: () => NOW_MS }),
        quietObservers(),
      )(eventOf('logs', [...reports('logs', 2), { id: 'misfit' }]), {} as Context);
    await receive(async (_sender, some) => void order.push(`prepared ${some.map(({ id }) => id)}`));
    expect(order).toEqual([`prepared ${reportId(0)},${reportId(1)}`, `took ${reportId(0)}`, `took ${reportId(1)}`]);
    const refused = await receive(() => Promise.reject(new UnavailableError('down')));
    expect(refused.statusCode).toBe(503);
    expect(order).toHaveLength(3);
  });
});
