import { describe, expect, it } from 'vitest';
import type { ChannelLimits, ChannelState, SendOutcome } from '../../shared/domain/delivery/channel.ts';
import { freshState, type Permit, permit, withOutcome, withSend } from '../../shared/domain/delivery/channel-limits.ts';
import { claimed, isReached, nextTry, withAttempt } from '../../shared/domain/delivery/delivering.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import { type Incident, lifeSafetyKinds } from '../../shared/domain/incident.ts';
import { tellingAgain } from '../../shared/domain/incidents/expire-answer.ts';
import { openAlarm } from '../../shared/domain/incidents/open.ts';
import { claimDue } from '../../shared/domain/incidents/outbox.ts';
import { isSilence, mayJoin, planStorm } from '../../shared/domain/incidents/storm.ts';
import { tend } from '../../shared/domain/incidents/tend.ts';
import { type Called, everybody, whoIsCalled } from '../../shared/domain/people/on-duty.ts';
import { postsFor } from '../../shared/domain/people/post.ts';
import { type Contact, postId, type Roster, type Shift } from '../../shared/domain/people/roster.ts';
import { alarmKinds } from '../../shared/domain/reports.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { holdBack, muteOf } from '../../shared/domain/windows/mutes.ts';
import type { FacilityWindows, Mute } from '../../shared/domain/windows/windows.ts';
import { packs } from '../../shared/rule-packs/index.ts';
import { incident as silence } from '../contract/samples.ts';
import { nursery } from '../support/nursery.ts';
import { at } from '../support/timeline.ts';

/*
 * The promise: an alarm in the life-safety lane is told to every department that must act at once, and by some channel if
 * any works, whatever is muted, drilled, storming, full, quiet, broken or away. Everything here is a pure decision of the
 * domain; the scenario tests show that the functions take exactly these.
 */

const FACILITY = 'sun';
const DIVISION = '321202001';
const LEAST_COMBINATIONS = 100_000;
/** Another seed draws other combinations: `CRADLEWATCH_SEED=7 npx vitest run …`. */
const SEED = Number(process.env.CRADLEWATCH_SEED ?? 20_261_121);

/** mulberry32: small, good enough to draw from lists, the same everywhere. */
const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const pickFrom =
  (random: () => number) =>
  <T>(list: readonly T[]): T =>
    list[Math.floor(random() * list.length)] as T;

// ---- opening -------------------------------------------------------------------------------------------------------

/** A Saturday night, a Monday morning, and the minute in which shifts change. */
const instants = [at('02:30:00', '2026-03-07'), at('10:00:00'), at('22:00:00')];

const muteAt = (nowMs: number, over: Partial<Mute> = {}): Mute => ({
  id: 'all',
  is: 'mute',
  rules: ruleNames,
  by: 'issuer|head',
  atMs: nowMs - HOUR_MS,
  reason: 'network-works',
  fromMs: nowMs - HOUR_MS,
  toMs: nowMs + HOUR_MS,
  allowedBy: 'issuer|officer',
  ...over,
});

/** The last one is no mute that could be registered: as if the store held what it must not. */
const mutes: Readonly<Record<string, (nowMs: number) => readonly Mute[]>> = {
  none: () => [],
  'every rule': (nowMs) => [muteAt(nowMs), muteAt(nowMs, { id: 'works', is: 'maintenance' })],
  'forged for alarms': (nowMs) => [muteAt(nowMs, { rules: [...ruleNames, 'alarm'] as unknown as Mute['rules'] })],
};

const drills: Readonly<Record<string, { readonly flag: boolean; readonly window: boolean }>> = {
  none: { flag: false, window: false },
  'flag without window': { flag: true, window: false },
  'real inside a window': { flag: false, window: true },
  'registered drill': { flag: true, window: true },
};

const windowsOf = (mute: string, drill: string, nowMs: number): FacilityWindows => ({
  facilityId: FACILITY,
  mutes: mutes[mute]?.(nowMs) ?? [],
  drills: drills[drill]?.window
    ? [
        {
          id: 'd',
          by: 'issuer|officer',
          registeredAtMs: nowMs - 2 * HOUR_MS,
          reason: 'fire-drill',
          fromMs: nowMs - HOUR_MS,
          toMs: nowMs + HOUR_MS,
        },
      ]
    : [],
  revision: 1,
});

