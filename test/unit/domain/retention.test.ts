import { describe, expect, it } from 'vitest';
import type { Camera } from '../../../shared/domain/facility.ts';
import { type HeldDayFacts, mergeHeldDay } from '../../../shared/domain/held-day.ts';
import type { DeletionReason } from '../../../shared/domain/reports.ts';
import { findRetention, foldRetention, requiredInterval } from '../../../shared/domain/retention.ts';
import { judgeRetentionExceeded } from '../../../shared/domain/rules/retention-exceeded.ts';
import type { FacilityVitals } from '../../../shared/domain/vitals.ts';
import {
  aFacility,
  aFacilityRow,
  aRecording,
  beijing,
  DAY_MS,
  floor,
  HOUR_MS,
  MINUTE_MS,
  NOW,
} from '../../support/rows.ts';

const facility = aFacility();
const camera: Camera = { id: 'cam-1', box: 'b1', areas: ['play'], installedAtMs: beijing('2025-01-01 00:00') };
const young = (days: number): Camera => ({ ...camera, installedAtMs: NOW - days * DAY_MS });

/** The last hours, all recorded, by a recorder that can still play from `oldestMs`. */
const lately = (oldestMs: number | undefined, more: Partial<HeldDayFacts> = {}): HeldDayFacts => {
  const hours = { fromMs: NOW - 10 * HOUR_MS, toMs: NOW };
  return {
    day: '2026-03-02',
    recorded: [hours],
    reported: [hours],
    ...(oldestMs !== undefined && { oldestRetrievableAtMs: oldestMs }),
    reportedAtMs: NOW,
    ...more,
  };
};
const find = (days: readonly HeldDayFacts[], of = camera) => findRetention(of, days, facility, floor, NOW);

describe('what must be held', () => {
  it('are the last ninety days, but for the last two hours', () => {
    expect(requiredInterval(camera, facility, floor, NOW)).toEqual({
      fromMs: NOW - 90 * DAY_MS,
      toMs: NOW - 2 * HOUR_MS,
    });
  });

  it('starts at the installation of a younger camera', () => {
    expect(requiredInterval(young(30), facility, floor, NOW).fromMs).toBe(NOW - 30 * DAY_MS);
  });

  it('ends when the facility closed', () => {
    const closed = aFacility({ state: { is: 'closed', sinceMs: NOW - 10 * DAY_MS } });
    expect(requiredInterval(camera, closed, floor, NOW).toMs).toBe(NOW - 10 * DAY_MS);
  });
});

describe('a recorder', () => {
  it('that reaches back ninety days holds; the tolerance is an hour, not a millisecond more', () => {
    expect(find([lately(NOW - 90 * DAY_MS)]).state).toBe('held');
    expect(find([lately(NOW - 90 * DAY_MS + HOUR_MS)]).state).toBe('held');
    expect(find([lately(NOW - 90 * DAY_MS + HOUR_MS + 1)]).state).toBe('short');
  });

  it('that keeps thirty-five of ninety days is short, and its depth is told', () => {
    expect(find([lately(NOW - 35 * DAY_MS)])).toMatchObject({ state: 'short', depthDays: 35 });
  });

  it('that keeps thirty-five days of a camera thirty days old holds', () => {
    expect(find([lately(NOW - 35 * DAY_MS)], young(30)).state).toBe('held');
  });

  it('that does not tell how far it reaches is unknown, unless our own reports reach as far', () => {
    expect(find([lately(undefined)]).state).toBe('unknown');
    const sinceInstallation = { ...camera, installedAtMs: NOW - 10 * HOUR_MS };
    expect(find([lately(undefined)], sinceInstallation).state).toBe('held');
  });

  it('of which nothing was reported is unknown', () => {
    expect(find([])).toMatchObject({ state: 'unknown', reportedAtMs: 0 });
  });

  it('whose newest claim lies in the future does not count that claim', () => {
    const claims = [lately(NOW + DAY_MS), { ...lately(NOW - 90 * DAY_MS), day: '2026-03-01' }];
    expect(find(claims).state).toBe('held');
  });
});

