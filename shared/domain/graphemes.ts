const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/**
 * A text cut to at most so many UTF-16 units (what an SMS counts), at a whole character as a reader sees it, with `…`
 * where something is missing.
 */
export const cutTo = (text: string, longest: number): string => {
  if (text.length <= longest) return text;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    if (kept.length + segment.length > longest - 1) break;
    kept += segment;
  }
  return `${kept}…`;
};

const encoder = new TextEncoder();

/** How many bytes a text has in UTF-8: what chat bots count. */
export const bytesOf = (text: string): number => encoder.encode(text).length;

const MARK = '…';
const MARK_BYTES = bytesOf(MARK);

/**
 * A text cut to at most so many bytes of UTF-8, at a whole character as a reader sees it, with `…` where something is
 * missing. Nothing is left where not even the mark fits.
 */
export const cutToBytes = (text: string, longestBytes: number): string => {
  // A character has at least one byte for each UTF-16 unit: what is longer than that needs no encoding to be too long.
  if (text.length <= longestBytes && bytesOf(text) <= longestBytes) return text;
  if (longestBytes < MARK_BYTES) return '';
  let kept = '';
  let keptBytes = MARK_BYTES;
  for (const { segment } of segmenter.segment(text)) {
    keptBytes += bytesOf(segment);
    if (keptBytes > longestBytes) break;
    kept += segment;
  }
  return `${kept}${MARK}`;
};
