import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEMO_ZONE, type Nursery, nurseries, type Part } from '../../../box/fleet/nurseries.ts';
import { addDays, civilDayOf, instantOf } from '../../../shared/domain/civil-day.ts';
import { HOUR_MS } from '../../../shared/domain/time.ts';

/** Film reaches back so far: ninety days are owed, and two more. */
const FILM_DAYS = 92;
/** Logs begin so many days ago, with the registration: sealing each day of all film would keep a newcomer waiting. */
const LOG_DAYS = 15;
/** One log has every day, so that ninety of them can be proved. */
export const hasLongLog = ({ part }: Nursery): boolean => part === 'new-camera';
/** The liar is asked for its film on so many of the last days. */
const ASKED_DAYS = 8;

/** Whose past the demo has: the four that an auditor has to tell apart. */
const parts: readonly Part[] = ['keeps-35-days', 'new-camera', 'nightly-gap', 'box-that-lies'];
export const nurseriesWithPast: readonly Nursery[] = nurseries.filter(({ part }) => parts.includes(part));

/** What is written, as it was decided at the first start: whoever goes on after a kill writes the same. */
export interface Plan {
  /** The hour in which the demo began: the past ends with the hour before it. */
  readonly untilMs: number;
  readonly filmFromMs: number;
  readonly registeredAtMs: number;
  /** The first day of their logs, and of the region's. */
  readonly firstDay: string;
  /** The last day that had ended. */
  readonly lastDay: string;
  /** Days of which the past draws challenges of the liar; the last day is drawn by the running stack. */
  readonly askedDays: readonly string[];
  readonly done: boolean;
}

const fileIn = (dataDir: string): string => path.join(dataDir, 'demo-past.json');

export const planAt = (nowMs: number): Plan => {
  const lastDay = addDays(civilDayOf(nowMs, DEMO_ZONE), -1);
  const firstDay = addDays(lastDay, 1 - LOG_DAYS);
  return {
    untilMs: nowMs - (nowMs % HOUR_MS),
    filmFromMs: instantOf(addDays(lastDay, 1 - FILM_DAYS), '00:00', DEMO_ZONE),
    registeredAtMs: instantOf(firstDay, '00:00', DEMO_ZONE),
    firstDay,
    lastDay,
    askedDays: Array.from({ length: ASKED_DAYS }, (_, n) => addDays(lastDay, n - ASKED_DAYS)),
    done: false,
  };
};

/** Absent = none was begun on this data. */
export const readPlan = (dataDir: string): Plan | undefined =>
  existsSync(fileIn(dataDir)) ? (JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as Plan) : undefined;

export const keepPlan = (dataDir: string, plan: Plan): void => {
  writeFileSync(`${fileIn(dataDir)}.draft`, JSON.stringify(plan));
  renameSync(`${fileIn(dataDir)}.draft`, fileIn(dataDir));
};
