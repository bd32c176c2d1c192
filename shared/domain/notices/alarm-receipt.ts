import type { Incident, IncidentState } from '../incident.ts';
import { DAY_MS } from '../time.ts';

/** What became of one alarm, as short as a box's row holds it and its screen shows it. */
export interface AlarmReceipt {
  readonly reportId: string;
  readonly openedAtMs: number;
  /** Of the incident: a receipt never goes back behind a later one. */
  readonly revision: number;
  readonly state: IncidentState;
  /** Departments whose topic took a notice, and of those the ones of whom a person's channel did. */
  readonly published: number;
  readonly delivered: number;
  /** Who said so by an answer link: the first of each department, earliest first. */
  readonly seenBy: readonly { readonly department: string; readonly atMs: number }[];
}

export const MOST_RECEIPTS = 2;
export const MOST_SEEN_BY = 3;
/** An older alarm is in the box's own log. */
export const RECEIPT_SHOWN_MS = DAY_MS;

interface Told {
  readonly department: string;
  readonly publishedAtMs: number;
  readonly deliveredAtMs?: number;
  readonly seenAtMs?: number;
}

const earliest = (one: number | undefined, other: number | undefined): number | undefined => {
  const known = [one, other].filter((atMs) => atMs !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/** Each department once, with the first time that it was told, reached and heard from, in the order of telling. */
export const toldByDepartment = ({ published }: Pick<Incident, 'published'>): readonly Told[] => {
  const told = new Map<string, Told>();
  for (const { department, publishedAtMs, deliveredAtMs, seenAtMs } of published) {
    const before = told.get(department);
    const delivered = earliest(before?.deliveredAtMs, deliveredAtMs);
    const seen = earliest(before?.seenAtMs, seenAtMs);
    told.set(department, {
      department,
      publishedAtMs: Math.min(before?.publishedAtMs ?? publishedAtMs, publishedAtMs),
      ...(delivered !== undefined && { deliveredAtMs: delivered }),
      ...(seen !== undefined && { seenAtMs: seen }),
    });
  }
  return [...told.values()];
};

/**
 * The receipt for the box that rang; absent where no box did, and for abuse: nothing of it comes back to a screen that the
 * one accused may see.
 */
export const receiptOf = (incident: Incident): AlarmReceipt | undefined => {
  const { alarm } = incident;
  if (alarm === undefined || alarm.kind === 'abuse' || alarm.toldBy !== undefined) return undefined;
  const told = toldByDepartment(incident);
  const seen = told.flatMap(({ department, seenAtMs }) =>
    seenAtMs === undefined ? [] : [{ department, atMs: seenAtMs }],
  );
  return {
    reportId: alarm.reportId,
    openedAtMs: incident.openedAtMs,
    revision: incident.revision,
    state: incident.state,
    published: told.length,
    delivered: told.filter(({ deliveredAtMs }) => deliveredAtMs !== undefined).length,
    seenBy: seen.sort((a, b) => a.atMs - b.atMs).slice(0, MOST_SEEN_BY),
  };
};

/** Those that an answer to the box still names. */
export const shownReceipts = (receipts: readonly AlarmReceipt[] | undefined, nowMs: number): readonly AlarmReceipt[] =>
  (receipts ?? []).filter(({ openedAtMs }) => nowMs - openedAtMs < RECEIPT_SHOWN_MS);
