import { describe, expect, it } from 'vitest';
import type { Stratum } from '../../../shared/domain/challenges/challenge.ts';
import { drawFrom } from '../../../shared/domain/challenges/draw.ts';
import { drawsNeeded, everywhere, oddsOfDetection } from '../../../shared/domain/challenges/odds.ts';
import { challengeAssumptions, oddsText } from '../../../shared/domain/challenges/odds-text.ts';
import { usualPolicy } from '../../../shared/domain/challenges/policy.ts';
import { outcomeOf, takeAnswer } from '../../../shared/domain/challenges/settle.ts';
import { chanceOf } from '../../../shared/evidence/draw-chance.ts';

const none = { incident: 0, oldest: 0, rest: 0 };

describe('the odds', () => {
  it('are 1 − Π(1 − f)^k', () => {
    expect(oddsOfDetection(everywhere(0.05), { incident: 0, oldest: 0, rest: 59 })).toBeCloseTo(1 - 0.95 ** 59, 12);
    const mixed = oddsOfDetection({ incident: 0.5, oldest: 0.2, rest: 0.01 }, { incident: 1, oldest: 3, rest: 10 });
    expect(mixed).toBeCloseTo(1 - 0.5 * 0.8 ** 3 * 0.99 ** 10, 12);
  });

  it('are nothing without a draw, nothing without a loss, certain where all is lost', () => {
    expect(oddsOfDetection(everywhere(1), none)).toBe(0);
    expect(oddsOfDetection(everywhere(0), { incident: 9, oldest: 9, rest: 9 })).toBe(0);
    expect(oddsOfDetection({ ...none, oldest: 1 }, { ...none, oldest: 1 })).toBe(1);
  });

  it('need the number of draws that the literature names', () => {
    expect([0.01, 0.05, 0.1].map((share) => drawsNeeded(share, 0.95))).toEqual([299, 59, 29]);
    expect([0.01, 0.05, 0.1].map((share) => drawsNeeded(share, 0.99))).toEqual([459, 90, 44]);
    expect([drawsNeeded(1, 0.99), drawsNeeded(0.5, 0)]).toEqual([1, 0]);
    expect([drawsNeeded(0, 0.5), drawsNeeded(0.5, 1)]).toEqual([undefined, undefined]);
  });

  it('of the usual draws find 5 % lost evenly within a month, without any incident, and 60 days of 90 at once', () => {
    const { draws } = usualPolicy(90);
    const month = { incident: 0, oldest: 30 * draws.oldest, rest: 30 * draws.rest };
    expect(oddsOfDetection(everywhere(0.05), month)).toBeGreaterThan(0.99);
    expect(oddsOfDetection({ incident: 0, oldest: 1, rest: 0.25 }, { ...none, oldest: 1 })).toBe(1);
  });

  it('are refused over a share that is none', () => {
    expect(() => oddsOfDetection(everywhere(1.01), { ...none, rest: 1 })).toThrow(RangeError);
    expect(() => drawsNeeded(-0.1, 0.5)).toThrow(RangeError);
  });
});

describe('the printed odds', () => {
  const text = oddsText({ incident: 0, oldest: 60, rest: 60 });

  it('say, in both languages, what these draws would have found', () => {
    expect(text.en).toContain(
      'Had 1% of the footage been lost, these draws would have met it with odds of 70% (95% takes 299 draws).',
    );
    expect(text.en).toContain(
      'Had 5% of the footage been lost, these draws would have met it with odds of 99.7% (95% takes 59 draws).',
    );
    expect(text.zh).toContain('假如有1%的录像丢失，这些抽查至少抽中一次的概率为70%（达到95%需要抽查299次）。');
    expect(text.en).toContain('0 of the times of incidents, 60 of the oldest ten days, 60 of the rest');
  });

  it('are rounded down: what is not certain never reads 100%', () => {
    expect(text.en).toContain('Had 33% of the footage been lost, these draws would have met it with odds of 99.9%');
    expect(oddsText(none).en).toContain('with odds of 0%');
  });

  it('come with what they assume, in both languages', () => {
    expect(challengeAssumptions.length).toBeGreaterThan(0);
    for (const { zh, en } of challengeAssumptions) {
      expect(zh).toMatch(/[一-鿿].*。$/);
      expect(en).toMatch(/\.$/);
    }
  });
});

