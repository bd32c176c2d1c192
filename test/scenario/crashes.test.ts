import { describe, expect, it } from 'vitest';
import { makeWatch } from '../../functions/watch/watch.ts';
import { CANARY } from '../../shared/domain/incident.ts';
import { answer } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { type FailurePlan, failAt, failing, type RunningPlan } from '../support/memory-stores.ts';
import { at, type Stores, Timeline } from '../support/timeline.ts';

/** The same stores, each of which dies at the planned call; the plan spans them all. */
const dying = (kept: Stores, plan: RunningPlan): Stores => ({
  vitals: failing(kept.vitals, plan),
  registry: failing(kept.registry, plan),
  records: failing(kept.records, plan),
  incidents: failing(kept.incidents, plan),
  alarms: failing(kept.alarms, plan),
  windows: failing(kept.windows, plan),
  challenges: failing(kept.challenges, plan),
  publisher: failing(kept.publisher, plan),
});

const NEVER: FailurePlan = { at: Number.POSITIVE_INFINITY, when: 'before', dies: true };

/**
 * One morning by the minute: `sun` is silent from 10:03 until it comes back at 10:30; `blip` is silent for a while in
 * which no sweep runs; `gone` stays silent. One sweep runs on dying stores.
 */
const morning = async (crashMinute: number, plan: FailurePlan) => {
  const day = new Timeline(at('10:00:00'));
  for (const id of ['sun', 'blip', 'gone']) {
    await day.register(id);
    await day.beat(id);
  }
  const running = failAt(plan);
  for (let minute = 1; minute <= 60; minute += 1) {
    day.nowMs = at('10:00:00') + minute * 60_000;
    if (minute >= 30) await day.beat('sun');
    if (minute < 11 || minute > 17) await day.beat('blip');
    if (minute >= 9 && minute <= 20) continue;
    if (minute !== crashMinute) {
      await day.sweep();
      continue;
    }
    const watching = day.watching({ ...dying(day.kept, running), tell: () => undefined });
    await makeWatch(watching)().catch(() => undefined);
    running.restart();
  }
  return { day, running };
};

const outcomeOf = (day: Timeline) => ({
  notices: [...new Set(day.kept.publisher.published.map(({ id }) => id))].sort(),
  live: day.incidents().map(({ id, state, sinceMs, endedAtMs }) => ({ id, state, sinceMs, endedAtMs })),
  kept: [...day.kept.records.kept.archived.values()]
    .map(({ id, state, sinceMs, endedAtMs }) => ({ id, state, sinceMs, endedAtMs }))
    .sort((a, b) => a.id.localeCompare(b.id)),
  marks: [...day.kept.vitals.rows.boxes.values()].filter(({ judgeFromMs }) => judgeFromMs !== undefined).length,
  owed: day.incidents().flatMap(({ outbox }) => outbox.filter(({ dueAtMs }) => dueAtMs < day.nowMs)),
});

describe('the sweep dies between any two of its writes', () => {
  it('and the next sweeps heal it: no incident and no notice is lost, none is another one', async () => {
    const calm = await morning(-1, NEVER);
    const expected = outcomeOf(calm.day);
    expect(expected).toMatchObject({ marks: 0, owed: [] });
    expect(expected.kept.map(({ id }) => id)).toEqual([
      `blip~monitoring-running~box.b1~${at('10:13:00')}`,
      `sun~monitoring-running~box.b1~${at('10:03:00')}`,
    ]);
    let crashes = 0;
    for (let minute = 1; minute <= 60; minute += 1) {
      const { running } = await morning(minute, NEVER);
      for (let write = 1; write <= running.seen; write += 1) {
        for (const when of ['before', 'after'] as const) {
          const crashed = await morning(minute, { at: write, when, dies: true });
          expect(crashed.running.fired).toBe(true);
          const where = `minute ${minute}, write ${write}, ${when}`;
          expect({ where, ...outcomeOf(crashed.day) }).toEqual({ where, ...expected });
          crashes += 1;
        }
      }
    }
    expect(crashes).toBeGreaterThan(40);
  });

  it('a notice that SNS did not take goes out once; one that it took before we could note it, twice under one id', async () => {
    const heard = async (plan: FailurePlan) => {
      const { day, running } = await morning(8, plan);
      expect(running.fired).toBe(plan !== NEVER);
      return day.kept.publisher.published.map(({ id }) => id).sort();
    };
    const once = await heard(NEVER);
    expect(new Set(once).size).toBe(once.length);
    expect(await heard({ at: 1, when: 'before', only: ['publish'] })).toEqual(once);
    const twice = await heard({ at: 1, when: 'after', only: ['publish'] });
    expect(twice).toHaveLength(once.length + 1);
    expect([...new Set(twice)]).toEqual(once);
  });
});

