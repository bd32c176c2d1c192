import { describe, expect, it } from 'vitest';
import { assess } from '../../../shared/domain/assess.ts';
import type { Challenge } from '../../../shared/domain/challenges/challenge.ts';
import { FOLD_LASTS_MS, foldChallenges } from '../../../shared/domain/challenges/fold.ts';
import { judgeChallengesMet } from '../../../shared/domain/rules/challenges-met.ts';
import type { ChallengesFold, FacilityVitals } from '../../../shared/domain/vitals.ts';
import { aFacility, aFacilityRow, DAY_MS, floor, NOW, rowsOf, withGrace } from '../../support/rows.ts';

/** In service for longer than anything has to be kept. */
const facility = aFacility({ state: { is: 'in-service', sinceMs: NOW - 91 * DAY_MS } });
const sealed = { owed: 100, sealed: 100, presenceOnly: 0 };
const asked = (n: number, more: Partial<Challenge> = {}): Challenge => ({
  id: `2026-03-01.${n}`,
  camera: 'cam-1',
  hourMs: NOW - 30 * DAY_MS + n,
  stratum: 'rest',
  stability: 'byte-stable',
  askedAtMs: NOW,
  answerByMs: NOW + DAY_MS,
  ...more,
});
const answered = (n: number, is: 'held' | 'mismatch' | 'not-found', atMs = NOW, more: Partial<Challenge> = {}) =>
  asked(n, { answer: { is, atMs }, ...more });

const folded = (row: FacilityVitals, challenges: readonly Challenge[], nowMs = NOW, counts = sealed) => {
  const change = foldChallenges(row, challenges, counts, facility, floor, nowMs);
  return { ...change, row: { ...row, ...change.patch } };
};
const judged = (row: FacilityVitals, nowMs = NOW) => judgeChallengesMet(row, facility, floor, nowMs);

