import { describe, expect, it } from 'vitest';
import type { Incident, Recipient } from '../../../shared/domain/incident.ts';
import { climb } from '../../../shared/domain/incidents/climb.ts';
import { expireAnswer, tellingAgain } from '../../../shared/domain/incidents/expire-answer.ts';
import { type Found, openAlarm, openTechnical } from '../../../shared/domain/incidents/open.ts';
import { claimDue, markPublished, noticeId } from '../../../shared/domain/incidents/outbox.ts';
import { answer, closeByPerson, markFalseAlarm, markSeen, passOn } from '../../../shared/domain/incidents/people.ts';
import { withReceipt } from '../../../shared/domain/incidents/receipts.ts';
import { markUnreachable } from '../../../shared/domain/incidents/unreachable.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

const NOW_MS = at('10:00:00');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OFFICER = 'https://id.example.com|1';
const OTHER = 'https://id.example.com|2';
const HEAD = 'https://id.example.com|3';
const sun = nursery('sun');
const pack = packFor(sun, NOW_MS);

const silence: Found = {
  rule: 'monitoring-running',
  subject: 'box/b1',
  finding: 'breached',
  reason: 'no-beat',
  sinceMs: NOW_MS,
};

const publishDue = (incident: Incident, nowMs: number): Incident => {
  const { incident: read, claimed } = claimDue(incident, nowMs);
  return markPublished(read, claimed, nowMs, 'watch');
};

/** Told to the facility five minutes after it opened. */
const technical = (): Incident => publishDue(openTechnical(silence, sun, pack, NOW_MS), NOW_MS + 5 * MINUTE_MS);

const alarm = (kind: 'panic' | 'test' = 'panic'): Incident =>
  publishDue(
    openAlarm(
      { id: 'press-1', timeMs: NOW_MS, kind, ageMs: 0, confirmed: 'unknown', drill: false },
      'digest',
      { facilityId: 'sun', box: 'b1', key: 'key', createdMs: NOW_MS, receivedMs: NOW_MS },
      sun,
      pack,
    ),
    NOW_MS,
  );

/** With so many rungs above the first entered and told. */
const climbedTimes = (incident: Incident, times: number): Incident =>
  Array.from({ length: times }).reduce<Incident>((one) => {
    const dueMs = one.ladder.find(({ enteredAtMs }) => enteredAtMs === undefined)?.dueAtMs ?? 0;
    return publishDue(climb(one, dueMs).incident, dueMs);
  }, incident);

const again = (incident: Incident, nowMs: number) => tellingAgain(incident, sun, pack, nowMs);
const expire = (incident: Incident, nowMs: number) => expireAnswer(incident, nowMs, again(incident, nowMs));
const owedTo = ({ id, outbox }: Incident) => outbox.map((pending) => noticeId(id, pending).slice(id.length));

