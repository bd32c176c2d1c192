import { expect } from 'vitest';
import { type CameraDuty, cameraDays } from '../../shared/domain/camera-days.ts';
import type { CameraFacts } from '../../shared/domain/camera-facts.ts';
import { civilDayInterval } from '../../shared/domain/civil-day.ts';
import { areaDays, coverageHistory, heldBy, recordedBy } from '../../shared/domain/coverage-history.ts';
import { retentionAnswers } from '../../shared/domain/retention-answers.ts';
import type { Interval } from '../../shared/domain/time.ts';
import type { History, HistoryCamera, Span } from './camera-histories.ts';
import { type Judged, judge, localDay, sources, states } from './camera-oracle.ts';
import { aFacility, floor } from './rows.ts';

const MINUTE = 60_000;
const MARGIN = 30 * 60 * MINUTE;

/** Instants, oldest first; each stands for the time up to the next, which is `lengths` long, and lies on one of the days. */
export interface Sample {
  readonly instants: readonly number[];
  readonly lengths: readonly number[];
  /** Index of the local day. */
  readonly days: readonly number[];
}

const samples = new Map<string, Sample>();

/** Every minute of the local days. */
export const everyMinute = ({ zone, days }: Pick<History, 'zone' | 'days'>): Sample => {
  const key = `${zone} ${days.join()}`;
  const known = samples.get(key);
  if (known !== undefined) return known;
  const made = { instants: [] as number[], lengths: [] as number[], days: [] as number[] };
  const fromMs = Date.parse(`${days[0]}T00:00:00Z`) - MARGIN;
  const toMs = Date.parse(`${days.at(-1)}T00:00:00Z`) + 24 * 60 * MINUTE + MARGIN;
  for (let ms = fromMs; ms < toMs; ms += MINUTE) {
    const day = days.indexOf(localDay(ms, zone));
    if (day < 0) continue;
    made.instants.push(ms);
    made.lengths.push(MINUTE);
    made.days.push(day);
  }
  samples.set(key, made);
  return made;
};

const edgesOf = (history: History): readonly number[] => {
  const keptMs = history.retentionDays * 24 * 60 * MINUTE;
  return [
    history.nowMs - 2 * 60 * MINUTE,
    history.nowMs - keptMs,
    ...(history.closedMs === undefined ? [] : [history.closedMs]),
    ...history.cameras.flatMap(({ installedMs, retiredMs, reports, deletions, holds }) => [
      installedMs,
      ...(retiredMs === undefined ? [] : [retiredMs]),
      ...reports.flatMap(({ about, recorded, receivedMs, oldestMs }) => [
        ...about,
        ...recorded.flat(),
        receivedMs,
        ...(oldestMs === undefined ? [] : [oldestMs]),
      ]),
      ...deletions.flatMap(({ span, receivedMs }) => [...span, receivedMs, receivedMs - keptMs]),
      ...holds.flatMap(({ span, orderedMs, confirmed }) => [...span, orderedMs - keptMs, ...(confirmed?.span ?? [])]),
    ]),
  ];
};

/** Every instant at which anything can change, and its neighbours: in between nothing does, so the sums are exact. */
export const everyEdge = (history: History): Sample => {
  const minutes = everyMinute(history);
  const [firstMs = 0, lastMs = 0] = [minutes.instants[0], minutes.instants.at(-1)];
  const endMs = lastMs + MINUTE;
  const dayStarts = minutes.instants.filter((_, at) => minutes.days[at] !== minutes.days[at - 1]);
  const around = [...edgesOf(history), ...dayStarts].flatMap((ms) => [ms - 1, ms, ms + 1]);
  const inside = around.filter((ms) => firstMs <= ms && ms < endMs);
  const instants = [...new Set([firstMs, ...inside])].sort((a, b) => a - b);
  return {
    instants,
    lengths: instants.map((ms, at) => (instants[at + 1] ?? endMs) - ms),
    days: instants.map((ms) => history.days.indexOf(localDay(ms, history.zone))),
  };
};

const intervalOf = ([fromMs, toMs]: Span): Interval => ({ fromMs, toMs });

