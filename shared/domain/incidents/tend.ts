import type { Incident, PendingNotice } from '../incident.ts';
import { climb } from './climb.ts';
import { type Decision, nothing, save } from './decision.ts';
import { expireAnswer, type TellingAgain } from './expire-answer.ts';
import { claimDue } from './outbox.ts';
import { closeOver } from './over.ts';

/** What was decided of an incident, and what is to be published once that is saved. */
export interface Tended {
  readonly decision: Decision;
  readonly claimed: readonly PendingNotice[];
}

/**
 * All that is due of an incident, in the order of a day: its end, the end of its answer, what holds it back, the next
 * rung, and its notices, which are claimed. Nothing is due exactly where `nextStepOf` says so.
 *
 * @param held the incident as a mute leaves it, which then climbs no further; the same, where none concerns it
 */
export const tend = (
  incident: Incident,
  nowMs: number,
  again: TellingAgain,
  held: (incident: Incident) => Incident = (same) => same,
): Tended => {
  const over = closeOver(incident, nowMs);
  const expired = expireAnswer(over.incident, nowMs, again);
  const muted = held(expired.incident);
  const climbed = muted === expired.incident ? climb(muted, nowMs) : nothing(muted, 'muted');
  const { incident: next, claimed } = claimDue(climbed.incident, nowMs);
  const did = [over, expired, climbed].find(({ does }) => does === 'save');
  const isSame = did === undefined && claimed.length === 0 && muted === incident;
  const reason = did?.reason ?? climbed.reason;
  return { decision: isSame ? nothing(incident, reason) : save(next, reason), claimed };
};
