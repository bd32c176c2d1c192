import * as z from 'zod';
import type { ChannelKind } from '../domain/delivery/channel.ts';
import { MOST_CHANNELS, MOST_CONTACTS } from '../domain/people/roster.ts';
import { coverWeek } from '../domain/people/shift.ts';
import { LARGEST_PAGE, pageOf, pageQuery } from './page.ts';
import { shortIdPattern } from './patterns.ts';
import { divisionPrefix, facilityId, instant, line, localTime, readInstant, shortId } from './wire.ts';
import { zone } from './zone.ts';

const MOST_SHIFTS = 14;
const MOST_QUIET = 7;
const MOST_AWAY = 16;

/** A department id of the rule packs, or `facility`. */
const departmentPattern = /^[a-z][a-z0-9_]{0,63}$/;
const department = z.string().regex(departmentPattern);

/** `<department>~<place>`, as it stands in a path. */
export const postParameter = z
  .string()
  .max(130)
  .refine((text) => {
    const [named = '', place = '', ...more] = text.split('~');
    if (more.length > 0 || !departmentPattern.test(named)) return false;
    return (named === 'facility' ? facilityId : divisionPrefix).safeParse(place).success;
  }, 'must be <department>~<division> or facility~<facility id>');

/** Channels that are reached by an address; the others by a secret that holds what they need. */
export const addressKinds = ['email', 'sms', 'voice'] as const;
export const secretKinds = ['wecom', 'dingtalk', 'feishu', 'webhook'] as const;
/** What a registrar may give a contact. `canary` is the platform's own. */
export const rosterChannelKinds = [...addressKinds, ...secretKinds] as const satisfies readonly ChannelKind[];

/** One mailbox: no list, no display name, no quotes; nothing that the channel would refuse when it is needed. */
const mailPattern =
  /^(?=.{1,64}@)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}$/;
/**
 * With a country code, or a Chinese mobile or landline number. Short numbers are none: this system never dials 110, 119
 * or 120.
 */
const phonePattern = /^(\+[1-9]\d{7,14}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/;

const landlinePattern = /^0/;

/** A mobile number or the number of an identity card, as clerks have them at hand for an id. */
const personalNumber = /(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}[\dx]/;
/** Ids of contacts and channels stand in deliveries for as long as the incident, where no address may. */
const ownId = z
  .string()
  .regex(shortIdPattern, 'is no id: at most 32 small letters, digits and hyphens, such as duty-room')
  .refine((id) => !personalNumber.test(id), 'is a telephone or identity number: choose another id');

/** `<department>.<place>.<name>`: the name of a secret says whose it is, so that no post can send through another's bot. */
export const secretPattern = /^[a-z][a-z0-9_]{0,63}\.[a-z0-9-]{1,64}\.[a-z0-9][a-z0-9-]{0,31}$/;

const shift = z.strictObject({
  /** ISO weekdays on which it begins, 1 = Monday … 7 = Sunday. */
  weekdays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'names a weekday twice'),
  from: localTime,
  /** At or before `from` = on the next day. */
  to: localTime,
});

const channelShape = {
  id: ownId,
  kind: z.enum(rosterChannelKinds),
  /** A mailbox (`email`) or a telephone number (`sms`, `voice`). */
  address: z.string().max(254).exactOptional(),
  /** Name of the secret of a bot or webhook: `<department>.<place>.<name>`. */
  secret: z
    .string()
    .regex(secretPattern, 'is no name of a secret: <department>.<place>.<name>, such as police.321283.duty-room')
    .exactOptional(),
  /** No technical notices in these hours. They never apply to life safety. */
  quiet: z.array(shift).max(MOST_QUIET).exactOptional(),
};
const channel = z.strictObject(channelShape);

const contactShape = {
  id: ownId,
  name: line(60),
  is: z.enum(['person', 'group']),
  /** `installer` hears of test alarms only. */
  role: z.enum(['head', 'duty', 'installer']).exactOptional(),
  /** Absent = always on duty. */
  shifts: z.array(shift).min(1).max(MOST_SHIFTS).exactOptional(),
  /** Times away, `to` not included; the substitute stands in. */
  away: z
    .array(z.strictObject({ from: instant, to: instant }))
    .max(MOST_AWAY)
    .exactOptional(),
  /** Id of another contact of this roster. */
  substitute: shortId.exactOptional(),
  /** In the order in which they are tried. */
  channels: z.array(channel).min(1).max(MOST_CHANNELS),
};
const contact = z.strictObject(contactShape);

type Path = (string | number)[];
interface Fault {
  readonly message: string;
  readonly path: Path;
}

const rosterShape = { zone, contacts: z.array(contact).max(MOST_CONTACTS) };
const body = z.strictObject({
  ...rosterShape,
  /** The version that this edit replaces; 0 or absent for a new roster. */
  version: z.number().int().min(0).exactOptional(),
});
export type RosterBody = z.infer<typeof body>;
type ContactBody = RosterBody['contacts'][number];
type ChannelBody = ContactBody['channels'][number];

const twice = (ids: readonly string[], path: Path): Fault[] =>
  ids.flatMap((id, at) =>
    ids.indexOf(id) < at ? [{ message: `${id} is named twice`, path: [...path, at, 'id'] }] : [],
  );

const needsAddress = (kind: ChannelKind): boolean => addressKinds.some((one) => one === kind);