const facilities = [
  undefined,
  nursery(FACILITY),
  nursery(FACILITY, { state: { is: 'commissioning' } }),
  nursery(FACILITY, { state: { is: 'closed', sinceMs: 0 } }),
  nursery(FACILITY, {
    state: {
      is: 'suspended',
      sinceMs: 0,
      authority: 'health',
      reason: 'repairs',
      untilMs: at('00:00:00', '2100-01-01'),
    },
  }),
];

/** Every box of the county silent beside the alarm. */
const stormAt = (nowMs: number): readonly Incident[] =>
  Array.from({ length: 60 }, (_, n) =>
    silence({ id: `f${n}~silent`, facilityId: `f${n}`, division: DIVISION, sinceMs: nowMs - MINUTE_MS + n }),
  );
const storms: Readonly<Record<string, readonly (readonly Incident[])[]>> = {
  calm: instants.map(() => []),
  storm: instants.map(stormAt),
};

// ---- delivery ------------------------------------------------------------------------------------------------------

const limits: ChannelLimits = { most: 20, withinMs: MINUTE_MS, reserved: 8 };
const always: Shift = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' };
const never: Shift = { weekdays: [1], from: '03:00', to: '03:01' };

const person = (id: string, quiet: boolean, over: Partial<Contact> = {}): Contact => ({
  id,
  name: id,
  is: 'person',
  channels: [
    { id: `${id}-bot`, kind: 'wecom', secret: id, ...(quiet && { quiet: [always] }) },
    { id: `${id}-phone`, kind: 'sms', address: id, ...(quiet && { quiet: [always] }) },
  ],
  ...over,
});

const awayAlways = { away: [{ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }] };

/** Who is at the posts of county and city. */
const staffings: Readonly<Record<string, (quiet: boolean) => readonly (readonly [string, readonly Contact[]])[]>> = {
  'on duty': (quiet) => [['321202', [person('a', quiet), person('b', quiet)]]],
  'one off shift': (quiet) => [['321202', [person('a', quiet, { shifts: [never] }), person('b', quiet)]]],
  'all off shift': (quiet) => [
    ['321202', [person('a', quiet, { shifts: [never] }), person('b', quiet, { shifts: [never] })]],
  ],
  'away with a substitute': (quiet) => [
    ['321202', [person('a', quiet, { ...awayAlways, substitute: 'b' }), person('b', quiet, { shifts: [never] })]],
  ],
  'all away, in a circle': (quiet) => [
    [
      '321202',
      [person('a', quiet, { ...awayAlways, substitute: 'b' }), person('b', quiet, { ...awayAlways, substitute: 'a' })],
    ],
  ],
  'county off, city on': (quiet) => [
    ['321202', [person('a', quiet, { shifts: [never] })]],
    ['3212', [person('a', quiet), person('b', quiet)]],
  ],
  'province only': (quiet) => [['32', [person('a', quiet)]]],
};

const rostersOf = (staffing: string, quiet: boolean, department: string): readonly Roster[] =>
  (staffings[staffing]?.(quiet) ?? []).map(([place, contacts]) => ({
    department,
    place,
    version: 1,
    zone: 'Asia/Shanghai',
    contacts,
  }));

const failed: SendOutcome = { outcome: 'failed', code: 'timeout' };
const full = (state: ChannelState, count: number, nowMs: number): ChannelState =>
  Array.from({ length: count }).reduce<ChannelState>((one) => withSend(one, limits, nowMs - 1), state);

/** What is known of an address, true or not. */
const standings: Readonly<Record<string, (nowMs: number) => ChannelState>> = {
  free: () => freshState('k'),
  'part of technical used up': (nowMs) => full(freshState('k'), limits.most - limits.reserved, nowMs),
  'all used up': (nowMs) => full(freshState('k'), limits.most, nowMs),
  locked: (nowMs) => withOutcome(freshState('k'), { outcome: 'limited', code: 'x', retryAfterMs: HOUR_MS }, nowMs - 1),
  'breaker open': (nowMs) => [1, 2, 3].reduce((one) => withOutcome(one, failed, nowMs - 1), freshState('k')),
  'breaker open for long': (nowMs) =>
    Array.from({ length: 30 }).reduce<ChannelState>((one) => withOutcome(one, failed, nowMs - 1), freshState('k')),
};

