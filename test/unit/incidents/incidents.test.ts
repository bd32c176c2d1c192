import { describe, expect, it } from 'vitest';
import { type Incident, LARGEST_INCIDENT_BYTES } from '../../../shared/domain/incident.ts';
import { mayArchive } from '../../../shared/domain/incidents/archive.ts';
import { climb } from '../../../shared/domain/incidents/climb.ts';
import { closeBySweep, endBreach } from '../../../shared/domain/incidents/end.ts';
import { incidentOf, incidentOfEnded, join } from '../../../shared/domain/incidents/join.ts';
import { type Found, openEnded, openTechnical } from '../../../shared/domain/incidents/open.ts';
import {
  claimDue,
  dueNotices,
  markFailed,
  markPublished,
  noticeId,
  owe,
  retryAfterMs,
} from '../../../shared/domain/incidents/outbox.ts';
import { answer, closeByPerson } from '../../../shared/domain/incidents/people.ts';
import { trimSteps, withStep } from '../../../shared/domain/incidents/steps.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

const NOW_MS = at('10:00:00');
const MINUTE_MS = 60_000;
const OFFICER = 'https://id.example.com|1';
const sun = nursery('sun');
const pack = packFor(sun, NOW_MS);

const silence: Found = {
  rule: 'monitoring-running',
  subject: 'box/b1',
  finding: 'breached',
  reason: 'no-beat',
  sinceMs: NOW_MS - 30_000,
};
const opened = (over: Partial<Found> = {}): Incident => openTechnical({ ...silence, ...over }, sun, pack, NOW_MS);

/** As it is once its first notice was published, five minutes after it opened. */
const toldIncident = (): Incident => {
  const { incident, claimed } = claimDue(opened(), NOW_MS + 5 * MINUTE_MS);
  return markPublished(incident, claimed, NOW_MS + 5 * MINUTE_MS, 'watch');
};

describe('opening', () => {
  it('puts the first notice into the outbox for the time of telling, and freezes the ladder', () => {
    const incident = opened();
    expect(incident.id).toBe(`sun~monitoring-running~box.b1~${NOW_MS - 30_000}`);
    expect(incident.ladder.map(({ level, dueAtMs }) => [level, (dueAtMs - NOW_MS) / MINUTE_MS])).toEqual([
      ['facility', 5],
      ['town', 20],
      ['district', 50],
      ['city', 125],
    ]);
    expect(incident.outbox).toMatchObject([{ rung: 0, kind: 'opened', dueAtMs: NOW_MS + 5 * MINUTE_MS, attempts: 0 }]);
    expect(incident).toMatchObject({ pack: 'taizhou@1', dutySource: 'tz-3-2-5', routingSource: 'tz-3-2-5' });
  });

  it('of a nursery in commissioning tells only those who bring it into service', () => {
    const facility = nursery('sun', { state: { is: 'commissioning' } });
    const { ladder } = openTechnical({ ...silence, rule: 'connected', subject: 'facility' }, facility, pack, NOW_MS);
    expect(ladder.flatMap(({ recipients }) => recipients.map(({ topic }) => topic))).toEqual(['supervision']);
  });

  it('of a breach that is over tells nobody, and says so', () => {
    const incident = openEnded({ ...silence, endedAtMs: NOW_MS - 1 }, sun, pack, NOW_MS);
    expect(incident).toMatchObject({ state: 'closed', outbox: [], endedAtMs: NOW_MS - 1 });
    expect(incident.steps.map(({ kind }) => kind)).toEqual(['opened', 'ended', 'no-notice', 'closed']);
    expect(incident.id).toBe(opened().id);
  });
});

