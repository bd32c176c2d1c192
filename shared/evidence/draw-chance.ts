import { createHmac } from 'node:crypto';

const SCHEME = 'cradlewatch-draw/1';
const CHANCE_BYTES = 6;

/**
 * A number in `[0, 1)` that only the holder of a secret can foretell, and that is the same whoever of them asks: so a
 * draw that died half way is drawn again as it was. `words` name what is drawn; none has a line break.
 */
export const chanceOf = (secret: Uint8Array, words: readonly string[]): number => {
  const text = [SCHEME, ...words].join('\n');
  const bytes = createHmac('sha256', secret).update(text).digest();
  return bytes.readUIntBE(0, CHANCE_BYTES) / 2 ** (8 * CHANCE_BYTES);
};
