import { createPublicKey, randomBytes, verify as verifySignature } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeHandler as makeAlarms } from '../../functions/receive-alarms/handler.ts';
import { makeReceiveAlarm } from '../../functions/receive-alarms/receive-alarms.ts';
import { makeHandler as makeLogs } from '../../functions/receive-logs/handler.ts';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { formatKeyId } from '../../shared/contracts/signature-profile.ts';
import { leafOf, openLeaf } from '../../shared/evidence/leaf.ts';
import type { RecordContent } from '../../shared/evidence/salted-digest.ts';
import type { EvidenceRecord, EvidenceStore } from '../../shared/ports/evidence-store.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeKeepRequest } from '../../shared/use-cases/keep-request.ts';
import { signedEvent } from '../support/http-event.ts';
import { failAt, failing } from '../support/memory-stores.ts';
import { AUTHORITY, NOW_MS, quietObservers, reportId, validReports } from '../support/receivers.ts';
import { makeTestKey, type TestKey } from '../support/rfc9421-signer.ts';
import { Timeline } from '../support/timeline.ts';

const always = { fromMs: 0, toMs: 1e13 };

/** A nursery whose box signs, and the receivers of its alarms and logs with everything in memory. */
class Nursery extends Timeline {
  readonly key: TestKey = makeTestKey();

  constructor() {
    super(NOW_MS);
  }

  async enrol(): Promise<void> {
    await this.register('sun');
    await this.kept.alarms.putKey('sun', 'b1', this.key.publicKey);
    await this.kept.registry.putKey('sun', 'b1', this.key.publicKey);
  }

