import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeReceiveCoverage } from '../../functions/receive-coverage/receive-coverage.ts';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { assess } from '../../shared/domain/assess.ts';
import { cameraDays } from '../../shared/domain/camera-days.ts';
import { type CameraFacts, factsOfHeldDays } from '../../shared/domain/camera-facts.ts';
import type { CoverageReport, LogReport, RecordingReport } from '../../shared/domain/reports.ts';
import type { RuleName, Verdict } from '../../shared/domain/verdict.ts';
import type { FacilityRows, FacilityVitals } from '../../shared/domain/vitals.ts';
import { dutyPack } from '../support/duty-pack.ts';
import { aWorld } from '../support/receiver-world.ts';
import {
  aBox,
  aCoverage,
  aFacility,
  aFacilityRow,
  aRecording,
  beijing,
  cameraSays,
  DAY_MS,
  HOUR_MS,
  KEY,
  MINUTE_MS,
  NOW,
  sentAt,
} from '../support/rows.ts';

/** Whatever the order in which reports come, and however often, what is judged in the end is what they say together. */

const inService = beijing('2025-01-01 00:00');
const facility = aFacility({
  state: { is: 'in-service', sinceMs: inService },
  registeredAtMs: inService,
  cameras: aFacility().cameras.slice(0, 1),
});
const thresholds = {
  ...dutyPack().thresholds,
  retentionDays: { value: 4, source: 'configuration' },
  retentionCeilingDays: { value: 6, source: 'configuration' },
};
const pack = dutyPack({ thresholds });
const packFor = () => pack;

const judged = (rows: FacilityRows, rules: readonly RuleName[], nowMs = NOW, of = facility): readonly Verdict[] =>
  assess(rows, of, pack, nowMs).verdicts.filter(({ rule }) => rules.includes(rule));

/** Which report comes, again and again, until each has come at least once. */
const arrivals = <T>(reports: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc
    .tuple(fc.shuffledSubarray([...reports], { minLength: reports.length }), fc.subarray([...reports]))
    .chain(([each, some]) => fc.shuffledSubarray([...each, ...some], { minLength: each.length + some.length }));

const withArrivals = <T>(reports: fc.Arbitrary<readonly T[]>) =>
  reports.chain((all) => fc.record({ all: fc.constant(all), sent: arrivals(all) }));

const RUNS = { numRuns: 60 };

describe('logs', () => {
  const rules = ['duty-overdue', 'guard-present', 'closing'] as const;
  const kinds = ['drill', 'guard-shift', 'closing', 'disinfection', 'device-test'] as const;
  const devices = ['panic-1', 'smoke-1'] as const;
  const inventory = { ...facility, devices: devices.map((id) => ({ id, kind: 'panic-button' as const })) };
  const log = fc.record({
    kind: fc.constantFrom(...kinds),
    agoMs: fc.integer({ min: 0, max: 400 * 24 }).map((hours) => hours * HOUR_MS),
    recent: fc.boolean(),
    device: fc.constantFrom(...devices),
    minutes: fc.integer({ min: 0, max: 2_000 }),
    childrenIn: fc.integer({ min: 11, max: 12 }),
  });
  const logs = fc.array(log, { minLength: 1, maxLength: 10 }).map((all) =>
    all.map(({ kind, agoMs, recent, device, minutes, childrenIn }, n): LogReport => {
      const doneAtMs = NOW - (recent ? agoMs / 100 : agoMs);
      const counts = { minutes, childrenIn, childrenOut: 12 };
      return { id: `l${n}`, timeMs: doneAtMs, kind, doneAtMs, counts, ...(kind === 'device-test' && { device }) };
    }),
  );

  /** All logs at once, read as a person would read them. */
  const plainly = (all: readonly LogReport[]): FacilityVitals => {
    const of = (kind: LogReport['kind']) => all.filter((one) => one.kind === kind);
    const newest = (kind: LogReport['kind']) => Math.max(...of(kind).map((one) => one.doneAtMs));
    const present = kinds.filter((kind) => of(kind).length > 0);
    const ends = of('guard-shift').map((one) => one.doneAtMs + Math.min(one.counts.minutes ?? 0, 1_440) * MINUTE_MS);
    const tested = devices.flatMap((device) => {
      const instants = of('device-test').flatMap((one) => (one.device === device ? [one.doneAtMs] : []));
      return instants.length === 0 ? [] : [[device, Math.max(...instants)] as const];
    });
    const last = [...of('closing')].sort(
      (a, b) => b.doneAtMs - a.doneAtMs || (b.counts.childrenIn ?? 0) - (a.counts.childrenIn ?? 0),
    )[0];
    // 07:30 is 23:30 UTC of the day before: what is done earlier belongs to the day before.
    const dayOf = (ms: number) => new Date(ms + 30 * MINUTE_MS).toISOString().slice(0, 10);
    return aFacilityRow({
      doneAtMs: Object.fromEntries(present.map((kind) => [kind, newest(kind)])),
      testedAtMs: Object.fromEntries(tested),
      ...(ends.length > 0 && { guardUntilMs: Math.max(...ends) }),
      ...(last && {
        closing: {
          day: dayOf(last.doneAtMs),
          atMs: last.doneAtMs,
          childrenIn: last.counts.childrenIn ?? 0,
          childrenOut: 12,
        },
      }),
    });
  };

  const rowsWith = (row: FacilityVitals): FacilityRows => ({
    facility: row,
    boxes: [aBox()],
    coverage: [aCoverage()],
  });

  const play = async (sent: readonly LogReport[], delayMs: number) => {
    const world = await aWorld({ facility: inventory });
    const take = makeReceiveLog({ ...world.given, packFor });
    for (const [n, report] of sent.entries()) {
      const atMs = NOW + delayMs + n;
      await take(sentAt(atMs), report, report.id);
    }
    return rowsWith((await world.vitals.readFacility('f1')) ?? aFacilityRow());
  };

  it('give the verdicts of all logs read at once, and a delay changes none of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        withArrivals(logs),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 400 }),
        async ({ all, sent }, delayDays, aheadDays) => {
          const atMs = NOW + (delayDays + aheadDays) * DAY_MS + HOUR_MS;
          const expected = judged(rowsWith(plainly(all)), rules, atMs, inventory);
          expect(judged(await play(sent, 0), rules, atMs, inventory)).toEqual(expected);
          expect(judged(await play(sent, delayDays * DAY_MS), rules, atMs, inventory)).toEqual(expected);
        },
      ),
      RUNS,
    );
  });
});

