import { describe, expect, it } from 'vitest';
import { line } from '../../../shared/contracts/wire.ts';

const isLine = (text: string): boolean => line(100).safeParse(text).success;

describe('a line of text', () => {
  it.each(['阳光托育园', ' x ', 'a', '一号 活动室'])('may be %j', (text) => expect(isLine(text)).toBe(true));

  it.each(['', ' ', '\u3000\u00a0', 'a\nb', '\ta', 'a\u0000', 'a\u007f', '\n', 'a\r\n', 'x'.repeat(101)])(
    'is never %j',
    (text) => expect(isLine(text)).toBe(false),
  );

  // Whoever has a token may send it: looked for at each place anew, this would hold the function for a minute.
  it('is refused in one pass, however long it is and wherever it goes wrong', () => {
    for (const text of ['a', ' ', 'a ']) expect(isLine(`${text.repeat(130_000)}\u0000`)).toBe(false);
  });
});
