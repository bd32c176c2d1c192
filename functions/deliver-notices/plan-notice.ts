import type { NoticeMessage } from '../../shared/contracts/notice-message.ts';
import type { ChannelMessage } from '../../shared/domain/channel.ts';
import type { AnswerLink, Delivery } from '../../shared/domain/delivery.ts';
import { CANARY } from '../../shared/domain/incident.ts';
import { whoIsCalled } from '../../shared/domain/on-duty.ts';
import { postsFor } from '../../shared/domain/post.ts';
import { type Contact, type Post, postId, type Roster } from '../../shared/domain/roster.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { Errand } from './errand.ts';

/** How long an answer link can be used. */
const LINK_MS = DAY_MS;
/** Stands for the contact where a post has none. */
const NOBODY = '-';
const DEFAULT_ZONE = 'Asia/Shanghai';

/** Reads each roster once per batch. */
export type ReadRoster = (post: Post) => Promise<Roster | undefined>;

export interface Addressed {
  readonly messageId: string;
  readonly notice: NoticeMessage;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Called {
  readonly post: string;
  readonly zone: string;
  readonly contacts: readonly Contact[];
}

/** The canary is nobody's nursery: its one contact is our own channel, and no roster could take it away. */
const canaryCalled: Called = {
  post: postId({ department: 'facility', place: CANARY }),
  zone: DEFAULT_ZONE,
  contacts: [{ id: CANARY, name: CANARY, is: 'person', channels: [{ id: CANARY, kind: 'canary' }] }],
};

/** Whom the notice goes to now; no contacts = nobody is registered for it. */
const calledFor = async (notice: NoticeMessage, readRoster: ReadRoster, nowMs: number): Promise<Called> => {
  if (notice.facility === CANARY) return canaryCalled;
  const { recipient, division, facility, level, lane } = notice;
  const posts = postsFor({ department: recipient.department, division, facilityId: facility, level, lane });
  const rosters = (await Promise.all(posts.map(readRoster))).filter((roster) => roster !== undefined);
  const called = whoIsCalled(rosters, nowMs, { lane, isTest: notice.about === 'test' });
  if (called) return { post: postId(called.roster), zone: called.roster.zone, contacts: called.contacts };
  return { post: posts[0] ? postId(posts[0]) : recipient.department, zone: DEFAULT_ZONE, contacts: [] };
};

const freshDelivery = (notice: NoticeMessage, post: string, contact: string, nowMs: number): Delivery => ({
  incidentId: notice.incident,
  noticeId: notice.notice,
  post,
  contact,
  department: notice.recipient.department,
  duty: notice.recipient.duty,
  lane: notice.lane,
  kind: notice.kind,
  rung: notice.rung,
  state: contact === NOBODY ? 'nobody' : 'owed',
  createdAtMs: nowMs,
  attempts: [],
  attemptCount: 0,
  dueAtMs: nowMs,
  revision: 1,
});

/** The delivery as it is kept: ours, or that of whoever had the notice in hand before. */
export const keptDelivery = async (
  { deliveries }: Pick<DeliverDependencies, 'deliveries'>,
  fresh: Delivery,
): Promise<Delivery> => {
  // Dying before this: nothing is kept, the message comes again. After: it is owed, and comes again too.
  if (await deliveries.putIfAbsent(fresh)) return fresh;
  return (await deliveries.read(fresh.incidentId, fresh.noticeId, fresh.contact)) ?? fresh;
};

/** Puts the answer link of a delivery and answers its address: before the first send, so that no link leads nowhere. */
export const linkFor = async (
  { links, tokens, publicUrl }: Pick<DeliverDependencies, 'links' | 'tokens' | 'publicUrl'>,
  delivery: Delivery,
  contact: Contact,
): Promise<string> => {
  const { incidentId, noticeId, post, department, duty, rung, createdAtMs } = delivery;
  const { lookup, token } = await tokens.tokenFor(delivery);
  const link: AnswerLink = {
    lookup,
    incidentId,
    noticeId,
    post,
    contact: delivery.contact,
    department,
    duty,
    rung,
    group: contact.is === 'group',
    test: delivery.kind === 'test',
    createdAtMs,
    expiresAtMs: createdAtMs + LINK_MS,
  };
  await links.putIfAbsent(link);
  return `${publicUrl}/a/${token}`;
};

const messageOf = ({ notice, data }: Addressed, link: string | undefined): ChannelMessage => ({
  id: notice.notice,
  lane: notice.lane,
  drill: notice.drill,
  subjectLine: notice.texts.subjectLine,
  text: `${notice.texts.zh}\n\n${notice.texts.en}`,
  shortText: notice.texts.short,
  ...(link !== undefined && { link }),
  data,
});

const mergedOf = ({ notice }: Addressed): NonNullable<Errand['merged']> => ({
  kind: notice.kind,
  about: notice.about,
  duty: notice.recipient.duty,
  rung: notice.rung,
  openedAtMs: Date.parse(notice.openedAt),
  zh: notice.texts.zh,
  en: notice.texts.en,
  incidentId: notice.incident,
});

/** That it is over asks nobody for anything; the canary asks nobody at all. */
const asksForAnswer = ({ kind, facility }: NoticeMessage): boolean => kind !== 'recovered' && facility !== CANARY;

const isOpen = ({ state }: Delivery): boolean => state === 'owed';

/**
 * Who is to be told of a notice, each as a kept delivery. Empty = there is nobody: that is kept too, and is for the
 * incident to climb past.
 */
export const planNotice = async (
  dependencies: DeliverDependencies,
  addressed: Addressed,
  readRoster: ReadRoster,
): Promise<readonly Errand[]> => {
  const { notice, messageId } = addressed;
  const nowMs = dependencies.clock();
  const { post, zone, contacts } = await calledFor(notice, readRoster, nowMs);
  if (contacts.length === 0) {
    await dependencies.deliveries.putIfAbsent(freshDelivery(notice, post, NOBODY, nowMs));
    return [];
  }
  return Promise.all(
    contacts.map(async (contact): Promise<Errand> => {
      const delivery = await keptDelivery(dependencies, freshDelivery(notice, post, contact.id, nowMs));
      const link =
        isOpen(delivery) && asksForAnswer(notice) ? await linkFor(dependencies, delivery, contact) : undefined;
      const message = messageOf(addressed, link);
      const merged = notice.lane === 'technical' ? { merged: mergedOf(addressed) } : {};
      return { messageId, contact, zone, message, ...merged, delivery };
    }),
  );
};
