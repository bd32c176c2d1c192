import { describe, expect, it } from 'vitest';
import { CANARY } from '../../shared/domain/incident.ts';
import { answer } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { memoryIncidentStore } from '../support/memory-stores.ts';
import { at, scenario, type Timeline, told } from '../support/timeline.ts';

const HEAD = 'https://login.example.com|head-1';

const rung = async (day: Timeline, id = 'sun'): Promise<void> => {
  await day.register(id);
  await day.beat(id);
  await day.alarm(id, { kind: 'test' });
};

describe('a test alarm', () => {
  it(
    'goes to the facility alone, the way that a real one goes, and does not say urgent',
    scenario('10:00:00', async (day) => {
      await rung(day);
      const [notice] = day.expectTold('sun: facility opened test');
      expect(notice).toMatchObject({ lane: 'life-safety' });
      expect(`${notice?.text}${notice?.shortText}`).not.toMatch(/紧急】|LIFE SAFETY/);
    }),
  );

  it(
    'is over with the sweep after somebody has seen it, and becomes a record',
    scenario('10:00:00', async (day) => {
      await rung(day);
      day.expectTold('sun: facility opened test');
      await day.minutes(3, ['sun']);
      expect(day.only().state).toBe('open');
      await changeIncident(day.kept, day.only().id, (read) => answer(read, HEAD, day.nowMs, 'facility'));
      await day.minutes(1, ['sun']);
      expect(day.only()).toMatchObject({ state: 'closed', closeReason: 'test-over', closedAtMs: at('10:04:00') });
      await day.minutes(16, ['sun']);
      expect(day.incidents()).toEqual([]);
      expect(day.kept.records.kept.archived.size).toBe(1);
    }),
  );

  it(
    'that nobody sees is over after an hour, and not a minute before',
    scenario('10:00:00', async (day) => {
      await rung(day);
      day.expectTold('sun: facility opened test');
      await day.minutes(59, ['sun']);
      expect(day.only().state).toBe('open');
      await day.minutes(1, ['sun']);
      expect(day.only()).toMatchObject({ state: 'closed', closeReason: 'test-over' });
    }),
  );

  it(
    'of the canary leaves no record',
    scenario('10:00:00', async (day) => {
      await rung(day, CANARY);
      day.expectTold('canary: facility opened test');
      await day.minutes(61, [CANARY]);
      expect(day.only()).toMatchObject({ state: 'closed', closeReason: 'test-over' });
      await day.minutes(15, [CANARY]);
      expect(day.incidents()).toEqual([]);
      expect(day.kept.records.kept.archived.size).toBe(0);
    }),
  );
});

describe('what an officer opened', () => {
  it(
    'becomes a record though no box ever sent a report of it',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      const { incidents } = day.kept;
      const other = memoryIncidentStore();
      await day.alarm('sun', {}, { incidents: other });
      const [drafted] = [...other.live.values()];
      if (drafted?.alarm === undefined) throw new Error('no alarm');
      day.expectTold(
        ...['health', 'police', 'emergency', 'fire'].map((one) => `sun: ${one} opened panic`),
        'sun: facility opened panic',
      );
      const closed = { state: 'closed', closedAtMs: day.nowMs, closeReason: 'handled', outbox: [] } as const;
      const alarm = { ...drafted.alarm, box: 'officer', reportId: 'by-phone' };
      await incidents.putIfAbsent({ ...drafted, ...closed, alarm, id: 'unrecorded', revision: 1 });
      await incidents.putIfAbsent({ ...drafted, ...closed, alarm: { ...alarm, toldBy: 'phone' }, revision: 1 });
      await day.minutes(20, ['sun']);
      expect(day.incidents().map(({ id }) => id)).toEqual(['unrecorded']);
      expect([...day.kept.records.kept.archived.keys()]).toHaveLength(1);
    }),
  );
});

describe('when SNS takes notices again', () => {
  it(
    'what is real goes out before tests and drills, and those before what is technical',
    scenario(
      '10:00:00',
      async (day) => {
        await day.register('sun');
        await day.beat('sun');
        day.kept.publisher.refuse();
        await day.alarm('sun', { kind: 'power' });
        await day.alarm('sun', { kind: 'test' });
        await day.alarm('sun', { kind: 'panic' });
        day.kept.publisher.recover();
        await day.minutes(1, ['sun']);
        const order = day.kept.publisher.published.map(({ about }) => about);
        expect(order).toEqual([...Array(5).fill('panic'), 'test', 'power']);
        day.expectTold(...day.kept.publisher.published.map(told));
      },
      { atOnce: 1 },
    ),
  );
});
