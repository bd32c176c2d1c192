import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKeyId } from '../../shared/contracts/signature-profile.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import { rejectedFor } from '../../shared/domain/taken-report.ts';
import { signedEvent } from '../support/http-event.ts';
import {
  AUTHORITY,
  makeReceiver,
  makeRememberingTake,
  type ReceiverKind,
  receiverKinds,
  reportId,
  validReports,
} from '../support/receivers.ts';
import { makeTestKey } from '../support/rfc9421-signer.ts';

const key = makeTestKey();
const keyid = formatKeyId({ facilityId: 'taizhou-0001', box: 'box-1', key: key.publicKey });

const signed = (kind: ReceiverKind, body: string | Uint8Array, changes: object = {}) => ({
  authority: AUTHORITY,
  path: `/v1/${kind}`,
  body,
  keyid,
  privateKey: key.privateKey,
  created: 1_772_413_204,
  ...changes,
});

const eventOf = (kind: ReceiverKind, body: unknown) => signedEvent(signed(kind, JSON.stringify(body)));

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown> & {
    readonly code?: string;
    readonly results: { id?: string; result: string; reason?: string; faults?: { pointer: string }[] }[];
    readonly faults?: { pointer: string; message: string }[];
  };
}

const read = ({ statusCode, headers, body }: APIGatewayProxyStructuredResultV2): Answer => ({
  status: statusCode ?? 0,
  type: String(headers?.['content-type']),
  body: JSON.parse(body ?? ''),
});

const heartbeat = validReports.heartbeats;

