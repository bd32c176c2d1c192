import { describe, expect, it } from 'vitest';
import type { KeptCheck } from '../../../shared/domain/checks.ts';
import { civilDayInterval } from '../../../shared/domain/civil-day.ts';
import { foldSignals } from '../../../shared/domain/health-signal.ts';
import type { CheckReport, FindingCode } from '../../../shared/domain/reports.ts';
import type { HealthSignal, RulePack } from '../../../shared/domain/rule-pack.ts';
import { judgeHealthSignal } from '../../../shared/domain/rules/health-signal.ts';
import { packs } from '../../../shared/rule-packs/index.ts';
import { aCheck, aFacility, aFacilityRow, beijing, floor, HOUR_MS } from '../../support/rows.ts';

const facility = aFacility({
  classes: [
    { id: 'bees', children: 12 },
    { id: 'ants', children: 12 },
  ],
});

/** Day `n` of the window, the first being a Monday. */
const day = (n: number): string => new Date(Date.UTC(2026, 2, 2 + n)).toISOString().slice(0, 10);
const nineOn = (n: number): number => beijing(`${day(n)} 09:00`);
const child = (n: number): string => n.toString(16).padStart(16, '0');

const found = (
  childRef: string,
  codes: readonly FindingCode[],
  onDay: number,
  more: Partial<CheckReport> & { readonly receivedMs?: number } = {},
): KeptCheck => {
  const { receivedMs = nineOn(onDay), ...rest } = more;
  const findings = codes.map((code) => ({ code, childRef, action: 'observed' as const }));
  const id = `${onDay}-${childRef}-${codes.join()}-${rest.class ?? 'bees'}`;
  return { report: aCheck(id, day(onDay), { findings, ...rest }), receivedMs };
};

const withSignal = (signal: Partial<HealthSignal>): RulePack => ({
  ...floor,
  signals: {
    test: {
      id: 'test',
      name: { zh: '测试', en: 'Test' },
      scope: 'class',
      days: 3,
      children: 2,
      codes: [['fever']],
      tier: 'signal',
      source: 'configuration',
      ...signal,
    },
  },
});

const judge = (checks: readonly KeptCheck[], pack: RulePack, nowMs: number, of = facility) => {
  const row = aFacilityRow(foldSignals(checks, of, pack, nowMs));
  return judgeHealthSignal(row, of, pack, nowMs);
};
const subjectIn = ({ id, scope }: HealthSignal): string => (scope === 'class' ? `signal/${id}.bees` : `signal/${id}`);

const everySignal = packs.flatMap((pack) =>
  Object.values(pack.signals).map((signal) => [`${pack.name}@${pack.version} ${signal.id}`, pack, signal] as const),
);

/** A claim that makes no sense for a threshold (of one child, of one list) is none, and no skipped test either. */
const itWhere = (makesSense: boolean) => (name: string, claim: () => void) => {
  if (makesSense) it(name, claim);
};

describe('every threshold of every pack', () => {
  it('is there: each pack has some', () => {
    expect(packs.filter((pack) => Object.keys(pack.signals).length === 0).map(({ name }) => name)).toEqual([]);
  });

  describe.each(everySignal)('%s', (_name, pack, signal) => {
    const subject = subjectIn(signal);
    const codes = signal.codes.flatMap((list) => list.slice(0, 1));
    const graceMs = pack.rules['health-signal'].breachAfterMs.value;
    /** The first child on the first day, the others on the last day of the window. */
    const children = (count: number, lastDay = signal.days - 1): readonly KeptCheck[] => [
      found(child(1), codes, 0),
      ...Array.from({ length: count - 1 }, (_, n) => found(child(n + 2), codes, lastDay)),
    ];
    const about = (checks: readonly KeptCheck[], nowMs: number) =>
      judge(checks, pack, nowMs).find((verdict) => verdict.subject === subject);
    const reachedMs = nineOn(signal.children === 1 ? 0 : signal.days - 1) + graceMs;
    const ends = civilDayInterval(day(signal.days - 1), 'Asia/Shanghai').toMs;

    it('is not reached by one child fewer, nor by the same child twice', () => {
      const fewer = signal.children === 1 ? [] : children(signal.children - 1);
      expect(about(fewer, reachedMs)).toMatchObject({ state: 'met', reason: 'below-threshold' });
      const twice = [...fewer, ...fewer.map((one) => ({ ...one, report: { ...one.report, id: `${one.report.id}+` } }))];
      expect(about(twice, reachedMs)).toMatchObject({ state: 'met', reason: 'below-threshold' });
    });

    it('is reached by the last child, from the arrival of that finding on', () => {
      const all = children(signal.children);
      expect(about(all, reachedMs - 1)?.state).not.toBe('breached');
      expect(about(all, reachedMs)).toMatchObject({
        state: 'breached',
        reason: 'threshold-reached',
        sinceMs: reachedMs,
        dueAtMs: expect.any(Number),
      });
    });

    it('stands until the window has moved past, and not a millisecond longer', () => {
      // The first child leaves the window of the last day: with it, and only with it, there are enough.
      const all = children(signal.children);
      expect(about(all, ends - 1)).toMatchObject({ state: 'breached', dueAtMs: ends });
      expect(about(all, ends)).toMatchObject({ state: 'met', reason: 'below-threshold' });
    });

    itWhere(signal.children > 1)('is not reached where the window is a day too short', () => {
      const lastDay = signal.days;
      expect(about(children(signal.children, lastDay), nineOn(lastDay) + graceMs)).toMatchObject({ state: 'met' });
    });

    itWhere(signal.codes.length > 1)('needs a code of each list', () => {
      const half = children(signal.children).map(({ report, receivedMs }) => ({
        receivedMs,
        report: { ...report, findings: report.findings.slice(0, 1) },
      }));
      expect(about(half, reachedMs)).toMatchObject({ state: 'met' });
    });

    itWhere(signal.scope === 'class' && signal.children > 1)('counts each class by itself', () => {
      const [first, ...others] = children(signal.children);
      const moved = first === undefined ? [] : [{ ...first, report: { ...first.report, class: 'ants' } }];
      expect(about([...moved, ...others], reachedMs)).toMatchObject({ state: 'met' });
    });
  });
});

