import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmSystemShown, decodeFacts, encodeFacts, factsOf } from '../../../shared/domain/facts.ts';
import type { BoxFacts } from '../../../shared/domain/vitals.ts';
import { aBeat, allWell, DAY_MS, NOW } from '../../support/rows.ts';

const says = fc.constantFrom('yes', 'no', 'unknown');
const count = fc.oneof(fc.integer({ min: 0, max: 1_024 }), fc.constant('unknown' as const));
const facts: fc.Arbitrary<BoxFacts> = fc.record({
  monitoring: says,
  alarmSystem: says,
  camerasOnline: count,
  camerasRecording: count,
  diskBand: fc.constantFrom('ok', 'high', 'full', 'unknown'),
  oldestSelfTestDay: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.constant('unknown' as const)),
}) as fc.Arbitrary<BoxFacts>;

describe('the facts of a beat', () => {
  it('are read as they were written, and written alike only if they are alike', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        expect(decodeFacts(encodeFacts(a))).toEqual(a);
        expect(encodeFacts(a) === encodeFacts(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('do not move with queue length, free bytes or the minute of a self-test', () => {
    const one = factsOf(aBeat(1, NOW, { queueLength: 0, diskUsedPercent: 40 }));
    const moved = {
      queueLength: 900,
      diskUsedPercent: 41,
      selfTests: [{ input: 'panic', testedAtMs: NOW - DAY_MS + 5 }],
    };
    expect(encodeFacts(factsOf(aBeat(2, NOW, moved)))).toBe(encodeFacts(one));
  });

  it.each([
    [84, 'ok'],
    [85, 'high'],
    [96, 'high'],
    [97, 'full'],
    ['unknown', 'unknown'],
  ] as const)('put a disk at %s %% into the band "%s"', (diskUsedPercent, band) => {
    expect(factsOf(aBeat(1, NOW, { diskUsedPercent })).diskBand).toBe(band);
  });

  it('keep the oldest self-test of all inputs', () => {
    const selfTests = [
      { input: 'panic', testedAtMs: 20 * DAY_MS },
      { input: 'smoke', testedAtMs: 12 * DAY_MS + 5 },
    ];
    expect(factsOf(aBeat(1, NOW, { selfTests })).oldestSelfTestDay).toBe(12);
  });

  it('that cannot be read are unknown, never fine', () => {
    for (const text of ['', 'nonsense', '2 y y 4 4 o 20512', '1 y', '1 x x x x x x']) {
      const read = decodeFacts(text);
      expect(read.oldestSelfTestDay).toBe('unknown');
      expect(read.alarmSystem).toBe('unknown');
    }
  });

  it('do not show an alarm system to run of which no input was ever tested', () => {
    expect(alarmSystemShown(allWell)).toBe('yes');
    expect(alarmSystemShown({ ...allWell, oldestSelfTestDay: 'unknown' })).toBe('unknown');
    expect(alarmSystemShown({ ...allWell, alarmSystem: 'no', oldestSelfTestDay: 'unknown' })).toBe('no');
  });
});
