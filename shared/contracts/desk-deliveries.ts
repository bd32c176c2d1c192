import * as z from 'zod';
import { channelKinds } from '../domain/delivery/channel.ts';
import { LONGEST_ATTEMPTS } from '../domain/delivery/delivery.ts';
import { noticeKinds } from '../domain/incident.ts';
import { LARGEST_PAGE } from './page.ts';
import { instant } from './wire.ts';

const word = z.string().max(100);
const noticeId = z.string().max(400);
const incidentId = z.string().max(300);

/** One notice on its way to one contact. No address, ever. */
const deliveryView = z.strictObject({
  notice: noticeId,
  kind: z.enum([...noticeKinds, 'test']),
  rung: z.number().int().min(0),
  department: word,
  duty: z.enum(['act', 'copy', 'inform']),
  /** `<department>~<place>`: whose people were asked for. */
  post: word,
  /** Id of the contact; `-` = there was nobody. */
  contact: word,
  /** Only for whoever may read the people of that post. */
  contactName: z.string().max(200).exactOptional(),
  /** `delivered`: a provider took it, which is not that anybody saw it. `withheld`: it was over before. */
  state: z.enum(['owed', 'delivered', 'seen', 'nobody', 'undeliverable', 'withheld']),
  createdAt: instant,
  deliveredAt: instant.exactOptional(),
  seenAt: instant.exactOptional(),
  /** Of what is still owed: not tried before this. */
  dueAt: instant.exactOptional(),
  attemptCount: z.number().int().min(0),
  /** The last ten. */
  attempts: z
    .array(
      z.strictObject({
        channel: word,
        kind: z.enum(channelKinds),
        at: instant,
        outcome: z.enum(['accepted', 'refused', 'limited', 'failed', 'trying']),
        /** A closed word, or the provider's number. */
        code: z.string().max(200).exactOptional(),
      }),
    )
    .max(LONGEST_ATTEMPTS),
});
export type DeliveryView = z.infer<typeof deliveryView>;

export const deliveryList = z.strictObject({ items: z.array(deliveryView).max(10_000) });
export type DeliveryList = z.infer<typeof deliveryList>;

/** What was said through one answer link. `by` of the steps and `answeredBy` of the incident name it. */
export const throughLink = z.strictObject({
  /** `link|<lookup>`. */
  by: word,
  department: word,
  post: word,
  contact: word,
  choice: z.enum(['take', 'seen', 'pass-on']).exactOptional(),
  at: instant.exactOptional(),
  /** What a group typed. */
  unit: word.exactOptional(),
  /** Only for officers of that department in whose division it happened. */
  name: word.exactOptional(),
});
export type ThroughLink = z.infer<typeof throughLink>;

export const noticeFeedQuery = z.strictObject({
  /** Opaque: the `cursor` of the last answer. Absent = from 24 hours ago. */
  after: z.string().min(1).max(1_000).exactOptional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).exactOptional(),
});
export type NoticeFeedQuery = z.infer<typeof noticeFeedQuery>;

const fedNotice = z.strictObject({
  notice: noticeId,
  incident: incidentId,
  topic: word,
  division: z.string().max(12),
  at: instant,
  /** The notice as data, as its topic had it. */
  data: z.record(z.string(), z.unknown()),
});
export type FedNotice = z.infer<typeof fedNotice>;

/** Notices oldest first. Each comes at least once: drop by `notice` what you have. */
export const noticeFeedPage = z.strictObject({
  items: z.array(fedNotice).max(LARGEST_PAGE),
  /** To ask with next time. Always there, so that a puller never starts anew. */
  cursor: z.string().max(1_000),
  /** True = there is more now: ask again at once. */
  more: z.boolean(),
});
export type NoticeFeedPage = z.infer<typeof noticeFeedPage>;
