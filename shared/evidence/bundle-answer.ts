import type { CameraDayState } from '../domain/camera-days.ts';
import { civilDayInterval } from '../domain/civil-day.ts';
import { HOUR_MS, type Interval } from '../domain/time.ts';
import type { Question } from './bundle.ts';
import { hoursIn, noMs, parseHours } from './camera-hours.ts';
import { type StatedCamera, type Statement, windowOf } from './statement.ts';

/** What the last statement says of the time that was asked about. */
export interface Answer {
  /** Camera-hours in each state. For an area: hours, each in the best state of its cameras. */
  readonly hours: Readonly<Record<CameraDayState, number>>;
  /** Cameras that are spoken of. */
  readonly cameras: readonly string[];
  /** Hours asked about that lie outside the window of the statement. */
  readonly outside: number;
}

/** The states in which a recording can still be fetched. */
export const retrievableStates: readonly CameraDayState[] = ['held', 'held-late', 'on-hold'];

/** Of an hour that several cameras saw, the best is what an area has. */
const bestFirst: readonly CameraDayState[] = [
  ...retrievableStates,
  'declared',
  'unknown',
  'lost',
  'no-longer-due',
  'not-yet-due',
];

/** The time asked about. */
export const askedInterval = (question: Question, zone: string): Interval =>
  'days' in question
    ? {
        fromMs: civilDayInterval(question.days.from, zone).fromMs,
        toMs: civilDayInterval(question.days.to, zone).toMs,
      }
    : { fromMs: Date.parse(question.interval.from), toMs: Date.parse(question.interval.to) };

interface Hours {
  /** Half-open, counted from the start of the window. */
  readonly from: number;
  readonly to: number;
  readonly outside: number;
}

/** Every hour that the asked time touches: a half hour is not answered by leaving its hour out. */
const hoursOf = (asked: Interval, window: Interval): Hours => {
  const count = hoursIn(window);
  const first = Math.floor((asked.fromMs - window.fromMs) / HOUR_MS);
  const end = Math.ceil((asked.toMs - window.fromMs) / HOUR_MS);
  const from = Math.min(Math.max(first, 0), count);
  const to = Math.min(Math.max(end, from), count);
  return { from, to, outside: end - first - (to - from) };
};

/** Reads the answer from the statement, which was verified before. */
export const answerOf = (question: Question, statement: Statement): Answer => {
  const window = windowOf(statement);
  const { from, to, outside } = hoursOf(askedInterval(question, statement.zone), window);
  const cameras = statement.cameras.filter((one) => !('area' in question) || one.areas.includes(question.area));
  const statesOf = (one: StatedCamera) => parseHours(one.hours, hoursIn(window)).slice(from, to);
  const each = cameras.map(statesOf);
  const hours = noMs();
  if ('area' in question) {
    for (let at = 0; at < to - from; at += 1) {
      const best = bestFirst.find((state) => each.some((states) => states[at] === state));
      if (best !== undefined) hours[best] += 1;
    }
  } else for (const state of each.flat()) hours[state] += 1;
  return { hours, cameras: cameras.map(({ camera }) => camera), outside };
};
