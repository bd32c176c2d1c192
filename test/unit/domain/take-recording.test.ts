import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CameraDayState, cameraDays } from '../../../shared/domain/camera-days.ts';
import { factsOfHeldDays, type HoldOrder, holdsConfirmedIn } from '../../../shared/domain/camera-facts.ts';
import { civilDayInterval, civilDayOf } from '../../../shared/domain/civil-day.ts';
import type { HeldDay, HeldDayFacts } from '../../../shared/domain/held-day.ts';
import { recordingsSaid } from '../../../shared/domain/recordings-said.ts';
import { type DeletionReason, deletionReasons, type RecordingReport } from '../../../shared/domain/reports.ts';
import { findRetention } from '../../../shared/domain/retention.ts';
import { fitsItsDay, type TakenRecording, takeDeclared, takeHour } from '../../../shared/domain/take-recording.ts';
import { aFacility, aRecording, beijing, DAY_MS, floor, HOUR_MS, MINUTE_MS, NOW } from '../../support/rows.ts';

const zone = 'Asia/Shanghai';
const camera = { id: 'cam-1', box: 'b1', areas: ['play'], installedAtMs: beijing('2025-01-01 00:00') };
const oneDay = '2026-02-20';
const eight = beijing(`${oneDay} 08:00`);

const take = (report: RecordingReport, receivedMs = NOW): TakenRecording => ({ report, receivedMs, isRepeat: false });

