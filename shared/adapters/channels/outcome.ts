import type { SendOutcome } from '../../domain/delivery/channel.ts';
import type { HttpAnswer } from './http-post.ts';

/** What a provider's own codes mean, as far as it documents them. Every other code is unclear: `failed`. */
export interface DocumentedCodes {
  /** Name of the field of the answer that says how it went. */
  readonly field: string;
  readonly success: string;
  /** Of this message, address or key: it will be the same next time. */
  readonly refused: ReadonlySet<string>;
  /** How long nothing more is taken, by code. */
  readonly limitedMs: Readonly<Record<string, number>>;
  /** Field with the provider's id of what it took. */
  readonly idField?: string;
  /**
   * True = the key is the platform's own, for everybody. An undocumented 4xx (a key that ran out) is then ours to mend,
   * and the message is still good.
   */
  readonly ownAccount?: boolean;
}

type Answered = Extract<HttpAnswer, { readonly status: number }>;
type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 60 * 60_000;

/** A number, or the dotted words of Alibaba Cloud. Anything else could be an echo of what we sent. */
const codeForm = /^(-?\d{1,9}|is[vp]\.[A-Z_]{1,60}|Throttling(\.[A-Za-z]{1,30})?)$/;
const idForm = /^[\w^:-]{1,80}$/;

const fieldsOf = (body: string): Fields => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : {};
  } catch {
    return {};
  }
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const secondsIn = (header: string | readonly string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;

/** What the provider asks for in seconds, else what it documents, within reason. */
const retryAfterMs = ({ headers }: Answered, documentedMs = DEFAULT_RETRY_MS): number => {
  const asked = secondsIn(headers['retry-after']) ?? secondsIn(headers['x-ogw-ratelimit-reset']) ?? documentedMs;
  return Math.min(Math.max(asked, 1000), LONGEST_RETRY_MS);
};

const byStatus = (answer: Answered, ownAccount = false): SendOutcome | undefined => {
  const { status } = answer;
  const code = `http-${status}`;
  if (status >= 200 && status < 300) return undefined;
  if (status === 429) return { outcome: 'limited', code, retryAfterMs: retryAfterMs(answer) };
  // We follow nobody elsewhere with a message about children, so that a redirect is a wrong address.
  const isPassing = status === 408 || status === 425 || status >= 500 || (ownAccount && status >= 400);
  return { outcome: isPassing ? 'failed' : 'refused', code };
};

const accepted = (id: string | undefined): SendOutcome =>
  id !== undefined && idForm.test(id) ? { outcome: 'accepted', providerId: id } : { outcome: 'accepted' };

/** A receiver that says everything with its status: any 2xx is yes. */
export const outcomeOfStatus = (answer: HttpAnswer): SendOutcome => {
  if ('trouble' in answer) return { outcome: 'failed', code: answer.trouble };
  return byStatus(answer) ?? { outcome: 'accepted' };
};

/**
 * What became of it, by the code in the body before the status: these providers say no with a 200, and some say
 * "too many" with a 400. A 2xx whose body says nothing that we understand is unclear, never a success.
 */
export const outcomeOfBody = (answer: HttpAnswer, codes: DocumentedCodes): SendOutcome => {
  if ('trouble' in answer) return { outcome: 'failed', code: answer.trouble };
  const fields = fieldsOf(answer.body);
  const said = textOf(fields[codes.field]);
  const code = said !== undefined && codeForm.test(said) ? said : undefined;
  if (code !== undefined && Object.hasOwn(codes.limitedMs, code)) {
    return { outcome: 'limited', code, retryAfterMs: retryAfterMs(answer, codes.limitedMs[code]) };
  }
  if (code !== undefined && codes.refused.has(code)) return { outcome: 'refused', code };
  const wrong = byStatus(answer, codes.ownAccount);
  if (wrong) return wrong;
  if (said === codes.success) return accepted(codes.idField === undefined ? undefined : textOf(fields[codes.idField]));
  return { outcome: 'failed', code: code ?? 'not-understood' };
};

export const refused = (code: string): SendOutcome => ({ outcome: 'refused', code });
