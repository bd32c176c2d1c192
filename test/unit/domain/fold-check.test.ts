import { describe, expect, it } from 'vitest';
import { foldCheck } from '../../../shared/domain/fold-check.ts';
import { aCheck, aFacility, aFacilityRow, beijing, DAY_MS, floor } from '../../support/rows.ts';

const friday = { bees: { morning: { day: '2026-02-27', atMs: 1 }, noon: { day: '2026-02-27', atMs: 2 } } };
const row = aFacilityRow({ checks: friday });
const deadline = beijing('2026-03-02 09:30');
const fold = (day: string, receivedMs: number, of = row) =>
  foldCheck(of, aCheck('c1', day), receivedMs, aFacility(), floor);

describe('a check is folded into the facility’s vitals', () => {
  it('in time: its day, when it came, and nothing was missed', () => {
    expect(fold('2026-03-02', deadline - 1)).toEqual({
      checks: { bees: { morning: { day: '2026-03-02', atMs: deadline - 1 }, noon: { day: '2026-02-27', atMs: 2 } } },
      judgeFromMs: deadline - 1,
    });
  });

  it('late: with the gap from its deadline on, so that a sweep that did not run finds it', () => {
    expect(fold('2026-03-02', deadline + 1)).toMatchObject({
      gap: {
        rule: 'morning-check',
        subject: 'class/bees',
        fromMs: deadline,
        toMs: deadline + 1,
        breachedAtMs: deadline,
      },
      judgeFromMs: deadline,
    });
  });

  it('of Monday on Tuesday: Monday’s gap ends though Tuesday is owed as well', () => {
    const change = fold('2026-03-02', deadline + DAY_MS + 1);
    expect(change?.gap).toMatchObject({ fromMs: deadline, toMs: deadline + DAY_MS + 1 });
  });

  it('not again, and not for an older day', () => {
    const folded = aFacilityRow({ checks: fold('2026-03-02', deadline - 1)?.checks ?? {} });
    expect(fold('2026-03-02', deadline, folded)).toBeUndefined();
    expect(fold('2026-02-27', deadline, folded)).toBeUndefined();
  });

  it('forgets classes that the facility no longer has', () => {
    const old = aFacilityRow({ checks: { ...friday, gone: friday.bees } });
    expect(Object.keys(fold('2026-03-02', deadline - 1, old)?.checks ?? {})).toEqual(['bees']);
  });
});
