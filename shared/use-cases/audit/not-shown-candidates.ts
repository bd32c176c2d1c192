import { addDays, civilDayInterval, civilDayOf } from '../../domain/civil-day.ts';
import type { BilingualName } from '../../domain/facility.ts';
import type { Incident } from '../../domain/incident.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { IncidentStore } from '../../ports/incident-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Page } from '../../ports/registry-store.ts';
import type { LogStore } from '../../ports/sealed-store.ts';
import { BEFORE_EVERY_ID, monthsFrom } from '../list-incidents.ts';

/** Where it is looked for facilities that may not show their days. */
export interface CandidateReads {
  readonly logs: Pick<LogStore, 'readRun' | 'listNotShown'>;
  readonly incidents: Pick<IncidentStore, 'list'>;
  readonly records: Pick<RecordStore, 'listArchived'>;
  /** Zone by whose midnight the stack seals its days. */
  readonly zone: string;
}

/** A day is sealed soon after midnight; after so many without one the lists say too little. */
const MOST_DAYS_BACK = 3;
const INCIDENTS_AT_ONCE = 100;
/** Rules whose incident says that recordings may be missing, that there never were any, or that nobody sends them. */
const telling: ReadonlySet<string> = new Set(['retention-held', 'connected', 'monitoring-running']);
/** A silence that ended earlier left less time of which nobody said anything than any pack tolerates. */
const LEAST_SILENT_MS = HOUR_MS;
/** What began longer before the end of a day was not shown at that end already: hours settle in two, and one is tolerated. */
const KNOWN_AFTER_MS = 3 * HOUR_MS;

const isSealed = async ({ logs }: CandidateReads, day: string): Promise<boolean> =>
  (await logs.readRun(day))?.step === 'sealed';

/** The last sealed day that ended by then, and the one after it where that has been sealed since. */
export const sealedDays = async (deps: CandidateReads, nowMs: number): Promise<readonly string[]> => {
  const today = civilDayOf(nowMs, deps.zone);
  for (let back = 1; back <= MOST_DAYS_BACK; back += 1) {
    const day = addDays(today, -back);
    if (!(await isSealed(deps, day))) continue;
    const next = addDays(day, 1);
    return (await isSealed(deps, next)) ? [day, next] : [day];
  }
  return [];
};

/** Whether a list may go on by these days: it was begun by them, and midnight may have been since. */
export const areLately = (days: readonly string[], zone: string, nowMs: number): boolean => {
  const today = civilDayOf(nowMs, zone);
  return days.every((day) => addDays(today, -MOST_DAYS_BACK - 1) <= day && day <= today);
};

/** The sealed days, and those since that are still open: whoever is registered or edited is listed at once. */
const listedDays = (days: readonly string[], today: string): readonly string[] => {
  const [last = today] = days.slice(-1);
  const open = Array.from({ length: MOST_DAYS_BACK + 1 }, (_, n) => addDays(last, n + 1)).filter((day) => day <= today);
  return [...days, ...open];
};

/** When the last day ended as of whose end everybody was judged. */
export const judgedToMs = ([day = '']: readonly string[], zone: string): number => civilDayInterval(day, zone).toMs;

/** How far the lists reach, and what is not known before the next. */
export const reachOf = ([day = '', next]: readonly string[]): BilingualName => ({
  zh: `全部机构已按${day}日终核查${next === undefined ? '' : `，并按${next}日终再次核查`}；此后新增核查的，仅限新登记或变更的机构，以及有录像保存、接入类事件或失联达一小时的机构。监控主机在线而未上报录像的，以及接入调试中的机构丢失的录像，至当日封存时方可知；如需逐家核查，请用show=failing。`,
  en: `Everybody was judged as of the end of ${day}${next === undefined ? '' : `, and again as of the end of ${next}`}. Since then only those were judged that were registered or edited, or had an incident about recordings or connection, or an hour of silence. That a box beats and sends no recordings, or what is lost in commissioning, is known when the day is sealed; show=failing looks at every facility.`,
});

type ListOf = (cursor?: string) => Promise<Page<Incident>>;

/** Incidents of a list, newest opening first, down to those that opened before `oldestMs`. */
const listed = async (list: ListOf, oldestMs: number): Promise<readonly Incident[]> => {
  const found: Incident[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    found.push(...page.items);
    const isPast = (page.items.at(-1)?.openedAtMs ?? oldestMs) < oldestMs;
    cursor = isPast ? undefined : page.cursor;
  } while (cursor !== undefined);
  return found;
};

/** Whether it says of `[fromMs, toMs]` that recordings may be missing. */
const tells = ({ rule, sinceMs, closedAtMs = Number.POSITIVE_INFINITY }: Incident, fromMs: number, toMs: number) =>
  telling.has(rule) &&
  sinceMs <= toMs &&
  closedAtMs >= fromMs &&
  (rule !== 'monitoring-running' || closedAtMs - sinceMs >= LEAST_SILENT_MS);

/** Facilities of a county with an incident that tells: live, or closed since. */
const withIncidents = async (
  { incidents, records }: CandidateReads,
  county: string,
  fromMs: number,
  toMs: number,
): Promise<readonly string[]> => {
  const live = listed((cursor) => incidents.list(county, INCIDENTS_AT_ONCE, cursor), Number.NEGATIVE_INFINITY);
  const start = { openedAtMs: toMs + 1, id: BEFORE_EVERY_ID };
  const closed = monthsFrom(fromMs, toMs).map((month) =>
    listed((cursor) => records.listArchived(county, month, INCIDENTS_AT_ONCE, cursor, start), fromMs - KNOWN_AFTER_MS),
  );
  const all = (await Promise.all([live, ...closed])).flat();
  return all.filter((one) => tells(one, fromMs, toMs)).map(({ facilityId }) => facilityId);
};

/**
 * Who may not show its days as of `nowMs`, by facility the division under which it was listed, if it was. Whoever asks
 * judges each anew: a list decides nothing.
 */
export const candidatesOf = async (
  deps: CandidateReads,
  county: string,
  days: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, string | undefined>> => {
  const lists = listedDays(days, civilDayOf(nowMs, deps.zone)).map((day) => deps.logs.listNotShown(county, day));
  const onLists = (await Promise.all(lists)).flat();
  const told = await withIncidents(deps, county, judgedToMs(days, deps.zone), nowMs);
  const found = new Map<string, string | undefined>(told.map((facility) => [facility, undefined]));
  for (const { facility, division } of onLists) found.set(facility, division);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};
