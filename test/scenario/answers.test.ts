import { describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Decision } from '../../shared/domain/incidents/decision.ts';
import { type AnsweringAs, answer, passOn } from '../../shared/domain/incidents/people.ts';
import { markUnreachable } from '../../shared/domain/incidents/unreachable.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

const OFFICER = 'https://login.example.com|officer-1';
const HEAD = 'https://login.example.com|head-1';

const ACTING = ['health', 'police', 'emergency', 'fire'];
const acting = (kind: string, about: string) => ACTING.map((department) => `sun: ${department} ${kind} ${about}`);

const doing = (day: Timeline, decide: (read: Incident) => Decision) => changeIncident(day.kept, day.only().id, decide);

const answers = (day: Timeline, by: string, as?: AnsweringAs) => doing(day, (read) => answer(read, by, day.nowMs, as));

/** Silent from 10:03; its head is told at 10:08. */
const silentUntilTold = async (day: Timeline): Promise<void> => {
  await day.register('sun');
  await day.beat('sun');
  await day.minutes(8);
  day.expectTold('sun: facility opened monitoring-running');
};

const pressed = async (day: Timeline): Promise<void> => {
  await day.register('sun');
  await day.beat('sun');
  await day.alarm('sun');
  day.expectTold(...acting('opened', 'panic'), 'sun: facility opened panic');
};

describe('nobody answers that a nursery is silent', () => {
  it(
    'facility 10:08, street 10:23, district 10:53, city 12:08, and not a minute earlier',
    scenario('10:00:00', async (day) => {
      await silentUntilTold(day);
      const told: [string, string][] = [];
      for (let minute = 0; minute < 180; minute += 1) {
        const before = day.kept.publisher.published.length;
        await day.minutes(1);
        const time = new Date(day.nowMs + 8 * 3_600_000).toISOString().slice(11, 16);
        for (const { level } of day.kept.publisher.published.slice(before)) told.push([time, level]);
      }
      expect(told).toEqual([['10:23', 'town'], ['10:53', 'district'], ...ACTING.map(() => ['12:08', 'city'])]);
      day.expectTold(
        'sun: town climbed monitoring-running',
        'sun: district_gov climbed monitoring-running',
        ...acting('climbed', 'monitoring-running'),
      );
      expect(day.only().ladder.map(({ enteredAtMs }) => enteredAtMs)).toEqual([
        at('10:03:00'),
        at('10:23:00'),
        at('10:53:00'),
        at('12:08:00'),
      ]);
    }),
  );
});

