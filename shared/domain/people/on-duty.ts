import type { Lane } from '../incident.ts';
import type { Contact, Roster } from './roster.ts';
import { shiftAround } from './shift.ts';

/** What is to be told, as far as it matters for whom. */
export interface Calling {
  readonly lane: Lane;
  /** A test alarm: the installer hears of it too. */
  readonly isTest: boolean;
}

const isInShift = ({ shifts = [] }: Contact, zone: string, nowMs: number): boolean =>
  shifts.length === 0 || shifts.some((shift) => shiftAround(shift, zone, nowMs) !== undefined);

const isAway = ({ away = [] }: Contact, nowMs: number): boolean =>
  away.some(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs);

/** Who of the roster may be called for this at all. */
const eligible = ({ contacts }: Roster, { isTest }: Calling): readonly Contact[] =>
  contacts.filter(({ role }) => isTest || role !== 'installer');

/**
 * The contact, or who stands in: the substitute takes over the other's hours, whatever the own ones are. A chain is
 * followed to its end; a circle of people who are all away, or a substitute who is not there, ends with nobody.
 */
const presentFor = (contact: Contact, others: readonly Contact[], nowMs: number): Contact | undefined => {
  const passed = new Set<string>();
  let at: Contact | undefined = contact;
  while (at !== undefined && isAway(at, nowMs)) {
    if (at.substitute === undefined || passed.has(at.id)) return undefined;
    passed.add(at.id);
    const { substitute }: Contact = at;
    at = others.find(({ id }) => id === substitute);
  }
  return at;
};

const present = (roster: Roster, nowMs: number, calling: Calling): readonly Contact[] => {
  const others = eligible(roster, calling);
  const found = others
    .filter((contact) => isInShift(contact, roster.zone, nowMs))
    .flatMap((contact) => presentFor(contact, others, nowMs) ?? []);
  return [...new Set(found)];
};

/**
 * Whom of a post to call now, in the roster's order, each once. Nobody on duty is no reason to tell nobody: then it is
 * everybody. Empty only if the roster has nobody for this.
 */
export const contactsOnDuty = (roster: Roster, nowMs: number, calling: Calling): readonly Contact[] => {
  const found = present(roster, nowMs, calling);
  return found.length > 0 ? found : eligible(roster, calling);
};

/** Whom a notice goes to: the people of one post. */
export interface Called {
  readonly roster: Roster;
  readonly contacts: readonly Contact[];
}

/**
 * Chooses among the rosters that exist, in the order of `postsFor`. Life safety goes to the first with somebody on duty,
 * else to the first that has anybody; a technical notice to the first that has anybody. Absent = nobody is registered.
 */
export const whoIsCalled = (rosters: readonly Roster[], nowMs: number, calling: Calling): Called | undefined => {
  const withPeople = rosters.filter((roster) => eligible(roster, calling).length > 0);
  const awake = withPeople.find((roster) => present(roster, nowMs, calling).length > 0);
  const roster = (calling.lane === 'life-safety' ? awake : undefined) ?? withPeople[0];
  return roster && { roster, contacts: contactsOnDuty(roster, nowMs, calling) };
};

/** Everybody of every post, on duty or not: for life safety, where nobody of those who were called could be reached. */
export const everybody = (rosters: readonly Roster[], calling: Calling): readonly Called[] =>
  rosters.map((roster) => ({ roster, contacts: eligible(roster, calling) }));
