import { describe, expect, it } from 'vitest';
import { makeWatch } from '../../functions/watch/watch.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { nursery } from '../support/nursery.ts';
import { at, scenario } from '../support/timeline.ts';

const { classes } = nursery('any');

describe('no timer that is wrong stays wrong', () => {
  it(
    'a look dated too late is made up in the minute of the daily assessment',
    scenario('10:00:00', async (day) => {
      await day.register('sun', { classes });
      await day.beat('sun');
      await day.sweep();
      const row = day.kept.vitals.rows.facilities.get('sun');
      if (row === undefined) throw new Error('no row');
      const slot = Math.floor((at('14:40:00') % 86_400_000) / 60_000);
      day.kept.vitals.rows.facilities.set('sun', { ...row, dueAtMs: at('10:00:00', '2027-01-01'), slot });
      for (const time of ['14:30:00', '14:39:00']) {
        day.moveTo(time);
        await day.beat('sun');
        day.kept.vitals.rows.boxes.forEach((box, key) => {
          const { judgeFromMs: _mark, ...unmarked } = box;
          day.kept.vitals.rows.boxes.set(key, unmarked);
        });
        await day.sweep();
        expect(day.incidents()).toEqual([]);
      }
      day.moveTo('14:40:00');
      await day.beat('sun');
      await day.sweep();
      expect(day.incidents().map(({ rule, sinceMs }) => [rule, sinceMs])).toContainEqual([
        'noon-check',
        at('14:30:00'),
      ]);
      day.expectTold('sun: facility opened noon-check');
    }),
  );

  it(
    'other packs: every nursery is judged again by them',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.sweep();
      expect((await makeWatch(day.watching())()).counts.facilitiesJudged).toBe(0);
      const report = await makeWatch(day.watching({ packSet: 'other packs' }))();
      expect(report.counts.facilitiesJudged).toBe(1);
      expect(day.kept.vitals.rows.facilities.get('sun')?.packSet).toBe('other packs');
    }),
  );

  it(
    'other packs: a box is silent after as long as they say, though nobody edited the nursery',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.sweep();
      const quicker: typeof packFor = (facility, nowMs) => {
        const pack = packFor(facility, nowMs);
        const silentAfterMs = { ...pack.thresholds.silentAfterMs, value: 60_000 };
        return { ...pack, thresholds: { ...pack.thresholds, silentAfterMs } };
      };
      await makeWatch(day.watching({ packSet: 'quicker packs', packFor: quicker }))();
      expect(day.kept.vitals.rows.boxes.get('sun/b1')).toMatchObject({
        silentAfterMs: 60_000,
        silentAtMs: at('10:01:00'),
      });
    }),
  );
});

describe('a mark that reaches far back', () => {
  it(
    'brings nothing to light that was settled under another name and kept',
    scenario('10:00:00', async (day) => {
      await day.register('sun', {}, ['b1', 'b2']);
      await day.beat('sun', {}, 'b1');
      await day.beat('sun', {}, 'b2');
      await day.sweep();
      // b1 is silent twice, so shortly after one another that it is one incident; b2 stays silent for long.
      for (const time of ['10:10:00', '10:20:00']) {
        day.moveTo(time);
        await day.beat('sun', {}, 'b1');
      }
      for (let minute = 21; minute <= 59; minute += 1) {
        day.moveTo(`10:${minute}:00`);
        await day.beat('sun', {}, 'b1');
        await day.sweep();
      }
      const keptIds = () => [...day.kept.records.kept.archived.values()].map(({ id }) => id);
      expect(keptIds()).toEqual([`sun~monitoring-running~box.b1~${at('10:03:00')}`]);
      day.moveTo('11:00:00');
      await day.beat('sun', {}, 'b1');
      await day.beat('sun', {}, 'b2');
      await day.sweep();
      expect(day.incidents().map(({ subject, state }) => [subject, state])).toEqual([['box/b2', 'closed']]);
      expect(keptIds()).toHaveLength(1);
      day.expectTold(
        'sun: facility opened monitoring-running',
        'sun: town climbed monitoring-running',
        'sun: facility recovered monitoring-running',
        'sun: town recovered monitoring-running',
      );
    }),
  );
});

describe('what applied no longer and applies again', () => {
  it(
    'is the same incident with its history, though it was kept meanwhile',
    scenario('14:00:00', async (day) => {
      const facility = await day.register('sun', { classes });
      await day.beat('sun');
      day.moveTo('14:30:00');
      await day.beat('sun');
      await day.sweep();
      const noon = () => day.incidents().filter(({ rule }) => rule === 'noon-check');
      const [first] = noon();
      expect(first).toMatchObject({ state: 'open', sinceMs: at('14:30:00') });
      day.expectTold('sun: facility opened noon-check');
      const none = await day.edit(facility, { classes: [{ id: 'small', children: 0 }] });
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered noon-check');
      await day.minutes(20, ['sun']);
      expect(noon()).toEqual([]);
      await day.edit(none, { classes });
      await day.minutes(1, ['sun']);
      expect(noon()).toMatchObject([{ id: first?.id, state: 'open' }]);
      expect(noon()[0]?.steps.at(-1)?.kind).toMatch(/reopened|notice-published/);
      const [again] = day.expectTold('sun: facility reopened noon-check');
      expect(again?.id).toBe(`${first?.id}/0/facility/reopened`);
    }),
  );
});

describe('a box that does not know', () => {
  it(
    'opens an incident "not shown" after the time for that; saying no makes it worse; knowing again closes it',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.sweep();
      day.nowMs += 60_000;
      await day.beat('sun', { monitoring: 'unknown' });
      const sinceMs = day.nowMs;
      for (let minute = 2; minute < 24 * 60; minute += 2) {
        day.nowMs = sinceMs + minute * 60_000;
        await day.beat('sun', { monitoring: 'unknown' });
      }
      const about = () => day.incidents().filter(({ finding }) => finding === 'not-shown');
      day.nowMs = sinceMs + 24 * 3_600_000 - 1_000;
      await day.beat('sun', { monitoring: 'unknown' });
      await day.sweep();
      expect(about()).toEqual([]);
      day.nowMs = sinceMs + 24 * 3_600_000;
      await day.beat('sun', { monitoring: 'unknown' });
      await day.sweep();
      expect(about()).toMatchObject([{ rule: 'monitoring-running', sinceMs: day.nowMs, reason: 'box-does-not-know' }]);
      const id = about()[0]?.id ?? '';
      for (let minute = 0; minute < 5; minute += 1) {
        day.nowMs += 60_000;
        await day.beat('sun', { monitoring: 'unknown' });
        await day.sweep();
      }
      const [notice] = day.expectTold('sun: facility opened monitoring-running');
      expect(notice?.text).toContain('长时间无法证明正常，并非已确认故障');
      day.nowMs += 60_000;
      await day.beat('sun', { monitoring: 'no' });
      await day.sweep();
      expect(await day.kept.incidents.read(id)).toMatchObject({ finding: 'breached', reason: 'box-says-down' });
      day.expectTold('sun: facility worsened monitoring-running');
      day.nowMs += 60_000;
      await day.beat('sun', { monitoring: 'yes' });
      await day.sweep();
      expect(await day.kept.incidents.read(id)).toMatchObject({ state: 'closed', closeReason: 'met-again' });
      day.expectTold('sun: facility recovered monitoring-running');
    }),
  );
});
