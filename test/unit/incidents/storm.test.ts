import { describe, expect, it } from 'vitest';
import { StormWatch } from '../../../functions/watch/storm-watch.ts';
import { type Incident, isToldByStorm } from '../../../shared/domain/incident.ts';
import { climb } from '../../../shared/domain/incidents/climb.ts';
import { openAlarm, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import {
  countStorm,
  endStorm,
  gatheredIn,
  joinStorm,
  leaveStorm,
  mayJoin,
  openStorm,
  planStorm,
  reopenStorm,
} from '../../../shared/domain/incidents/storm.ts';
import { packs } from '../../../shared/rule-packs/index.ts';
import { aFacility, floor, MINUTE_MS, NOW } from '../../support/rows.ts';

const AT_LEAST = floor.thresholds.stormAtLeast.value;
const WITHIN_MS = floor.thresholds.stormWithinMs.value;

const silence = (n: number, sinceMs = NOW, over: Partial<Incident> = {}): Incident => ({
  ...openTechnical(
    { rule: 'monitoring-running', subject: 'box/b1', finding: 'breached', reason: 'no-beat', sinceMs },
    aFacility({ id: `n${n}` }),
    floor,
    NOW,
  ),
  ...over,
});
const silences = (count: number, sinceMs = NOW, over: Partial<Incident> = {}): readonly Incident[] =>
  Array.from({ length: count }, (_, n) => silence(n, sinceMs, over));
const published = (incident: Incident, nowMs: number): Incident => {
  const { incident: claimed, claimed: taken } = claimDue(incident, nowMs);
  return markPublished(claimed, taken, nowMs, 'watch');
};
const aStorm = (facilities: number | 'unknown' = 'unknown', children = AT_LEAST): Incident =>
  openStorm('110101', silences(children), facilities, floor, NOW);

describe('silences that are one event', () => {
  it('are as many as the pack says: one fewer are none', () => {
    expect(gatheredIn(silences(AT_LEAST - 1), AT_LEAST, WITHIN_MS)).toEqual([]);
    expect(gatheredIn(silences(AT_LEAST), AT_LEAST, WITHIN_MS)).toHaveLength(AT_LEAST);
  });

  it('began within the time of the pack: one millisecond more and they are none', () => {
    const early = silences(AT_LEAST - 1);
    expect(gatheredIn([...early, silence(99, NOW + WITHIN_MS)], AT_LEAST, WITHIN_MS)).toHaveLength(AT_LEAST);
    expect(gatheredIn([...early, silence(99, NOW + WITHIN_MS + 1)], AT_LEAST, WITHIN_MS)).toEqual([]);
  });

  it('are counted by nursery, whatever the number of its boxes', () => {
    const boxes = Array.from({ length: AT_LEAST }, (_, n) => silence(7, NOW + n));
    expect(gatheredIn(boxes, AT_LEAST, WITHIN_MS)).toEqual([]);
  });

  it('leaves out those that began long before, and takes each in once', () => {
    const trickle = Array.from({ length: 3 * AT_LEAST }, (_, n) => silence(n, NOW + n * 1_000));
    const gathered = gatheredIn([silence(999, NOW - WITHIN_MS - 1), ...trickle], AT_LEAST, WITHIN_MS);
    expect(gathered.map(({ id }) => id)).toEqual(trickle.map(({ id }) => id));
  });

  it('goes on, and nobody was told of it: an alarm, a box that says it is down, and what was told are none', () => {
    const sender = { facilityId: 'n1', box: 'b1', key: 'k', createdMs: NOW, receivedMs: NOW };
    const report = { id: 'r', timeMs: NOW, ageMs: 0, kind: 'panic', confirmed: 'unknown', drill: false } as const;
    const alarm = openAlarm(report, 'digest', sender, aFacility(), floor);
    expect(mayJoin(silence(1))).toBe(true);
    expect(mayJoin(alarm)).toBe(false);
    expect(mayJoin(silence(1, NOW, { reason: 'box-says-down' }))).toBe(false);
    expect(mayJoin(silence(1, NOW, { finding: 'not-shown' }))).toBe(false);
    expect(mayJoin(silence(1, NOW, { state: 'answered' }))).toBe(false);
    expect(mayJoin(published(silence(1), NOW + 5 * MINUTE_MS))).toBe(false);
    expect(joinStorm(alarm, 'storm', NOW).does).toBe('nothing');
    // Whatever an item may say: nothing of an alarm is left to a storm.
    const forged = { ...alarm, storm: 'storm' };
    expect(isToldByStorm(forged)).toBe(false);
    const watched = new StormWatch();
    watched.note(forged);
    expect([...watched.byCounty()]).toEqual([]);
    expect(claimDue(forged, NOW).claimed).toHaveLength(alarm.outbox.length);
    expect(climb(forged, NOW + 60 * MINUTE_MS).reason).not.toBe('told-by-storm');
  });
});

describe('a parent', () => {
  it('says that nearly all are silent from four of five on', () => {
    expect(aStorm(AT_LEAST * 1.25).reason).toBe('nearly-all-silent');
    expect(aStorm(AT_LEAST * 1.25 + 1).reason).toBe('many-silent');
    expect(aStorm('unknown').reason).toBe('many-silent');
  });

  it('is worse at twice as many as those who were told heard of, and not before', () => {
    const told = published(aStorm(1_000), NOW + 5 * MINUTE_MS);
    const almost = countStorm(told, 2 * AT_LEAST - 1, undefined, NOW);
    expect(almost).toMatchObject({ does: 'save', reason: 'counted', incident: { outbox: [] } });
    const worse = countStorm(almost.incident, 2 * AT_LEAST, undefined, NOW).incident;
    expect(worse.outbox.map(({ kind }) => kind)).toEqual(told.published.map(() => 'worsened'));
    expect(countStorm(worse, 4 * AT_LEAST - 1, undefined, NOW)).toMatchObject({ reason: 'counted' });
    // Before anybody was told there is nothing to compare with.
    expect(countStorm(aStorm(1_000), 50 * AT_LEAST, undefined, NOW)).toMatchObject({ reason: 'counted' });
  });

  it('goes on with half of what makes one, and is over with one fewer', () => {
    const storm = aStorm();
    const child = (n: number): Incident => joinStorm(silence(n), storm.id, NOW).incident;
    const half = Array.from({ length: AT_LEAST / 2 }, (_, n) => child(n));
    expect(planStorm(half, [storm], floor, NOW)).toMatchObject({ over: [], leavers: [], silent: AT_LEAST / 2 });
    const fewer = half.slice(1);
    expect(planStorm(fewer, [storm], floor, NOW)).toMatchObject({ over: [{ id: storm.id }], leavers: fewer });
  });

  it('that is gone lets its children go', () => {
    const orphan = joinStorm(silence(1), 'gone', NOW).incident;
    expect(planStorm([orphan], [], floor, NOW).leavers).toEqual([orphan]);
    const left = leaveStorm(orphan, 'gone', floor, NOW + MINUTE_MS).incident;
    expect(left.storm).toBeUndefined();
    expect(left.outbox).toMatchObject([{ kind: 'opened', rung: 0, dueAtMs: NOW + 6 * MINUTE_MS }]);
    expect(left.ladder[1]?.dueAtMs).toBe(NOW + 21 * MINUTE_MS);
  });

  it('is not told again that it goes on to whoever still believes so, and is to whoever heard that it was over', () => {
    const told = published(aStorm(), NOW + 5 * MINUTE_MS);
    const over = endStorm(told, NOW + 6 * MINUTE_MS).incident;
    const unsaid = reopenStorm(over, AT_LEAST, 'back-again', floor, NOW + 7 * MINUTE_MS).incident;
    expect(unsaid.outbox).toEqual([]);
    const said = published(over, NOW + 6 * MINUTE_MS);
    const again = reopenStorm(said, AT_LEAST, 'back-again', floor, NOW + 7 * MINUTE_MS).incident;
    expect(again.outbox.map(({ kind }) => kind)).toEqual(told.published.map(() => 'reopened'));
  });

  it.each(packs.map((pack) => [pack.name, pack] as const))(
    'of %s is told to somebody who acts, and never first to a facility or a town',
    (_, pack) => {
      const { ladder, outbox } = openStorm('110101', silences(AT_LEAST), 'unknown', pack, NOW);
      expect(ladder.map(({ level }) => level).filter((level) => level === 'facility' || level === 'town')).toEqual([]);
      for (const { recipients } of ladder) expect(recipients.some(({ duty }) => duty === 'act')).toBe(true);
      expect(outbox.length).toBeGreaterThan(0);
    },
  );
});