/** What a broken channel answers. */
const troubles: readonly SendOutcome[] = [
  failed,
  { outcome: 'refused', code: '93000' },
  { outcome: 'limited', code: '45009', retryAfterMs: 10 * MINUTE_MS },
];

/** What each standing allows, at each instant. */
const allowed = new Map(
  instants.map((nowMs) => [
    nowMs,
    new Map(Object.entries(standings).map(([name, at]) => [name, permit(at(nowMs), limits, 'life-safety', nowMs)])),
  ]),
);

interface Delivering {
  readonly staffing: string;
  readonly quiet: boolean;
  readonly repeated: boolean;
  /** By channel id within its place: what is known of it, and what it answers. */
  readonly known: ReadonlyMap<string, string>;
  readonly answers: ReadonlyMap<string, SendOutcome>;
}

const accepted: SendOutcome = { outcome: 'accepted' };

/** Every way to a person of any staffing, by place. */
const allWays = ['321202', '3212', '32'].flatMap((place) =>
  ['a-bot', 'a-phone', 'b-bot', 'b-phone'].map((id) => `${place}/${id}`),
);

/** One pass over the ways of one contact, as `deliver-notices` makes it. */
const reaches = (contact: Contact, place: string, given: Delivering, nowMs: number): boolean => {
  let delivery: Delivery = {
    incidentId: 'i',
    noticeId: 'n',
    post: place,
    contact: contact.id,
    department: 'd',
    duty: 'act',
    lane: 'life-safety',
    kind: given.repeated ? 'climbed' : 'opened',
    rung: given.repeated ? 1 : 0,
    state: 'owed',
    createdAtMs: nowMs,
    attempts: [],
    attemptCount: 0,
    dueAtMs: nowMs,
    revision: 1,
  };
  const permits = new Map<string, Permit>();
  for (const { id } of contact.channels) {
    const known = allowed.get(nowMs)?.get(given.known.get(`${place}/${id}`) ?? 'free');
    if (known !== undefined) permits.set(id, known);
  }
  const tried = new Set<string>();
  for (let round = 0; round < 10 && !isReached(delivery); round += 1) {
    const next = nextTry(delivery, { channels: contact.channels, zone: 'Asia/Shanghai', permits, tried }, nowMs);
    if (next.does !== 'try') break;
    tried.add(next.channel.id);
    const outcome = given.answers.get(`${place}/${next.channel.id}`) ?? accepted;
    delivery = withAttempt(claimed(delivery, next.channel, nowMs), next.channel.id, outcome, nowMs);
  }
  return isReached(delivery);
};

/** Who is called first, then everybody, of the posts of one staffing. */
const crowdsOf = (rosters: readonly Roster[], nowMs: number): readonly Called[] => {
  const calling = { lane: 'life-safety', isTest: false } as const;
  const called = whoIsCalled(rosters, nowMs, calling);
  return [...(called ? [called] : []), ...everybody(rosters, calling)];
};

/** A calendar is asked for shifts: once for each staffing and instant, not a hundred thousand times. */
const crowds = new Map<string, readonly Called[]>();
const knownCrowds = (rosters: readonly Roster[], { staffing, quiet }: Delivering, nowMs: number): readonly Called[] => {
  const key = `${staffing} ${quiet} ${nowMs}`;
  const known = crowds.get(key) ?? crowdsOf(rosters, nowMs);
  crowds.set(key, known);
  return known;
};

const isDelivered = (called: readonly Called[], given: Delivering, nowMs: number): boolean =>
  called.some(({ roster, contacts }) =>
    contacts.map((contact) => reaches(contact, roster.place, given, nowMs)).some(Boolean),
  );

/** What must be so: any channel of any of them works. */
const someWorks = (rosters: readonly Roster[], { answers }: Delivering): boolean =>
  rosters.some(({ place, contacts }) =>
    contacts.some(({ channels }) => channels.some(({ id }) => !answers.has(`${place}/${id}`))),
  );

const keysOf = <T extends object>(record: T): readonly string[] => Object.keys(record);

const drawn = (random: () => number): Delivering => {
  const pick = pickFrom(random);
  // Often all but one is broken: that is where a notice could be lost.
  const broken = pick([0, 0.3, 0.75, 0.95, 1]);
  return {
    staffing: pick(keysOf(staffings)),
    quiet: pick([true, false]),
    repeated: pick([true, false]),
    known: new Map(allWays.map((way) => [way, pick(keysOf(standings))])),
    answers: new Map(allWays.filter(() => random() < broken).map((way) => [way, pick(troubles)])),
  };
};

