import { describe, expect, it } from 'vitest';
import type { Permit } from '../../../shared/domain/delivery/channel-limits.ts';
import {
  claimed,
  isInHand,
  nextTry,
  TRYING_MS,
  URGENT_TRYING_MS,
  usesEveryChannel,
  type Ways,
  withAttempt,
} from '../../../shared/domain/delivery/delivering.ts';
import type { Attempt } from '../../../shared/domain/delivery/delivery.ts';
import type { ContactChannel } from '../../../shared/domain/people/roster.ts';
import { MINUTE_MS } from '../../../shared/domain/time.ts';
import { delivery, NOW } from './samples.ts';

const bot: ContactChannel = { id: 'bot', kind: 'wecom', secret: 's' };
const phone: ContactChannel = { id: 'phone', kind: 'sms', address: '1' };
const night = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '11:00' }];
const closed = (untilMs: number): Permit => ({ may: false, reason: 'locked', untilMs });
const attempt = (channel: string, outcome: Attempt['outcome']): Attempt => ({
  channel,
  kind: 'wecom',
  atMs: NOW,
  outcome,
});

const ways = (over: Partial<Ways> = {}): Ways => ({
  channels: [bot, phone],
  zone: 'Asia/Shanghai',
  permits: new Map(),
  tried: new Set(),
  ...over,
});

const chosen = (...args: Parameters<typeof nextTry>): string => {
  const next = nextTry(...args);
  return next.does === 'try' ? next.channel.id : next.does;
};

describe('the next channel', () => {
  it('is the first of the roster, then the next one that was not tried in this pass', () => {
    expect(chosen(delivery(), ways(), NOW)).toBe('bot');
    expect(chosen(delivery(), ways({ tried: new Set(['bot']) }), NOW)).toBe('phone');
    expect(chosen(delivery(), ways({ tried: new Set(['bot', 'phone']) }), NOW)).toBe('wait');
  });

  it('is none that refused this very message; where all did, it is given up', () => {
    const refused = delivery({ attempts: [attempt('bot', 'refused')] });
    expect(chosen(refused, ways(), NOW)).toBe('phone');
    const both = delivery({ attempts: [attempt('bot', 'refused'), attempt('phone', 'refused')] });
    expect(chosen(both, ways(), NOW)).toBe('give-up');
    expect(chosen(delivery(), ways({ channels: [] }), NOW)).toBe('give-up');
  });

  it('is one that is open; a technical notice waits for the first that opens', () => {
    const permits = new Map([['bot', closed(NOW + 5 * MINUTE_MS)]]);
    expect(chosen(delivery(), ways({ permits }), NOW)).toBe('phone');
    permits.set('phone', closed(NOW + MINUTE_MS));
    expect(nextTry(delivery(), ways({ permits }), NOW)).toEqual({
      does: 'wait',
      dueAtMs: NOW + MINUTE_MS,
      reason: 'no-channel-now',
    });
  });

  it('of life safety is tried though all are closed, each once, in their order', () => {
    const panic = delivery({ lane: 'life-safety' });
    const permits = new Map([
      ['bot', closed(NOW + 5 * MINUTE_MS)],
      ['phone', closed(NOW + MINUTE_MS)],
    ]);
    expect(chosen(panic, ways({ permits }), NOW)).toBe('bot');
    expect(chosen(panic, ways({ permits, tried: new Set(['bot']) }), NOW)).toBe('phone');
    expect(chosen(panic, ways({ permits, tried: new Set(['bot', 'phone']) }), NOW)).toBe('wait');
    const delivered = { ...panic, state: 'delivered' as const };
    expect(chosen(delivered, ways({ permits }), NOW)).toBe('wait');
  });

  it('keeps quiet for a technical notice until its hours end, and never for life safety', () => {
    const quietBot = { ...bot, quiet: night };
    const quietPhone = { ...phone, quiet: night };
    expect(chosen(delivery(), ways({ channels: [quietBot, phone] }), NOW)).toBe('phone');
    expect(nextTry(delivery(), ways({ channels: [quietBot, quietPhone] }), NOW)).toEqual({
      does: 'wait',
      dueAtMs: NOW + 60 * MINUTE_MS,
      reason: 'quiet-hours',
    });
    expect(chosen(delivery({ lane: 'life-safety' }), ways({ channels: [quietBot, quietPhone] }), NOW)).toBe('bot');
  });
});

describe('an attempt', () => {
  it('that was claimed is left alone, and made again when nobody came back', () => {
    const mine = claimed(delivery(), bot, NOW);
    expect(mine).toMatchObject({ revision: 2, attemptCount: 1, attempts: [{ channel: 'bot', outcome: 'trying' }] });
    expect(isInHand(mine, NOW + TRYING_MS - 1)).toBe(true);
    expect(isInHand(mine, NOW + TRYING_MS)).toBe(false);
    expect(chosen(mine, ways(), NOW + TRYING_MS)).toBe('bot');
    const urgent = { ...mine, lane: 'life-safety' as const };
    expect(isInHand(urgent, NOW + URGENT_TRYING_MS - 1)).toBe(true);
    expect(isInHand(urgent, NOW + URGENT_TRYING_MS)).toBe(false);
  });

  it('that was accepted makes it delivered, once, and does not take back that it was seen', () => {
    const done = withAttempt(claimed(delivery(), bot, NOW), 'bot', { outcome: 'accepted' }, NOW + 1);
    expect(done).toMatchObject({ state: 'delivered', deliveredAtMs: NOW + 1 });
    const second = withAttempt(claimed(done, phone, NOW + 2), 'phone', { outcome: 'accepted' }, NOW + 3);
    expect(second).toMatchObject({ state: 'delivered', deliveredAtMs: NOW + 1 });
    const seen = { ...claimed(delivery(), bot, NOW), state: 'seen' as const };
    expect(withAttempt(seen, 'bot', { outcome: 'accepted' }, NOW + 1).state).toBe('seen');
  });

  it('is one of the last ten, and of those that were dropped none had refused', () => {
    let one = delivery();
    one = withAttempt(claimed(one, bot, NOW), 'bot', { outcome: 'refused', code: 'x' }, NOW);
    for (let n = 0; n < 30; n += 1) {
      one = withAttempt(claimed(one, phone, NOW + n), 'phone', { outcome: 'failed', code: 'timeout' }, NOW + n);
    }
    expect(one.attempts).toHaveLength(10);
    expect(one.attemptCount).toBe(31);
    expect(one.attempts[0]).toMatchObject({ channel: 'bot', outcome: 'refused' });
    expect(one.attempts.at(-1)?.atMs).toBe(NOW + 29);
  });
});

it('every channel is used only where nobody answered the first life-safety notice', () => {
  expect(usesEveryChannel({ lane: 'life-safety', kind: 'opened', rung: 0 })).toBe(false);
  expect(usesEveryChannel({ lane: 'life-safety', kind: 'climbed', rung: 1 })).toBe(true);
  expect(usesEveryChannel({ lane: 'technical', kind: 'climbed', rung: 2 })).toBe(false);
});