  async send(
    kind: 'alarms' | 'logs',
    body: unknown,
    using: { readonly evidence?: Pick<EvidenceStore, 'put'>; readonly key?: TestKey; readonly facility?: string } = {},
  ) {
    const { evidence = this.evidence, key = this.key, facility = 'sun' } = using;
    const keyStore = kind === 'alarms' ? this.kept.alarms : this.kept.registry;
    const common = {
      verify: makeVerifyRequest([AUTHORITY]),
      clock: this.clock,
      keepRequest: makeKeepRequest({
        putEvidence: (record) => evidence.put(record),
        isKeyLive: keyStore.isKeyLive,
        kind,
        freshSalt: () => randomBytes(32),
      }),
    };
    const handler =
      kind === 'alarms'
        ? makeAlarms({ ...common, take: makeReceiveAlarm({ ...this.kept, packFor, clock: this.clock }) })
        : makeLogs({ ...common, take: makeReceiveLog({ ...this.kept, packFor }) });
    const event = signedEvent({
      authority: AUTHORITY,
      path: `/v1/${kind}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      keyid: formatKeyId({ facilityId: facility, box: 'b1', key: key.publicKey }),
      privateKey: key.privateKey,
      created: Math.trunc(this.nowMs / 1000),
    });
    const { statusCode, body: text } = await serveHttp(handler, quietObservers())(event, {} as Context);
    return { status: statusCode, body: JSON.parse(text ?? '') };
  }

  records(): Promise<readonly EvidenceRecord[]> {
    return this.evidence.within('sun', always);
  }
}

const alarm = { ...validReports.alarms, kind: 'panic' };
const log = validReports.logs;
const withName = { ...log, id: reportId(7), childName: '王小明' };

describe('a signed request of a box', () => {
  let day: Nursery;
  beforeEach(async () => {
    day = new Nursery();
    await day.enrol();
  });

  it('is one record, whatever number of reports it holds, and opens as its leaf', async () => {
    const reports = [log, { ...log, id: reportId(2) }];
    expect((await day.send('logs', reports)).status).toBe(200);
    const [record, ...others] = await day.records();
    expect(others).toEqual([]);
    if (record === undefined) throw new Error('no record');
    const { facility, kind, id, receivedAtMs, content, digest, signature } = record;
    expect({ facility, kind, receivedAtMs }).toEqual({ facility: 'sun', kind: 'logs', receivedAtMs: NOW_MS });
    const receivedAt = new Date(receivedAtMs).toISOString();
    const leaf = leafOf({ facility, kind, id, receivedAt }, content as RecordContent);
    const opened = openLeaf(leaf, content);
    if (opened.state !== 'readable') throw new Error(opened.state);
    expect(opened.envelope.digest).toBe(digest);
    expect(Buffer.from(opened.body).toString()).toBe(JSON.stringify(reports));
    const fits = (base: Uint8Array) =>
      verifySignature(null, base, createPublicKey(day.key.privateKey), Buffer.from(signature?.value ?? '', 'base64'));
    expect(signature?.key).toBe(day.key.publicKey);
    expect(fits(opened.signatureBase)).toBe(true);
  });

  it('with a report that does not fit is kept by its digest alone, and its good neighbours are taken', async () => {
    const { status, body } = await day.send('logs', [log, withName]);
    expect(status).toBe(200);
    expect(body.results.map(({ result }: { result: string }) => result)).toEqual(['accepted', 'rejected']);
    const [record] = await day.records();
    expect(record).toEqual({
      facility: 'sun',
      kind: 'logs',
      id: expect.stringMatching(/^[\w-]{43}$/),
      receivedAtMs: NOW_MS,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      content: {},
    });
    expect(JSON.stringify([...day.evidence.kept])).not.toContain('王小明');
  });

  it.each([
    ['a name', '"kind":', '"kind":"王小明",'],
    ['a name that is spelt otherwise', '"kind":', '"\\u006bind":"王小明",'],
    ['a count', '"counts":{', '"counts":{"areas":1,"areas":2,'],
  ])('that says %s twice is read by its last word, and kept by its digest alone', async (_, before, twice) => {
    const put = before.endsWith('{') ? twice : `${twice}${before}`;
    const body = JSON.stringify([log]).replace(before, put);
    expect((await day.send('logs', body)).body.results).toMatchObject([{ result: 'accepted' }]);
    expect((await day.records()).map(({ content }) => content)).toEqual([{}]);
  });

  it('whose texts hold what looks like names of members is kept whole', async () => {
    const body = JSON.stringify([log], undefined, 2).replaceAll('": ', '" : ');
    await day.send('logs', body);
    const [record] = await day.records();
    expect(Buffer.from(record?.content.body ?? '').toString()).toBe(body);
  });

  it('has an id by which nobody can try guesses at what was erased or withheld', async () => {
    await day.send('logs', log);
    day.nowMs += 1;
    await day.send('logs', log);
    const [one, again] = await day.records();
    // To the byte the same request: whoever guesses it right could tell by an id that follows from it alone.
    expect(again?.content.signatureBase).toEqual(one?.content.signatureBase);
    expect(again?.content.body).toEqual(one?.content.body);
    expect(again?.id).not.toBe(one?.id);
  });

  it('that is nothing but one report that does not fit is refused, and its reception stays provable', async () => {
    expect((await day.send('logs', withName)).status).toBe(422);
    expect((await day.records()).map(({ content }) => content)).toEqual([{}]);
  });

  it('of a key that nobody enrolled leaves nothing in the log of a nursery, whether its reports fit or not', async () => {
    const stranger = makeTestKey();
    expect((await day.send('logs', log, { key: stranger })).status).toBe(403);
    await day.send('logs', [withName, withName], { key: stranger });
    await day.send('alarms', alarm, { key: stranger });
    expect(await day.records()).toEqual([]);
  });

  it('of the canary is no record: it is no nursery and has no log', async () => {
    await day.kept.alarms.putKey('canary', 'b1', day.key.publicKey);
    await day.send('alarms', alarm, { facility: 'canary' });
    expect(day.evidence.kept.size).toBe(0);
  });

  it('whose sealing failed is sent again: an alarm is out all the same, its retry is a duplicate and is sealed', async () => {
    const down = failing(day.evidence, { at: 1, when: 'before' });
    expect(await day.send('alarms', alarm, { evidence: down })).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });
    expect(day.kept.publisher.published.length).toBeGreaterThan(0);
    expect(await day.records()).toEqual([]);
    const told = day.kept.publisher.published.length;
    day.nowMs += 2_000;
    const retry = await day.send('alarms', alarm, { evidence: down });
    expect(retry).toMatchObject({ status: 200, body: { results: [{ result: 'duplicate' }] } });
    expect(day.kept.publisher.published).toHaveLength(told);
    expect(await day.records()).toMatchObject([{ kind: 'alarms', receivedAtMs: NOW_MS + 2_000 }]);
  });

  it('does not wait for its seal before an alarm goes out', async () => {
    let letGo = (): void => {};
    const slow = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let atPut = 0;
    const evidence: Pick<EvidenceStore, 'put'> = {
      put: async (record) => {
        await slow;
        atPut = day.kept.publisher.published.length;
        await day.evidence.put(record);
      },
    };
    const sent = day.send('alarms', alarm, { evidence });
    await expect.poll(() => day.kept.publisher.published.length).toBeGreaterThan(4);
    letGo();
    expect((await sent).status).toBe(200);
    expect(atPut).toBeGreaterThan(4);
  });

  it.each(['before', 'after'] as const)(
    'dies %s its put: the retry is another record, and nothing is lost',
    async (when) => {
      const plan = failAt({ at: 1, when, dies: true });
      await day.send('logs', log, { evidence: failing(day.evidence, plan) });
      plan.restart();
      day.nowMs += 1_000;
      const retry = await day.send('logs', log, { evidence: failing(day.evidence, plan) });
      expect(retry).toMatchObject({ status: 200, body: { results: [{ result: 'duplicate' }] } });
      const ids = (await day.records()).map(({ id }) => id);
      expect(ids).toHaveLength(when === 'before' ? 1 : 2);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('whose taking failed is not answered before its put is done', async () => {
    let isPut = false;
    const evidence: Pick<EvidenceStore, 'put'> = {
      put: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        isPut = true;
      },
    };
    day.kept.records.putLog = () => Promise.reject(Object.assign(new Error('busy'), { name: 'ThrottlingException' }));
    expect((await day.send('logs', log, { evidence })).status).toBe(503);
    expect(isPut).toBe(true);
  });
});
