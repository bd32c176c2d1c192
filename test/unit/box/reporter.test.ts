import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBeatenHours } from '../../../box/beaten-hours.ts';
import { createClient, retryAfterOf } from '../../../box/client.ts';
import { markAt } from '../../../box/mark.ts';
import { openQueue, type ReportQueue } from '../../../box/queue.ts';
import { type Reporter, startReporter } from '../../../box/reporter.ts';
import { boxIdentity, newPrivateKeyPem, readPrivateKeyPem } from '../../../box/signer.ts';
import { type SimulatedRecorder, simulateRecorder } from '../../../box/simulated-recorder.ts';
import { onWire } from '../../../box/streams.ts';
import { alarmSchema } from '../../../shared/contracts/reports/alarm.ts';
import { challengeSchema } from '../../../shared/contracts/reports/challenge.ts';
import { checkSchema } from '../../../shared/contracts/reports/check.ts';
import { coverageSchema } from '../../../shared/contracts/reports/coverage.ts';
import { digestSchema } from '../../../shared/contracts/reports/digest.ts';
import { heartbeatSchema } from '../../../shared/contracts/reports/heartbeat.ts';
import { recordingSchema } from '../../../shared/contracts/reports/recording.ts';
import { publicKeyOf } from '../../../shared/evidence/hpke.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly reports: readonly Record<string, unknown>[];
}
type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };

const acceptAll = (received: Received): Answer => ({
  status: 200,
  body: {
    serverTime: '2026-11-21T08:30:00.000Z',
    nextBeatSeconds: 1,
    results: received.reports.map(({ id }) => ({ id, result: 'accepted' })),
    challenges: [],
  },
});

