import type { BilingualName } from '../../domain/facility.ts';

const units = [
  [3_600, '小时', 'h'],
  [60, '分钟', 'min'],
  [1, '秒', 's'],
] as const;

/** `1 h 5 min`; what is shorter than a second is said to be so. */
export const lengthOf = (seconds: number): BilingualName => {
  let rest = seconds;
  const [zh, en]: [string[], string[]] = [[], []];
  for (const [unit, ofZh, ofEn] of units) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count === 0) continue;
    zh.push(`${count}${ofZh}`);
    en.push(`${count} ${ofEn}`);
  }
  return zh.length === 0 ? { zh: '不足1秒', en: 'less than 1 s' } : { zh: zh.join(''), en: en.join(' ') };
};
