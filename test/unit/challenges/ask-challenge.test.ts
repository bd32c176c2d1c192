import { beforeAll, describe, expect, it } from 'vitest';
import { answerChallenge, sealHour } from '../../../box/challenges.ts';
import { simulateRecorder } from '../../../box/simulated-recorder.ts';
import type { CameraHour } from '../../../shared/domain/challenges/challenge.ts';
import { drawHours } from '../../../shared/domain/challenges/draw.ts';
import { usualPolicy } from '../../../shared/domain/challenges/policy.ts';
import { outcomeOf, takeAnswer } from '../../../shared/domain/challenges/settle.ts';
import { judgeChallenges } from '../../../shared/domain/challenges/verdict.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { askForBytes, askForPresence } from '../../../shared/evidence/ask-challenge.ts';
import { hearAnswer } from '../../../shared/evidence/challenge-token.ts';
import { publicKeyOf } from '../../../shared/evidence/hpke.ts';

const zone = 'Asia/Shanghai';
const policy = usualPolicy(90);
const hourMs = Date.parse('2026-11-03T02:00:00Z');
const key = { keyId: '2026-11.1', privateKey: new Uint8Array(32).fill(3) };
const recordedMs = hourMs + HOUR_MS;
const nowMs = hourMs + 85 * DAY_MS;
const hour: CameraHour = { camera: 'cam-1', hourMs, stability: 'byte-stable' };

let clockMs = recordedMs;
const recorder = simulateRecorder({
  cameras: [{ id: 'cam-1', installedAtMs: hourMs }],
  keepsMs: 90 * DAY_MS,
  nowMs: () => clockMs,
});

const sealTo = async (keyId: string): Promise<Uint8Array> => {
  const to = { keyId, publicKey: publicKeyOf(key.privateKey) };
  const sealed = await sealHour(
    recorder,
    { facilityId: 'sunshine', camera: 'cam-1', hourMs },
    [{ fromMs: hourMs, toMs: recordedMs }],
    to,
  );
  if (sealed.is !== 'sealed') throw new Error(sealed.because);
  return sealed.token;
};

let token: Uint8Array;
let decembers: Uint8Array;
let januarys: Uint8Array;
beforeAll(async () => {
  [token, decembers, januarys] = (await Promise.all(['2026-11.1', '2026-12.1', '2027-01.1'].map(sealTo))) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  clockMs = nowMs;
});

const asking = () => {
  const [drawn] = drawHours([hour], new Set(), [], policy, nowMs, [0, 0, 0, 0]);
  if (drawn === undefined) throw new Error('nothing was drawn');
  return { id: 'q-1', drawn, policy, nowMs };
};
const ask = (made = token, opener = key, facilityId = 'sunshine') =>
  askForBytes(asking(), { facilityId, token: made, zone }, opener);

describe('asking for a camera-hour', () => {
  it('that was drawn, sealed and is held goes the whole way to a verdict', async () => {
    const asked = ask();
    if (!asked.asked || asked.mac === undefined) throw new Error('not asked');
    expect(asked.challenge).toMatchObject({ stratum: 'oldest', answerByMs: nowMs + DAY_MS });
    expect(asked.question.slice.toMs - asked.question.slice.fromMs).toBe(10_000);
    const answer = await answerChallenge(recorder, asked.question);
    const taken = takeAnswer(asked.challenge, hearAnswer(answer, asked.mac), nowMs + 1);
    if (!taken.taken) throw new Error(taken.reason);
    expect(outcomeOf(taken.challenge, nowMs + 1)).toMatchObject({ is: 'held' });
    expect(
      judgeChallenges([taken.challenge], { owed: 1, sealed: 1, presenceOnly: 0 }, policy, nowMs + 1),
    ).toMatchObject({
      state: 'met',
      draws: { oldest: 1 },
    });
  });

  it('tells the box slice and key, never the answer that it sealed', () => {
    const asked = ask();
    if (!asked.asked || asked.mac === undefined) throw new Error('not asked');
    expect(Object.keys(asked.question).toSorted()).toEqual(['answerByMs', 'camera', 'id', 'key', 'slice']);
    const mac = Buffer.from(asked.mac);
    expect(JSON.stringify([asked.question, asked.challenge])).not.toContain(mac.toString('base64url'));
  });

  it('keeps why a token could not be opened', () => {
    expect(ask(token.subarray(1))).toMatchObject({ asked: false, reason: 'wrong-length' });
    expect(ask(token, key, 'sunrise')).toMatchObject({
      asked: false,
      reason: 'not-authentic',
      challenge: { tokenRefused: 'not-authentic' },
    });
  });

  it('takes the key of a neighbouring month, and none further off: that was not sealed when it was recorded', () => {
    expect(ask(decembers, { ...key, keyId: '2026-12.1' })).toMatchObject({ asked: true });
    expect(ask(januarys, { ...key, keyId: '2027-01.1' })).toMatchObject({ asked: false, reason: 'untimely-key' });
  });

  it('asks a presence-only recorder without a key', async () => {
    const asked = askForPresence(asking(), { fromMs: hourMs, toMs: hourMs + 10_000 });
    if (!asked.asked) throw new Error('not asked');
    expect(asked.mac).toBeUndefined();
    expect(await answerChallenge(recorder, asked.question)).toEqual({ id: 'q-1', is: 'present' });
  });
});
