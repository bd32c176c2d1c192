import { randomBytes } from 'node:crypto';
import { SALT_BYTES } from '../evidence/salted-digest.ts';

/** Of a record under seal: new with each call. */
export const freshSalt = (): Uint8Array => randomBytes(SALT_BYTES);
