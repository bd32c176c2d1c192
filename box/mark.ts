import { existsSync, readFileSync } from 'node:fs';
import type { SealingKey } from './challenges.ts';
import { noteInPlace } from './put-in-place.ts';

/** One number that a box keeps over restarts. */
export interface Mark {
  readonly read: () => number | undefined;
  readonly write: (value: number) => void;
}

/** Kept in a file of its own. */
export const markAt = (path: string): Mark => ({
  read: () => {
    if (!existsSync(path)) return undefined;
    const value = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  },
  write: (value) => noteInPlace(path, String(value)),
});

/** The public key to which hours are sealed, kept over restarts: a box that was offline seals to the one it knows. */
export interface KeyMark {
  readonly read: () => SealingKey | undefined;
  readonly write: (key: SealingKey) => void;
}

const PUBLIC_KEY_BYTES = 32;

export const keyMarkAt = (path: string): KeyMark => ({
  read: () => {
    if (!existsSync(path)) return undefined;
    const [keyId = '', text = ''] = readFileSync(path, 'utf8').trim().split(' ');
    const publicKey = Buffer.from(text, 'base64url');
    return publicKey.length === PUBLIC_KEY_BYTES ? { keyId, publicKey } : undefined;
  },
  write: ({ keyId, publicKey }) => noteInPlace(path, `${keyId} ${Buffer.from(publicKey).toString('base64url')}`),
});
