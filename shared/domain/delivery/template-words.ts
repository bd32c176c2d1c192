import { cutTo } from '../graphemes.ts';
import { aboutWords, noticeKindWords, type Words } from '../notices/notice-words.ts';
import type { ChannelMessage } from './channel.ts';

/** Variables of a registered SMS or voice template: what happened and where. */
export interface TemplateWords {
  readonly what: string;
  readonly place: string;
}

/** Alibaba Cloud: 1 to 35 characters for a variable of a notification. */
export const LONGEST_VARIABLE = 35;

/** Only what any operator's filter and any voice takes: Han, letters, digits. */
const plain = (text: string): string =>
  text
    .replaceAll('/', '或')
    .replaceAll(/[^\p{Script=Han}A-Za-z0-9]+/gu, ' ')
    .trim();

const fitting = (text: string): string => cutTo(plain(text), LONGEST_VARIABLE).replace(/…$/, '').trim();

const kinds: Readonly<Record<string, Words>> = noticeKindWords;

const wordOf = (words: Readonly<Record<string, Words>>, name: unknown): string =>
  typeof name === 'string' && Object.hasOwn(words, name) ? (words[name]?.zh ?? '') : '';

const whatOf = ({ drill, data }: ChannelMessage): string =>
  [drill ? '演练' : '', wordOf(kinds, data.kind), wordOf(aboutWords, data.about) || '平台通知'].join(' ');

/** What lies under this name; nothing where there is no such thing. */
const within = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null && Object.hasOwn(data, name)
    ? (data as Readonly<Record<string, unknown>>)[name]
    : undefined;

const nameOf = (place: unknown): string => {
  const name = within(within(place, 'name'), 'zh');
  return typeof name === 'string' ? name : '';
};

/** The registered name, else the code of facility or division: never an address, a person or a text that somebody typed. */
const placeOf = ({ data }: ChannelMessage): string => {
  const name = plain(nameOf(data.place));
  if (name !== '') return name;
  if (typeof data.facility === 'string') return `编号 ${data.facility}`;
  return typeof data.division === 'string' ? `行政区 ${data.division}` : '本辖区';
};

/**
 * A message as the variables of a template that the provider has approved. Closed words, and the facility's registered
 * name; whatever a filter may refuse is left out, since a refused life-safety message reaches nobody. A drill says so
 * first.
 */
export const templateWords = (message: ChannelMessage): TemplateWords => ({
  what: fitting(whatOf(message)),
  place: fitting(placeOf(message)) || '本辖区',
});
