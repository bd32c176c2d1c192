import type { RosterBody, RosterView, TestView } from '../../shared/contracts/roster.ts';
import { readInstant, writeInstant } from '../../shared/contracts/wire.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import {
  type Contact,
  type ContactChannel,
  type Post,
  postId,
  type Roster,
} from '../../shared/domain/people/roster.ts';

const contactFrom = ({ away, ...rest }: RosterBody['contacts'][number]): Contact => ({
  ...rest,
  ...(away && { away: away.map(({ from, to }) => ({ fromMs: readInstant(from), toMs: readInstant(to) })) }),
});

/** What was written, as the roster of a post. */
export const rosterFrom = ({ zone, contacts }: RosterBody, { department, place }: Post, version: number): Roster => ({
  department,
  place,
  version,
  zone,
  contacts: contacts.map(contactFrom),
});

type ContactView = RosterView['contacts'][number];
type ShiftView = NonNullable<ContactView['shifts']>[number];

const shiftViews = (shifts: ContactChannel['quiet']): ShiftView[] | undefined =>
  shifts?.map(({ weekdays, from, to }) => ({ weekdays: [...weekdays], from, to }));

const channelView = (channel: ContactChannel, withPeople: boolean): ContactView['channels'][number] => {
  const { address, secret, quiet, id, kind } = channel;
  const quietHours = shiftViews(quiet);
  return {
    id,
    kind: kind as ContactView['channels'][number]['kind'],
    ...(withPeople && address !== undefined && { address }),
    ...(withPeople && secret !== undefined && { secret }),
    ...(quietHours && { quiet: quietHours }),
  };
};

/** Names, addresses, secrets and absences are left out for who may not see the people. */
const contactView = (contact: Contact, withPeople: boolean): ContactView => {
  const { id, name, is, role, shifts, away, substitute, channels } = contact;
  const hours = shiftViews(shifts);
  return {
    id,
    is,
    ...(withPeople && { name }),
    ...(role !== undefined && { role }),
    ...(hours && { shifts: hours }),
    ...(withPeople &&
      away && { away: away.map(({ fromMs, toMs }) => ({ from: writeInstant(fromMs), to: writeInstant(toMs) })) }),
    ...(substitute !== undefined && { substitute }),
    channels: channels.map((channel) => channelView(channel, withPeople)),
  };
};

/** A roster as it is read, with or without who it is. */
export const rosterViewOf = (roster: Roster, withPeople: boolean): RosterView => ({
  post: postId(roster),
  department: roster.department,
  place: roster.place,
  version: roster.version,
  zone: roster.zone,
  contacts: roster.contacts.map((contact) => contactView(contact, withPeople)),
});

/** A channel test as it stands; before `deliver-notices` had it in hand there is nothing but its id. */
export const testViewOf = (id: string, delivery: Delivery | undefined): TestView =>
  delivery === undefined
    ? { id, state: 'waiting', attempts: [] }
    : {
        id,
        state: delivery.state,
        contact: delivery.contact,
        attempts: delivery.attempts.map(({ channel, kind, atMs, outcome, code }) => ({
          channel,
          kind,
          at: writeInstant(atMs),
          outcome,
          ...(code !== undefined && { code }),
        })),
        ...(delivery.deliveredAtMs !== undefined && { deliveredAt: writeInstant(delivery.deliveredAtMs) }),
        ...(delivery.seenAtMs !== undefined && { seenAt: writeInstant(delivery.seenAtMs) }),
      };
