import type { RosterBody } from '../../shared/contracts/roster.ts';

type Shift = NonNullable<RosterBody['contacts'][number]['shifts']>[number];

/** Full-width signs and digits as an input method writes them become the plain ones. */
export const plain = (text: string): string => text.normalize('NFKC').trim();

const weekdayOf: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 日: 7, 天: 7 };

const spelled = (text: string): string =>
  plain(text)
    .toLowerCase()
    .replaceAll(/[至到~–—]/g, '-')
    .replaceAll(/[、，]/g, ',')
    .replaceAll(/每天|每日|daily/g, '1-7')
    .replaceAll(/(?:周|星期)?([一二三四五六日天])/g, (_, day: string) => String(weekdayOf[day]))
    .replaceAll(/\s*([-,])\s*/g, '$1');

const weekdaysIn = (text: string): number[] | undefined => {
  const days = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^([1-7])(?:-([1-7]))?$/.exec(part) ?? [];
    if (from === undefined) return [Number.NaN];
    // 6-1 is Saturday to Monday.
    const length = (Number(to) - Number(from) + 7) % 7;
    return Array.from({ length: length + 1 }, (_, n) => ((Number(from) - 1 + n) % 7) + 1);
  });
  return days.some(Number.isNaN) ? undefined : [...new Set(days)].sort();
};

/** Excel writes 08:00 as 8:00, and some as 08:00:00. */
const timeIn = (text: string): string | undefined => {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  // The end of a day is the beginning of the next.
  return hour === '24' && minute === '00' ? '00:00' : `${hour.padStart(2, '0')}:${minute}`;
};

const shiftIn = (text: string): Shift | undefined => {
  const words = text.split(/\s+/);
  const [days, hours] = words.length === 1 ? ['1-7', words[0]] : words;
  const [from = '', to = '', ...rest] = hours?.split('-') ?? [];
  const weekdays = weekdaysIn(days ?? '');
  const [begin, end] = [timeIn(from), timeIn(to)];
  if (words.length > 2 || rest.length > 0 || weekdays === undefined || begin === undefined || end === undefined)
    return undefined;
  return { weekdays, from: begin, to: end };
};

/** `1-5 20:00-08:00; 6,7 09:00-17:00`, or `周一至周五 20:00-08:00`; without days it is every day. Absent = not understood. */
export const shiftsIn = (text: string): Shift[] | undefined => {
  const parts = spelled(text)
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(shiftIn);
  return parts.every((part) => part !== undefined) ? parts : undefined;
};

/** Telephone numbers without the blanks and signs that people put between the digits. */
export const numberIn = (text: string): string => {
  const bare = plain(text).replaceAll(/\s/g, '');
  const mobile = bare.replaceAll('-', '');
  if (/^1[3-9]\d{9}$/.test(mobile)) return mobile;
  // Excel takes the + off a number.
  return /^86(1[3-9]\d{9})$/.test(mobile) ? `+${mobile}` : bare;
};

/** Words for which a clerk need not know the ids of the packs. */
export const departmentIn = (text: string): string => {
  const word = plain(text).toLowerCase();
  return departmentWords.get(word) ?? word;
};

const departmentWords: ReadonlyMap<string, string> = new Map([
  ['机构', 'facility'],
  ['托育机构', 'facility'],
  ['公安', 'police'],
  ['消防', 'fire'],
  ['应急', 'emergency'],
  ['卫健', 'health'],
  ['卫生健康', 'health'],
  ['疾控', 'cdc'],
  ['妇幼', 'mch'],
  ['市场监管', 'market'],
  ['民政', 'civil'],
  ['教育', 'education'],
  ['乡镇', 'town'],
  ['街道', 'town'],
]);

const isWords: ReadonlyMap<string, 'person' | 'group'> = new Map([
  ['', 'person'],
  ['person', 'person'],
  ['人', 'person'],
  ['个人', 'person'],
  ['group', 'group'],
  ['群', 'group'],
  ['群组', 'group'],
]);
export const isIn = (text: string): 'person' | 'group' | undefined => isWords.get(plain(text).toLowerCase());

const roleWords: ReadonlyMap<string, 'head' | 'duty' | 'installer'> = new Map([
  ['head', 'head'],
  ['负责人', 'head'],
  ['duty', 'duty'],
  ['值班', 'duty'],
  ['installer', 'installer'],
  ['安装', 'installer'],
  ['安装人员', 'installer'],
]);
export const roleIn = (text: string): 'head' | 'duty' | 'installer' | undefined =>
  roleWords.get(plain(text).toLowerCase());
