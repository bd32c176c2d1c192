import { closedList, closedListOf, openedAtId, padMs } from '../../../shared/adapters/dynamodb/keys.ts';
import type { Gap } from '../../../shared/domain/gap.ts';
import type { HeldDay } from '../../../shared/domain/held-day.ts';
import type { Incident, Step } from '../../../shared/domain/incident.ts';
import type { CheckReport, DigestReport, LogReport } from '../../../shared/domain/reports.ts';
import type { KeptReport, PutOutcome, RecordStore } from '../../../shared/ports/record-store.ts';
import { ByFacility } from './by-facility.ts';
import { logged } from './calls.ts';
import { ascending, pageOf, placeCursor } from './pages.ts';

/** Put if absent on an id; else tells the same report from another one under its id by the digest. */
export const putOnce = (kept: Map<string, KeptReport<unknown>>, id: string, next: KeptReport<unknown>): PutOutcome => {
  const there = kept.get(id);
  if (!there) {
    kept.set(id, structuredClone(next));
    return 'put';
  }
  // Erased: nobody can tell whether it is the same.
  return there.report === undefined || there.digest === next.digest ? 'same' : 'id-reused';
};

export interface MemoryRecords {
  readonly gaps: ByFacility<Gap>;
  /** Keys `check/<facility>/<box>/<id>`, `log/…`, `recording/…`. */
  readonly reports: Map<string, KeptReport<unknown>>;
  /** Keys `<facility>#<arrival>#<key>#<id>`. */
  readonly findings: Map<string, KeptReport<CheckReport>>;
  readonly heldDays: Map<string, HeldDay>;
  readonly archived: Map<string, Incident>;
  readonly steps: Map<string, Step>;
}

/** An erased one is read no more; its digest stays. */
const readable = (kept: KeptReport<unknown> | undefined): KeptReport<unknown> | undefined =>
  kept?.report === undefined ? undefined : kept;

const longest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

const grown = (there: Gap, next: Gap): Gap => {
  const shownLate = longest(there.shownLate, next.shownLate);
  return { ...there, toMs: Math.max(there.toMs, next.toMs), ...(shownLate !== undefined && { shownLate }) };
};

const gapKey = (facilityId: string, rule: string, subject: string, fromMs: number): string =>
  `${facilityId}#${padMs(fromMs)}#${rule}#${subject}`;