export const factsOf = (camera: HistoryCamera): CameraFacts => ({
  reports: camera.reports.map((report) => ({
    reported: [intervalOf(report.about)],
    recorded: report.recorded.map(intervalOf),
    receivedAtMs: report.receivedMs,
    ...(report.hourEndMs !== undefined && { hourEndMs: report.hourEndMs }),
    ...(report.oldestMs !== undefined && { oldestRetrievableAtMs: report.oldestMs }),
  })),
  deletions: camera.deletions.map(({ span, reason, receivedMs }) => ({
    ...intervalOf(span),
    reason,
    receivedAtMs: receivedMs,
  })),
  confirmed: camera.holds.flatMap(({ confirmed }, n) =>
    confirmed === undefined
      ? []
      : [{ ...intervalOf(confirmed.span), hold: `hold-${n + 1}`, receivedAtMs: confirmed.receivedMs }],
  ),
  holds: camera.holds.map(({ span, orderedMs, untilMs }, n) => ({
    id: `hold-${n + 1}`,
    ...intervalOf(span),
    orderedAtMs: orderedMs,
    untilMs,
  })),
});

export const dutyOf = (history: History, camera: HistoryCamera): CameraDuty => ({
  camera: {
    id: camera.id,
    box: 'b1',
    areas: ['play'],
    installedAtMs: camera.installedMs,
    ...(camera.retiredMs !== undefined && { retiredAtMs: camera.retiredMs }),
  },
  facility: aFacility({
    calendar: { ...aFacility().calendar, zone: history.zone },
    ...(history.closedMs !== undefined && { state: { is: 'closed', sinceMs: history.closedMs } }),
  }),
  pack: {
    ...floor,
    thresholds: {
      ...floor.thresholds,
      retentionDays: { value: history.retentionDays, source: 'configuration' },
    },
  },
  nowMs: history.nowMs,
});

/** Sums the lengths of the instants by day and word; a word is an index, absent = none. */
const sumsOf = <W extends string>(
  { instants, lengths, days }: Sample,
  count: number,
  words: readonly W[],
  wordAt: (at: number) => number | undefined,
): readonly Record<W, number>[] => {
  const sums = new Float64Array(count * words.length);
  for (let at = 0; at < instants.length; at += 1) {
    const word = wordAt(at);
    if (word === undefined) continue;
    const cell = (days[at] ?? 0) * words.length + word;
    sums[cell] = (sums[cell] ?? 0) + (lengths[at] ?? 0);
  }
  return Array.from({ length: count }, (_, day) => {
    const row = words.map((word, n) => [word, sums[day * words.length + n] ?? 0]);
    return Object.fromEntries(row) as Record<W, number>;
  });
};

const addedUp = <W extends string>(days: readonly Record<W, number>[], words: readonly W[]): Record<W, number> =>
  Object.fromEntries(words.map((word) => [word, days.reduce((sum, day) => sum + day[word], 0)])) as Record<W, number>;

const sumOf = (ms: Readonly<Record<string, number>>): number => Object.values(ms).reduce((sum, one) => sum + one, 0);

export const wholeOf = ({ days, zone }: History): Interval => ({
  fromMs: civilDayInterval(days[0] ?? '', zone).fromMs,
  toMs: civilDayInterval(days.at(-1) ?? '', zone).toMs,
});

const [CLAIMED, NOBODY] = [sources.indexOf('claimedMs'), sources.indexOf('nobodyMs')];

