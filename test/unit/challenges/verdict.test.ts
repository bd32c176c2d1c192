import { describe, expect, it } from 'vitest';
import { challengesAsOf } from '../../../shared/domain/challenges/as-of.ts';
import type { Challenge } from '../../../shared/domain/challenges/challenge.ts';
import { usualPolicy } from '../../../shared/domain/challenges/policy.ts';
import { type HeardAnswer, outcomeOf, takeAnswer } from '../../../shared/domain/challenges/settle.ts';
import { judgeChallenges, type Sealed } from '../../../shared/domain/challenges/verdict.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { readChallenges, statedOf } from '../../../shared/evidence/stated-challenges.ts';

const askedAtMs = Date.parse('2026-11-22T18:00:00Z');
const answerByMs = askedAtMs + DAY_MS;
const policy = usualPolicy(90);
const all: Sealed = { owed: 1_000, sealed: 1_000, presenceOnly: 0 };

const asked = (over: Partial<Challenge> = {}): Challenge => ({
  id: 'q-1',
  camera: 'cam-1',
  hourMs: askedAtMs - 85 * DAY_MS,
  stratum: 'oldest',
  stability: 'byte-stable',
  askedAtMs,
  answerByMs,
  ...over,
});
const answered = (is: 'held' | 'mismatch' | 'not-found' | 'present', over: Partial<Challenge> = {}): Challenge =>
  asked({ answer: { is, atMs: askedAtMs + HOUR_MS }, ...over });
const shown: HeardAnswer = { id: 'q-1', is: 'shown', matches: true };

const hearing = (challenge: Challenge, heard: HeardAnswer, nowMs = askedAtMs + HOUR_MS): Challenge => {
  const taken = takeAnswer(challenge, heard, nowMs);
  if (!taken.taken) throw new Error(taken.reason);
  return taken.challenge;
};

describe('what became of a challenge', () => {
  it('is open one millisecond before its deadline and unanswered at it', () => {
    expect(outcomeOf(asked(), answerByMs - 1)).toEqual({ is: 'open' });
    expect(outcomeOf(asked(), answerByMs)).toEqual({ is: 'unanswered', atMs: answerByMs });
  });

  it('tells held, mismatch and not found apart, dated at the answer', () => {
    const atMs = askedAtMs + HOUR_MS;
    const of = (heard: HeardAnswer) => outcomeOf(hearing(asked(), heard), answerByMs);
    expect(of(shown)).toEqual({ is: 'held', atMs, late: false });
    expect(of({ ...shown, matches: false })).toEqual({ is: 'mismatch', atMs, late: false });
    expect(of({ id: 'q-1', is: 'not-found' })).toEqual({ is: 'not-found', atMs, late: false });
  });

  it('is busy, not unanswered, where the box said so; and held once it answers', () => {
    const busy = hearing(asked(), { id: 'q-1', is: 'busy' });
    expect(outcomeOf(busy, answerByMs - 1)).toEqual({ is: 'open' });
    expect(outcomeOf(busy, answerByMs)).toEqual({ is: 'busy', atMs: answerByMs });
    expect(outcomeOf(hearing(busy, shown), answerByMs)).toMatchObject({ is: 'held' });
  });

  it('is unanswered where the box said that it was busy only after the deadline', () => {
    const tooLate = hearing(asked(), { id: 'q-1', is: 'busy' }, answerByMs);
    expect(outcomeOf(tooLate, answerByMs)).toEqual({ is: 'unanswered', atMs: answerByMs });
  });

  it('stays busy as of its deadline where the box says so again later', () => {
    const first = hearing(asked(), { id: 'q-1', is: 'busy' });
    const again = hearing(first, { id: 'q-1', is: 'busy' }, answerByMs + HOUR_MS);
    expect(outcomeOf(again, answerByMs + HOUR_MS)).toEqual({ is: 'busy', atMs: answerByMs });
    expect(challengesAsOf([again], answerByMs)).toEqual([first]);
  });

  it('takes a late answer and says that it was late', () => {
    expect(outcomeOf(hearing(asked(), shown, answerByMs - 1), answerByMs)).toMatchObject({ late: false });
    expect(outcomeOf(hearing(asked(), shown, answerByMs), answerByMs)).toMatchObject({ is: 'held', late: true });
  });

  it('cannot be mended: the first answer that is not busy stands', () => {
    const lost = hearing(asked(), { id: 'q-1', is: 'not-found' });
    expect(takeAnswer(lost, shown, answerByMs)).toEqual({ taken: false, reason: 'already-answered' });
    expect(takeAnswer(lost, { id: 'q-1', is: 'busy' }, answerByMs)).toEqual({
      taken: false,
      reason: 'already-answered',
    });
  });

  it('does not take an answer to another challenge, of the wrong kind, or where nothing was asked', () => {
    const reason = (challenge: Challenge, heard: HeardAnswer) => {
      const taken = takeAnswer(challenge, heard, askedAtMs);
      return taken.taken ? 'taken' : taken.reason;
    };
    expect(reason(asked(), { ...shown, id: 'q-2' })).toBe('another-challenge');
    expect(reason(asked(), { id: 'q-1', is: 'present' })).toBe('wrong-kind');
    expect(reason(asked({ stability: 'presence-only' }), shown)).toBe('wrong-kind');
    expect(reason(asked({ stability: 'presence-only' }), { id: 'q-1', is: 'present' })).toBe('taken');
    expect(reason(asked({ stability: 'presence-only' }), { id: 'q-1', is: 'not-found' })).toBe('taken');
    expect(reason(asked({ tokenRefused: 'not-authentic' }), shown)).toBe('nothing-was-asked');
  });
});

