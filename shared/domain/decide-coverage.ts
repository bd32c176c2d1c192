import { freshnessOf } from './freshness.ts';
import type { Gap } from './gap.ts';
import type { CameraCoverage, CoverageReport } from './reports.ts';
import type { Sender } from './sender.ts';
import type { ReportOutcome } from './taken-report.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';
import type { CameraClock, CameraState, CameraVitals, CoverageVitals } from './vitals.ts';

/** Attributes of a coverage row to set. */
export type CoveragePatch = Partial<Omit<CoverageVitals, 'revision' | 'facilityId' | 'box'>>;

/** First put the gaps, then patch the row (with the key's sequence). */
export type CoverageDecision =
  | { readonly does: 'refuse'; readonly reason: 'key-not-live' }
  | { readonly does: 'nothing'; readonly outcome: ReportOutcome }
  | {
      readonly does: 'move';
      readonly outcome: ReportOutcome;
      readonly gaps: readonly Gap[];
      readonly patch: CoveragePatch;
    };

/** As many as fit a row of 4 KB; the registry keeps a box to the same. */
export const MOST_CAMERAS_PER_BOX = 64;

/** Decides about a coverage report. `offsetMs` is the box row's: only what is fresh by it moves a camera. */
export const decideCoverage = (
  row: CoverageVitals,
  offsetMs: number | undefined,
  report: CoverageReport,
  sender: Sender,
): CoverageDecision => {
  const lastSeq = row.liveKeys[sender.key];
  if (lastSeq === undefined) return { does: 'refuse', reason: 'key-not-live' };
  if (report.seq === lastSeq) return { does: 'nothing', outcome: { result: 'duplicate' } };
  if (report.seq < lastSeq) return { does: 'nothing', outcome: { result: 'superseded', lastSeq } };
  if (freshnessOf(report, sender, offsetMs) !== 'fresh') {
    return { does: 'move', outcome: { result: 'accepted', late: true }, gaps: [], patch: {} };
  }
  return takeFresh(row, report, Math.max(sender.receivedMs, row.coveredAtMs ?? sender.receivedMs));
};

/**
 * Cameras that were replaced would fill the row for ever. Of those that the report does not name, the ones not
 * heard of for longest are forgotten first; the report's own always fit.
 */
const remembered = (row: CoverageVitals, report: CoverageReport): CoverageVitals['cameras'] => {
  const named = new Set(report.cameras.map(({ camera }) => camera));
  const others = Object.entries(row.cameras)
    .filter(([camera]) => !named.has(camera))
    .sort(([, a], [, b]) => heardAtMs(b) - heardAtMs(a))
    .slice(0, MOST_CAMERAS_PER_BOX - named.size);
  return Object.fromEntries([...Object.entries(row.cameras).filter(([camera]) => named.has(camera)), ...others]);
};

const heardAtMs = ({ saidAtMs, sinceMs }: CameraVitals): number => saidAtMs ?? sinceMs;

const takeFresh = (row: CoverageVitals, report: CoverageReport, nowMs: number): CoverageDecision => {
  const changes = report.cameras.flatMap((said) => changeOf(row.cameras[said.camera], said, nowMs));
  const gaps = changes.flatMap((change) => gapsOf(row, change));
  const isNews = changes.some(({ before, after }) => before?.state !== after.state || before.clock !== after.clock);
  const marks = [...gaps.map((gap) => gap.fromMs), ...(isNews ? [nowMs] : [])];
  return {
    does: 'move',
    outcome: { result: 'accepted' },
    gaps,
    patch: {
      coveredAtMs: nowMs,
      ...(changes.length > 0 && {
        cameras: {
          ...remembered(row, report),
          ...Object.fromEntries(changes.map(({ camera, after }) => [camera, after])),
        },
      }),
      ...(marks.length > 0 && { judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, ...marks) }),
    },
  };
};

interface Change {
  readonly camera: string;
  readonly before: CameraVitals | undefined;
  readonly after: CameraVitals;
}