describe('a threshold of two children with fever in three days', () => {
  const pack = withSignal({});
  const bees = (checks: readonly KeptCheck[], nowMs: number) => judge(checks, pack, nowMs)[0];

  it('is told for each class by itself, and says so of the others', () => {
    const checks = [found(child(1), ['fever'], 0), found(child(2), ['fever'], 1)];
    expect(judge(checks, pack, nineOn(1)).map(({ subject, state }) => [subject, state])).toEqual([
      ['signal/test.bees', 'breached'],
      ['signal/test.ants', 'met'],
    ]);
  });

  it('counts the codes of one child over the days of the window', () => {
    const both = withSignal({ codes: [['fever'], ['cough', 'sore-throat']], children: 1 });
    const checks = [found(child(1), ['fever'], 0), found(child(1), ['sore-throat'], 2)];
    expect(judge(checks, both, nineOn(2))[0]).toMatchObject({ state: 'breached', sinceMs: nineOn(2) });
    const apart = [found(child(1), ['fever'], 0), found(child(1), ['sore-throat'], 3)];
    expect(judge(apart, both, nineOn(3))[0]).toMatchObject({ state: 'met' });
  });

  it('goes on for as long as new children keep its window full, dated at its beginning', () => {
    const checks = [0, 1, 2, 4].map((n) => found(child(n), ['fever'], n));
    const ends = beijing(`${day(5)} 00:00`);
    expect(bees(checks, ends - 1)).toMatchObject({ state: 'breached', sinceMs: nineOn(1), dueAtMs: ends });
    expect(bees(checks, ends)).toMatchObject({ state: 'met' });
  });

  it('is a new one after a day on which it was not reached', () => {
    const checks = [0, 0, 5, 5].map((n, index) => found(child(index), ['fever'], n, { id: `r${index}` }));
    expect(bees(checks, nineOn(5))).toMatchObject({ state: 'breached', sinceMs: nineOn(5) });
  });
});

describe('a correction', () => {
  const pack = withSignal({});
  const first = found(child(1), ['fever'], 0, { id: 'a1' });
  const second = found(child(2), ['fever'], 0, { id: 'a2', receivedMs: nineOn(0) + HOUR_MS });
  const at = nineOn(0) + 5 * HOUR_MS;

  it('that takes a finding back ends what it reached', () => {
    const back = found(child(2), [], 0, { id: 'a3', corrects: 'a2', receivedMs: at });
    expect(judge([first, second], pack, at)[0]).toMatchObject({ state: 'breached' });
    expect(judge([first, second, back], pack, at)[0]).toMatchObject({ state: 'met' });
  });

  it('that repeats a finding does not make it younger', () => {
    const same = found(child(2), ['fever', 'rash'], 0, { id: 'a3', corrects: 'a2', receivedMs: at });
    expect(judge([first, second, same], pack, at)[0]).toMatchObject({ sinceMs: nineOn(0) + HOUR_MS });
  });

  it('may be corrected itself; of two of the same check the later made stands, whichever came first', () => {
    const back = found(child(2), [], 0, { id: 'a3', corrects: 'a2', receivedMs: at });
    const again = found(child(2), ['fever'], 0, { id: 'a4', corrects: 'a3', receivedMs: at });
    expect(judge([first, second, back, again], pack, at)[0]).toMatchObject({ state: 'breached' });
    const rival = found(child(2), ['fever'], 0, { id: 'a5', corrects: 'a2', receivedMs: at - HOUR_MS });
    expect(judge([first, second, back, rival], pack, at)[0]).toMatchObject({ state: 'breached' });
    expect(judge([first, second, rival, { ...back, report: { ...back.report, id: 'a6' } }], pack, at)[0]).toMatchObject(
      { state: 'met' },
    );
  });
});

