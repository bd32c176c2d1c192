import { describe, expect, it } from 'vitest';
import { assess } from '../../../shared/domain/assess.ts';
import { cameraTime } from '../../../shared/domain/camera-days.ts';
import { factsOfHeldDays, ordersOf } from '../../../shared/domain/camera-facts.ts';
import type { Facility, LegalHold } from '../../../shared/domain/facility.ts';
import { foldHolds } from '../../../shared/domain/fold-holds.ts';
import type { HeldDayFacts } from '../../../shared/domain/held-day.ts';
import {
  holdStateOf,
  holdsFor,
  MOST_HOLDS_ON_RECORD,
  MOST_OPEN_HOLDS,
  openHolds,
  orderedHolds,
  withHold,
  withRelease,
} from '../../../shared/domain/legal-holds.ts';
import { mendFolds } from '../../../shared/domain/mend-folds.ts';
import { judgeRetentionExceeded } from '../../../shared/domain/rules/retention-exceeded.ts';
import type { FacilityVitals } from '../../../shared/domain/vitals.ts';
import { aFacility, aFacilityRow, beijing, DAY_MS, floor, HOUR_MS, NOW, rowsOf } from '../../support/rows.ts';

const FROM = beijing('2026-02-20 08:00');
const TO = beijing('2026-02-20 10:00');
const ORDERED = NOW - 2 * HOUR_MS;
const anOrder = (more: Partial<LegalHold> = {}) => ({
  id: 'hold-1',
  camera: 'cam-1',
  fromMs: FROM,
  toMs: TO,
  orderedAtMs: ORDERED,
  untilMs: NOW + 30 * DAY_MS,
  by: 'police' as const,
  ...more,
});
const held = (...legalHolds: LegalHold[]): Facility => aFacility({ legalHolds });
const cameraOf = (facility: Facility) => {
  const [camera] = facility.cameras;
  if (camera === undefined) throw new Error('no camera');
  return camera;
};
const confirming = (receivedAtMs: number, fromMs = FROM, toMs = TO, hold = 'hold-1'): HeldDayFacts => ({
  day: '2026-03-02',
  recorded: [],
  reportedAtMs: receivedAtMs,
  confirmedHolds: [{ hold, fromMs, toMs, receivedAtMs }],
});
const fold = (row: Partial<FacilityVitals>, days: readonly HeldDayFacts[], facility = held(anOrder()), nowMs = NOW) =>
  foldHolds(aFacilityRow(row), cameraOf(facility), days, facility, floor, nowMs);

describe('an order to keep', () => {
  it('gets the next number, and stays on record with its end', () => {
    const { hold, legalHolds } = withHold(held(anOrder()), { ...anOrder(), by: 'auditor' }, NOW);
    expect(hold).toMatchObject({ id: 'hold-2', orderedAtMs: NOW, by: 'auditor' });
    const released = withRelease(aFacility({ legalHolds }), 'hold-1', 'health', NOW);
    expect(released).toEqual([{ ...anOrder(), releasedAtMs: NOW, releasedBy: 'health' }, hold]);
    expect(released.map((one) => holdStateOf(one, NOW))).toEqual(['released', 'open']);
    expect(withHold(aFacility({ legalHolds: released }), { ...anOrder() }, NOW).hold.id).toBe('hold-3');
  });

  it('is open to the last millisecond before its end', () => {
    const untilMs = NOW + DAY_MS;
    expect(holdStateOf(anOrder({ untilMs }), untilMs - 1)).toBe('open');
    expect(holdStateOf(anOrder({ untilMs }), untilMs)).toBe('expired');
    expect(openHolds(held(anOrder({ untilMs })), untilMs)).toEqual([]);
  });

  it('goes from the record only when there is no room, and never while it is open', () => {
    const over = Array.from({ length: MOST_HOLDS_ON_RECORD - 1 }, (_, n) =>
      anOrder({ id: `hold-${n + 2}`, releasedAtMs: NOW - n - 1 }),
    );
    const { legalHolds, hold } = withHold(held(anOrder(), ...over), anOrder(), NOW);
    expect(hold.id).toBe(`hold-${MOST_HOLDS_ON_RECORD + 1}`);
    expect(legalHolds).toHaveLength(MOST_HOLDS_ON_RECORD);
    expect(legalHolds.map(({ id }) => id)).toContain('hold-1');
    expect(legalHolds.map(({ id }) => id)).not.toContain(`hold-${MOST_HOLDS_ON_RECORD}`);
  });

  it('is told to the box of its camera, and to no other; one of before orders had a route is told to none', () => {
    const facility = held(anOrder(), { camera: 'cam-1', untilMs: NOW + DAY_MS });
    expect(holdsFor(facility, 'b1', NOW)).toEqual([
      { hold: 'hold-1', camera: 'cam-1', fromMs: FROM, toMs: TO, untilMs: NOW + 30 * DAY_MS },
    ]);
    expect(holdsFor(facility, 'b2', NOW)).toEqual([]);
    expect(orderedHolds(facility)).toHaveLength(1);
  });

  it('is about its interval, from its order to its release, for whoever judges the camera', () => {
    const released = anOrder({ releasedAtMs: NOW });
    const order = { id: 'hold-1', fromMs: FROM, toMs: TO, orderedAtMs: ORDERED };
    expect(ordersOf(held(anOrder(), released), 'cam-1', NOW)).toEqual([
      { ...order, untilMs: NOW + 30 * DAY_MS },
      { ...order, untilMs: NOW },
    ]);
    expect(ordersOf(held(anOrder()), 'cam-2', NOW)).toEqual([]);
  });
});

