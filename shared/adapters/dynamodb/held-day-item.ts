import type { ByteStability } from '../../domain/challenges/challenge.ts';
import type { HourSeal } from '../../domain/challenges/hour-seals.ts';
import type { HeldDay } from '../../domain/held-day.ts';
import type { HourReception } from '../../domain/hour-receptions.ts';
import { intersect, union } from '../../domain/interval.ts';
import { HOUR_MS, hourFrom, type Interval } from '../../domain/time.ts';
import type { Item } from './engine.ts';

/*
 * A day is written once an hour for each camera, so the receptions of its hours are kept as short texts:
 * `<hour>+<received after the hour began>`, and `=<from>:<to>,…` (after the hour began) where what we then heard is not
 * all that is recorded of the hour. All in milliseconds, base 36.
 */
const BASE = 36;
const text = (ms: number): string => ms.toString(BASE);
const number = (ms: string | undefined): number => Number.parseInt(ms ?? '', BASE);

const recordedIn = ({ recorded }: Pick<HeldDay, 'recorded'>, hourMs: number): readonly Interval[] =>
  intersect(recorded, [hourFrom(hourMs)]);

const piecesOf = (pieces: readonly Interval[], hourMs: number): string =>
  pieces.map(({ fromMs, toMs }) => `${text(fromMs - hourMs)}:${text(toMs - hourMs)}`).join();

const textOf = (day: HeldDay, { hourMs, receivedAtMs, recorded }: HourReception): string => {
  const when = `${text(hourMs)}+${text(receivedAtMs - hourMs)}`;
  const pieces = piecesOf(union(recorded), hourMs);
  return pieces === piecesOf(recordedIn(day, hourMs), hourMs) ? when : `${when}=${pieces}`;
};

const receptionOf = (day: HeldDay, kept: string): HourReception => {
  const [when = '', pieces] = kept.split('=');
  const [hour, after] = when.split('+');
  const hourMs = number(hour);
  const recorded = (pieces ?? '').split(',').flatMap((piece): Interval[] => {
    const [from, to] = piece.split(':');
    return to === undefined ? [] : [{ fromMs: hourMs + number(from), toMs: hourMs + number(to) }];
  });
  const receivedAtMs = hourMs + number(after);
  return { hourMs, receivedAtMs, recorded: pieces === undefined ? recordedIn(day, hourMs) : recorded };
};

const sealLetters: Readonly<Record<ByteStability, string>> = { 'byte-stable': 'b', 'presence-only': 'p' };
const NO_SEAL = '.';

/** `8dm2f:bb.p`: the first hour that has a seal, and a letter for it and for each hour after it. */
const sealsText = (seals: readonly HourSeal[]): string => {
  const firstMs = Math.min(...seals.map(({ hourMs }) => hourMs));
  const letters: string[] = [];
  for (const { hourMs, stability } of seals) letters[(hourMs - firstMs) / HOUR_MS] = sealLetters[stability];
  return `${text(firstMs / HOUR_MS)}:${Array.from(letters, (letter) => letter ?? NO_SEAL).join('')}`;
};

const sealsOf = (kept: string): readonly HourSeal[] => {
  const [first, letters = ''] = kept.split(':');
  return [...letters].flatMap((letter, at): HourSeal[] => {
    const hourMs = (number(first) + at) * HOUR_MS;
    if (letter === NO_SEAL) return [];
    return [{ hourMs, stability: letter === sealLetters['byte-stable'] ? 'byte-stable' : 'presence-only' }];
  });
};

/** What is kept of a day, without its key. */
export const itemOfHeldDay = (day: HeldDay): Item => ({
  ...day,
  ...(day.seals && { seals: sealsText(day.seals) }),
  ...(day.receptions && { receptions: day.receptions.map((one) => textOf(day, one)) }),
});

/** Days that were kept before receptions were have none. */
export const heldDayOfBody = (body: Item): HeldDay => {
  const { receptions, seals, ...rest } = body as unknown as Omit<HeldDay, 'receptions' | 'seals'> & {
    readonly receptions?: readonly string[];
    readonly seals?: string;
  };
  const day = { ...rest, ...(seals !== undefined && { seals: sealsOf(seals) }) };
  return { ...day, ...(receptions && { receptions: receptions.map((one) => receptionOf(day, one)) }) };
};
