import type { Interval } from '../time.ts';

/**
 * What a recorder's bytes are good for. `byte-stable`: the same slice is the same bytes whenever it is read, so that
 * only the footage can answer. `presence-only`: an export is put together anew each time; such a recorder can only say
 * that the slice is there, and saying so proves nothing.
 */
export type ByteStability = 'byte-stable' | 'presence-only';

/** Where a camera-hour is drawn from. Each owed hour is in exactly one; the order decides which. */
export const strata = ['incident', 'oldest', 'rest'] as const;
export type Stratum = (typeof strata)[number];

/** One camera, one hour, and whether a token of it was sealed. */
export interface CameraHour {
  readonly camera: string;
  /** Start of the hour. */
  readonly hourMs: number;
  readonly stability: ByteStability;
}

/** One name for one camera-hour. No camera id has a `@`. */
export const cameraHourKey = ({ camera, hourMs }: Pick<CameraHour, 'camera' | 'hourMs'>): string =>
  `${camera}@${hourMs}`;

/** Numbers that a jurisdiction or an operator may set. */
export interface ChallengePolicy {
  /** How long footage must be held: the pack's days. */
  readonly retainMs: number;
  /** How much of the end of that time is the stratum `oldest`. */
  readonly oldestMs: number;
  /** A challenge that has no answer after this long is a finding. */
  readonly answerWithinMs: number;
  /**
   * A recorder that was found busy for this long, and never anything else, is a finding; so is film that was asked for
   * this long, found it busy, and was never shown while other film was.
   */
  readonly busyForMs: number;
  /** Draws of this long back count for the odds. */
  readonly windowMs: number;
  /** With tokens of less than this share of the owed camera-hours, samples say nothing about the whole. */
  readonly leastSealedShare: number;
  /** How many are drawn a day, per stratum. */
  readonly draws: Readonly<Record<Stratum, number>>;
}

/** One challenge as we keep it. */
export interface Challenge {
  readonly id: string;
  readonly camera: string;
  readonly hourMs: number;
  readonly stratum: Stratum;
  readonly stability: ByteStability;
  readonly askedAtMs: number;
  readonly answerByMs: number;
  /** The final answer. The first one that is not `busy` is final, so that a box cannot try until it fits. */
  readonly answer?: { readonly is: FinalAnswer; readonly atMs: number };
  /** When the box first said that its recorder was busy. */
  readonly busyAtMs?: number;
  /** The token could not be opened, so nothing was asked. Why, in one word. */
  readonly tokenRefused?: string;
}

/**
 * `held`: the slice was shown. `mismatch`: the box answered with other bytes. `not-found`: it said that the slice is
 * gone. `present`: a presence-only recorder said that the slice is there.
 */
export type FinalAnswer = 'held' | 'mismatch' | 'not-found' | 'present';

/** What a box is asked. */
export interface ChallengeQuestion {
  readonly id: string;
  readonly camera: string;
  readonly slice: Interval;
  readonly answerByMs: number;
  /** base64url of 32 bytes, out of the token; absent = only whether the slice is there (`presence-only`). */
  readonly key?: string;
}

/** What a box answers. `mac` is base64url of HMAC-SHA-256(key, the bytes of the slice). */
export type ChallengeAnswer =
  | { readonly id: string; readonly is: 'shown'; readonly mac: string }
  | { readonly id: string; readonly is: 'present' }
  | { readonly id: string; readonly is: 'not-found' }
  | { readonly id: string; readonly is: 'busy' };
