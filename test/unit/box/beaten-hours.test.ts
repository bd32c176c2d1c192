import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBeatenHours } from '../../../box/beaten-hours.ts';
import { digestSchema } from '../../../shared/contracts/reports/digest.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const NINE = Date.parse('2026-03-02T09:00:00+08:00');

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'beaten-hours-'));
  path = join(directory, 'beaten.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the hours in which a box beat', () => {
  it('have a bit for each minute of an answered beat, minute 0 the highest, over a restart', () => {
    const before = openBeatenHours(path);
    before.made(NINE);
    before.answered([{ atMs: NINE + MINUTE - 1, seq: 7 }]);
    const after = openBeatenHours(path);
    after.answered([
      { atMs: NINE + 59 * MINUTE, seq: 66 },
      { atMs: NINE + MINUTE, seq: 8 },
    ]);
    const hour = { hourMs: NINE, minutes: 'c00000000000001', firstSeq: 7, lastSeq: 66 };
    expect(after.endedAt(NINE + HOUR)).toEqual([hour]);
    expect(after.endedAt(NINE + HOUR - 1)).toEqual([]);
    const wire = {
      id: '019cac2e-8b80-7a31-9c5e-0a1b2c3d4e65',
      time: '2026-03-02T02:01:00Z',
      hour: '2026-03-02T01:00:00Z',
    };
    const { hourMs: _, ...said } = hour;
    expect(digestSchema.safeParse({ ...wire, ...said }).error).toBeUndefined();
  });

  it('are told of when nobody answered, and not when no beat was made', () => {
    const hours = openBeatenHours(path);
    hours.made(NINE + 5);
    expect(hours.endedAt(NINE + 9 * HOUR)).toEqual([{ hourMs: NINE, minutes: '000000000000000' }]);
  });

  it('are forgotten once told; a late answer begins the hour anew', () => {
    const hours = openBeatenHours(path);
    for (const n of [2, 0, 1]) hours.answered([{ atMs: NINE + n * HOUR, seq: n }]);
    expect(hours.endedAt(NINE + 2 * HOUR).map(({ hourMs }) => hourMs)).toEqual([NINE, NINE + HOUR]);
    hours.forget(NINE);
    expect(
      openBeatenHours(path)
        .endedAt(NINE + 2 * HOUR)
        .map(({ hourMs }) => hourMs),
    ).toEqual([NINE + HOUR]);
    hours.answered([{ atMs: NINE + MINUTE, seq: 1 }]);
    expect(hours.endedAt(NINE + HOUR)).toEqual([{ hourMs: NINE, minutes: '400000000000000', firstSeq: 1, lastSeq: 1 }]);
  });

  it('begin anew behind a damaged file', () => {
    for (const damaged of ['[{"hourMs":', '', '{}', '[null]', `[{"hourMs":${NINE},"minutes":"0"}]`]) {
      writeFileSync(path, damaged);
      const hours = openBeatenHours(path);
      hours.answered([{ atMs: NINE, seq: 1 }]);
      expect(hours.endedAt(NINE + HOUR)).toMatchObject([{ hourMs: NINE, minutes: '800000000000000' }]);
    }
  });
});
