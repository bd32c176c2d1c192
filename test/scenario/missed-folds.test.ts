import { describe, expect, it } from 'vitest';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { makeWatch } from '../../functions/watch/watch.ts';
import type { CheckReport, RecordingReport } from '../../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { type FailurePlan, failAt, failing, methodsOf } from '../support/memory-stores.ts';
import { nursery } from '../support/nursery.ts';
import { at, Timeline } from '../support/timeline.ts';

const { cameras, classes } = nursery('any');
const TUESDAY = '2026-03-03';
/** The minute of the nursery's daily full assessment: each is registered with slot 1, by UTC. */
const SLOT = '08:01:00';

type Plan = Pick<FailurePlan, 'when' | 'only'>;

const storesOf = ({ kept }: Timeline, plan: Plan | undefined) => {
  if (plan === undefined) return { ...kept, packFor };
  const running = failAt({ at: 1, dies: true, ...plan });
  return {
    vitals: failing(kept.vitals, running),
    records: failing(kept.records, running),
    registry: failing(kept.registry, running),
    challenges: failing(kept.challenges, running),
    packFor,
  };
};

/** A check that arrives now; by a plan its receiver dies, and the box never sends it again. */
const check = async (day: Timeline, over: Partial<CheckReport>, plan?: Plan): Promise<void> => {
  const report: CheckReport = {
    id: day.id(),
    timeMs: day.nowMs,
    class: 'small',
    session: 'morning',
    day: '2026-03-02',
    present: 18,
    absent: 0,
    checked: 18,
    findings: [],
    ...over,
  };
  const taken = makeReceiveCheck(storesOf(day, plan))(day.sender('sun'), report, report.id);
  await (plan ? expect(taken).rejects.toThrow('planned') : taken);
};

/** The same for the last whole hour of the camera, whose recorder reaches back so many days. */
const record = async (day: Timeline, depthDays: number, plan?: Plan): Promise<void> => {
  const hourMs = Math.floor(day.nowMs / HOUR_MS - 1) * HOUR_MS;
  const report: RecordingReport = {
    id: day.id(),
    timeMs: day.nowMs,
    camera: 'c1',
    hourMs,
    recorded: [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }],
    oldestRetrievableAtMs: day.nowMs - depthDays * DAY_MS,
  };
  const taken = makeReceiveRecording(storesOf(day, plan))(day.sender('sun'), report, report.id);
  await (plan ? expect(taken).rejects.toThrow('planned') : taken);
};

const sweepAt = async (day: Timeline, time: string, date?: string): Promise<void> => {
  day.moveTo(time, date);
  await day.beat('sun');
  await day.sweep();
};

const about = (day: Timeline, rule: string) => day.incidents().filter((one) => one.rule === rule);
const row = (day: Timeline) => day.kept.vitals.rows.facilities.get('sun');
const timesOf = (day: Timeline, method: string): number =>
  [...methodsOf(day.kept.records), ...methodsOf(day.kept.vitals)].filter((one) => one === method).length;

const opened = async (over: Parameters<Timeline['register']>[1]): Promise<Timeline> => {
  const day = new Timeline(at('08:30:00'));
  await day.register('sun', over);
  await day.kept.registry.putKey('sun', 'b1', day.sender('sun').key);
  await day.beat('sun');
  await day.sweep();
  return day;
};

