import type { Sender } from '../domain/sender.ts';
import type { Interval } from '../domain/time.ts';
import type { EvidenceKind } from '../evidence/evidence-kinds.ts';
import type { KeptContent, RecordContent } from '../evidence/leaf.ts';

/** Names one record of a facility. */
export interface EvidencePlace {
  readonly facility: string;
  readonly kind: EvidenceKind;
  /** Unique within its kind at this facility. */
  readonly id: string;
  /** Our clock. Decides to which local day it belongs, for good. */
  readonly receivedAtMs: number;
}

/** A record as it is kept: its digest stays for as long as its day does, what it said until it is erased. */
export interface EvidenceRecord extends EvidencePlace {
  /** `digestOf(content)`, in hexadecimal. */
  readonly digest: string;
  readonly content: KeptContent;
  /** Over `content.signatureBase`: base64 of the signature, and the public key that made it. */
  readonly signature?: { readonly value: string; readonly key: string };
  /** When what it said was destroyed. Absent on one that is readable, and on one of which only the digest was ever kept. */
  readonly erasedAtMs?: number;
}

/** Of a record, what its leaf is made of. */
export type KeptDigest = EvidencePlace & Pick<EvidenceRecord, 'digest'>;

/** The salted records of which the leaves of a day are made. Throws `UnavailableError`. */
export interface EvidenceStore {
  /** Putting it again, with another salt too, keeps the first. */
  put(record: EvidenceRecord & { readonly content: RecordContent | Record<string, never> }): Promise<void>;
  /** Records received in `[fromMs, toMs)`, strongly consistent, in any order. */
  within(facility: string, received: Interval): Promise<readonly EvidenceRecord[]>;
  /** The same with nothing but digests: what a box may send in a day does not fit into memory. */
  digestsWithin(facility: string, received: Interval): Promise<readonly KeptDigest[]>;
  /**
   * Destroys salt, body and signature of one record; the digest stays, and the instant of the first erasure. False = there
   * is no such record.
   */
  erase(place: EvidencePlace, atMs: number): Promise<boolean>;
  /** Removes records received in `[fromMs, toMs)`, at most `limit`; answers how many are left at least (0 = none). */
  prune(facility: string, received: Interval, limit: number): Promise<number>;
}

/** A signed request of a box, as it arrived. */
export interface ArrivedRequest {
  readonly sender: Sender;
  readonly body: Uint8Array;
  readonly signatureBase: Uint8Array;
  readonly signature: Uint8Array;
  /** Every report in it fits its schema, so that it says nothing that we never hold. */
  readonly fitsSchema: boolean;
}

/** Keeps a request for the seal of its day. Throws `UnavailableError`: then the box must send it again. */
export type KeepRequest = (request: ArrivedRequest) => Promise<void>;

/** The one salt under which people are named in records. Once it is deleted, nobody can say who was who. */
export interface PersonSalt {
  /** Keeps `fresh` if there is none; answers the one that stands, strongly consistent. Throws `UnavailableError`. */
  decide(fresh: () => Uint8Array): Promise<Uint8Array>;
}
