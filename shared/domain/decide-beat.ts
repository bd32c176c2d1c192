import { alarmSystemShown, decodeFacts, encodeFacts, factsOf } from './facts.ts';
import { freshnessOf, OFFSET_AGREES_MS, shownAtOf } from './freshness.ts';
import type { Gap } from './gap.ts';
import { type EndedStretch, type NotShown, saying } from './not-shown.ts';
import type { HeartbeatReport } from './reports.ts';
import { offsetOf, type Sender } from './sender.ts';
import type { ReportOutcome } from './taken-report.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';
import type { RuleName } from './verdict.ts';
import type { BoxFacts, BoxVitals } from './vitals.ts';

/** Attributes of a box row to set; `undefined` removes one. */
export type BoxPatch = {
  readonly [K in keyof Omit<BoxVitals, 'revision' | 'facilityId' | 'box'>]?: BoxVitals[K] | undefined;
};

/** A late beat's share of a recorded silence. */
export interface ShownLate {
  readonly fromMs: number;
  readonly minutes: number;
}

/**
 * What a beat off its normal path does to its box: first put the gaps, then patch the row (with the key's sequence),
 * then add the late minutes.
 */
export type BeatDecision =
  | { readonly does: 'refuse'; readonly reason: 'key-not-live' }
  | { readonly does: 'nothing'; readonly outcome: ReportOutcome }
  | {
      readonly does: 'move';
      readonly outcome: ReportOutcome;
      readonly gaps: readonly Gap[];
      readonly patch: BoxPatch;
      readonly shownLate?: ShownLate;
    };

/** A box is silent after three missed beats: so long is one of them. */
export const BEATS_TO_SILENCE = 3;

/**
 * Decides about a heartbeat that the one conditional write refused. The sequence orders and never refuses: newer moves
 * the row, equal is a duplicate, lower is superseded. Only a fresh beat moves `beatAtMs` and facts.
 */
export const decideBeat = (row: BoxVitals, beat: HeartbeatReport, sender: Sender): BeatDecision => {
  const lastSeq = row.liveKeys[sender.key];
  if (lastSeq === undefined) return { does: 'refuse', reason: 'key-not-live' };
  if (beat.seq === lastSeq) return { does: 'nothing', outcome: { result: 'duplicate' } };
  if (beat.seq < lastSeq) return { does: 'nothing', outcome: { result: 'superseded', lastSeq } };

  const freshness = freshnessOf(beat, sender, row.offsetMs);
  if (freshness === 'fresh') return takeFresh(row, beat, sender);
  if (freshness === 'candidate') return settleOffset(row, beat, sender);
  return takeLate(row, beat, sender);
};

/**
 * Another offset. One beat proves nothing (its bytes may have been held back); a second one that agrees is a clock
 * that was set. Bytes held back and let loose together differ by a beat's length, so agreeing means: by less than half
 * of that.
 */
const settleOffset = (row: BoxVitals, beat: HeartbeatReport, sender: Sender): BeatDecision => {
  const offsetMs = offsetOf(sender);
  const agreesWithinMs = Math.min(OFFSET_AGREES_MS, row.silentAfterMs / BEATS_TO_SILENCE / 2);
  const candidateMs = standingCandidate(row, sender);
  if (candidateMs !== undefined && Math.abs(offsetMs - candidateMs) <= agreesWithinMs) {
    return takeFresh(row, beat, sender);
  }
  const patch = { offsetCandidateMs: offsetMs, offsetCandidateAtMs: sender.receivedMs };
  const late = takeLate(row, beat, sender);
  return { ...late, patch: { ...late.patch, ...patch } };
};

/**
 * The two must be consecutive: a fresh beat in between showed that the clock is as we knew it. And they must be two:
 * beats of one request share its signature, whose bytes may have been held back as a whole.
 */
const standingCandidate = (row: BoxVitals, sender: Sender): number | undefined => {
  const { offsetCandidateMs, offsetCandidateAtMs, beatAtMs } = row;
  const isVoid = offsetCandidateAtMs === undefined || (beatAtMs !== undefined && beatAtMs >= offsetCandidateAtMs);
  const isOfThisRequest = offsetCandidateAtMs === sender.receivedMs;
  return isVoid || isOfThisRequest ? undefined : offsetCandidateMs;
};

