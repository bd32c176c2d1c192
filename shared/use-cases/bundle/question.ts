import { addDays, civilDayInterval, civilDayOf } from '../../domain/civil-day.ts';
import { NotSealedYetError } from '../../domain/errors.ts';
import type { Facility } from '../../domain/facility.ts';
import { readInstant } from '../../domain/instants.ts';
import type { Question } from '../../evidence/bundle.ts';
import type { LogHead } from '../../ports/sealed-store.ts';
import { queryInvalid } from '../audit/as-of.ts';

/** What a person asks a bundle about: whole local days, or with `area` the time between two instants. */
export interface BundleQuestion {
  readonly from: string;
  readonly to: string;
  readonly area?: string;
  /** Absent = the end of the last day under seal. */
  readonly asOf?: string;
}

/** The question as the bundle carries it, and the days whose statements answer it. */
export interface AskedDays {
  readonly question: Question;
  readonly firstDay: string;
  /** The last day that had ended at `asOf`. */
  readonly lastDay: string;
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
const spelled = (ms: number): string => new Date(ms).toISOString();

const notYet = (lastDay: string | undefined, zone: string): NotSealedYetError =>
  new NotSealedYetError(
    lastDay === undefined
      ? 'no day of this facility is under seal'
      : `its log ends with ${lastDay}: ask as of ${spelled(civilDayInterval(lastDay, zone).toMs)}, or before`,
  );

const daysOf = ({ from, to }: BundleQuestion, lastDay: string) => {
  if (!isDay(from)) throw queryInvalid('/from', 'is a day such as 2026-11-03, unless an `area` is asked about');
  if (!isDay(to)) throw queryInvalid('/to', 'is a day such as 2026-11-03, unless an `area` is asked about');
  if (from > to) throw queryInvalid('/from', 'must not be after `to`');
  if (to > lastDay) throw queryInvalid('/to', `must be a day that had ended at \`asOf\`: ${lastDay} or before`);
  return { days: { from, to }, firstDay: from };
};

const intervalOf = ({ from, to }: BundleQuestion, area: string, atMs: number, zone: string) => {
  if (isDay(from) || isDay(to)) throw queryInvalid('/from', 'is an instant, as `to` is, if an `area` is asked about');
  const [fromMs, toMs] = [readInstant(from), readInstant(to)];
  if (fromMs >= toMs) throw queryInvalid('/from', 'must be before `to`');
  if (toMs > atMs) throw queryInvalid('/to', `must not be after ${spelled(atMs)}, the instant as of which is asked`);
  return { area, interval: { from: spelled(fromMs), to: spelled(toMs) }, firstDay: civilDayOf(fromMs, zone) };
};

/**
 * Reads the question against the log as it stands. Throws `NotSealedYetError` where its day is not sealed, and
 * `InvalidInputError` where nothing could ever answer it.
 */
export const askedDaysOf = (
  asked: BundleQuestion,
  { id, areas, cameras, calendar: { zone } }: Facility,
  head: LogHead | undefined,
  nowMs: number,
): AskedDays => {
  const sealedDay = head?.lastDay;
  if (sealedDay === undefined) throw notYet(undefined, zone);
  const atMs = asked.asOf === undefined ? civilDayInterval(sealedDay, zone).toMs : readInstant(asked.asOf);
  if (atMs > nowMs) throw queryInvalid('/asOf', 'must not be in the future');
  const lastDay = addDays(civilDayOf(atMs, zone), -1);
  if (lastDay > sealedDay) throw notYet(sealedDay, zone);
  const common = { facility: id, asOf: spelled(atMs) };
  if (asked.area === undefined) {
    const { days, firstDay } = daysOf(asked, lastDay);
    return { question: { ...common, days }, firstDay, lastDay };
  }
  const { area } = asked;
  if (!areas.some((one) => one.id === area) && !cameras.some((one) => one.areas.includes(area))) {
    throw queryInvalid('/area', 'is no area of this facility');
  }
  const { interval, firstDay } = intervalOf(asked, area, atMs, zone);
  // A time within the day that goes on at `asOf` is spoken of by no statement: the answer says so.
  return { question: { ...common, area, interval }, firstDay: firstDay < lastDay ? firstDay : lastDay, lastDay };
};
