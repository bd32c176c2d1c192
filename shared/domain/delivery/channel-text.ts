import { bytesOf, cutToBytes } from '../graphemes.ts';
import type { ChannelMessage } from './channel.ts';

const drillMark = '【演练 EXERCISE】';

/** A drill is marked on every hop: the mark is first, so that no cut takes it away. */
export const marked = (text: string, drill: boolean): string =>
  drill && !text.includes('演练') ? `${drillMark}${text}` : text;

/** Without control characters: in JSON each would be six bytes, which no limit here counts. */
const readable = (text: string): string => text.replaceAll(/[^\P{Cc}\n]/gu, '');

const linkLine = (link: string | undefined): string => (link === undefined ? '' : `\n答复 / Answer: ${link}`);

/**
 * What people read: the text, cut at a whole character where it is too long, then the answer link, which is never cut: a
 * notice that cannot be answered is worth less than one that ends early.
 */
export const textWithLink = ({ text, drill, link }: ChannelMessage, longestBytes: number): string => {
  const line = linkLine(link);
  return `${cutToBytes(marked(readable(text), drill), longestBytes - bytesOf(line))}${line}`;
};
