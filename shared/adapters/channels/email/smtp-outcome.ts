import type { SendOutcome } from '../../../domain/delivery/channel.ts';
import { troubleOf } from '../http-post.ts';

/** What nodemailer knows of a failure; its message quotes addresses and is never read. */
interface SmtpFailure {
  readonly code?: string;
  /** What Node said, where nodemailer has a code of its own. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

const MAIL_FLOOD_MS = 10 * 60_000;

/** Enhanced status X.7.28, "mail flood detected": the one code by which mail servers agree to say "too many". */
const mailFlood = /^\d{3}[ -][45]\.7\.28\b/;

/**
 * These come first, whatever reply they quote. A login that is not taken is ours to mend, and the mail is still good: it
 * stays owed, instead of being given up with all others of that hour.
 */
const words: Readonly<Record<string, SendOutcome>> = {
  ETIMEDOUT: { outcome: 'failed', code: 'timeout' },
  EABORT: { outcome: 'failed', code: 'timeout' },
  ETLS: { outcome: 'failed', code: 'tls' },
  EAUTH: { outcome: 'failed', code: 'not-authenticated' },
};

const byReply = (code: number, response: string): SendOutcome => {
  if (mailFlood.test(response)) return { outcome: 'limited', code: 'smtp-flood', retryAfterMs: MAIL_FLOOD_MS };
  const isFinal = code >= 500 && code < 600;
  return { outcome: isFinal ? 'refused' : 'failed', code: `smtp-${code}` };
};

/** What a failed mail means: 5xx is final, 4xx passes, without an answer it may have arrived. */
export const outcomeOfFailure = (error: unknown): SendOutcome => {
  const { code = '', originalCode, responseCode, response = '' } = error as SmtpFailure;
  const word = words[code];
  if (word) return word;
  if (typeof responseCode === 'number') return byReply(responseCode, response);
  if (code === 'EPROTOCOL') return { outcome: 'failed', code: 'not-understood' };
  return { outcome: 'failed', code: troubleOf({ code: originalCode }) };
};
