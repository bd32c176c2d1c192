import { describe, expect, it } from 'vitest';
import type { SweepLimits } from '../../functions/watch/dependencies.ts';
import { makeWatch } from '../../functions/watch/watch.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { closeByPerson } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { failAt, failing } from '../support/memory-stores.ts';
import { at, scenario, type Timeline, told } from '../support/timeline.ts';

/** Taizhou: twenty silences of a county within ten minutes. */
const AT_LEAST = 20;
const COUNTY = '321202';
const PARENT = `division-${COUNTY}`;
const OFFICER = 'https://login.example.com|officer-1';

const names = (count: number, of = 'n'): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${of}${String(n).padStart(5, '0')}`);

/** So many nurseries of one county that beat once, and never again. */
const silentAt = async (day: Timeline, ids: readonly string[]): Promise<void> => {
  for (const id of ids) await day.register(id);
  for (const id of ids) await day.beat(id);
};

const parents = (day: Timeline): readonly Incident[] => day.incidents().filter(({ rule }) => rule === 'storm');
const children = (day: Timeline): readonly Incident[] =>
  day.incidents().filter(({ rule }) => rule === 'monitoring-running');
const kinds = ({ steps }: Incident): readonly string[] => steps.map(({ kind }) => kind);
const stormLine = (kind: string, department = 'district_gov', county = COUNTY): string =>
  `division-${county}: ${department} ${kind} storm`;

const parent = (day: Timeline): Incident => {
  const [one, ...more] = parents(day);
  expect(more).toEqual([]);
  if (one === undefined) throw new Error('there is no storm');
  return one;
};

describe('10,000 nurseries of one city fall silent at once', () => {
  it(
    'a few parents are told, each child is on record, and a panic among them goes out before',
    scenario('10:00:00', async (day) => {
      const all = names(10_000);
      const counties = ['321202', '321203', '321204', '321281'];
      for (const [n, id] of all.entries()) await day.register(id, { division: `${counties[n % 4]}001` });
      for (const id of all) await day.beat(id);
      day.moveTo('10:03:00');
      await day.sweep();
      day.expectTold();
      expect(parents(day).map(({ facilityId, reason, stormFacts }) => ({ facilityId, reason, stormFacts }))).toEqual(
        counties.map((county) => ({
          facilityId: `division-${county}`,
          reason: 'nearly-all-silent',
          stormFacts: { children: 2_500, facilities: 2_500, worsensFrom: 2_500 },
        })),
      );
      const onRecord = children(day);
      expect(onRecord).toHaveLength(10_000);
      const said = onRecord.map((child) => {
        const { state, outbox, published, sinceMs, storm, division } = child;
        const isOfItsCounty =
          storm === `division-${division.slice(0, 6)}~storm~division.${division.slice(0, 6)}~${at('10:03:00')}`;
        return JSON.stringify([state, outbox, published, sinceMs, isOfItsCounty, kinds(child)]);
      });
      const asOne = ['open', [], [], at('10:03:00'), true, ['opened', 'joined-storm', 'no-notice']];
      expect([...new Set(said)]).toEqual([JSON.stringify(asOne)]);

      // A panic among them, which SNS refuses at first: it is owed when the storms are.
      day.moveTo('10:07:59');
      const { publisher } = day.kept;
      publisher.refuse(({ about }) => about === 'panic');
      await day.alarm(all[7] as string, { kind: 'panic' });
      publisher.recover();
      day.moveTo('10:08:04');
      await day.sweep();
      const lines = day.kept.publisher.published.map(told);
      const panics = lines.filter((one) => one.includes('panic'));
      expect(panics.length).toBeGreaterThan(3);
      expect(lines.findLastIndex((one) => one.includes('panic'))).toBeLessThan(
        lines.findIndex((one) => one.includes('storm')),
      );
      const notices = day.expectTold(
        ...panics,
        ...counties.map((county) => stormLine('opened', 'district_gov', county)),
      );
      const storm = notices.find(({ about }) => about === 'storm');
      expect(storm).toMatchObject({ topic: 'supervision', level: 'district', lane: 'technical' });
      expect(storm?.text).toContain('2500 of 2500 facilities silent');
      expect(storm?.text).toContain('the likely cause is this platform or the network, not the facilities');

      // All are back: those who were told hear so, and nobody hears of a child.
      day.moveTo('10:10:00');
      for (const id of all) await day.beat(id);
      await day.sweep();
      expect(parents(day).map(({ closeReason }) => closeReason)).toEqual(counties.map(() => 'storm-over'));
      expect(new Set(children(day).map(({ state }) => state))).toEqual(new Set(['closed']));
      day.expectTold(...counties.map((county) => stormLine('recovered', 'district_gov', county)));
    }),
    // Ten thousand of everything, in a process that may have half a processor.
    120_000,
  );
});

describe('a storm of one county', () => {
  it(
    'is none with one nursery fewer than the pack says; the boxes of one nursery count once',
    scenario('10:00:00', async (day) => {
      const few = names(AT_LEAST - 2);
      await silentAt(day, few);
      await day.register('big', {}, ['b1', 'b2', 'b3']);
      for (const box of ['b1', 'b2', 'b3']) await day.beat('big', {}, box);
      await day.minutes(7);
      expect(parents(day)).toEqual([]);
      await day.minutes(1);
      day.expectTold(...[...few, 'big', 'big', 'big'].map((id) => `${id}: facility opened monitoring-running`));
    }),
  );

  it(
    'is told with a count when many are silent and many are not, and climbs like any other incident',
    scenario('10:00:00', async (day) => {
      const well = names(AT_LEAST, 'w');
      await silentAt(day, names(AT_LEAST));
      await silentAt(day, well);
      await day.minutes(8, well);
      const [notice] = day.expectTold(stormLine('opened'));
      expect(parent(day)).toMatchObject({ reason: 'many-silent', stormFacts: { children: 20, facilities: 40 } });
      expect(notice?.text).toContain('行政区划321202；40家机构中20家失联');
      expect(notice?.text).not.toContain('most likely');
      expect(notice?.text).toContain('silent is not safe');
      await day.minutes(75, well);
      day.expectTold(...['health', 'police', 'emergency', 'fire'].map((one) => stormLine('climbed', one)));
    }),
  );

  it(
    'is told no later than a single silence would have been, though the twentieth came late',
    scenario('10:00:00', async (day) => {
      await silentAt(day, names(AT_LEAST - 1));
      await day.minutes(4);
      await silentAt(day, ['late']);
      await day.minutes(3);
      expect(parent(day)).toMatchObject({ sinceMs: at('10:03:00'), openedAtMs: at('10:07:00') });
      await day.minutes(1);
      day.expectTold(stormLine('opened'));
    }),
  );

  it(
    'leaves alone whoever was told already, and takes in whoever falls silent later; twice as many is worse',
    scenario('10:00:00', async (day) => {
      await silentAt(day, ['told']);
      await day.minutes(8);
      day.expectTold('told: facility opened monitoring-running');
      await silentAt(day, names(AT_LEAST));
      await day.minutes(8);
      day.expectTold(stormLine('opened'));
      await silentAt(day, names(AT_LEAST - 1, 'x'));
      await day.minutes(4);
      expect(parent(day).stormFacts).toMatchObject({ children: 39 });
      day.expectTold();
      await silentAt(day, ['y']);
      await day.minutes(4);
      const [worse] = day.expectTold(stormLine('worsened'), 'told: town climbed monitoring-running');
      expect(worse).toBeDefined();
      expect(parent(day).stormFacts).toEqual({ children: 40, facilities: 41, worsensFrom: 40 });
      expect(parent(day).reason).toBe('nearly-all-silent');
      expect(
        children(day)
          .filter(({ storm }) => storm === undefined)
          .map(({ facilityId }) => facilityId),
      ).toEqual(['told']);
    }),
  );

  it(
    'is over when fewer than half of it are left: those are told one by one, as if opened now',
    scenario('10:00:00', async (day) => {
      const all = names(AT_LEAST);
      await silentAt(day, all);
      await day.minutes(8);
      day.expectTold(stormLine('opened'));
      const half = AT_LEAST / 2;
      await day.minutes(1, all.slice(half));
      expect(parent(day)).toMatchObject({ state: 'open', stormFacts: { children: 10 } });
      await day.minutes(1, all.slice(half - 1));
      day.expectTold(stormLine('recovered'));
      expect(parent(day)).toMatchObject({ state: 'closed', closeReason: 'storm-over' });
      for (const left of children(day).filter(({ state }) => state === 'open')) {
        expect(left.storm).toBeUndefined();
        expect(kinds(left)).toEqual(['opened', 'joined-storm', 'no-notice', 'left-storm']);
      }
      await day.minutes(4, all.slice(half - 1));
      day.expectTold();
      await day.minutes(1, all.slice(half - 1));
      day.expectTold(...all.slice(0, half - 1).map((id) => `${id}: facility opened monitoring-running`));
      await day.minutes(15, all.slice(half - 1));
      day.expectTold(...all.slice(0, half - 1).map((id) => `${id}: town climbed monitoring-running`));
    }),
  );

  it(
    'that lasts a few minutes wakes nobody',
    scenario('10:00:00', async (day) => {
      const all = names(AT_LEAST);
      await silentAt(day, all);
      await day.minutes(6);
      await day.minutes(3, all);
      expect(parent(day)).toMatchObject({ state: 'closed', closeReason: 'storm-over', published: [] });
      await day.minutes(30, all);
      expect(day.incidents()).toEqual([]);
      expect([...day.kept.records.kept.archived.values()].filter(({ rule }) => rule === 'storm')).toHaveLength(1);
    }),
  );

  it(
    'that comes back within the flap time is the same one',
    scenario('10:00:00', async (day) => {
      const all = names(AT_LEAST);
      await silentAt(day, all);
      await day.minutes(8);
      await day.minutes(2, all);
      day.expectTold(stormLine('opened'), stormLine('recovered'));
      await day.minutes(4);
      const { id, turns, state } = parent(day);
      expect([id, turns, state]).toEqual([`${PARENT}~storm~division.${COUNTY}~${at('10:03:00')}`, 1, 'open']);
      await day.minutes(5);
      day.expectTold(stormLine('reopened'));
      for (const child of children(day)) expect(child.published).toEqual([]);
    }),
  );

  it(
    'that a person closes while it goes on is open again with the next sweep, and no child is told',
    scenario('10:00:00', async (day) => {
      await silentAt(day, names(AT_LEAST));
      await day.minutes(8);
      day.expectTold(stormLine('opened'));
      await changeIncident(day.kept, parent(day).id, (read) => closeByPerson(read, OFFICER, 'handled', day.nowMs));
      await day.minutes(1);
      expect(parent(day).steps.at(-1)).toMatchObject({ kind: 'reopened', reason: 'still-so-after-closing' });
      await day.minutes(10);
      day.expectTold(stormLine('reopened'));
    }),
  );
});

describe('a watch in trouble meets a storm', () => {
  /** Each look at the clock costs 20 ms, so that a sweep does a part of the work. */
  const slow = (day: Timeline, limits: Partial<SweepLimits>) => {
    let spentMs = 0;
    const clock = (): number => {
      spentMs += 20;
      return day.nowMs + spentMs;
    };
    return makeWatch(day.watching({ clock, limits }));
  };

  it(
    'stops by its budget in the middle: nobody is told one by one, and later sweeps finish it',
    scenario('10:00:00', async (day) => {
      const all = names(120);
      await silentAt(day, all);
      const sweep = slow(day, { budgetMs: 6_000, segments: 1, atOnce: 1 });
      const completed: boolean[] = [];
      day.moveTo('10:03:00');
      for (let minute = 0; minute < 40; minute += 1) {
        completed.push((await sweep()).completed);
        day.nowMs += 60_000;
      }
      expect(completed).toContain(false);
      expect(day.troubles).toEqual([]);
      const about = day.kept.publisher.published.map(told);
      expect(about.filter((one) => one.includes('monitoring-running'))).toEqual([]);
      expect(about[0]).toBe(stormLine('opened'));
      expect(new Set(about).size).toBe(about.length);
      expect(children(day).filter(({ storm }) => storm === undefined)).toEqual([]);
      expect(parent(day).stormFacts).toMatchObject({ children: 120 });
      day.expectTold(...about);
    }),
  );

  it(
    'stood still for hours: the storm is found and dated, and those who fell silent long before are told by themselves',
    scenario('06:00:00', async (day) => {
      await silentAt(day, ['alone']);
      day.moveTo('09:00:00');
      await silentAt(day, names(AT_LEAST));
      day.moveTo('14:00:00');
      await day.sweep();
      expect(parent(day)).toMatchObject({ sinceMs: at('09:03:00'), stormFacts: { children: 20 } });
      await day.minutes(5);
      day.expectTold(stormLine('opened'), 'alone: facility opened monitoring-running');
    }),
  );

  it(
    'has no time left to join what is due: it is held back all the same, and joined in what is left of the sweep',
    scenario('10:00:00', async (day) => {
      await silentAt(day, names(AT_LEAST));
      day.moveTo('10:03:00');
      const { incidents } = day.kept;
      const putIfAbsent = async (one: Incident): Promise<boolean> => {
        if (one.rule === 'storm') throw new Error('no parent today');
        return incidents.putIfAbsent(one);
      };
      await makeWatch(day.watching({ incidents: { ...incidents, putIfAbsent }, tell: () => undefined }))();
      expect(children(day).filter(({ storm }) => storm !== undefined)).toEqual([]);
      day.moveTo('10:08:00');
      const scan = async function* () {
        day.nowMs += 15_000;
        yield* incidents.scan();
      };
      await makeWatch(day.watching({ incidents: { ...incidents, scan } }))();
      expect(children(day).filter(({ storm }) => storm === undefined)).toEqual([]);
      await day.minutes(1);
      day.expectTold(stormLine('opened'));
    }),
  );

  it(
    'cannot open the parent: they are told one by one rather than not at all',
    scenario('10:00:00', async (day) => {
      const all = names(AT_LEAST);
      await silentAt(day, all);
      day.moveTo('10:03:00');
      const { incidents } = day.kept;
      const putIfAbsent = async (one: Incident): Promise<boolean> => {
        if (one.rule === 'storm') throw new Error('no parent today');
        return incidents.putIfAbsent(one);
      };
      const sweep = makeWatch(day.watching({ incidents: { ...incidents, putIfAbsent } }));
      await sweep();
      day.moveTo('10:08:00');
      await sweep();
      expect(day.troubles[0]).toBe(`storm-failed ${COUNTY}: no parent today`);
      day.expectTold(...all.map((id) => `${id}: facility opened monitoring-running`));
    }),
  );

  it(
    'is not shown the parent by its scan: no child leaves it',
    scenario('10:00:00', async (day) => {
      await silentAt(day, names(AT_LEAST));
      await day.minutes(3);
      const { incidents } = day.kept;
      const scan = async function* () {
        for await (const page of incidents.scan()) yield page.filter(({ rule }) => rule !== 'storm');
      };
      await makeWatch(day.watching({ incidents: { ...incidents, scan } }))();
      for (const child of children(day)) expect(kinds(child)).toEqual(['opened', 'joined-storm', 'no-notice']);
      await day.minutes(5);
      day.expectTold(stormLine('opened'));
    }),
  );

  it.each(['before', 'after'] as const)(
    'dies %s any write while a storm begins: the next sweeps make the same of it',
    async (when) => {
      // Twenty openings, the parent, twenty joins.
      const writes = 2 * AT_LEAST + 1;
      for (const nth of [1, AT_LEAST, AT_LEAST + 1, AT_LEAST + 2, writes - 5, writes]) {
        await scenario('10:00:00', async (day) => {
          await silentAt(day, names(AT_LEAST));
          day.moveTo('10:03:00');
          const plan = failAt({ at: nth, when, dies: true });
          await makeWatch(day.watching({ incidents: failing(day.kept.incidents, plan) }))();
          expect(plan.fired).toBe(true);
          day.troubles.length = 0;
          await day.minutes(6);
          day.expectTold(stormLine('opened'));
          expect(children(day).filter(({ storm }) => storm !== parent(day).id)).toEqual([]);
        })();
      }
    },
  );

  it.each(['before', 'after'] as const)(
    'dies %s any write while a storm ends: the next sweeps make the same of it',
    async (when) => {
      const all = names(AT_LEAST);
      const [left, back] = [all.slice(0, 9), all.slice(9)];
      for (const nth of [1, 6, 11, 12, 13, 16, 21]) {
        await scenario('10:00:00', async (day) => {
          await silentAt(day, all);
          await day.minutes(8);
          day.expectTold(stormLine('opened'));
          day.nowMs += 60_000;
          for (const id of back) await day.beat(id);
          const plan = failAt({ at: nth, when, dies: true });
          await makeWatch(day.watching({ incidents: failing(day.kept.incidents, plan) }))();
          expect(plan.fired).toBe(true);
          day.troubles.length = 0;
          await day.minutes(8, back);
          day.expectTold(stormLine('recovered'), ...left.map((id) => `${id}: facility opened monitoring-running`));
          expect(parent(day)).toMatchObject({ state: 'closed', closeReason: 'storm-over' });
        })();
      }
    },
  );
});

describe('a storm whose name is taken by one that is over and still owes a notice', () => {
  it(
    'cannot be opened: its silences are told one by one, rather than wait for it',
    scenario('10:00:00', async (day) => {
      await silentAt(day, names(AT_LEAST));
      day.moveTo('10:03:00');
      await day.sweep();
      const { id, outbox, ...rest } = parent(day);
      for (const one of day.incidents()) await day.kept.incidents.remove(one.id, one.revision);
      const closedAtMs = at('08:00:00');
      const owed = outbox.map((pending) => ({ ...pending, attempts: 1, dueAtMs: at('23:00:00') }));
      await day.kept.incidents.putIfAbsent({
        ...rest,
        id,
        outbox: owed,
        state: 'closed',
        closedAtMs,
        closeReason: 'storm-over',
      });
      day.moveTo('10:04:00');
      await day.minutes(10);
      day.expectTold(...names(AT_LEAST).map((id) => `${id}: facility opened monitoring-running`));
    }),
  );
});
