import type { CoverageQuery, CoverageView, CoveredTime } from '../../contracts/audit-questions.ts';
import type { Person } from '../../domain/access.ts';
import { civilDayInterval } from '../../domain/civil-day.ts';
import { type AreaCamera, type AreaDay, areaDays, coverageHistory, recordedBy } from '../../domain/coverage-history.ts';
import type { Area, Camera, Facility } from '../../domain/facility.ts';
import { writeInstant } from '../../domain/instants.ts';
import { union } from '../../domain/interval.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import { sightHistory } from '../../domain/sight-history.ts';
import type { Interval } from '../../domain/time.ts';
import { windowOf } from '../../domain/uptime.ts';
import type { FacilityRows } from '../../domain/vitals.ts';
import { inBatches } from '../in-batches.ts';
import { facilityFor } from '../read-facility.ts';
import { cameraFactsOf } from './camera-facts.ts';
import { facilityColumns, facilityHead } from './facility-columns.ts';
import { eachDay, localDays } from './local-days.ts';
import { secondsThatAddUp } from './seconds-that-add-up.ts';
import type { Column, Sheet } from './sheet.ts';
import type { AuditReads } from './stores.ts';

const LIMITS = { usual: 7, most: 31 };
const READ_AT_ONCE = 10;
const MOST_INTERVALS = 1_000;

type AreaView = CoverageView['areas'][number];
type AreaInterval = AreaView['notSeen'][number];

/** The asked days, less what was before the registration and what is yet to come. */
const askedOf = (fromDay: string, toDay: string, facility: Facility, nowMs: number): Interval => {
  const whole = windowOf(fromDay, toDay, facility.calendar.zone);
  const fromMs = Math.max(whole.fromMs, Math.min(facility.registeredAtMs, whole.toMs));
  return { fromMs, toMs: Math.max(fromMs, Math.min(whole.toMs, nowMs)) };
};

interface CameraHistory {
  readonly seen: AreaCamera;
  readonly recorded: AreaCamera;
}

const historyOf = async (
  deps: AuditReads,
  facility: Facility,
  [fromDay, toDay]: readonly [string, string],
  asked: Interval,
  nowMs: number,
): Promise<ReadonlyMap<string, CameraHistory>> => {
  const pack = deps.packFor(facility, nowMs);
  // The rows before the gaps: a fault that ends in between is in the rows as going on and in the gaps as ended.
  const rows = await deps.vitals.readRows(facility.id);
  const gaps = await deps.records.gapsWithin(facility.id, asked);
  const used = facility.cameras.filter((camera) => wasInUse(camera, asked));
  const histories = await inBatches(used, READ_AT_ONCE, async (camera): Promise<[string, CameraHistory]> => {
    const held = await deps.records.heldDays(facility.id, camera.id, fromDay, toDay);
    const duty = { camera, facility, pack, nowMs };
    const recorded = recordedBy(duty, cameraFactsOf(held, facility, camera.id, nowMs));
    return [camera.id, { seen: seenBy(camera, facility, rows, gaps, pack, asked, nowMs), recorded }];
  });
  return new Map(histories);
};

const wasInUse = ({ installedAtMs, retiredAtMs }: Camera, { fromMs, toMs }: Interval): boolean =>
  installedAtMs < toMs && (retiredAtMs ?? Number.POSITIVE_INFINITY) > fromMs;

const seenBy = (
  camera: Camera,
  facility: Facility,
  rows: FacilityRows | undefined,
  gaps: Parameters<typeof sightHistory>[1]['gaps'],
  pack: RulePack,
  asked: Interval,
  nowMs: number,
): AreaCamera =>
  rows === undefined
    ? { camera, shown: [], missing: [] }
    : sightHistory(camera, { facility, rows, gaps, pack, nowMs }, asked);

const coveredTime = ({ coveredMs, uncoveredMs, unknownMs }: AreaDay): CoveredTime =>
  secondsThatAddUp([
    ['coveredSeconds', coveredMs],
    ['uncoveredSeconds', uncoveredMs],
    ['unknownSeconds', unknownMs],
  ]);

const intervalsOf = (history: ReturnType<typeof coverageHistory>): AreaInterval[] =>
  (['uncovered', 'unknown'] as const)
    .flatMap((is) => union(history.filter((one) => one.is === is)).map((one) => ({ ...one, is })))
    .sort((a, b) => a.fromMs - b.fromMs)
    .slice(0, MOST_INTERVALS)
    .map(({ fromMs, toMs, is }) => ({ from: writeInstant(fromMs), to: writeInstant(toMs), is }));

