import { createHash } from 'node:crypto';
import { EvidenceError } from '../../../shared/evidence/evidence-error.ts';
import type { SealedObjects } from '../../../shared/ports/sealed-store.ts';
import { logged } from './calls.ts';

/** Sealed objects in memory, by address. What a test puts into `kept` by hand is found changed when it is read. */
export const memorySealedObjects = (): SealedObjects & { readonly kept: Map<string, Uint8Array> } => {
  const kept = new Map<string, Uint8Array>();
  return logged({
    kept,
    put: async (bytes: Uint8Array) => {
      const address = createHash('sha256').update(bytes).digest('hex');
      if (!kept.has(address)) kept.set(address, Uint8Array.from(bytes));
      return address;
    },
    read: async (address: string) => {
      if (!/^[0-9a-f]{64}$/.test(address)) throw new EvidenceError('malformed', 'no address');
      const bytes = kept.get(address);
      if (bytes && createHash('sha256').update(bytes).digest('hex') !== address) {
        throw new EvidenceError('changed-byte', `The object ${address} does not have the bytes of its name.`);
      }
      return bytes;
    },
  });
};