describe('the sweep dies while answers expire and tests end', () => {
  const OFFICER = 'https://login.example.com|officer-1';

  /** At 12:00 the answer to a panic runs out, and a test of the nursery and one of the canary have been open an hour. */
  const noon = async (crashMinute: number, plan: FailurePlan) => {
    const day = new Timeline(at('10:00:00'));
    for (const id of ['sun', CANARY]) await day.register(id);
    await day.alarm('sun');
    const panic = day.only().id;
    await changeIncident(day.kept, panic, (read) => answer(read, OFFICER, day.nowMs));
    day.moveTo('11:00:00');
    for (const id of ['sun', CANARY]) await day.alarm(id, { kind: 'test' });
    const running = failAt(plan);
    for (let minute = 60; minute <= 80; minute += 1) {
      day.nowMs = at('11:00:00') + minute * 60_000;
      for (const id of ['sun', CANARY]) await day.beat(id);
      if (minute !== crashMinute) {
        await day.sweep();
        continue;
      }
      const watching = day.watching({ ...dying(day.kept, running), tell: () => undefined });
      await makeWatch(watching)().catch(() => undefined);
      running.restart();
    }
    return { day, running };
  };

  it('and the next ones heal it: each department hears once that it expired, and each test ends once', async () => {
    const expected = outcomeOf((await noon(-1, NEVER)).day);
    expect(expected.notices.filter((id) => id.endsWith('/expired'))).toHaveLength(4);
    expect(expected.live.map(({ state }) => state)).toEqual(['open']);
    expect(expected.kept.map(({ state }) => state)).toEqual(['closed']);
    let crashes = 0;
    // At 60 the answer and the tests end; at 75 and 76 they become records.
    for (const minute of [60, 75, 76]) {
      const { running } = await noon(minute, NEVER);
      for (let write = 1; write <= running.seen; write += 1) {
        for (const when of ['before', 'after'] as const) {
          const crashed = await noon(minute, { at: write, when, dies: true });
          const where = `minute ${minute}, write ${write}, ${when}`;
          expect(crashed.running.fired, where).toBe(true);
          expect({ where, ...outcomeOf(crashed.day) }).toEqual({ where, ...expected });
          crashes += 1;
        }
      }
    }
    expect(crashes).toBeGreaterThan(20);
  });
});

describe('receive-alarms dies between any two of its writes', () => {
  const press = async (plan: FailurePlan, isSentAgain: boolean) => {
    const day = new Timeline(at('10:00:00'));
    await day.register('sun');
    await day.beat('sun');
    const running = failAt(plan);
    const report = { id: day.id(), timeMs: day.nowMs };
    const first = await day.alarm('sun', report, dying(day.kept, running)).then(
      ({ result }) => result,
      () => 'no-answer',
    );
    running.restart();
    day.nowMs += 2_000;
    const second = isSentAgain ? await day.alarm('sun', report) : undefined;
    day.nowMs += 60_000;
    await day.beat('sun');
    await day.sweep();
    return { day, running, first, second };
  };

  const alarmOf = (day: Timeline) => ({
    notices: [...new Set(day.kept.publisher.published.map(({ id }) => id))].sort(),
    incidents: day.incidents().map(({ id, state, outbox }) => ({ id, state, outbox })),
    records: day.kept.alarms.kept.size,
  });

  it('the box sends it again: one incident, one record, each notice', async () => {
    const calm = await press(NEVER, true);
    const expected = alarmOf(calm.day);
    expect(expected).toMatchObject({ records: 1, incidents: [{ state: 'open', outbox: [] }] });
    expect(expected.notices).toHaveLength(5);
    expect(calm.running.seen).toBe(8);
    for (let write = 1; write <= calm.running.seen; write += 1) {
      for (const when of ['before', 'after'] as const) {
        const crashed = await press({ at: write, when, dies: true }, true);
        expect({ write, when, ...alarmOf(crashed.day) }).toEqual({ write, when, ...expected });
        expect(crashed.second?.result).toMatch(/accepted|duplicate/);
      }
    }
  });

  it('the box never comes back: once the incident is put, every notice still goes out', async () => {
    const expected = alarmOf((await press(NEVER, false)).day);
    for (let write = 1; write <= 8; write += 1) {
      for (const when of ['before', 'after'] as const) {
        const { day, first } = await press({ at: write, when, dies: true }, false);
        if (first !== 'no-answer') expect(alarmOf(day)).toEqual(expected);
        else if (write === 1 && when === 'before') expect(alarmOf(day).notices).toEqual([]);
        else expect({ write, when, notices: alarmOf(day).notices }).toEqual({ write, when, notices: expected.notices });
      }
    }
  });
});
