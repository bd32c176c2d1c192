import { describe, expect, it } from 'vitest';
import { type CameraDayState, type CameraDuty, cameraDays } from '../../../shared/domain/camera-days.ts';
import { type CameraFacts, ordersOf, type RecordingFact } from '../../../shared/domain/camera-facts.ts';
import type { Camera, Facility } from '../../../shared/domain/facility.ts';
import { retentionAnswers } from '../../../shared/domain/retention-answers.ts';
import type { Interval } from '../../../shared/domain/time.ts';
import { aFacility, beijing, DAY_MS, floor, HOUR_MS, MINUTE_MS, NOW } from '../../support/rows.ts';

const camera: Camera = { id: 'cam-1', box: 'b1', areas: ['play'], installedAtMs: beijing('2025-01-01 00:00') };
const dutyOf = (of: Partial<Camera> = {}, facility: Partial<Facility> = {}, nowMs = NOW): CameraDuty => ({
  camera: { ...camera, ...of },
  facility: aFacility(facility),
  pack: floor,
  nowMs,
});
const said = (reports: readonly RecordingFact[], more: Partial<CameraFacts> = {}): CameraFacts => ({
  reports,
  deletions: [],
  holds: [],
  ...more,
});
const span = (from: string, to: string): Interval => ({ fromMs: beijing(from), toMs: beijing(to) });

/** All of it was recorded and reported in time, by a recorder that still has it. */
const recorded = (from: string, to: string, more: Partial<RecordingFact> = {}): RecordingFact => {
  const one = span(from, to);
  return {
    reported: [one],
    recorded: [one],
    hourEndMs: one.toMs,
    receivedAtMs: one.toMs + MINUTE_MS,
    oldestRetrievableAtMs: beijing('2025-11-01 00:00'),
    ...more,
  };
};

/** Hours of each state on one day; those without any are left out. */
const hoursOn = (day: string, facts: CameraFacts, duty = dutyOf()): Partial<Record<CameraDayState, number>> =>
  Object.fromEntries(
    cameraDays(duty, facts, [day]).flatMap(({ ms }) =>
      Object.entries(ms)
        .filter(([, each]) => each > 0)
        .map(([state, each]) => [state, each / HOUR_MS]),
    ),
  );

describe('a day of a camera', () => {
  const day = '2026-02-20';

  it('is unknown while nobody says anything', () => {
    expect(hoursOn(day, said([]))).toEqual({ unknown: 24 });
  });

  it('is held where a report says recorded, and lost where it says nothing of its hour', () => {
    const reported = [span(`${day} 08:00`, `${day} 12:00`)];
    const receivedAtMs = beijing(`${day} 12:01`);
    expect(hoursOn(day, said([recorded(`${day} 08:00`, `${day} 11:00`, { reported, receivedAtMs })]))).toMatchObject({
      held: 3,
      lost: 1,
    });
  });

  it('is held late if the report came more than two hours after its hour, and held at two hours', () => {
    const [from, to] = [`${day} 08:00`, `${day} 09:00`];
    const takenAfter = (ms: number) => said([recorded(from, to, { receivedAtMs: beijing(to) + ms })]);
    expect(hoursOn(day, takenAfter(2 * HOUR_MS))).toMatchObject({ held: 1 });
    expect(hoursOn(day, takenAfter(2 * HOUR_MS + 1))).toMatchObject({ 'held-late': 1 });
  });

  it('is held if one report came in time, though another came late', () => {
    const late = recorded(`${day} 08:00`, `${day} 09:00`, { receivedAtMs: NOW });
    expect(hoursOn(day, said([late, recorded(`${day} 08:00`, `${day} 09:00`)]))).toMatchObject({ held: 1 });
  });

  it('is not held before the oldest instant that the recorder can play, and declared before our first report', () => {
    const oldestRetrievableAtMs = beijing(`${day} 06:00`);
    const facts = said([recorded(`${day} 08:00`, `${day} 12:00`, { oldestRetrievableAtMs })]);
    expect(hoursOn(day, facts)).toEqual({ lost: 6, declared: 2, held: 4, unknown: 12 });
  });

  it('is held without a claim of its recorder, and its depth is unknown', () => {
    const { oldestRetrievableAtMs: _none, ...silent } = recorded(`${day} 08:00`, `${day} 12:00`);
    expect(hoursOn(day, said([silent]))).toEqual({ held: 4, unknown: 20 });
    expect(retentionAnswers(dutyOf(), said([silent]), span(`${day} 00:00`, `${day} 24:00`)).depth).toEqual({
      is: 'unknown',
    });
  });

  it('is not held by a report from before it was recorded: a clock that jumped', () => {
    const facts = said([recorded(`${day} 08:00`, `${day} 12:00`, { receivedAtMs: beijing(`${day} 09:00`) })]);
    expect(hoursOn(day, facts)).toMatchObject({ held: 1, unknown: 15 });
  });

  it('is asked as of an instant: what came later is not looked at', () => {
    const facts = said([recorded(`${day} 08:00`, `${day} 09:00`, { receivedAtMs: NOW })]);
    expect(hoursOn(day, facts, dutyOf({}, {}, NOW - 1))).toEqual({ unknown: 24 });
  });
});

