import { describe, expect, it } from 'vitest';
import { type AreaCamera, areaDays, coverageHistory } from '../../../shared/domain/coverage-history.ts';
import { HOUR_MS } from '../../support/rows.ts';

const hour = (n: number): number => Date.parse('2026-03-01T16:00:00Z') + n * HOUR_MS;
const span = (from: number, to: number) => ({ fromMs: hour(from), toMs: hour(to) });
const asked = span(0, 24);
const aCamera = (
  id: string,
  shown: AreaCamera['shown'],
  missing: AreaCamera['missing'],
  [from, to]: readonly [number, number?] = [-100],
): AreaCamera => ({
  camera: {
    id,
    box: 'b1',
    areas: ['play'],
    installedAtMs: hour(from),
    ...(to !== undefined && { retiredAtMs: hour(to) }),
  },
  shown,
  missing,
});
const told = (cameras: readonly AreaCamera[]) =>
  coverageHistory(cameras, asked).map(({ fromMs, toMs, is, by }) => [
    (fromMs - hour(0)) / HOUR_MS,
    (toMs - hour(0)) / HOUR_MS,
    is,
    by.join('+'),
  ]);

describe('the coverage of an area', () => {
  it('is by any of its cameras, and uncovered only where all of them are known to miss', () => {
    const left = aCamera('left', [span(0, 10)], [span(10, 24)]);
    const right = aCamera('right', [span(8, 12)], [span(0, 8), span(14, 24)]);
    expect(told([left, right])).toEqual([
      [0, 8, 'covered', 'left'],
      [8, 10, 'covered', 'left+right'],
      [10, 12, 'covered', 'right'],
      [12, 14, 'unknown', ''],
      [14, 24, 'uncovered', ''],
    ]);
  });

  it('passes from a camera to the one that replaces it, and has none in between', () => {
    const all = [span(-1_000, 1_000)];
    expect(told([aCamera('old', all, [], [-100, 9]), aCamera('new', all, [], [10])])).toEqual([
      [0, 9, 'covered', 'old'],
      [9, 10, 'uncovered', ''],
      [10, 24, 'covered', 'new'],
    ]);
    expect(told([aCamera('old', all, [], [-100, 9]), aCamera('new', all, [], [9])])).toEqual([
      [0, 9, 'covered', 'old'],
      [9, 24, 'covered', 'new'],
    ]);
  });

  it('of an area without a camera is uncovered, and of one of which nobody spoke unknown', () => {
    expect(told([])).toEqual([[0, 24, 'uncovered', '']]);
    expect(told([aCamera('mute', [], [])])).toEqual([[0, 24, 'unknown', '']]);
  });

  it('is shown where a camera is said to show and to miss', () => {
    expect(told([aCamera('left', [span(0, 12)], [span(6, 24)])])).toEqual([
      [0, 12, 'covered', 'left'],
      [12, 24, 'uncovered', ''],
    ]);
  });

  it('is counted by local day to the millisecond, and not asked outside of what is asked', () => {
    const one = aCamera('left', [{ fromMs: hour(0) + 1, toMs: hour(20) }], [span(20, 24)]);
    expect(areaDays(coverageHistory([one], asked), ['2026-03-02', '2026-03-03'], 'Asia/Shanghai')).toEqual([
      { day: '2026-03-02', coveredMs: 20 * HOUR_MS - 1, uncoveredMs: 4 * HOUR_MS, unknownMs: 1 },
      { day: '2026-03-03', coveredMs: 0, uncoveredMs: 0, unknownMs: 0 },
    ]);
    expect(coverageHistory([one], { fromMs: 5, toMs: 5 })).toEqual([]);
  });
});
