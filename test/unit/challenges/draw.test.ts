import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CameraHour, cameraHourKey, strata } from '../../../shared/domain/challenges/challenge.ts';
import { chancesNeeded, drawFrom, drawHours } from '../../../shared/domain/challenges/draw.ts';
import { usualPolicy } from '../../../shared/domain/challenges/policy.ts';
import { stratify, stratumOf } from '../../../shared/domain/challenges/strata.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';

const nowMs = Date.parse('2026-11-22T18:00:00Z');
const policy = usualPolicy(90);
const hourAt = (hourMs: number, camera = 'cam-1'): CameraHour => ({ camera, hourMs, stability: 'byte-stable' });
const stratumAt = (hourMs: number) => stratumOf(hourAt(hourMs), [], policy, nowMs);

describe('the stratum of a camera-hour', () => {
  it('is the oldest ten days, or the rest', () => {
    expect(stratumAt(nowMs - 80 * DAY_MS - 1)).toBe('oldest');
    expect(stratumAt(nowMs - 80 * DAY_MS)).toBe('rest');
    expect(stratumAt(nowMs - HOUR_MS)).toBe('rest');
  });

  it('is none where the footage may lawfully be gone before the answer is due', () => {
    expect(stratumAt(nowMs - 89 * DAY_MS)).toBe('oldest');
    expect(stratumAt(nowMs - 89 * DAY_MS - 1)).toBeUndefined();
  });

  it('is none while the hour still runs', () => {
    expect(stratumAt(nowMs - HOUR_MS + 1)).toBeUndefined();
  });

  it('is the incident’s, whatever its age, if the hour touches the incident’s time', () => {
    const hourMs = nowMs - 85 * DAY_MS;
    const during = (fromMs: number, toMs: number, camera?: string) =>
      stratumOf(hourAt(hourMs), [{ fromMs, toMs, ...(camera !== undefined && { camera }) }], policy, nowMs);
    expect(during(hourMs + HOUR_MS - 1, hourMs + 2 * HOUR_MS)).toBe('incident');
    expect(during(hourMs + HOUR_MS, hourMs + 2 * HOUR_MS)).toBe('oldest');
    expect(during(hourMs - HOUR_MS, hourMs + 1)).toBe('incident');
    expect(during(hourMs - HOUR_MS, hourMs)).toBe('oldest');
    expect(during(hourMs, hourMs + 1, 'cam-1')).toBe('incident');
    expect(during(hourMs, hourMs + 1, 'cam-2')).toBe('oldest');
  });
});

describe('a draw', () => {
  const hours = Array.from({ length: 89 * 24 }, (_, at) => hourAt(nowMs - (at + 1) * HOUR_MS));
  const incidents = [{ fromMs: nowMs - 20 * DAY_MS, toMs: nowMs - 20 * DAY_MS + 2 * HOUR_MS }];
  const drawn = (chances: readonly number[], spent: ReadonlySet<string> = new Set()) =>
    drawHours(hours, spent, incidents, policy, nowMs, chances);

  it('takes from each stratum as many as the policy says, each from its own', () => {
    const four = drawn([0, 0.5, 0.5, 0.999_999]);
    expect(four.map(({ stratum }) => stratum)).toEqual(['incident', 'oldest', 'oldest', 'rest']);
    for (const { stratum, hour } of four) expect(stratumOf(hour, incidents, policy, nowMs)).toBe(stratum);
  });

  it('is the same for the same chances, and never asks for an hour that was asked for before', () => {
    const chances = [0.1, 0.2, 0.3, 0.4];
    const first = drawn(chances);
    expect(drawn(chances)).toEqual(first);
    const spent = new Set(first.map(({ hour }) => cameraHourKey(hour)));
    const second = drawn(chances, spent);
    expect(second).toHaveLength(4);
    expect(second.filter(({ hour }) => spent.has(cameraHourKey(hour)))).toEqual([]);
  });

  it('draws no hour twice and takes all of a small stratum, for any chances', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 12, maxLength: 12 }), fc.nat(8), (chances, size) => {
        const small = Array.from({ length: size }, (_, at) => at);
        const got = drawFrom(
          { incident: small, oldest: [100], rest: [] },
          { incident: 6, oldest: 3, rest: 3 },
          chances,
        ).filter(({ stratum }) => stratum === 'incident');
        expect(new Set(got.map(({ hour }) => hour)).size).toBe(Math.min(size, 6));
      }),
      { numRuns: 200 },
    );
  });

  it('gives every hour of a stratum the same chance', () => {
    // All 20 × 19 ordered pairs of chances that pick two of twenty: each item is drawn equally often.
    const counts = new Map<number, number>();
    const items = Array.from({ length: 20 }, (_, at) => at);
    for (let first = 0; first < 20; first += 1) {
      for (let second = 0; second < 19; second += 1) {
        const chances = [(first + 0.5) / 20, (second + 0.5) / 19];
        const draws = { incident: 0, oldest: 2, rest: 0 };
        for (const { hour } of drawFrom({ incident: [], oldest: items, rest: [] }, draws, chances)) {
          counts.set(hour, (counts.get(hour) ?? 0) + 1);
        }
      }
    }
    expect([...counts.values()]).toEqual(items.map(() => 38));
  });

  it('is not made with too few chances or with what is no chance', () => {
    expect(chancesNeeded(policy.draws)).toBe(4);
    expect(() => drawn([0.1, 0.2, 0.3])).toThrow(RangeError);
    expect(() => drawn([0.1, 0.2, 0.3, 1])).toThrow(RangeError);
    expect(() => drawn([0.1, 0.2, 0.3, Number.NaN])).toThrow(RangeError);
  });

  it('keeps the places of its chances when a stratum is empty', () => {
    const onlyRest = { incident: [], oldest: [], rest: ['a', 'b', 'c', 'd'] };
    expect(drawFrom(onlyRest, policy.draws, [0.9, 0.9, 0.9, 0.3]).map(({ hour }) => hour)).toEqual(['b']);
    expect(Object.keys(stratify(hours, incidents, policy, nowMs)).toSorted()).toEqual([...strata].toSorted());
  });
});
