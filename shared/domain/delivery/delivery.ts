import type { Lane, NoticeKind, Recipient } from '../incident.ts';
import type { ChannelKind, SendOutcome } from './channel.ts';

/** One try to reach one contact by one channel. No address. */
export interface Attempt {
  readonly channel: string;
  readonly kind: ChannelKind;
  readonly atMs: number;
  /** `trying` = nobody came back to say what became of it: it may have arrived. */
  readonly outcome: SendOutcome['outcome'] | 'trying';
  readonly code?: string;
}

/**
 * The way of one notice to one contact: one item, kept until it is delivered and seen. `owed` → `delivered` → `seen`;
 * `nobody`: the post has no contact (its one item stands for it); `undeliverable`: every channel refused it for good,
 * or it was given up long after a colleague had it;
 * `withheld`: what it says was over, or no longer true, before it could be delivered.
 */
export interface Delivery {
  /** Incident id, or `test~<post>` for a channel test. */
  readonly incidentId: string;
  readonly noticeId: string;
  readonly post: string;
  /** Contact id; `-` where there is nobody. */
  readonly contact: string;
  readonly department: string;
  readonly duty: Recipient['duty'];
  readonly lane: Lane;
  readonly kind: NoticeKind | 'test';
  readonly rung: number;
  readonly state: 'owed' | 'delivered' | 'seen' | 'nobody' | 'undeliverable' | 'withheld';
  readonly createdAtMs: number;
  /** The last ten. */
  readonly attempts: readonly Attempt[];
  readonly attemptCount: number;
  readonly deliveredAtMs?: number;
  readonly seenAtMs?: number;
  /** Not tried before this (quiet hours, a limit, backoff). */
  readonly dueAtMs: number;
  readonly revision: number;
}

export const LONGEST_ATTEMPTS = 10;

/** An answer link: one per delivery, single use, expiring. Its token is derived, never stored. */
export interface AnswerLink {
  /** Random-looking name of the delivery, in the token. */
  readonly lookup: string;
  readonly incidentId: string;
  readonly noticeId: string;
  readonly post: string;
  readonly contact: string;
  readonly department: string;
  readonly duty: Recipient['duty'];
  readonly rung: number;
  /** True = the page asks for name and unit. */
  readonly group: boolean;
  /** A channel test: there is no incident. */
  readonly test: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly used?: LinkUse;
}

export const linkChoices = ['take', 'seen', 'pass-on'] as const;
/** `take`: I see to it (an answer). `seen`: I know. `pass-on`: I cannot, tell the next. */
export type LinkChoice = (typeof linkChoices)[number];

export interface LinkUse {
  readonly choice: LinkChoice;
  readonly atMs: number;
  /** Of a group: what was typed. Personal data; it stays in this item. */
  readonly name?: string;
  readonly unit?: string;
}

/** `by` of a step that came through a link: names no person; the desk resolves it for those who may know. */
export const linkSubject = (lookup: string): string => `link|${lookup}`;

/** One published notice as a department pulls it. */
export interface FeedEntry {
  readonly noticeId: string;
  readonly incidentId: string;
  readonly division: string;
  /** When `deliver-notices` first had it in hand; orders the feed. */
  readonly atMs: number;
  /** The notice as data (`cradlewatch-notice/1`). */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the ledger queue had of a notice: SNS passed it on. */
export interface LedgerEntry {
  readonly noticeId: string;
  readonly incidentId: string;
  readonly topic: string;
  readonly snsAtMs: number;
  readonly receivedAtMs: number;
}
