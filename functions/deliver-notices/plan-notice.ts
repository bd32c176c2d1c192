import type { NoticeMessage } from '../../shared/contracts/notice-message.ts';
import type { ChannelMessage } from '../../shared/domain/delivery/channel.ts';
import type { AnswerLink, Delivery } from '../../shared/domain/delivery/delivery.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import { CANARY } from '../../shared/domain/incident.ts';
import { everybody, whoIsCalled } from '../../shared/domain/people/on-duty.ts';
import { postsFor } from '../../shared/domain/people/post.ts';
import { type Contact, type Post, postId, type Roster } from '../../shared/domain/people/roster.ts';
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

const postsOf = ({ recipient, division, facility, level, lane }: NoticeMessage): readonly Post[] =>
  postsFor({ department: recipient.department, division, facilityId: facility, level, lane });

const rostersOf = async (notice: NoticeMessage, readRoster: ReadRoster): Promise<readonly Roster[]> =>
  (await Promise.all(postsOf(notice).map(readRoster))).filter((roster) => roster !== undefined);

const callingOf = ({ lane, about }: NoticeMessage) => ({ lane, isTest: about === 'test' });

/** Whom the notice goes to now; no contacts = nobody is registered for it. */
const calledFor = async (notice: NoticeMessage, readRoster: ReadRoster, nowMs: number): Promise<Called> => {
  if (notice.facility === CANARY) return canaryCalled;
  const called = whoIsCalled(await rostersOf(notice, readRoster), nowMs, callingOf(notice));
  if (called) return { post: postId(called.roster), zone: called.roster.zone, contacts: called.contacts };
  const [first] = postsOf(notice);
  return { post: first ? postId(first) : notice.recipient.department, zone: DEFAULT_ZONE, contacts: [] };
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

/**
 * The delivery as it is kept: ours, or that of whoever had the notice in hand before. Contacts are named within their
 * post; one of another post that has the same name is told apart by its place.
 */
export const keptDelivery = async (
  { deliveries }: Pick<DeliverDependencies, 'deliveries'>,
  fresh: Delivery,
): Promise<Delivery> => {
  const apart = { ...fresh, contact: `${fresh.contact}~${fresh.post.split('~')[1] ?? ''}` };
  for (const one of [fresh, apart]) {
    // Dying before this: nothing is kept, the message comes again. After: it is owed, and comes again too.
    if (await deliveries.putIfAbsent(one)) return one;
    const kept = await deliveries.read(one.incidentId, one.noticeId, one.contact);
    if (kept?.post === one.post) return kept;
  }
  throw new ConflictError(`no place for a delivery of ${fresh.noticeId}`);
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

/** Life safety goes out without a link rather than wait for one: who is told can answer at the desk, or by the next. */
const linkIfAny = async (
  dependencies: DeliverDependencies,
  delivery: Delivery,
  contact: Contact,
): Promise<string | undefined> => {
  try {
    return await linkFor(dependencies, delivery, contact);
  } catch (cause) {
    if (delivery.lane !== 'life-safety') throw cause;
    dependencies.tell('no answer link', delivery.noticeId, cause);
    return undefined;
  }
};

/** Each contact's delivery as it is kept, with what to say; its link is kept before anything is sent. */
const errandsFor = (
  dependencies: DeliverDependencies,
  addressed: Addressed,
  { post, zone, contacts }: Called,
  nowMs: number,
): Promise<readonly Errand[]> => {
  const { notice, messageId } = addressed;
  return Promise.all(
    contacts.map(async (contact): Promise<Errand> => {
      const delivery = await keptDelivery(dependencies, freshDelivery(notice, post, contact.id, nowMs));
      const link =
        isOpen(delivery) && asksForAnswer(notice) ? await linkIfAny(dependencies, delivery, contact) : undefined;
      const message = messageOf(addressed, link);
      const merged = notice.lane === 'technical' ? { merged: mergedOf(addressed) } : {};
      return { messageId, contact, zone, message, ...merged, delivery };
    }),
  );
};

/**
 * Who is to be told of a notice, each as a kept delivery. Empty = there is nobody: that is kept too, and is for the
 * incident to climb past.
 */
export const planNotice = async (
  dependencies: DeliverDependencies,
  addressed: Addressed,
  readRoster: ReadRoster,
): Promise<readonly Errand[]> => {
  const nowMs = dependencies.clock();
  const called = await calledFor(addressed.notice, readRoster, nowMs);
  if (called.contacts.length > 0) return errandsFor(dependencies, addressed, called, nowMs);
  await dependencies.deliveries.putIfAbsent(freshDelivery(addressed.notice, called.post, NOBODY, nowMs));
  return [];
};

/**
 * Whom else to tell of a life-safety notice that reached nobody of those on duty: everybody of every post that may
 * answer for it. Waking too many is the smaller trouble.
 */
export const planWider = async (
  dependencies: DeliverDependencies,
  addressed: Addressed,
  called: readonly Errand[],
  readRoster: ReadRoster,
): Promise<readonly Errand[]> => {
  const { notice } = addressed;
  if (notice.facility === CANARY) return [];
  const nowMs = dependencies.clock();
  const all = everybody(await rostersOf(notice, readRoster), callingOf(notice));
  const isCalled = (post: string, { id }: Contact): boolean =>
    called.some(({ delivery, contact }) => delivery.post === post && contact.id === id);
  const wider = all.map(({ roster, contacts }): Called => {
    const post = postId(roster);
    return { post, zone: roster.zone, contacts: contacts.filter((contact) => !isCalled(post, contact)) };
  });
  // One post after the other: two contacts of one name find each other's delivery.
  const errands: Errand[] = [];
  for (const one of wider) errands.push(...(await errandsFor(dependencies, addressed, one, nowMs)));
  return errands;
};
