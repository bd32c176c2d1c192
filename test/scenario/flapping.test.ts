import { describe, expect, it } from 'vitest';
import { answer } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

const OFFICER = 'https://login.example.com|officer-1';

/** Down for so many minutes, as the box itself says, then well for as many. */
const flap = async (day: Timeline, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes * 2; minute += 1) {
    day.nowMs += 60_000;
    await day.beat('sun', { monitoring: minute < minutes ? 'no' : 'yes' });
    await day.sweep();
  }
};

const begin = async (day: Timeline): Promise<void> => {
  await day.register('sun');
  await day.beat('sun');
  await day.sweep();
};

describe('a box comes and goes', () => {
  it(
    'too briefly to be told each time: it is told at its third return, once, and recovered only after ten calm minutes',
    scenario('10:00:00', async (day) => {
      await begin(day);
      await flap(day, 2);
      await flap(day, 2);
      await flap(day, 2);
      day.expectTold();
      expect(day.only()).toMatchObject({ state: 'closed', turns: 2 });
      day.nowMs += 60_000;
      await day.beat('sun', { monitoring: 'no' });
      await day.sweep();
      day.expectTold('sun: facility reopened monitoring-running');
      expect(day.only().steps.findLast(({ kind }) => kind === 'reopened')?.reason).toBe('flapping');
      for (let turn = 0; turn < 3; turn += 1) await flap(day, 2);
      day.expectTold();
      // The last turn was over at 10:24; calm counts from there.
      expect(day.only()).toMatchObject({ state: 'closed', endedAtMs: at('10:24:00') });
      await day.minutes(8, ['sun']);
      day.expectTold();
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered monitoring-running');
      await day.minutes(30, ['sun']);
      expect([...day.kept.records.kept.archived.values()]).toMatchObject([{ turns: 5 }]);
    }),
  );

  it(
    'told while it lasts: who believes that it goes on hears nothing new, and unanswered it still climbs',
    scenario('10:00:00', async (day) => {
      await begin(day);
      await flap(day, 2);
      // Down for six minutes from 10:05: told at 10:10.
      await flap(day, 6);
      day.expectTold('sun: facility reopened monitoring-running');
      await flap(day, 3);
      await flap(day, 3);
      day.expectTold('sun: town climbed monitoring-running');
      const withheld = day.only().steps.filter(({ kind }) => kind === 'no-notice');
      expect(withheld.map(({ reason }) => reason)).toContain('believed-still: facility');
      await day.minutes(20, ['sun']);
      day.expectTold('sun: facility recovered monitoring-running', 'sun: town recovered monitoring-running');
    }),
  );

  it(
    'answered: the answer holds through the turns of which nobody heard, and runs out at its time',
    scenario('10:00:00', async (day) => {
      await begin(day);
      await flap(day, 2);
      await flap(day, 6);
      day.expectTold('sun: facility reopened monitoring-running');
      // Well since 10:11; down again at 10:17.
      await day.beat('sun', { monitoring: 'no' });
      await day.sweep();
      await changeIncident(day.kept, day.only().id, (read) => answer(read, OFFICER, day.nowMs));
      for (let turn = 0; turn < 9; turn += 1) {
        await flap(day, 5);
        expect(day.only().state).toBe('closed');
      }
      day.nowMs += 60_000;
      await day.beat('sun', { monitoring: 'no' });
      await day.sweep();
      expect(day.only()).toMatchObject({ state: 'answered', answeredBy: OFFICER });
      day.expectTold();
      await day.minutes(20, ['sun']);
      day.expectTold('sun: facility recovered monitoring-running');
    }),
  );
});