const checkCamera = (history: History, camera: HistoryCamera, judged: Judged, sample: Sample): void => {
  const [duty, facts] = [dutyOf(history, camera), factsOf(camera)];
  const count = history.days.length;
  const expected = sumsOf(sample, count, states, (at) => judged.states[at]);
  const days = cameraDays(duty, facts, history.days);
  expect(days.map(({ day, ms }) => ({ day, ms }))).toEqual(history.days.map((day, n) => ({ day, ms: expected[n] })));
  for (const [n, { lengthMs, requiredMs, ms }] of days.entries()) {
    expect(lengthMs).toBe(sumOf(expected[n] ?? {}));
    expect(sumOf(ms)).toBe(lengthMs);
    expect(requiredMs + ms['not-yet-due'] + ms['no-longer-due']).toBe(lengthMs);
  }

  const { 'not-yet-due': _early, 'no-longer-due': _old, ...owed } = addedUp(expected, states);
  const sourceAt = (at: number): number | undefined => {
    const state = states[judged.states[at] ?? 0];
    if (state === 'not-yet-due' || state === 'no-longer-due') return undefined;
    return judged.sourceOf(at) ?? (state === 'unknown' ? NOBODY : CLAIMED);
  };
  const { completeness, provenance } = retentionAnswers(duty, facts, wholeOf(history));
  expect(completeness).toEqual({ requiredMs: sumOf(owed), ms: owed });
  expect(provenance).toEqual(addedUp(sumsOf(sample, count, sources, sourceAt), sources));
};

type Answer = 'shown' | 'missing' | 'unknown';

const recordedAnswer = ({ isRecorded, isReported }: Judged, at: number): Answer => {
  if (isRecorded(at)) return 'shown';
  return isReported(at) ? 'missing' : 'unknown';
};

const heldAnswer = (judged: Judged, at: number): Answer => {
  const state = states[judged.states[at] ?? 0];
  if (state === 'held' || state === 'held-late' || state === 'on-hold') return 'shown';
  return state === 'lost' || (state === 'declared' && !judged.isClaimed(at)) ? 'missing' : 'unknown';
};

const areaStates = ['coveredMs', 'uncoveredMs', 'unknownMs'] as const;

const isUsed = ({ installedMs, retiredMs }: HistoryCamera, ms: number): boolean =>
  ms >= installedMs && (retiredMs === undefined || ms < retiredMs);

/** One bit for each camera. */
const maskOf = (history: History, ids: readonly string[]): number =>
  history.cameras.reduce((mask, { id }, n) => (ids.includes(id) ? mask | (1 << n) : mask), 0);

const checkCoverage = (
  history: History,
  judged: readonly Judged[],
  sample: Sample,
  asks: 'recorded' | 'held',
): void => {
  const whole = wholeOf(history);
  const cameras = history.cameras.map((camera) => {
    const [duty, facts] = [dutyOf(history, camera), factsOf(camera)];
    return asks === 'recorded' ? recordedBy(duty, facts) : heldBy(duty, facts, whole);
  });
  const answerAt = asks === 'recorded' ? recordedAnswer : heldAnswer;
  const told = coverageHistory(cameras, whole);
  const masks = told.map(({ by }) => maskOf(history, by));
  let stretch = 0;
  const stateAt = (at: number): number => {
    const ms = sample.instants[at] ?? 0;
    let [shown, unknown] = [0, 0];
    for (const [n, one] of judged.entries()) {
      const camera = history.cameras[n];
      if (camera === undefined || !isUsed(camera, ms)) continue;
      const answer = answerAt(one, at);
      if (answer === 'shown') shown |= 1 << n;
      if (answer === 'unknown') unknown |= 1 << n;
    }
    while ((told[stretch]?.toMs ?? Number.POSITIVE_INFINITY) <= ms) stretch += 1;
    if (shown !== masks[stretch]) expect({ ms, by: masks[stretch] }).toEqual({ ms, by: shown });
    if (shown !== 0) return 0;
    return unknown === 0 ? 1 : 2;
  };
  const expected = sumsOf(sample, history.days.length, areaStates, stateAt);
  const days = areaDays(told, history.days, history.zone);
  expect(days).toEqual(history.days.map((day, n) => ({ day, ...expected[n] })));
};

/** Everything that the domain says of a history, held against the oracle at the instants of the sample. */
export const checkHistory = (history: History, sample: Sample): void => {
  const judged = history.cameras.map((camera) => judge(history, camera, sample.instants));
  for (const [n, camera] of history.cameras.entries()) {
    const one = judged[n];
    if (one !== undefined) checkCamera(history, camera, one, sample);
  }
  checkCoverage(history, judged, sample, 'recorded');
  checkCoverage(history, judged, sample, 'held');
};