const changeOf = (before: CameraVitals | undefined, said: CameraCoverage, nowMs: number): readonly Change[] => {
  const state = stateAfter(before?.state, stateOf(said));
  const clock = clockAfter(before?.clock, said, nowMs);
  const saidAtMs = nowMs - (nowMs % HOUR_MS);
  if (state === before?.state && clock === before.clock && saidAtMs === before.saidAtMs) return [];
  // From one fault to another it was never usable in between: the stretch goes on.
  const goesOn = before !== undefined && (state === before.state || (isFaulty(before.state) && isFaulty(state)));
  const sinceMs = goesOn ? before.sinceMs : nowMs;
  return [{ camera: said.camera, before, after: { state, sinceMs, saidAtMs, ...(clock && { clock }) } }];
};

/** So much is what the way from a camera to its box makes of a right clock. */
const CLOCK_NOISE_SECONDS = 2;

/** Whole seconds, away from zero, at most a day: a clock that is off by more than a limit of whole seconds never looks right. */
const clockSeconds = (offsetMs: number): number => {
  const seconds = Math.ceil(Math.abs(offsetMs) / SECOND_MS);
  return seconds <= CLOCK_NOISE_SECONDS ? 0 : Math.sign(offsetMs) * Math.min(seconds, DAY_MS / SECOND_MS);
};

/** What a box does not say of a clock leaves it as it was said last. */
const clockAfter = (
  before: CameraClock | undefined,
  { clockOffsetMs }: CameraCoverage,
  nowMs: number,
): CameraClock | undefined => {
  if (clockOffsetMs === undefined) return before;
  const offsetSeconds = clockSeconds(clockOffsetMs);
  return offsetSeconds === before?.offsetSeconds ? before : { offsetSeconds, sinceMs: nowMs - (nowMs % MINUTE_MS) };
};

/** A camera known to be faulty stays so until it is shown usable: not knowing ends nothing. */
const stateAfter = (before: CameraState | undefined, said: CameraState): CameraState =>
  said === 'unknown' && before !== undefined && isFaulty(before) ? before : said;

/** Known not to show what it should. */
export const isFaulty = (state: CameraState): boolean =>
  state === 'offline' || state === 'not-recording' || state === 'picture-unusable';

/** The worst that is known of a camera; one "unknown" and no "no" is unknown. */
export const stateOf = (said: CameraCoverage): CameraState => {
  if (said.online === 'no') return 'offline';
  if (said.recording === 'no') return 'not-recording';
  if (said.picture === 'no') return 'picture-unusable';
  const isKnown = said.online === 'yes' && said.recording === 'yes' && said.picture === 'yes';
  return isKnown ? 'usable' : 'unknown';
};

const gapsOf = (row: CoverageVitals, change: Change): readonly Gap[] => [
  ...sightGaps(row, change),
  ...clockGaps(row, change),
];

/** How long a clock was off that now shows another time. Whether that was too far, the pack in force says. */
const clockGaps = (row: CoverageVitals, { camera, before, after }: Change): readonly Gap[] => {
  const [was, is] = [before?.clock, after.clock];
  if (was === undefined || is === undefined || was.sinceMs >= is.sinceMs || was.offsetSeconds === 0) return [];
  return [
    {
      facilityId: row.facilityId,
      rule: 'clock-true',
      subject: `camera/${camera}`,
      reason: 'clock-off',
      fromMs: was.sinceMs,
      toMs: is.sinceMs,
      offsetMs: was.offsetSeconds * SECOND_MS,
    },
  ];
};

/** The stretch that this change ended, if it was one: a change from one fault to another ends none. */
const sightGaps = (row: CoverageVitals, { camera, before, after }: Change): readonly Gap[] => {
  if (before === undefined || before.state === 'usable' || before.sinceMs === after.sinceMs) return [];
  return [
    {
      facilityId: row.facilityId,
      rule: 'area-covered',
      subject: `camera/${camera}`,
      reason: before.state,
      fromMs: before.sinceMs,
      toMs: after.sinceMs,
    },
  ];
};
