import type { UptimeQuery, UptimeView } from '../../contracts/audit.ts';
import type { Person } from '../../domain/access.ts';
import { boxAgainstUs } from '../../domain/box-hours.ts';
import { writeInstant } from '../../domain/instants.ts';
import { DAY_MS, type Interval } from '../../domain/time.ts';
import { type Stretch, uptimeOf, windowOf } from '../../domain/uptime.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { facilityFor } from '../read-facility.ts';
import { facilityColumns, facilityHead } from './facility-columns.ts';
import { localDays } from './local-days.ts';
import type { Column, Sheet } from './sheet.ts';
import { type AuditReads, seconds } from './stores.ts';

const USUAL_DAYS = 30;
const MOST_DAYS = 400;

export type UptimeDeps = AuditReads & {
  /** Absent = the word of the boxes is not asked for. */
  readonly digests?: Pick<RecordStore, 'digestsWithin'>;
};

/** Digests of an hour are by the box's clock; so much of them is read for one answer. */
const MOST_DAYS_OF_DIGESTS = 31;

const minutes = (ms: number): number => Math.round(ms / 6_000) / 10;

/** The boxes' own word of the asked days, against our gaps. */
const boxesOf = async (
  { digests }: UptimeDeps,
  facilityId: string,
  gaps: readonly Stretch[],
  asked: Interval,
  nowMs: number,
): Promise<UptimeView['boxes']> => {
  if (digests === undefined || asked.toMs - asked.fromMs > MOST_DAYS_OF_DIGESTS * DAY_MS) return undefined;
  const kept = await digests.digestsWithin(facilityId, asked);
  const boxes = [...new Set(kept.map(({ box }) => box))].sort();
  return boxes.map((box) => {
    const hours = kept.filter((one) => one.box === box).map(({ report }) => report);
    // A box that says that it does not know has beaten.
    const own = gaps.filter(({ subject, reason }) => subject === `box/${box}` && reason === 'no-beat');
    const ours = own.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? nowMs }));
    const against = boxAgainstUs(hours, ours, [asked]);
    return {
      box,
      saidMinutes: minutes(against.saidMs),
      saysBeatWeSayGapMinutes: minutes(against.saysBeatWeSayGapMs),
      saysNoneWeSayBeatMinutes: minutes(against.saysNoneWeSayBeatMs),
    };
  });
};

/** Uptime of one facility by local day, with the gaps that make it up. */
export const facilityUptime = async (
  deps: UptimeDeps,
  person: Person,
  facilityId: string,
  query: UptimeQuery,
): Promise<UptimeView> => {
  const facility = await facilityFor(deps.registry, person, 'read-uptime', facilityId);
  const nowMs = deps.clock();
  const { zone } = facility.calendar;
  const [fromDay, toDay] = localDays(query, facility, nowMs, { usual: USUAL_DAYS, most: MOST_DAYS });
  // The rows before the gaps: a silence that ends in between is in the rows as going on and in the gaps as ended, and
  // counts once in the union. The other way round it could be in neither.
  const all = (await deps.vitals.readRows(facilityId))?.boxes ?? [];
  // As of an instant that is over: a box that first beat later was not there.
  const rows = all.filter(({ connectedAtMs = 0 }) => connectedAtMs <= nowMs);
  const kept = await deps.records.gapsWithin(facilityId, windowOf(fromDay, toDay, zone));
  const gaps = kept.filter(({ fromMs }) => fromMs < nowMs);
  const boxes = await deps.registry.listBoxes(facilityId);
  const uptime = uptimeOf({ facility, boxes, rows, gaps }, fromDay, toDay, nowMs);
  const said = await boxesOf(deps, facilityId, uptime.gaps, windowOf(fromDay, toDay, zone), nowMs);
  return {
    ...facilityHead(facility, nowMs),
    zone,
    ...(uptime.connectedAtMs !== undefined && { connectedAt: writeInstant(uptime.connectedAtMs) }),
    days: uptime.days.map((day) => ({
      day: day.day,
      requiredSeconds: seconds(day.requiredMs),
      shownSeconds: seconds(day.shownMs),
      missingSeconds: seconds(day.missingMs),
      unknownSeconds: seconds(day.unknownMs),
      shownLateMinutes: day.shownLate,
    })),
    gaps: uptime.gaps.map(({ subject, reason, fromMs, toMs, shownLate }) => ({
      subject,
      reason,
      from: writeInstant(fromMs),
      // What ended later was still going on.
      ...(toMs !== undefined && toMs <= nowMs && { to: writeInstant(toMs) }),
      shownLateMinutes: shownLate,
    })),
    ...(said && { boxes: said }),
  };
};

export interface UptimeLine {
  readonly view: UptimeView;
  readonly day: UptimeView['days'][number];
}

const columns: readonly Column<UptimeLine>[] = [
  ...facilityColumns,
  { heading: '日期 day', value: ({ day }) => day.day, is: 'day' },
  { heading: '应监测秒数 required seconds', value: ({ day }) => day.requiredSeconds },
  { heading: '已证明秒数 shown seconds', value: ({ day }) => day.shownSeconds },
  { heading: '缺失秒数 missing seconds', value: ({ day }) => day.missingSeconds },
  { heading: '未知秒数 unknown seconds', value: ({ day }) => day.unknownSeconds },
  { heading: '迟到补报分钟 shown late, minutes', value: ({ day }) => day.shownLateMinutes },
];

/** The same as lines, one per day. */
export const uptimeSheet = (view: UptimeView): Sheet<UptimeLine> => ({
  name: { zh: '监测在线', en: 'Uptime' },
  columns,
  rows: view.days.map((day) => ({ view, day })),
});