describe('an answer', () => {
  const answered = answer(technical(), OFFICER, NOW_MS + 10 * MINUTE_MS).incident;
  const untilMs = NOW_MS + 10 * MINUTE_MS + 2 * HOUR_MS;

  it('holds for the time that was frozen at the opening', () => {
    expect(answered).toMatchObject({ state: 'answered', answerHoldsMs: 2 * HOUR_MS, answerUntilMs: untilMs });
    expect(answered.steps.at(-1)).toMatchObject({ kind: 'answered', by: OFFICER, reason: 'answered' });
  });

  it('of the same person again moves its end alone', () => {
    const renewed = answer(answered, OFFICER, NOW_MS + HOUR_MS);
    expect(renewed).toMatchObject({ does: 'save', reason: 'still-on-it' });
    expect(renewed.incident).toMatchObject({
      answeredAtMs: answered.answeredAtMs,
      answerUntilMs: NOW_MS + 3 * HOUR_MS,
    });
    expect(answer(answered, OFFICER, NOW_MS + 10 * MINUTE_MS)).toMatchObject({
      does: 'nothing',
      reason: 'answered-already',
    });
  });

  it('of another person changes nothing while it holds, and stands once it ran out', () => {
    expect(answer(answered, OTHER, untilMs - 1)).toMatchObject({ does: 'nothing', reason: 'answered-by-another' });
    const taken = answer(answered, OTHER, untilMs).incident;
    expect(taken).toMatchObject({ answeredBy: OTHER, answeredAtMs: untilMs, answerUntilMs: untilMs + 2 * HOUR_MS });
  });

  it('of before answers could expire never does', () => {
    const { answerUntilMs: _until, answerHoldsMs: _holds, ...old } = answered;
    expect(expire(old, NOW_MS + 9_999 * HOUR_MS)).toMatchObject({ does: 'nothing', reason: 'holds-for-good' });
    expect(answer(old, OFFICER, NOW_MS + HOUR_MS).does).toBe('nothing');
    expect(answer(old, OTHER, NOW_MS + HOUR_MS).reason).toBe('answered-by-another');
    const { answerHoldsMs: _none, ...unanswered } = technical();
    expect(answer(unanswered, OFFICER, NOW_MS).incident.answerUntilMs).toBeUndefined();
  });

  it.each([
    ['stops nothing of a panic', 'panic', 'open', 'seen'],
    ['is what a test asks for', 'test', 'answered', 'answered'],
  ] as const)('of the head of the nursery %s', (_, kind, state, step) => {
    const next = answer(alarm(kind), HEAD, NOW_MS, 'facility').incident;
    expect(next.state).toBe(state);
    expect(next.steps.at(-1)).toMatchObject({ kind: step, by: HEAD });
  });

  it('of the head counts for what is technical, and a panic is noted once', () => {
    expect(answer(technical(), HEAD, NOW_MS, 'facility').incident).toMatchObject({
      state: 'answered',
      answeredBy: HEAD,
    });
    const seen = answer(alarm(), HEAD, NOW_MS, 'facility').incident;
    expect(answer(seen, HEAD, NOW_MS, 'facility')).toMatchObject({ does: 'nothing', reason: 'seen-already' });
    expect(markSeen(seen, OFFICER, NOW_MS)).toMatchObject({ does: 'save' });
    expect(climb(seen, NOW_MS + 5 * MINUTE_MS).does).toBe('save');
  });
});