describe('the outbox', () => {
  it('owes a notice from its instant on, not a millisecond earlier', () => {
    expect(dueNotices(opened(), NOW_MS + 5 * MINUTE_MS - 1)).toEqual([]);
    expect(dueNotices(opened(), NOW_MS + 5 * MINUTE_MS)).toHaveLength(1);
  });

  it('claims what is due once: the second sweep finds nothing', () => {
    const first = claimDue(opened(), NOW_MS + 5 * MINUTE_MS);
    expect(first.claimed).toHaveLength(1);
    expect(claimDue(first.incident, NOW_MS + 5 * MINUTE_MS).claimed).toEqual([]);
    expect(claimDue(first.incident, NOW_MS + 5 * MINUTE_MS + 5_000).claimed).toMatchObject([{ attempts: 2 }]);
  });

  it('tries again after 5 s, doubled, at most after 5 minutes', () => {
    expect([1, 2, 3, 6, 7, 8, 1_000].map((attempts) => retryAfterMs(attempts) / 1_000)).toEqual([
      5, 10, 20, 160, 300, 300, 300,
    ]);
  });

  it('moves what was taken, once, and notes what was refused, once', () => {
    const { incident, claimed } = claimDue(opened(), NOW_MS + 5 * MINUTE_MS);
    const published = markPublished(incident, claimed, NOW_MS, 'watch');
    expect(published.outbox).toEqual([]);
    expect(published.published).toMatchObject([{ department: 'facility', kind: 'opened' }]);
    expect(markPublished(published, claimed, NOW_MS, 'watch')).toBe(published);
    const failed = markFailed(incident, claimed, NOW_MS, 'watch');
    expect(failed.steps.at(-1)).toMatchObject({ kind: 'notice-failed' });
    const again = claimDue(failed, NOW_MS + 10 * MINUTE_MS);
    expect(markFailed(again.incident, again.claimed, NOW_MS, 'watch')).toBe(again.incident);
  });

  it('numbers a notice that comes again, so that its id is another one', () => {
    const recipient = { department: 'facility', topic: 'facility', duty: 'act' } as const;
    const again = owe(toldIncident(), [{ rung: 0, recipient }], 'opened', NOW_MS, NOW_MS);
    const [pending] = again.outbox;
    expect(pending && noticeId(again.id, pending)).toBe(`${again.id}/0/facility/opened/2`);
  });

  it('of a technical incident holds sixteen, acting departments first, and says who was left out', () => {
    const many = Array.from({ length: 20 }, (_, n) => ({
      rung: 1,
      recipient: { department: `d${n}`, topic: 'supervision', duty: n < 10 ? 'copy' : 'act' } as const,
    }));
    const full = owe({ ...opened(), outbox: [] }, many, 'climbed', NOW_MS, NOW_MS);
    expect(full.outbox).toHaveLength(16);
    expect(full.outbox.filter(({ recipient }) => recipient.duty === 'act')).toHaveLength(10);
    expect(full.steps.at(-1)).toMatchObject({ kind: 'no-notice', reason: 'outbox-full climbed: d6 d7 d8 d9' });
  });
});

describe('climbing', () => {
  it('enters a rung at its instant while nobody answers', () => {
    const incident = toldIncident();
    expect(climb(incident, NOW_MS + 20 * MINUTE_MS - 1)).toMatchObject({ does: 'nothing', reason: 'not-due' });
    const climbed = climb(incident, NOW_MS + 20 * MINUTE_MS);
    expect(climbed).toMatchObject({ does: 'save', reason: 'no-answer' });
    expect(climbed.incident.outbox).toMatchObject([{ rung: 1, kind: 'climbed', recipient: { department: 'town' } }]);
  });

  it('enters one rung at a time, however late we are', () => {
    const late = climb(toldIncident(), NOW_MS + 600 * MINUTE_MS).incident;
    expect(late.ladder.filter(({ enteredAtMs }) => enteredAtMs !== undefined)).toHaveLength(2);
  });

  it('waits until those below were told, or at least tried', () => {
    expect(climb(opened(), NOW_MS + 20 * MINUTE_MS)).toMatchObject({ does: 'nothing', reason: 'not-told-below' });
    const tried = claimDue(opened(), NOW_MS + 20 * MINUTE_MS).incident;
    expect(climb(tried, NOW_MS + 20 * MINUTE_MS)).toMatchObject({ does: 'save', reason: 'no-answer' });
  });

  it('stops when somebody answers, and at the top', () => {
    const answered = answer(toldIncident(), OFFICER, NOW_MS + 6 * MINUTE_MS).incident;
    expect(climb(answered, NOW_MS + 600 * MINUTE_MS)).toMatchObject({ does: 'nothing', reason: 'answered' });
    const top = [1, 2, 3].reduce((one) => {
      const nowMs = NOW_MS + 600 * MINUTE_MS;
      return claimDue(climb(one, nowMs).incident, nowMs).incident;
    }, toldIncident());
    expect(climb(top, NOW_MS + 900 * MINUTE_MS)).toMatchObject({ does: 'nothing', reason: 'top-reached' });
  });
});