/** As the receiver does: each report into the day of its hour, and what it declares into the day of its reception. */
const daysOf = (all: readonly TakenRecording[], before: readonly HeldDay[] = []): readonly HeldDay[] => {
  const days = new Map(before.map((day) => [day.day, day]));
  const put = (day: HeldDay | undefined): void => {
    if (day !== undefined) days.set(day.day, day);
  };
  for (const taken of all) {
    const receivedOn = civilDayOf(taken.receivedMs, zone);
    put(takeDeclared(days.get(receivedOn), taken, receivedOn));
    const day = civilDayOf(taken.report.hourMs, zone);
    put(takeHour(days.get(day), taken, day, civilDayInterval(day, zone).toMs));
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
};

const statesOn = (days: readonly HeldDayFacts[], holds: readonly HoldOrder[] = [], nowMs = NOW, on = oneDay) => {
  const duty = { camera, facility: aFacility(), pack: floor, nowMs };
  const [found] = cameraDays(duty, factsOfHeldDays(days, { holds }), [on]);
  const each = Object.entries(found?.ms ?? {}) as [CameraDayState, number][];
  return Object.fromEntries(each.filter(([, ms]) => ms > 0).map(([state, ms]) => [state, ms / MINUTE_MS]));
};

const upTo = (minutes: number) => [{ fromMs: eight, toMs: eight + minutes * MINUTE_MS }];
const deleting = (reason: DeletionReason, id = 'r2'): RecordingReport =>
  aRecording(id, eight + HOUR_MS, { deletions: [{ fromMs: eight, toMs: eight + 15 * MINUTE_MS, reason }] });

describe('when an hour was heard of', () => {
  const end = eight + HOUR_MS;

  it('tells held from held late: at two hours after its end it is held, a millisecond later it is late', () => {
    const heardAfter = (ms: number) => statesOn(daysOf([take(aRecording('r1', eight), end + ms)]));
    expect(heardAfter(2 * HOUR_MS)).toMatchObject({ held: 60 });
    expect(heardAfter(2 * HOUR_MS + 1)).toMatchObject({ 'held-late': 60 });
  });

  it('is kept for the part that a later report adds, and the first report keeps its own', () => {
    const first = take(aRecording('r1', eight, { recorded: upTo(40) }), end + MINUTE_MS);
    const more = take(aRecording('r2', eight, { recorded: upTo(60) }), end + DAY_MS);
    const days = daysOf([first, more]);
    expect(statesOn(days)).toMatchObject({ held: 40, 'held-late': 20 });
    expect(statesOn(days, [], end + 3 * HOUR_MS)).toMatchObject({ held: 40, lost: 20 });
    expect(daysOf([more, first])).toEqual(days.map((day) => ({ ...day, revision: expect.any(Number) })));
  });

  it('is the first time, however often it is told again', () => {
    const report = aRecording('r1', eight);
    const [once] = daysOf([take(report, end)]);
    expect(takeHour(once, take(report, NOW), oneDay)).toBeUndefined();
    expect(takeHour(once, take({ ...report, id: 'r9' }, NOW), oneDay)).toBeUndefined();
    expect(takeHour(once, { ...take(report, NOW), isRepeat: true }, oneDay)).toBeUndefined();
    const earlier = takeHour(once, take(report, end - 1), oneDay);
    expect(earlier).toMatchObject({ receptions: [{ hourMs: eight, receivedAtMs: end - 1 }], revision: 2 });
  });

  it('is not made up for a day that was kept without: nothing of it is late, what comes from now on is', () => {
    const hour = { fromMs: eight, toMs: end };
    const old: HeldDay = {
      camera: 'cam-1',
      day: oneDay,
      recorded: upTo(40),
      reported: [hour],
      oldestRetrievableAtMs: eight - 40 * DAY_MS,
      reportedAtMs: end,
      revision: 7,
    };
    expect(takeHour(old, take(aRecording('r1', eight, { recorded: upTo(40) })), oneDay)).toBeUndefined();
    expect(statesOn([old])).toMatchObject({ held: 40, lost: 20 });
    const days = daysOf([take(aRecording('r1', eight)), take(aRecording('r2', end))], [old]);
    expect(days).toMatchObject([{ oldestRetrievableAtMs: eight - 40 * DAY_MS, revision: 9 }]);
    expect(statesOn(days)).toMatchObject({ held: 40, 'held-late': 80 });
  });

  it('also dates the claim of how far the recorder reaches', () => {
    const claims = (id: string, hourMs: number, oldestMs: number) =>
      aRecording(id, hourMs, { oldestRetrievableAtMs: oldestMs });
    const first = take(claims('r1', eight, eight - DAY_MS), end);
    const secondAtMs = end + 3 * HOUR_MS;
    const second = take(claims('r2', end, eight + 30 * MINUTE_MS), secondAtMs);
    const days = daysOf([first, second]);
    expect(days).toMatchObject([{ claimReceivedAtMs: secondAtMs }]);
    expect(daysOf([second, first])).toMatchObject([{ claimReceivedAtMs: secondAtMs }]);
    expect(statesOn(days, [], secondAtMs)).toMatchObject({ held: 90, lost: 510 });
    // Before the second one came, nobody knew that anything was gone.
    const { held, lost } = statesOn(days, [], secondAtMs - 1) as Record<string, number>;
    expect([held, lost]).toEqual([60, undefined]);
  });
});

describe('a declared deletion', () => {
  const film = take(aRecording('r1', eight), eight + HOUR_MS);
  const days = (reason: DeletionReason, receivedMs = NOW - DAY_MS) =>
    daysOf([film, take(deleting(reason), receivedMs)]);

  it.each(deletionReasons)('for %s is excused only if that is permitted, else it is lost', (reason) => {
    const isPermitted = reason === 'authority-order' || reason === 'erasure-request';
    const { lost, declared } = statesOn(days(reason)) as Record<string, number>;
    expect([lost, declared]).toEqual(isPermitted ? [undefined, 15] : [15, undefined]);
  });

  it('is kept on the day on which we heard of it, by our clock', () => {
    const receivedMs = NOW - DAY_MS;
    expect(days('authority-order').map(({ day, deletions }) => [day, deletions])).toEqual([
      [oneDay, undefined],
      [
        civilDayOf(receivedMs, zone),
        [{ fromMs: eight, toMs: eight + 15 * MINUTE_MS, reason: 'authority-order', receivedAtMs: receivedMs }],
      ],
    ]);
  });

  it('does not excuse what an order held when we heard of it, whatever the box says', () => {
    const receivedMs = NOW - DAY_MS;
    const order = (orderedAtMs: number) => [
      { fromMs: eight, toMs: eight + HOUR_MS, orderedAtMs, untilMs: NOW + DAY_MS },
    ];
    expect(statesOn(days('authority-order'), order(receivedMs))).toMatchObject({ lost: 15 });
    expect(statesOn(days('authority-order'), order(receivedMs + 1))).toMatchObject({ declared: 15 });
  });

  it('that is sent again after midnight counts once, as it was first heard', () => {
    const order = [{ fromMs: eight, toMs: eight + HOUR_MS, orderedAtMs: NOW - DAY_MS + 1, untilMs: NOW + DAY_MS }];
    const again = daysOf([
      film,
      take(deleting('authority-order'), NOW),
      take(deleting('authority-order'), NOW - DAY_MS),
    ]);
    expect(again.filter((day) => day.deletions)).toHaveLength(2);
    expect(statesOn(again, order)).toMatchObject({ declared: 15 });
  });

  it('is in the days once, and stays when hours are merged into the day after it', () => {
    const report = deleting('by-mistake');
    const [day] = daysOf([take(report, eight + 3 * HOUR_MS)]);
    expect(takeDeclared(day, take(report, NOW), oneDay)).toBeUndefined();
    const later = takeHour(day, take(aRecording('r5', eight + 5 * HOUR_MS)), oneDay);
    expect(later?.deletions).toEqual(day?.deletions);
    expect(later?.deletions).toHaveLength(1);
  });

  it('without a permitted reason is missing in the verdict too; with one it is not', () => {
    const found = (reason: DeletionReason) =>
      findRetention(camera, days(reason), aFacility(), floor, NOW).missingMs / MINUTE_MS;
    expect(found('by-mistake')).toBe(15);
    expect(found('erasure-request')).toBe(0);
  });

  it('with a permitted reason is missing in the verdict too, where an order held it when we heard of it', () => {
    const order = { id: 'hold-1', camera: camera.id, fromMs: eight, toMs: eight + HOUR_MS, by: 'auditor' as const };
    const found = (ordered: {
      readonly orderedAtMs: number;
      readonly untilMs: number;
      readonly releasedAtMs?: number;
    }) =>
      findRetention(camera, days('erasure-request'), aFacility({ legalHolds: [{ ...order, ...ordered }] }), floor, NOW)
        .missingMs / MINUTE_MS;
    const heardMs = days('erasure-request').flatMap(({ deletions = [] }) => deletions)[0]?.receivedAtMs ?? 0;
    expect(found({ orderedAtMs: heardMs, untilMs: NOW + DAY_MS })).toBe(15);
    expect(found({ orderedAtMs: heardMs + 1, untilMs: NOW + DAY_MS })).toBe(0);
    expect(found({ orderedAtMs: eight, untilMs: heardMs })).toBe(0);
    expect(found({ orderedAtMs: eight, untilMs: NOW + DAY_MS, releasedAtMs: heardMs })).toBe(0);
  });
});

describe('an order that a box confirms', () => {
  it('is known from when we first heard of it', () => {
    const hold = { hold: 'order-1', fromMs: eight, toMs: eight + HOUR_MS };
    const confirming = (id: string, receivedMs: number) =>
      take(aRecording(id, eight, { confirmedHolds: [hold] }), receivedMs);
    const days = daysOf([confirming('r2', NOW), confirming('r1', NOW - DAY_MS), confirming('r3', NOW - 60_000)]);
    expect(holdsConfirmedIn(days)).toEqual([{ ...hold, receivedAtMs: NOW - DAY_MS }]);
  });
});

describe('what the recorder said that it reaches', () => {
  it('is known as of midnight, though the last hour of the day is reported after it', () => {
    const midnightMs = beijing('2026-02-21 00:00');
    const saying = (id: string, time: string, oldestMs: number, receivedMs: number) =>
      take(aRecording(id, beijing(`2026-02-20 ${time}`), { oldestRetrievableAtMs: oldestMs }), receivedMs);
    const noon = saying('r1', '12:00', eight, beijing('2026-02-20 13:01'));
    const evening = saying('r2', '22:00', eight + 30 * MINUTE_MS, midnightMs - 1);
    const last = saying('r3', '23:00', eight + 60 * MINUTE_MS, midnightMs);
    const reachAt = (days: readonly HeldDay[], nowMs: number) =>
      recordingsSaid(factsOfHeldDays(days), eight - DAY_MS, nowMs).oldestRetrievableAtMs;
    for (const order of [
      [noon, evening, last],
      [last, evening, noon],
      [evening, last, noon, evening],
    ]) {
      const days = daysOf(order);
      expect(reachAt(days, midnightMs - 1)).toBe(eight + 30 * MINUTE_MS);
      expect(reachAt(days, midnightMs)).toBe(eight + 60 * MINUTE_MS);
    }
    // Kept once only, as long as the one that counts came before midnight.
    expect(daysOf([noon, evening])[0]).not.toHaveProperty('claimAtEnd');
  });
});

describe('any order of merging', () => {
  const minute = fc.integer({ min: 0, max: 60 });
  const aReport = fc.record({
    hour: fc.integer({ min: 0, max: 5 }),
    pieces: fc.array(fc.tuple(minute, minute), { maxLength: 3 }),
    receivedAfter: fc.constantFrom(0, 1, 60, 120, 121, 200, 24 * 60, 30 * 60),
    madeAfter: fc.integer({ min: 0, max: 3 }),
    claim: fc.option(fc.integer({ min: -10, max: 6 })),
    deletion: fc.option(
      fc.record({
        from: fc.nat(300),
        length: fc.integer({ min: 1, max: 90 }),
        reason: fc.constantFrom(...deletionReasons),
      }),
    ),
    hold: fc.option(fc.constantFrom('order-1', 'order-2')),
  });
  const reports = fc.array(aReport, { minLength: 1, maxLength: 8 }).map((seeds) =>
    seeds.map(({ hour, pieces, receivedAfter, madeAfter, claim, deletion, hold }, n): TakenRecording => {
      // Around midnight, so that two days take part.
      const hourMs = beijing('2026-02-20 21:00') + hour * HOUR_MS;
      const recorded = pieces.map(([from, to]) => ({
        fromMs: hourMs + from * MINUTE_MS,
        toMs: hourMs + to * MINUTE_MS,
      }));
      const fromMs = beijing('2026-02-20 21:00') + (deletion?.from ?? 0) * MINUTE_MS;
      const toMs = fromMs + (deletion?.length ?? 0) * MINUTE_MS;
      const report = aRecording(`r${n}`, hourMs, {
        timeMs: hourMs + HOUR_MS + madeAfter,
        recorded: recorded.filter((one) => one.fromMs < one.toMs),
        ...(claim !== null && { oldestRetrievableAtMs: beijing('2026-02-20 21:00') + claim * HOUR_MS }),
        ...(deletion !== null && { deletions: [{ fromMs, toMs, reason: deletion.reason }] }),
        ...(hold !== null && { confirmedHolds: [{ hold, fromMs: hourMs, toMs: hourMs + HOUR_MS }] }),
      });
      return take(report, hourMs + HOUR_MS + receivedAfter * MINUTE_MS);
    }),
  );
  const shuffled = reports.chain((all) =>
    fc.record({
      all: fc.constant(all),
      merged: fc.array(fc.nat(all.length - 1), { maxLength: 12 }).chain((again) =>
        fc.shuffledSubarray([...all, ...again.flatMap((n) => all[n] ?? [])], {
          minLength: all.length + again.length,
        }),
      ),
    }),
  );
  const said = (days: readonly HeldDay[]) => days.map(({ revision: _r, reportedAtMs: _m, ...day }) => day);

  it('and any repeat leaves the same days', () => {
    fc.assert(
      fc.property(shuffled, ({ all, merged }) => {
        expect(said(daysOf(merged))).toEqual(said(daysOf(all)));
      }),
      { numRuns: 300 },
    );
  });

  it('and the days say of every instant what the reports themselves say', () => {
    const hold = {
      fromMs: beijing('2026-02-20 22:00'),
      toMs: beijing('2026-02-21 01:00'),
      orderedAtMs: beijing('2026-02-21 02:30'),
      untilMs: NOW,
    };
    const duty = (nowMs: number) => ({ camera, facility: aFacility(), pack: floor, nowMs });
    const asOf = fc.constantFrom(
      ...[3, 4, 5, 8, 24, 30, 48].map((hours) => beijing('2026-02-20 21:00') + hours * HOUR_MS),
      NOW,
    );
    fc.assert(
      // A day keeps one claim: without claims the days and the reports say the same of all instants.
      fc.property(shuffled, asOf, ({ all, merged }, nowMs) => {
        const plain = (taken: TakenRecording): TakenRecording => {
          const { oldestRetrievableAtMs: _claim, ...report } = taken.report;
          return { ...taken, report };
        };
        const direct = {
          reports: all.map(({ report, receivedMs }) => ({
            reported: [{ fromMs: report.hourMs, toMs: report.hourMs + HOUR_MS }],
            recorded: report.recorded,
            hourEndMs: report.hourMs + HOUR_MS,
            receivedAtMs: receivedMs,
          })),
          deletions: all.flatMap(({ report, receivedMs: receivedAtMs }) =>
            (report.deletions ?? []).map((one) => ({ ...one, receivedAtMs })),
          ),
          holds: [hold],
        };
        const days = ['2026-02-20', '2026-02-21'];
        const kept = factsOfHeldDays(daysOf(merged.map(plain)), { holds: [hold] });
        expect(cameraDays(duty(nowMs), kept, days)).toEqual(cameraDays(duty(nowMs), direct, days));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a day', () => {
  it('takes 240 pieces of an hour and not one more', () => {
    const pieces = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ fromMs: eight + n * 2, toMs: eight + n * 2 + 1 }));
    const fits = (count: number) =>
      daysOf([take(aRecording('r1', eight, { recorded: pieces(count) }))]).map(fitsItsDay);
    expect([fits(240), fits(241)]).toEqual([[true], [false]]);
  });

  it('takes an hour in 16 receptions and 200 deletions, and not one more', () => {
    const receptions = (count: number) =>
      daysOf(
        Array.from({ length: count }, (_, n) => take(aRecording(`r${n}`, eight, { recorded: upTo(n + 1) }), NOW + n)),
      );
    expect([receptions(16), receptions(17)].map((days) => days.every(fitsItsDay))).toEqual([true, false]);
    const deletions = (count: number) =>
      daysOf([
        take(
          aRecording('r1', eight, {
            deletions: Array.from({ length: count }, (_, n) => ({
              fromMs: n,
              toMs: n + 1,
              reason: 'by-mistake' as const,
            })),
          }),
        ),
      ]);
    expect([deletions(200), deletions(201)].map((days) => days.every(fitsItsDay))).toEqual([true, false]);
  });
});