describe('an answer that nothing followed', () => {
  it(
    'of a silent nursery runs out after two hours: its head hears so, and the street fifteen minutes later',
    scenario('10:00:00', async (day) => {
      await silentUntilTold(day);
      await day.minutes(2);
      await answers(day, HEAD, 'facility');
      expect(day.only()).toMatchObject({ state: 'answered', answeredBy: HEAD, answerUntilMs: at('12:10:00') });
      await day.minutes(119);
      day.expectTold();
      await day.minutes(1);
      const [expired] = day.expectTold('sun: facility expired monitoring-running');
      expect(expired?.data.answerBy).toBe(new Date(at('12:25:00')).toISOString());
      expect(day.only().state).toBe('open');
      expect(day.only().answeredBy).toBeUndefined();
      expect(day.only().steps.find(({ kind }) => kind === 'answered')?.by).toBe(HEAD);
      await day.minutes(14);
      day.expectTold();
      await day.minutes(1);
      day.expectTold('sun: town climbed monitoring-running');
      await day.minutes(30);
      day.expectTold('sun: district_gov climbed monitoring-running');
    }),
  );

  it(
    'holds as long as the same person says so, and runs out two hours after the last time',
    scenario('10:00:00', async (day) => {
      await silentUntilTold(day);
      await answers(day, OFFICER);
      await day.minutes(110);
      await answers(day, OFFICER);
      expect(day.only()).toMatchObject({ answeredAtMs: at('10:08:00'), answerUntilMs: at('13:58:00') });
      await day.minutes(119);
      day.expectTold();
      await day.minutes(1);
      day.expectTold('sun: facility expired monitoring-running');
    }),
  );

  it(
    'of a panic: each acting department hears so, and again every five minutes, three times',
    scenario('10:00:00', async (day) => {
      await pressed(day);
      await answers(day, OFFICER);
      await day.minutes(119, ['sun']);
      day.expectTold();
      await day.minutes(1, ['sun']);
      day.expectTold(...acting('expired', 'panic'));
      for (let repeat = 1; repeat <= 3; repeat += 1) {
        await day.minutes(4, ['sun']);
        day.expectTold();
        await day.minutes(1, ['sun']);
        day.expectTold(...acting('climbed', 'panic'));
      }
      await day.minutes(30, ['sun']);
      expect(day.only().state).toBe('open');
    }),
  );

  it(
    'given when every repeat was used: it runs out, and there is one repeat more',
    scenario('10:00:00', async (day) => {
      await pressed(day);
      await day.minutes(15, ['sun']);
      day.expectTold(...acting('climbed', 'panic'), ...acting('climbed', 'panic'), ...acting('climbed', 'panic'));
      await answers(day, OFFICER);
      await day.minutes(120, ['sun']);
      day.expectTold(...acting('expired', 'panic'));
      await day.minutes(5, ['sun']);
      const again = day.expectTold(...acting('climbed', 'panic'));
      expect(new Set(day.kept.publisher.published.map(({ id }) => id)).size).toBe(5 + 4 * 5);
      expect(again.every(({ id }) => id.includes('/4/'))).toBe(true);
      await day.minutes(60, ['sun']);
    }),
  );
});

describe('the head of a nursery answers a panic', () => {
  it(
    'it is noted, and the departments are told again as if nobody had',
    scenario('10:00:00', async (day) => {
      await pressed(day);
      await answers(day, HEAD, 'facility');
      expect(day.only()).toMatchObject({ state: 'open' });
      expect(day.only().steps.at(-1)).toMatchObject({ kind: 'seen', by: HEAD });
      await day.minutes(5, ['sun']);
      day.expectTold(...acting('climbed', 'panic'));
      await answers(day, OFFICER);
      await day.minutes(60, ['sun']);
      expect(day.only()).toMatchObject({ state: 'answered', answeredBy: OFFICER });
    }),
  );
});

describe('somebody who was told cannot see to it', () => {
  it(
    'the next level hears of it within the minute, the one above at its time',
    scenario('10:00:00', async (day) => {
      await silentUntilTold(day);
      await doing(day, (read) => passOn(read, HEAD, day.nowMs, 0));
      await day.minutes(1);
      day.expectTold('sun: town climbed monitoring-running');
      await day.minutes(43);
      day.expectTold();
      await day.minutes(1);
      day.expectTold('sun: district_gov climbed monitoring-running');
    }),
  );

  it(
    'of a panic the acting departments are told again within the minute',
    scenario('10:00:00', async (day) => {
      await pressed(day);
      await doing(day, (read) => passOn(read, OFFICER, day.nowMs, 0));
      await day.minutes(1, ['sun']);
      day.expectTold(...acting('climbed', 'panic'));
    }),
  );
});

describe('nobody can be reached', () => {
  it(
    'of those who were told, each time: it climbs a level a minute up to the city',
    scenario('10:00:00', async (day) => {
      await silentUntilTold(day);
      const unreachable = (department: string) => doing(day, (read) => markUnreachable(read, department, day.nowMs));
      await unreachable('facility');
      await day.minutes(1);
      day.expectTold('sun: town climbed monitoring-running');
      await unreachable('town');
      await unreachable('town');
      await day.minutes(1);
      day.expectTold('sun: district_gov climbed monitoring-running');
      await unreachable('district_gov');
      await day.minutes(1);
      day.expectTold(...acting('climbed', 'monitoring-running'));
      expect(day.only().unreachable).toEqual(['facility', 'town', 'district_gov']);
      await day.minutes(60);
    }),
  );
});