describe('people', () => {
  it('the first answer stands', () => {
    const answered = answer(opened(), OFFICER, NOW_MS).incident;
    expect(answered).toMatchObject({ state: 'answered', answeredBy: OFFICER, answeredAtMs: NOW_MS });
    expect(answer(answered, OFFICER, NOW_MS)).toMatchObject({ does: 'nothing', reason: 'answered-already' });
    expect(answer(answered, 'https://id.example.com|2', NOW_MS)).toMatchObject({ reason: 'answered-by-another' });
  });

  it('a closed one is neither answered nor closed again', () => {
    const closed = closeByPerson(opened(), OFFICER, 'handled', NOW_MS).incident;
    expect(closed).toMatchObject({ state: 'closed', closeReason: 'handled', outbox: [] });
    expect(answer(closed, OFFICER, NOW_MS).reason).toBe('closed-already');
    expect(closeByPerson(closed, OFFICER, 'handled', NOW_MS).reason).toBe('closed-already');
  });
});

describe('joining', () => {
  const flapMs = pack.thresholds.flapMs.value;
  const closedAt = (endedAtMs: number) => closeBySweep(opened(), 'met-again', endedAtMs, NOW_MS + 60_000).incident;

  it('finds the incident of its id, else an open one, else one that ended within the flap time', () => {
    const later = { ...silence, sinceMs: NOW_MS + 60_000 + flapMs };
    expect(incidentOf(silence, opened().id, [opened()], flapMs)?.id).toBe(opened().id);
    expect(incidentOf(later, 'another', [opened()], flapMs)?.id).toBe(opened().id);
    expect(incidentOf(later, 'another', [closedAt(NOW_MS + 60_000)], flapMs)?.id).toBe(opened().id);
    expect(incidentOf(later, 'another', [closedAt(NOW_MS + 59_999)], flapMs)).toBeUndefined();
    expect(incidentOf({ ...later, subject: 'box/b2' }, 'another', [opened()], flapMs)).toBeUndefined();
  });

  it('not shown, then breached: worse, under the same id and instant', () => {
    const unknown = opened({ finding: 'not-shown', reason: 'box-does-not-know' });
    const worse = join(unknown, silence, sun, pack, NOW_MS + 1_000);
    expect(worse).toMatchObject({ does: 'save', reason: 'worsened' });
    expect(worse.incident).toMatchObject({ id: unknown.id, finding: 'breached', reason: 'no-beat' });
    expect(join(worse.incident, { ...silence, finding: 'not-shown' }, sun, pack, NOW_MS + 2_000).reason).toBe(
      'open-already',
    );
  });

  it('a look older than the last step changes nothing', () => {
    const closed = closedAt(NOW_MS + 1);
    expect(join(closed, silence, sun, pack, NOW_MS + 59_999)).toMatchObject({
      does: 'nothing',
      reason: 'looked-too-early',
    });
    expect(closeBySweep(toldIncident(), 'met-again', NOW_MS, NOW_MS + 1).reason).toBe('looked-too-early');
  });

  it('reopened: rungs that were not entered count from the new telling', () => {
    const over = claimDue(
      closeBySweep(toldIncident(), 'met-again', NOW_MS, NOW_MS + 6 * MINUTE_MS).incident,
      NOW_MS + 6 * MINUTE_MS,
    );
    const closed = markPublished(over.incident, over.claimed, NOW_MS + 6 * MINUTE_MS, 'watch');
    const back = join(closed, silence, sun, pack, NOW_MS + 10 * MINUTE_MS).incident;
    expect(back).toMatchObject({ state: 'open' });
    expect(back.closedAtMs).toBeUndefined();
    expect(back.endedAtMs).toBeUndefined();
    expect(back.ladder.map(({ dueAtMs }) => (dueAtMs - NOW_MS) / MINUTE_MS)).toEqual([5, 30, 60, 135]);
    expect(back.outbox).toMatchObject([{ kind: 'reopened', dueAtMs: NOW_MS + 15 * MINUTE_MS }]);
  });

  it('a breach that is over ends its incident once, also after it was reopened', () => {
    const over = { ...silence, endedAtMs: NOW_MS + MINUTE_MS };
    expect(incidentOfEnded(over, opened().id, [opened()], flapMs)?.id).toBe(opened().id);
    const ended = endBreach(opened(), over, NOW_MS + 2 * MINUTE_MS).incident;
    expect(ended).toMatchObject({ state: 'closed', endedAtMs: over.endedAtMs });
    const back = join(
      ended,
      { ...silence, sinceMs: NOW_MS + 3 * MINUTE_MS },
      sun,
      pack,
      NOW_MS + 3 * MINUTE_MS,
    ).incident;
    expect(endBreach(back, over, NOW_MS + 4 * MINUTE_MS)).toMatchObject({ does: 'nothing', reason: 'settled-already' });
  });
});

