import type { Lane } from '../incident.ts';

/** `canary` is the platform's own and reaches nobody. */
export const channelKinds = ['email', 'webhook', 'wecom', 'dingtalk', 'feishu', 'sms', 'voice', 'canary'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/**
 * Kinds that reach an address of the roster through an account of the platform; this is the name of the secret that holds
 * the account. The others have all that they need in the secret that the roster names.
 */
export const accountSecrets: Readonly<Partial<Record<ChannelKind, string>>> = {
  email: 'smtp',
  sms: 'sms',
  voice: 'voice',
};

/** What a channel carries: a notice, several of them as one, or a test. */
export interface ChannelMessage {
  /** Notice id, or the id of the first where several are one message, or of the test: lets a receiver drop a repeat. */
  readonly id: string;
  readonly lane: Lane;
  readonly drill: boolean;
  /** ASCII. */
  readonly subjectLine: string;
  /** Chinese, then English. */
  readonly text: string;
  /** At most 70 characters, Chinese. */
  readonly shortText: string;
  /** Where to answer; absent = there is nothing to answer. */
  readonly link?: string;
  /** For machines. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What became of one try. A channel never throws for what its provider does. `code` is a closed word or the provider's number. */
export type SendOutcome =
  /** The provider took it. Not that anybody saw it. */
  | { readonly outcome: 'accepted'; readonly providerId?: string }
  /** This message, address or key will never be taken: trying the same again is useless. */
  | { readonly outcome: 'refused'; readonly code: string }
  /** Too many: nothing more through this address until then. */
  | { readonly outcome: 'limited'; readonly code: string; readonly retryAfterMs: number }
  /** It may have arrived, or not (a timeout, a 5xx, a broken connection). */
  | { readonly outcome: 'failed'; readonly code: string };

/** What a provider documents about one address of its kind. */
export interface ChannelLimits {
  /** At most so many messages within `withinMs`. */
  readonly most: number;
  readonly withinMs: number;
  /** Kept free for life safety. */
  readonly reserved: number;
  /** Longest text in bytes of UTF-8; absent = characters count (`longestCharacters`). */
  readonly longestBytes?: number;
  readonly longestCharacters?: number;
}

/** What is known of one address of a channel, shared by every instance that sends. */
export interface ChannelState {
  /** Kind and a hash of address or secret name: never the address. */
  readonly key: string;
  /** Instants of the latest sends inside the limit's window. */
  readonly sentAtMs: readonly number[];
  /** The provider said: nothing before this. */
  readonly lockedUntilMs?: number;
  /** Failures in a row; the breaker opens at `FAILURES_TO_OPEN`. */
  readonly failures: number;
  readonly openUntilMs?: number;
  readonly revision: number;
}
