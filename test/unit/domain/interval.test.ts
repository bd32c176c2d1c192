import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldByAll } from '../../../shared/domain/area-gaps.ts';
import { intersect, subtract, total, union } from '../../../shared/domain/interval.ts';
import type { Interval } from '../../../shared/domain/time.ts';

const MINUTES = 60;

const intervals = fc.array(
  fc.record({ fromMs: fc.integer({ min: 0, max: MINUTES }), toMs: fc.integer({ min: 0, max: MINUTES }) }),
  { maxLength: 8 },
);

/** The oracle: one flag per minute. */
const bitmap = (list: readonly Interval[]): readonly boolean[] =>
  Array.from({ length: MINUTES }, (_, minute) => list.some((one) => one.fromMs <= minute && minute < one.toMs));

const isTidy = (list: readonly Interval[]): boolean =>
  list.every((one, at) => one.fromMs < one.toMs && one.fromMs > (list[at - 1]?.toMs ?? -1));

describe('intervals are half-open, and agree with a bitmap of minutes', () => {
  it('when united', () => {
    fc.assert(
      fc.property(intervals, (a) => {
        expect(bitmap(union(a))).toEqual(bitmap(a));
        expect(isTidy(union(a))).toBe(true);
        expect(total(a)).toBe(bitmap(a).filter(Boolean).length);
      }),
    );
  });

  it('when intersected and subtracted', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const [inA, inB] = [bitmap(a), bitmap(b)];
        expect(bitmap(intersect(a, b))).toEqual(inA.map((flag, minute) => flag && inB[minute]));
        expect(bitmap(subtract(a, b))).toEqual(inA.map((flag, minute) => flag && !inB[minute]));
        expect(isTidy(intersect(a, b)) && isTidy(subtract(a, b))).toBe(true);
      }),
    );
  });

  it('when held by all of several lists', () => {
    fc.assert(
      fc.property(fc.array(intervals, { minLength: 1, maxLength: 4 }), (lists) => {
        const maps = lists.map(bitmap);
        expect(bitmap(heldByAll(lists))).toEqual(maps[0]?.map((_, minute) => maps.every((map) => map[minute])));
        expect(heldByAll(lists).every((one) => one.fromMs < one.toMs)).toBe(true);
      }),
    );
  });

  it('touch without overlapping', () => {
    const touching = [
      { fromMs: 0, toMs: 5 },
      { fromMs: 5, toMs: 9 },
    ];
    expect(union(touching)).toEqual([{ fromMs: 0, toMs: 9 }]);
    expect(intersect([{ fromMs: 0, toMs: 5 }], [{ fromMs: 5, toMs: 9 }])).toEqual([]);
  });

  it('may go on for ever', () => {
    const ongoing = [{ fromMs: 5, toMs: Number.POSITIVE_INFINITY }];
    expect(subtract(ongoing, [{ fromMs: 7, toMs: 9 }])).toEqual([
      { fromMs: 5, toMs: 7 },
      { fromMs: 9, toMs: Number.POSITIVE_INFINITY },
    ]);
    expect(heldByAll([ongoing, [{ fromMs: 6, toMs: Number.POSITIVE_INFINITY }]])).toEqual([
      { fromMs: 6, toMs: Number.POSITIVE_INFINITY },
    ]);
  });
});
