import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, cutTo, cutToBytes } from '../../../shared/domain/graphemes.ts';

const family = '👨‍👩‍👧';
const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const charactersOf = (text: string): readonly string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

/** Texts with everything that a careless cut would break: several bytes, several units, several code points. */
const texts = fc
  .array(fc.constantFrom('a', '园', '𠮷', 'é', family, '👶🏻', '🇨🇳', '\r\n', '，'), { maxLength: 40 })
  .map((parts) => parts.join(''));

describe('a text cut to bytes', () => {
  it('stays as it is when it just fits, and loses a character with one byte less', () => {
    expect(bytesOf('托育园')).toBe(9);
    expect(cutToBytes('托育园', 9)).toBe('托育园');
    expect(cutToBytes('托育园', 8)).toBe('托…');
  });

  it('counts bytes, not characters: WeCom would refuse what a count of characters lets pass', () => {
    expect(bytesOf(cutToBytes('园'.repeat(2_048), 2_048))).toBe(2_046);
  });

  it('keeps a family of three whole or not at all', () => {
    expect(cutToBytes(`${family}园园`, bytesOf(family) + 3)).toBe(`${family}…`);
    expect(cutToBytes(`${family}园园`, bytesOf(family) + 2)).toBe('…');
  });

  it('is nothing where not even the mark fits', () => {
    expect(cutToBytes('托育园', 3)).toBe('…');
    expect(cutToBytes('托育园', 2)).toBe('');
    expect(cutToBytes('托育园', -100)).toBe('');
  });

  it('never exceeds, never splits a character, and marks every cut', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: -5, max: 120 }), (text, longest) => {
        const cut = cutToBytes(text, longest);
        if (bytesOf(text) <= longest) return cut === text;
        if (longest < bytesOf('…')) return cut === '';
        const kept = charactersOf(cut.slice(0, -1));
        const whole = charactersOf(text);
        const next = whole[kept.length] ?? '';
        return (
          cut.endsWith('…') &&
          bytesOf(cut) <= longest &&
          kept.every((character, at) => character === whole[at]) &&
          // And no more is lost than must be.
          bytesOf(cut) + bytesOf(next) > longest
        );
      }),
    );
  });
});

describe('a text cut to units', () => {
  it('never exceeds what an SMS counts', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 70 }), (text, longest) => cutTo(text, longest).length <= longest),
    );
  });
});