/** A small API: remembers what came and answers as told. */
const startFakeApi = async (answer: { of: (received: Received) => Answer | undefined }) => {
  const received: Received[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const entry = {
      path: request.url ?? '',
      headers: request.headers,
      reports: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>[],
    };
    received.push(entry);
    const { status, headers, body } = answer.of(entry) ?? acceptAll(entry);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { url, received, close: () => new Promise((resolve) => server.close(resolve)) };
};

const identity = boxIdentity('sunrise', 'box-1', readPrivateKeyPem(newPrivateKeyPem()));
const to = (received: readonly Received[], path: string) => received.filter((entry) => entry.path === path);

let directory: string;
let queue: ReportQueue;
let answer: { of: (received: Received) => Answer | undefined };
let api: Awaited<ReturnType<typeof startFakeApi>>;
let recorder: SimulatedRecorder;
let box: Reporter | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'box-reporter-'));
  queue = openQueue(directory);
  answer = { of: () => undefined };
  api = await startFakeApi(answer);
  recorder = simulateRecorder({
    cameras: [{ id: 'cam-1', installedAtMs: Date.now() - 120 * 86_400_000 }],
    keepsMs: 35 * 86_400_000,
    nowMs: () => Date.now(),
  });
});
afterEach(async () => {
  await box?.stop();
  box = undefined;
  await api.close();
  queue.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The hours of film that were reported, as they came. */
const hoursTold = (): readonly number[] =>
  to(api.received, '/v1/recordings').flatMap(({ reports }) => reports.map((each) => Date.parse(String(each.hour))));

const start = (): Reporter => {
  box = startReporter({ api: api.url, identity, queue, recorder });
  return box;
};

describe('a box that starts', () => {
  test('beats, says what its cameras show, and how far back its film reaches', async () => {
    start();
    await vi.waitFor(() => expect(new Set(api.received.map((entry) => entry.path)).size).toBe(3));
    expect(to(api.received, '/v1/heartbeats')[0]?.reports[0]).toMatchObject({
      seq: 0,
      monitoring: 'yes',
      camerasOnline: 1,
      camerasRecording: 1,
      ageMs: expect.any(Number),
    });
    expect(to(api.received, '/v1/coverage')[0]?.reports[0]).toMatchObject({
      cameras: [{ camera: 'cam-1', online: 'yes', recording: 'yes', picture: 'yes' }],
    });
    const film = to(api.received, '/v1/recordings')[0]?.reports[0];
    const oldestMs = Date.parse(String(film?.oldestRetrievableAt));
    expect(Math.round((Date.now() - oldestMs) / 86_400_000)).toBe(35);
  });

  test('tells the hour of all its cameras in one request, though sealing takes a while for each', async () => {
    const cameras = ['cam-1', 'cam-2', 'cam-3'].map((id) => ({ id, installedAtMs: Date.now() - 120 * 86_400_000 }));
    const many = simulateRecorder({ cameras, keepsMs: 35 * 86_400_000, nowMs: () => Date.now() });
    const slices = {
      stability: 'byte-stable' as const,
      readSlice: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { is: 'read' as const, bytes: new Uint8Array(64) };
      },
    };
    const privateKey = new Uint8Array(32).fill(7);
    const sealTo = { keyId: `${new Date().toISOString().slice(0, 7)}.1`, publicKey: publicKeyOf(privateKey) };
    const keyMark = { read: () => sealTo, write: () => undefined };
    box = startReporter({ api: api.url, identity, queue, recorder: many, slices, keyMark });
    const told = () => to(api.received, '/v1/recordings').map(({ reports }) => reports.map(({ camera }) => camera));
    await vi.waitFor(() => expect(told().flat()).toHaveLength(3), { timeout: 5_000 });
    expect(told()).toEqual([['cam-1', 'cam-2', 'cam-3']]);
  });

  test('sends nothing that the contracts would refuse', async () => {
    const reporter = start();
    reporter.press({ kind: 'panic' });
    reporter.logCheck({ class: 'class-a', session: 'noon', day: '2026-11-21', present: 12, absent: 1 });
    await vi.waitFor(() => expect(new Set(api.received.map((entry) => entry.path)).size).toBe(5));
    const schemas: Record<string, { parse: (report: unknown) => unknown }> = {
      '/v1/alarms': alarmSchema,
      '/v1/checks': checkSchema,
      '/v1/coverage': coverageSchema,
      '/v1/heartbeats': heartbeatSchema,
      '/v1/recordings': recordingSchema,
    };
    for (const { path, reports } of api.received) for (const each of reports) schemas[path]?.parse(each);
  });

  test('shows what it is asked for and confirms what it is ordered to keep, as soon as an answer says so', async () => {
    const [from, end] = [Date.now() - 3_610_000, Date.now() - 3_600_000].map((ms) => new Date(ms).toISOString());
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const asked = { id: '2026-11-21.1', camera: 'cam-1', from, to: end };
    answer.of = (received) => {
      const accepted = acceptAll(received);
      if (received.path !== '/v1/recordings') return undefined;
      const challenges = [{ ...asked, answerBy: until }];
      const holds = [{ hold: 'hold-1', camera: 'cam-1', from, to: end, until }];
      return { ...accepted, body: { ...(accepted.body as object), challenges, holds } };
    };
    box = startReporter({ api: api.url, identity, queue, recorder, slices: recorder, holder: recorder });
    await vi.waitFor(() => expect(to(api.received, '/v1/challenges')).toHaveLength(1));
    await vi.waitFor(() => expect(to(api.received, '/v1/recordings')).toHaveLength(2));
    const [shown] = to(api.received, '/v1/challenges')[0]?.reports ?? [];
    expect(challengeSchema.parse(shown)).toMatchObject({ challenge: asked.id, is: 'present' });
    const [again] = to(api.received, '/v1/recordings')[1]?.reports ?? [];
    expect(recordingSchema.parse(again)).toMatchObject({ confirmedHolds: [{ hold: 'hold-1', from, to: end }] });
  });

  test('commits to what it stored of the hour by one RFC 6962 root over the hashes of its files', async () => {
    const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const [leaf, node] = [Uint8Array.of(0), Uint8Array.of(1)];
    const [a, b, c] = ['a', 'b', 'c'].map((file) => sha256(Buffer.from(file))) as [Buffer, Buffer, Buffer];
    const stored = [a, b, c].map((hash, n) => ({ bytes: 10 ** n, sha256: hash }));
    box = startReporter({ api: api.url, identity, queue, recorder: { ...recorder, segments: () => stored } });
    await vi.waitFor(() => expect(to(api.received, '/v1/recordings').length).toBeGreaterThan(0));
    const two = sha256(node, sha256(leaf, a), sha256(leaf, b));
    expect(to(api.received, '/v1/recordings')[0]?.reports[0]).toMatchObject({
      segments: 3,
      bytes: 111,
      segmentRoot: sha256(node, two, sha256(leaf, c)).toString('hex'),
    });
  });

  test('of a recorder that does not give its files it commits to nothing', async () => {
    const { segments: _none, ...without } = recorder;
    box = startReporter({ api: api.url, identity, queue, recorder: without });
    await vi.waitFor(() => expect(to(api.received, '/v1/recordings').length).toBeGreaterThan(0));
    const film = to(api.received, '/v1/recordings')[0]?.reports[0];
    expect(film).not.toHaveProperty('segmentRoot');
    expect(film).not.toHaveProperty('segments');
  });

  test('reports the hours that ended while it was off, each once, and marks them', async () => {
    const hourMs = 3_600_000;
    const lastMs = Math.floor((Date.now() - 60_000) / hourMs) * hourMs - hourMs;
    const hourMark = markAt(join(directory, 'hour'));
    hourMark.write(lastMs - 3 * hourMs);
    box = startReporter({ api: api.url, identity, queue, recorder, hourMark });
    await vi.waitFor(() => expect(to(api.received, '/v1/recordings').flatMap((r) => r.reports)).toHaveLength(3));
    expect(hoursTold()).toEqual([lastMs - 2 * hourMs, lastMs - hourMs, lastMs]);
    expect(hourMark.read()).toBe(lastMs);
  });

  test('of a clock that begins in 1970 and is then set, it tells no hour of then, and the hours since its mark', async () => {
    const hourMs = 3_600_000;
    const lastMs = Math.floor((Date.now() - 60_000) / hourMs) * hourMs - hourMs;
    const hourMark = markAt(join(directory, 'hour'));
    hourMark.write(lastMs - 2 * hourMs);
    // Told before the power was cut, and answered with an order only now.
    const before = {
      id: 'r-1',
      time: onWire(lastMs),
      camera: 'cam-1',
      hour: onWire(lastMs - 2 * hourMs),
      recorded: [],
    };
    queue.put('recordings', before, { boot: 'before', monotonicMs: 0 });
    const kept = { hold: 'hold-1', from: onWire(lastMs - 9 * hourMs), to: onWire(lastMs) };
    answer.of = (received) => {
      const { status, body } = acceptAll(received);
      return {
        status,
        body: { ...Object(body), holds: [{ ...kept, camera: 'cam-1', until: '2099-01-01T00:00:00Z' }] },
      };
    };
    let offMs = 30 * hourMs - Date.now();
    const clock = { nowMs: () => Date.now() + offMs, monotonicMs: () => performance.now() };
    box = startReporter({ api: api.url, identity, queue, recorder, holder: recorder, hourMark, clock });
    await vi.waitFor(async () => expect([queue.waiting(), await recorder.heldFilm()]).toEqual([0, ['hold-1']]));
    offMs = 0;
    await vi.waitFor(() => expect(hourMark.read()).toBe(lastMs), { timeout: 5_000 });
    await vi.waitFor(() => expect(hoursTold()).toEqual([lastMs - 2 * hourMs, lastMs - hourMs, lastMs]));
    const [, first] = to(api.received, '/v1/recordings').flatMap(({ reports }) => reports);
    expect(first?.confirmedHolds).toEqual([kept]);
  });

  test('whose clock was days ahead tells the hours of a week anew, and none that has not come', async () => {
    const hourMs = 3_600_000;
    const lastMs = Math.floor((Date.now() - 60_000) / hourMs) * hourMs - hourMs;
    const hourMark = markAt(join(directory, 'hour'));
    hourMark.write(lastMs + 72 * hourMs);
    box = startReporter({ api: api.url, identity, queue, recorder, hourMark });
    await vi.waitFor(() => expect(hoursTold().length).toBeGreaterThan(1));
    expect(hoursTold().slice(0, 2)).toEqual([lastMs - 168 * hourMs, lastMs - 167 * hourMs]);
  });

  test('tells of the hours that ended while it was off, and puts the minutes of its beats down for the next', async () => {
    const path = join(directory, 'beaten.json');
    const hourMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
    openBeatenHours(path).answered([{ atMs: hourMs, seq: 5 }]);
    const beatenHours = openBeatenHours(path);
    box = startReporter({ api: api.url, identity, queue, recorder, beatenHours });
    await vi.waitFor(() => expect(to(api.received, '/v1/digests')).toHaveLength(1));
    const [digest] = to(api.received, '/v1/digests')[0]?.reports ?? [];
    expect(digestSchema.parse(digest)).toMatchObject({ minutes: '800000000000000', firstSeq: 5, lastSeq: 5 });
    expect(Date.parse(String(digest?.hour))).toBe(hourMs);
    const beat = to(api.received, '/v1/heartbeats')[0]?.reports[0];
    const later = Number.MAX_SAFE_INTEGER;
    await vi.waitFor(() => expect(openBeatenHours(path).endedAt(later)).toMatchObject([{ firstSeq: beat?.seq }]));
  });

  test('beats again after as many seconds as the answer asked for', async () => {
    start();
    await vi.waitFor(() => expect(to(api.received, '/v1/heartbeats').length).toBeGreaterThan(1), { timeout: 5_000 });
    expect(to(api.received, '/v1/heartbeats')[1]?.reports[0]?.seq).toBe(1);
  });

  test('keeps its pace over a restart, though the answers of its normal path do not repeat it', async () => {
    const paceMark = markAt(join(directory, 'pace'));
    paceMark.write(1);
    answer.of = (received) => {
      const { status, body } = acceptAll(received);
      const { nextBeatSeconds: _, ...rest } = body as Record<string, unknown>;
      return { status, body: rest };
    };
    box = startReporter({ api: api.url, identity, queue, recorder, paceMark });
    await vi.waitFor(() => expect(to(api.received, '/v1/heartbeats').length).toBeGreaterThan(1), { timeout: 5_000 });
  });

  test('says at once that a camera went blind', async () => {
    start();
    await vi.waitFor(() => expect(to(api.received, '/v1/coverage')).toHaveLength(1));
    recorder.setOnline('cam-1', false);
    await vi.waitFor(() => expect(to(api.received, '/v1/coverage')).toHaveLength(2), { timeout: 5_000 });
    expect(to(api.received, '/v1/coverage')[1]?.reports[0]).toMatchObject({
      seq: 1,
      cameras: [{ camera: 'cam-1', online: 'no', recording: 'no', picture: 'unknown' }],
    });
  });

  test('sends an alarm though every other path answers 503', async () => {
    answer.of = (received) =>
      received.path === '/v1/alarms'
        ? undefined
        : { status: 503, headers: { 'retry-after': '60' }, body: { code: 'unavailable', detail: 'later' } };
    const reporter = start();
    await vi.waitFor(() => expect(to(api.received, '/v1/heartbeats')).toHaveLength(1));
    const id = reporter.press({ kind: 'panic', area: 'room-1', confirmed: 'yes' });
    await vi.waitFor(() => expect(queue.waiting('alarms')).toBe(0));
    expect(to(api.received, '/v1/alarms')[0]?.reports[0]).toMatchObject({
      id,
      kind: 'panic',
      area: 'room-1',
      confirmed: 'yes',
      drill: false,
    });
    expect(queue.waiting('heartbeats')).toBeGreaterThan(0);
  });

  test('signs with the new key after a rotation', async () => {
    const reporter = start();
    await vi.waitFor(() => expect(to(api.received, '/v1/heartbeats')).toHaveLength(1));
    const next = boxIdentity('sunrise', 'box-1', readPrivateKeyPem(newPrivateKeyPem()));
    reporter.useIdentity(next);
    reporter.press({ kind: 'test' });
    await vi.waitFor(() => expect(to(api.received, '/v1/alarms')).toHaveLength(1));
    expect(to(api.received, '/v1/alarms')[0]?.headers['signature-input']).toContain(next.key);
  });
});

describe('the client', () => {
  const send = () =>
    createClient({ api: api.url, nowMs: () => Date.now() }).send(identity, 'checks', [{ id: 'a', time: 't' }]);

  test.each([
    [401, 'not-trusted'],
    [403, 'not-trusted'],
    [400, 'refused'],
    [413, 'refused'],
    [415, 'refused'],
    [422, 'refused'],
    [404, 'try-later'],
    [429, 'try-later'],
    [500, 'try-later'],
    [503, 'try-later'],
  ])('takes %i as %s', async (status, is) => {
    answer.of = () => ({ status, body: { code: 'some-code', detail: 'what to do next' } });
    const outcome = await send();
    expect(outcome.is).toBe(is);
    expect(JSON.stringify(outcome)).toContain('what to do next');
  });

  test.each([400, 413, 422])('takes a %i that is no problem document of ours as no answer', async (status) => {
    answer.of = () => ({ status, body: { message: 'a proxy in between' } });
    expect(await send()).toMatchObject({ is: 'try-later' });
  });

  test('says so when nobody answers', async () => {
    await api.close();
    expect(await send()).toMatchObject({ is: 'try-later', why: expect.stringContaining(api.url.host) });
    api = await startFakeApi(answer);
  });
});

test('Retry-After is seconds or a date', () => {
  const nowMs = Date.parse('2026-11-21T08:30:00Z');
  expect(retryAfterOf('120', nowMs)).toBe(120_000);
  expect(retryAfterOf('Sat, 21 Nov 2026 08:31:00 GMT', nowMs)).toBe(60_000);
  expect(retryAfterOf(null, nowMs)).toBeUndefined();
  expect(retryAfterOf('soon', nowMs)).toBeUndefined();
});