describe('a finding that comes late', () => {
  const pack = withSignal({ days: 1 });
  const first = found(child(1), ['fever'], 0);
  const fold = (receivedMs: number, nowMs: number) =>
    foldSignals([first, found(child(2), ['fever'], 0, { receivedMs })], facility, pack, nowMs).signals[0];

  it('on its day is not late; from midnight on it is', () => {
    const midnight = beijing(`${day(1)} 00:00`);
    expect(fold(midnight - 1, midnight - 1)).toEqual({
      signal: 'test',
      class: 'bees',
      children: 2,
      sinceMs: midnight - 1,
      untilMs: midnight,
    });
    expect(fold(midnight, midnight)).toMatchObject({ late: true, sinceMs: midnight });
  });

  it('after its window has passed stands for its days from its arrival: a box cut off keeps no cluster quiet', () => {
    const at = nineOn(4);
    const until = beijing(`${day(5)} 00:00`);
    expect(fold(at, until - 1)).toMatchObject({ late: true, sinceMs: at, untilMs: until });
    expect(fold(at, until)).toBeUndefined();
  });

  it('three weeks after its day still counts, and a day later does not', () => {
    expect(fold(nineOn(21), nineOn(21))).toMatchObject({ late: true });
    expect(fold(nineOn(22), nineOn(22))).toBeUndefined();
  });
});

describe('days are those of the facility', () => {
  const pack = withSignal({ days: 1 });
  const berlin = aFacility({ calendar: { ...facility.calendar, zone: 'Europe/Berlin' } });
  const both = (on: string, receivedMs: number): readonly KeptCheck[] =>
    [1, 2].map((n) => {
      const findings = [{ code: 'fever' as const, childRef: child(n), action: 'observed' as const }];
      return { report: aCheck(`r${n}`, on, { findings }), receivedMs };
    });

  it.each([
    ['2026-03-29', 23, '2026-03-28T23:00:00Z'],
    ['2026-10-25', 25, '2026-10-24T22:00:00Z'],
    ['2026-06-10', 24, '2026-06-09T22:00:00Z'],
  ])('%s has %i hours in Berlin', (on, hours, midnight) => {
    const starts = Date.parse(midnight);
    const ends = starts + hours * HOUR_MS;
    const checks = both(on, starts);
    expect(judge(checks, pack, ends - 1, berlin)[0]).toMatchObject({ state: 'breached', dueAtMs: ends });
    expect(judge(checks, pack, ends, berlin)[0]).toMatchObject({ state: 'met' });
  });
});

describe('more thresholds than the row holds', () => {
  const classes = Array.from({ length: 20 }, (_, n) => ({ id: `c${n}`, children: 10 }));
  const many = aFacility({ classes });
  const pack = withSignal({ children: 1 });
  const checks = classes.map(({ id }, n) => found(child(n), ['fever'], 0, { class: id, id: `r-${id}` }));

  it('are sixteen and a flag; of the others it is not known', () => {
    const fold = foldSignals(checks, many, pack, nineOn(0));
    expect(fold.signals).toHaveLength(16);
    expect(fold.signalsOverflow).toBe(true);
    const verdicts = judge(checks, pack, nineOn(0), many);
    expect(verdicts.filter(({ state }) => state === 'breached')).toHaveLength(16);
    expect(verdicts.filter(({ reason }) => reason === 'too-many-signals')).toHaveLength(4);
  });

  it('keep what weighs most: a report of the facility before an early signal of a class', () => {
    const { test } = pack.signals;
    if (test === undefined) throw new Error('no signal');
    const both = {
      ...pack,
      signals: { test, whole: { ...test, id: 'whole', scope: 'facility', tier: 'report' } as const },
    };
    expect(foldSignals(checks, many, both, nineOn(0)).signals[0]).toMatchObject({ signal: 'whole', children: 20 });
  });
});