describe('an answer that nothing followed', () => {
  const answered = answer(technical(), OFFICER, NOW_MS + 6 * MINUTE_MS).incident;
  const untilMs = NOW_MS + 6 * MINUTE_MS + 2 * HOUR_MS;

  it('expires at its instant, not a millisecond earlier', () => {
    expect(expire(answered, untilMs - 1)).toMatchObject({ does: 'nothing', reason: 'holds-still' });
    expect(expire(technical(), untilMs)).toMatchObject({ does: 'nothing', reason: 'open' });
    const expired = expire(answered, untilMs);
    expect(expired).toMatchObject({ does: 'save', reason: 'answer-expired' });
    expect(expired.incident.state).toBe('open');
    for (const gone of ['answeredBy', 'answeredAtMs', 'answerUntilMs'])
      expect(expired.incident).not.toHaveProperty(gone);
  });

  it('tells those who have to act, and the next rungs count from then with their spacing', () => {
    const expired = expire(answered, untilMs).incident;
    expect(owedTo(expired)).toEqual(['/0/facility/expired']);
    const minutes = expired.ladder.map(({ dueAtMs }) => (dueAtMs - NOW_MS) / MINUTE_MS);
    expect(minutes).toEqual([5, 126 + 15, 126 + 45, 126 + 120]);
    const twice = expire(answer(publishDue(expired, untilMs), OTHER, untilMs).incident, untilMs + 2 * HOUR_MS);
    expect(owedTo(twice.incident)).toEqual(['/0/facility/expired/2']);
    expect(twice.incident.ladder.map(({ dueAtMs }) => (dueAtMs - NOW_MS) / MINUTE_MS)).toEqual([5, 261, 291, 366]);
  });

  it('tells each department once, at the highest rung that it is on, and no copy', () => {
    const panic = climbedTimes(alarm(), 2);
    const expired = expire(answer(panic, OFFICER, NOW_MS + HOUR_MS).incident, NOW_MS + 3 * HOUR_MS).incident;
    expect(owedTo(expired).sort()).toEqual([
      '/2/emergency/expired',
      '/2/fire/expired',
      '/2/health/expired',
      '/2/police/expired',
    ]);
    expect(expired.ladder.at(3)?.dueAtMs).toBe(NOW_MS + 3 * HOUR_MS + 5 * MINUTE_MS);
  });

  it('tells nobody twice for whom a notice is owed anyway', () => {
    const early = answer(openTechnical(silence, sun, pack, NOW_MS), OFFICER, NOW_MS).incident;
    const waiting = { ...early, outbox: early.outbox.map((one) => ({ ...one, dueAtMs: NOW_MS + 9 * HOUR_MS })) };
    expect(owedTo(expire(waiting, NOW_MS + 2 * HOUR_MS).incident)).toEqual(['/0/facility/opened']);
  });

  it('waits for the hours of what is told in office hours', () => {
    const found: Found = { ...silence, rule: 'retention-held', subject: 'camera/c1', reason: 'recorder-keeps-less' };
    const friday = at('16:30:00', '2026-03-06');
    const evening = friday + 2 * HOUR_MS;
    const incident = publishDue(openTechnical({ ...found, sinceMs: friday }, sun, pack, friday), friday + HOUR_MS);
    const expired = expire(answer(incident, OFFICER, friday).incident, evening).incident;
    const dueMs = expired.outbox.map(({ dueAtMs }) => dueAtMs);
    expect(dueMs).toHaveLength(1);
    expect(dueMs[0]).toBeGreaterThan(at('23:59:59', '2026-03-08'));
    expect(expired.ladder.find(({ enteredAtMs }) => enteredAtMs === undefined)?.dueAtMs).toBeGreaterThan(dueMs[0] ?? 0);
  });

  it('at the top adds one rung more, of those who act, up to ten', () => {
    let incident = climbedTimes(alarm(), 3);
    expect(climb(incident, NOW_MS + HOUR_MS).reason).toBe('top-reached');
    for (let rungs = 5; rungs <= 12; rungs += 1) {
      const nowMs = NOW_MS + rungs * 3 * HOUR_MS;
      const expired = expire(answer(incident, OFFICER, nowMs - 2 * HOUR_MS).incident, nowMs).incident;
      expect(expired.ladder).toHaveLength(Math.min(rungs, 10));
      expect(owedTo(expired)).toHaveLength(4);
      if (rungs <= 10) {
        expect(expired.ladder.at(-1)).toMatchObject({ level: 'city', dueAtMs: nowMs + 5 * MINUTE_MS });
        expect(expired.ladder.at(-1)?.recipients.every(({ duty }) => duty === 'act')).toBe(true);
      }
      incident = climbedTimes(publishDue(expired, nowMs), rungs <= 10 ? 1 : 0);
    }
  });

  it('at the top of what is technical waits as the city waited for the district', () => {
    const top = climbedTimes(technical(), 3);
    const nowMs = NOW_MS + 10 * HOUR_MS;
    const expired = expire(answer(top, OFFICER, nowMs - 2 * HOUR_MS).incident, nowMs).incident;
    expect(expired.ladder.map(({ level }) => level)).toEqual(['facility', 'town', 'district', 'city', 'city']);
    expect(expired.ladder.at(-1)?.dueAtMs).toBe(nowMs + 75 * MINUTE_MS);
  });

  it('adds no rung that the head has no room for', () => {
    const many = Array.from(
      { length: 60 },
      (_, n): Recipient => ({ department: `department-${n}`, topic: 'supervision', duty: 'act' }),
    );
    const wide = {
      ...alarm(),
      outbox: [],
      ladder: [{ level: 'city', dueAtMs: 0, enteredAtMs: 0, recipients: many }],
    } as const;
    const expired = expire(answer(wide, OFFICER, NOW_MS).incident, NOW_MS + 2 * HOUR_MS).incident;
    expect(expired.ladder).toHaveLength(1);
    expect(expired.outbox).toHaveLength(60);
  });

  it('of a part of a storm is noted; the storm tells of it', () => {
    const part = { ...answered, storm: 'parent' };
    const expired = expire(part, untilMs).incident;
    expect(expired).toMatchObject({ state: 'open', outbox: [] });
    expect(expired.steps.at(-1)).toMatchObject({ kind: 'no-notice', reason: 'told-by-storm parent' });
    expect(climb(expired, untilMs + 9 * HOUR_MS)).toMatchObject({ does: 'nothing', reason: 'told-by-storm' });
  });
});