describe('the challenges of a facility', () => {
  const nowMs = answerByMs + MINUTE_MS;
  const judge = (challenges: readonly Challenge[], sealed = all, atMs = nowMs) =>
    judgeChallenges(challenges, sealed, policy, atMs);

  it('are met where samples were shown, with the draws that count for the odds', () => {
    const rest = answered('held', { stratum: 'rest' });
    const verdict = judge([
      answered('held'),
      answered('held'),
      rest,
      asked({ askedAtMs: nowMs, answerByMs: nowMs + 1 }),
    ]);
    expect(verdict).toMatchObject({
      state: 'met',
      reason: 'shown-by-samples',
      draws: { incident: 0, oldest: 2, rest: 1 },
    });
    expect(verdict.outcomes).toMatchObject({ held: 3, open: 1 });
  });

  it.each([
    ['mismatch', 'film-differs'],
    ['not-found', 'film-not-found'],
  ] as const)('are breached by one %s among many held, since its answer', (is, reason) => {
    const verdict = judge([answered('held'), answered(is), answered('held')]);
    expect(verdict).toMatchObject({ state: 'breached', reason, sinceMs: askedAtMs + HOUR_MS });
  });

  it('are breached by one that nobody answered, since its deadline, until it is answered', () => {
    const sealed = [answered('held'), asked()];
    expect(judge(sealed)).toMatchObject({ state: 'breached', reason: 'challenge-unanswered', sinceMs: answerByMs });
    expect(judge(sealed, all, answerByMs - 1)).toMatchObject({ state: 'met' });
    expect(judge([answered('held'), hearing(asked(), shown, nowMs)])).toMatchObject({ state: 'met' });
  });

  it('name the worst and are dated at the first', () => {
    const verdict = judge([asked({ answerByMs: askedAtMs + MINUTE_MS }), answered('not-found'), answered('mismatch')]);
    expect(verdict).toMatchObject({ reason: 'film-differs', sinceMs: askedAtMs + MINUTE_MS });
  });

  it('stay breached until the lost hour need not be held any more, far beyond the window', () => {
    const lost = answered('not-found', { hourMs: askedAtMs - DAY_MS });
    const endMs = lost.hourMs + policy.retainMs;
    const held = answered('held', { askedAtMs: endMs - DAY_MS });
    expect(judge([lost, held], all, endMs - 1)).toMatchObject({ state: 'breached', outcomes: { 'not-found': 1 } });
    expect(judge([lost, held], all, endMs)).toMatchObject({ state: 'met', outcomes: { 'not-found': 0 } });
    // Asked long before the window: it is not one of its draws.
    expect(judge([lost, held], all, endMs - 1).draws).toEqual({ incident: 0, oldest: 1, rest: 0 });
  });

  it('are unknown, never met, where nothing was shown', () => {
    expect(judge([])).toMatchObject({ state: 'unknown', reason: 'nothing-shown' });
    expect(judge([answered('held', { askedAtMs: nowMs - policy.windowMs })])).toMatchObject({
      reason: 'nothing-shown',
    });
    expect(judge([answered('held', { askedAtMs: nowMs - policy.windowMs + 1 })])).toMatchObject({ state: 'met' });
  });

  it('are unknown where recorders can only say that the film is there', () => {
    const present = answered('present', { stability: 'presence-only' });
    const verdict = judge([present], { owed: 1_000, sealed: 0, presenceOnly: 1_000 });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'presence-only', draws: { oldest: 0 } });
    expect(verdict.outcomes.present).toBe(1);
  });

  it('are unknown where too few hours have a token, whatever the samples showed', () => {
    const of = (sealed: number) => judge([answered('held')], { owed: 1_000, sealed, presenceOnly: 0 });
    expect(of(950)).toMatchObject({ state: 'met' });
    expect(of(949)).toMatchObject({ state: 'unknown', reason: 'too-few-sealed' });
  });

  it('are unknown where tokens could not be opened', () => {
    const refused = asked({ tokenRefused: 'not-authentic' });
    expect(judge([refused, answered('held')])).toMatchObject({ state: 'unknown', reason: 'token-refused' });
    const many = Array.from({ length: 19 }, () => answered('held'));
    expect(judge([refused, ...many])).toMatchObject({ state: 'met', outcomes: { 'token-refused': 1 } });
  });

  it('are unknown while the recorder is busy, and breached once it was never anything else for three days', () => {
    const busyOn = (day: number): Challenge =>
      asked({
        askedAtMs: askedAtMs + day * DAY_MS,
        answerByMs: answerByMs + day * DAY_MS,
        busyAtMs: askedAtMs + day * DAY_MS + HOUR_MS,
      });
    const twoDays = [busyOn(0), busyOn(1)];
    expect(judge(twoDays, all, answerByMs + 9 * DAY_MS)).toMatchObject({ state: 'unknown', reason: 'recorder-busy' });
    const threeDays = [...twoDays, busyOn(2)];
    const thirdMs = answerByMs + 2 * DAY_MS;
    expect(judge(threeDays, all, thirdMs - 1)).toMatchObject({ state: 'unknown' });
    expect(judge(threeDays, all, thirdMs)).toMatchObject({
      state: 'breached',
      reason: 'recorder-always-busy',
      sinceMs: askedAtMs + 3 * DAY_MS,
    });
    const shownBetween = answered('held', { answer: { is: 'held', atMs: askedAtMs + DAY_MS + HOUR_MS } });
    expect(judge([...threeDays, shownBetween], all, thirdMs - 1)).toMatchObject({ state: 'met' });
  });

  it('are breached by one that was busy for three days while the recorder showed others', () => {
    const busy = asked({ id: 'q-2', busyAtMs: askedAtMs + HOUR_MS });
    const shownSince = answered('held', { answer: { is: 'held', atMs: askedAtMs + DAY_MS } });
    const threeDaysMs = askedAtMs + 3 * DAY_MS;
    expect(judge([busy, shownSince], all, threeDaysMs - 1)).toMatchObject({ state: 'met' });
    const reason = 'recorder-always-busy';
    expect(judge([busy, shownSince], all, threeDaysMs)).toMatchObject({
      state: 'breached',
      reason,
      sinceMs: threeDaysMs,
    });
    expect(
      judge([busy, answered('held', { answer: { is: 'held', atMs: askedAtMs } })], all, threeDaysMs),
    ).toMatchObject({
      state: 'met',
    });
    const late = { ...busy, answer: { is: 'held', atMs: threeDaysMs } } as const;
    expect(judge([late, shownSince], all, threeDaysMs)).toMatchObject({ state: 'met' });
    // As long as its film is owed, and no longer: it was never shown.
    const owedUntilMs = busy.hourMs + policy.retainMs;
    expect(judge([busy, shownSince], all, owedUntilMs - 1)).toMatchObject({ state: 'breached', reason });
    const muchLaterMs = askedAtMs + 31 * DAY_MS;
    const young = { ...busy, hourMs: askedAtMs - DAY_MS };
    const shownLately = answered('held', {
      askedAtMs: muchLaterMs - DAY_MS,
      answer: { is: 'held', atMs: muchLaterMs },
    });
    expect(judge([young, shownLately], all, muchLaterMs)).toMatchObject({ state: 'breached', reason });
  });

  it('stay breached where all that is left to ask for was declared deleted since: that is no answer', () => {
    const nothing = { owed: 0, sealed: 0, presenceOnly: 0 };
    const verdict = judge([answered('not-found')], nothing);
    expect(verdict).toMatchObject({ state: 'breached', reason: 'film-not-found', sinceMs: askedAtMs + HOUR_MS });
    expect(readChallenges(JSON.parse(JSON.stringify(statedOf(verdict))), 'challenges')).toMatchObject({
      state: 'breached',
    });
  });

  it('do not apply where nothing has to be held', () => {
    expect(judge([], { owed: 0, sealed: 0, presenceOnly: 0 })).toMatchObject({ state: 'not-applicable' });
  });
});
