import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelLimits } from '../../../shared/domain/delivery/channel.ts';
import { textWithLink } from '../../../shared/domain/delivery/channel-text.ts';
import { type MergedNotice, mergeNotices, mostUrgentFirst } from '../../../shared/domain/delivery/merge-notices.ts';
import { bytesOf } from '../../../shared/domain/graphemes.ts';
import { noticeKinds } from '../../../shared/domain/incident.ts';
import { LINK, noticeNumber } from './samples.ts';

const bot: ChannelLimits = { most: 20, withinMs: 60_000, reserved: 8, longestBytes: 2_048 };
const mail: ChannelLimits = { ...bot, longestBytes: 100_000 };
const sms: ChannelLimits = { most: 50, withinMs: 60_000, reserved: 8, longestCharacters: 70 };

const notices = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...noticeKinds),
      about: fc.constantFrom('monitoring-running', 'retention-held', 'storm', 'something-new'),
      duty: fc.constantFrom('act', 'copy', 'inform'),
      rung: fc.nat(4),
      openedAtMs: fc.nat(1_000_000),
      zh: fc.string({ unit: 'grapheme', maxLength: 400 }),
      en: fc.string({ maxLength: 400 }),
    })
    .map((over) => over as Partial<MergedNotice>),
  { minLength: 2, maxLength: 60 },
);
const numbered = (overs: readonly Partial<MergedNotice>[]) => overs.map((over, n) => ({ ...noticeNumber(n), ...over }));

describe('several notices as one message', () => {
  it('say how many of what, then each with its incident and its own link, the most urgent first', () => {
    const all = [
      { ...noticeNumber(1), kind: 'recovered' as const },
      { ...noticeNumber(2), about: 'retention-held', openedAtMs: 5 },
      { ...noticeNumber(3), openedAtMs: 9 },
      { ...noticeNumber(4), rung: 1, kind: 'climbed' as const },
    ];
    const merged = mergeNotices(all, mail);
    expect(merged?.text).toMatch(/^【汇总】共4条通知：.+ 3、.+ 1。/);
    const order = [...(merged?.text ?? '').matchAll(/incident-(\d)/g)].map(([, n]) => n);
    expect(order).toEqual(['4', '2', '3', '1']);
    for (const n of [1, 2, 3, 4]) expect(merged?.text).toContain(`${LINK}${n}`);
    expect(merged?.id).toBe('notice-4');
    expect(merged?.link).toBeUndefined();
    expect(merged?.data).toMatchObject({ schema: 'cradlewatch-notices/1', count: 4 });
  });

  it('one alone stays what it is', () => {
    const alone = noticeNumber(1);
    expect(mergeNotices([alone], bot)).toBe(alone.message);
    expect(mergeNotices([], bot)).toBeUndefined();
  });

  it('say how many are left out where the channel holds no more', () => {
    const many = Array.from({ length: 50 }, (_, n) => noticeNumber(n));
    const text = mergeNotices(many, bot)?.text ?? '';
    const shown = [...text.matchAll(/— \d+\/50 —/g)].length;
    expect(shown).toBeGreaterThan(2);
    expect(text).toContain(`另有${50 - shown}条未列出`);
  });

  it('through a channel of a few words have one link, that of the most urgent', () => {
    const merged = mergeNotices([noticeNumber(1), { ...noticeNumber(2), rung: 3 }], sms);
    expect(merged?.link).toBe(`${LINK}2`);
    expect(merged?.shortText.length).toBeLessThanOrEqual(70);
  });

  it('never exceed the limit of the channel, and never cut a link', () => {
    fc.assert(
      fc.property(notices, fc.integer({ min: 400, max: 20_000 }), fc.boolean(), (overs, longestBytes, drill) => {
        const all = numbered(overs).map((one) => ({ ...one, message: { ...one.message, drill } }));
        const merged = mergeNotices(all, { ...bot, longestBytes });
        if (merged === undefined) return false;
        const text = textWithLink(merged, longestBytes);
        const links = text.match(/https:\/\/\S+/g) ?? [];
        return (
          bytesOf(text) <= longestBytes &&
          text.isWellFormed() &&
          merged.shortText.length <= 70 &&
          links.every((link) => all.some(({ message }) => message.link === link))
        );
      }),
      { numRuns: 200 },
    );
  });

  it('are in the same order whatever order they came in, and what goes on is before what is over', () => {
    fc.assert(
      fc.property(notices, (overs) => {
        const sorted = mostUrgentFirst(numbered(overs));
        const firstOver = sorted.findIndex(({ kind }) => kind === 'recovered');
        return firstOver < 0 || sorted.slice(firstOver).every(({ kind }) => kind === 'recovered');
      }),
    );
  });
});