describe('a check whose receiver died after keeping it', () => {
  it('in time: the next daily assessment folds it and closes the incident that it never was', async () => {
    const day = await opened({ classes });
    await check(day, {}, { when: 'before', only: ['patchFacility'] });
    await sweepAt(day, '09:30:00');
    expect(about(day, 'morning-check')).toMatchObject([{ state: 'open', sinceMs: at('09:30:00') }]);
    await sweepAt(day, '08:00:00', TUESDAY);
    expect(about(day, 'morning-check')).toMatchObject([{ state: 'open' }]);
    await sweepAt(day, SLOT, TUESDAY);
    expect(about(day, 'morning-check')).toMatchObject([{ state: 'closed', closeReason: 'met-again' }]);
    expect(row(day)?.checks).toEqual({ small: { morning: { day: '2026-03-02', atMs: at('08:30:00') } } });
    expect(row(day)?.judgeFromMs).toBeUndefined();
  });

  it('late, in place of the gap or of the row: the incident ends when the check came', async () => {
    for (const only of [['putGap'], ['patchFacility']]) {
      const day = await opened({ classes });
      await sweepAt(day, '09:30:00');
      day.moveTo('10:00:00');
      await check(day, {}, { when: 'before', only });
      await sweepAt(day, SLOT, TUESDAY);
      expect(about(day, 'morning-check')).toMatchObject([{ state: 'closed', endedAtMs: at('10:00:00') }]);
      expect([...day.kept.records.kept.gaps.values()]).toContainEqual(
        expect.objectContaining({ subject: 'class/small', fromMs: at('09:30:00'), toMs: at('10:00:00') }),
      );
    }
  });

  it('is made up a day later still, if the sweep of its minute did not run', async () => {
    const day = await opened({ classes });
    day.moveTo('08:31:00');
    await check(day, {}, { when: 'before', only: ['patchFacility'] });
    await sweepAt(day, SLOT, '2026-03-04');
    expect(row(day)?.checks).toMatchObject({ small: { morning: { day: '2026-03-02' } } });
  });

  it('and that corrects one that came only later, sets it aside in the next daily assessment', async () => {
    const day = await opened({ classes });
    const original = day.id();
    const blisters = (...children: number[]) => ({
      findings: children.map((n) => ({
        code: 'mouth-or-hand-blisters' as const,
        childRef: `child-${n}`,
        action: 'observed' as const,
      })),
    });
    await check(day, { ...blisters(1), corrects: original }, { when: 'before', only: ['putFindings'] });
    day.moveTo('08:40:00');
    await check(day, { ...blisters(1, 2), id: original });
    await sweepAt(day, '08:41:00');
    expect(about(day, 'health-signal')).toMatchObject([{ state: 'open' }]);
    await sweepAt(day, SLOT, TUESDAY);
    expect(about(day, 'health-signal')).toMatchObject([{ state: 'closed', closeReason: 'met-again' }]);
    expect(row(day)?.signals).toEqual([]);
  });

  it('is found by a sweep that dies at any of its writes, and by the next one in the minute', async () => {
    const mendAndJudge = async (plan: FailurePlan) => {
      const day = await opened({ classes });
      await sweepAt(day, '09:30:00');
      day.moveTo('10:00:00');
      await check(day, {}, { when: 'before', only: ['patchFacility'] });
      day.moveTo(SLOT, TUESDAY);
      await day.beat('sun');
      const running = failAt(plan);
      const { vitals, records, incidents } = day.kept;
      const dying = {
        vitals: failing(vitals, running),
        records: failing(records, running),
        incidents: failing(incidents, running),
        tell: () => undefined,
      };
      await makeWatch(day.watching(dying))().catch(() => undefined);
      running.restart();
      await day.sweep();
      const [incident] = about(day, 'morning-check');
      return { running, state: incident?.state, endedAtMs: incident?.endedAtMs, mark: row(day)?.judgeFromMs };
    };
    const { running, ...calm } = await mendAndJudge({ at: Number.POSITIVE_INFINITY, when: 'before' });
    expect(calm).toEqual({ state: 'closed', endedAtMs: at('10:00:00'), mark: undefined });
    expect(running.seen).toBeGreaterThan(3);
    for (let write = 1; write <= running.seen; write += 1) {
      for (const when of ['before', 'after'] as const) {
        const { running: crashed, ...healed } = await mendAndJudge({ at: write, when, dies: true });
        expect(crashed.fired).toBe(true);
        expect({ write, when, ...healed }).toEqual({ write, when, ...calm });
      }
    }
  });

  it('is folded beside what a receiver folds at the same time', async () => {
    const day = await opened({ classes });
    await check(day, {}, { when: 'before', only: ['patchFacility'] });
    day.moveTo(SLOT, TUESDAY);
    await day.beat('sun');
    const { vitals } = day.kept;
    let raced = false;
    const patchFacility: typeof vitals.patchFacility = async (read, patch) => {
      if (!raced) {
        raced = true;
        await check(day, { session: 'noon' });
      }
      return vitals.patchFacility(read, patch);
    };
    await makeWatch(day.watching({ vitals: { ...vitals, patchFacility } }))();
    expect(row(day)?.checks.small).toMatchObject({ morning: { atMs: at('08:30:00') }, noon: { atMs: day.nowMs } });
  });
});