const areaView = (
  area: Area,
  cameras: readonly CameraHistory[],
  days: readonly string[],
  asked: Interval,
  zone: string,
): AreaView => {
  const seen = coverageHistory(
    cameras.map((one) => one.seen),
    asked,
  );
  const recorded = coverageHistory(
    cameras.map((one) => one.recorded),
    asked,
  );
  const recordedDays = areaDays(recorded, days, zone);
  return {
    area: area.id,
    name: area.name,
    activity: area.activity,
    days: areaDays(seen, days, zone).map((day, n) => {
      const ofSeen = coveredTime(day);
      const same = recordedDays[n] ?? day;
      return {
        day: day.day,
        askedSeconds: ofSeen.coveredSeconds + ofSeen.uncoveredSeconds + ofSeen.unknownSeconds,
        seen: ofSeen,
        recorded: coveredTime(same),
      };
    }),
    notSeen: intervalsOf(seen),
    notRecorded: intervalsOf(recorded),
  };
};

/** How long each area of a facility was not covered, by local day, and when. */
export const facilityCoverage = async (
  deps: AuditReads,
  person: Person,
  facilityId: string,
  query: CoverageQuery,
): Promise<CoverageView> => {
  const facility = await facilityFor(deps.registry, person, 'read-uptime', facilityId);
  const nowMs = deps.clock();
  const { zone } = facility.calendar;
  const [fromDay, toDay] = localDays(query, facility, nowMs, LIMITS);
  const asked = askedOf(fromDay, toDay, facility, nowMs);
  const histories = await historyOf(deps, facility, [fromDay, toDay], asked, nowMs);
  // A zone may have skipped a day.
  const days = eachDay(fromDay, toDay).filter((day) => spanOf(day, zone) > 0);
  const camerasOf = (area: Area): readonly CameraHistory[] =>
    facility.cameras.filter(({ areas }) => areas.includes(area.id)).flatMap(({ id }) => histories.get(id) ?? []);
  return {
    ...facilityHead(facility, nowMs),
    zone,
    from: fromDay,
    to: toDay,
    areas: facility.areas.map((area) => areaView(area, camerasOf(area), days, asked, zone)),
  };
};

const spanOf = (day: string, zone: string): number => {
  const { fromMs, toMs } = civilDayInterval(day, zone);
  return toMs - fromMs;
};

export interface CoverageLine {
  readonly view: CoverageView;
  readonly area: AreaView;
  readonly day: AreaView['days'][number];
}

/** Tenths of a minute: what a reader adds up by eye. The seconds beside it are exact. */
const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;

const columns: readonly Column<CoverageLine>[] = [
  ...facilityColumns,
  { heading: '区域 area', value: ({ area }) => area.area },
  { heading: '区域名称 area name (zh)', value: ({ area }) => area.name.zh },
  { heading: '活动区域 activity area', value: ({ area }) => area.activity },
  { heading: '日期 day', value: ({ day }) => day.day, is: 'day' },
  { heading: '画面未覆盖分钟 not seen, minutes', value: ({ day }) => minutes(day.seen.uncoveredSeconds) },
  { heading: '画面已覆盖秒数 seen: covered', value: ({ day }) => day.seen.coveredSeconds },
  { heading: '画面未覆盖秒数 seen: uncovered', value: ({ day }) => day.seen.uncoveredSeconds },
  { heading: '画面未知秒数 seen: unknown', value: ({ day }) => day.seen.unknownSeconds },
  { heading: '录像未覆盖分钟 not recorded, minutes', value: ({ day }) => minutes(day.recorded.uncoveredSeconds) },
  { heading: '录像已覆盖秒数 recorded: covered', value: ({ day }) => day.recorded.coveredSeconds },
  { heading: '录像未覆盖秒数 recorded: uncovered', value: ({ day }) => day.recorded.uncoveredSeconds },
  { heading: '录像未知秒数 recorded: unknown', value: ({ day }) => day.recorded.unknownSeconds },
];

/** The same as lines, one per area and day. */
export const coverageSheet = (view: CoverageView): Sheet<CoverageLine> => ({
  name: { zh: '区域覆盖', en: 'Coverage' },
  columns,
  rows: view.areas.flatMap((area) => area.days.map((day) => ({ view, area, day }))),
});
