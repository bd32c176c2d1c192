import { describe, expect, it } from 'vitest';
import { slotOfCounty, slotsSince } from '../../functions/watch/judge-posts.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { postId, type Roster } from '../../shared/domain/people/roster.ts';
import { actingOnAlarms } from '../../shared/domain/rules/reachable.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

const COUNTY = '321202';
const DAY_MS = 86_400_000;
/** Taizhou. */
const acting = actingOnAlarms(packFor({ division: COUNTY }, at('10:00:00')));

/** The minute in which the posts of the county are judged, on that day. */
const countyMinute = (day: string): number => {
  const startMs = at('00:00:00', day);
  const offset = (slotOfCounty(COUNTY) * 60_000 - (startMs % DAY_MS) + DAY_MS) % DAY_MS;
  return startMs + offset;
};

const roster = (department: string, place: string, version = 1): Roster => ({
  department,
  place,
  version,
  zone: 'Asia/Shanghai',
  contacts: [
    { id: 'duty', name: '值班', is: 'group', channels: [{ id: 'mail', kind: 'email', address: 'duty@example.com' }] },
  ],
});

const manned = async (day: Timeline, except: readonly string[] = []): Promise<void> => {
  for (const department of acting.filter((one) => !except.includes(one))) {
    await day.posts.rosters.put(roster(department, '3212'));
    await day.posts.reach.seen(postId({ department, place: '3212' }), day.nowMs);
  }
};
const ofPosts = (day: Timeline): readonly Incident[] => day.incidents().filter(({ rule }) => rule === 'reachable');

describe('a head who has seen no notice for thirty-five days', () => {
  it(
    'is told of above the facility at once, in working hours, and it ends with the next notice that is seen',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      const row = await day.kept.vitals.readFacility('sun');
      if (row) await day.kept.vitals.patchFacility(row, { headSeenAtMs: day.nowMs });
      const lost = '2026-04-06';
      day.moveTo('09:59:59', lost);
      await day.beat('sun');
      await day.sweep();
      expect(day.incidents().filter(({ rule }) => rule === 'reachable')).toEqual([]);
      day.moveTo('10:00:00', lost);
      await day.sweep();
      day.expectTold();
      expect(day.incidents().find(({ rule }) => rule === 'reachable')).toMatchObject({
        facilityId: 'sun',
        sinceMs: at('10:00:00', lost),
        reason: 'not-seen',
      });
      // Tomb-sweeping day: offices are closed until Tuesday.
      day.moveTo('08:30:00', '2026-04-07');
      await day.beat('sun');
      await day.sweep();
      const news = day.kept.publisher.published.filter(({ about }) => about === 'reachable');
      expect(news.map(({ recipient, kind }) => `${recipient.department} ${kind}`)).toEqual(['town opened']);
      await day.kept.vitals.facilitySeen('sun', day.nowMs);
      await day.minutes(1, ['sun']);
      expect(day.kept.publisher.published.filter(({ about }) => about === 'reachable').at(-1)).toMatchObject({
        kind: 'recovered',
      });
      day.expectTold(
        ...day.kept.publisher.published.map(
          (one) => `${one.facilityId}: ${one.recipient.department} ${one.kind} ${one.about}`,
        ),
      );
    }),
  );
});

describe('a department that must act on alarms', () => {
  it(
    'without a contact at any level is an incident of the county, dated that day; one that has people who saw a notice is none',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      day.onlyKeptPosts = true;
      await manned(day, ['police', 'fire']);
      // People who have never seen any.
      await day.posts.rosters.put(roster('fire', COUNTY));
      day.nowMs = countyMinute('2026-03-03');
      await day.beat('sun');
      await day.sweep();
      expect(
        ofPosts(day).map(({ facilityId, subject, reason, sinceMs, ladder }) => [
          facilityId,
          subject,
          reason,
          sinceMs,
          ladder[0]?.level,
        ]),
      ).toEqual([
        [`division-${COUNTY}`, 'department/fire', 'never-seen', at('00:00:00', '2026-03-03'), 'district'],
        [`division-${COUNTY}`, 'department/police', 'no-roster', at('00:00:00', '2026-03-03'), 'district'],
      ]);
      // The day after, it is the same one; a roster of the town is one of the county's posts.
      await day.posts.rosters.put(roster('police', '321202001'));
      await day.posts.reach.seen(postId({ department: 'police', place: '321202001' }), day.nowMs);
      day.nowMs = countyMinute('2026-03-04');
      await day.beat('sun');
      await day.sweep();
      expect(ofPosts(day).map(({ subject, state, closeReason }) => [subject, state, closeReason])).toEqual([
        ['department/fire', 'open', undefined],
        ['department/police', 'closed', 'met-again'],
      ]);
      day.expectTold(...told(day));
    }),
  );

  it(
    'is lost at the very instant at which the days of its last seen notice are over',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      day.onlyKeptPosts = true;
      await manned(day);
      const seenAtMs = countyMinute('2026-04-13') - 35 * DAY_MS;
      await day.posts.reach.seen(postId({ department: 'police', place: '3212' }), seenAtMs);
      for (const department of acting.filter((one) => one !== 'police')) {
        await day.posts.reach.seen(postId({ department, place: '3212' }), at('00:00:00', '2026-04-13'));
      }
      day.nowMs = countyMinute('2026-04-12');
      await day.beat('sun');
      await day.sweep();
      expect(ofPosts(day)).toEqual([]);
      day.nowMs = countyMinute('2026-04-13');
      await day.beat('sun');
      await day.sweep();
      expect(ofPosts(day)).toMatchObject([
        { subject: 'department/police', reason: 'not-seen', sinceMs: seenAtMs + 35 * DAY_MS },
      ]);
      day.expectTold(...told(day));
    }),
  );

  it(
    'is judged by the next sweep if none ran in the minute of its county, and not where no nursery is in service',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      day.onlyKeptPosts = true;
      await day.register('shut', { division: '321203001', state: { is: 'closed', sinceMs: day.nowMs } });
      await day.sweep();
      day.nowMs = countyMinute('2026-03-03') + 3 * 3_600_000;
      await day.beat('sun');
      await day.sweep();
      expect(new Set(ofPosts(day).map(({ facilityId }) => facilityId))).toEqual(new Set([`division-${COUNTY}`]));
      expect(ofPosts(day)).toHaveLength(acting.length);
      day.expectTold(...told(day));
    }),
  );
});

/** What these scenarios are not about: the box that falls silent between two days. */
const told = (day: Timeline): readonly string[] =>
  day.kept.publisher.published.map((one) => `${one.facilityId}: ${one.recipient.department} ${one.kind} ${one.about}`);

describe('the minutes that a sweep looks at', () => {
  const NOON_MS = at('12:00:00');
  it('are those since the last, each once', () => {
    const minute = (atMs: number): number => Math.floor((atMs % DAY_MS) / 60_000);
    expect([...slotsSince(NOON_MS - 60_000, NOON_MS)]).toEqual([minute(NOON_MS)]);
    expect([...slotsSince(NOON_MS, NOON_MS + 59_999)]).toEqual([]);
    expect([...slotsSince(NOON_MS - 180_000, NOON_MS)]).toEqual([0, 1, 2].map((ago) => minute(NOON_MS - ago * 60_000)));
    expect(slotsSince(0, NOON_MS).size).toBe(1_440);
  });
});
