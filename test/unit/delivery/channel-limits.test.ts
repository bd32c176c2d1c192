import { describe, expect, it } from 'vitest';
import type { ChannelLimits, ChannelState, SendOutcome } from '../../../shared/domain/delivery/channel.ts';
import {
  freshState,
  LONGEST_LOCK_MS,
  LONGEST_OPEN_MS,
  permit,
  withOutcome,
  withSend,
} from '../../../shared/domain/delivery/channel-limits.ts';
import { MINUTE_MS } from '../../../shared/domain/time.ts';

const NOW = Date.parse('2026-03-02T10:00:00+08:00');
const limits: ChannelLimits = { most: 5, withinMs: MINUTE_MS, reserved: 2 };
const failed: SendOutcome = { outcome: 'failed', code: 'timeout' };
const accepted: SendOutcome = { outcome: 'accepted' };

const sentAt = (...sentAtMs: number[]): ChannelState => ({ ...freshState('k'), sentAtMs });

describe('the limit of an address', () => {
  it('is free for technical notices but for the part of life safety', () => {
    const three = sentAt(NOW - 3, NOW - 2, NOW - 1);
    expect(permit(sentAt(NOW - 2, NOW - 1), limits, 'technical', NOW)).toEqual({ may: true });
    expect(permit(three, limits, 'technical', NOW)).toMatchObject({ may: false, reason: 'limit-reached' });
    expect(permit(three, limits, 'life-safety', NOW)).toEqual({ may: true });
    const five = sentAt(NOW - 5, NOW - 4, NOW - 3, NOW - 2, NOW - 1);
    expect(permit(five, limits, 'life-safety', NOW)).toMatchObject({ may: false, reason: 'limit-reached' });
  });

  it('says when it is free again, to the millisecond', () => {
    const state = sentAt(NOW - 30_000, NOW - 20_000, NOW - 10_000, NOW - 5_000);
    const refused = permit(state, limits, 'technical', NOW);
    expect(refused).toEqual({ may: false, reason: 'limit-reached', untilMs: NOW + 40_000 });
    expect(permit(state, limits, 'technical', NOW + 39_999).may).toBe(false);
    expect(permit(state, limits, 'technical', NOW + 40_000).may).toBe(true);
  });

  it('where all of it is reserved takes no technical notice, and says so without end in the past', () => {
    const none = { ...limits, reserved: 5 };
    const refused = permit(freshState('k'), none, 'technical', NOW);
    expect(refused).toMatchObject({ may: false });
    expect(refused.may === false && refused.untilMs).toBeGreaterThan(NOW);
  });

  it('forgets what has left the window, so that the item stays small', () => {
    let state = freshState('k');
    for (let n = 0; n < 1_000; n += 1) state = withSend(state, limits, NOW + n * 1_000);
    expect(state.sentAtMs).toHaveLength(60);
  });
});

describe('the breaker of an address', () => {
  it('opens at the third failure in a row, for one minute, then for twice as long, at most ten minutes', () => {
    let state = freshState('k');
    const openFor: number[] = [];
    let nowMs = NOW;
    for (let n = 1; n <= 9; n += 1) {
      state = withOutcome(state, failed, nowMs);
      openFor.push(Math.max(0, (state.openUntilMs ?? nowMs) - nowMs) / MINUTE_MS);
      nowMs = Math.max(nowMs, state.openUntilMs ?? nowMs);
      expect(permit(state, limits, 'technical', nowMs).may).toBe(true);
      if (state.openUntilMs !== undefined) expect(permit(state, limits, 'technical', nowMs - 1).may).toBe(false);
    }
    expect(openFor).toEqual([0, 0, 1, 2, 4, 8, 10, 10, 10]);
    expect(LONGEST_OPEN_MS).toBe(10 * MINUTE_MS);
  });

  it.each([accepted, { outcome: 'refused', code: '93000' } as const])(
    'closes when the provider answers: %o',
    (answer) => {
      let state = freshState('k');
      for (let n = 0; n < 4; n += 1) state = withOutcome(state, failed, NOW);
      state = withOutcome(state, answer, NOW);
      expect(state).toEqual({ ...freshState('k'), failures: 0 });
    },
  );
});

describe('a provider that says "too many"', () => {
  it('is locked as long as it says, and no longer than an hour', () => {
    const limited = (retryAfterMs: number): SendOutcome => ({ outcome: 'limited', code: '45009', retryAfterMs });
    const state = withOutcome(freshState('k'), limited(600_000), NOW);
    expect(permit(state, limits, 'life-safety', NOW + 599_999)).toMatchObject({ may: false, reason: 'locked' });
    expect(permit(state, limits, 'life-safety', NOW + 600_000).may).toBe(true);
    const far = withOutcome(freshState('k'), limited(365 * 24 * 60 * MINUTE_MS), NOW);
    expect(far.lockedUntilMs).toBe(NOW + LONGEST_LOCK_MS);
    const shorter = withOutcome(far, limited(1_000), NOW);
    expect(shorter.lockedUntilMs).toBe(far.lockedUntilMs);
  });

  it('and takes one all the same is locked no more; one that refuses another message still is', () => {
    const locked = withOutcome(freshState('k'), { outcome: 'limited', code: 'x', retryAfterMs: 60_000 }, NOW);
    expect(withOutcome(locked, accepted, NOW).lockedUntilMs).toBeUndefined();
    expect(withOutcome(locked, { outcome: 'refused', code: 'y' }, NOW).lockedUntilMs).toBe(NOW + 60_000);
    expect(withOutcome(locked, failed, NOW).lockedUntilMs).toBe(NOW + 60_000);
  });
});