describe('a declared deletion', () => {
  const day = '2026-02-20';
  const hour = recorded(`${day} 08:00`, `${day} 09:00`);
  const deleted = (reason: 'authority-order' | 'space-needed', more: Partial<CameraFacts> = {}) =>
    said([hour], {
      deletions: [{ ...span(`${day} 08:00`, `${day} 08:30`), reason, receivedAtMs: beijing('2026-02-21 12:00') }],
      ...more,
    });
  const ordered = (on: string) => ({
    holds: [{ ...span(`${day} 00:00`, `${day} 12:00`), orderedAtMs: beijing(on), untilMs: NOW + DAY_MS }],
  });

  it('is declared for a permitted reason, and lost for another', () => {
    expect(hoursOn(day, deleted('authority-order'))).toMatchObject({ held: 0.5, declared: 8.5 });
    expect(hoursOn(day, deleted('space-needed'))).toMatchObject({ held: 0.5, lost: 0.5 });
  });

  it('is lost, whatever its reason, if there was an order to keep it; one that came later changes nothing', () => {
    expect(hoursOn(day, deleted('authority-order', ordered('2026-02-21 12:00')))).toMatchObject({ lost: 0.5 });
    expect(hoursOn(day, deleted('authority-order', ordered('2026-02-21 12:01')))).not.toHaveProperty('lost');
  });

  it('does not excuse what was never recorded', () => {
    const outage = said([{ ...hour, recorded: [] }], { deletions: deleted('authority-order').deletions });
    expect(hoursOn(day, outage)).toMatchObject({ lost: 1 });
  });
});

describe('an order to keep', () => {
  /** 102 days before NOW; the days are over. */
  const day = '2025-11-20';
  const hour = recorded(`${day} 08:00`, `${day} 09:00`);
  const order = (on: string) => ({
    holds: [{ ...span(`${day} 00:00`, `${day} 12:00`), orderedAtMs: beijing(on), untilMs: NOW + DAY_MS }],
  });

  it('makes what is older than the days due again; without one it is no longer due', () => {
    expect(hoursOn(day, said([hour]))).toEqual({ 'no-longer-due': 24 });
    expect(hoursOn(day, said([hour], order('2025-12-01 00:00')))).toMatchObject({ 'on-hold': 1, 'no-longer-due': 12 });
  });

  it('is broken by what had to be there when it was given; of what was over by then nobody knows', () => {
    const overwritten = { ...hour, oldestRetrievableAtMs: beijing('2025-11-20 08:30') };
    const facts = (on: string) => said([{ ...overwritten, receivedAtMs: NOW }], order(on));
    expect(hoursOn(day, facts('2025-12-01 00:00'))).toMatchObject({ 'on-hold': 0.5, lost: 8.5 });
    expect(hoursOn(day, facts('2026-02-25 00:00'))).toMatchObject({ 'on-hold': 0.5, unknown: 11.5 });
  });

  it('changes nothing inside the days', () => {
    const young = '2026-02-20';
    const holds = [{ ...span(`${young} 00:00`, `${young} 24:00`), orderedAtMs: NOW - DAY_MS, untilMs: NOW + DAY_MS }];
    expect(hoursOn(young, said([recorded(`${young} 08:00`, `${young} 09:00`)], { holds }))).toMatchObject({ held: 1 });
  });

  it('of the registry is about all that the camera has', () => {
    const facility = aFacility({ legalHolds: [{ camera: 'cam-1', untilMs: NOW + DAY_MS }] });
    const facts = said([hour], { holds: ordersOf(facility, 'cam-1', NOW) });
    expect(hoursOn(day, facts)).toMatchObject({ 'on-hold': 1 });
    expect(ordersOf(facility, 'cam-2', NOW)).toEqual([]);
  });
});