describe('steps', () => {
  const long = Array.from({ length: 12 }).reduce<Incident>(
    (incident) => withStep(incident, NOW_MS, 'climbed', 'watch', 'no-answer'),
    opened(),
  );

  it('keeps the last ten, and names those that must be in the records first', () => {
    const { incident, flush } = trimSteps(long, long);
    expect(flush.map(({ n }) => n)).toEqual([0, 1, 2]);
    expect(incident.steps.map(({ n }) => n)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('keeps fewer where the head would be over 8 KB, and always the last, which numbers the next', () => {
    const heavy = (publishedCount: number): Incident => ({
      ...long,
      published: Array.from({ length: publishedCount }, () => ({
        rung: 0,
        department: 'health-commission',
        topic: 'health' as const,
        kind: 'opened' as const,
        publishedAtMs: NOW_MS,
      })),
    });
    const { incident, flush } = trimSteps(heavy(60), heavy(60));
    expect(JSON.stringify(incident).length).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
    expect(incident.steps.length).toBeGreaterThan(1);
    expect(incident.steps.length).toBeLessThan(10);
    expect([...flush, ...incident.steps].map(({ n }) => n)).toEqual(long.steps.map(({ n }) => n));
    expect(trimSteps(heavy(200), heavy(200)).incident.steps.map(({ n }) => n)).toEqual([12]);
  });

  it('drops repeats of a lower rung first, oldest first and no more than needed, and no other notice', () => {
    const repeat = (rung: number, kind: 'climbed' | 'reopened', department = 'health-commission') => ({
      rung,
      department,
      topic: 'health' as const,
      kind,
      publishedAtMs: NOW_MS + rung,
    });
    const only = repeat(0, 'climbed', 'police');
    const [again, last] = [repeat(0, 'reopened'), repeat(59, 'climbed')];
    const published = [only, again, ...Array.from({ length: 59 }, (_, rung) => repeat(rung, 'climbed')), last];
    const { incident } = trimSteps({ ...long, published }, { ...long, published });
    const bytes = JSON.stringify(incident).length;
    expect(bytes).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
    expect(bytes).toBeGreaterThan(LARGEST_INCIDENT_BYTES - 150);
    expect(incident.steps).toHaveLength(10);
    expect(incident.published.slice(0, 2)).toEqual([only, again]);
    expect(incident.published.slice(2)).toEqual(published.slice(-(incident.published.length - 2)));
    const few = { ...long, published: published.slice(0, 8) };
    expect(trimSteps(few, few).incident.published).toEqual(few.published);
  });

  it('trims none that was not stored yet: its decision may still lose its race', () => {
    const { incident, flush } = trimSteps(opened(), long);
    expect(flush.map(({ n }) => n)).toEqual([0]);
    expect(incident.steps).toHaveLength(12);
  });
});

describe('archiving', () => {
  const closed = closeByPerson(opened(), OFFICER, 'handled', NOW_MS).incident;

  it('waits for the flap time and 15 minutes, and for what is owed', () => {
    const rest = 15 * MINUTE_MS;
    expect(mayArchive(opened(), NOW_MS + rest, 0)).toBe('not-closed');
    expect(mayArchive(closed, NOW_MS + rest - 1, 0)).toBe('may-come-back');
    expect(mayArchive(closed, NOW_MS + rest, 0)).toBe('yes');
    expect(mayArchive(closed, NOW_MS + rest, rest + 1)).toBe('may-come-back');
    expect(mayArchive({ ...closed, outbox: opened().outbox }, NOW_MS + rest, 0)).toBe('notices-owed');
  });
});