describe('challenges to show footage', () => {
  it('are no subject before anything was drawn', () => {
    const { verdicts } = assess(rowsOf(), facility, floor, NOW);
    expect(verdicts.filter(({ subject }) => subject === 'challenges')).toEqual([]);
    const { row } = folded(aFacilityRow(), [answered(0, 'held')]);
    const after = assess(rowsOf({ facility: row }), facility, floor, NOW).verdicts;
    expect(after.filter(({ subject }) => subject === 'challenges')).toMatchObject([
      { rule: 'retention-held', state: 'met', reason: 'shown-by-samples' },
    ]);
  });

  it.each([
    ['mismatch', 'film-differs'],
    ['not-found', 'film-not-found'],
  ] as const)('that were answered “%s” are a breach since that answer, and call the sweep', (is, reason) => {
    const { patch, row } = folded(aFacilityRow(), [answered(0, 'held'), answered(1, is)]);
    expect(judged(row)).toMatchObject({ state: 'breached', reason, sinceMs: NOW });
    expect(patch.judgeFromMs).toBe(NOW);
  });

  it('without an answer are met one millisecond before the deadline, breached at it, though nobody folds again', () => {
    const { row } = folded(aFacilityRow(), [answered(0, 'held'), asked(1)]);
    const deadline = NOW + DAY_MS;
    expect(judged(row, deadline - 1)).toMatchObject({ state: 'met', dueAtMs: deadline });
    expect(judged(row, deadline)).toMatchObject({
      state: 'breached',
      reason: 'challenge-unanswered',
      sinceMs: deadline,
    });
    const again = folded(row, [answered(0, 'held'), asked(1)], deadline + 5).row;
    expect(judged(again, deadline + 5)).toMatchObject({ state: 'breached', sinceMs: deadline });
  });

  it('that found a busy recorder are not called unanswered', () => {
    const { row } = folded(aFacilityRow(), [answered(0, 'held'), asked(1, { busyAtMs: NOW })]);
    expect(row.challenges).not.toHaveProperty('unansweredAtMs');
    expect(judged(row, NOW + 2 * DAY_MS)).toMatchObject({ state: 'met' });
  });

  it('answered late after all leave a gap from the deadline to the answer, which ended the breach', () => {
    const { row } = folded(aFacilityRow(), [answered(0, 'held'), asked(1)]);
    const atMs = NOW + DAY_MS + 777;
    const { gap, patch } = folded(
      { ...aFacilityRow(), challenges: row.challenges as ChallengesFold },
      [answered(0, 'held'), answered(1, 'held', atMs)],
      atMs,
    );
    const deadline = NOW + DAY_MS;
    const about = { rule: 'retention-held', subject: 'challenges', reason: 'challenge-unanswered' };
    expect(gap).toEqual({ facilityId: 'f1', ...about, fromMs: deadline, toMs: atMs, breachedAtMs: deadline });
    expect(patch).toMatchObject({ challenges: { state: 'met' }, judgeFromMs: deadline });
  });

  it('answered late with other film are a breach from the deadline on, not from the answer', () => {
    const { row } = folded(aFacilityRow(), [answered(0, 'held'), asked(1)]);
    const atMs = NOW + DAY_MS + 777;
    const { gap, patch } = folded(
      { ...aFacilityRow(), challenges: row.challenges as ChallengesFold },
      [answered(0, 'held'), answered(1, 'mismatch', atMs)],
      atMs,
    );
    expect(gap).toBeUndefined();
    expect(patch.challenges).toMatchObject({ state: 'breached', reason: 'film-differs', sinceMs: NOW + DAY_MS });
  });

  it('stay one breach when the hour that dated it need not be held any more and another failed as well', () => {
    const old = answered(0, 'not-found', NOW - 80 * DAY_MS, {
      hourMs: NOW - 89 * DAY_MS,
      askedAtMs: NOW - 81 * DAY_MS,
    });
    const young = answered(1, 'not-found', NOW - DAY_MS, { askedAtMs: NOW - 2 * DAY_MS });
    const before = folded(aFacilityRow(), [old, young]).row;
    const later = folded(before, [old, young], NOW + 2 * DAY_MS).row;
    expect(judged(later, NOW + 2 * DAY_MS)).toMatchObject({ state: 'breached', sinceMs: NOW - 80 * DAY_MS });
    const over = folded(later, [old], NOW + 2 * DAY_MS);
    expect(over.gap).toMatchObject({ fromMs: NOW - 80 * DAY_MS, toMs: NOW + 2 * DAY_MS });
  });

  it('of a recorder that cannot be asked for its bytes are no fault of the nursery', () => {
    const { row } = folded(aFacilityRow(), [], NOW, { owed: 100, sealed: 0, presenceOnly: 100 });
    expect(judged(row)).toMatchObject({ state: 'not-applicable', reason: 'presence-only' });
    expect(judged(row, NOW + 9 * DAY_MS)).toMatchObject({ state: 'not-applicable' });
  });

  it('are unknown while too few hours have a token, and since when stays', () => {
    const few = { owed: 100, sealed: 94, presenceOnly: 0 };
    const { row } = folded(aFacilityRow(), [answered(0, 'held')], NOW, few);
    expect(judged(row)).toMatchObject({ state: 'unknown', reason: 'too-few-sealed', sinceMs: NOW });
    const later = folded(row, [], NOW + DAY_MS, sealed).row;
    expect(judged(later, NOW + DAY_MS)).toMatchObject({ state: 'unknown', reason: 'nothing-shown', sinceMs: NOW });
  });

  it('are not called too few while hours are owed that nobody could have sealed: those before the nursery began', () => {
    const few = { owed: 100, sealed: 94, presenceOnly: 0 };
    const { row } = folded(aFacilityRow(), [answered(0, 'held')], NOW, few);
    const since = (sinceMs: number) =>
      judgeChallengesMet(row, aFacility({ state: { is: 'in-service', sinceMs } }), floor, NOW);
    expect(since(NOW - 90 * DAY_MS)).toMatchObject({ state: 'unknown', reason: 'too-few-sealed' });
    expect(since(NOW - 90 * DAY_MS + 1)).toMatchObject({ state: 'met', reason: 'within-grace', dueAtMs: NOW + 1 });
  });

  it('are unknown when nobody has drawn for days, and a breach stands however long nobody did', () => {
    const { row } = folded(aFacilityRow(), [answered(0, 'held')]);
    expect(judged(row, NOW + FOLD_LASTS_MS - 1)).toMatchObject({ state: 'met' });
    expect(judged(row, NOW + FOLD_LASTS_MS)).toMatchObject({ state: 'unknown', reason: 'not-drawn' });
    const bad = folded(aFacilityRow(), [answered(0, 'mismatch')]).row;
    expect(judged(bad, NOW + FOLD_LASTS_MS)).toMatchObject({ state: 'breached' });
  });

  it('wait for the grace of the rule', () => {
    const fold: ChallengesFold = {
      state: 'breached',
      reason: 'film-differs',
      sinceMs: NOW,
      dueAtMs: NOW + DAY_MS,
      sealed,
    };
    const pack = withGrace('retention-held', 1_000);
    expect(judgeChallengesMet({ challenges: fold }, facility, pack, NOW + 999)).toMatchObject({
      state: 'met',
      dueAtMs: NOW + 1_000,
    });
    expect(judgeChallengesMet({ challenges: fold }, facility, pack, NOW + 1_000)).toMatchObject({
      state: 'breached',
      sinceMs: NOW + 1_000,
    });
  });
});
