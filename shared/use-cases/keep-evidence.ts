import { canonicalBytes } from '../evidence/canonical-json.ts';
import { digestOf } from '../evidence/salted-digest.ts';
import type { EvidencePlace, EvidenceStore } from '../ports/evidence-store.ts';

/** A record of our own making: nobody signed it. It names no person but by a salted id. */
export interface OwnRecord extends EvidencePlace {
  /**
   * Now, whatever it tells of: a day that is sealed takes nothing more, and an earlier instant may lie in one.
   */
  readonly receivedAtMs: number;
  /** Values that JSON knows; `undefined` members are left out. */
  readonly body: object;
}

export interface KeepEvidenceDependencies {
  readonly putEvidence: EvidenceStore['put'];
  /** 32 bytes of chance, new with each call. */
  readonly freshSalt: () => Uint8Array;
}

/** Keeps a record of our own making for the seal of its day. Throws `UnavailableError`. */
export type KeepEvidence = (record: OwnRecord) => Promise<void>;

const NOTHING_SIGNED = new Uint8Array();

/**
 * Putting the same place again keeps the first. The same thing told at another instant is another record: whoever may
 * die between this and what follows tells it again, and both say the same.
 */
export const makeKeepEvidence =
  ({ putEvidence, freshSalt }: KeepEvidenceDependencies): KeepEvidence =>
  async ({ body, ...place }) => {
    // Through JSON once: what is canonical is what JSON.parse makes, without members that are undefined.
    const bytes = canonicalBytes(JSON.parse(JSON.stringify(body)));
    const content = { salt: freshSalt(), body: bytes, signatureBase: NOTHING_SIGNED };
    await putEvidence({ ...place, digest: digestOf(content), content });
  };
