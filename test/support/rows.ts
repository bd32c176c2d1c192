import type { Facility } from '../../shared/domain/facility.ts';
import { encodeFacts } from '../../shared/domain/facts.ts';
import type { CheckReport, CoverageReport, HeartbeatReport, RecordingReport } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/domain/time.ts';
import type { BoxFacts, BoxVitals, CoverageVitals, FacilityRows, FacilityVitals } from '../../shared/domain/vitals.ts';
import { packById } from '../../shared/rule-packs/index.ts';

export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS };

/** Beijing wall clock → instant: `beijing('2026-03-02 09:00')`. */
export const beijing = (wall: string): number => Date.parse(`${wall.replace(' ', 'T')}+08:00`);

/** Monday, ten in the morning. */
export const NOW = beijing('2026-03-02 10:00:00');
export const KEY = 'key-a';

export const packNamed = (id: string): RulePack => {
  const pack = packById(id);
  if (pack === undefined) throw new Error(`no pack ${id}`);
  return pack;
};

/** The national floor: silent after 180 s, an area may be blind for 10 minutes, 90 days. */
export const floor = packNamed('national@1');

/** A pack that differs in the grace of one rule. */
export const withGrace = (rule: keyof RulePack['rules'], breachAfterMs: number): RulePack => ({
  ...floor,
  rules: {
    ...floor.rules,
    [rule]: { ...floor.rules[rule], breachAfterMs: { value: breachAfterMs, source: 'configuration' } },
  },
});

/** A nursery in service since the first of January, open on weekdays, with one playroom seen by two cameras. */
export const aFacility = (more: Partial<Facility> = {}): Facility => ({
  id: 'f1',
  version: 1,
  division: '110101',
  name: { zh: '小苗托育园', en: 'Sapling' },
  address: '示例路1号',
  entrance: '南门',
  latitude: 39.9,
  longitude: 116.4,
  landline: '010-80000000',
  kind: 'nursery',
  state: { is: 'in-service', sinceMs: beijing('2026-01-01 00:00') },
  filingId: 'filing-1',
  registeredAtMs: beijing('2025-12-01 00:00'),
  areas: [
    { id: 'play', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true },
    { id: 'hall', name: { zh: '走廊', en: 'Corridor' }, floor: 1, activity: false },
  ],
  cameras: [
    { id: 'cam-1', box: 'b1', areas: ['play'], installedAtMs: beijing('2025-01-01 00:00') },
    { id: 'cam-2', box: 'b1', areas: ['play'], installedAtMs: beijing('2025-01-01 00:00') },
  ],
  classes: [{ id: 'bees', children: 12 }],
  calendar: {
    zone: 'Asia/Shanghai',
    weekdays: [1, 2, 3, 4, 5],
    opensAt: '07:30',
    closesAt: '18:00',
    closedOn: [],
    openOn: [],
  },
  ...more,
});

export const allWell: BoxFacts = {
  monitoring: 'yes',
  alarmSystem: 'yes',
  camerasOnline: 2,
  camerasRecording: 2,
  diskBand: 'ok',
  oldestSelfTestDay: Math.floor(NOW / DAY_MS) - 1,
};

/** A box that beat half a minute ago and says that all is well. */
export const aBox = (more: Partial<BoxVitals> = {}, facts: Partial<BoxFacts> = {}): BoxVitals => {
  const beatAtMs = more.beatAtMs ?? NOW - 30 * SECOND_MS;
  return {
    facilityId: 'f1',
    box: 'b1',
    liveKeys: { [KEY]: 100 },
    silentAfterMs: 180 * SECOND_MS,
    beatAtMs,
    silentAtMs: beatAtMs + 180 * SECOND_MS,
    facts: encodeFacts({ ...allWell, ...facts }),
    factsAtMs: NOW - DAY_MS,
    offsetMs: 0,
    revision: 7,
    ...more,
  };
};

/** A box that was announced and has never beaten. */
export const aNewBox = (): BoxVitals => ({
  facilityId: 'f1',
  box: 'b1',
  liveKeys: { [KEY]: -1 },
  silentAfterMs: 180 * SECOND_MS,
  revision: 1,
});

export const aCoverage = (
  cameras: CoverageVitals['cameras'] = {
    'cam-1': { state: 'usable', sinceMs: NOW - DAY_MS },
    'cam-2': { state: 'usable', sinceMs: NOW - DAY_MS },
  },
  more: Partial<CoverageVitals> = {},
): CoverageVitals => ({
  facilityId: 'f1',
  box: 'b1',
  liveKeys: { [KEY]: 10 },
  coveredAtMs: NOW - HOUR_MS,
  cameras,
  revision: 3,
  ...more,
});

export const aFacilityRow = (more: Partial<FacilityVitals> = {}): FacilityVitals => ({
  facilityId: 'f1',
  slot: 5,
  registryVersion: 1,
  dueAtMs: 0,
  checks: {},
  retention: [],
  retentionOverflow: false,
  headSeenAtMs: NOW - DAY_MS,
  revision: 1,
  ...more,
});

export const rowsOf = (more: Partial<FacilityRows> = {}): FacilityRows => ({
  facility: aFacilityRow(),
  boxes: [aBox()],
  coverage: [aCoverage()],
  ...more,
});

/** A request that was signed and received at the same instant, by a box whose clock is right. */
export const sentAt = (receivedMs: number, more: Partial<Sender> = {}): Sender => ({
  facilityId: 'f1',
  box: 'b1',
  key: KEY,
  createdMs: receivedMs,
  receivedMs,
  ...more,
});

export const aBeat = (seq: number, timeMs: number, more: Partial<HeartbeatReport> = {}): HeartbeatReport => ({
  id: `beat-${seq}`,
  timeMs,
  ageMs: 0,
  seq,
  monitoring: 'yes',
  alarmSystem: 'yes',
  camerasOnline: 2,
  camerasRecording: 2,
  diskUsedPercent: 40,
  queueLength: 0,
  selfTests: [{ input: 'panic', testedAtMs: NOW - DAY_MS }],
  software: 'test-1',
  ...more,
});

export const aCoverageReport = (
  seq: number,
  timeMs: number,
  cameras: CoverageReport['cameras'],
  more: Partial<CoverageReport> = {},
): CoverageReport => ({ id: `coverage-${seq}`, timeMs, ageMs: 0, seq, cameras, ...more });

export const cameraSays = (camera: string, more: Partial<CoverageReport['cameras'][number]> = {}) =>
  ({ camera, online: 'yes', recording: 'yes', picture: 'yes', ...more }) as const;

export const aCheck = (id: string, day: string, more: Partial<CheckReport> = {}): CheckReport => ({
  id,
  timeMs: NOW,
  class: 'bees',
  session: 'morning',
  day,
  present: 10,
  absent: 2,
  checked: 10,
  findings: [],
  ...more,
});

export const aRecording = (id: string, hourMs: number, more: Partial<RecordingReport> = {}): RecordingReport => ({
  id,
  timeMs: hourMs + HOUR_MS,
  camera: 'cam-1',
  hourMs,
  recorded: [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }],
  ...more,
});