describe('recordings', () => {
  const lastHourMs = NOW - 3 * HOUR_MS;
  const hour = fc.record({
    hoursAgo: fc.integer({ min: 0, max: 3 * 24 }),
    minutes: fc.constantFrom(0, 20, 60),
    claimDays: fc.option(fc.constantFrom(2, 4, 5, 7), { nil: undefined }),
  });
  const hours = fc.uniqueArray(hour, { minLength: 1, maxLength: 12, selector: ({ hoursAgo }) => hoursAgo }).map((all) =>
    all.map(({ hoursAgo, minutes, claimDays }, n): RecordingReport => {
      const hourMs = lastHourMs - hoursAgo * HOUR_MS;
      return aRecording(`r${n}`, hourMs, {
        recorded: minutes === 0 ? [] : [{ fromMs: hourMs, toMs: hourMs + minutes * MINUTE_MS }],
        ...(claimDays !== undefined && { oldestRetrievableAtMs: NOW - claimDays * DAY_MS }),
      });
    }),
  );

  /** Minute by minute, from all hours at once. */
  const plainly = (all: readonly RecordingReport[]): Readonly<Record<string, string>> => {
    const byHour = [...all].sort((a, b) => b.hourMs - a.hourMs);
    const oldestMs = byHour.find((one) => one.oldestRetrievableAtMs !== undefined)?.oldestRetrievableAtMs;
    const requiredFromMs = NOW - 4 * DAY_MS;
    const reachesToMs = oldestMs ?? Math.min(...all.map((one) => one.hourMs));
    const lost = (atMs: number): boolean => oldestMs !== undefined && atMs < oldestMs;
    const missing = all.reduce((sum, { hourMs, recorded }) => {
      const minutes = Array.from({ length: 60 }, (_, n) => hourMs + n * MINUTE_MS);
      const has = (atMs: number): boolean =>
        !lost(atMs) && recorded.some((one) => atMs >= one.fromMs && atMs < one.toMs);
      return sum + minutes.filter((atMs) => !has(atMs)).length;
    }, 0);
    const reportedMs = all.map(({ hourMs }) => hourMs);
    const unsaidHours = (Math.max(...reportedMs) - Math.min(...reportedMs)) / HOUR_MS + 1 - all.length;
    const isShort = reachesToMs > requiredFromMs + HOUR_MS;
    const isGappy = missing > 60;
    const held =
      isShort && oldestMs !== undefined
        ? 'recorder-keeps-less'
        : isGappy
          ? 'time-missing'
          : isShort
            ? 'depth-unknown'
            : unsaidHours > 1
              ? 'no-report'
              : 'held';
    const exceeded =
      oldestMs !== undefined && NOW - oldestMs > 6 * DAY_MS
        ? 'kept-too-long'
        : held === 'depth-unknown'
          ? 'never-reported'
          : 'within-ceiling';
    return { 'retention-held': held, 'retention-exceeded': exceeded };
  };

  it('give the verdicts of all hours read at once', async () => {
    await fc.assert(
      fc.asyncProperty(withArrivals(hours), async ({ all, sent }) => {
        const world = await aWorld({ facility });
        const take = makeReceiveRecording({ ...world.given, packFor });
        for (const report of sent) await take(sentAt(NOW), report, report.id);
        const rows = await world.vitals.readRows('f1');
        const verdicts = rows === undefined ? [] : judged(rows, ['retention-held', 'retention-exceeded']);
        expect(Object.fromEntries(verdicts.map(({ rule, reason }) => [rule, reason]))).toEqual(plainly(all));
      }),
      RUNS,
    );
  });
});

