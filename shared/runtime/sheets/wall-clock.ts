import { civilTimeOf } from '../../domain/civil-day.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { type DateKind, isInstant, type Lines } from '../../use-cases/audit/sheet.ts';

/** A spreadsheet knows no zones: the instant as a clock on the wall shows it, written as if that were UTC. */
const onTheWall = (instant: string, zone: string): Date => {
  const ms = Date.parse(instant);
  const { day, time } = civilTimeOf(ms, zone);
  return new Date(Date.parse(`${day}T${time}:00Z`) + (ms % MINUTE_MS));
};

/** The date in a cell of such a column; absent where it is said that there is none. */
export const dateIn = (value: unknown, kind: DateKind | null, zone: string): Date | undefined => {
  if (typeof value !== 'string' || kind === null) return undefined;
  if (kind === 'instant') return isInstant(value) ? onTheWall(value, zone) : undefined;
  return /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined;
};

/** By whose clock, as a reader in China calls it. */
export const zoneName = (zone: string): string => (zone === 'Asia/Shanghai' ? `北京时间 ${zone}` : zone);

/** Instants are read by the clock that their heading names. */
export const headingsIn = ({ headings, kinds }: Lines, zone: string): readonly string[] =>
  headings.map((heading, at) => (kinds[at] === 'instant' ? `${heading} (${zoneName(zone)})` : heading));
