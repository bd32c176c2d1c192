import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { nurseries } from '../../box/fleet/nurseries.ts';
import { recorderThen } from '../../infra/local/demo-past/film.ts';
import { manyPuts } from '../../infra/local/demo-past/many-puts.ts';
import { planAt } from '../../infra/local/demo-past/plan.ts';
import { facilityOf } from '../../infra/local/demo-past/registered.ts';
import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { owedDays } from '../../shared/domain/closed-days.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';

const nowMs = Date.parse('2026-11-22T04:23:00Z');
const plan = planAt(nowMs);
const playing = (part: string) => {
  const nursery = nurseries.find((one) => one.part === part);
  if (nursery === undefined) throw new Error(`nobody plays ${part}`);
  return { nursery, facility: facilityOf(nursery, plan) };
};

describe('the plan of the past', () => {
  it('ends with the last local day that had ended, and reaches further back than ninety days', () => {
    expect(plan).toMatchObject({ firstDay: '2026-11-07', lastDay: '2026-11-21', done: false });
    expect(plan.untilMs).toBe(Date.parse('2026-11-22T04:00:00Z'));
    expect(nowMs - plan.filmFromMs).toBeGreaterThan(91 * DAY_MS);
  });

  it('leaves the last day to the running stack, which asks the liar itself', () => {
    expect(plan.askedDays.at(-1)).toBe('2026-11-20');
  });

  it('just after a local midnight, begins with that day’s eve', () => {
    expect(planAt(Date.parse('2026-11-21T16:00:00Z')).lastDay).toBe('2026-11-21');
    expect(planAt(Date.parse('2026-11-21T15:59:59Z')).lastDay).toBe('2026-11-20');
  });
});

describe('a nursery with a past', () => {
  it('owes statements from the first day of the plan on, and the one with the long log for as long as it filmed', () => {
    const firstDayOf = (part: string): string => {
      const { facility } = playing(part);
      return owedDays(facility, packFor(facility, nowMs)).fromDay;
    };
    expect(firstDayOf('nightly-gap')).toBe(plan.firstDay);
    expect(firstDayOf('new-camera')).toBe('2026-08-22');
  });

  it('films as it plays its part: the film of the liar is there when it is sealed, and gone when it is asked for', async () => {
    const { nursery, facility } = playing('box-that-lies');
    const hourMs = plan.untilMs - 10 * DAY_MS;
    const slice = { fromMs: hourMs, toMs: hourMs + 30_000 };
    const then = recorderThen(nursery, facility, plan.filmFromMs);
    expect((await then.at(hourMs + HOUR_MS + 60_000).readSlice('cam-nap', slice)).is).toBe('read');
    expect((await then.at(hourMs + DAY_MS).readSlice('cam-nap', slice)).is).toBe('not-found');
  });
});

describe('many puts', () => {
  const token = (hour: number) => ({
    ...{ facility: 'magpie', camera: 'cam-nap', hourMs: hour * HOUR_MS, receivedAtMs: nowMs },
    ...{ stability: 'byte-stable' as const, token: 'AA' },
  });
  const through = (answer: object) => {
    const batches: number[] = [];
    const send = async ({ input }: { input: { RequestItems: Record<string, readonly object[]> } }) => {
      batches.push(input.RequestItems.challenges?.length ?? 0);
      return answer;
    };
    return { batches, client: { send } as unknown as DynamoDBClient };
  };

  it('are written in batches, and all of them before `written` is over', async () => {
    const { batches, client } = through({});
    const many = manyPuts(client);
    const store = makeChallengeStore(many.client, 'challenges');
    for (let hour = 0; hour < 60; hour += 1) await store.putTokens([token(hour)]);
    await many.written();
    expect(batches).toEqual([25, 25, 10]);
  });

  it('are a fault when the tables leave one out', async () => {
    const many = manyPuts(through({ UnprocessedItems: { challenges: [{}] } }).client);
    await makeChallengeStore(many.client, 'challenges').putTokens([token(1)]);
    await expect(many.written()).rejects.toThrow('did not take a whole batch');
  });
});
