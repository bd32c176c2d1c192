import { expect, it } from 'vitest';
import { daysAsOf } from '../../../shared/use-cases/audit/local-days.ts';

const zone = 'Asia/Shanghai';
const atMs = Date.parse('2026-03-10T09:00:00+08:00');
const limits = { usual: 30, most: 92 };

it('days that are not named end with the last one that was over', () => {
  expect(daysAsOf({}, zone, atMs, limits)).toEqual(['2026-02-08', '2026-03-09']);
});

it('the day that goes on may be named, the next one not', () => {
  expect(daysAsOf({ from: '2026-03-10', to: '2026-03-10' }, zone, atMs, limits)).toEqual(['2026-03-10', '2026-03-10']);
  expect(() => daysAsOf({ to: '2026-03-11' }, zone, atMs, limits)).toThrow('cannot be answered');
});

it('no more days than the most, and none that end before they begin', () => {
  expect(daysAsOf({ from: '2025-12-08', to: '2026-03-09' }, zone, atMs, limits)).toEqual(['2025-12-08', '2026-03-09']);
  expect(() => daysAsOf({ from: '2025-12-07', to: '2026-03-09' }, zone, atMs, limits)).toThrow('cannot be answered');
  expect(() => daysAsOf({ from: '2026-03-10' }, zone, atMs, limits)).toThrow('cannot be answered');
});
