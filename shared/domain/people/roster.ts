import type { ChannelKind } from '../delivery/channel.ts';

/**
 * Who is to be reached for one department in one division, or for one facility: a post. `department` is a department id
 * of the packs or `facility`; `place` a division prefix of 2, 4, 6, 9 or 12 digits, or the facility's id.
 */
export interface Post {
  readonly department: string;
  readonly place: string;
}

/** `<department>~<place>`, such as `police~321202` or `facility~sunflower`. */
export const postId = ({ department, place }: Post): string => `${department}~${place}`;

/** Weekly hours on duty, by the roster's zone. `to` before or equal `from` passes midnight. */
export interface Shift {
  /** ISO weekdays on which it begins, 1 = Monday … 7 = Sunday. */
  readonly weekdays: readonly number[];
  /** Local `HH:MM`. */
  readonly from: string;
  readonly to: string;
}

/** One way to reach a contact. An address or the name of a secret, never both; neither is written to a log. */
export interface ContactChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  /** A mailbox or a telephone number. */
  readonly address?: string;
  /** Name of the secret that holds what the channel needs (a bot's URL, a webhook's URL and key). */
  readonly secret?: string;
  /** Not for technical notices in these hours. They never apply to life safety. */
  readonly quiet?: readonly Shift[];
}

/** One person, or a group behind a bot or a shared mailbox, that asks who answers. */
export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly is: 'person' | 'group';
  /** `installer` hears of test alarms only. */
  readonly role?: 'head' | 'duty' | 'installer';
  /** Absent = always on duty. */
  readonly shifts?: readonly Shift[];
  /** Half-open times away; the substitute (a contact of this roster) stands in. */
  readonly away?: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly substitute?: string;
  /** In the order in which they are tried. */
  readonly channels: readonly ContactChannel[];
}

/** The people of one post. Personal data: it stays in the registry and is in no notice, log or evidence. */
export interface Roster extends Post {
  /** Raised by one with every edit. */
  readonly version: number;
  /** IANA zone of its hours. */
  readonly zone: string;
  readonly contacts: readonly Contact[];
}

export const MOST_CONTACTS = 32;
export const MOST_CHANNELS = 6;
