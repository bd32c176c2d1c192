import { civilDayOf, instantOf } from '../civil-day.ts';
import { DAY_MS } from '../time.ts';
import type { ChallengePolicy } from './challenge.ts';

/** The key to which tokens are sealed: one a month, and a number above 1 where a month needed another. */
export interface KeyMonth {
  readonly year: number;
  /** 1 … 12. */
  readonly month: number;
  /** 1 … 255. */
  readonly number: number;
}

/** How a key id reads, such as `2026-11.1`. */
export const keyIdPattern = /^(2\d{3})-(0[1-9]|1[0-2])\.([1-9]\d{0,2})$/;

/** `2026-11.1`. */
export const formatKeyMonth = ({ year, month, number }: KeyMonth): string =>
  `${year}-${String(month).padStart(2, '0')}.${number}`;

/** `undefined` = no key id of ours. */
export const parseKeyMonth = (keyId: string): KeyMonth | undefined => {
  const [, year, month, number] = keyIdPattern.exec(keyId) ?? [];
  if (year === undefined || month === undefined || number === undefined || Number(number) > 255) return undefined;
  return { year: Number(year), month: Number(month), number: Number(number) };
};

/** The first key of the month in which an instant lies. */
export const keyMonthAt = (ms: number, zone: string): KeyMonth => {
  const day = civilDayOf(ms, zone);
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), number: 1 };
};

/** The keys of a stack are one set for all its facilities, so their months are those of one zone. */
export const KEY_ZONE = 'Asia/Shanghai';

/** The next month's key is there so long before the month begins: boxes that hear of us seldom have it in time. */
const AHEAD_MS = 5 * DAY_MS;

/** The months whose keys must be there: this one, and at its end the next. */
export const monthsToHave = (nowMs: number, zone: string): readonly KeyMonth[] => {
  const [now, soon] = [keyMonthAt(nowMs, zone), keyMonthAt(nowMs + AHEAD_MS, zone)];
  return monthsOf(now) === monthsOf(soon) ? [now] : [now, soon];
};

/** The keys of one month, the last made at the end. */
export const keysOfMonth = <Key extends { readonly keyId: string }>(
  keys: readonly Key[],
  month: KeyMonth,
): readonly (Key & { readonly number: number })[] =>
  keys
    .flatMap((key) => {
      const parsed = parseKeyMonth(key.keyId);
      return parsed !== undefined && monthsOf(parsed) === monthsOf(month) ? [{ ...key, number: parsed.number }] : [];
    })
    .sort((a, b) => a.number - b.number);

/** The key to which boxes seal now: the last made of this month, else of the month before. Absent = none was made. */
export const sealingKeyAt = <Key extends { readonly keyId: string }>(
  keys: readonly Key[],
  nowMs: number,
  zone: string,
): Key | undefined => {
  const month = keyMonthAt(nowMs, zone);
  const before = monthFrom(monthsOf(month) - 1);
  return keysOfMonth(keys, month).at(-1) ?? keysOfMonth(keys, before).at(-1);
};

const monthFrom = (months: number): KeyMonth => ({
  year: Math.floor(months / 12),
  month: (months % 12) + 1,
  number: 1,
});

const monthsOf = ({ year, month }: KeyMonth): number => year * 12 + month - 1;

/**
 * Whether a key may seal that hour. A box that was offline over the turn of a month has only the old key, and one that
 * seals the last hour of a month has perhaps the new one already; anything further apart was not sealed when it was
 * recorded.
 */
export const isKeyTimely = (key: KeyMonth, hourMs: number, zone: string): boolean =>
  Math.abs(monthsOf(key) - monthsOf(keyMonthAt(hourMs, zone))) <= 1;

/**
 * Until when the private key must exist; then it is destroyed, and with it the last way to open its tokens. It may have
 * sealed hours up to the end of the month after its own, and each is asked for until its retention is over.
 */
export const keyNeededUntilMs = (
  key: KeyMonth,
  { retainMs, answerWithinMs }: Pick<ChallengePolicy, 'retainMs' | 'answerWithinMs'>,
  zone: string,
): number => {
  const after = monthsOf(key) + 2;
  const firstDay = `${Math.floor(after / 12)}-${String((after % 12) + 1).padStart(2, '0')}-01`;
  return instantOf(firstDay, '00:00', zone) + retainMs + answerWithinMs;
};
