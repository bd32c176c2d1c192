import type { ChannelState } from '../../../shared/domain/delivery/channel.ts';
import type { AnswerLink, Delivery, FeedEntry, LedgerEntry } from '../../../shared/domain/delivery/delivery.ts';
import { countyOf } from '../../../shared/domain/facility.ts';
import type {
  ChannelStateStore,
  DeliveryStore,
  LedgerStore,
  LinkStore,
  NoticeFeed,
  ReachStore,
  SystemBeats,
} from '../../../shared/ports/delivery-store.ts';
import { logged } from './calls.ts';
import { ascending } from './pages.ts';

type Key = readonly [incidentId: string, noticeId: string, contact: string];
const keyOf = (...key: Key): string => key.join('#');
const keyOfDelivery = ({ incidentId, noticeId, contact }: Delivery): string => keyOf(incidentId, noticeId, contact);

/** Deliveries in memory. `kept` shows (and lets a test plant) what is kept, by incident, notice and contact. */
export const memoryDeliveryStore = (): DeliveryStore & { readonly kept: Map<string, Delivery> } => {
  const kept = new Map<string, Delivery>();
  return logged({
    kept,
    putIfAbsent: async (delivery) => {
      if (kept.has(keyOfDelivery(delivery))) return false;
      kept.set(keyOfDelivery(delivery), structuredClone(delivery));
      return true;
    },
    read: async (...key) => structuredClone(kept.get(keyOf(...key))),
    save: async (next) => {
      if ((kept.get(keyOfDelivery(next))?.revision ?? 0) !== next.revision - 1) return false;
      kept.set(keyOfDelivery(next), structuredClone(next));
      return true;
    },
    ofIncident: async (incidentId) =>
      structuredClone(
        [...kept.values()]
          .filter((delivery) => delivery.incidentId === incidentId)
          .sort((a, b) => ascending(keyOfDelivery(a), keyOfDelivery(b))),
      ),
  } satisfies DeliveryStore & { readonly kept: Map<string, Delivery> });
};

/** Answer links in memory, by lookup. */
export const memoryLinkStore = (): LinkStore & { readonly kept: Map<string, AnswerLink> } => {
  const kept = new Map<string, AnswerLink>();
  return logged({
    kept,
    putIfAbsent: async (link) => {
      if (!kept.has(link.lookup)) kept.set(link.lookup, structuredClone(link));
    },
    read: async (lookup) => structuredClone(kept.get(lookup)),
    use: async (lookup, use) => {
      const link = kept.get(lookup);
      if (link === undefined || link.used !== undefined) return false;
      kept.set(lookup, { ...link, used: use });
      return true;
    },
  } satisfies LinkStore & { readonly kept: Map<string, AnswerLink> });
};

interface Fed {
  readonly topic: string;
  readonly entry: FeedEntry;
}

/** Feeds in memory, in the order in which they were kept. */
export const memoryNoticeFeed = (): NoticeFeed & { readonly kept: Fed[] } => {
  const kept: Fed[] = [];
  return logged({
    kept,
    keep: async (topic, entry) => {
      if (!kept.some((one) => one.entry.noticeId === entry.noticeId)) kept.push(structuredClone({ topic, entry }));
    },
    list: async (topic, county, fromMs, limit) =>
      structuredClone(
        kept
          .filter((one) => one.topic === topic && countyOf(one.entry.division) === county && one.entry.atMs >= fromMs)
          .map(({ entry }) => entry)
          .sort((a, b) => a.atMs - b.atMs || ascending(a.noticeId, b.noticeId))
          .slice(0, limit),
      ),
  } satisfies NoticeFeed & { readonly kept: Fed[] });
};

/** The ledger in memory, by notice. */
export const memoryLedgerStore = (): LedgerStore & { readonly kept: Map<string, LedgerEntry> } => {
  const kept = new Map<string, LedgerEntry>();
  return logged({
    kept,
    keep: async (entry) => {
      if (!kept.has(entry.noticeId)) kept.set(entry.noticeId, structuredClone(entry));
    },
    ofIncident: async (incidentId) =>
      structuredClone(
        [...kept.values()]
          .filter((entry) => entry.incidentId === incidentId)
          .sort((a, b) => ascending(a.noticeId, b.noticeId)),
      ),
  } satisfies LedgerStore & { readonly kept: Map<string, LedgerEntry> });
};

/** What is known of addresses, in memory. */
export const memoryChannelStateStore = (): ChannelStateStore & { readonly kept: Map<string, ChannelState> } => {
  const kept = new Map<string, ChannelState>();
  return logged({
    kept,
    read: async (key) => structuredClone(kept.get(key)),
    save: async (next) => {
      if ((kept.get(next.key)?.revision ?? 0) !== next.revision - 1) return false;
      kept.set(next.key, structuredClone(next));
      return true;
    },
  } satisfies ChannelStateStore & { readonly kept: Map<string, ChannelState> });
};

/** When somebody of a post last saw a notice, in memory. */
export const memoryReachStore = (): ReachStore & { readonly kept: Map<string, number> } => {
  const kept = new Map<string, number>();
  return logged({
    kept,
    seen: async (post, atMs) => {
      kept.set(post, Math.max(atMs, kept.get(post) ?? atMs));
    },
    seenAtMs: async (post) => kept.get(post),
  } satisfies ReachStore & { readonly kept: Map<string, number> });
};

/** Signs of life in memory. */
export const memorySystemBeats = (): SystemBeats => {
  const kept = new Map<string, { readonly atMs: number; readonly value?: number }>();
  return logged({
    beat: async (name, atMs, value) => {
      if ((kept.get(name)?.atMs ?? Number.NEGATIVE_INFINITY) >= atMs) return;
      kept.set(name, { atMs, ...(value !== undefined && { value }) });
    },
    read: async () => new Map(kept),
  } satisfies SystemBeats);
};
