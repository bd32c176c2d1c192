import { OFFSET_AGREES_MS } from '../../../shared/domain/freshness.ts';
import { type AlarmReceipt, MOST_RECEIPTS } from '../../../shared/domain/notices/alarm-receipt.ts';
import type { BoxVitals, CoverageVitals, FacilityVitals } from '../../../shared/domain/vitals.ts';
import type { CandidateFilter, Patch, VitalsStore } from '../../../shared/ports/vitals-store.ts';
import { ByFacility } from './by-facility.ts';
import { logged } from './calls.ts';
import { ascending } from './pages.ts';

interface Moving {
  readonly liveKeys: Readonly<Record<string, number>>;
  readonly revision: number;
}

export interface MemoryVitals {
  readonly boxes: Map<string, BoxVitals>;
  readonly coverage: Map<string, CoverageVitals>;
  readonly facilities: Map<string, FacilityVitals>;
}

const rowKey = (facilityId: string, box: string): string => `${facilityId}/${box}`;

const isLower = (row: Moving, key: string, seq: number): boolean => {
  const last = row.liveKeys[key];
  return last !== undefined && last < seq;
};

/** Applies a patch: an `undefined` removes, what is not named stays, the revision is raised by one. */
const patched = <T extends { readonly revision: number }>(row: T, patch: object): T => {
  const next: Record<string, unknown> = { ...row, ...structuredClone(patch), revision: row.revision + 1 };
  for (const [name, value] of Object.entries(next)) if (value === undefined) delete next[name];
  return next as unknown as T;
};

const moved = <T extends Moving>(row: T, seq: { key: string; seq: number } | undefined): T =>
  seq ? { ...row, liveKeys: { ...row.liveKeys, [seq.key]: seq.seq } } : row;

const withKey = <T extends Moving>(row: T, key: string): T => ({
  ...row,
  liveKeys: { ...row.liveKeys, [key]: row.liveKeys[key] ?? -1 },
  revision: row.revision + 1,
});

const withoutKey = <T extends Moving>(row: T, key: string): T => {
  const { [key]: _gone, ...liveKeys } = row.liveKeys;
  return { ...row, liveKeys, revision: row.revision + 1 };
};

