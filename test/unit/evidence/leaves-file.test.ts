import { expect, it } from 'vitest';
import { leavesFile, parseLeavesFile } from '../../../shared/evidence/leaves-file.ts';
import { refusalOf } from '../../support/evidence.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (leaves: readonly Uint8Array[]): readonly string[] => leaves.map((one) => Buffer.from(one).toString());

it('leaves come back in their order, to the byte; a day without any has none', () => {
  expect(texts(parseLeavesFile(leavesFile([bytes('{"a":1}'), bytes('{"园":2}')])))).toEqual(['{"a":1}', '{"园":2}']);
  expect(parseLeavesFile(leavesFile([]))).toEqual([]);
});

it.each([
  '',
  'cradlewatch-leaves/1',
  'cradlewatch-leaves/2\n{}\n',
  'cradlewatch-leaves/1\n\n',
  'cradlewatch-leaves/1\n{}',
])('what is no such file is refused: %j', (text) => {
  expect(refusalOf(() => parseLeavesFile(bytes(text))).code).toBe('malformed');
});

it('a leaf of two lines, or of none, is never written', () => {
  expect(() => leavesFile([bytes('a\nb')])).toThrow(RangeError);
  expect(() => leavesFile([bytes('')])).toThrow(RangeError);
});