/** mulberry32: the same numbers for the same seed. */
const seeded = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const FACILITIES = 1_000;
/** 99.9 % of all such measurements lie within this many standard deviations. */
const WIDTH = 3.29;
const HOURS_OF_STRATUM = 4_000;

describe('measured over 1,000 simulated facilities', () => {
  const hours = Array.from({ length: HOURS_OF_STRATUM }, (_, at) => at);
  const pools = { incident: hours, oldest: hours, rest: hours };

  /**
   * Which share of the facilities is found out. Each lost one stretch of hours without a break, at a place of its own:
   * only a draw that is even finds such a loss as often as it says. No footage is hashed: whoever holds the hour
   * answers rightly.
   */
  const detected = (
    lostShares: Readonly<Record<Stratum, number>>,
    draws: Readonly<Record<Stratum, number>>,
    random: () => number,
  ): number => {
    let found = 0;
    for (let facility = 0; facility < FACILITIES; facility += 1) {
      const firstLost = (facility * 997) % HOURS_OF_STRATUM;
      const isHeld = (stratum: Stratum, hour: number): boolean =>
        (hour - firstLost + HOURS_OF_STRATUM) % HOURS_OF_STRATUM >= lostShares[stratum] * HOURS_OF_STRATUM;
      const chances = Array.from({ length: draws.incident + draws.oldest + draws.rest }, random);
      const outcomes = drawFrom(pools, draws, chances).map(({ stratum, hour }) => settled(isHeld(stratum, hour)));
      if (outcomes.includes('mismatch')) found += 1;
    }
    return found / FACILITIES;
  };

  const challenge = {
    id: 'q',
    camera: 'cam-1',
    hourMs: 0,
    stratum: 'rest',
    stability: 'byte-stable',
    askedAtMs: 0,
    answerByMs: 1,
  } as const;
  const settled = (matches: boolean): string => {
    const taken = takeAnswer(challenge, { id: 'q', is: 'shown', matches }, 0);
    return taken.taken ? outcomeOf(taken.challenge, 1).is : taken.reason;
  };

  const expectAgreement = (measured: number, odds: number): void => {
    const deviation = Math.sqrt((odds * (1 - odds)) / FACILITIES);
    expect(Math.abs(measured - odds)).toBeLessThan(WIDTH * deviation);
  };

  const cases = ([0.01, 0.05, 0.33] as const).flatMap((share) =>
    (['incident', 'oldest', 'rest'] as const).map((stratum) => ({ share, stratum })),
  );

  it.each(cases)('a loss of $share in $stratum is found as often as the odds say', ({ share, stratum }) => {
    const lostShares = { ...none, [stratum]: share };
    // So many that the odds are neither small nor near certainty: there the measurement says most.
    const half = drawsNeeded(share, 0.6) ?? 0;
    const draws = { incident: 3, oldest: 3, rest: 3, [stratum]: half };
    const seed = Math.round(share * 1_000) * 10 + stratum.length;
    expectAgreement(detected(lostShares, draws, seeded(seed)), oddsOfDetection(lostShares, draws));
  });

  it('losses that differ by stratum are found as often as their product says', () => {
    const lostShares = { incident: 0.33, oldest: 0.05, rest: 0.01 };
    const draws = { incident: 1, oldest: 6, rest: 20 };
    expectAgreement(detected(lostShares, draws, seeded(20_261_122)), oddsOfDetection(lostShares, draws));
  });

  it('by the chances with which days are drawn a loss is found as often as the odds say', () => {
    const secret = new Uint8Array(32).fill(7);
    let drawn = 0;
    const chances = (): number => {
      drawn += 1;
      return chanceOf(secret, [`nursery-${drawn % FACILITIES}`, `2026-11-22.${drawn}`, 'hour 0']);
    };
    const lostShares = { ...none, rest: 0.05 };
    const draws = { incident: 0, oldest: 0, rest: drawsNeeded(0.05, 0.6) ?? 0 };
    expectAgreement(detected(lostShares, draws, chances), oddsOfDetection(lostShares, draws));
  });

  it('and nothing is found where nothing is lost', () => {
    expect(detected(none, { incident: 5, oldest: 5, rest: 5 }, seeded(1))).toBe(0);
  });
});