/** The vitals table in memory. `rows` shows (and lets a test plant) what is kept. */
export const memoryVitalsStore = (): VitalsStore & { readonly rows: MemoryVitals } => {
  const boxes = new ByFacility<BoxVitals>();
  const coverage = new ByFacility<CoverageVitals>();
  const facilities = new Map<string, FacilityVitals>();

  const candidateIds = (filter: CandidateFilter): readonly string[] => {
    const boxWorth = [...boxes.values()].filter(
      (row) => (row.silentAtMs !== undefined && row.silentAtMs <= filter.nowMs) || row.judgeFromMs !== undefined,
    );
    const coverageWorth = [...coverage.values()].filter((row) => row.judgeFromMs !== undefined);
    const facilityWorth = [...facilities.values()].filter(
      (row) =>
        row.dueAtMs <= filter.nowMs ||
        row.slot === filter.slot ||
        row.packSet !== filter.packSet ||
        row.judgeFromMs !== undefined,
    );
    return [...boxWorth, ...coverageWorth, ...facilityWorth]
      .map((row) => row.facilityId)
      .filter((id) => segmentOf(id, filter.segments) === filter.segment);
  };

  return logged({
    rows: { boxes, coverage, facilities },

    beat: async ({ facilityId, box, key, seq, nowMs, facts, offsetMs }) => {
      const row = boxes.get(rowKey(facilityId, box));
      if (!row || !isLower(row, key, seq)) return undefined;
      if (row.silentAtMs === undefined || row.silentAtMs <= nowMs || row.facts !== facts) return undefined;
      if (row.offsetMs === undefined || Math.abs(row.offsetMs - offsetMs) > OFFSET_AGREES_MS) return undefined;
      boxes.set(rowKey(facilityId, box), {
        ...row,
        liveKeys: { ...row.liveKeys, [key]: seq },
        beatAtMs: nowMs,
        silentAtMs: row.silentAfterMs + nowMs,
      });
      return { silentAfterMs: row.silentAfterMs, ...(row.receipts && { receipts: structuredClone(row.receipts) }) };
    },

    readBox: async (facilityId, box) => structuredClone(boxes.get(rowKey(facilityId, box))),

    patchBox: async (read, patch: Patch<BoxVitals>, seq) => {
      const row = boxes.get(rowKey(read.facilityId, read.box));
      if (!row || row.revision !== read.revision || row.beatAtMs !== read.beatAtMs) return false;
      if (seq && !isLower(row, seq.key, seq.seq)) return false;
      boxes.set(rowKey(read.facilityId, read.box), moved(patched(row, patch), seq));
      return true;
    },

    noteReceipt: async (facilityId, box, receipt) => {
      const row = boxes.get(rowKey(facilityId, box));
      if (row) boxes.set(rowKey(facilityId, box), { ...row, receipts: withReceipt(row.receipts ?? [], receipt) });
    },

    readCoverage: async (facilityId, box) => structuredClone(coverage.get(rowKey(facilityId, box))),

    patchCoverage: async (read, patch, seq) => {
      const row = coverage.get(rowKey(read.facilityId, read.box));
      if (!row || row.revision !== read.revision) return false;
      if (seq && !isLower(row, seq.key, seq.seq)) return false;
      coverage.set(rowKey(read.facilityId, read.box), moved(patched(row, patch), seq));
      return true;
    },

    readFacility: async (facilityId) => structuredClone(facilities.get(facilityId)),

    patchFacility: async (read, patch) => {
      const row = facilities.get(read.facilityId);
      if (!row || row.revision !== read.revision || row.registryVersion !== read.registryVersion) return false;
      facilities.set(read.facilityId, patched(row, patch));
      return true;
    },

    facilitySeen: async (facilityId, atMs) => {
      const row = facilities.get(facilityId);
      if (row && (row.headSeenAtMs ?? 0) < atMs) facilities.set(facilityId, { ...row, headSeenAtMs: atMs });
    },

    readRows: async (facilityId) => {
      const facility = facilities.get(facilityId);
      if (!facility) return undefined;
      const of = <T extends { facilityId: string; box: string }>(rows: ByFacility<T>): readonly T[] =>
        rows
          .of(facilityId)
          .map(([, row]) => row)
          .sort((a, b) => ascending(a.box, b.box));
      return structuredClone({ facility, boxes: of(boxes), coverage: of(coverage) });
    },

    candidates: async function* (filter) {
      const ids = candidateIds(filter);
      if (ids.length > 0) yield ids;
    },

    announceFacility: async (facilityId, registryVersion, slot) => {
      const row = facilities.get(facilityId);
      if (row && row.registryVersion > registryVersion) return;
      facilities.set(facilityId, {
        ...(row ?? { facilityId, slot, checks: {}, retention: [], retentionOverflow: false }),
        registryVersion,
        dueAtMs: 0,
        revision: (row?.revision ?? 0) + 1,
      });
    },

    announceBox: async (facilityId, box, silentAfterMs, nowMs) => {
      const id = rowKey(facilityId, box);
      if (!boxes.has(id))
        boxes.set(id, { facilityId, box, liveKeys: {}, silentAfterMs, announcedAtMs: nowMs, revision: 1 });
      if (!coverage.has(id)) coverage.set(id, { facilityId, box, liveKeys: {}, cameras: {}, revision: 1 });
    },

    admitKey: async (facilityId, box, key) => {
      const id = rowKey(facilityId, box);
      const [boxRow, coverageRow] = [boxes.get(id), coverage.get(id)];
      if (!boxRow || !coverageRow) throw new Error(`box ${id} was never announced`);
      boxes.set(id, withKey(boxRow, key));
      coverage.set(id, withKey(coverageRow, key));
    },

    revokeKey: async (facilityId, box, key) => {
      const id = rowKey(facilityId, box);
      const [boxRow, coverageRow] = [boxes.get(id), coverage.get(id)];
      if (boxRow) boxes.set(id, withoutKey(boxRow, key));
      if (coverageRow) coverage.set(id, withoutKey(coverageRow, key));
    },
  } satisfies VitalsStore & { readonly rows: MemoryVitals });
};

/** The two latest alarms, newest first; a later revision of one replaces it. */
const withReceipt = (kept: readonly AlarmReceipt[], next: AlarmReceipt): readonly AlarmReceipt[] => {
  const before = kept.find(({ reportId }) => reportId === next.reportId);
  if (before !== undefined && before.revision >= next.revision) return kept;
  return [...kept.filter((one) => one !== before), structuredClone(next)]
    .sort((a, b) => b.openedAtMs - a.openedAtMs)
    .slice(0, MOST_RECEIPTS);
};

/** Any split does, as long as every facility is in exactly one segment. */
const segmentOf = (facilityId: string, segments: number): number =>
  [...facilityId].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7) % segments;
