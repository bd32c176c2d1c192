import { describe, expect, test } from 'vitest';
import { DEMO_DIVISIONS, facilityBodyOf, LONELY_AREA, nurseries } from '../../../box/fleet/nurseries.ts';
import { daysOfScript, localMinute, noonDeadlineMs } from '../../../box/fleet/script.ts';
import { facilityBody } from '../../../shared/contracts/registry.ts';
import { isWithin } from '../../../shared/domain/facility.ts';
import { DAY_MS } from '../../../shared/domain/time.ts';
import { packs } from '../../../shared/rule-packs/index.ts';

const nowMs = Date.parse('2026-11-21T02:10:20Z');

describe('the demo fleet', () => {
  test.each(nurseries)('files $id as the registry takes it, under the demonstration of its place', (nursery) => {
    const body = facilityBodyOf(nursery, '12:00', nowMs);
    expect(facilityBody.safeParse({ ...body, version: 0 })).toMatchObject({ success: true });
    expect(DEMO_DIVISIONS.filter((division) => isWithin(body.division, division))).toHaveLength(1);
    const demo = packs.find(({ name }) => name === body.pack);
    expect(demo?.byNameOnly).toBe(true);
    expect(isWithin(body.division, demo?.division ?? 'none')).toBe(true);
  });

  test('lies in five places', () => {
    const lying = (division: string) => nurseries.some((nursery) => isWithin(nursery.division, division));
    expect(DEMO_DIVISIONS.filter(lying)).toHaveLength(5);
  });

  test('are sixteen, each with a name of its own, and one nursery for each thing to see', () => {
    expect(nurseries).toHaveLength(16);
    expect(new Set(nurseries.map((nursery) => nursery.id)).size).toBe(16);
    const parts = nurseries.map((nursery) => nursery.part).filter((part) => part !== 'ordinary');
    expect(new Set(parts).size).toBe(parts.length);
    expect(parts).toHaveLength(12);
  });

  test('has an area that only one camera sees', () => {
    for (const nursery of nurseries) {
      const { cameras } = facilityBodyOf(nursery, '12:00', nowMs);
      expect(cameras.filter((camera) => camera.areas.includes(LONELY_AREA))).toHaveLength(1);
    }
  });

  test('owes 90 days of film for every camera but the one that is 20 days old', () => {
    const young = nurseries.flatMap((nursery) =>
      facilityBodyOf(nursery, '12:00', nowMs)
        .cameras.filter((camera) => nowMs - Date.parse(camera.installedAt) < 120 * DAY_MS)
        .map((camera) => `${nursery.id}/${camera.id}`),
    );
    expect(young).toEqual(['cloud/cam-nap']);
  });

  test('has its noon deadline one to two minutes ahead, on a whole local minute', () => {
    expect(localMinute(nowMs)).toBe('10:10');
    expect(localMinute(noonDeadlineMs(nowMs))).toBe('10:12');
    for (let offMs = 0; offMs < 60_000; offMs += 7_000) {
      const aheadMs = noonDeadlineMs(nowMs + offMs) - (nowMs + offMs);
      expect(aheadMs).toBeGreaterThanOrEqual(60_000);
      expect(aheadMs).toBeLessThan(120_000);
    }
  });

  test('logs tomorrow’s checks, too, when the deadline falls past local midnight', () => {
    const lateMs = Date.parse('2026-11-21T15:59:10Z');
    expect(daysOfScript(nowMs, noonDeadlineMs(nowMs))).toEqual(['2026-11-21']);
    expect(daysOfScript(lateMs, noonDeadlineMs(lateMs))).toEqual(['2026-11-21', '2026-11-22']);
  });
});
