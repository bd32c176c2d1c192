import { expect } from 'vitest';
import { type CameraDuty, cameraDayStates, cameraDays } from '../../shared/domain/camera-days.ts';
import type { CameraFacts } from '../../shared/domain/camera-facts.ts';
import { civilDayInterval } from '../../shared/domain/civil-day.ts';
import { areaDays, coverageHistory, heldBy, recordedBy } from '../../shared/domain/coverage-history.ts';
import { retentionAnswers } from '../../shared/domain/retention-answers.ts';
import type { Interval } from '../../shared/domain/time.ts';
import type { History, HistoryCamera, Span } from './camera-histories.ts';
import { type Judged, judge, localDay } from './camera-oracle.ts';
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

const intervalOf = ([fromMs, toMs]: Span): Interval => ({ fromMs, toMs });

const factsOf = (camera: HistoryCamera): CameraFacts => ({
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
  holds: camera.holds.map(({ span, orderedMs, untilMs }) => ({
    ...intervalOf(span),
    orderedAtMs: orderedMs,
    untilMs,
  })),
});

const dutyOf = (history: History, camera: HistoryCamera): CameraDuty => ({
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

/** Sums the lengths of the instants by a word for each; one table per local day, or one for all. */
const sumsBy = <W extends string>(
  sample: Sample,
  words: readonly W[],
  wordAt: (at: number) => W | undefined,
  tables: number,
): readonly Record<W, number>[] => {
  const sums = Array.from(
    { length: tables },
    () => Object.fromEntries(words.map((word) => [word, 0])) as Record<W, number>,
  );
  for (let at = 0; at < sample.instants.length; at += 1) {
    const table = sums[tables === 1 ? 0 : (sample.days[at] ?? 0)];
    const word = wordAt(at);
    if (table !== undefined && word !== undefined) table[word] += sample.lengths[at] ?? 0;
  }
  return sums;
};

const checkDays = (history: History, camera: HistoryCamera, judged: Judged, sample: Sample): void => {
  const days = cameraDays(dutyOf(history, camera), factsOf(camera), history.days);
  const expected = sumsBy(sample, cameraDayStates, (at) => judged.states[at] as never, history.days.length);
  expect(days.map(({ day, ms }) => ({ day, ms }))).toEqual(history.days.map((day, n) => ({ day, ms: expected[n] })));
  const lengths = sumsBy(sample, ['all'], () => 'all', history.days.length);
  for (const [n, { lengthMs, requiredMs, ms }] of days.entries()) {
    expect(lengthMs).toBe(lengths[n]?.all);
    expect(Object.values(ms).reduce((sum, one) => sum + one, 0)).toBe(lengthMs);
    expect(requiredMs + ms['not-yet-due'] + ms['no-longer-due']).toBe(lengthMs);
  }
};

const isDue = (state: string | undefined): boolean => state !== 'not-yet-due' && state !== 'no-longer-due';

const wholeOf = ({ days, zone }: History): Interval => ({
  fromMs: civilDayInterval(days[0] ?? '', zone).fromMs,
  toMs: civilDayInterval(days.at(-1) ?? '', zone).toMs,
});

const sources = ['in-time', 'undated', 'late', 'claimed', 'nobody'] as const;

const checkAnswers = (history: History, camera: HistoryCamera, judged: Judged, sample: Sample): void => {
  const answers = retentionAnswers(dutyOf(history, camera), factsOf(camera), wholeOf(history));
  const {
    'not-yet-due': _early,
    'no-longer-due': _old,
    ...ms
  } = sumsBy(sample, cameraDayStates, (at) => judged.states[at] as never, 1)[0] as Record<string, number>;
  const requiredMs = Object.values(ms).reduce((sum, one) => sum + one, 0);
  const sourceAt = (at: number): (typeof sources)[number] | undefined => {
    if (!isDue(judged.states[at])) return undefined;
    return judged.source[at] ?? (judged.states[at] === 'unknown' ? 'nobody' : 'claimed');
  };
  const [from] = sumsBy(sample, sources, sourceAt, 1);
  expect(answers.completeness).toEqual({ requiredMs, ms });
  expect(answers.provenance).toEqual({
    inTimeMs: from?.['in-time'],
    undatedMs: from?.undated,
    lateMs: from?.late,
    claimedMs: from?.claimed,
    nobodyMs: from?.nobody,
  });
};

type Answer = 'shown' | 'missing' | 'unknown';

const recordedAnswer = ({ recorded, reported }: Judged, at: number): Answer => {
  if (recorded[at]) return 'shown';
  return reported[at] ? 'missing' : 'unknown';
};

const heldAnswer = ({ states, claimed }: Judged, at: number): Answer => {
  const state = states[at] ?? '';
  if (['held', 'held-late', 'on-hold'].includes(state)) return 'shown';
  return state === 'lost' || (state === 'declared' && !claimed[at]) ? 'missing' : 'unknown';
};

const areaStates = ['covered', 'uncovered', 'unknown'] as const;

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
  const shown = coverageHistory(cameras, whole);
  const answerAt = asks === 'recorded' ? recordedAnswer : heldAnswer;
  const isUsed = ({ installedMs, retiredMs }: HistoryCamera, ms: number): boolean =>
    ms >= installedMs && (retiredMs === undefined || ms < retiredMs);
  let stretch = 0;
  const stateAt = (at: number): (typeof areaStates)[number] => {
    const ms = sample.instants[at] ?? 0;
    const used = history.cameras.flatMap((camera, n) => {
      const one = judged[n];
      return one !== undefined && isUsed(camera, ms) ? [{ id: camera.id, answer: answerAt(one, at) }] : [];
    });
    while ((shown[stretch]?.toMs ?? Number.POSITIVE_INFINITY) <= ms) stretch += 1;
    const by = used.filter(({ answer }) => answer === 'shown').map(({ id }) => id);
    if (by.join() !== shown[stretch]?.by.join()) expect(shown[stretch], `${ms}`).toMatchObject({ by });
    if (by.length > 0) return 'covered';
    return used.some(({ answer }) => answer === 'unknown') ? 'unknown' : 'uncovered';
  };
  const expected = sumsBy(sample, areaStates, stateAt, history.days.length);
  expect(areaDays(shown, history.days, history.zone)).toEqual(
    history.days.map((day, n) => ({
      day,
      coveredMs: expected[n]?.covered,
      uncoveredMs: expected[n]?.uncovered,
      unknownMs: expected[n]?.unknown,
    })),
  );
};

/** Everything that the domain says of a history, held against the oracle at the instants of the sample. */
export const checkHistory = (history: History, sample: Sample): void => {
  const judged = history.cameras.map((camera) => judge(history, camera, sample.instants));
  for (const [n, camera] of history.cameras.entries()) {
    const one = judged[n];
    if (one === undefined) continue;
    checkDays(history, camera, one, sample);
    checkAnswers(history, camera, one, sample);
  }
  checkCoverage(history, judged, sample, 'recorded');
  checkCoverage(history, judged, sample, 'held');
};