describe('missing time', () => {
  const reported = { fromMs: NOW - 10 * HOUR_MS, toMs: NOW - 3 * HOUR_MS };
  const withHole = (lengthMs: number) =>
    find([
      lately(NOW - 95 * DAY_MS, {
        reported: [reported],
        recorded: [{ ...reported, fromMs: reported.fromMs + lengthMs }],
      }),
    ]);

  it('up to an hour is forgiven', () => {
    expect(withHole(HOUR_MS)).toMatchObject({ state: 'held', missingMs: HOUR_MS });
    expect(withHole(HOUR_MS + MINUTE_MS)).toMatchObject({ state: 'gaps', missingMs: HOUR_MS + MINUTE_MS });
  });

  it('is not where nobody reported: beyond an hour between two reports that is unknown, never held', () => {
    const reporting = (unsaidMs: number) => {
      const recorded = [
        { fromMs: NOW - 10 * HOUR_MS, toMs: NOW - 9 * HOUR_MS },
        { fromMs: NOW - 9 * HOUR_MS + unsaidMs, toMs: NOW - 3 * HOUR_MS },
      ];
      return lately(NOW - 95 * DAY_MS, { recorded, reported: recorded });
    };
    expect(find([reporting(HOUR_MS)])).toMatchObject({ state: 'held', missingMs: 0 });
    expect(find([reporting(HOUR_MS + 1)])).toMatchObject({ state: 'unknown', missingMs: 0, unsaid: true });
    const retired = { ...camera, retiredAtMs: NOW - 9 * HOUR_MS + HOUR_MS };
    expect(find([reporting(2 * HOUR_MS)], retired)).toMatchObject({ state: 'held' });
    const deletedFor = (reason: DeletionReason) => ({
      ...reporting(4 * HOUR_MS),
      deletions: [{ fromMs: NOW - 9 * HOUR_MS, toMs: NOW - 5 * HOUR_MS, reason, receivedAtMs: NOW }],
    });
    expect(find([deletedFor('erasure-request')])).toMatchObject({ state: 'held' });
    expect(find([deletedFor('by-mistake')])).toMatchObject({ state: 'unknown', unsaid: true });
  });

  it('is what was recorded once and can no longer be played', () => {
    const first = { fromMs: NOW - 10 * DAY_MS, toMs: NOW - 9 * DAY_MS };
    const days = [
      lately(NOW - 9 * DAY_MS),
      { ...lately(undefined), day: '2026-02-20', recorded: [first], reported: [first] },
    ];
    expect(find(days, young(9.9)).missingMs).toBe(DAY_MS - 0.1 * DAY_MS);
  });
});

describe('the fold of a camera into its facility’s vitals', () => {
  const short = find([lately(NOW - 35 * DAY_MS)]);
  const held = find([lately(NOW - 90 * DAY_MS)]);
  const fold = (row: FacilityVitals, finding: typeof held, nowMs = NOW) =>
    foldRetention(row, 'cam-1', finding, facility, floor, nowMs);
  const rowAfter = (row: FacilityVitals, finding: typeof held, nowMs = NOW): FacilityVitals => ({
    ...row,
    ...fold(row, finding, nowMs)?.patch,
  });

  it('of one that is held needs only the instant until which that is shown', () => {
    expect(fold(aFacilityRow(), held)?.patch).toMatchObject({
      retention: [],
      retentionHeld: { 'cam-1': NOW + 72 * HOUR_MS },
      judgeFromMs: NOW,
    });
  });

  it('of one that is short is a finding, dated when it was found', () => {
    const row = rowAfter(aFacilityRow(), short);
    expect(row.retention).toMatchObject([{ camera: 'cam-1', state: 'short', sinceMs: NOW, depthDays: 35 }]);
    expect(row.retentionHeld).toEqual({});
  });

  it('keeps its date from short to gaps, and does not end because nobody knows', () => {
    const row = rowAfter(aFacilityRow(), short);
    const later = NOW + DAY_MS;
    expect(rowAfter(row, { ...short, state: 'gaps', reportedAtMs: later }, later).retention).toMatchObject([
      { state: 'gaps', sinceMs: NOW },
    ]);
    expect(rowAfter(row, { ...short, state: 'unknown', reportedAtMs: later }, later).retention).toMatchObject([
      { state: 'short', sinceMs: NOW },
    ]);
  });

  it('ends where all that was spoken of is there, though nobody spoke of some hours', () => {
    const later = NOW + DAY_MS;
    const unsaid = { ...held, state: 'unknown', unsaid: true, reportedAtMs: later } as const;
    const row = rowAfter(aFacilityRow(), short);
    expect(fold(row, unsaid, later)?.gap).toMatchObject({ fromMs: NOW, toMs: later });
    const after = rowAfter(row, unsaid, later);
    expect(after.retention).toMatchObject([{ state: 'unknown', sinceMs: later, unsaid: true }]);
    // It reports: not to be told as a camera of which nobody ever heard.
    expect(judgeRetentionExceeded(camera, after, facility, floor, later)).toMatchObject({ reason: 'within-ceiling' });
  });

  it('records the breach that it ends, and marks the row from its start', () => {
    const row = { ...rowAfter(aFacilityRow(), short), judgeFromMs: undefined };
    const change = fold(row as never, { ...held, reportedAtMs: NOW + DAY_MS }, NOW + DAY_MS);
    expect(change?.gap).toMatchObject({
      rule: 'retention-held',
      subject: 'camera/cam-1',
      fromMs: NOW,
      toMs: NOW + DAY_MS,
      breachedAtMs: NOW,
    });
    expect(change?.patch.judgeFromMs).toBe(NOW);
  });

  it('is written seldom while a camera is fine: not before an eighth of the time that it may be silent', () => {
    const row = rowAfter(aFacilityRow(), held);
    expect(fold(row, { ...held, reportedAtMs: NOW + 9 * HOUR_MS - 1 }, NOW + 9 * HOUR_MS - 1)).toBeUndefined();
    expect(
      fold(row, { ...held, reportedAtMs: NOW + 9 * HOUR_MS }, NOW + 9 * HOUR_MS)?.patch.judgeFromMs,
    ).toBeUndefined();
    expect(fold(row, { ...held, reportedAtMs: NOW + 9 * HOUR_MS }, NOW + 9 * HOUR_MS)).toBeDefined();
  });

  it('holds sixteen findings, the oldest, and says that there are more', () => {
    const cameras = Array.from({ length: 17 }, (_, n) => ({ ...camera, id: `c${n}` }));
    const many = aFacility({ cameras });
    let row = aFacilityRow();
    cameras.forEach(({ id }, n) => {
      row = { ...row, ...foldRetention(row, id, short, many, floor, NOW + n)?.patch };
    });
    expect(row.retention.map((one) => one.camera)).toEqual(cameras.slice(0, 16).map((one) => one.id));
    expect(row.retentionOverflow).toBe(true);
    const deeper = { ...short, depthDays: short.depthDays + 1 };
    const [first = ''] = cameras.map(({ id }) => id);
    row = { ...row, ...foldRetention(row, first, deeper, many, floor, NOW + 100)?.patch };
    expect(row.retention).toHaveLength(16);
    expect(row.retentionOverflow).toBe(true);
    row = { ...row, ...foldRetention(row, first, held, many, floor, NOW + 200)?.patch };
    expect(row.retentionOverflow).toBe(false);
  });

  it('forgets cameras that the facility no longer has', () => {
    const row = aFacilityRow({
      retentionHeld: { gone: NOW },
      retention: [{ ...rowAfter(aFacilityRow(), short).retention[0], camera: 'gone-too' } as never],
    });
    expect(fold(row, held)?.patch).toMatchObject({ retention: [], retentionHeld: { 'cam-1': NOW + 72 * HOUR_MS } });
  });
});