describe('the duty', () => {
  const day = '2026-02-20';
  const noon = beijing(`${day} 12:00`);

  it('begins at the installation', () => {
    expect(hoursOn(day, said([]), dutyOf({ installedAtMs: noon }))).toEqual({ 'not-yet-due': 12, unknown: 12 });
  });

  it('of a retired camera, and of a closed facility, runs on for what it had recorded', () => {
    const facts = said([recorded(`${day} 08:00`, `${day} 12:00`)]);
    const closed: Partial<Facility> = { state: { is: 'closed', sinceMs: noon } };
    for (const duty of [dutyOf({ retiredAtMs: noon }), dutyOf({}, closed)]) {
      expect(hoursOn(day, facts, duty)).toMatchObject({ held: 4, 'not-yet-due': 12 });
    }
    const later = noon + 90 * DAY_MS;
    expect(hoursOn(day, facts, dutyOf({ retiredAtMs: noon }, {}, later - 1))).toMatchObject({ held: 1 / HOUR_MS });
    expect(hoursOn(day, facts, dutyOf({ retiredAtMs: noon }, {}, later))).toEqual({
      'no-longer-due': 12,
      'not-yet-due': 12,
    });
  });

  it('does not yet concern the last two hours', () => {
    expect(hoursOn('2026-03-02', said([]))).toEqual({ unknown: 8, 'not-yet-due': 16 });
  });

  it('of a day of 25 hours is 25 hours long, and of a day that a zone skipped none', () => {
    const of = (zone: string, day: string, nowMs: number) =>
      cameraDays(dutyOf({ installedAtMs: 0 }, { calendar: { ...aFacility().calendar, zone } }, nowMs), said([]), [day]);
    expect(of('Europe/Berlin', '2025-10-26', Date.parse('2025-11-01T00:00:00Z'))).toMatchObject([
      { lengthMs: 25 * HOUR_MS, requiredMs: 25 * HOUR_MS },
    ]);
    expect(of('Pacific/Apia', '2011-12-30', Date.parse('2012-01-05T00:00:00Z'))).toMatchObject([
      { lengthMs: 0, requiredMs: 0 },
    ]);
  });
});

describe('depth, completeness and provenance are three answers', () => {
  const asked = span('2026-02-01 00:00', '2026-02-11 00:00');
  const answers = (reports: readonly RecordingFact[]) => retentionAnswers(dutyOf(), said(reports), asked);

  it('a recorder that reaches back far may have holes', () => {
    const more = { reported: [asked], hourEndMs: asked.toMs, receivedAtMs: asked.toMs };
    const { depth, completeness } = answers([recorded('2026-02-01 00:00', '2026-02-06 00:00', more)]);
    expect(depth).toMatchObject({ is: 'claimed', oldestRetrievableAtMs: beijing('2025-11-01 00:00') });
    expect(completeness).toMatchObject({ requiredMs: 10 * DAY_MS, ms: { held: 5 * DAY_MS, lost: 5 * DAY_MS } });
  });

  it('one that keeps half of it may be whole, and one may be whole by its own word alone', () => {
    const half = recorded('2026-02-06 00:00', '2026-02-11 00:00', {
      oldestRetrievableAtMs: beijing('2026-02-06 00:00'),
    });
    expect(answers([half]).completeness.ms).toMatchObject({ held: 5 * DAY_MS, lost: 5 * DAY_MS });
    expect(answers([half]).provenance).toMatchObject({ inTimeMs: 5 * DAY_MS, claimedMs: 5 * DAY_MS, nobodyMs: 0 });
    const word = recorded('2026-02-20 00:00', '2026-02-20 01:00');
    expect(answers([word]).completeness.ms).toMatchObject({ held: 0, declared: 10 * DAY_MS });
    expect(answers([word]).provenance).toMatchObject({ inTimeMs: 0, claimedMs: 10 * DAY_MS });
  });
});
