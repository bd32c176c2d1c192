import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerChallenge, sealHour } from '../../box/challenges.ts';
import { simulateRecorder } from '../../box/simulated-recorder.ts';
import type { WireReport } from '../../box/streams.ts';
import type { LocalStack } from '../../infra/local/stack.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { verifyBundle } from '../../shared/evidence/verify-bundle.ts';
import { startTestStack } from '../support/local-stack.ts';
import { base, beat, enrol, send, sent, signIn } from '../support/outside.ts';

/** Nine in the evening in Shanghai. */
const nowMs = Date.parse('2026-11-23T21:00:00+08:00');
const DAY = '2026-11-23';
const midnightMs = nowMs + 3 * HOUR_MS;

let stack: LocalStack;
/** Time stands still at this instant. */
const standAt = (atMs: number): void => stack.setClock({ atMs, rate: 0 });

beforeAll(async () => {
  stack = await startTestStack({ clock: { atMs: nowMs, rate: 0 } });
}, 120_000);
afterAll(() => stack?.stop());

/** A look of `close-day` at this instant, and everything that it asked to be sealed. */
const closeDayAt = async (atMs: number) => {
  standAt(atMs);
  expect(await stack.fire('close-day')).toMatchObject([{ ok: true }]);
  const fed = await stack.drain('seal');
  expect(fed.map(({ failed }) => failed)).toEqual(fed.map(() => 0));
};

describe('a day of the stack', () => {
  it('is closed a quarter of an hour after midnight, and proves itself to whoever pinned the key', async () => {
    const box = await enrol(stack, 'sealed-nursery');
    expect(await sent(stack, box, 'heartbeats', [beat(1, nowMs)], nowMs)).toEqual(['accepted']);
    const hour = new Date(nowMs - HOUR_MS).toISOString();
    const recording = {
      ...base(nowMs),
      camera: 'cam-1',
      hour,
      recorded: [{ from: hour, to: new Date(nowMs).toISOString() }],
    };
    expect(await sent(stack, box, 'recordings', [recording], nowMs)).toEqual(['accepted']);

    const auditor = await signIn(stack, { role: 'auditor', division: '3212' });
    const bundle = `/v1/audit/facilities/sealed-nursery/bundle?from=${DAY}&to=${DAY}`;
    expect((await auditor.call('GET', bundle)).body).toMatchObject({ code: 'not-sealed-yet' });
    for (let look = 1; look <= 3; look += 1) await closeDayAt(midnightMs + look * 15 * MINUTE_MS);

    const { keys } = (await auditor.call<{ keys: readonly string[] }>('GET', '/v1/audit/keys')).body;
    const answer = await auditor.call('GET', bundle);
    expect(answer.status, answer.text).toBe(200);
    const report = verifyBundle(Buffer.from(answer.text), keys);
    const proved = report.proved.map(({ en }) => en).join('\n');
    expect(report.verdict, JSON.stringify(report)).toMatchObject({ is: 'not-proved' });
    expect(proved).toContain('is signed by a key that you trust');
    expect(proved).toContain('is in the log of its region');
    expect(proved).toContain(`Every record received on ${DAY} is here, none is missing.`);
    expect(proved).toContain('Camera-hours: 1 recorded and held.');
  });

  it('asks a box for the film of an hour that it sealed, and hears that it holds it', async () => {
    const box = await enrol(stack, 'asked-nursery');
    const asks = async (reports: readonly WireReport[], atMs: number) => {
      standAt(atMs);
      const outcome = await send(stack, box, 'recordings', reports, atMs);
      if (outcome.is !== 'answered') throw new Error(JSON.stringify(outcome));
      return outcome;
    };
    const drawn = async () => {
      const fed = await stack.drain('draw-challenges');
      expect(fed.map(({ failed }) => failed)).toEqual(fed.map(() => 0));
    };
    await drawn();
    const hourMs = midnightMs + HOUR_MS;
    let clockMs = hourMs + HOUR_MS;
    const recorder = simulateRecorder({
      cameras: [{ id: 'cam-1', installedAtMs: hourMs }],
      keepsMs: 90 * DAY_MS,
      nowMs: () => clockMs,
    });
    const hour = new Date(hourMs).toISOString();
    const nothing = () => ({ ...base(clockMs), camera: 'cam-1', hour, recorded: [] });
    const { sealTo } = await asks([nothing()], clockMs);
    if (sealTo === undefined) throw new Error('no key to seal to');
    const subject = { facilityId: 'asked-nursery', camera: 'cam-1', hourMs };
    const sealed = await sealHour(recorder, subject, [{ fromMs: hourMs, toMs: clockMs }], sealTo);
    if (sealed.is !== 'sealed') throw new Error(sealed.because);
    const film = {
      ...base(clockMs),
      camera: 'cam-1',
      hour,
      recorded: [{ from: hour, to: new Date(clockMs).toISOString() }],
      challengeMode: 'byte-stable',
      challengeToken: Buffer.from(sealed.token).toString('base64url'),
    };
    expect((await asks([film], clockMs)).results).toMatchObject([{ result: 'accepted' }]);

    clockMs = midnightMs + DAY_MS + 20 * MINUTE_MS;
    await closeDayAt(clockMs);
    await drawn();
    const { challenges = [] } = await asks([nothing()], clockMs);
    expect(challenges).toMatchObject([{ camera: 'cam-1', key: expect.any(String) }]);
    const [question] = challenges;
    if (question === undefined) throw new Error('nothing was asked');
    const { id: challenge, ...said } = await answerChallenge(recorder, question);
    const answer = { ...base(clockMs), challenge, ...said };
    expect(await sent(stack, box, 'challenges', [answer], clockMs)).toEqual(['accepted']);
    expect(await sent(stack, box, 'challenges', [answer], clockMs)).toEqual(['duplicate']);
    expect((await asks([nothing()], clockMs)).challenges).toEqual([]);
  });
});
