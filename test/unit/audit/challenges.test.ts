import { beforeEach, describe, expect, it } from 'vitest';
import { facilityRetentionView } from '../../../shared/contracts/audit.ts';
import { challengesView } from '../../../shared/contracts/audit-questions.ts';
import type { Challenge } from '../../../shared/domain/challenges/challenge.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { type AuditWorld, auditWorld, NOW_MS } from '../../support/audit-world.ts';

const ROUTE = 'GET /v1/audit/facilities/{facility}/challenges';
let city: AuditWorld;

const ask = async (query: Record<string, string> = {}, as = 'auditor') =>
  city.call({ as, route: ROUTE, path: { facility: 'sunshine' }, query });
const view = async (query?: Record<string, string>) => challengesView.parse((await ask(query)).body);

const asked = async (daysAgo: number, more: Partial<Challenge> = {}): Promise<void> => {
  const askedAtMs = NOW_MS - daysAgo * DAY_MS;
  const challenge: Challenge = {
    id: `${new Date(askedAtMs).toISOString().slice(0, 10)}.1`,
    camera: 'cam-1',
    hourMs: NOW_MS - 40 * DAY_MS,
    stratum: 'rest',
    stability: 'byte-stable',
    askedAtMs,
    answerByMs: askedAtMs + DAY_MS,
    ...more,
  };
  await city.challenges.putChallenge({ facility: 'sunshine', box: 'gate', challenge, mac: 'TUFD', revision: 1 });
};

beforeEach(async () => {
  city = await auditWorld();
  await city.fine('sunshine');
});

describe('what a facility was asked to show without warning', () => {
  it('tells outcomes, draws, odds and what the odds assume; never what was sealed', async () => {
    await asked(5, { answer: { is: 'held', atMs: NOW_MS - 5 * DAY_MS + HOUR_MS } });
    await asked(3, { answer: { is: 'not-found', atMs: NOW_MS - 3 * DAY_MS + HOUR_MS } });
    await asked(2);
    await asked(0);
    const answer = await ask();
    const { state, reason, outcomes, draws, odds, assumptions, items, sealed } = challengesView.parse(answer.body);
    expect([state, reason]).toEqual(['breached', 'film-not-found']);
    expect(outcomes).toMatchObject({ held: 1, 'not-found': 1, unanswered: 1, open: 1 });
    expect(draws).toEqual({ incident: 0, oldest: 0, rest: 3 });
    expect(odds.zh).toContain('已抽查的摄像机小时');
    expect(assumptions.length).toBeGreaterThan(3);
    expect(items.map(({ outcome }) => outcome)).toEqual(['open', 'unanswered', 'not-found', 'held']);
    // Of none of the owed hours a token was sealed.
    expect(sealed).toMatchObject({ sealed: 0, presenceOnly: 0 });
    expect(answer.text).not.toContain('TUFD');
  });

  it('answers as it stood: what was asked or answered later is not there yet', async () => {
    await asked(5, { answer: { is: 'held', atMs: NOW_MS - 4 * DAY_MS } });
    await asked(1);
    const { items } = await view({ asOf: new Date(NOW_MS - 4.5 * DAY_MS).toISOString() });
    expect(items.map(({ outcome }) => outcome)).toEqual(['open']);
  });

  it('stands above what the cameras say in the view of its recordings, and so does that there was none', async () => {
    const recordings = async () => {
      const route = 'GET /v1/audit/facilities/{facility}/retention';
      return facilityRetentionView.parse(
        (await city.call({ as: 'auditor', route, path: { facility: 'sunshine' } })).body,
      );
    };
    const alone = await recordings();
    expect([alone.state, alone.reason, alone.challenges?.state]).toEqual(['held', 'held', 'unknown']);
    expect(alone.sentence?.zh).toContain('仅凭上报');
    await asked(3, { answer: { is: 'mismatch', atMs: NOW_MS - 3 * DAY_MS + HOUR_MS } });
    const failed = await recordings();
    expect([failed.state, failed.reason, failed.cameras[0]?.state]).toEqual(['unproved', 'film-differs', 'held']);
    expect(failed.sentence?.en).toBe('Challenged footage differed from what was sealed once.');
  });

  it('is asked by whoever may ask of recordings, and is a CSV too', async () => {
    expect((await ask({}, 'fire')).status).toBe(403);
    expect((await ask({}, 'wuxi')).status).toBe(404);
    expect((await ask({ format: 'csv' })).text).toContain('抽查编号 challenge');
  });
});
