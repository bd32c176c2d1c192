import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { type EvidenceCode, EvidenceError } from '../../shared/evidence/evidence-error.ts';
import { leafHash } from '../../shared/evidence/merkle.ts';

/** Leaves that all differ: a tree over equal leaves cannot tell an exchange. */
export const someLeaves = (count: number, name = 'leaf'): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, at) => new TextEncoder().encode(`${name} ${at}`));

export const someHashes = (count: number, name = 'leaf'): readonly Uint8Array[] =>
  someLeaves(count, name).map(leafHash);

/** MTH as the text of RFC 6962 §2.1 has it, sharing no code with the product. */
export const plainRoot = (leaves: readonly Uint8Array[]): Uint8Array => {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return createHash('sha256').update('\u0000').update(only).digest();
  const half = 2 ** (32 - Math.clz32(leaves.length - 1) - 1);
  const parts = [plainRoot(leaves.slice(0, half)), plainRoot(leaves.slice(half))];
  return createHash('sha256').update('\u0001').update(Buffer.concat(parts)).digest();
};

/** A copy with one bit turned over. */
export const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export interface Refusal {
  readonly code: EvidenceCode | 'accepted';
  readonly message: string;
}

/** What the work was refused with; anything but an `EvidenceError` is thrown on. */
export const refusalOf = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (error) {
    if (error instanceof EvidenceError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'accepted', message: '' };
};

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** An Ed25519 key that is the same in every run: the seed is the bytes `first`, `first + 1` … */
export const ed25519Key = (first = 0): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      Uint8Array.from({ length: 32 }, (_, at) => first + at),
    ]),
    format: 'der',
    type: 'pkcs8',
  });