describe.each(receiverKinds)('bad input to %s', (kind) => {
  const receive = makeReceiver(kind);
  const valid = validReports[kind];
  const send = async (body: string | Uint8Array, changes: object = {}) =>
    read(await receive(signedEvent(signed(kind, body, changes))));

  it('a valid report is accepted, so that the refusals below are refused for their own reason', async () => {
    const answer = await send(JSON.stringify(valid));
    expect(answer).toMatchObject({ status: 200, body: { results: [{ id: valid.id, result: 'accepted' }] } });
  });

  it.each(['', '{', '[1,]', '{"id":}', 'null x', '\u{FEFF}{}', "{'id':1}"])('%j is 400 not-json', async (body) => {
    expect(await send(body)).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { code: 'not-json' },
    });
  });

  it('bytes that are not UTF-8 are 400 not-json', async () => {
    expect(await send(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toMatchObject({
      status: 400,
      body: { code: 'not-json' },
    });
  });

  it('another body than the digest says is 401 digest-mismatch', async () => {
    const request = signed(kind, JSON.stringify(valid));
    const answer = read(await receive(signedEvent(request, {}, JSON.stringify({ ...valid, id: reportId(1) }))));
    expect(answer).toMatchObject({ status: 401, body: { code: 'digest-mismatch', part: 'content-digest' } });
    expect(answer.body.signatureBase).toContain('"content-digest": sha-256=:');
  });

  it('the key of somebody else is 401 signature-invalid', async () => {
    const answer = await send(JSON.stringify(valid), { privateKey: makeTestKey().privateKey });
    expect(answer).toMatchObject({ status: 401, body: { code: 'signature-invalid', part: 'signature' } });
    expect(answer.body.signatureBase).toContain(`"@path": /v1/${kind}`);
  });

  it('no signature is 401 signature-missing', async () => {
    const event = signedEvent(signed(kind, JSON.stringify(valid)));
    const { signature: _, ...headers } = event.headers;
    expect(read(await receive({ ...event, headers }))).toMatchObject({
      status: 401,
      body: { code: 'signature-missing', part: 'signature' },
    });
  });

  it('a request made for another path is 401', async () => {
    const other = kind === 'alarms' ? 'logs' : 'alarms';
    const event = { ...eventOf(other, valid), rawPath: `/v1/${kind}` };
    expect(read(await receive(event))).toMatchObject({ status: 401, body: { code: 'signature-invalid' } });
  });

  it('a revoked key is 403 key-not-live for the whole request', async () => {
    const revoked = makeReceiver(kind, () => Promise.reject(new KeyNotLiveError('not enrolled for box-1')));
    const answer = read(await revoked(eventOf(kind, [valid, valid])));
    expect(answer).toMatchObject({ status: 403, type: 'application/problem+json', body: { code: 'key-not-live' } });
  });

  it('262,144 bytes are taken and one more is 413', async () => {
    const text = JSON.stringify(valid);
    const padded = (bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text));
    expect((await send(padded(262_144))).status).toBe(200);
    expect(await send(padded(262_145))).toMatchObject({ status: 413, body: { code: 'too-large' } });
    expect(await send(padded(257 * 1024))).toMatchObject({ status: 413, body: { code: 'too-large' } });
  });

  it.each(['text/plain', 'application/jsonp', 'application/json; charset=gbk'])('%s is 415', async (contentType) => {
    expect(await send(JSON.stringify(valid), { contentType })).toMatchObject({
      status: 415,
      body: { code: 'not-json-content-type' },
    });
  });

  it('application/json with a charset of UTF-8 is taken', async () => {
    expect((await send(JSON.stringify(valid), { contentType: 'application/json; charset=UTF-8' })).status).toBe(200);
  });

  it('100 reports are taken; 101 and none are 422', async () => {
    const many = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, n) => ({ ...valid, id: reportId(n) })));
    expect((await send(many(100))).body.results).toHaveLength(100);
    expect(await send(many(101))).toMatchObject({ status: 422, body: { code: 'too-many-reports' } });
    expect(await send('[]')).toMatchObject({ status: 422, body: { code: 'too-many-reports' } });
  });

  it('an unknown field is refused by its name', async () => {
    const answer = await send(JSON.stringify({ ...valid, 'child/name': 'x' }));
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'report-invalid', faults: [{ pointer: '/child~1name', message: 'unknown field' }] },
    });
  });

  it('a field of the wrong type is refused by its place, and what was sent is not repeated', async () => {
    const answer = await send(JSON.stringify({ ...valid, time: 'yesterday, secretly' }));
    expect(answer).toMatchObject({ status: 422, body: { faults: [{ pointer: '/time' }] } });
    expect(JSON.stringify(answer.body)).not.toContain('secretly');
  });

  it.each(['null', '1', '"x"', 'true', '{}', '[[]]', '[null]'])('%s is no report', async (body) => {
    const { status, body: answer } = await send(body);
    if (status === 200) expect(answer.results).toMatchObject([{ result: 'rejected', reason: 'invalid' }]);
    else expect({ status, code: answer.code }).toEqual({ status: 422, code: 'report-invalid' });
  });

  it('one bad among 99 good is rejected alone, in its place', async () => {
    const reports = Array.from({ length: 100 }, (_, n) => ({ ...valid, id: reportId(n + 1000) }));
    reports[41] = { ...valid, id: reportId(1041), time: 7 as never };
    const { status, body } = await send(JSON.stringify(reports));
    expect(status).toBe(200);
    expect(body.results.map(({ id }) => id)).toEqual(reports.map(({ id }) => id));
    expect(body.results.filter(({ result }) => result === 'accepted')).toHaveLength(99);
    expect(body.results[41]).toMatchObject({ result: 'rejected', reason: 'invalid', faults: [{ pointer: '/time' }] });
  });

  it('260,000 opening brackets are no trouble', async () => {
    expect((await send('['.repeat(260_000))).status).toBe(400);
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await send(nested)).toMatchObject({ status: 200, body: { results: [{ result: 'rejected' }] } });
  });
});

