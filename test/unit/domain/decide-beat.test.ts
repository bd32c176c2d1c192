import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BeatDecision, decideBeat } from '../../../shared/domain/decide-beat.ts';
import { encodeFacts, factsOf } from '../../../shared/domain/facts.ts';
import type { Gap } from '../../../shared/domain/gap.ts';
import { subtract, total, union } from '../../../shared/domain/interval.ts';
import type { HeartbeatReport } from '../../../shared/domain/reports.ts';
import type { Sender } from '../../../shared/domain/sender.ts';
import type { BoxVitals } from '../../../shared/domain/vitals.ts';
import { aBeat, aBox, aNewBox, DAY_MS, HOUR_MS, KEY, MINUTE_MS, NOW, SECOND_MS, sentAt } from '../../support/rows.ts';

type Move = BeatDecision & { does: 'move' };

const move = (row: BoxVitals, beat: HeartbeatReport, sender: Sender): Move => {
  const decision = decideBeat(row, beat, sender);
  if (decision.does !== 'move') throw new Error(`it does ${decision.does}`);
  return decision;
};

/** The row after a decision, as the store patches it. */
const moved = (row: BoxVitals, beat: HeartbeatReport, sender: Sender): BoxVitals => {
  const { patch } = move(row, beat, sender);
  const next: Record<string, unknown> = { ...row, ...patch, revision: row.revision + 1 };
  next.liveKeys = { ...row.liveKeys, [sender.key]: beat.seq };
  for (const [name, value] of Object.entries(next)) if (value === undefined) delete next[name];
  return next as unknown as BoxVitals;
};

const beatNow = (seq: number, more: Partial<HeartbeatReport> = {}) => aBeat(seq, NOW, more);

describe('the sequence of a key orders its beats and never refuses one', () => {
  it('knows a duplicate', () => {
    expect(decideBeat(aBox(), beatNow(100), sentAt(NOW))).toEqual({
      does: 'nothing',
      outcome: { result: 'duplicate' },
    });
  });

  it('tells an older one the last sequence, above which the box goes on', () => {
    const outcome = { result: 'superseded', lastSeq: 100 };
    expect(decideBeat(aBox(), beatNow(99), sentAt(NOW))).toEqual({ does: 'nothing', outcome });
  });

  it('refuses a key that is not live', () => {
    const decision = decideBeat(aBox(), beatNow(101), sentAt(NOW, { key: 'key-b' }));
    expect(decision).toEqual({ does: 'refuse', reason: 'key-not-live' });
  });

  it('keeps one sequence per key while two overlap', () => {
    const row = aBox({ liveKeys: { [KEY]: 100, 'key-b': -1 } });
    expect(move(row, beatNow(0), sentAt(NOW, { key: 'key-b' })).outcome).toEqual({ result: 'accepted' });
  });
});

describe('the first beat of a box', () => {
  const { patch, gaps } = move(aNewBox(), beatNow(0), sentAt(NOW, { createdMs: NOW - 5 * SECOND_MS }));

  it('starts its vitals, with the offset of its clock', () => {
    expect(patch).toMatchObject({
      beatAtMs: NOW,
      silentAtMs: NOW + 180 * SECOND_MS,
      offsetMs: 5 * SECOND_MS,
      factsAtMs: NOW,
    });
  });

  it('asks the sweep to look, and ends no gap', () => {
    expect(patch.judgeFromMs).toBe(NOW);
    expect(gaps).toEqual([]);
  });
});

describe('a beat after a silence', () => {
  const row = aBox({ beatAtMs: NOW - HOUR_MS });

  it('records the silence from the last beat on, dated when it became too long', () => {
    expect(move(row, beatNow(101), sentAt(NOW)).gaps).toEqual([
      {
        facilityId: 'f1',
        rule: 'monitoring-running',
        subject: 'box/b1',
        reason: 'no-beat',
        fromMs: NOW - HOUR_MS,
        toMs: NOW,
        breachedAtMs: NOW - HOUR_MS + 180 * SECOND_MS,
      },
    ]);
  });

  it('marks the row from there, or from an earlier mark', () => {
    expect(move(row, beatNow(101), sentAt(NOW)).patch.judgeFromMs).toBe(NOW - HOUR_MS);
    const marked = { ...row, judgeFromMs: NOW - DAY_MS };
    expect(move(marked, beatNow(101), sentAt(NOW)).patch.judgeFromMs).toBe(NOW - DAY_MS);
  });

  it('is no silence one millisecond earlier', () => {
    const beatAtMs = NOW - 180 * SECOND_MS;
    expect(move(aBox({ beatAtMs }), beatNow(101), sentAt(NOW)).gaps).toHaveLength(1);
    expect(move(aBox({ beatAtMs: beatAtMs + 1 }), beatNow(101), sentAt(NOW)).gaps).toHaveLength(0);
  });
});