// ---- the promise ---------------------------------------------------------------------------------------------------

/** Whatever a box may ring of it; what an officer opens goes the same way. */
const ringing = alarmKinds.filter((kind) => lifeSafetyKinds.has(kind));

const openings = packs.flatMap((pack) =>
  ringing.flatMap((kind) =>
    keysOf(mutes).flatMap((mute) =>
      keysOf(drills).flatMap((drill) => keysOf(storms).map((storm) => ({ pack, kind, mute, drill, storm }))),
    ),
  ),
);

describe('nothing silences life safety', () => {
  it(`in ${LEAST_COMBINATIONS} combinations of packs, mutes, drills, storms, limits, quiet hours and broken channels`, () => {
    const random = randomOf(SEED);
    const pick = pickFrom(random);
    const perOpening = Math.ceil(LEAST_COMBINATIONS / openings.length);
    let combinations = 0;
    let delivered = 0;
    const wrong: unknown[] = [];

    for (const { pack, kind, mute, drill, storm } of openings) {
      const when = pick(instants.map((_, index) => index));
      const nowMs = instants[when] ?? 0;
      const facility = pick(facilities);
      const windows = windowsOf(mute, drill, nowMs);
      const where = { seed: SEED, pack: pack.name, kind, mute, drill, storm, nowMs, state: facility?.state.is };
      const report = {
        id: 'press',
        timeMs: nowMs,
        kind,
        confirmed: 'unknown',
        drill: drills[drill]?.flag ?? false,
      } as const;
      const sender = { facilityId: FACILITY, box: 'b1', key: 'key', createdMs: nowMs, receivedMs: nowMs };
      const opened = openAlarm({ ...report, ageMs: 0 }, 'digest', sender, facility, pack, windows);
      const { act } = pack.hazards[pack.alarms[kind]] ?? { act: [] };

      // By the receiver, at once.
      const byReceiver = claimDue(opened, nowMs).claimed;
      // By the sweep, should the receiver have died before it published; with the mute as the sweep would have it.
      const held = muteOf(windows, opened, nowMs) ?? windows.mutes[0];
      const hold = held && ((one: Incident) => holdBack(one, held, nowMs));
      const bySweep = tend(opened, nowMs, tellingAgain(opened, facility, pack, nowMs), hold).claimed;
      for (const [by, claims] of Object.entries({ byReceiver, bySweep })) {
        const told = claims
          .filter(({ recipient }) => recipient.duty === 'act')
          .map(({ recipient }) => recipient.department);
        const missing = act.filter((department) => !told.includes(department));
        if (act.length === 0 || missing.length > 0 || opened.lane !== 'life-safety')
          wrong.push({ ...where, by, missing });
      }

      // No storm takes it in.
      const silences = storms[storm]?.[when] ?? [];
      if (isSilence(opened) || mayJoin(opened)) wrong.push({ ...where, joins: true });
      if (silences.length > 0 && planStorm([...silences, opened], [], pack, nowMs).joiners.includes(opened)) {
        wrong.push({ ...where, joins: 'a storm' });
      }

      for (let n = 0; n < perOpening; n += 1) {
        const given = drawn(random);
        const department = act[n % act.length] ?? 'none';
        const addressee = {
          department,
          division: DIVISION,
          facilityId: FACILITY,
          level: 'district',
          lane: 'life-safety',
        } as const;
        const rosters = rostersOf(given.staffing, given.quiet, department);
        const posts = postsFor(addressee).map(postId);
        const found = rosters.filter((roster) => posts.includes(postId(roster)));
        const works = someWorks(rosters, given);
        const reached = isDelivered(knownCrowds(found, given, nowMs), given, nowMs);
        if (works !== reached) wrong.push({ ...where, department, given, works, reached });
        if (reached) delivered += 1;
        combinations += 1;
      }
      if (wrong.length > 0) break;
    }

    expect(wrong).toEqual([]);
    expect(combinations).toBeGreaterThanOrEqual(LEAST_COMBINATIONS);
    // It would say nothing if everything worked, or nothing did.
    expect(delivered).toBeGreaterThan(combinations / 2);
  });
});
