/** A style of our charts that has an attribute of the same name. Anything else would be lost without a word. */
const asAttribute = new Set([
  'font-size',
  'font-family',
  'font-weight',
  'font-style',
  'fill',
  'stroke',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
]);
/** How a pointer looks, and what a page may select, mean nothing on paper. */
const dropped = new Set(['cursor', 'user-select', '-webkit-user-select', 'pointer-events']);

const attributesOf = (style: string): string =>
  style
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      const [name, value] = [part.slice(0, colon).trim(), part.slice(colon + 1).trim()];
      if (dropped.has(name)) return '';
      if (!asAttribute.has(name) || /["<>&]/.test(value)) throw new RangeError(`a chart has the style ${name}`);
      return ` ${name}="${value}"`;
    })
    .join('');

/** What a page without scripts and with one style may not have in it. */
const forbidden = /<(script|style|image|foreignObject|use|a)[\s>]|\son[a-z]+=|\sstyle=|javascript:|url\((?!#)/i;

/**
 * A drawn picture as the page may carry it: its styles become attributes, and its effects of a pointer go. Throws a
 * `RangeError` if anything stays that the page forbids.
 */
export const plainSvg = (svg: string): string => {
  const plain = svg
    .replaceAll(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replaceAll(/ class="[^"]*"/g, '')
    .replaceAll(/ style="([^"]*)"/g, (_, style: string) => attributesOf(style))
    .replaceAll(/ pointer-events="[^"]*"/g, '')
    .replace(/^<svg /, '<svg aria-hidden="true" focusable="false" ');
  const found = forbidden.exec(plain);
  if (found !== null) throw new RangeError(`a chart has ${found[0]}`);
  return plain;
};
