import { describe, expect, it } from 'vitest';
import { makeWatch } from '../../functions/watch/watch.ts';
import { CANARY, divisionAsFacility, type Incident } from '../../shared/domain/incident.ts';
import { answer, closeByPerson } from '../../shared/domain/incidents/people.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { failAt, failing } from '../support/memory-stores.ts';
import { at, Timeline } from '../support/timeline.ts';

const OFFICER = 'https://login.example.com|officer-1';
const always = { fromMs: 0, toMs: 1e13 };

/** A panic button at 10:00, answered and closed by an officer at 10:05; the sweep archives it when its time is over. */
const aPanic = async () => {
  const day = new Timeline(at('10:00:00'));
  await day.register('sun');
  await day.beat('sun');
  await day.alarm('sun');
  await day.minutes(5, ['sun']);
  const [{ id }] = day.incidents() as [Incident];
  await changeIncident(day.kept, id, (read) => answer(read, OFFICER, day.nowMs));
  await changeIncident(day.kept, id, (read) => closeByPerson(read, OFFICER, 'handled', day.nowMs));
  return { day, id };
};

const bodies = async (day: Timeline) =>
  (await day.evidence.within('sun', always)).map(({ kind, id, receivedAtMs, content }) => ({
    kind,
    id,
    receivedAtMs,
    body: JSON.parse(Buffer.from(content.body ?? []).toString()),
  }));

describe('a closed incident', () => {
  it('is kept for the seal of the day on which it is archived, and names nobody', async () => {
    const { day, id } = await aPanic();
    expect(await bodies(day)).toEqual([]);
    await day.minutes(40, ['sun']);
    expect(day.incidents()).toEqual([]);
    const [record, ...others] = await bodies(day);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      kind: 'incident',
      // The leaf goes out with every bundle: it says of what kind, not what it was about.
      id: expect.stringMatching(/^[\w-]{22}$/),
      body: {
        incident: id,
        rule: 'alarm',
        opened: new Date(at('10:00:00')).toISOString(),
        closed: new Date(at('10:05:00')).toISOString(),
        closeReason: 'handled',
        alarm: { kind: 'panic', box: 'b1' },
      },
    });
    expect(record?.receivedAtMs).toBeGreaterThan(at('10:05:00'));
    const told = record?.body.told.map(({ department }: { department: string }) => department);
    expect(new Set(told)).toEqual(new Set(['facility', 'police', 'fire', 'emergency', 'health']));
    expect(JSON.stringify(record)).not.toContain('officer-1');
  });

  it('says by a salted id who answered, if the answer still stood', async () => {
    const { day, id } = await aPanic();
    const closed = day.kept.incidents.live.get(id) as Incident;
    await day.keepIncident()({ ...closed, answeredBy: OFFICER, answeredAtMs: at('10:05:00') }, day.nowMs);
    const [record] = await bodies(day);
    expect(record?.body.answered).toEqual({
      at: new Date(at('10:05:00')).toISOString(),
      by: { person: expect.stringMatching(/^[\w-]{22}$/) },
    });
  });

  it('stays live while it cannot be kept, and is told twice and alike if the sweep dies behind its put', async () => {
    for (const when of ['before', 'after'] as const) {
      const { day, id } = await aPanic();
      const plan = failAt({ at: 1, when });
      const keepIncident = day.keepIncident(failing(day.evidence, plan));
      const troubles: string[] = [];
      const sweep = makeWatch(day.watching({ keepIncident, tell: (_what, about) => troubles.push(about) }));
      while (!plan.fired) {
        day.nowMs += 60_000;
        await sweep();
      }
      expect(troubles).toEqual([id]);
      expect(day.kept.incidents.live.has(id)).toBe(true);
      expect(day.kept.records.kept.archived.size).toBe(0);
      await day.minutes(2, ['sun']);
      expect(day.kept.incidents.live.has(id)).toBe(false);
      const kept = await bodies(day);
      expect(kept).toHaveLength(when === 'before' ? 1 : 2);
      expect(new Set(kept.map(({ id: leaf, body }) => JSON.stringify([leaf, body]))).size).toBe(1);
    }
  });

  it('of the canary or of a whole division is in no log of a nursery', async () => {
    const { day, id } = await aPanic();
    const closed = day.kept.incidents.live.get(id) as Incident;
    for (const facilityId of [CANARY, divisionAsFacility('3212')]) {
      await day.keepIncident()({ ...closed, facilityId }, day.nowMs);
    }
    expect(day.evidence.kept.size).toBe(0);
  });
});