describe('an order that no box confirms', () => {
  const verdictOf = (facility: Facility, nowMs: number, row: Partial<FacilityVitals> = {}) =>
    assess(rowsOf({ facility: aFacilityRow(row) }), facility, floor, nowMs).verdicts.find(
      ({ subject }) => subject === 'hold/hold-1',
    );
  const sinceMs = ORDERED + DAY_MS;

  it('is a finding from the pack’s time after the order on, and not a millisecond earlier', () => {
    expect(verdictOf(held(anOrder()), sinceMs - 1)).toMatchObject({ state: 'met', reason: 'within-grace' });
    expect(verdictOf(held(anOrder()), sinceMs)).toMatchObject({
      rule: 'retention-held',
      state: 'breached',
      reason: 'hold-not-confirmed',
      sinceMs,
    });
  });

  it('is none once it is confirmed, released, expired, or was filed before there was a route', () => {
    const confirmed = { holdsConfirmed: { 'hold-1': NOW } };
    expect(verdictOf(held(anOrder()), sinceMs, confirmed)).toMatchObject({ state: 'met', reason: 'hold-confirmed' });
    expect(verdictOf(held(anOrder({ releasedAtMs: NOW })), sinceMs)).toBeUndefined();
    expect(verdictOf(held(anOrder({ untilMs: sinceMs })), sinceMs)).toBeUndefined();
    const filed = assess(rowsOf(), held({ camera: 'cam-1', untilMs: NOW + DAY_MS }), floor, NOW).verdicts;
    expect(filed.filter(({ subject }) => subject.startsWith('hold/'))).toEqual([]);
  });
});