/** Accepted, marked late: it moves its sequence, and adds its minute to the silence in which it was born. */
const takeLate = (row: BoxVitals, beat: HeartbeatReport, sender: Sender): BeatDecision & { does: 'move' } => {
  const shownLate = lateShare(row, beat);
  const isOfThisSilence = isWithinSilence(row, beat, sender.receivedMs);
  return {
    does: 'move',
    outcome: { result: 'accepted', late: true },
    gaps: [],
    patch: isOfThisSilence ? { shownLateMinutes: (row.shownLateMinutes ?? 0) + minutesOf(row) } : {},
    ...(shownLate && { shownLate }),
  };
};

const lateShare = (row: BoxVitals, beat: HeartbeatReport): ShownLate | undefined => {
  const { lastSilenceFromMs: fromMs, lastSilenceToMs: toMs } = row;
  const shownAtMs = shownAtOf(beat, row.offsetMs);
  if (fromMs === undefined || toMs === undefined || shownAtMs === undefined) return undefined;
  if (shownAtMs < fromMs || shownAtMs >= toMs) return undefined;
  return { fromMs, minutes: minutesOf(row) };
};

/** A box that is back sends what it queued before its first fresh beat: the silence still goes on and has no record. */
const isWithinSilence = (row: BoxVitals, beat: HeartbeatReport, nowMs: number): boolean => {
  const shownAtMs = shownAtOf(beat, row.offsetMs);
  if (row.beatAtMs === undefined || row.silentAtMs === undefined || shownAtMs === undefined) return false;
  return nowMs >= row.silentAtMs && shownAtMs > row.beatAtMs && shownAtMs < nowMs;
};

/** How long one beat of this box speaks for. */
const minutesOf = (row: BoxVitals): number => row.silentAfterMs / BEATS_TO_SILENCE / MINUTE_MS;

const takeFresh = (row: BoxVitals, beat: HeartbeatReport, sender: Sender): BeatDecision => {
  // Two workers' clocks may differ a little: the row's time never runs backwards.
  const nowMs = Math.max(sender.receivedMs, row.beatAtMs ?? sender.receivedMs);
  const facts = encodeFacts(factsOf(beat));
  const silence = silenceOf(row, nowMs);
  const said = sayings(row, beat, nowMs);
  const clock = offsetChange(row, sender, nowMs);
  const marks = [...said.gaps, ...clock.gaps, ...(silence ? [silence] : [])].map((gap) => gap.fromMs);
  if (clock.patch.offsetMs !== undefined) marks.push(nowMs);
  if (facts !== row.facts) marks.push(nowMs);
  return {
    does: 'move',
    outcome: { result: 'accepted' },
    gaps: [...(silence && !isInsideDown(row) ? [silence] : []), ...said.gaps, ...clock.gaps],
    patch: {
      ...(row.beatAtMs === undefined && { connectedAtMs: nowMs }),
      beatAtMs: nowMs,
      silentAtMs: nowMs + row.silentAfterMs,
      offsetCandidateMs: undefined,
      offsetCandidateAtMs: undefined,
      shownLateMinutes: undefined,
      ...clock.patch,
      ...(facts !== row.facts && { facts, factsAtMs: nowMs }),
      ...said.patch,
      ...(silence && { lastSilenceFromMs: silence.fromMs, lastSilenceToMs: silence.toMs }),
      ...(marks.length > 0 && { judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, ...marks) }),
    },
  };
};

/**
 * A fresh beat whose offset disagrees is the second that agreed with the candidate: its offset becomes the row's, and how
 * long the one before stood is kept.
 */
const offsetChange = (
  row: BoxVitals,
  sender: Sender,
  nowMs: number,
): { readonly gaps: readonly Gap[]; readonly patch: BoxPatch } => {
  const offsetMs = offsetOf(sender);
  const agrees = row.offsetMs !== undefined && Math.abs(offsetMs - row.offsetMs) <= OFFSET_AGREES_MS;
  if (agrees) return { gaps: [], patch: {} };
  return { gaps: clockGaps(row, nowMs), patch: { offsetMs, offsetAtMs: nowMs } };
};

const clockGaps = (row: BoxVitals, nowMs: number): readonly Gap[] => {
  const { facilityId, offsetMs, offsetAtMs } = row;
  if (offsetMs === undefined || offsetAtMs === undefined || offsetAtMs >= nowMs) return [];
  const subject = `box/${row.box}`;
  return [{ facilityId, rule: 'clock-true', subject, reason: 'clock-off', fromMs: offsetAtMs, toMs: nowMs, offsetMs }];
};

