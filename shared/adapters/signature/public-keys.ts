import { createPublicKey, type KeyObject } from 'node:crypto';
import { isAcceptableEd25519Key } from '../../contracts/ed25519-key.ts';

/** A handful of boxes share one instance for a while; the least lately used go first. */
const MOST_KEYS = 4_096;

/** Key objects by raw key: importing one anew for each request costs a tenth to a half of a verification. */
export const makePublicKeys = (most: number = MOST_KEYS): ((key: string) => KeyObject | undefined) => {
  const kept = new Map<string, KeyObject>();
  return (key) => {
    const known = kept.get(key);
    if (known === undefined && !isAcceptableEd25519Key(key)) return undefined;
    const publicKey = known ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    kept.delete(key);
    kept.set(key, publicKey);
    const oldest = kept.keys().next().value;
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return publicKey;
  };
};
