import type { EndedBreach } from '../ended-breaches.ts';
import type { Incident, SweepCloseReason } from '../incident.ts';
import { type Decision, nothing, save } from './decision.ts';
import { dropUntold, owe, toldOf } from './outbox.ts';
import { lastMovedAtMs, withStep } from './steps.ts';

/**
 * The breach is over, or no longer applies: the sweep closes the incident. Whoever was told hears that it recovered;
 * whoever was not told yet will not be, and the timeline says why. An alarm is closed only by a person.
 *
 * @param endedAtMs the instant it ended, where a gap's end tells it; else the instant of the look
 * @param nowMs the instant of the look, taken before the rows were read
 * @param tellAtMs when those who were told may hear of it
 */
export const closeBySweep = (
  incident: Incident,
  reason: Exclude<SweepCloseReason, 'ended-before-seen' | 'told-only'>,
  endedAtMs: number,
  nowMs: number,
  tellAtMs = nowMs,
): Decision => {
  if (incident.rule === 'alarm') return nothing(incident, 'alarm-needs-a-person');
  if (nowMs < lastMovedAtMs(incident)) return nothing(incident, 'looked-too-early');
  if (incident.state === 'closed') return settle(incident, endedAtMs, nowMs);
  const ended = withStep(incident, nowMs, 'ended', 'watch', reason);
  const told = toldOf(ended);
  const quiet = dropUntold(ended, () => true, nowMs, 'watch', 'ended-before-told');
  const owed = owe(quiet, told, 'recovered', tellAtMs, nowMs);
  const closed = withStep(owed, nowMs, 'closed', 'watch', reason);
  return save(
    {
      ...closed,
      state: 'closed',
      endedAtMs,
      settledToMs: Math.max(endedAtMs, incident.settledToMs ?? endedAtMs),
      closedAtMs: nowMs,
      closeReason: reason,
    },
    reason,
  );
};

/**
 * From when on those who were told may hear that it recovered. What has come back before says so only after a time of
 * calm, or they would hear of each turn.
 */
export const calmFromMs = (incident: Incident, endedAtMs: number, nowMs: number, flapMs: number): number =>
  (incident.turns ?? 0) === 0 ? nowMs : Math.max(nowMs, endedAtMs + flapMs);

/**
 * A recorded breach ended this incident, unless it has been told so before: it may have been reopened since, and the
 * same gap is read until its mark is gone.
 */
export const endBreach = (incident: Incident, breach: EndedBreach, nowMs: number, tellAtMs = nowMs): Decision =>
  incident.settledToMs !== undefined && incident.settledToMs >= breach.endedAtMs
    ? nothing(incident, 'settled-already')
    : closeBySweep(incident, 'met-again', breach.endedAtMs, nowMs, tellAtMs);

/** A closed incident only learns until when its breach went on. */
const settle = (incident: Incident, endedAtMs: number, nowMs: number): Decision => {
  if (incident.settledToMs !== undefined && incident.settledToMs >= endedAtMs)
    return nothing(incident, 'closed-already');
  if (incident.endedAtMs !== undefined && incident.endedAtMs >= endedAtMs) return nothing(incident, 'closed-already');
  return save(
    { ...withStep(incident, nowMs, 'ended', 'watch', 'ended-after-closing'), endedAtMs, settledToMs: endedAtMs },
    'ended-after-closing',
  );
};
