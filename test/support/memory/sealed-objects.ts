import { createHash } from 'node:crypto';
import { EvidenceError } from '../../../shared/evidence/evidence-error.ts';
import type { SealedObjects } from '../../../shared/ports/sealed-store.ts';
import { logged } from './calls.ts';

const addressOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sealed objects in memory, by address. What a test puts into `kept` by hand is found changed when it is read. */
export const memorySealedObjects = (): SealedObjects & { readonly kept: Map<string, Uint8Array> } => {
  const kept = new Map<string, Uint8Array>();
  const checked = (address: string): Uint8Array | undefined => {
    const bytes = kept.get(address);
    if (bytes === undefined || addressOf(bytes) === address) return bytes;
    throw new EvidenceError('changed-byte', `The object ${address} does not have the bytes of its name.`);
  };
  return logged({
    kept,
    put: async (bytes: Uint8Array) => {
      const address = addressOf(bytes);
      if (checked(address) === undefined) kept.set(address, Uint8Array.from(bytes));
      return address;
    },
    read: async (address: string) => {
      if (!/^[0-9a-f]{64}$/.test(address)) throw new EvidenceError('malformed', 'no address');
      return checked(address);
    },
  });
};
