import { freshnessOf } from './freshness.ts';
import type { Gap } from './gap.ts';
import type { CameraCoverage, CoverageReport, ReportOutcome, Sender } from './reports.ts';
import type { CameraState, CoverageVitals } from './vitals.ts';

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

type Kept = CoverageVitals['cameras'][string];

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
 * Cameras that were replaced would fill the row for ever. Of those that the report does not name, the ones that changed
 * longest ago are forgotten first; the report's own always fit.
 */
const remembered = (row: CoverageVitals, report: CoverageReport): CoverageVitals['cameras'] => {
  const named = new Set(report.cameras.map(({ camera }) => camera));
  const others = Object.entries(row.cameras)
    .filter(([camera]) => !named.has(camera))
    .sort(([, a], [, b]) => b.sinceMs - a.sinceMs)
    .slice(0, MOST_CAMERAS_PER_BOX - named.size);
  return Object.fromEntries([...Object.entries(row.cameras).filter(([camera]) => named.has(camera)), ...others]);
};

const takeFresh = (row: CoverageVitals, report: CoverageReport, nowMs: number): CoverageDecision => {
  const changes = report.cameras.flatMap((said) => changeOf(row.cameras[said.camera], said, nowMs));
  const gaps = changes.flatMap((change) => gapsOf(row, change));
  const marks = [...gaps.map((gap) => gap.fromMs), ...(changes.length > 0 ? [nowMs] : [])];
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
        judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, ...marks),
      }),
    },
  };
};

interface Change {
  readonly camera: string;
  readonly before: Kept | undefined;
  readonly after: Kept;
}

const changeOf = (before: Kept | undefined, said: CameraCoverage, nowMs: number): readonly Change[] => {
  const state = stateAfter(before?.state, stateOf(said));
  if (state === before?.state) return [];
  // From one fault to another it was never usable in between: the stretch goes on.
  const sinceMs = before !== undefined && isFaulty(before.state) && isFaulty(state) ? before.sinceMs : nowMs;
  return [{ camera: said.camera, before, after: { state, sinceMs } }];
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

/** The stretch that this change ended, if it was one: a change from one fault to another ends none. */
const gapsOf = (row: CoverageVitals, { camera, before, after }: Change): readonly Gap[] => {
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
