import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import type { Gap } from '../../../shared/domain/gap.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { openTechnical } from '../../../shared/domain/incidents/open.ts';
import { foldRecordsAt, type Recorded, recompute, rowFromRecords } from '../../../shared/domain/recompute.ts';
import type { FacilityVitals } from '../../../shared/domain/vitals.ts';
import { aBox, aCheck, aFacility, aFacilityRow, aRecording, beijing, floor, rowsOf } from '../../support/rows.ts';

/** In service since the day before, so that nothing but its daily checks is due yet. */
const facility = aFacility({
  state: { is: 'in-service', sinceMs: beijing('2026-03-02 00:00') },
  areas: [],
  cameras: [],
});
const END_MS = beijing('2026-03-03 00:00') - 1;
const NOW_MS = beijing('2026-03-03 08:00');
const morning = { report: aCheck('m', '2026-03-02'), receivedMs: beijing('2026-03-02 09:00') };
const noon = {
  report: aCheck('n', '2026-03-02', { session: 'noon' }),
  receivedMs: beijing('2026-03-02 13:00'),
};
const closing = {
  report: {
    id: 'c',
    timeMs: 0,
    kind: 'closing' as const,
    doneAtMs: beijing('2026-03-02 18:10'),
    counts: { childrenIn: 10, childrenOut: 10 },
  },
  receivedMs: beijing('2026-03-02 18:11'),
};

const nothing: Recorded = { checks: [], logs: [], recordings: [], gaps: [], incidents: [] };
const wholeDay: Recorded = { ...nothing, checks: [morning, noon], logs: [closing] };
const folded: FacilityVitals = aFacilityRow({
  checks: {
    bees: {
      morning: { day: '2026-03-02', atMs: morning.receivedMs },
      noon: { day: '2026-03-02', atMs: noon.receivedMs },
    },
  },
  doneAtMs: { closing: closing.report.doneAtMs },
  closing: { day: '2026-03-02', atMs: closing.report.doneAtMs, childrenIn: 10, childrenOut: 10 },
});

const differences = (recorded: Recorded, row: FacilityVitals = folded, of: Facility = facility, atMs = END_MS) =>
  recompute({
    facility: of,
    rows: rowsOf({ facility: row, boxes: [aBox({ beatAtMs: NOW_MS - 1_000 })], coverage: [] }),
    recorded,
    packAt: () => floor,
    atMs,
    nowMs: NOW_MS,
  }).map(({ what, about, kept, recomputed }) => `${what} ${about}: ${kept} / ${recomputed}`);

const opened = (sinceMs: number, over: Partial<Incident> = {}): Incident => ({
  ...openTechnical(
    { rule: 'morning-check', subject: 'class/bees', finding: 'breached', reason: 'no-check-logged', sinceMs },
    facility,
    floor,
    sinceMs,
  ),
  ...over,
});

describe('a day recomputed from the records alone', () => {
  it('has no difference where every report was folded', () => {
    expect(differences(wholeDay)).toEqual([]);
  });

  it('shows a fold that was lost', () => {
    const { noon: _lost, ...kept } = folded.checks.bees ?? {};
    expect(differences(wholeDay, { ...folded, checks: { bees: kept } })).toEqual([
      expect.stringMatching(/^fold checks: .*"morning".* \/ .*"noon"/),
    ]);
    const { closing: _closing, doneAtMs: _done, ...without } = folded;
    expect(differences(wholeDay, without).map((line) => line.split(':')[0])).toEqual(['fold doneAtMs', 'fold closing']);
  });

  it('shows a fold that no record made', () => {
    expect(differences({ ...wholeDay, logs: [] }).map((line) => line.split(':')[0])).toContain('fold closing');
    expect(differences({ ...wholeDay, checks: [] })).toContainEqual(expect.stringMatching(/^fold checks: .* \/ \{\}$/));
  });

  it('shows a check that nobody logged and nobody was told of', () => {
    const row = { ...folded, checks: { bees: { noon: { day: '2026-03-02', atMs: noon.receivedMs } } } };
    const missed = differences({ ...wholeDay, checks: [noon] }, row);
    expect(missed).toEqual([
      'verdict morning-check class/bees: no incident / breached since 2026-03-02T01:30:00.000Z (no-check-logged)',
    ]);
    const told = { ...wholeDay, checks: [noon], incidents: [opened(beijing('2026-03-02 09:30'))] };
    expect(differences(told, row)).toEqual([]);
  });

  it('shows an incident that the records do not bear out at that instant, and none that was over by then', () => {
    const sinceMs = beijing('2026-03-02 09:30');
    const standing = opened(sinceMs);
    expect(differences({ ...wholeDay, incidents: [standing] })).toEqual([
      `verdict morning-check class/bees: ${standing.id} / met (checked)`,
    ]);
    const over = opened(sinceMs, { state: 'closed', endedAtMs: beijing('2026-03-02 10:00') });
    expect(differences({ ...wholeDay, incidents: [over] })).toEqual([]);
  });

  it('knows at that instant only what had arrived by then', () => {
    const late = { ...morning, receivedMs: beijing('2026-03-03 07:00') };
    const recorded = { ...wholeDay, checks: [noon, late] };
    const row = rowFromRecords(recorded, facility, () => floor, END_MS);
    expect(row.checks.bees?.morning).toBeUndefined();
    const standing = opened(beijing('2026-03-02 09:30'), { state: 'closed', endedAtMs: late.receivedMs });
    const now = {
      ...folded,
      checks: { bees: { ...folded.checks.bees, morning: { day: '2026-03-02', atMs: late.receivedMs } } },
    };
    expect(differences({ ...recorded, incidents: [standing] }, now)).toEqual([]);
  });

  it('shows a recorded silence without its incident', () => {
    const gap: Gap = {
      facilityId: 'f1',
      rule: 'monitoring-running',
      subject: 'box/b1',
      reason: 'no-beat',
      fromMs: beijing('2026-03-02 23:00'),
      breachedAtMs: beijing('2026-03-02 23:03'),
      toMs: beijing('2026-03-03 01:00'),
    };
    expect(differences({ ...wholeDay, gaps: [gap] })).toEqual([
      'verdict monitoring-running box/b1: no incident / breached since 2026-03-02T15:03:00.000Z (no-beat)',
    ]);
    expect(differences({ ...wholeDay, gaps: [{ ...gap, toMs: beijing('2026-03-02 23:30') }] })).toEqual([]);
  });

  it('merges the days of a camera anew from every hour, whatever their order', () => {
    const hours = ['10:00', '11:00', '12:00'].map((time, n) => {
      const hourMs = beijing(`2026-03-02 ${time}`);
      return { report: aRecording(`r${n}`, hourMs), receivedMs: hourMs + 3_700_000 };
    });
    const of = (recordings: Recorded['recordings']) =>
      foldRecordsAt({ ...nothing, recordings }, facility, END_MS).heldDays;
    const [first] = hours;
    expect(of(hours)).toMatchObject([
      { camera: 'cam-1', day: '2026-03-02', recorded: [{ fromMs: first?.report.hourMs }] },
    ]);
    expect(of([...hours].reverse())).toEqual(of(hours));
  });
});