it('a single report that fits its schema and cannot be so is a result with its faults, and no problem', async () => {
  const refused = rejectedFor('/hour', 'has not begun yet');
  const answer = read(
    await makeReceiver('recordings', async () => refused)(eventOf('recordings', validReports.recordings)),
  );
  expect(answer).toMatchObject({ status: 200, body: { results: [{ ...refused, id: validReports.recordings.id }] } });
});

describe('names that mean something to JavaScript', () => {
  const receive = makeReceiver('heartbeats');

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is an unknown field', async (name) => {
    const body = `${JSON.stringify(heartbeat).slice(0, -1)},"${name}":{"monitoring":"yes"}}`;
    const answer = read(await receive(signedEvent(signed('heartbeats', body))));
    expect(answer).toMatchObject({ status: 422, body: { code: 'report-invalid', faults: [{ pointer: `/${name}` }] } });
  });
});

describe('an id that every object already answers to', () => {
  it('is no camera: the state that it never had would be read, and the box would be answered 500 for ever', async () => {
    const cameras = [{ camera: 'constructor', online: 'yes', recording: 'yes', picture: 'yes' }];
    const body = JSON.stringify({ ...validReports.coverage, cameras });
    const answer = read(await makeReceiver('coverage')(signedEvent(signed('coverage', body))));
    expect(answer).toMatchObject({ status: 422, body: { faults: [{ pointer: '/cameras/0/camera' }] } });
  });
});

/** One mutation of a valid report: some stay valid, most do not. */
const mutated = (kind: ReceiverKind) => {
  const valid: Record<string, unknown> = { ...validReports[kind] };
  const field = fc.constantFrom(...Object.keys(valid));
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(
      -1,
      1e308,
      0.5,
      '',
      '\u0000',
      '9999-12-31T23:59:60Z',
      '2026-02-30T00:00:00Z',
      'no',
      [[]],
      {},
    ),
    fc.string({ unit: 'binary' }),
  );
  return fc.oneof(
    fc.tuple(field, odd).map(([name, value]) => ({ ...valid, [name]: value })),
    field.map((name) => Object.fromEntries(Object.entries(valid).filter(([other]) => other !== name))),
    fc.tuple(fc.string({ unit: 'binary' }), fc.jsonValue()).map(([name, value]) => ({ ...valid, [name]: value })),
    fc.constant(valid),
  );
};

const textOf = (kind: ReceiverKind) =>
  fc.oneof(
    { weight: 4, arbitrary: mutated(kind).map((report) => JSON.stringify(report)) },
    { weight: 3, arbitrary: fc.array(mutated(kind), { maxLength: 4 }).map((list) => JSON.stringify(list)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 64 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(mutated(kind), fc.nat(200))
        .map(([report, length]) => JSON.stringify(report).slice(0, length)),
    },
  );

const bodyOf = (kind: ReceiverKind) =>
  fc.oneof({ weight: 9, arbitrary: textOf(kind) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) });

describe('over 10,000 generated bodies, rightly signed,', () => {
  it.each(receiverKinds)('%s answers every one with the right code and never a 500', async (kind) => {
    const take = makeRememberingTake();
    const receive = makeReceiver(kind, take);
    await fc.assert(
      fc.asyncProperty(bodyOf(kind), async (body) => {
        take.taken.clear();
        const { status, type, body: answer } = read(await receive(signedEvent(signed(kind, body))));
        if (status === 200) {
          expect(type).toBe('application/json');
          const sent = JSON.parse(String(body));
          expect(answer.results).toHaveLength(Array.isArray(sent) ? sent.length : 1);
          expect(take.taken.size).toBe(answer.results.filter(({ result }) => result === 'accepted').length);
          return;
        }
        expect(type).toBe('application/problem+json');
        expect(take.taken.size).toBe(0);
        expect([
          [400, 'not-json'],
          [422, 'report-invalid'],
          [422, 'too-many-reports'],
        ]).toContainEqual([status, answer.code]);
      }),
      { numRuns: 1_700 },
    );
  });
});
