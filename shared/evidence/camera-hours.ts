import { type CameraDayState, type CameraTime, cameraDayStates } from '../domain/camera-days.ts';
import { msInEach } from '../domain/days-of-time.ts';
import { HOUR_MS, type Interval } from '../domain/time.ts';
import { fromDecimal } from './decimal.ts';
import { EvidenceError } from './evidence-error.ts';

/*
 * Ninety days of one camera, hour by hour, in a few characters: `h2136x3h21` reads 2,136 hours held, 3 lost, 21 held. No
 * hour can be left out, so that what is not there is said to be not there.
 */

/** Milliseconds in each state; they add up to the time that they are about. */
export type StateMs = Readonly<Record<CameraDayState, number>>;

/** Every state has its letter; a letter never gets another meaning. */
const letters: Readonly<Record<CameraDayState, string>> = {
  held: 'h',
  'held-late': 'l',
  'on-hold': 'k',
  lost: 'x',
  declared: 'd',
  unknown: 'u',
  'not-yet-due': 'n',
  'no-longer-due': 'o',
};

const stateOf = new Map(cameraDayStates.map((state) => [letters[state], state]));

/** An hour in several states is called by the first of these: nothing lost hides behind what was held. */
export const worstFirst: readonly CameraDayState[] = [
  'lost',
  'unknown',
  'declared',
  'held-late',
  'on-hold',
  'held',
  'not-yet-due',
  'no-longer-due',
];

export const noMs = (): Record<CameraDayState, number> => ({
  'not-yet-due': 0,
  'no-longer-due': 0,
  held: 0,
  'held-late': 0,
  'on-hold': 0,
  lost: 0,
  declared: 0,
  unknown: 0,
});

/** Sums of several. */
export const sumMs = (all: readonly StateMs[]): StateMs => {
  const sum = noMs();
  for (const ms of all) for (const state of cameraDayStates) sum[state] += ms[state];
  return sum;
};

/** The hours of a time, which is a whole number of them long. */
export const hoursIn = ({ fromMs, toMs }: Interval): number => (toMs - fromMs) / HOUR_MS;

/** What became of a camera's time, by hour and in sum. `window` is a whole number of hours long. */
export const cameraHours = (time: CameraTime, window: Interval): { readonly hours: string; readonly ms: StateMs } => {
  const count = hoursIn(window);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('a window has whole hours');
  const spans = Array.from({ length: count }, (_, at) => ({
    fromMs: window.fromMs + at * HOUR_MS,
    toMs: window.fromMs + (at + 1) * HOUR_MS,
  }));
  const each = Object.fromEntries(cameraDayStates.map((state) => [state, msInEach(time[state], spans)])) as Readonly<
    Record<CameraDayState, readonly number[]>
  >;
  const states = spans.map((_, at) => worstFirst.find((state) => (each[state][at] ?? 0) > 0) ?? 'unknown');
  const ms = noMs();
  for (const state of cameraDayStates) ms[state] = each[state].reduce((sum, one) => sum + one, 0);
  return { hours: formatHours(states), ms };
};

/** One spelling: neighbouring runs differ. */
export const formatHours = (states: readonly CameraDayState[]): string => {
  const runs: { state: CameraDayState; length: number }[] = [];
  for (const state of states) {
    const last = runs.at(-1);
    if (last?.state === state) last.length += 1;
    else runs.push({ state, length: 1 });
  }
  return runs.map(({ state, length }) => `${letters[state]}${length}`).join('');
};

const refuse = (detail: string): never => {
  throw new EvidenceError('malformed', detail);
};

/** The state of each hour. Throws `malformed` unless they are exactly `count`, in the one spelling. */
export const parseHours = (text: string, count: number): readonly CameraDayState[] => {
  const runs = text.match(/[a-z][0-9]+/g) ?? [];
  if (runs.join('') !== text) refuse('The hours of a camera are not written as letters and counts.');
  const states: CameraDayState[] = [];
  for (const run of runs) {
    const state = stateOf.get(run.slice(0, 1)) ?? refuse(`“${run}” is no state of camera-hours.`);
    const length = fromDecimal(run.slice(1)) ?? refuse(`“${run.slice(0, 20)}” is no number of hours.`);
    if (length === 0 || states.length + length > count) refuse(`A camera has hours for ${count}, and not for more.`);
    if (states.at(-1) === state) refuse('Hours of one state are written as two runs.');
    for (let n = 0; n < length; n += 1) states.push(state);
  }
  if (states.length !== count) refuse(`A camera has ${states.length} of its ${count} hours: the others are left out.`);
  return states;
};

/**
 * That sums and hours can be of the same time: each hour has one hour, and an hour called by a state has nothing worse in
 * it and something of that state. Throws `malformed`.
 */
export const requireSameTime = (ms: StateMs, states: readonly CameraDayState[]): void => {
  const counts = noMs();
  for (const state of states) counts[state] += 1;
  let [hoursMs, sumOfMs] = [0, 0];
  for (const state of worstFirst) {
    const hours = counts[state];
    hoursMs += hours * HOUR_MS;
    sumOfMs += ms[state];
    if (ms[state] < hours || sumOfMs > hoursMs) refuse(`The sum of what is ${state} is not that of its hours.`);
  }
  if (sumOfMs !== hoursMs) refuse('The states of a camera do not add up to its hours.');
};
