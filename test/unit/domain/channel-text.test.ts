import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelMessage } from '../../../shared/domain/delivery/channel.ts';
import { marked, textWithLink } from '../../../shared/domain/delivery/channel-text.ts';
import { bytesOf } from '../../../shared/domain/graphemes.ts';

const LINK = 'https://alerts.city.example/a/AbCdEfGhIjk.0123456789abcdef';
const message: ChannelMessage = {
  id: 'n',
  lane: 'technical',
  drill: false,
  subjectLine: 's',
  text: '监控中断',
  shortText: '监控中断',
  link: LINK,
  data: {},
};

describe('the text of a channel', () => {
  it('ends with the answer link', () => {
    expect(textWithLink(message, 2_048)).toBe(`监控中断\n答复 / Answer: ${LINK}`);
  });

  it('has no line for a link where there is nothing to answer', () => {
    const { link: _link, ...without } = message;
    expect(textWithLink(without, 2_048)).toBe('监控中断');
  });

  it('is cut before the link, which stays whole', () => {
    const cut = textWithLink({ ...message, text: '园'.repeat(5_000) }, 2_048);
    expect(cut).toMatch(/^园+…\n答复 \/ Answer: https:\/\/alerts\.city\.example\/a\/AbCdEfGhIjk\.0123456789abcdef$/);
    expect(bytesOf(cut)).toBeLessThanOrEqual(2_048);
    expect(bytesOf(cut)).toBeGreaterThan(2_048 - 3);
  });

  it('always ends with its link and stays within any limit that holds the link', () => {
    const limits = fc.integer({ min: 100, max: 3_000 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), limits, fc.boolean(), (text, longest, drill) => {
        const cut = textWithLink({ ...message, text, drill }, longest);
        return cut.endsWith(LINK) && bytesOf(cut) <= longest;
      }),
    );
  });

  it('says first that it is a drill, once', () => {
    expect(marked('监控中断', true)).toBe('【演练 EXERCISE】监控中断');
    expect(marked('【演练】监控中断', true)).toBe('【演练】监控中断');
    expect(marked('监控中断', false)).toBe('监控中断');
  });
});
