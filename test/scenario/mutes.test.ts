import { describe, expect, it } from 'vitest';
import { makeWatch } from '../../functions/watch/watch.ts';
import { type RuleName, ruleNames } from '../../shared/domain/verdict.ts';
import { registerMute } from '../../shared/domain/windows/mutes.ts';
import { endWindow, noWindows } from '../../shared/domain/windows/window-list.ts';
import type { FacilityWindows } from '../../shared/domain/windows/windows.ts';
import { failing } from '../support/memory-stores.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

const edit = async (day: Timeline, change: (windows: FacilityWindows) => FacilityWindows): Promise<void> => {
  const windows = (await day.kept.windows.read('sun')) ?? noWindows('sun');
  expect(await day.kept.windows.save({ ...change(windows), revision: windows.revision + 1 })).toBe(true);
};

const mute = (day: Timeline, to: string, rules: readonly RuleName[] = ruleNames): Promise<void> =>
  edit(day, (windows) => {
    const asked = { is: 'mute', by: 'li', allowedBy: 'li', reason: 'network-works' } as const;
    const interval = { fromMs: day.nowMs, toMs: at(to) };
    const edited = registerMute(windows, { ...asked, ...interval, id: 'works', rules, atMs: day.nowMs }, day.nowMs);
    if ('fault' in edited) throw new Error(edited.fault);
    return edited.windows;
  });

/** A nursery that beats until 10:00 and is silent from then on; it is found at 10:03. */
const silentFrom10 = async (day: Timeline): Promise<void> => {
  await day.register('sun');
  await day.beat('sun');
};

const noNotice = (day: Timeline): readonly string[] =>
  day
    .only()
    .steps.filter(({ kind }) => kind === 'no-notice')
    .map(({ reason }) => reason);

const FACILITY_TOLD = 'sun: facility opened monitoring-running';

describe('a muted rule', () => {
  it(
    'opens its incident as ever, tells nobody, climbs nowhere, and says so once; what is still so at its end is told then',
    scenario('10:00:00', async (day) => {
      await silentFrom10(day);
      await mute(day, '12:00:00');
      await day.minutes(119);
      expect(day.only()).toMatchObject({ state: 'open', sinceMs: at('10:03:00') });
      expect(noNotice(day)).toEqual(['muted works until 2026-03-02T04:00:00.000Z']);
      expect(day.only().ladder.filter(({ enteredAtMs }) => enteredAtMs !== undefined)).toHaveLength(1);
      day.expectTold();
      await day.minutes(1);
      day.expectTold(FACILITY_TOLD);
      // The ladder counts from there: the street office has its time as ever.
      await day.minutes(14);
      day.expectTold();
      await day.minutes(1);
      expect(day.kept.publisher.published.slice(1).every(({ level }) => level === 'town')).toBe(true);
      day.expectTold(
        ...day.kept.publisher.published
          .slice(1)
          .map((one) => `sun: ${one.recipient.department} climbed monitoring-running`),
      );
    }),
  );

  it(
    'that is met again before the mute ends is told to nobody',
    scenario('10:00:00', async (day) => {
      await silentFrom10(day);
      await mute(day, '12:00:00');
      await day.minutes(20);
      await day.beat('sun');
      await day.minutes(140, ['sun']);
      day.expectTold();
    }),
  );

  it(
    'is told within a quarter of an hour after the mute was ended early',
    scenario('10:00:00', async (day) => {
      await silentFrom10(day);
      await mute(day, '12:00:00');
      await day.minutes(30);
      day.expectTold();
      await edit(day, (windows) => endWindow(windows, 'works', day.nowMs, 'issuer|officer'));
      await day.minutes(15);
      expect(day.kept.publisher.published.map(({ recipient }) => recipient.department)).toContain('facility');
      day.expectTold(FACILITY_TOLD);
    }),
  );

  it(
    'is another one: what the mute does not name is told in its time',
    scenario('10:00:00', async (day) => {
      await silentFrom10(day);
      await mute(day, '12:00:00', ['area-covered']);
      await day.minutes(8);
      day.expectTold(FACILITY_TOLD);
    }),
  );

  it(
    'is told where nobody can read the mutes',
    scenario('10:00:00', async (day) => {
      await silentFrom10(day);
      await mute(day, '12:00:00');
      const windows = failing(day.kept.windows, { at: 1, when: 'before', reads: true, dies: true });
      const told: string[] = [];
      const watch = makeWatch(day.watching({ windows, tell: (what) => told.push(what) }));
      for (let minute = 0; minute < 8; minute += 1) {
        day.nowMs += 60_000;
        await watch();
      }
      expect(told).toContain('windows-unreadable');
      day.expectTold(FACILITY_TOLD);
    }),
  );

  it(
    'does not climb once it was told before the mute began',
    scenario('10:00:00', async (day) => {
      await silentFrom10(day);
      await day.minutes(8);
      day.expectTold(FACILITY_TOLD);
      await mute(day, '12:00:00');
      await day.minutes(111);
      day.expectTold();
      expect(noNotice(day)).toHaveLength(1);
      await day.minutes(1);
      const { published } = day.kept.publisher;
      expect(published.length).toBeGreaterThan(1);
      day.expectTold(...published.slice(1).map((one) => `sun: ${one.recipient.department} climbed monitoring-running`));
    }),
  );
});

describe('a mute of everything', () => {
  it(
    'holds back no alarm, of either lane',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await mute(day, '12:00:00');
      await day.alarm('sun', { kind: 'panic' });
      await day.alarm('sun', { kind: 'door-left-open' });
      const told = day.kept.publisher.published.map((one) => `sun: ${one.recipient.department} opened ${one.about}`);
      expect(told).toContain('sun: facility opened door-left-open');
      expect(told.filter((one) => one.endsWith('panic')).length).toBeGreaterThan(1);
      day.expectTold(...told);
      await day.minutes(2, ['sun']);
      const repeats = day.kept.publisher.published.slice(told.length);
      day.expectTold(...repeats.map((one) => `sun: ${one.recipient.department} climbed ${one.about}`));
      expect(
        day
          .incidents()
          .flatMap(({ steps }) => steps)
          .filter(({ kind }) => kind === 'no-notice'),
      ).toEqual([]);
    }),
  );
});