const silenceOf = (row: BoxVitals, nowMs: number): Gap | undefined => {
  if (row.beatAtMs === undefined || row.silentAtMs === undefined || nowMs < row.silentAtMs) return undefined;
  return {
    facilityId: row.facilityId,
    rule: 'monitoring-running',
    subject: `box/${row.box}`,
    reason: 'no-beat',
    fromMs: row.beatAtMs,
    toMs: nowMs,
    breachedAtMs: row.silentAtMs,
    ...(row.shownLateMinutes !== undefined && { shownLate: row.shownLateMinutes }),
  };
};

/**
 * The box said "no" in the very beat after which it fell silent. The down stretch starts at the same instant, holds the
 * silence and would share its key: one gap tells both.
 */
const isInsideDown = (row: BoxVitals): boolean =>
  row.monitoringDownAtMs !== undefined && row.monitoringDownAtMs === row.beatAtMs;

const sayings = (
  row: BoxVitals,
  beat: HeartbeatReport,
  nowMs: number,
): { readonly gaps: readonly Gap[]; readonly patch: BoxPatch } => {
  const facts = factsOf(beat);
  const monitoring = saying(monitoringOf(row, nowMs), facts.monitoring, nowMs);
  const alarmSystem = saying(alarmSystemOf(row), alarmSystemShown(facts), nowMs);
  const gaps = [
    ...monitoring.ended.map((stretch) => gapOf(row, 'monitoring-running', stretch)),
    ...alarmSystem.ended.map((stretch) => gapOf(row, 'alarm-system-running', stretch)),
    ...untested(row, facts, nowMs),
  ];
  return {
    gaps,
    patch: {
      monitoringSinceMs: monitoring.next.sinceMs,
      monitoringDownAtMs: monitoring.next.downAtMs,
      alarmSystemSinceMs: alarmSystem.next.sinceMs,
      alarmSystemDownAtMs: alarmSystem.next.downAtMs,
    },
  };
};

/** A stretch of not knowing that would share the key of a silence begins again after it. */
const monitoringOf = (row: BoxVitals, nowMs: number): NotShown => {
  const onlyUnknown = row.monitoringDownAtMs === undefined && row.monitoringSinceMs === row.beatAtMs;
  const sinceMs = onlyUnknown && silenceOf(row, nowMs) !== undefined ? nowMs : row.monitoringSinceMs;
  return notShown(sinceMs, row.monitoringDownAtMs);
};

const alarmSystemOf = (row: BoxVitals): NotShown => notShown(row.alarmSystemSinceMs, row.alarmSystemDownAtMs);

const notShown = (sinceMs: number | undefined, downAtMs: number | undefined): NotShown => ({
  ...(sinceMs !== undefined && { sinceMs }),
  ...(downAtMs !== undefined && { downAtMs }),
});

/** What a box said of itself. The grace of the rule is not in it: the pack in force adds that when it is judged. */
const gapOf = (row: BoxVitals, rule: RuleName, stretch: EndedStretch): Gap => ({
  facilityId: row.facilityId,
  rule,
  subject: `box/${row.box}`,
  reason: stretch.down ? 'box-says-down' : 'box-does-not-know',
  fromMs: stretch.fromMs,
  toMs: stretch.toMs,
  ...(stretch.down && { breachedAtMs: stretch.fromMs }),
});

/**
 * How long the alarm system had gone without a self-test when this one was told. Whether that was too long, the pack in
 * force says when it is judged; the daily tester leaves no record.
 */
const untested = (row: BoxVitals, facts: BoxFacts, nowMs: number): readonly Gap[] => {
  const before = row.facts === undefined ? 'unknown' : decodeFacts(row.facts).oldestSelfTestDay;
  const after = facts.oldestSelfTestDay;
  if (before === 'unknown' || after === 'unknown' || after <= before) return [];
  const fromMs = (before + 1) * DAY_MS;
  if (nowMs - fromMs < DAY_MS) return [];
  const subject = `box/${row.box}`;
  const { facilityId } = row;
  return [{ facilityId, rule: 'alarm-system-running', subject, reason: 'self-test-old', fromMs, toMs: nowMs }];
};
