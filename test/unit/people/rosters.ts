import type { Contact, Roster, Shift } from '../../../shared/domain/people/roster.ts';

export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const;

export const shift = (from: string, to: string, weekdays: readonly number[] = EVERY_DAY): Shift => ({
  weekdays,
  from,
  to,
});

export const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id,
  name: `name of ${id}`,
  is: 'person',
  channels: [{ id: 'mail', kind: 'email', address: `${id}@example.org` }],
  ...more,
});

export const roster = (contacts: readonly Contact[], more: Partial<Roster> = {}): Roster => ({
  department: 'police',
  place: '321202',
  version: 1,
  zone: 'Asia/Shanghai',
  contacts,
  ...more,
});