describe('film that an order holds', () => {
  const deleting = (receivedAtMs: number, fromMs = FROM, toMs = FROM + 1): HeldDayFacts => ({
    day: '2026-03-02',
    recorded: [],
    reportedAtMs: receivedAtMs,
    deletions: [{ fromMs, toMs, reason: 'authority-order', receivedAtMs }],
  });

  it('and that is deleted is a breach until the order is over, however little it is and whatever the reason', () => {
    const row = { holdsConfirmed: { 'hold-1': ORDERED + 1 } };
    const change = fold(row, [deleting(NOW - 1), deleting(NOW)]);
    expect(change).toEqual({
      patch: { ...row, holdsBroken: { 'hold-1': NOW - 1 }, judgeFromMs: NOW },
      gaps: [],
    });
    const after = aFacilityRow({ ...change?.patch });
    expect(fold(after, [deleting(NOW - 1)])).toBeUndefined();
    const verdict = (nowMs: number) =>
      assess(rowsOf({ facility: after }), held(anOrder()), floor, nowMs).verdicts.find(
        ({ subject }) => subject === 'hold/hold-1',
      );
    const sinceMs = NOW - 1;
    expect(verdict(NOW)).toMatchObject({ state: 'breached', reason: 'held-film-deleted', sinceMs });
    expect(verdict(anOrder().untilMs)).toBeUndefined();
    expect(fold(after, [], held(anOrder({ releasedAtMs: NOW })))?.patch.holdsBroken).toEqual({});
    // A confirmation that comes after all does not end it.
    const late = ORDERED + DAY_MS + HOUR_MS;
    const broken = { holdsBroken: { 'hold-1': sinceMs } };
    expect(fold(broken, [confirming(late)], held(anOrder()), late)?.gaps).toEqual([]);
  });

  it('is not what was deleted before the order or after it, beside it, or before the camera', () => {
    const { installedAtMs } = cameraOf(aFacility());
    for (const [what, order] of [
      [deleting(ORDERED - 1), {}],
      [deleting(NOW), { releasedAtMs: NOW }],
      [deleting(NOW, FROM - 1, FROM), {}],
      [deleting(NOW, TO, TO + 1), {}],
      [deleting(NOW, installedAtMs - DAY_MS, installedAtMs), { fromMs: installedAtMs - DAY_MS }],
    ] as const) {
      expect(fold({}, [what], held(anOrder(order)))).toBeUndefined();
    }
    expect(fold({}, [deleting(ORDERED, TO - 1, TO)])?.patch.holdsBroken).toEqual({ 'hold-1': ORDERED });
  });

  it('is told of every order that held it, and none is written anew each hour', () => {
    const orders = Array.from({ length: MOST_OPEN_HOLDS }, (_, n) => anOrder({ id: `hold-${n + 1}` }));
    const change = fold({}, [deleting(NOW)], held(...orders));
    expect(Object.keys(change?.patch.holdsBroken ?? {})).toHaveLength(MOST_OPEN_HOLDS);
    expect(fold({ ...change?.patch }, [deleting(NOW)], held(...orders))).toBeUndefined();
  });
});

describe('a confirmation', () => {
  it('is folded once, as we first heard it, and calls the sweep', () => {
    const change = fold({}, [confirming(NOW), confirming(NOW - 60_000)]);
    expect(change).toEqual({ patch: { holdsConfirmed: { 'hold-1': NOW - 60_000 }, judgeFromMs: NOW }, gaps: [] });
    expect(fold({ holdsConfirmed: { 'hold-1': NOW - 60_000 } }, [confirming(NOW)])).toBeUndefined();
  });

  it('counts when all that the order is about is confirmed, in however many pieces', () => {
    const half = FROM + HOUR_MS;
    expect(fold({}, [confirming(NOW, FROM, TO - 1)])).toBeUndefined();
    expect(fold({}, [confirming(NOW, half), confirming(NOW - 1, FROM, half)])?.patch.holdsConfirmed).toEqual({
      'hold-1': NOW,
    });
  });

  it('need not be of what was before the camera, and is of no order that was not given yet', () => {
    const before = anOrder({ fromMs: cameraOf(aFacility()).installedAtMs - DAY_MS });
    const whole = confirming(NOW, cameraOf(aFacility()).installedAtMs);
    expect(fold({}, [whole], held(before))?.patch.holdsConfirmed).toEqual({ 'hold-1': NOW });
    expect(fold({}, [confirming(ORDERED - 1)])).toBeUndefined();
    expect(fold({}, [confirming(NOW, FROM, TO, 'hold-9')])).toBeUndefined();
  });

  it('that came too late ends the breach with a gap', () => {
    const atMs = ORDERED + DAY_MS + HOUR_MS;
    const change = fold({}, [confirming(atMs)], held(anOrder()), atMs);
    const fromMs = ORDERED + DAY_MS;
    expect(change?.patch.judgeFromMs).toBe(fromMs);
    expect(change?.gaps).toEqual([
      {
        facilityId: 'f1',
        rule: 'retention-held',
        subject: 'hold/hold-1',
        reason: 'hold-not-confirmed',
        fromMs,
        toMs: atMs,
        breachedAtMs: fromMs,
      },
    ]);
  });

  it('leaves the row with its order', () => {
    const row = { holdsConfirmed: { 'hold-1': ORDERED + 1, 'hold-9': 1 } };
    expect(fold(row, [])?.patch.holdsConfirmed).toEqual({ 'hold-1': ORDERED + 1 });
    expect(fold(row, [], held(anOrder({ releasedAtMs: NOW })))?.patch.holdsConfirmed).toEqual({});
  });

  it('that a writer did not live to fold is made up from the records', () => {
    const facility = held(anOrder());
    const heldDays = [{ ...confirming(NOW - 1), camera: 'cam-1' }];
    const records = { checks: [], heldDays };
    const mended = mendFolds(aFacilityRow(), records, facility, () => floor, NOW);
    expect(mended?.patch.holdsConfirmed).toEqual({ 'hold-1': NOW - 1 });
    const again = aFacilityRow({ ...mended?.patch });
    expect(mendFolds(again, records, facility, () => floor, NOW)?.patch.holdsConfirmed).toBeUndefined();
  });
});