describe('an hour of recording is merged into its day', () => {
  const hourMs = beijing('2026-03-02 08:00');
  const report = aRecording('r1', hourMs, {
    recorded: [{ fromMs: hourMs, toMs: hourMs + 40 * MINUTE_MS }],
    oldestRetrievableAtMs: 5,
  });
  const merge = (read: ReturnType<typeof mergeHeldDay>, of = report, receivedMs = NOW, isRepeat = false) =>
    mergeHeldDay(read, of, '2026-03-02', receivedMs, isRepeat);

  it('with what was recorded, and with the hour that was reported', () => {
    expect(merge(undefined)).toEqual({
      camera: 'cam-1',
      day: '2026-03-02',
      recorded: report.recorded,
      reported: [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }],
      oldestRetrievableAtMs: 5,
      claimHourMs: hourMs,
      claimTimeMs: report.timeMs,
      reportedAtMs: NOW,
      revision: 1,
    });
  });

  it('with the claim of the last hour, in whatever order they come', () => {
    const next = aRecording('r2', hourMs + HOUR_MS, { oldestRetrievableAtMs: 9 });
    const inOrder = merge(merge(undefined), next, NOW + HOUR_MS);
    const reversed = merge(merge(undefined, next, NOW), report, NOW + HOUR_MS);
    expect(inOrder).toMatchObject({ oldestRetrievableAtMs: 9, claimHourMs: next.hourMs });
    expect(reversed).toEqual(inOrder);
  });

  it('once, however often it is sent: a repeat of an old report is no news of the camera', () => {
    const once = merge(undefined);
    expect(merge(once, report, NOW + DAY_MS, true)).toBeUndefined();
    const newer = merge(once, aRecording('r2', hourMs + HOUR_MS, { oldestRetrievableAtMs: 9 }), NOW + HOUR_MS);
    expect(newer).toMatchObject({ oldestRetrievableAtMs: 9, revision: 2 });
    expect(merge(newer, report, NOW + DAY_MS, true)).toBeUndefined();
  });

  it('also if the first try died before it was merged', () => {
    expect(merge(undefined, report, NOW + MINUTE_MS, true)).toMatchObject({ recorded: report.recorded });
  });
});
