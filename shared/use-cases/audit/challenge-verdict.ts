import { challengesAsOf } from '../../domain/challenges/as-of.ts';
import type { Challenge } from '../../domain/challenges/challenge.ts';
import { type HeldCamera, sealedOf } from '../../domain/challenges/owed-hours.ts';
import { usualPolicy } from '../../domain/challenges/policy.ts';
import { type ChallengeVerdict, judgeChallenges } from '../../domain/challenges/verdict.ts';
import type { Facility } from '../../domain/facility.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { ChallengeStore } from '../../ports/challenge-store.ts';

export interface ChallengeReads {
  readonly challenges: Pick<ChallengeStore, 'challengesSince'>;
}

/**
 * What the challenges of a facility came to as of an instant, counted as the sealing of a day counts them. `cameras`: all
 * of which something must be held, with the days of it.
 */
export const challengeVerdict = async (
  { challenges }: ChallengeReads,
  facility: Facility,
  pack: RulePack,
  cameras: readonly HeldCamera[],
  nowMs: number,
): Promise<{ readonly asked: readonly Challenge[]; readonly verdict: ChallengeVerdict }> => {
  const days = pack.thresholds.retentionDays.value;
  // A failure counts until its footage need not be held any more: it was asked for within that time.
  const kept = await challenges.challengesSince(facility.id, nowMs - (days + 1) * DAY_MS);
  const asked = challengesAsOf(
    kept.map(({ challenge }) => challenge),
    nowMs,
  );
  return { asked, verdict: judgeChallenges(asked, sealedOf(cameras, facility, pack, nowMs), usualPolicy(days), nowMs) };
};
