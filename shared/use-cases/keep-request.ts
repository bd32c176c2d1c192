import { CANARY } from '../domain/incident.ts';
import type { EvidenceKind } from '../evidence/evidence-kinds.ts';
import { digestOf, requestIdOf } from '../evidence/salted-digest.ts';
import type { EvidenceStore, KeepRequest } from '../ports/evidence-store.ts';

export interface KeepRequestDependencies {
  readonly putEvidence: EvidenceStore['put'];
  readonly isKeyLive: (facilityId: string, box: string, key: string) => Promise<boolean>;
  readonly kind: EvidenceKind;
  /** 32 bytes of chance, new with each call. */
  readonly freshSalt: () => Uint8Array;
}

/**
 * Keeps each signed request of a live key as one record. A request in which some report does not fit its schema may say
 * what we never hold, a name for instance: of it only the digest is kept, under a salt that nobody ever learns, so that
 * its reception stays provable and nothing of it can be read.
 *
 * It asks for the key by itself, beside whoever takes the reports: with a key of their own making anybody could fill the
 * log of a nursery.
 */
export const makeKeepRequest =
  ({ putEvidence, isKeyLive, kind, freshSalt }: KeepRequestDependencies): KeepRequest =>
  async ({ sender, body, signatureBase, signature, fitsSchema }) => {
    const { facilityId: facility, box, key, receivedMs } = sender;
    // The canary is no nursery and has no log; a key that is not live is refused by whoever takes the reports.
    if (facility === CANARY || !(await isKeyLive(facility, box, key))) return;
    const content = { salt: freshSalt(), body, signatureBase };
    const place = { facility, kind, id: requestIdOf(content), receivedAtMs: receivedMs };
    const digest = digestOf(content);
    if (!fitsSchema) return putEvidence({ ...place, digest, content: {} });
    const value = Buffer.from(signature).toString('base64');
    return putEvidence({ ...place, digest, content, signature: { value, key } });
  };
