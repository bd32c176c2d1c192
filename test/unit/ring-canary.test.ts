import { describe, expect, it } from 'vitest';
import { makeRingCanary } from '../../functions/ring-canary/ring-canary.ts';
import { alarmSchema } from '../../shared/contracts/reports/alarm.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';

const NOW_MS = Date.parse('2026-03-02T10:00:00+08:00');

/** What a ring did, in its order. */
const rung = async (send: (report: unknown) => Promise<void>) => {
  const did: string[] = [];
  const sent: unknown[] = [];
  const ring = makeRingCanary({
    alarms: { putKey: async (...key) => void did.push(`key ${key.join(' ')}`) },
    beats: { beat: async (name, atMs) => void did.push(`${name} ${atMs}`) },
    sender: {
      key: 'KEY',
      send: async (path, report) => {
        did.push(path);
        sent.push(report);
        await send(report);
      },
    },
    clock: () => NOW_MS,
    newId: () => '019cac2e-8b80-7000-8000-000000000001',
  });
  const outcome = await ring().catch((error: unknown) => error);
  return { did, sent, outcome };
};

describe('the canary', () => {
  it('is enrolled, noted as rung, and only then sent: a ring that dies on its way counts as late', async () => {
    const { did, sent } = await rung(async () => undefined);
    expect(did).toEqual(['key canary canary KEY', `canary-rung ${NOW_MS}`, '/v1/alarms']);
    expect(alarmSchema.safeParse(sent[0]).success).toBe(true);
    expect(sent[0]).toMatchObject({ kind: 'test' });
  });

  it('that is not taken fails the function, whose errors are an alarm', async () => {
    const { did, outcome } = await rung(() => Promise.reject(new UnavailableError('planned')));
    expect(outcome).toBeInstanceOf(UnavailableError);
    expect(did).toContain(`canary-rung ${NOW_MS}`);
  });
});
