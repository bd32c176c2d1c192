import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calling, contactsOnDuty, whoIsCalled } from '../../../shared/domain/people/on-duty.ts';
import { type Contact, postId, type Roster } from '../../../shared/domain/people/roster.ts';
import { contact, EVERY_DAY, roster, shift } from './rosters.ts';

const usual: Calling = { lane: 'technical', isTest: false };
const life: Calling = { lane: 'life-safety', isTest: false };
const at = (text: string): number => Date.parse(text);
/** A Monday. */
const MONDAY = '2026-03-02';
const onDuty = (one: Roster, when: string | number, calling = usual): string[] =>
  contactsOnDuty(one, typeof when === 'number' ? when : at(when), calling).map(({ id }) => id);

describe('a shift', () => {
  const day = contact('day', { shifts: [shift('08:00', '20:00', [1])] });
  const other = contact('other');

  it('begins with its first millisecond and ends before its last', () => {
    const two = roster([day, other]);
    expect(onDuty(two, at(`${MONDAY}T08:00:00+08:00`) - 1)).toEqual(['other']);
    expect(onDuty(two, `${MONDAY}T08:00:00+08:00`)).toEqual(['day', 'other']);
    expect(onDuty(two, at(`${MONDAY}T20:00:00+08:00`) - 1)).toEqual(['day', 'other']);
    expect(onDuty(two, `${MONDAY}T20:00:00+08:00`)).toEqual(['other']);
    expect(onDuty(two, '2026-03-03T12:00:00+08:00')).toEqual(['other']);
  });

  it('that passes midnight belongs to the day on which it begins', () => {
    const night = roster([contact('night', { shifts: [shift('22:00', '06:00', [7])] }), other]);
    expect(onDuty(night, at('2026-03-01T22:00:00+08:00') - 1)).toEqual(['other']);
    expect(onDuty(night, '2026-03-01T22:00:00+08:00')).toEqual(['night', 'other']);
    expect(onDuty(night, at(`${MONDAY}T06:00:00+08:00`) - 1)).toEqual(['night', 'other']);
    expect(onDuty(night, `${MONDAY}T06:00:00+08:00`)).toEqual(['other']);
    expect(onDuty(night, `${MONDAY}T23:00:00+08:00`)).toEqual(['other']);
  });

  it('from an hour to the same hour is a whole day', () => {
    const whole = roster([contact('whole', { shifts: [shift('08:00', '08:00', [1])] }), other]);
    expect(onDuty(whole, at(`${MONDAY}T08:00:00+08:00`) - 1)).toEqual(['other']);
    expect(onDuty(whole, at('2026-03-03T08:00:00+08:00') - 1)).toEqual(['whole', 'other']);
    expect(onDuty(whole, '2026-03-03T08:00:00+08:00')).toEqual(['other']);
  });

  it('is counted by the clock of the roster: 08:00 in Ürümqi is 10:00 in Shanghai', () => {
    const west = roster([day, other], { zone: 'Asia/Urumqi' });
    expect(onDuty(west, at(`${MONDAY}T10:00:00+08:00`) - 1)).toEqual(['other']);
    expect(onDuty(west, `${MONDAY}T10:00:00+08:00`)).toEqual(['day', 'other']);
  });
});

describe('where the clocks change (Berlin)', () => {
  const nights = roster(
    [
      contact('night', { shifts: [shift('20:00', '02:30')] }),
      contact('morning', { shifts: [shift('02:30', '20:00')] }),
    ],
    { zone: 'Europe/Berlin' },
  );

  it('in spring, when 02:30 does not come, it is relieved at 03:30 summer time', () => {
    expect(onDuty(nights, at('2026-03-29T01:30:00Z') - 1)).toEqual(['night']);
    expect(onDuty(nights, '2026-03-29T01:30:00Z')).toEqual(['morning']);
  });

  it('in autumn, when 02:30 comes twice, it is relieved at the first, and nobody twice', () => {
    expect(onDuty(nights, at('2026-10-25T00:30:00Z') - 1)).toEqual(['night']);
    expect(onDuty(nights, '2026-10-25T00:30:00Z')).toEqual(['morning']);
    expect(onDuty(nights, '2026-10-25T01:30:00Z')).toEqual(['morning']);
  });
});

describe('somebody who is away', () => {
  const [from, to] = [at('2026-03-02T00:00:00Z'), at('2026-03-09T00:00:00Z')];
  const away = [{ fromMs: from, toMs: to }];

  it('is replaced from the first millisecond to before the last', () => {
    const two = roster([
      contact('li', { away, substitute: 'wu' }),
      contact('wu', { shifts: [shift('03:00', '03:01', [6])] }),
    ]);
    expect(onDuty(two, from - 1)).toEqual(['li']);
    expect(onDuty(two, from)).toEqual(['wu']);
    expect(onDuty(two, to - 1)).toEqual(['wu']);
    expect(onDuty(two, to)).toEqual(['li']);
  });

  it('is replaced by the substitute of the substitute', () => {
    const chain = roster([
      contact('li', { away, substitute: 'wu' }),
      contact('wu', { away, substitute: 'he' }),
      contact('he', { shifts: [shift('03:00', '03:01', [6])] }),
    ]);
    expect(onDuty(chain, from)).toEqual(['he']);
  });

  it('a circle ends: others are on duty, or everybody is called', () => {
    const circle = [contact('li', { away, substitute: 'wu' }), contact('wu', { away, substitute: 'li' })];
    expect(onDuty(roster([...circle, contact('he')]), from)).toEqual(['he']);
    expect(onDuty(roster(circle), from)).toEqual(['li', 'wu']);
    expect(onDuty(roster([contact('li', { away, substitute: 'li' }), contact('he')]), from)).toEqual(['he']);
  });

  it('a substitute who is on duty anyway is called once', () => {
    expect(onDuty(roster([contact('li', { away, substitute: 'wu' }), contact('wu')]), from)).toEqual(['wu']);
  });

  it('without a substitute, nobody stands in', () => {
    expect(onDuty(roster([contact('li', { away }), contact('wu')]), from)).toEqual(['wu']);
  });
});

