import { describe, expect, it } from 'vitest';
import type { CameraCoverage } from '../../shared/domain/reports.ts';
import { nursery } from '../support/nursery.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

const { areas, cameras } = nursery('any');
const usable: CameraCoverage = { camera: 'c1', online: 'yes', recording: 'yes', picture: 'yes' };
const offline: CameraCoverage = { camera: 'c1', online: 'no', recording: 'no', picture: 'unknown' };

const started = async (day: Timeline): Promise<void> => {
  await day.register('sun', { areas, cameras: cameras.map((one) => ({ ...one, installedAtMs: day.nowMs })) });
  await day.beat('sun');
  await day.cover('sun', [usable]);
  await day.sweep();
};

const blind = (day: Timeline) => day.incidents().filter(({ rule }) => rule === 'area-covered');

describe('the only camera of an area goes blind', () => {
  it(
    'the nursery is told after the grace and the time for telling, and hears of the recovery',
    scenario('10:00:00', async (day) => {
      await started(day);
      await day.cover('sun', [offline]);
      await day.minutes(9, ['sun']);
      expect(blind(day)).toEqual([]);
      await day.minutes(1, ['sun']);
      expect(blind(day)).toMatchObject([{ sinceMs: at('10:10:00'), subject: 'area/play', state: 'open' }]);
      await day.minutes(5, ['sun']);
      const [notice] = day.expectTold('sun: facility opened area-covered');
      expect(notice?.text).toContain('区域：一号活动室（1层）');
      await day.cover('sun', [usable]);
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered area-covered');
      expect(blind(day)).toMatchObject([{ state: 'closed', endedAtMs: at('10:15:00') }]);
    }),
  );

  it(
    'then its box dies: the area stays open, for nobody has shown that it can be seen again',
    scenario('10:00:00', async (day) => {
      await started(day);
      await day.cover('sun', [offline]);
      await day.minutes(15, ['sun']);
      day.expectTold('sun: facility opened area-covered');
      await day.minutes(12);
      expect(blind(day)).toMatchObject([{ state: 'open', sinceMs: at('10:10:00') }]);
      expect(day.incidents().map(({ rule }) => rule)).toContain('monitoring-running');
      day.expectTold('sun: facility opened monitoring-running');
      await day.minutes(1, ['sun']);
      expect(blind(day)).toMatchObject([{ state: 'open' }]);
      day.expectTold('sun: facility recovered monitoring-running');
      await day.cover('sun', [usable]);
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered area-covered');
    }),
  );

  it(
    'after nothing was shown of it for too long: that is no recovery, not even while the grace runs',
    scenario('10:00:00', async (day) => {
      await day.register('sun', { areas, cameras: cameras.map((one) => ({ ...one, installedAtMs: day.nowMs })) });
      await day.beat('sun');
      await day.sweep();
      day.moveTo('10:00:00', '2026-03-04');
      await day.beat('sun');
      await day.minutes(6, ['sun']);
      expect(blind(day)).toMatchObject([{ finding: 'not-shown', state: 'open' }]);
      day.expectTold('sun: facility opened area-covered');
      await day.cover('sun', [offline]);
      await day.minutes(9, ['sun']);
      expect(blind(day)).toMatchObject([{ finding: 'not-shown', state: 'open' }]);
      await day.minutes(1, ['sun']);
      expect(blind(day)).toMatchObject([{ finding: 'breached', state: 'open' }]);
      day.expectTold('sun: facility worsened area-covered');
      await day.cover('sun', [usable]);
      await day.minutes(1, ['sun']);
      expect(blind(day)).toMatchObject([{ state: 'closed' }]);
      day.expectTold('sun: facility recovered area-covered');
    }),
  );

  it(
    'its box is replaced: the new one has its time to show the area, however old the camera is',
    scenario('10:00:00', async (day) => {
      const facility = await day.register('sun', { areas, cameras });
      await day.beat('sun');
      await day.cover('sun', [usable]);
      await day.sweep();
      day.moveTo('12:00:00', '2026-03-04');
      for (const box of ['b1', 'b2']) await day.kept.vitals.announceBox('sun', box, 180_000, day.nowMs);
      await day.kept.vitals.admitKey('sun', 'b2', 'key');
      await day.edit(facility, { cameras: cameras.map((one) => ({ ...one, box: 'b2' })) });
      await day.kept.vitals.revokeKey('sun', 'b1', 'key');
      await day.beat('sun', {}, 'b2');
      await day.sweep();
      expect(blind(day)).toEqual([]);
    }),
  );

  it(
    'over before any sweep ran: one incident, dated exactly, and nobody is called out',
    scenario('10:00:00', async (day) => {
      await started(day);
      await day.cover('sun', [offline]);
      for (let minute = 0; minute < 20; minute += 1) {
        day.nowMs += 60_000;
        await day.beat('sun');
      }
      await day.cover('sun', [usable]);
      day.nowMs += 60_000;
      await day.beat('sun');
      await day.sweep();
      expect(blind(day)).toMatchObject([
        { state: 'closed', sinceMs: at('10:10:00'), endedAtMs: at('10:20:00'), closeReason: 'ended-before-seen' },
      ]);
      await day.minutes(2, ['sun']);
      expect(blind(day)).toHaveLength(1);
    }),
  );

  it(
    'over and kept: a mark that reaches back to it brings it up no second time',
    scenario('10:00:00', async (day) => {
      await started(day);
      await day.cover('sun', [offline]);
      await day.minutes(12, ['sun']);
      await day.cover('sun', [usable]);
      await day.minutes(20, ['sun']);
      expect(blind(day)).toEqual([]);
      const row = day.kept.vitals.rows.coverage.get('sun/b1');
      if (row === undefined) throw new Error('no row');
      day.kept.vitals.rows.coverage.set('sun/b1', { ...row, judgeFromMs: at('10:00:00') });
      await day.minutes(1, ['sun']);
      expect(blind(day)).toEqual([]);
      expect(day.kept.vitals.rows.coverage.get('sun/b1')?.judgeFromMs).toBeUndefined();
    }),
  );

  it(
    'part of an incident of another name, over and kept: the mark of a check brings it up no second time',
    scenario('10:00:00', async (day) => {
      await day.register('sun', { areas, cameras: cameras.map((one) => ({ ...one, installedAtMs: day.nowMs })) });
      await day.beat('sun');
      await day.sweep();
      day.moveTo('10:00:00', '2026-03-04');
      await day.beat('sun');
      await day.minutes(6, ['sun']);
      await day.cover('sun', [offline]);
      await day.minutes(12, ['sun']);
      await day.cover('sun', [usable]);
      await day.minutes(20, ['sun']);
      day.expectTold(
        'sun: facility opened area-covered',
        'sun: facility worsened area-covered',
        'sun: facility recovered area-covered',
      );
      expect(blind(day)).toEqual([]);
      const row = day.kept.vitals.rows.facilities.get('sun');
      if (row === undefined) throw new Error('no row');
      day.kept.vitals.rows.facilities.set('sun', { ...row, judgeFromMs: at('10:00:00', '2026-03-04') });
      await day.minutes(1, ['sun']);
      expect(blind(day)).toEqual([]);
      expect(day.kept.vitals.rows.facilities.get('sun')?.judgeFromMs).toBeUndefined();
    }),
  );

  it(
    'the area is taken out of the registry: its incident no longer applies',
    scenario('10:00:00', async (day) => {
      await started(day);
      await day.cover('sun', [offline]);
      await day.minutes(15, ['sun']);
      day.expectTold('sun: facility opened area-covered');
      const facility = await day.kept.registry.readFacility('sun');
      if (facility) await day.edit(facility, { areas: [], cameras: [] });
      await day.minutes(1, ['sun']);
      expect(blind(day)).toMatchObject([{ state: 'closed', closeReason: 'not-applicable' }]);
      // Its camera went with it, and the box reports it all the same.
      day.expectTold('sun: facility recovered area-covered', 'sun: facility opened filing-true');
    }),
  );
});