describe('a beat that is not fresh', () => {
  const silent = aBox({ beatAtMs: NOW - HOUR_MS });
  const isUntouched = ({ patch, gaps }: Move) => {
    expect(patch.beatAtMs).toBeUndefined();
    expect(patch.silentAtMs).toBeUndefined();
    expect(patch.facts).toBeUndefined();
    expect(patch.judgeFromMs).toBeUndefined();
    expect(gaps).toEqual([]);
  };

  it('is fresh at thirty seconds and late one millisecond after', () => {
    expect(move(aBox(), beatNow(101, { ageMs: 30_000 }), sentAt(NOW)).outcome).toEqual({ result: 'accepted' });
    expect(move(aBox(), beatNow(101, { ageMs: 30_001 }), sentAt(NOW)).outcome).toEqual({
      result: 'accepted',
      late: true,
    });
  });

  it('moves neither the last beat nor facts: it must not end a silence', () => {
    isUntouched(move(silent, beatNow(101, { ageMs: HOUR_MS, monitoring: 'no' }), sentAt(NOW)));
  });

  it('is late where its age is unknown', () => {
    const { ageMs: _none, ...ageless } = aBeat(101, NOW + MINUTE_MS);
    isUntouched(move(silent, ageless, sentAt(NOW)));
  });

  it('is fresh without an age of its own in the second in which it was signed: created has no milliseconds', () => {
    const { ageMs: _none, ...ageless } = aBeat(101, NOW + 700);
    const sender = sentAt(NOW + 720, { createdMs: NOW });
    expect(move(aBox(), ageless, sender).outcome).toEqual({ result: 'accepted' });
    expect(move(aBox(), { ...ageless, timeMs: NOW + 999 }, sender).outcome).toEqual({ result: 'accepted' });
    expect(move(aBox(), { ...ageless, timeMs: NOW + 1_000 }, sender).outcome).toMatchObject({ late: true });
  });

  it('is late where its bytes were held back an hour, though it was young when it was signed', () => {
    const held = aBeat(101, NOW - HOUR_MS);
    const sender = sentAt(NOW, { createdMs: NOW - HOUR_MS });
    isUntouched(move(silent, held, sender));
    expect(move(silent, held, sender).patch.offsetCandidateMs).toBe(HOUR_MS);
  });

  it('shows its minute in the silence that was recorded, by the corrected clock of the box', () => {
    const row = aBox({ offsetMs: 7_000, lastSilenceFromMs: NOW - HOUR_MS, lastSilenceToMs: NOW - MINUTE_MS });
    const share = (timeMs: number) => move(row, aBeat(101, timeMs, { ageMs: HOUR_MS }), sentAt(NOW)).shownLate;
    expect(share(NOW - HOUR_MS - 7_000)).toEqual({ fromMs: NOW - HOUR_MS, minutes: 1 });
    expect(share(NOW - HOUR_MS - 7_001)).toBeUndefined();
    expect(share(NOW - MINUTE_MS - 7_001)).toEqual({ fromMs: NOW - HOUR_MS, minutes: 1 });
    expect(share(NOW - MINUTE_MS - 7_000)).toBeUndefined();
  });
});