describe('who cannot see to it', () => {
  const nowMs = NOW_MS + 7 * MINUTE_MS;
  const dues = ({ ladder }: Incident) => ladder.map(({ dueAtMs }) => (dueAtMs - NOW_MS) / MINUTE_MS);

  it('makes the next rung due now, and leaves those above', () => {
    const passed = passOn(technical(), HEAD, nowMs).incident;
    expect(dues(passed)).toEqual([5, 7, 50, 125]);
    expect(passed.steps.at(-1)).toMatchObject({ kind: 'passed-on', by: HEAD, reason: 'next town' });
    expect(dues(passOn(alarm(), OFFICER, nowMs).incident)).toEqual([0, 5, 10, 15]);
    expect(dues(passOn(alarm(), OFFICER, NOW_MS + MINUTE_MS).incident)).toEqual([0, 1, 10, 15]);
  });

  it('counts once per rung, and not for a rung above which it has climbed', () => {
    const passed = passOn(technical(), HEAD, nowMs).incident;
    expect(passOn(passed, HEAD, nowMs + 1)).toMatchObject({ does: 'nothing', reason: 'passed-on-already' });
    const climbed = climb(passed, nowMs).incident;
    const late = passOn(climbed, OTHER, nowMs + 1, 0).incident;
    expect(late.ladder).toEqual(climbed.ladder);
    expect(late.steps.at(-1)?.reason).toBe('climbed-already');
    expect(dues(passOn(climbed, OTHER, nowMs + MINUTE_MS, 1).incident)).toEqual([5, 7, 8, 125]);
  });

  it('gives back the own answer; that of somebody else stands', () => {
    const answered = answer(technical(), OFFICER, nowMs).incident;
    const back = passOn(answered, OFFICER, nowMs + 1).incident;
    expect(back.state).toBe('open');
    expect(back).not.toHaveProperty('answeredBy');
    expect(back.ladder[1]?.dueAtMs).toBe(nowMs + 1);
    const stands = passOn(answered, OTHER, nowMs + 1).incident;
    expect(stands).toMatchObject({ state: 'answered', answeredBy: OFFICER, ladder: answered.ladder });
  });

  it('at the top is noted, and of a closed one changes nothing', () => {
    expect(passOn(climbedTimes(technical(), 3), OTHER, NOW_MS + HOUR_MS * 3).incident.steps.at(-1)?.reason).toBe(
      'top-reached',
    );
    const closed = closeByPerson(technical(), OFFICER, 'handled', nowMs).incident;
    expect(passOn(closed, OTHER, nowMs).reason).toBe('closed-already');
    expect(markSeen(closed, OTHER, nowMs).reason).toBe('closed-already');
    expect(markUnreachable(closed, 'facility', nowMs).reason).toBe('closed-already');
  });
});

const never = (): never => {
  throw new Error('there is none');
};