/** The records table in memory. `kept` shows what is kept. */
export const memoryRecordStore = (): RecordStore & { readonly kept: MemoryRecords } => {
  const kept: MemoryRecords = {
    gaps: new ByFacility(),
    reports: new Map(),
    findings: new Map(),
    heldDays: new Map(),
    archived: new Map(),
    steps: new Map(),
  };
  const { findings, gaps, reports, heldDays, archived, steps } = kept;
  const gapsOf = (facilityId: string): readonly Gap[] =>
    [...gaps.of(facilityId)].sort(([a], [b]) => ascending(a, b)).map(([, gap]) => structuredClone(gap));

  return logged({
    kept,

    putGap: async (gap) => {
      const id = gapKey(gap.facilityId, gap.rule, gap.subject, gap.fromMs);
      const there = gaps.get(id);
      gaps.set(id, there ? grown(there, gap) : structuredClone(gap));
    },
    addShownLate: async (facilityId, rule, subject, fromMs, minutes) => {
      const id = gapKey(facilityId, rule, subject, fromMs);
      const there = gaps.get(id);
      if (there) gaps.set(id, { ...there, shownLate: (there.shownLate ?? 0) + minutes });
    },
    gapsFrom: async (facilityId, sinceMs) => gapsOf(facilityId).filter((gap) => gap.fromMs >= sinceMs),
    gapsWithin: async (facilityId, window) =>
      gapsOf(facilityId).filter((gap) => gap.fromMs < window.toMs && gap.toMs > window.fromMs),

    putCheck: async (facilityId, box, next) => putOnce(reports, `check/${facilityId}/${box}/${next.report.id}`, next),
    readCheck: async (facilityId, box, id) =>
      readable(structuredClone(reports.get(`check/${facilityId}/${box}/${id}`))) as Awaited<
        ReturnType<RecordStore['readCheck']>
      >,
    eraseCheck: async (facilityId, box, id) => {
      const there = reports.get(`check/${facilityId}/${box}/${id}`);
      if (there === undefined) return false;
      findings.delete(`${facilityId}#${padMs(there.receivedMs)}#${there.key}#${id}`);
      reports.set(`check/${facilityId}/${box}/${id}`, { ...there, report: undefined, digest: '' });
      return true;
    },
    putFindings: async (facilityId, next) => {
      findings.set(`${facilityId}#${padMs(next.receivedMs)}#${next.key}#${next.report.id}`, structuredClone(next));
    },
    findingsSince: async (facilityId, sinceMs) =>
      [...findings.entries()]
        .filter(([id, one]) => id.startsWith(`${facilityId}#`) && one.receivedMs >= sinceMs)
        .sort(([a], [b]) => ascending(a, b))
        .map(([, one]) => structuredClone(one)),
    checksSince: async (facilityId, sinceMs) =>
      [...reports.entries()]
        .filter(([id, one]) => id.startsWith(`check/${facilityId}/`) && readable(one) && one.receivedMs >= sinceMs)
        .sort(([a], [b]) => ascending(a, b))
        .map(([, one]) => structuredClone(one) as KeptReport<CheckReport>),
    putLog: async (facilityId, box, next) => putOnce(reports, `log/${facilityId}/${box}/${next.report.id}`, next),
    readLog: async (facilityId, box, id) =>
      structuredClone(reports.get(`log/${facilityId}/${box}/${id}`)) as Awaited<ReturnType<RecordStore['readLog']>>,
    logsSince: async (facilityId, sinceMs) =>
      [...reports.entries()]
        .filter(([id, one]) => id.startsWith(`log/${facilityId}/`) && one.receivedMs >= sinceMs)
        .sort(([a], [b]) => ascending(a, b))
        .map(([, one]) => structuredClone(one) as KeptReport<LogReport>),
    putRecording: async (facilityId, box, next) =>
      putOnce(reports, `recording/${facilityId}/${box}/${next.report.id}`, next),
    readRecording: async (facilityId, box, id) =>
      structuredClone(reports.get(`recording/${facilityId}/${box}/${id}`)) as Awaited<
        ReturnType<RecordStore['readRecording']>
      >,

    putDigest: async (facilityId, box, next) => putOnce(reports, `digest/${facilityId}/${box}/${next.report.id}`, next),
    digestsWithin: async (facilityId, { fromMs, toMs }) =>
      [...reports.entries()]
        .filter(([id]) => id.startsWith(`digest/${facilityId}/`))
        .map(([id, one]) => ({ box: id.split('/')[2] ?? '', ...(structuredClone(one) as KeptReport<DigestReport>) }))
        .filter(({ report }) => report.hourMs >= fromMs && report.hourMs < toMs)
        .sort((a, b) => a.report.hourMs - b.report.hourMs || ascending(a.box, b.box)),

    readHeldDay: async (facilityId, camera, day) => structuredClone(heldDays.get(`${facilityId}#${camera}#${day}`)),
    saveHeldDay: async (facilityId, next, readRevision) => {
      const id = `${facilityId}#${next.camera}#${next.day}`;
      if (heldDays.get(id)?.revision !== readRevision) return false;
      heldDays.set(id, structuredClone(next));
      return true;
    },
    heldDays: async (facilityId, camera, fromDay, toDay) =>
      [...heldDays.entries()]
        .filter(([id, held]) => id.startsWith(`${facilityId}#${camera}#`) && held.day >= fromDay && held.day <= toDay)
        .sort(([a], [b]) => ascending(a, b))
        .map(([, held]) => structuredClone(held)),

    archiveIncident: async (incident) => {
      const id = `${incident.facilityId}#${incident.id}`;
      const there = archived.get(id);
      if (!there || there.revision <= incident.revision) archived.set(id, structuredClone(incident));
    },
    readArchived: async (facilityId, incidentId) => structuredClone(archived.get(`${facilityId}#${incidentId}`)),
    archivedAlarms: async (facilityId, sinceMs) =>
      [...archived.entries()]
        .filter(([id, one]) => id.startsWith(`${facilityId}#${facilityId}~alarm~`) && one.openedAtMs >= sinceMs)
        .map(([, one]) => structuredClone(one)),
    listArchived: async (county, month, limit, cursor, olderThan) => {
      const list = closedList(county, month);
      const newestFirst = [...archived.values()]
        .filter((incident) => closedListOf(incident) === list)
        .sort((a, b) => ascending(openedAtId(b), openedAtId(a)));
      return pageOf(list, newestFirst, openedAtId, limit, cursor ?? placeCursor(list, olderThan), 'descending');
    },

    flushSteps: async (facilityId, incidentId, flushed) => {
      for (const step of flushed) {
        steps.set(`${facilityId}#${incidentId}#${String(step.n).padStart(6, '0')}`, structuredClone(step));
      }
    },
    readSteps: async (facilityId, incidentId) =>
      [...steps.entries()]
        .filter(([id]) => id.startsWith(`${facilityId}#${incidentId}#`))
        .sort(([a], [b]) => ascending(a, b))
        .map(([, step]) => structuredClone(step)),
  } satisfies RecordStore & { readonly kept: MemoryRecords });
};