describe('a box whose clock jumps', () => {
  const jumped = (seq: number, atMs: number, offsetMs: number) =>
    [aBeat(seq, atMs - offsetMs), sentAt(atMs, { createdMs: atMs - offsetMs })] as const;

  it('is believed with the second beat that agrees', () => {
    const row = aBox({ beatAtMs: NOW - MINUTE_MS });
    const once = moved(row, ...jumped(101, NOW, 600_000));
    expect(once).toMatchObject({ beatAtMs: row.beatAtMs, offsetMs: 0, offsetCandidateMs: 600_000 });
    const twice = moved(once, ...jumped(102, NOW + MINUTE_MS, 620_000));
    expect(twice).toMatchObject({ beatAtMs: NOW + MINUTE_MS, offsetMs: 620_000 });
    expect(twice.offsetCandidateMs).toBeUndefined();
  });

  it('since then, which calls the sweep; how long it was off by the other is recorded', () => {
    const offsetAtMs = NOW - HOUR_MS;
    const row = aBox({ beatAtMs: NOW - MINUTE_MS, offsetMs: -90_000, offsetAtMs });
    const once = moved(row, ...jumped(101, NOW, 0));
    const decision = decideBeat(once, ...jumped(102, NOW + MINUTE_MS, 0));
    expect(decision).toMatchObject({
      patch: { offsetMs: 0, offsetAtMs: NOW + MINUTE_MS, judgeFromMs: offsetAtMs },
      gaps: [
        {
          rule: 'clock-true',
          subject: 'box/b1',
          reason: 'clock-off',
          fromMs: offsetAtMs,
          toMs: NOW + MINUTE_MS,
          offsetMs: -90_000,
        },
      ],
    });
    const { offsetAtMs: _unknown, ...old } = once;
    expect(decideBeat(old, ...jumped(102, NOW + MINUTE_MS, 0))).toMatchObject({
      gaps: [],
      patch: { judgeFromMs: NOW + MINUTE_MS },
    });
  });

  it('is not believed with a second beat that disagrees by more than thirty seconds', () => {
    const once = moved(aBox(), ...jumped(101, NOW, 600_000));
    expect(moved(once, ...jumped(102, NOW + MINUTE_MS, 630_001))).toMatchObject({
      offsetMs: 0,
      offsetCandidateMs: 630_001,
    });
  });

  it('is not believed with a second beat that did not follow at once: ordinary ones came in between', () => {
    const once = moved(aBox(), ...jumped(101, NOW, 600_000));
    // The fast path moves only these.
    const between = { ...once, beatAtMs: NOW + MINUTE_MS, silentAtMs: NOW + 4 * MINUTE_MS, liveKeys: { [KEY]: 102 } };
    const later = moved(between, ...jumped(103, NOW + 2 * MINUTE_MS, 600_000));
    expect(later).toMatchObject({ beatAtMs: NOW + MINUTE_MS, offsetMs: 0, offsetCandidateAtMs: NOW + 2 * MINUTE_MS });
  });

  it('is forgotten by a beat that agrees with what we knew', () => {
    const once = moved(aBox(), ...jumped(101, NOW, 600_000));
    expect(moved(once, aBeat(102, NOW + MINUTE_MS), sentAt(NOW + MINUTE_MS)).offsetCandidateMs).toBeUndefined();
  });

  it.each([60, 5])('is not feigned by held-back beats let loose together (one each %i s)', (everySeconds) => {
    let row = aBox({ beatAtMs: NOW - HOUR_MS, silentAfterMs: 3 * everySeconds * SECOND_MS });
    for (let n = 0; n < 20; n += 1) {
      const createdMs = NOW - HOUR_MS + n * everySeconds * SECOND_MS;
      row = moved(row, aBeat(101 + n, createdMs), sentAt(NOW + n, { createdMs }));
    }
    expect(row.beatAtMs).toBe(NOW - HOUR_MS);
    expect(row.offsetMs).toBe(0);
  });

  it('is not feigned by the beats of one request that was held back: one signature is one witness', () => {
    let row = aBox({ beatAtMs: NOW - HOUR_MS, silentAfterMs: 15_000 });
    const createdMs = NOW - HOUR_MS + 15_000;
    for (const [seq, ageMs] of [
      [101, 10_000],
      [102, 5_000],
      [103, 0],
    ] as const) {
      row = moved(row, aBeat(seq, createdMs - ageMs, { ageMs }), sentAt(NOW, { createdMs }));
    }
    expect(row.beatAtMs).toBe(NOW - HOUR_MS);
    expect(row.offsetMs).toBe(0);
  });
});

