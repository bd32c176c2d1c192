import { describe, expect, it } from 'vitest';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import type { CheckReport, FindingCode } from '../../shared/domain/reports.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { failAt, failing } from '../support/memory-stores.ts';
import { nursery } from '../support/nursery.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

const { calendar } = nursery('any');
/** Closed all week, so that no check is owed: here only what the checks find counts. */
const resting = { classes: [{ id: 'small', children: 18 }], calendar: { ...calendar, weekdays: [] } };

const sick = (code: FindingCode, ...children: readonly number[]): Partial<CheckReport> => ({
  findings: children.map((child) => ({ code, childRef: `child-${child}`, action: 'isolated' })),
});

const check = async (day: Timeline, over: Partial<CheckReport>, dying?: readonly string[]): Promise<string> => {
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
  const plan = dying && failAt({ at: 1, dies: true, when: 'before', only: dying });
  const through = <T extends object>(store: T): T => (plan ? failing(store, plan) : store);
  const { vitals, records, registry } = day.kept;
  const stores = { vitals: through(vitals), records: through(records), registry, packFor };
  const taken = makeReceiveCheck(stores)(day.sender('sun'), report, report.id);
  await (plan ? expect(taken).rejects.toThrow('planned') : taken);
  return report.id;
};

const opened = async (day: Timeline): Promise<void> => {
  await day.register('sun', resting);
  await day.kept.registry.putKey('sun', 'b1', day.sender('sun').key);
  await day.beat('sun');
};
const signalsOf = (day: Timeline) =>
  [...day.incidents(), ...day.kept.records.kept.archived.values()].filter(({ rule }) => rule === 'health-signal');
const heard = (day: Timeline): readonly string[] =>
  day.kept.publisher.published
    .filter(({ about }) => about === 'health-signal')
    .map(({ recipient, kind }) => `${recipient.department} ${kind}`)
    .sort();
/** What is not about health (a box that waits for its first coverage, a duty) is not counted here. */
const play = (start: string, of: (day: Timeline) => Promise<void>) =>
  scenario(start, async (day) => {
    await opened(day);
    await of(day);
    day.expectTold(
      ...day.kept.publisher.published.map(
        ({ facilityId, recipient, kind, about }) => `${facilityId}: ${recipient.department} ${kind} ${about}`,
      ),
    );
  });

describe('the second child of a class with hand, foot and mouth disease within a week', () => {
  it(
    'is told at once to the health authority and the CDC, together with the nursery; one child is told to nobody',
    play('09:00:00', async (day) => {
      await check(day, sick('mouth-or-hand-blisters', 1));
      await day.minutes(2, ['sun']);
      expect(signalsOf(day)).toEqual([]);
      day.moveTo('09:00:00', '2026-03-05');
      await day.beat('sun');
      await check(day, { ...sick('mouth-or-hand-blisters', 2), day: '2026-03-05' });
      await day.sweep();
      expect(signalsOf(day)).toMatchObject([
        {
          subject: 'signal/hfmd-class.small',
          reason: 'threshold-reached',
          sinceMs: at('09:00:00', '2026-03-05'),
          hazard: 'infectious_disease',
          state: 'open',
        },
      ]);
      expect(heard(day)).toEqual(expect.arrayContaining(['cdc opened', 'facility opened', 'health opened']));
      expect(heard(day).filter((line) => /police|fire|emergency|market/.test(line))).toEqual([]);
    }),
  );

  it(
    'is over once the first has left the window, by time alone',
    play('09:00:00', async (day) => {
      await check(day, sick('mouth-or-hand-blisters', 1, 2));
      await day.sweep();
      day.moveTo('23:59:59', '2026-03-08');
      await day.beat('sun');
      await day.sweep();
      expect(signalsOf(day)).toMatchObject([{ state: 'open' }]);
      day.moveTo('00:00:00', '2026-03-09');
      await day.beat('sun');
      await day.sweep();
      expect(signalsOf(day)).toMatchObject([{ state: 'closed', closeReason: 'met-again' }]);
    }),
  );

  it(
    'is over at once where a correction takes the finding back',
    play('09:00:00', async (day) => {
      const id = await check(day, sick('mouth-or-hand-blisters', 1, 2));
      await day.sweep();
      await day.minutes(3, ['sun']);
      await check(day, { ...sick('mouth-or-hand-blisters', 1), corrects: id });
      await day.minutes(1, ['sun']);
      expect(signalsOf(day)).toMatchObject([{ state: 'closed' }]);
    }),
  );
});

describe('nobody looks for days', () => {
  it(
    'and a threshold that was reached and left meanwhile still has its incident',
    play('09:00:00', async (day) => {
      await check(day, sick('vomiting', 1, 2, 3));
      day.moveTo('09:00:00', '2026-03-05');
      await day.beat('sun');
      await day.sweep();
      expect(signalsOf(day)).toMatchObject([
        {
          subject: 'signal/class-stomach-1-day.small',
          sinceMs: at('09:00:00'),
          endedAtMs: at('00:00:00', '2026-03-03'),
        },
      ]);
    }),
  );

  it(
    'and one that a correction took back meanwhile too',
    play('09:00:00', async (day) => {
      const id = await check(day, sick('vomiting', 1, 2, 3));
      day.moveTo('09:20:00');
      await check(day, { ...sick('vomiting', 1), corrects: id });
      day.moveTo('10:00:00');
      await day.beat('sun');
      await day.sweep();
      expect(signalsOf(day)).toMatchObject([{ sinceMs: at('09:00:00'), endedAtMs: at('09:20:00') }]);
    }),
  );
});

describe('a box that was cut off over night', () => {
  it(
    'brings the cluster of yesterday, and it is told today',
    play('09:00:00', async (day) => {
      await day.sweep();
      day.moveTo('08:00:00', '2026-03-03');
      await day.beat('sun');
      await check(day, sick('vomiting', 1, 2, 3));
      await day.sweep();
      expect(signalsOf(day)).toMatchObject([{ state: 'open', sinceMs: at('08:00:00', '2026-03-03') }]);
      expect(heard(day)).toContain('health opened');
      expect(day.kept.vitals.rows.facilities.get('sun')?.signals).toMatchObject([{ late: true }]);
    }),
  );
});

describe('a receiver that died after keeping the check, whose box never sends it again', () => {
  it.each([['putFindings'], ['patchFacility']])(
    'before its %s: the next daily assessment finds the threshold',
    (method) =>
      play('09:00:00', async (day) => {
        await check(day, sick('mouth-or-hand-blisters', 1, 2), [method]);
        await day.sweep();
        expect(signalsOf(day)).toEqual([]);
        // The minute of the nursery's daily full assessment: each is registered with slot 1, by UTC.
        day.moveTo('08:01:00', '2026-03-03');
        await day.beat('sun');
        await day.sweep();
        await day.minutes(1, ['sun']);
        expect(signalsOf(day)).toMatchObject([{ subject: 'signal/hfmd-class.small', sinceMs: at('09:00:00') }]);
        // And the next check does not forget it.
        await check(day, { ...sick('cough', 9), day: '2026-03-03' });
        await day.minutes(1, ['sun']);
        expect(signalsOf(day)).toMatchObject([{ state: 'open' }]);
      })(),
  );
});
