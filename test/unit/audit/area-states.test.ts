import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AreaRecording, answerOf, areaRecordings } from '../../../shared/domain/area-recordings.ts';
import { dutyOf, everyEdge, everyMinute, factsOf, type Sample, wholeOf } from '../../support/camera-days-checks.ts';
import { aHistory, edgyHistory, type History, moved } from '../../support/camera-histories.ts';
import { type Judged, judge, states } from '../../support/camera-oracle.ts';

/** A failure prints its seed and the smallest history; `SEED=<n>` repeats the run. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const tell = (history: History): readonly AreaRecording[] =>
  areaRecordings(
    history.cameras.map((camera) => ({ duty: dutyOf(history, camera), facts: factsOf(camera) })),
    wholeOf(history),
  );

/** In words of its own: what one camera has at one instant. */
const wordOf = (judged: Judged, at: number): string => {
  const state = states[judged.states[at] ?? 0] ?? '';
  if (state !== 'declared') return state;
  return judged.isClaimed(at) ? 'declared-held' : 'declared-deleted';
};

const isThere = (word: string): boolean => word === 'held' || word === 'held-late' || word === 'on-hold';
const nobodyKnows = ['declared-held', 'unknown', 'not-yet-due', 'no-longer-due'];

/** The area at one instant, camera by camera, without an interval. */
const expectedAt = (history: History, judged: readonly Judged[], at: number, ms: number) => {
  const inUse = history.cameras.flatMap(({ id, installedMs, retiredMs }, n) => {
    const one = judged[n];
    return one !== undefined && installedMs <= ms && (retiredMs === undefined || ms < retiredMs) ? [{ id, one }] : [];
  });
  const words = inUse.map(({ one }) => wordOf(one, at));
  const first = (order: readonly string[]): string | undefined => order.find((word) => words.includes(word));
  const state =
    first(['held', 'held-late', 'on-hold']) ?? first(nobodyKnows) ?? first(['declared-deleted', 'lost']) ?? 'no-camera';
  const recordedBy = inUse.filter(({ one }) => one.isRecorded(at)).map(({ id }) => id);
  const allMissed = inUse.every(({ one }) => one.isReported(at));
  const recorded = recordedBy.length > 0 ? 'yes' : allMissed ? 'no' : 'not-known';
  const heldBy = inUse.filter(({ one }) => isThere(wordOf(one, at))).map(({ id }) => id);
  return { recorded, recordedBy, state, heldBy };
};

const check = (history: History, sample: Sample): void => {
  const judged = history.cameras.map((camera) => judge(history, camera, sample.instants));
  const told = tell(history);
  const whole = wholeOf(history);
  expect([told[0]?.fromMs, told.at(-1)?.toMs]).toEqual([whole.fromMs, whole.toMs]);
  for (const [n, one] of told.entries()) {
    expect(one.fromMs).toBeLessThan(one.toMs);
    if (n > 0) expect(one.fromMs).toBe(told[n - 1]?.toMs);
  }
  let n = 0;
  for (const [at, ms] of sample.instants.entries()) {
    while ((told[n]?.toMs ?? Number.POSITIVE_INFINITY) <= ms) n += 1;
    const { fromMs: _from, toMs: _to, ...said } = told[n] as AreaRecording;
    const expected = expectedAt(history, judged, at, ms);
    // Comparing text first: an expectation for each of many thousand instants would take minutes.
    const isSame = JSON.stringify(said, keys) === JSON.stringify(expected, keys);
    if (!isSame) expect({ ms, ...said }).toEqual({ ms, ...expected });
  }
};
const keys = ['recorded', 'recordedBy', 'state', 'heldBy'];

describe(`random histories of an area (seed ${seed})`, () => {
  it('are told minute by minute as a brute-force walk over the cameras tells them', () => {
    fc.assert(
      fc.property(aHistory, (history) => check(history, everyMinute(history))),
      { seed, numRuns: 60 },
    );
  });

  it('are told to the millisecond at every edge', () => {
    const moves = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(aHistory, moves, (history, by) => {
        const shaken = moved(history, (n) => by[n % by.length] ?? 0);
        check(shaken, everyEdge(shaken));
      }),
      { seed, numRuns: 100 },
    );
    check(edgyHistory, everyEdge(edgyHistory));
  });

  it('hold every state often enough to tell', () => {
    const seen = new Set<string>();
    for (const history of fc.sample(aHistory, { seed: 1, numRuns: 200 })) {
      for (const { state } of tell(history)) seen.add(state);
    }
    const all = ['held', 'held-late', 'on-hold', ...nobodyKnows, 'declared-deleted', 'lost', 'no-camera'];
    expect([...seen].sort()).toEqual(all.sort());
  });
});

describe('the answer of a time', () => {
  const of = (yes: number, no: number, unknown: number) => answerOf({ yes, no, 'not-known': unknown });

  it('is yes only for all of it, no only if nothing can be there, and else says that it does not know', () => {
    expect([of(3, 0, 0), of(3, 1, 0), of(3, 0, 1), of(0, 1, 0), of(0, 1, 1), of(0, 0, 1)]).toEqual([
      'yes',
      'partly',
      'partly',
      'no',
      'not-known',
      'not-known',
    ]);
  });
});
