import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { isCorrectionOf, type KeptCheck } from '../../shared/domain/checks.ts';
import { foldSignals, subjectOf } from '../../shared/domain/health-signal.ts';
import type { CheckReport, FindingCode } from '../../shared/domain/reports.ts';
import type { HealthSignal, RulePack } from '../../shared/domain/rule-pack.ts';
import type { SignalFold } from '../../shared/domain/vitals.ts';
import { aWorld } from '../support/receiver-world.ts';
import { aCheck, aFacility, beijing, DAY_MS, floor, HOUR_MS, sentAt } from '../support/rows.ts';

/** A little nursery whose few children fall ill often, so that thresholds are reached, left and reached again. */
const facility = aFacility({
  classes: [
    { id: 'bees', children: 12 },
    { id: 'ants', children: 12 },
  ],
});
const signal = (id: string, more: Partial<HealthSignal>): HealthSignal => ({
  id,
  name: { zh: id, en: id },
  scope: 'class',
  days: 1,
  children: 2,
  codes: [['fever']],
  tier: 'signal',
  source: 'configuration',
  ...more,
});
const signals = [
  signal('one-day', {}),
  signal('three-days', { days: 3, children: 3, codes: [['fever', 'vomiting', 'rash']] }),
  signal('influenza-like', { days: 7, scope: 'facility', codes: [['fever'], ['cough']] }),
  signal('single', { days: 2, children: 1, scope: 'facility', codes: [['rash']] }),
];
const packOf = (those: readonly HealthSignal[]): RulePack => ({
  ...floor,
  signals: Object.fromEntries(those.map((one) => [one.id, one])),
});
const pack = packOf(signals);

const codes: readonly FindingCode[] = ['fever', 'cough', 'rash', 'vomiting', 'injury'];
const firstDayMs = beijing('2026-03-02 00:00');
const dayAt = (n: number): string => new Date(firstDayMs + n * DAY_MS + 8 * HOUR_MS).toISOString().slice(0, 10);

/** A check on day 0 … 6, with what it found, and how long it took to arrive. */
const aSeed = fc.record({
  day: fc.nat(6),
  class: fc.constantFrom('bees', 'ants'),
  session: fc.constantFrom('morning' as const, 'noon' as const),
  findings: fc.array(fc.record({ code: fc.constantFrom(...codes), child: fc.nat(4) }), { maxLength: 4 }),
  delayMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * DAY_MS })),
  /** Corrects the check so many places before it. */
  corrects: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  /** Claims to correct it, and is of a class, session and day of its own. */
  astray: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  repeats: fc.array(fc.integer({ min: 0, max: 3 * DAY_MS }), { maxLength: 2 }),
});
type Seed = typeof aSeed extends fc.Arbitrary<infer T> ? T : never;

const idOf = (n: number): string => `r${String(n).padStart(3, '0')}`;

const reportsOf = (seeds: readonly Seed[]): readonly CheckReport[] => {
  const reports: CheckReport[] = [];
  for (const [n, seed] of seeds.entries()) {
    const original = seed.corrects === undefined ? undefined : reports[n - seed.corrects];
    const own = { day: dayAt(seed.day), class: seed.class, session: seed.session };
    const about = seed.astray ? own : (original ?? own);
    const findings = seed.findings.map(({ code, child }) => ({
      code,
      childRef: `child-${child}`,
      action: 'observed' as const,
    }));
    reports.push(
      aCheck(idOf(n), about.day, {
        class: about.class,
        session: about.session,
        findings,
        ...(original && { corrects: original.id }),
      }),
    );
  }
  return reports;
};

const startOf = (report: CheckReport): number => beijing(`${report.day} 08:00`);

/** Written to be read, not to be quick: looks at each window by itself, with no memory. */
const plainly = (kept: readonly KeptCheck[], those: readonly HealthSignal[], nowMs: number): readonly string[] => {
  const isOverruled = ({ report }: KeptCheck): boolean =>
    kept.some(
      (one) =>
        isCorrectionOf(one.report, report) &&
        (one.report.corrects === report.id ||
          (report.corrects !== undefined && one.report.corrects === report.corrects && one.report.id > report.id)),
    );
  const standing = kept.filter((one) => !isOverruled(one));
  const today = Math.floor((nowMs - firstDayMs) / DAY_MS);
  return those
    .flatMap((one) => {
      const classes = one.scope === 'facility' ? [undefined] : ['bees', 'ants'];
      return classes.flatMap((of) => {
        const window = standing.filter(({ report }) => {
          const on = Math.round((Date.parse(report.day) - Date.parse(dayAt(0))) / DAY_MS);
          return on <= today && on > today - one.days && (of === undefined || report.class === of);
        });
        const found = (child: string, list: readonly FindingCode[]): boolean =>
          window.some(({ report }) => report.findings.some((f) => f.childRef === child && list.includes(f.code)));
        const children = [0, 1, 2, 3, 4]
          .map((n) => `child-${n}`)
          .filter((child) => one.codes.every((l) => found(child, l)));
        return children.length >= one.children ? [subjectOf({ signal: one.id, ...(of && { class: of }) })] : [];
      });
    })
    .sort();
};

