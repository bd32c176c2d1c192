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