describe('an hour of recording whose receiver died', () => {
  const retention = { cameras, areas: [] };

  it('after its day was saved: the next daily assessment opens the finding, dated when the hour came', async () => {
    for (const plan of [
      { when: 'after', only: ['saveHeldDay'] },
      { when: 'before', only: ['patchFacility'] },
    ] as const) {
      const day = await opened(retention);
      day.moveTo('11:00:00');
      await record(day, 35, plan);
      await sweepAt(day, '11:01:00');
      expect(about(day, 'retention-held')).toEqual([]);
      await sweepAt(day, SLOT, TUESDAY);
      expect(row(day)?.retention).toMatchObject([{ camera: 'c1', state: 'short', depthDays: 35 }]);
      expect(about(day, 'retention-held')).toMatchObject([
        { state: 'open', subject: 'camera/c1', reason: 'recorder-keeps-less', sinceMs: at('11:00:00') },
      ]);
    }
  });

  it('after its day was saved: a finding that it ended is closed as of when the hour came', async () => {
    for (const only of [['putGap'], ['patchFacility']]) {
      const day = await opened(retention);
      day.moveTo('09:00:00');
      await record(day, 35);
      await sweepAt(day, '09:01:00');
      day.moveTo('11:00:00');
      await record(day, 90, { when: 'before', only });
      await sweepAt(day, '11:01:00');
      expect(about(day, 'retention-held')).toMatchObject([{ state: 'open' }]);
      await sweepAt(day, SLOT, TUESDAY);
      expect(about(day, 'retention-held')).toMatchObject([{ state: 'closed', endedAtMs: at('11:00:00') }]);
      expect(row(day)).toMatchObject({ retention: [], retentionHeld: { c1: at('11:00:00') + 3 * DAY_MS } });
    }
  });

  it('before its day was saved: nothing is kept, so that what the box was never told to be kept is not', async () => {
    const day = await opened(retention);
    await record(day, 35, { when: 'before', only: ['saveHeldDay'] });
    expect(day.kept.records.kept.reports.size).toBe(0);
  });

  it('a finding stands while no further hour comes, however often it is assessed', async () => {
    const day = await opened(retention);
    day.moveTo('09:00:00');
    // One day short of what is required: time alone would make it look held.
    await record(day, 89);
    for (const date of [TUESDAY, '2026-03-04', '2026-03-05', '2026-03-06', '2026-04-06'])
      await sweepAt(day, SLOT, date);
    expect(row(day)?.retention).toMatchObject([{ state: 'short', depthDays: 89, sinceMs: at('09:00:00') }]);
    expect(about(day, 'retention-held')).toMatchObject([{ state: 'open', sinceMs: at('09:00:00') }]);
  });
});

describe('folds that are right', () => {
  it('cost reads in the minute of the daily assessment alone, and never a write', async () => {
    const day = await opened({ cameras, areas: [], classes });
    day.moveTo('09:00:00');
    await check(day, {});
    await record(day, 35);
    await sweepAt(day, '09:01:00');
    const before = row(day);
    const [checksRead, daysRead] = [timesOf(day, 'checksSince'), timesOf(day, 'heldDays')];
    await sweepAt(day, '09:02:00');
    await sweepAt(day, '08:00:00', TUESDAY);
    expect([timesOf(day, 'checksSince'), timesOf(day, 'heldDays')]).toEqual([checksRead, daysRead]);
    const [patches, gaps, due] = [timesOf(day, 'patchFacility'), timesOf(day, 'putGap'), row(day)?.dueAtMs];
    await sweepAt(day, SLOT, TUESDAY);
    expect([timesOf(day, 'checksSince'), timesOf(day, 'heldDays')]).toEqual([checksRead + 1, daysRead + 1]);
    expect([timesOf(day, 'patchFacility'), timesOf(day, 'putGap'), row(day)?.dueAtMs]).toEqual([patches, gaps, due]);
    expect(row(day)).toMatchObject({ checks: before?.checks, retention: before?.retention });
  });

  it('hold no more findings than fit, and those beyond are no news each day', async () => {
    const many = Array.from({ length: 18 }, (_, n) => ({ ...cameras[0], id: `c${n + 1}` }) as (typeof cameras)[number]);
    const day = await opened({ cameras: many, areas: [] });
    day.moveTo('09:00:00');
    for (const { id } of many) {
      const hourMs = at('08:00:00');
      const oldestRetrievableAtMs = day.nowMs - 35 * DAY_MS;
      const recorded = [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }];
      const report = { id: day.id(), timeMs: day.nowMs, camera: id, hourMs, recorded, oldestRetrievableAtMs };
      await makeReceiveRecording(storesOf(day, undefined))(day.sender('sun'), report, report.id);
    }
    await sweepAt(day, '08:00:00', TUESDAY);
    const before = row(day);
    expect(before).toMatchObject({ retentionOverflow: true });
    expect(before?.retention).toHaveLength(16);
    await sweepAt(day, SLOT, TUESDAY);
    expect(row(day)?.revision).toBe(before?.revision);
  });
});