/** Lets every report arrive when its seed says, repeats included, through the receiver itself. */
const receive = async (seeds: readonly Seed[], by: RulePack = pack) => {
  const reports = reportsOf(seeds);
  const deliveries = reports
    .flatMap((report, n) => {
      const { delayMs = 0, repeats = [] } = seeds[n] ?? {};
      const firstMs = startOf(report) + delayMs;
      return [firstMs, ...repeats.map((laterMs) => firstMs + laterMs)].map((atMs) => ({ report, atMs }));
    })
    .sort((a, b) => a.atMs - b.atMs);
  const world = await aWorld({ facility });
  const take = makeReceiveCheck({ ...world.given, packFor: () => by });
  for (const { report, atMs } of deliveries) await take(sentAt(atMs), report, `digest of ${report.id}`);
  const kept = [...world.records.kept.reports.values()] as readonly (KeptCheck & { digest: string })[];
  return { row: world.vitals.rows.facilities.get('f1'), reports, kept, lastMs: deliveries.at(-1)?.atMs ?? firstDayMs };
};

const standingAt = (folds: readonly SignalFold[] | undefined, nowMs: number) =>
  (folds ?? []).filter(({ untilMs }) => untilMs > nowMs);

describe('whatever the order, repetition or delay of checks and corrections', () => {
  it('the row holds what a recomputation over all kept checks gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aSeed, { minLength: 1, maxLength: 14 }), async (seeds) => {
        const { row, kept, lastMs } = await receive(seeds);
        expect(standingAt(row?.signals, lastMs)).toEqual(foldSignals(kept, facility, pack, lastMs).signals);
        const newest = (of: string, session: 'morning' | 'noon') =>
          kept
            .filter(({ report }) => report.class === of && report.session === session)
            .map(({ report }) => report.day)
            .sort()
            .at(-1);
        for (const of of ['bees', 'ants']) {
          expect(row?.checks[of]?.morning?.day).toBe(newest(of, 'morning'));
          expect(row?.checks[of]?.noon?.day).toBe(newest(of, 'noon'));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('every check is kept, also a correction that overtakes its original, and in the end they say what they say in order', async () => {
    /** All windows are still open when the last arrives. */
    const long = packOf(signals.map((one) => ({ ...one, days: one.days + 28 })));
    const facts = ({ signal: id, class: of, children, untilMs }: SignalFold) =>
      [id, of ?? '', children, untilMs].join();
    const right = fc
      .array(aSeed, { minLength: 1, maxLength: 10 })
      .map((all) => all.map((seed) => ({ ...seed, astray: false })));
    await fc.assert(
      fc.asyncProperty(right, async (seeds) => {
        const mixed = await receive(seeds, long);
        const inOrder = await receive(
          seeds.map((seed) => ({ ...seed, delayMs: 0 })),
          long,
        );
        expect(mixed.kept).toHaveLength(mixed.reports.length);
        const reached = ({ row }: typeof mixed) => (row?.signals ?? []).map(facts).sort();
        expect(reached(mixed)).toEqual(reached(inOrder));
        const days = ({ row }: typeof mixed) =>
          ['bees', 'ants'].map((of) => [row?.checks[of]?.morning?.day, row?.checks[of]?.noon?.day]);
        expect(days(mixed)).toEqual(days(inOrder));
      }),
      { numRuns: 150 },
    );
  });

  it('the recomputation does not depend on the order in which it reads them', () => {
    fc.assert(
      fc.property(fc.array(aSeed, { minLength: 1, maxLength: 14 }), fc.infiniteStream(fc.nat()), (seeds, keys) => {
        const kept = reportsOf(seeds).map((report, n) => ({
          report,
          receivedMs: startOf(report) + (seeds[n]?.delayMs ?? 0),
        }));
        const shuffled = kept
          .map((one) => ({ one, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const nowMs = firstDayMs + 7 * DAY_MS;
        expect(foldSignals([...shuffled, ...kept], facility, pack, nowMs)).toEqual(
          foldSignals(kept, facility, pack, nowMs),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('and where all came in time it is what each window says by itself', () => {
    fc.assert(
      fc.property(fc.array(aSeed, { minLength: 1, maxLength: 14 }), fc.nat(14), (seeds, onDay) => {
        const nowMs = firstDayMs + onDay * DAY_MS + 12 * HOUR_MS;
        const kept = reportsOf(seeds)
          .map((report) => ({ report, receivedMs: startOf(report) }))
          .filter(({ receivedMs }) => receivedMs <= nowMs);
        const { signals: folded } = foldSignals(kept, facility, pack, nowMs);
        expect(folded.map(subjectOf).sort()).toEqual(plainly(kept, signals, nowMs));
        expect(folded.filter(({ late }) => late)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('delay changes when a threshold was known to be reached, and whether that was late, and nothing else', () => {
    /** All windows are still open when the last of the delayed ones arrives. */
    const long = signals.map((one) => ({ ...one, days: one.days + 14 }));
    const nowMs = firstDayMs + 8 * DAY_MS;
    fc.assert(
      fc.property(fc.array(aSeed, { minLength: 1, maxLength: 14 }), (seeds) => {
        const reports = reportsOf(seeds);
        const fold = (delayed: boolean) => {
          const kept = reports.map((report, n) => {
            const delayMs = delayed ? (seeds[n]?.delayMs ?? 0) : 0;
            return { report, receivedMs: Math.min(startOf(report) + delayMs, nowMs - 1) };
          });
          return foldSignals(kept, facility, packOf(long), nowMs).signals;
        };
        const facts = ({ signal: id, class: of, children, untilMs }: SignalFold) =>
          [id, of ?? '', children, untilMs].join();
        expect(fold(true).map(facts).sort()).toEqual(fold(false).map(facts).sort());
      }),
      { numRuns: 300 },
    );
  });
});
