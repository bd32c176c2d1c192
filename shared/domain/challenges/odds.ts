import { type Stratum, strata } from './challenge.ts';

/**
 * The odds that at least one draw met lost footage: `1 − Π(1 − f_s)^k_s`, where `f_s` is the share of the camera-hours
 * of a stratum that is lost and `k_s` how many were drawn from it. Draws are without putting back, which finds a little
 * more often: the odds are never flattered.
 */
export const oddsOfDetection = (
  lostShares: Readonly<Record<Stratum, number>>,
  draws: Readonly<Record<Stratum, number>>,
): number => 0 - Math.expm1(strata.reduce((sum, stratum) => sum + logMissed(lostShares[stratum], draws[stratum]), 0));

/**
 * Logarithm of the odds that no draw of one stratum met the lost share. Without a draw that is certain, even where all
 * is lost (and 0 × −∞ would be no number).
 */
const logMissed = (lostShare: number, draws: number): number => {
  if (!(lostShare >= 0 && lostShare <= 1)) throw new RangeError('a share lies in [0, 1]');
  return draws === 0 ? 0 : draws * Math.log1p(-lostShare);
};

/** The same share in every stratum. */
export const everywhere = (lostShare: number): Readonly<Record<Stratum, number>> => ({
  incident: lostShare,
  oldest: lostShare,
  rest: lostShare,
});

/**
 * How many draws find a lost share with at least these odds; `undefined` where no number does (nothing is lost, or
 * certainty is asked for and not all is lost).
 */
export const drawsNeeded = (lostShare: number, odds: number): number | undefined => {
  if (!(lostShare >= 0 && lostShare <= 1) || !(odds >= 0 && odds <= 1)) {
    throw new RangeError('a share and odds lie in [0, 1]');
  }
  if (odds === 0) return 0;
  if (lostShare === 1) return 1;
  if (lostShare === 0 || odds === 1) return undefined;
  return Math.ceil(Math.log1p(-odds) / Math.log1p(-lostShare));
};
