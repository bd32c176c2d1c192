import type { Delivery } from '../domain/delivery/delivery.ts';

/** Which delivery an answer link is for. */
export type LinkKey = Pick<Delivery, 'incidentId' | 'noticeId' | 'contact'>;

/** The words of answer links: derived from the delivery and our secret, stored nowhere. */
export interface AnswerTokens {
  /** The same delivery always gives the same token, so repeating is harmless. Throws `UnavailableError`. */
  tokenFor(key: LinkKey): Promise<{ readonly lookup: string; readonly token: string }>;
  /** The lookup of a token that we made; absent = forged, truncated or no token at all. Throws `UnavailableError`. */
  verify(token: string): Promise<string | undefined>;
}
