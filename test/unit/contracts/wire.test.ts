import { describe, expect, it } from 'vitest';
import { line, localDay } from '../../../shared/contracts/wire.ts';

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

describe('a local day', () => {
  it.each(['1970-01-01', '2026-02-28', '2286-11-20'])('may be %s', (day) =>
    expect(localDay.safeParse(day).success).toBe(true),
  );

  // The day before 0000-01-01 is written `-000001-12-31`: days counted up from there would never end.
  it.each(['0000-01-01', '0001-01-01', '1969-12-31', '9999-12-31', '2026-02-29'])('is never %s', (day) =>
    expect(localDay.safeParse(day).success).toBe(false),
  );
});
