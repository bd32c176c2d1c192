import type { ChallengeVerdict } from './challenges/verdict.ts';
import { type CameraRetention, worstOf } from './retention-verdict.ts';

/** `unproved`: no camera admits to a loss, and footage that was asked for was not shown. */
export type FacilityState = CameraRetention['state'] | 'unproved';
export type FacilityReason = ReturnType<typeof worstOf>['reason'] | ChallengeVerdict['reason'];

/**
 * Whether a facility can show its days as of an instant: by the worst of its cameras, and by what its challenges came to
 * as of the same instant. Cameras speak through the box that is put to the test, so that their word does not outweigh a
 * challenge that failed. Challenges that show nothing take nothing away: the days rest on reports alone.
 */
export const facilityShown = (
  cameras: readonly CameraRetention[],
  { state, reason }: Pick<ChallengeVerdict, 'state' | 'reason'>,
): { readonly state: FacilityState; readonly reason: FacilityReason } => {
  const worst = worstOf(cameras);
  const admits = worst.state === 'short' || worst.state === 'gaps';
  return state === 'breached' && !admits ? { state: 'unproved', reason } : worst;
};
