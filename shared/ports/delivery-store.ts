import type { ChannelState } from '../domain/delivery/channel.ts';
import type { AnswerLink, Delivery, FeedEntry, LedgerEntry, LinkUse } from '../domain/delivery/delivery.ts';

/** What became of each notice on its way to people. Reads are strongly consistent unless they list a feed. */
export interface DeliveryStore {
  /** False = it is there already. */
  putIfAbsent(delivery: Delivery): Promise<boolean>;
  read(incidentId: string, noticeId: string, contact: string): Promise<Delivery | undefined>;
  /** Compare-and-set: the stored revision must be `next.revision − 1`. False = read again, decide again. */
  save(next: Delivery): Promise<boolean>;
  /** All of an incident (or of `test~<post>`), by notice and contact. */
  ofIncident(incidentId: string): Promise<readonly Delivery[]>;
}

export interface LinkStore {
  /** Putting the same again is putting it once. */
  putIfAbsent(link: AnswerLink): Promise<void>;
  read(lookup: string): Promise<AnswerLink | undefined>;
  /** False = it was used already. */
  use(lookup: string, use: LinkUse): Promise<boolean>;
}

/** Published notices by topic and county, for departments that pull. */
export interface NoticeFeed {
  /** Putting the same notice again changes nothing, its instant included. */
  keep(topic: string, entry: FeedEntry): Promise<void>;
  /** Entries with `atMs ≥ fromMs`, by instant; strongly consistent. */
  list(topic: string, county: string, fromMs: number, limit: number): Promise<readonly FeedEntry[]>;
}

export interface LedgerStore {
  keep(entry: LedgerEntry): Promise<void>;
  ofIncident(incidentId: string): Promise<readonly LedgerEntry[]>;
}

export interface ChannelStateStore {
  read(key: string): Promise<ChannelState | undefined>;
  /** Compare-and-set (revision 1 = must be absent). False = read again. */
  save(next: ChannelState): Promise<boolean>;
}

/** When somebody of a post last saw a notice. */
export interface ReachStore {
  /** Only ever moves forward. */
  seen(post: string, atMs: number): Promise<void>;
  seenAtMs(post: string): Promise<number | undefined>;
}

/** Signs of life of our own parts: `watch`, `canary-rung`, `canary-delivered`, `canary-round-trip-ms` … */
export interface SystemBeats {
  /** Only ever moves forward. */
  beat(name: string, atMs: number, value?: number): Promise<void>;
  read(): Promise<ReadonlyMap<string, { readonly atMs: number; readonly value?: number }>>;
}
