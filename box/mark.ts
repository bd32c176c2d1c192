import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SealingKey } from './challenges.ts';

/** One number that a box keeps over restarts. */
export interface Mark {
  readonly read: () => number | undefined;
  readonly write: (value: number) => void;
}

/** Kept in a file of its own, put in place by a rename: killed at any moment, the old number or the new one is there. */
export const markAt = (path: string): Mark => ({
  read: () => {
    if (!existsSync(path)) return undefined;
    const value = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  },
  write: (value) => putInPlace(path, String(value)),
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
  write: ({ keyId, publicKey }) => putInPlace(path, `${keyId} ${Buffer.from(publicKey).toString('base64url')}`),
});

const putInPlace = (path: string, text: string): void => {
  writeFileSync(`${path}.draft`, text, { mode: 0o600 });
  renameSync(`${path}.draft`, path);
};
