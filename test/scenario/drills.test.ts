import { describe, expect, it } from 'vitest';
import { makeReceiveAlarm } from '../../functions/receive-alarms/receive-alarms.ts';
import type { Notice } from '../../shared/domain/notices/notice.ts';
import { registerDrill } from '../../shared/domain/windows/drills.ts';
import { noWindows } from '../../shared/domain/windows/window-list.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { failing } from '../support/memory-stores.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

/** An officer announces a drill, as the desk does. */
const announce = async (day: Timeline, from: string, to: string): Promise<void> => {
  const windows = (await day.kept.windows.read('sun')) ?? noWindows('sun');
  const drill = {
    id: day.id(),
    fromMs: at(from),
    toMs: at(to),
    by: 'https://id.example|wang',
    registeredAtMs: day.nowMs,
    reason: 'fire-drill',
  };
  const edited = registerDrill(windows, drill, day.nowMs);
  if ('fault' in edited) throw new Error(edited.fault);
  expect(await day.kept.windows.save({ ...edited.windows, revision: windows.revision + 1 })).toBe(true);
};

/** Everything that was told is one notice to each department about its opening. */
const expectOpened = (day: Timeline, about: string): readonly Notice[] =>
  day.expectTold(...heardBy(about).map((department) => `sun: ${department} opened ${about}`));
const departments = ['health', 'police', 'emergency', 'fire', 'facility'];
/** Fire goes in copy to the district as well. */
const heardBy = (about: string): readonly string[] =>
  about === 'fire' ? [...departments, 'district_gov'] : departments;

const UNREGISTERED = '【设备标记为测试/演练，未登记】';

describe('a registered drill', () => {
  it(
    'goes the whole way of a real alarm, and says on every hop that it is one',
    scenario('09:00:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:00:00', '11:00:00');
      day.moveTo('10:05:00');
      await day.alarm('sun', { kind: 'fire', drill: true });
      expect(day.only()).toMatchObject({ drill: { toMs: at('11:00:00') }, lane: 'life-safety', state: 'open' });
      for (const notice of expectOpened(day, 'fire')) {
        expect(notice.drill).toBe(true);
        expect(notice.data).toMatchObject({ alarm: { drillFlag: true, drillRegistered: true } });
        expect(notice.text.startsWith('【演练】')).toBe(true);
        expect(notice.shortText.startsWith('【演练】')).toBe(true);
        expect(notice.shortText).toContain('勿拨打');
        expect(notice.text).not.toContain('立即拨打');
        expect(notice.subjectLine).toContain('DRILL');
      }
      await day.alarm('sun', { kind: 'fire' });
      for (const notice of expectOpened(day, 'fire')) expect(notice.drill).toBe(false);
    }),
  );

  it(
    'has a real panic inside it: that goes out as real, at once, to everybody',
    scenario('09:00:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:00:00', '11:00:00');
      day.moveTo('10:05:00');
      await day.alarm('sun', { kind: 'fire', drill: true });
      expectOpened(day, 'fire');
      day.moveTo('10:05:01');
      await day.alarm('sun', { kind: 'panic' });
      for (const notice of expectOpened(day, 'panic')) {
        expect(notice).toMatchObject({ drill: false, about: 'panic', lane: 'life-safety' });
        expect(notice.text).not.toContain('演练');
      }
      expect(day.incidents().map(({ drill, reason }) => [reason, drill !== undefined])).toEqual([
        ['fire', true],
        ['panic', false],
      ]);
    }),
  );
});

describe('a flag of the box', () => {
  /** Rings with the flag and expects that everybody hears of it as real, and how it is marked. */
  const isReal = async (day: Timeline, over: { ageMs?: number; timeMs?: number } = {}): Promise<void> => {
    await day.alarm('sun', { kind: 'fire', drill: true, ...over });
    expect(day.only().drill).toBeUndefined();
    expect(day.only().alarm?.drillFlag).toBe(true);
    for (const notice of expectOpened(day, 'fire')) {
      expect(notice.drill).toBe(false);
      expect(notice.text).toContain(UNREGISTERED);
      expect(notice.data).toMatchObject({ alarm: { drillFlag: true, drillRegistered: false } });
    }
  };

  it(
    'without a window is real, and marked',
    scenario('10:05:00', async (day) => {
      await day.register('sun');
      await isReal(day);
    }),
  );

  it(
    'is real where the window was registered after the fact',
    scenario('10:05:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:05:00', '11:00:00');
      day.moveTo('10:10:00');
      await isReal(day, { ageMs: 5 * 60_000 + 1 });
    }),
  );

  it(
    'is real where nobody knows how old the alarm is',
    scenario('09:00:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:00:00', '11:00:00');
      day.moveTo('10:05:00');
      const report = {
        id: day.id(),
        timeMs: day.nowMs + 3_600_000,
        kind: 'fire',
        confirmed: 'unknown',
        drill: true,
      } as const;
      await makeReceiveAlarm({ ...day.kept, packFor, clock: day.clock })(day.sender('sun'), report, 'digest');
      expect(day.only().alarm?.ageMs).toBe('unknown');
      expect(day.only().drill).toBeUndefined();
      expectOpened(day, 'fire');
    }),
  );

  it(
    'is real where the windows cannot be read: nothing waits for them',
    scenario('09:00:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:00:00', '11:00:00');
      day.moveTo('10:05:00');
      const windows = failing(day.kept.windows, { at: 1, when: 'before', reads: true });
      await day.alarm('sun', { kind: 'fire', drill: true }, { windows });
      expect(day.only().drill).toBeUndefined();
      for (const notice of expectOpened(day, 'fire')) expect(notice.text).toContain(UNREGISTERED);
    }),
  );
});

describe('an alarm without the flag', () => {
  it(
    'never asks about windows: nothing is read that could hold it up',
    scenario('09:00:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:00:00', '11:00:00');
      day.moveTo('10:05:00');
      const windows = failing(day.kept.windows, { at: 1, when: 'before', reads: true, dies: true });
      await day.alarm('sun', { kind: 'panic' }, { windows });
      expect(day.only().drill).toBeUndefined();
      expectOpened(day, 'panic');
    }),
  );

  it(
    'of a store-and-forward box is judged at the instant it occurred: inside the drill though it comes after',
    scenario('09:00:00', async (day) => {
      await day.register('sun');
      await announce(day, '10:00:00', '11:00:00');
      day.moveTo('11:30:00');
      await day.alarm('sun', { kind: 'fire', drill: true, ageMs: 45 * 60_000 });
      expect(day.only().drill?.toMs).toBe(at('11:00:00'));
      for (const notice of expectOpened(day, 'fire')) {
        expect(notice.drill).toBe(true);
      }
    }),
  );
});