const addressFault = ({ kind, address = '' }: ChannelBody): string | undefined => {
  if (kind === 'email') return mailPattern.test(address) ? undefined : 'is not one mailbox, such as duty@example.org';
  if (kind === 'sms' && landlinePattern.test(address))
    return 'is a landline, which takes no SMS: make it a voice channel';
  return phonePattern.test(address)
    ? undefined
    : 'is not a telephone number with its country or area code (+8613800000000, 13800000000, 0523-80000000)';
};

const reachFaults = (one: ChannelBody, path: Path): Fault[] => {
  const [needed, other] = needsAddress(one.kind) ? (['address', 'secret'] as const) : (['secret', 'address'] as const);
  const message = needed === 'address' && one.address !== undefined ? addressFault(one) : undefined;
  return [
    ...(one[needed] === undefined ? [{ message: `channel ${one.kind} needs it`, path: [...path, needed] }] : []),
    ...(one[other] === undefined ? [] : [{ message: `channel ${one.kind} has none`, path: [...path, other] }]),
    ...(message === undefined ? [] : [{ message, path: [...path, 'address'] }]),
  ];
};

const quietFaults = ({ quiet = [] }: ChannelBody, path: Path): Fault[] =>
  coverWeek(quiet)
    ? [{ message: 'leave no hour of the week: leave the channel out instead', path: [...path, 'quiet'] }]
    : [];

const contactFaults = (one: ContactBody, at: number, ids: readonly string[]): Fault[] => {
  const path: Path = ['contacts', at];
  return [
    ...twice(
      one.channels.map(({ id }) => id),
      [...path, 'channels'],
    ),
    ...one.channels.flatMap((each, n) => [
      ...reachFaults(each, [...path, 'channels', n]),
      ...quietFaults(each, [...path, 'channels', n]),
    ]),
    ...(one.away ?? []).flatMap(({ from, to }, n) =>
      readInstant(to) <= readInstant(from)
        ? [{ message: 'ends before it starts', path: [...path, 'away', n, 'to'] }]
        : [],
    ),
    ...(one.substitute === undefined || (ids.includes(one.substitute) && one.substitute !== one.id)
      ? []
      : [{ message: 'must be another contact of this roster', path: [...path, 'substitute'] }]),
  ];
};

/** What a registrar writes: all people of one post. It replaces what was there. */
export const rosterBody = body.check(({ value, issues }) => {
  const ids = value.contacts.map(({ id }) => id);
  const faults = [...twice(ids, ['contacts']), ...value.contacts.flatMap((one, at) => contactFaults(one, at, ids))];
  for (const fault of faults) issues.push({ code: 'custom', input: value, ...fault });
});

const contactView = z.strictObject({
  ...contactShape,
  /** Absent for who may see the posts, but not the people. So are `away`, `address` and `secret`. */
  name: line(60).exactOptional(),
});

/** A roster as people read it. */
export const rosterView = z.strictObject({
  /** `<department>~<place>`. */
  post: postParameter,
  department,
  place: z.string().max(64),
  version: z.number().int().min(1),
  zone,
  contacts: z.array(contactView).max(MOST_CONTACTS),
});
export type RosterView = z.infer<typeof rosterView>;
export const rosterPage = pageOf(rosterView);

/** Departments' rosters under a division; absent = all that the caller's roles reach, a head's own with them. */
export const rosterListQuery = pageQuery.extend({ division: divisionPrefix.exactOptional() });

/** `dryRun=true` says what an import would do, and does nothing. */
export const importQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).exactOptional() });

/** So many rosters in one file: each costs a read and two writes while somebody waits. */
export const MOST_IMPORTED_ROSTERS = 100;

const importedRoster = z.strictObject({
  post: postParameter,
  /** `conflict`: somebody else edited it meanwhile, and nothing of it was written. */
  outcome: z.enum(['created', 'changed', 'same', 'conflict']),
  /** Version after the import; absent if there is none. */
  version: z.number().int().min(1).exactOptional(),
  /** Ids of contacts. */
  added: z.array(shortId).max(MOST_CONTACTS),
  changed: z.array(shortId).max(MOST_CONTACTS),
  removed: z.array(shortId).max(MOST_CONTACTS),
});
export type ImportedRoster = z.infer<typeof importedRoster>;
export const importView = z.strictObject({
  dryRun: z.boolean(),
  rosters: z.array(importedRoster).max(MOST_IMPORTED_ROSTERS),
});

export const testBody = z.strictObject({ contact: shortId, channel: shortId });

/** Id of a channel test. */
export const testId = z.string().regex(/^[0-9a-z-]{1,64}$/);
export const testAccepted = z.strictObject({ id: testId });

/** `waiting`: nothing was tried yet. `delivered`: the provider took it, which is not that anybody saw it. */
export const testView = z.strictObject({
  id: testId,
  state: z.enum(['waiting', 'owed', 'delivered', 'seen', 'nobody', 'undeliverable', 'withheld']),
  contact: z.string().max(64).exactOptional(),
  attempts: z
    .array(
      z.strictObject({
        channel: z.string().max(64),
        kind: z.string().max(32),
        at: instant,
        outcome: z.enum(['accepted', 'refused', 'limited', 'failed', 'trying']),
        /** A closed word, or the provider's number. */
        code: z.string().max(200).exactOptional(),
      }),
    )
    .max(LARGEST_PAGE),
  deliveredAt: instant.exactOptional(),
  seenAt: instant.exactOptional(),
});
export type TestView = z.infer<typeof testView>;
