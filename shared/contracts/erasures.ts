import * as z from 'zod';
import { facilityId, instant } from './wire.ts';

/** What a box sent. Records of our own name people by salted ids, and nobody takes back who looked at what. */
export const erasableKinds = ['recordings', 'checks', 'logs', 'digests', 'alarms', 'challenges'] as const;

const kind = z.enum(erasableKinds);
const recordId = z.string().regex(/^[!-~]{1,256}$/);

/** Names one record as its leaf does, and why what it said is destroyed. No free text: it could hold what is to go. */
export const erasureBody = z.strictObject({
  kind,
  id: recordId,
  /** To the millisecond, as its leaf says. */
  receivedAt: instant,
  reason: z.enum(['erasure-request', 'authority-order', 'sent-by-mistake']),
});
export type ErasureBody = z.infer<typeof erasureBody>;

const words = z.strictObject({ zh: z.string().max(500), en: z.string().max(500) });

/** What became of it. Erased again, it says when it was first, and that no further copy was there. */
export const erasureView = z.strictObject({
  facility: facilityId,
  kind,
  id: recordId,
  receivedAt: instant,
  /** SHA-256 in hexadecimal, which stays. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  erasedAt: instant,
  /** Copies of reports that this call emptied. */
  copies: z.int().min(0).max(100),
  stays: words,
});
export type ErasureView = z.infer<typeof erasureView>;