describe('what became of each millisecond of a camera', () => {
  const firstHourMs = beijing('2026-02-28 20:00');
  const days = ['2026-02-28', '2026-03-01'];
  const minutes = fc.integer({ min: 0, max: 60 });
  const reports = fc
    .array(
      fc.record({
        hour: fc.integer({ min: 0, max: 9 }),
        from: minutes,
        to: minutes,
        lateMinutes: fc.constantFrom(1, 120, 121, 600),
        deleted: fc.option(fc.constantFrom('authority-order' as const, 'by-mistake' as const), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((all) =>
      all.map(({ hour, from, to, lateMinutes, deleted }, n) => {
        const hourMs = firstHourMs + hour * HOUR_MS;
        const at = (minute: number): number => hourMs + minute * MINUTE_MS;
        const report = aRecording(`r${n}`, hourMs, {
          recorded: from < to ? [{ fromMs: at(from), toMs: at(to) }] : [],
          ...(deleted && { deletions: [{ fromMs: at(10), toMs: at(20), reason: deleted }] }),
        });
        return { report, receivedMs: hourMs + HOUR_MS + lateMinutes * MINUTE_MS };
      }),
    );

  it('is what the reports say together: in time or late, deleted or not, and a repeat changes none of it', async () => {
    const [camera] = facility.cameras;
    if (camera === undefined) throw new Error('the facility has a camera');
    const duty = { camera, facility, pack, nowMs: NOW };
    await fc.assert(
      fc.asyncProperty(withArrivals(reports), async ({ all, sent }) => {
        const world = await aWorld({ facility });
        const take = makeReceiveRecording({ ...world.given, packFor });
        const known = new Set<string>();
        for (const { report, receivedMs } of sent) {
          // A repeat comes whenever it comes; what counts is when the report was first heard of.
          await take(sentAt(known.has(report.id) ? NOW : receivedMs), report, report.id);
          known.add(report.id);
        }
        const held = await world.records.heldDays('f1', camera.id, '2026-02-01', '2026-03-31');
        const said: CameraFacts = {
          reports: all.map(({ report, receivedMs }) => ({
            reported: [{ fromMs: report.hourMs, toMs: report.hourMs + HOUR_MS }],
            recorded: report.recorded,
            hourEndMs: report.hourMs + HOUR_MS,
            receivedAtMs: receivedMs,
          })),
          deletions: all.flatMap(({ report, receivedMs: receivedAtMs }) =>
            (report.deletions ?? []).map((one) => ({ ...one, receivedAtMs })),
          ),
          holds: [],
        };
        expect(cameraDays(duty, factsOfHeldDays(held), days)).toEqual(cameraDays(duty, said, days));
      }),
      RUNS,
    );
  });
});

describe('coverage', () => {
  const said = fc.record({ picture: fc.constantFrom('yes', 'no'), clockOffsetMs: fc.integer({ min: -90, max: 90 }) });
  const reports = fc.array(said, { minLength: 1, maxLength: 8 }).map((all) =>
    all.map(({ picture, clockOffsetMs }, n): CoverageReport => {
      const camera = cameraSays('cam-1', { picture: picture as 'yes' | 'no', clockOffsetMs: clockOffsetMs * 1_000 });
      return { id: `c${n}`, seq: n + 1, timeMs: NOW, ageMs: 0, cameras: [camera] };
    }),
  );

  /** What a box says of all its cameras is true until it says something else: the greatest sequence tells. */
  it('gives the verdicts of the last report, whichever comes last', async () => {
    await fc.assert(
      fc.asyncProperty(withArrivals(reports), async ({ all, sent }) => {
        const coverage = aCoverage({}, { liveKeys: { [KEY]: 0 } });
        const world = await aWorld({ facility, coverage });
        const take = makeReceiveCoverage(world.given);
        for (const report of sent) await take(sentAt(NOW), report);
        const rows = await world.vitals.readRows('f1');
        const verdicts = rows === undefined ? [] : judged(rows, ['area-covered', 'clock-true'], NOW + HOUR_MS / 60);
        const reasons = Object.fromEntries(verdicts.map(({ subject, reason }) => [subject, reason]));
        const last = all.at(-1)?.cameras[0];
        const isOff = Math.abs(last?.clockOffsetMs ?? 0) > pack.thresholds.clockOffsetMs.value;
        expect(reasons['camera/cam-1']).toBe(isOff ? 'clock-off' : 'clock-right');
        expect(reasons['area/play']).toBe(last?.picture === 'yes' ? 'covered' : 'no-usable-camera');
      }),
      RUNS,
    );
  });

  it('that comes late moves nothing', async () => {
    const world = await aWorld({ facility });
    const take = makeReceiveCoverage(world.given);
    const before = await world.vitals.readCoverage('f1', 'b1');
    const report: CoverageReport = {
      id: 'late',
      seq: 900,
      timeMs: NOW - HOUR_MS,
      ageMs: HOUR_MS,
      cameras: [cameraSays('cam-1', { picture: 'no' })],
    };
    expect(await take(sentAt(NOW), report)).toEqual({ result: 'accepted', late: true });
    const after = await world.vitals.readCoverage('f1', 'b1');
    expect(after?.cameras).toEqual(before?.cameras);
  });
});
