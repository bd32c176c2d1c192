import { describe, expect, it } from 'vitest';
import { answer, closeByPerson } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { at, scenario } from '../support/timeline.ts';

const OFFICER = 'https://login.example.com|officer-1';

describe('a nursery falls silent', () => {
  it(
    'its head is told once, then the town, the district, the acting departments of the city, then all hear that it is back',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(7);
      day.expectTold();
      expect(day.only()).toMatchObject({ sinceMs: at('10:03:00'), openedAtMs: at('10:03:00'), state: 'open' });
      await day.minutes(1);
      const [first] = day.expectTold('sun: facility opened monitoring-running');
      expect(first).toMatchObject({ topic: 'facility', level: 'facility', lane: 'technical' });
      await day.minutes(14);
      day.expectTold();
      await day.minutes(1);
      day.expectTold('sun: town climbed monitoring-running');
      await day.minutes(29);
      day.expectTold();
      await day.minutes(1);
      day.expectTold('sun: district_gov climbed monitoring-running');
      await day.minutes(74);
      day.expectTold();
      await day.minutes(1);
      day.expectTold(
        'sun: health climbed monitoring-running',
        'sun: police climbed monitoring-running',
        'sun: emergency climbed monitoring-running',
        'sun: fire climbed monitoring-running',
      );
      await day.minutes(1, ['sun']);
      day.expectTold(
        'sun: facility recovered monitoring-running',
        'sun: town recovered monitoring-running',
        'sun: district_gov recovered monitoring-running',
        'sun: health recovered monitoring-running',
        'sun: police recovered monitoring-running',
        'sun: emergency recovered monitoring-running',
        'sun: fire recovered monitoring-running',
      );
      expect(day.only()).toMatchObject({ state: 'closed', closeReason: 'met-again', endedAtMs: at('12:09:00') });
      await day.minutes(20, ['sun']);
      expect(day.incidents()).toEqual([]);
      expect(day.kept.records.kept.archived.size).toBe(1);
    }),
  );

  it(
    'is met one second before the limit, breached at it',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      day.moveTo('10:02:59');
      await day.sweep();
      expect(day.incidents()).toEqual([]);
      day.moveTo('10:03:00');
      await day.sweep();
      expect(day.only().sinceMs).toBe(at('10:03:00'));
    }),
  );

  it(
    'back before it was told: nobody is told anything, and the timeline says why',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(5);
      await day.minutes(1, ['sun']);
      const incident = day.only();
      expect(incident).toMatchObject({ state: 'closed', endedAtMs: at('10:06:00'), outbox: [] });
      expect(incident.steps.find(({ kind }) => kind === 'no-notice')?.reason).toBe(
        'ended-before-told: opened:facility',
      );
    }),
  );

  it(
    'answered by a person: it climbs no further, and the one who was told hears of the recovery',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(8);
      day.expectTold('sun: facility opened monitoring-running');
      await changeIncident(day.kept, day.only().id, (read) => answer(read, OFFICER, day.nowMs));
      await day.minutes(119);
      day.expectTold();
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered monitoring-running');
    }),
  );

  it(
    'closed by a person while it is still silent: the next sweep opens it again and says so',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(8);
      day.expectTold('sun: facility opened monitoring-running');
      const { id } = day.only();
      await changeIncident(day.kept, id, (read) => closeByPerson(read, OFFICER, 'handled', day.nowMs));
      await day.minutes(1);
      expect(day.only()).toMatchObject({ id, state: 'open' });
      expect(day.only().steps.at(-1)).toMatchObject({ kind: 'reopened', reason: 'still-so-after-closing' });
      await day.minutes(5);
      day.expectTold('sun: facility reopened monitoring-running');
    }),
  );

  it(
    'silent again within the flap time: the same incident, reopened; told again only when it lasts',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(8);
      day.expectTold('sun: facility opened monitoring-running');
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered monitoring-running');
      await day.minutes(3);
      expect(day.only()).toMatchObject({ state: 'open', sinceMs: at('10:03:00') });
      await day.minutes(1, ['sun']);
      expect(day.only()).toMatchObject({ state: 'closed', endedAtMs: at('10:13:00') });
      day.expectTold();
      await day.minutes(8);
      day.expectTold('sun: facility reopened monitoring-running');
      await day.minutes(10, ['sun']);
      day.expectTold();
      await day.minutes(1, ['sun']);
      const [again] = day.expectTold('sun: facility recovered monitoring-running');
      expect(again?.id).toMatch(/\/recovered\/2$/);
      await day.minutes(30, ['sun']);
      expect([...day.kept.records.kept.archived.keys()]).toHaveLength(1);
    }),
  );

  it(
    'silent again after the flap time: another incident',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(4);
      await day.minutes(9, ['sun']);
      await day.minutes(4);
      expect(day.incidents().map(({ sinceMs, state }) => [sinceMs, state])).toEqual([
        [at('10:03:00'), 'closed'],
        [at('10:16:00'), 'open'],
      ]);
    }),
  );

  it(
    'a beat that was held back an hour is accepted, and closes nothing',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(8);
      day.expectTold('sun: facility opened monitoring-running');
      const outcome = await day.beat('sun', { ageMs: 3_600_000 });
      expect(outcome).toMatchObject({ result: 'accepted', late: true });
      await day.minutes(1);
      expect(day.only().state).toBe('open');
    }),
  );

  it.each([
    ['by the minute', true],
    ['once it is back', false],
  ])('already when it is put into service: dated from then on, found %s', (_, isSwept) =>
    scenario('10:00:00', async (day) => {
      const facility = await day.register('sun', { state: { is: 'commissioning' } });
      await day.beat('sun');
      await day.sweep();
      day.moveTo('11:00:00');
      await day.edit(facility, { state: { is: 'in-service', sinceMs: day.nowMs } });
      if (isSwept) await day.minutes(1);
      if (isSwept) expect(day.only()).toMatchObject({ sinceMs: at('11:00:00'), state: 'open' });
      day.moveTo('11:02:00');
      await day.beat('sun');
      await day.sweep();
      expect(day.only()).toMatchObject({ sinceMs: at('11:00:00'), endedAtMs: at('11:02:00'), state: 'closed' });
    })(),
  );

  it(
    'its line was cut and it kept beating: what it queued comes first, closes nothing, and is told as shown late',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.sweep();
      day.moveTo('10:30:00');
      for (let minutesAgo = 29; minutesAgo >= 1; minutesAgo -= 1) {
        expect(await day.beat('sun', { ageMs: minutesAgo * 60_000 })).toMatchObject({ late: true });
      }
      expect([...day.kept.records.kept.gaps.values()]).toEqual([]);
      await day.beat('sun');
      await day.sweep();
      expect([...day.kept.records.kept.gaps.values()]).toMatchObject([
        { reason: 'no-beat', fromMs: at('10:00:00'), toMs: at('10:30:00'), shownLate: 29 },
      ]);
      expect(day.only()).toMatchObject({ sinceMs: at('10:03:00'), state: 'closed' });
      day.moveTo('11:00:00');
      await day.beat('sun');
      expect([...day.kept.records.kept.gaps.values()][1]?.shownLate).toBeUndefined();
    }),
  );

  it(
    'back, but not knowing whether it monitors: not knowing closes nothing',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(8);
      day.expectTold('sun: facility opened monitoring-running');
      for (let minute = 0; minute < 5; minute += 1) {
        day.nowMs += 60_000;
        await day.beat('sun', { monitoring: 'unknown' });
        await day.sweep();
      }
      expect(day.only()).toMatchObject({ state: 'open', sinceMs: at('10:03:00') });
      await day.minutes(1, ['sun']);
      day.expectTold('sun: facility recovered monitoring-running');
    }),
  );

  it(
    'silent and back without knowing before any sweep: its incident is open, as a sweep in between would have left it',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.sweep();
      day.moveTo('10:06:00');
      await day.beat('sun', { monitoring: 'unknown' });
      await day.sweep();
      expect(day.only()).toMatchObject({ state: 'open', sinceMs: at('10:03:00'), finding: 'breached' });
    }),
  );
});
