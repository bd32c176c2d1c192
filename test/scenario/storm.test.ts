import { describe, expect, it } from 'vitest';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { closeByPerson } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { at, scenario, type Timeline, told } from '../support/timeline.ts';

const COUNTY = '321202';
const PARENT = `division-${COUNTY}`;
const name = (n: number): string => `n${String(n).padStart(5, '0')}`;
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => name(n));

const registerAll = async (day: Timeline, ids: readonly string[], over: Partial<Facility> = {}): Promise<void> => {
  for (const id of ids) await day.register(id, over);
};
const beatAll = async (day: Timeline, ids: readonly string[]): Promise<void> => {
  for (const id of ids) await day.beat(id);
};
const parents = (day: Timeline): readonly Incident[] => day.incidents().filter(({ rule }) => rule === 'storm');
const children = (day: Timeline): readonly Incident[] =>
  day.incidents().filter(({ rule }) => rule === 'monitoring-running');
const parent = (day: Timeline): Incident => {
  const [one, ...more] = parents(day);
  expect(more).toEqual([]);
  return one as Incident;
};
const reasons = ({ steps }: Incident): readonly string[] => steps.map(({ kind }) => kind);

describe('10,000 nurseries of one city fall silent at once', () => {
  it(
    'a few parents are told, each child is on record, and a panic among them goes out before',
    scenario('10:00:00', async (day) => {
      const all = names(10_000);
      const counties = ['321202', '321203', '321204', '321281'];
      for (const [n, id] of all.entries()) await day.register(id, { division: `${counties[n % 4]}001` });
      await beatAll(day, all);
      day.moveTo('10:03:00');
      await day.sweep();
      day.expectTold();
      expect(
        parents(day).map(({ facilityId, reason, stormFacts }) => [facilityId, reason, stormFacts?.children]),
      ).toEqual(counties.map((county) => [`division-${county}`, 'nearly-all-silent', 2_500]));
      for (const child of children(day)) {
        expect(child).toMatchObject({ state: 'open', outbox: [], published: [], sinceMs: at('10:03:00') });
        expect(child.storm).toBe(
          `division-${child.division.slice(0, 6)}~storm~division.${child.division.slice(0, 6)}~${at('10:03:00')}`,
        );
        expect(reasons(child)).toEqual(['opened', 'joined-storm', 'no-notice']);
      }
      expect(children(day)).toHaveLength(10_000);

      day.moveTo('10:07:59');
      await day.alarm(name(7), { kind: 'panic' });
      day.moveTo('10:08:00');
      await day.sweep();
      const lines = day.kept.publisher.published.map(told);
      const firstStorm = lines.findIndex((one) => one.includes('storm'));
      const panics = lines.filter((one) => one.includes('panic'));
      expect(panics.length).toBeGreaterThan(3);
      expect(lines.findLastIndex((one) => one.includes('panic'))).toBeLessThan(firstStorm);
      const panicked = panics.map((one) => one);
      const stormed = counties.flatMap((county) => [`division-${county}: district_gov opened storm`]);
      const notices = day.expectTold(...panicked, ...stormed, ...copies(day, counties));
      const storm = notices.find(({ about }) => about === 'storm');
      expect(storm?.text).toContain('2500');
      expect(storm?.text).toMatch(/the likely cause is this platform or the network/);

      // All are back: those who were told hear so, and nobody hears of a child.
      day.moveTo('10:20:00');
      await beatAll(day, all);
      await day.sweep();
      await day.sweep();
      expect(parents(day).map(({ state, closeReason }) => [state, closeReason])).toEqual(
        counties.map(() => ['closed', 'storm-over']),
      );
      expect(new Set(children(day).map(({ state }) => state))).toEqual(new Set(['closed']));
      const after = day.kept.publisher.published.slice(lines.length).map(told);
      expect(after.filter((one) => !/^division-\d+: \w+ recovered storm$/.test(one) && !one.includes('panic'))).toEqual(
        [],
      );
      day.expectTold(...after);
    }),
  );
});

/** Copies that the pack names beside the district. */
const copies = (day: Timeline, counties: readonly string[]): readonly string[] =>
  counties.flatMap((county) => {
    const one = parents(day).find(({ division }) => division === county);
    return (one?.ladder[0]?.recipients ?? [])
      .filter(({ duty }) => duty === 'copy')
      .map(({ department }) => `division-${county}: ${department} opened storm`);
  });