describe('who cannot be reached', () => {
  const nowMs = NOW_MS + 6 * MINUTE_MS;

  it('is climbed past at once, when there is nobody else who would act', () => {
    const unreached = markUnreachable(technical(), 'facility', nowMs);
    expect(unreached.incident).toMatchObject({ unreachable: ['facility'] });
    expect(climb(unreached.incident, nowMs)).toMatchObject({ does: 'save' });
    expect(climb(technical(), nowMs).does).toBe('nothing');
    expect(markUnreachable(unreached.incident, 'facility', nowMs)).toMatchObject({
      does: 'nothing',
      reason: 'unreachable-already',
    });
  });

  it('is waited for as long as somebody else can be told', () => {
    const top = climbedTimes(technical(), 2);
    const recipients = [
      ...(top.ladder[2]?.recipients ?? []),
      { department: 'health', topic: 'health', duty: 'act' },
    ] as const;
    const two = { ...top, ladder: top.ladder.with(2, { ...top.ladder[2], recipients } as (typeof top.ladder)[number]) };
    const laterMs = NOW_MS + 60 * MINUTE_MS;
    const mark = (incident: Incident, department: string) => markUnreachable(incident, department, laterMs).incident;
    const most = ['facility', 'town', 'district_gov'].reduce(mark, two);
    expect(climb(most, laterMs).does).toBe('nothing');
    expect(climb(mark(most, 'health'), laterMs).does).toBe('save');
  });

  it('known from a rung below: the next but one is due at once too', () => {
    const known = ['facility', 'town'].reduce(
      (one, department) => markUnreachable(one, department, nowMs).incident,
      technical(),
    );
    const climbed = climb(known, nowMs).incident;
    expect(climbed.ladder.map(({ dueAtMs }) => (dueAtMs - NOW_MS) / MINUTE_MS)).toEqual([5, 6, 6, 125]);
  });

  it('is waited for again once a notice has reached somebody there; what was noted before proves nothing', () => {
    const told = technical();
    const [{ rung, department, kind } = never()] = told.published;
    const receipt = (incident: Incident) =>
      withReceipt(incident, { rung, department, kind }, { deliveredAtMs: nowMs }, 'deliver-notices');
    const unreached = markUnreachable(markUnreachable(told, 'town', nowMs).incident, department, nowMs).incident;
    expect(receipt(unreached).unreachable).toEqual(['town']);
    expect('unreachable' in receipt(markUnreachable(told, department, nowMs).incident)).toBe(false);
    const since = markUnreachable(receipt(told), department, nowMs).incident;
    expect(receipt(since)).toBe(since);
  });

  it('after an answer that expired is climbed past at once again', () => {
    const unreached = markUnreachable(answer(technical(), OFFICER, nowMs).incident, 'facility', nowMs).incident;
    const untilMs = nowMs + 2 * HOUR_MS;
    expect(expire(unreached, untilMs).incident.ladder[1]?.dueAtMs).toBe(untilMs);
  });

  it('of life safety changes no repeat: everybody was told at once', () => {
    const departments = ['health', 'police', 'emergency', 'fire'];
    const all = departments.reduce((one, department) => markUnreachable(one, department, NOW_MS).incident, alarm());
    expect(all.unreachable).toEqual(departments);
    expect(all.ladder).toEqual(alarm().ladder);
  });
});

describe('an alarm', () => {
  it('is told of by no storm, whatever its item says: its answer that ran out is told', () => {
    const answered = { ...answer(alarm(), OFFICER, NOW_MS).incident, storm: 'division-321202~storm' };
    const expired = expire(answered, NOW_MS + 2 * HOUR_MS).incident;
    expect(expired.state).toBe('open');
    expect(owedTo(expired).length).toBeGreaterThan(2);
  });
});

describe('an alarm that is called false', () => {
  it('stays open, and every notice still goes out', () => {
    const marked = markFalseAlarm(alarm(), HEAD, 'pressed-by-mistake', NOW_MS + 1).incident;
    expect(marked).toMatchObject({
      state: 'open',
      falseAlarm: { by: HEAD, atMs: NOW_MS + 1, code: 'pressed-by-mistake' },
      ladder: alarm().ladder,
    });
    expect(climb(marked, NOW_MS + 5 * MINUTE_MS).does).toBe('save');
    expect(markFalseAlarm(marked, HEAD, 'pressed-by-mistake', NOW_MS + 2)).toMatchObject({ reason: 'marked-already' });
    expect(markFalseAlarm(marked, HEAD, 'steam-or-dust', NOW_MS + 2).incident.falseAlarm?.code).toBe('steam-or-dust');
  });

  it('is an alarm, and one that is not closed', () => {
    expect(markFalseAlarm(technical(), HEAD, 'device-fault', NOW_MS).reason).toBe('no-alarm');
    const closed = closeByPerson(alarm(), OFFICER, 'handled', NOW_MS).incident;
    expect(markFalseAlarm(closed, HEAD, 'device-fault', NOW_MS).reason).toBe('closed-already');
  });
});