describe('what the box says of itself', () => {
  const said = (row: BoxVitals, atMs: number, more: Partial<HeartbeatReport>) =>
    moved(row, aBeat((row.liveKeys[KEY] ?? 0) + 1, atMs, more), sentAt(atMs));
  const gapsOf = (row: BoxVitals, atMs: number, more: Partial<HeartbeatReport> = {}) =>
    move(row, aBeat((row.liveKeys[KEY] ?? 0) + 1, atMs, more), sentAt(atMs)).gaps;

  it('is a down stretch from the first "no", and the sweep hears of it at once', () => {
    expect(said(aBox(), NOW, { monitoring: 'no' })).toMatchObject({
      monitoringSinceMs: NOW,
      monitoringDownAtMs: NOW,
      judgeFromMs: NOW,
    });
  });

  it('ends only with a "yes": not knowing in between changes nothing', () => {
    let row = said(aBox(), NOW, { monitoring: 'no' });
    row = said(row, NOW + MINUTE_MS, { monitoring: 'unknown' });
    expect(row.monitoringDownAtMs).toBe(NOW);
    const expected = {
      rule: 'monitoring-running',
      reason: 'box-says-down',
      fromMs: NOW,
      toMs: NOW + 2 * MINUTE_MS,
      breachedAtMs: NOW,
    };
    expect(gapsOf(row, NOW + 2 * MINUTE_MS)).toEqual([expect.objectContaining(expected)]);
    expect(said(row, NOW + 2 * MINUTE_MS, {}).monitoringDownAtMs).toBeUndefined();
  });

  it('tells not knowing from being down', () => {
    const row = said(said(aBox(), NOW, { alarmSystem: 'unknown' }), NOW + MINUTE_MS, { alarmSystem: 'no' });
    const [unknown, down] = gapsOf(row, NOW + 2 * MINUTE_MS);
    expect(unknown).toMatchObject({
      rule: 'alarm-system-running',
      reason: 'box-does-not-know',
      fromMs: NOW,
      toMs: NOW + MINUTE_MS,
    });
    expect(unknown?.breachedAtMs).toBeUndefined();
    expect(down).toMatchObject({ reason: 'box-says-down', breachedAtMs: NOW + MINUTE_MS });
  });

  it('does not write two gaps under one key when the box fell silent right after its "no"', () => {
    const row = said(aBox(), NOW, { monitoring: 'no' });
    const gaps = gapsOf(row, NOW + HOUR_MS);
    expect(gaps).toEqual([expect.objectContaining({ reason: 'box-says-down', fromMs: NOW, toMs: NOW + HOUR_MS })]);
  });

  it('keeps how long the alarm system had gone untested, once it is tested again', () => {
    const oldDay = Math.floor(NOW / DAY_MS) - 40;
    const row = aBox({}, { oldestSelfTestDay: oldDay });
    const [gap] = gapsOf(row, NOW, { selfTests: [{ input: 'panic', testedAtMs: NOW }] });
    expect(gap).toMatchObject({
      rule: 'alarm-system-running',
      reason: 'self-test-old',
      fromMs: (oldDay + 1) * DAY_MS,
      toMs: NOW,
    });
  });
});

/**
 * The oracle knows only when fresh beats came: time is a silence where no beat came for longer than the limit. Beats come
 * in any order, some twice, some late.
 */
describe('any run of beats', () => {
  interface Sent {
    readonly afterMs: number;
    readonly ageMs: number;
    readonly twice: boolean;
  }
  const run = fc.array(
    fc.record({
      afterMs: fc.oneof(fc.integer({ min: 0, max: 120_000 }), fc.integer({ min: 0, max: 900_000 })),
      ageMs: fc.constantFrom(0, 0, 0, 10_000, 3_600_000),
      twice: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it('records exactly the silences between fresh beats, and nothing twice', () => {
    fc.assert(
      fc.property(run, (beats: readonly Sent[]) => {
        let row = aBox({ beatAtMs: NOW, liveKeys: { [KEY]: 0 }, facts: encodeFacts(factsOf(aBeat(1, NOW))) });
        let nowMs = NOW;
        const freshAt = [NOW];
        const kept = new Map<number, Gap>();
        beats.forEach(({ afterMs, ageMs, twice }, at) => {
          nowMs += afterMs;
          const beat = aBeat(at + 1, nowMs - ageMs, { ageMs });
          for (const gap of move(row, beat, sentAt(nowMs)).gaps) kept.set(gap.fromMs, gap);
          row = moved(row, beat, sentAt(nowMs));
          if (twice) expect(decideBeat(row, beat, sentAt(nowMs)).does).toBe('nothing');
          if (ageMs <= 30_000) freshAt.push(nowMs);
        });
        const silences = freshAt
          .map((fromMs, at) => ({ fromMs, toMs: freshAt[at + 1] ?? fromMs }))
          .filter(({ fromMs, toMs }) => toMs - fromMs >= 180_000);
        expect([...kept.values()].map(({ fromMs, toMs }) => ({ fromMs, toMs }))).toEqual(silences);
        expect(row.beatAtMs).toBe(freshAt.at(-1));
        if (silences[0]) expect(row.judgeFromMs).toBe(silences[0].fromMs);
        expect(total(subtract(union([...kept.values()]), silences))).toBe(0);
      }),
    );
  });

  it('leaves the same row in whatever order the late ones come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }), (order) => {
        let row = aBox({ beatAtMs: NOW - MINUTE_MS, liveKeys: { [KEY]: 0 } });
        for (const seq of order) {
          const beat = aBeat(seq, NOW + seq * 1_000);
          const decision = decideBeat(row, beat, sentAt(NOW + 10_000));
          if (decision.does === 'move') row = moved(row, beat, sentAt(NOW + 10_000));
          else expect(decision).toMatchObject({ does: 'nothing', outcome: { result: 'superseded' } });
        }
        expect(row.liveKeys[KEY]).toBe(6);
        expect(row.beatAtMs).toBe(NOW + 10_000);
      }),
    );
  });
});
