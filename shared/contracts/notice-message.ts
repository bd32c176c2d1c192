import * as z from 'zod';
import { noticeKinds } from '../domain/incident.ts';
import { topicNames } from '../domain/rule-pack.ts';

/*
 * What comes to the delivery queues. Not strict: a notice that waited in a queue may be of a version before or after
 * ours, and a field that we do not know yet is no reason to tell nobody.
 */

const word = z.string().min(1).max(100);
const id = z.string().min(1).max(400);
const text = z.string().max(40_000);
const levels = ['facility', 'town', 'district', 'city'] as const;

/** A notice as data: what `shared/domain/notices/notice-data.ts` makes, as far as its delivery needs it. */
export const noticeMessage = z.object({
  schema: z.literal('cradlewatch-notice/1'),
  notice: id,
  incident: id,
  kind: z.enum(noticeKinds),
  lane: z.enum(['life-safety', 'technical']),
  drill: z.boolean(),
  /** Rule name or alarm kind. */
  about: word,
  facility: word,
  /** Absent = the registry does not know the facility. */
  place: z.object({ name: z.object({ zh: text, en: text }) }).exactOptional(),
  division: z.string().regex(/^\d{2,12}$/),
  recipient: z.object({
    department: word,
    topic: z.enum(topicNames),
    duty: z.enum(['act', 'copy', 'inform']),
  }),
  rung: z.int().min(0).max(100),
  level: z.enum(levels),
  openedAt: z.iso.datetime({ offset: true }),
  texts: z.object({ subjectLine: text, zh: text, en: text, short: text }),
});
export type NoticeMessage = z.infer<typeof noticeMessage>;

/** A button in the registry: does this channel reach this contact? */
export const channelTestMessage = z.object({
  schema: z.literal('cradlewatch-channel-test/1'),
  id,
  /** `<department>~<place>`. */
  post: z.string().regex(/^[^~]{1,64}~[^~]{1,64}$/),
  contact: word,
  channel: word,
  /** `<issuer>|<sub>` of the person who asked. */
  by: id,
});
export type ChannelTestMessage = z.infer<typeof channelTestMessage>;

export const deliveryMessage = z.discriminatedUnion('schema', [noticeMessage, channelTestMessage]);
export type DeliveryMessage = z.infer<typeof deliveryMessage>;

/** How SNS wraps a message for a queue without raw delivery: the ledger needs its instant and topic. */
export const snsEnvelope = z.object({
  Type: z.literal('Notification'),
  TopicArn: id,
  /** As long as SNS lets a message be. */
  Message: z.string().max(262_144),
  Timestamp: z.iso.datetime({ offset: true }),
});

/** What the ledger keeps of a notice. */
export const ledgerMessage = noticeMessage.pick({ schema: true, notice: true, incident: true });