describe('footage under an order', () => {
  const old = beijing('2025-11-20 08:00');
  const order = anOrder({ fromMs: old, toMs: old + HOUR_MS, orderedAtMs: beijing('2025-12-01 00:00') });
  const hour = { fromMs: old, toMs: old + HOUR_MS };
  const filmed: HeldDayFacts = {
    day: '2025-11-20',
    recorded: [hour],
    reported: [hour],
    receptions: [{ hourMs: old, receivedAtMs: old + HOUR_MS, recorded: [hour] }],
    reportedAtMs: old + HOUR_MS,
  };
  /** The recorder reaches back ninety-five days: what the order is about lies before. */
  const reach: HeldDayFacts = {
    day: '2026-03-02',
    recorded: [],
    reported: [{ fromMs: NOW - HOUR_MS, toMs: NOW }],
    reportedAtMs: NOW,
    claimHourMs: NOW - HOUR_MS,
    claimReceivedAtMs: NOW,
    oldestRetrievableAtMs: NOW - 95 * DAY_MS,
  };
  const timeOf = (days: readonly HeldDayFacts[], hold: LegalHold, nowMs = NOW) => {
    const facility = held(hold);
    const facts = factsOfHeldDays(days, { holds: ordersOf(facility, 'cam-1', nowMs) });
    return cameraTime({ camera: cameraOf(facility), facility, pack: floor, nowMs }, facts, hour);
  };
  const confirmed = confirming(order.orderedAtMs + HOUR_MS, old, old + HOUR_MS);

  it('is there beyond the reach of the recorder if its box protects it, and lost if it does not', () => {
    expect(timeOf([filmed, reach, confirmed], order)['on-hold']).toEqual([hour]);
    expect(timeOf([filmed, reach], order).lost).toEqual([hour]);
    expect(timeOf([filmed, reach, confirming(NOW, old, old + 1)], order)['on-hold']).toEqual([]);
  });

  it('may go with the order', () => {
    const released = { ...order, releasedAtMs: NOW };
    expect(timeOf([filmed, reach, confirmed], released)['no-longer-due']).toEqual([hour]);
  });

  it('is not protected by what its box says after the recorder had dropped it', () => {
    const late = { ...confirmed, confirmedHolds: [{ hold: 'hold-1', ...hour, receivedAtMs: NOW }] };
    expect(timeOf([filmed, reach, late], order).lost).toEqual([hour]);
  });

  it('is not kept too long; what the order is not about is', () => {
    const oldest = NOW - 200 * DAY_MS - (NOW % DAY_MS);
    const judge = (hold: LegalHold) => {
      const facility = held(hold);
      return judgeRetentionExceeded(
        cameraOf(facility),
        aFacilityRow({ tooOld: { 'cam-1': oldest } }),
        facility,
        floor,
        NOW,
      );
    };
    const about = (fromMs: number, toMs: number) => anOrder({ fromMs, toMs });
    // The row knows the day of the oldest instant: the order may begin at any instant of it.
    expect(judge(about(oldest + DAY_MS - 1, oldest + DAY_MS))).toMatchObject({ state: 'met', reason: 'legal-hold' });
    expect(judge(about(oldest + DAY_MS, oldest + 2 * DAY_MS))).toMatchObject({ state: 'breached' });
    expect(judge(about(oldest - DAY_MS, oldest))).toMatchObject({ state: 'breached' });
  });
});