describe('nobody on duty', () => {
  it('everybody is called: rather somebody than nobody', () => {
    const office = roster(['a', 'b'].map((id) => contact(id, { shifts: [shift('09:00', '17:00', [1, 2, 3, 4, 5])] })));
    expect(onDuty(office, '2026-03-01T12:00:00+08:00')).toEqual(['a', 'b']);
  });
});

describe('the installer', () => {
  const two = roster([contact('head', { role: 'head' }), contact('fitter', { role: 'installer' })]);

  it('hears of test alarms only', () => {
    expect(onDuty(two, 0)).toEqual(['head']);
    expect(onDuty(two, 0, { lane: 'life-safety', isTest: false })).toEqual(['head']);
    expect(onDuty(two, 0, { lane: 'life-safety', isTest: true })).toEqual(['head', 'fitter']);
  });

  it('alone is nobody, and stands in for nobody', () => {
    expect(onDuty(roster([contact('fitter', { role: 'installer' })]), 0)).toEqual([]);
    const gone = contact('head', { away: [{ fromMs: 0, toMs: 10 }], substitute: 'fitter' });
    expect(onDuty(roster([gone, contact('fitter', { role: 'installer' })]), 5)).toEqual(['head']);
  });
});

describe('which post is called', () => {
  const town = roster([contact('town', { shifts: [shift('09:00', '17:00')] })], { place: '321202001' });
  const county = roster([contact('county', { shifts: [shift('09:00', '22:00')] })]);
  const noon = at(`${MONDAY}T12:00:00+08:00`);
  const evening = at(`${MONDAY}T21:00:00+08:00`);
  const night = at(`${MONDAY}T23:00:00+08:00`);
  const called = (ms: number, calling: Calling, rosters: readonly Roster[] = [town, county]): string | undefined => {
    const found = whoIsCalled(rosters, ms, calling);
    return found && `${postId(found.roster)}: ${found.contacts.map(({ id }) => id).join(' ')}`;
  };

  it('life safety: the first with somebody on duty, else the first', () => {
    expect(called(noon, life)).toBe('police~321202001: town');
    expect(called(evening, life)).toBe('police~321202: county');
    expect(called(night, life)).toBe('police~321202001: town');
  });

  it('a technical notice: the first that has anybody', () => {
    expect(called(evening, usual)).toBe('police~321202001: town');
  });

  it('passes over a roster that has nobody for this', () => {
    const empty = roster([contact('fitter', { role: 'installer' })], { place: '321202001' });
    for (const calling of [life, usual]) {
      expect(called(noon, calling, [empty, county])).toBe('police~321202: county');
      expect(called(noon, calling, [empty])).toBeUndefined();
      expect(called(noon, calling, [])).toBeUndefined();
    }
  });
});

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const ids = ['a', 'b', 'c', 'd'] as const;
const someShift = fc.record({ weekdays: fc.subarray([...EVERY_DAY], { minLength: 1 }), from: time, to: time });
const someMs = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
const someAway = fc.tuple(someMs, someMs).map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) }));
const someContact = (id: string): fc.Arbitrary<Contact> =>
  fc
    .record(
      {
        shifts: fc.array(someShift, { maxLength: 3 }),
        away: fc.array(someAway, { maxLength: 3 }),
        substitute: fc.constantFrom(...ids, 'nobody'),
        role: fc.constantFrom('head', 'duty', 'installer'),
      },
      { requiredKeys: [] },
    )
    .map((more) => contact(id, more));
const someRoster = fc
  .tuple(fc.tuple(...ids.map(someContact)), fc.subarray([...ids]), fc.constantFrom('Asia/Shanghai', 'Europe/Berlin'))
  .map(([all, kept, zone]) =>
    roster(
      all.filter(({ id }) => kept.some((one) => one === id)),
      { zone },
    ),
  );

describe('any roster at any time', () => {
  it('somebody is called if there is anybody but an installer; each once, and only of the roster', () => {
    fc.assert(
      fc.property(someRoster, someMs, fc.boolean(), (one, ms, isTest) => {
        const found = contactsOnDuty(one, ms, { lane: 'technical', isTest });
        const callable = one.contacts.filter(({ role }) => isTest || role !== 'installer');
        expect(found.length > 0).toBe(callable.length > 0);
        expect(new Set(found).size).toBe(found.length);
        for (const who of found) expect(callable).toContain(who);
      }),
    );
  });

  it('nobody who is away is called while somebody who is not away has no hours', () => {
    fc.assert(
      fc.property(someRoster, someMs, (one, ms) => {
        const always = { ...one, contacts: [...one.contacts, contact('always')] };
        const found = contactsOnDuty(always, ms, usual);
        for (const { away = [] } of found) {
          expect(away.some(({ fromMs, toMs }) => ms >= fromMs && ms < toMs)).toBe(false);
        }
      }),
    );
  });
});
