import type { ByteStability, Challenge, ChallengeQuestion } from '../domain/challenges/challenge.ts';
import type { ChallengeOutcome } from '../domain/challenges/settle.ts';

/** What a box sealed of one camera-hour when it was recorded. The first that came stands. */
export interface SealedToken {
  readonly facility: string;
  readonly camera: string;
  readonly hourMs: number;
  readonly stability: ByteStability;
  /** base64url; absent exactly if `presence-only`. */
  readonly token?: string;
  readonly receivedAtMs: number;
}

/** A challenge with its question, and with what its box had sealed. */
export interface KeptChallenge {
  readonly facility: string;
  /** Box of the camera. */
  readonly box: string;
  readonly challenge: Challenge;
  /** Absent = the token could not be opened, nothing is asked. */
  readonly question?: ChallengeQuestion;
  /** base64url of what the box had sealed; never sent to anybody. */
  readonly mac?: string;
  /** The report that was taken as its answer, or said last that the recorder was busy. */
  readonly answeredBy?: { readonly id: string; readonly digest: string };
  /** What became of it, as far as that is under seal already; absent = not even that it was asked. */
  readonly sealedAs?: ChallengeOutcome['is'];
  readonly revision: number;
}

/** A public key to which boxes seal for a month. */
export interface PublishedKey {
  /** `2026-11.1`. */
  readonly keyId: string;
  /** base64url of 32 bytes. */
  readonly publicKey: string;
  readonly publishedAtMs: number;
}

/** Reads are strongly consistent. Throws `UnavailableError`. */
export interface ChallengeStore {
  /** All that came in one request. Of a facility, camera and hour the first that came stands. */
  putTokens(tokens: readonly SealedToken[]): Promise<void>;
  readToken(facility: string, camera: string, hourMs: number): Promise<SealedToken | undefined>;

  /** Put if absent on (facility, id), with revision 1. False = it is there. */
  putChallenge(kept: KeptChallenge): Promise<boolean>;
  readChallenge(facility: string, id: string): Promise<KeptChallenge | undefined>;
  /** Compare-and-set: the stored revision must be `next.revision − 1`. False = read again. */
  saveChallenge(next: KeptChallenge): Promise<boolean>;
  /** Asked at `sinceMs` or later, by asking. */
  challengesSince(facility: string, sinceMs: number): Promise<readonly KeptChallenge[]>;

  /** Put if absent on the key id; answers the one that stands. */
  publishKey(key: PublishedKey): Promise<PublishedKey>;
  /** Every published key, the oldest first. */
  publishedKeys(): Promise<readonly PublishedKey[]>;
}

/** The private keys of the months: only `draw-challenges` has this port. */
export interface ChallengeKeys {
  /** Raw X25519. Absent = never made, or destroyed. */
  read(keyId: string): Promise<Uint8Array | undefined>;
  /** Makes one if there is none; answers the one that stands. */
  make(keyId: string): Promise<Uint8Array>;
  /** For good, at once. A key that is gone already is fine. */
  destroy(keyId: string): Promise<void>;
}
