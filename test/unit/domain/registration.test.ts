import { describe, expect, it } from 'vitest';
import type { Facility, RegistrationEvent } from '../../../shared/domain/facility.ts';
import {
  keepRegistrationEvent,
  MOST_REGISTRATION_EVENTS,
  registrationEventOf,
  untoldEvents,
} from '../../../shared/domain/registration.ts';
import { nursery } from '../../support/nursery.ts';

const AT = Date.parse('2026-03-02T10:00:00+08:00');
const before = nursery('sun');
const edited = (over: Partial<Facility>): Facility => ({ ...before, version: 2, ...over });
const closed = { state: { is: 'closed', sinceMs: AT } } as const;

describe('what an edit of the registry means to those to whom registrations are pushed', () => {
  it('a first entry is registered; one that has closed already is nothing', () => {
    expect(registrationEventOf(undefined, before, AT)).toEqual({ event: 'registered', atMs: AT, version: 1 });
    expect(registrationEventOf(undefined, nursery('sun', closed), AT)).toBeUndefined();
  });

  it('closing is cancelled, once; opening again is registered', () => {
    const gone = edited(closed);
    expect(registrationEventOf(before, gone, AT)).toEqual({ event: 'cancelled', atMs: AT, version: 2 });
    expect(registrationEventOf(gone, { ...gone, version: 3, address: '别处' }, AT)).toBeUndefined();
    expect(registrationEventOf(gone, { ...before, version: 3 }, AT)).toMatchObject({ event: 'registered', version: 3 });
  });

  const filed = { name: '阳光', address: '路1号', kind: 'nursery', places: 60, filedAtMs: AT } as const;
  it.each([
    ['its Chinese name', { name: { zh: '月亮托育园', en: before.name.en } }, ['name']],
    ['its English name', { name: { zh: before.name.zh, en: 'Moon' } }, ['name']],
    ['its address', { address: '泰州市海陵区青年路2号' }, ['address']],
    ['its division', { division: '321203001' }, ['address']],
    ['its form of service', { kind: 'community' }, ['kind']],
    ['its places', { filed }, ['places']],
    ['several at once', { kind: 'workplace', filed, address: '别处' }, ['address', 'kind', 'places']],
  ] as const)('a change of %s is told, with its field', (_, over, fields) => {
    expect(registrationEventOf(before, edited(over), AT)).toEqual({ event: 'changed', atMs: AT, version: 2, fields });
  });

  it.each([
    ['areas', { areas: [] }],
    ['classes', { classes: [{ id: 'small', children: 3 }] }],
    ['its landline', { landline: '0523-1' }],
    ['its calendar', { calendar: { ...before.calendar, closesAt: '19:00' } }],
    ['a suspension', { state: { is: 'suspended', sinceMs: AT, authority: 'a', reason: 'r', untilMs: AT + 1 } }],
    ['nothing', {}],
  ] as const)('a change of %s is not', (_, over) => {
    expect(registrationEventOf(before, edited(over), AT)).toBeUndefined();
  });
});

describe('the events that a facility keeps', () => {
  const event = (version: number, over: Partial<RegistrationEvent> = {}): RegistrationEvent => ({
    event: 'changed',
    atMs: AT + version,
    version,
    fields: ['name'],
    ...over,
  });
  const eight = Array.from({ length: MOST_REGISTRATION_EVENTS }, (_, n) => event(n + 1));
  const versions = (events: readonly RegistrationEvent[] | undefined) => events?.map(({ version }) => version);

  it('up to eight stay, told or not', () => {
    expect(versions(keepRegistrationEvent(eight.slice(1), event(9), 8))).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('of nine the oldest goes if it was told', () => {
    expect(versions(keepRegistrationEvent(eight, event(9), 1))).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('of nine of which none was told the last two changes become one, with the fields of both', () => {
    const kept = keepRegistrationEvent(eight, event(9, { fields: ['kind'] }), 0);
    expect(versions(kept)).toEqual([1, 2, 3, 4, 5, 6, 7, 9]);
    expect(kept?.at(-1)).toEqual(event(9, { fields: ['name', 'kind'] }));
  });

  it('nine untold ones that cannot be joined are more than is kept: none is lost', () => {
    const turns = eight.map(({ version, atMs }) => ({
      event: version % 2 === 0 ? ('cancelled' as const) : ('registered' as const),
      atMs,
      version,
    }));
    expect(keepRegistrationEvent(turns, event(9, { event: 'registered' }), 0)).toBeUndefined();
    expect(keepRegistrationEvent(turns, event(9, { event: 'registered' }), 1)).toHaveLength(8);
  });

  it('those above the told version are still to be told', () => {
    const facility = nursery('sun', { registrationEvents: eight });
    expect(versions(untoldEvents(facility, 6))).toEqual([7, 8]);
    expect(untoldEvents(facility, undefined)).toHaveLength(8);
    expect(untoldEvents(nursery('sun'), undefined)).toEqual([]);
  });
});
