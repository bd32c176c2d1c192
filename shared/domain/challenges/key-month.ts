import { civilDayOf, instantOf } from '../civil-day.ts';
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
