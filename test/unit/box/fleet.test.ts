import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDemoBox } from '../../../box/fleet/demo-box.ts';
import { DEMO_DIVISIONS, facilityBodyOf, LONELY_AREA, nurseries } from '../../../box/fleet/nurseries.ts';
import { demoSecrets, departmentRosters, facilityRosters, rosterBodyOf } from '../../../box/fleet/people.ts';
import { daysOfScript, localMinute, noonDeadlineMs } from '../../../box/fleet/script.ts';
import { announcements } from '../../../box/fleet/windows.ts';
import { facilityBody } from '../../../shared/contracts/registry.ts';
import { rosterBody } from '../../../shared/contracts/roster.ts';
import { drillBody, muteBody } from '../../../shared/contracts/windows.ts';
import { civilDayOf, instantOf } from '../../../shared/domain/civil-day.ts';
import { isWithin } from '../../../shared/domain/facility.ts';
import { whoIsCalled } from '../../../shared/domain/people/on-duty.ts';
import { actingOnAlarms } from '../../../shared/domain/rules/reachable.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { packs } from '../../../shared/rule-packs/index.ts';

const nowMs = Date.parse('2026-11-21T02:10:20Z');

describe('the demo fleet', () => {
  test.each(nurseries)('files $id as the registry takes it, under the demonstration of its place', (nursery) => {
    const body = facilityBodyOf(nursery, '12:00', nowMs);
    expect(facilityBody.safeParse({ ...body, version: 0 })).toMatchObject({ success: true });
    expect(DEMO_DIVISIONS.filter((division) => isWithin(body.division, division))).toHaveLength(1);
    const demo = packs.find(({ name }) => name === body.pack);
    expect(demo?.byNameOnly).toBe(true);
    expect(isWithin(body.division, demo?.division ?? 'none')).toBe(true);
  });

  test('lies in five places', () => {
    const lying = (division: string) => nurseries.some((nursery) => isWithin(nursery.division, division));
    expect(DEMO_DIVISIONS.filter(lying)).toHaveLength(5);
  });

  test('are eighteen, each with a name of its own, and one nursery for each thing to see', () => {
    expect(nurseries).toHaveLength(18);
    expect(new Set(nurseries.map((nursery) => nursery.id)).size).toBe(18);
    const parts = nurseries.map((nursery) => nursery.part).filter((part) => part !== 'ordinary');
    expect(new Set(parts).size).toBe(parts.length);
    expect(parts).toHaveLength(17);
  });

  test('has an area that only one camera sees', () => {
    for (const nursery of nurseries) {
      const { cameras } = facilityBodyOf(nursery, '12:00', nowMs);
      expect(cameras.filter((camera) => camera.areas.includes(LONELY_AREA))).toHaveLength(1);
    }
  });

  test('owes 90 days of film for every camera but the one that is 20 days old', () => {
    const young = nurseries.flatMap((nursery) =>
      facilityBodyOf(nursery, '12:00', nowMs)
        .cameras.filter((camera) => nowMs - Date.parse(camera.installedAt) < 120 * DAY_MS)
        .map((camera) => `${nursery.id}/${camera.id}`),
    );
    expect(young).toEqual(['cloud/cam-nap']);
  });

  test('has a nursery that films no night, and one that loses its film and goes on saying that it is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-box-'));
    const playing = (part: string) => {
      const nursery = nurseries.find((one) => one.part === part);
      if (nursery === undefined) throw new Error(`nobody plays ${part}`);
      const { cameras } = facilityBodyOf(nursery, '12:00', Date.now());
      const api = new URL('http://127.0.0.1:1');
      return createDemoBox(nursery, { api, dataDir: folder, cameras, onEvent: () => {} }).recorder;
    };
    const today = instantOf(civilDayOf(Date.now(), 'Asia/Shanghai'), '00:00', 'Asia/Shanghai');
    const yesterday = { fromMs: today - DAY_MS, toMs: today };
    expect(playing('nightly-gap').recorded('cam-nap', yesterday)).toEqual([
      { fromMs: yesterday.fromMs, toMs: yesterday.fromMs + HOUR_MS },
      { fromMs: yesterday.fromMs + 4 * HOUR_MS, toMs: today },
    ]);
    const liar = playing('box-that-lies');
    const hourAgo = { fromMs: Date.now() - HOUR_MS, toMs: Date.now() - HOUR_MS + 10_000 };
    expect(liar.recorded('cam-nap', yesterday)).toEqual([yesterday]);
    expect((await liar.readSlice('cam-nap', hourAgo)).is).toBe('read');
    const longAgo = { fromMs: today - 2 * DAY_MS, toMs: today - 2 * DAY_MS + 10_000 };
    expect((await liar.readSlice('cam-nap', longAgo)).is).toBe('not-found');
    rmSync(folder, { recursive: true });
  });

  test('has its noon deadline one to two minutes ahead, on a whole local minute', () => {
    expect(localMinute(nowMs)).toBe('10:10');
    expect(localMinute(noonDeadlineMs(nowMs))).toBe('10:12');
    for (let offMs = 0; offMs < 60_000; offMs += 7_000) {
      const aheadMs = noonDeadlineMs(nowMs + offMs) - (nowMs + offMs);
      expect(aheadMs).toBeGreaterThanOrEqual(60_000);
      expect(aheadMs).toBeLessThan(120_000);
    }
  });

  test('logs tomorrow’s checks, too, when the deadline falls past local midnight', () => {
    const lateMs = Date.parse('2026-11-21T15:59:10Z');
    expect(daysOfScript(nowMs, noonDeadlineMs(nowMs))).toEqual(['2026-11-21']);
    expect(daysOfScript(lateMs, noonDeadlineMs(lateMs))).toEqual(['2026-11-21', '2026-11-22']);
  });

  test('enters rosters as the registry takes them, each post with secrets of its own', () => {
    for (const one of [...departmentRosters, ...facilityRosters]) {
      expect(rosterBody.safeParse(rosterBodyOf(one))).toMatchObject({ success: true });
      const prefix = `${one.post.replace('~', '.')}.`;
      const secrets = one.contacts.flatMap(({ channels }) => channels.map(({ secret }) => secret));
      expect(secrets.every((secret) => secret?.startsWith(prefix))).toBe(true);
      expect(demoSecrets.map(({ name }) => name)).toEqual(expect.arrayContaining(secrets));
    }
  });

  test('has somebody for whoever must act on an alarm in each of its places, at any hour, and one on leave', () => {
    const away = departmentRosters.flatMap(({ contacts }) => contacts).filter((one) => one.away !== undefined);
    expect(away.length).toBeGreaterThan(0);
    for (const pack of packs.filter(({ byNameOnly }) => byNameOnly === true)) {
      for (const department of actingOnAlarms(pack)) {
        const found = departmentRosters.find(({ post }) => post === `${department}~${pack.division}`);
        expect([pack.name, department, found?.contacts.length ?? 0]).not.toContain(0);
        if (found === undefined) continue;
        const { zone, contacts } = rosterBodyOf(found);
        const roster = {
          department,
          place: pack.division,
          version: 1,
          zone,
          contacts: contacts.map(({ away: gone, ...one }) => ({
            ...one,
            ...(gone && { away: gone.map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) })) }),
          })),
        };
        for (let hour = 0; hour < 24; hour += 1) {
          const called = whoIsCalled([roster], nowMs + hour * HOUR_MS, { lane: 'life-safety', isTest: false });
          expect(called?.contacts).toHaveLength(1);
        }
      }
    }
  });

  test('leaves out one nursery, whose box falls silent', () => {
    const headed = new Set(facilityRosters.map(({ post }) => post.split('~')[1]));
    expect(nurseries.filter(({ id }) => !headed.has(id)).map(({ part }) => part)).toEqual(['reaches-nobody']);
  });

  test('announces its drill and its works as the desk takes them', () => {
    for (const { as, body } of announcements(nowMs)) {
      expect((as === 'drills' ? drillBody : muteBody).safeParse(body)).toMatchObject({ success: true });
    }
    expect(announcements(nowMs).map(({ facility }) => facility)).toEqual(['lantern', 'riverbank']);
  });
});
