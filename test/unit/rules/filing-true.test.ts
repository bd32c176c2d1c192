import { describe, expect, it } from 'vitest';
import type { Facility, Filed } from '../../../shared/domain/facility.ts';
import { judgeFilingTrue } from '../../../shared/domain/rules/filing-true.ts';
import { dutyPack, gracePack } from '../../support/duty-pack.ts';
import { aCoverage, aFacility, beijing, DAY_MS, HOUR_MS, MINUTE_MS, NOW, rowsOf } from '../../support/rows.ts';

const START = beijing('2026-01-01 00:00');
const filedAtMs = beijing('2026-02-01 00:00');
const filed: Filed = { name: '小苗托育园', address: '示例路1号', kind: 'nursery', places: 12, cameras: 2, filedAtMs };

const judge = (
  subject: string,
  facility: Partial<Facility>,
  { rows = rowsOf(), nowMs = NOW, pack = dutyPack() } = {},
) => judgeFilingTrue(rows, aFacility({ filed, ...facility }), pack, nowMs).find((one) => one.subject === subject);

describe('what was filed', () => {
  it('is true where the registry says the same, however it is set', () => {
    const spaced = { filed: { ...filed, address: ' 示例路１号 ' } };
    const verdicts = judgeFilingTrue(rowsOf(), aFacility(spaced), dutyPack(), NOW);
    expect(Object.fromEntries(verdicts.map((one) => [one.subject, one.state]))).toEqual({
      'filed/name': 'met',
      'filed/address': 'met',
      'filed/kind': 'met',
      'filed/places': 'met',
      'filed/cameras': 'met',
      'box/b1': 'met',
    });
  });

  it.each([
    ['name', { name: '大树托育园' }, 'name-differs'],
    ['address', { address: '示例路2号' }, 'address-differs'],
    ['kind', { kind: 'community' }, 'kind-differs'],
    ['places', { places: 11 }, 'places-differ'],
    ['cameras', { cameras: 3 }, 'cameras-differ'],
  ] as const)('differs in its %s, since it was filed, and in nothing else', (what, other, reason) => {
    const verdicts = judgeFilingTrue(rowsOf(), aFacility({ filed: { ...filed, ...other } }), dutyPack(), NOW);
    expect(verdicts.filter((one) => one.state === 'breached')).toEqual([
      { rule: 'filing-true', subject: `filed/${what}`, state: 'breached', reason, sinceMs: filedAtMs },
    ]);
  });

  it('allows so many places: fewer children are no difference, one more is', () => {
    expect(judge('filed/places', { classes: [{ id: 'bees', children: 12 }] })).toMatchObject({ state: 'met' });
    const two = [
      { id: 'bees', children: 12 },
      { id: 'ants', children: 1 },
    ];
    expect(judge('filed/places', { classes: two })).toMatchObject({ state: 'breached', reason: 'places-differ' });
  });

  it('counts the cameras that are in use', () => {
    const retired = aFacility().cameras.map((one, n) => (n === 0 ? { ...one, retiredAtMs: NOW } : one));
    expect(judge('filed/cameras', { cameras: retired }, { nowMs: NOW - 1 })).toMatchObject({ state: 'met' });
    expect(judge('filed/cameras', { cameras: retired })).toMatchObject({ state: 'breached', sinceMs: NOW });
    const { cameras: _silent, ...unsaid } = filed;
    expect(judge('filed/cameras', { cameras: retired, filed: unsaid })).toMatchObject({ state: 'met' });
  });

  it('differs since the edit that made it differ, where that is known, and no earlier than the duty', () => {
    const name = { zh: '大树托育园', en: 'Tree' };
    const changed = { event: 'changed', atMs: NOW - DAY_MS, version: 2, fields: ['name'] } as const;
    expect(judge('filed/name', { name, registrationEvents: [changed] })).toMatchObject({ sinceMs: NOW - DAY_MS });
    const other = { ...changed, fields: ['address'] } as const;
    expect(judge('filed/name', { name, registrationEvents: [other] })).toMatchObject({ sinceMs: filedAtMs });
    const old = { ...filed, filedAtMs: START - DAY_MS };
    expect(judge('filed/name', { name, filed: old })).toMatchObject({ sinceMs: START });
  });

  it('may differ for the grace of the pack', () => {
    const pack = gracePack('filing-true');
    const name = { zh: '大树托育园', en: 'Tree' };
    const breachAtMs = filedAtMs + 10 * MINUTE_MS;
    expect(judge('filed/name', { name }, { pack, nowMs: breachAtMs - 1 })).toMatchObject({
      state: 'met',
      dueAtMs: breachAtMs,
    });
    expect(judge('filed/name', { name }, { pack, nowMs: breachAtMs })).toMatchObject({ state: 'breached' });
  });

  it('is not judged where nothing was filed; the cameras of the box are', () => {
    const { filed: _none, ...unfiled } = aFacility({ filed });
    const verdicts = judgeFilingTrue(rowsOf(), unfiled, dutyPack(), NOW);
    expect(verdicts).toMatchObject([
      { subject: 'facility', state: 'not-applicable', reason: 'nothing-filed' },
      { subject: 'box/b1', state: 'met' },
    ]);
  });
});

describe('a camera that reports', () => {
  const said = { state: 'usable', sinceMs: NOW - DAY_MS, saidAtMs: NOW } as const;

  it('and is not registered is told of its box, since it reports', () => {
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-1': said, 'cam-9': said })] });
    expect(judge('box/b1', {}, { rows })).toMatchObject({
      state: 'breached',
      reason: 'other-cameras-report',
      sinceMs: NOW - DAY_MS,
    });
  });

  it('reports until it was not named for the longest time between two coverage reports', () => {
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-9': said })] });
    const staleAtMs = NOW + dutyPack().thresholds.coverageAtLeastEveryMs.value + HOUR_MS;
    expect(judge('box/b1', {}, { rows, nowMs: staleAtMs - 1 })).toMatchObject({
      state: 'breached',
      dueAtMs: staleAtMs,
    });
    expect(judge('box/b1', {}, { rows, nowMs: staleAtMs })).toMatchObject({ state: 'met' });
  });

  it('by a box without a live key reports nothing any more', () => {
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-9': said }, { liveKeys: {} })] });
    expect(judge('box/b1', {}, { rows })).toMatchObject({ state: 'met' });
  });

  it('by another box than the one where it is registered is another camera', () => {
    const cameras = aFacility().cameras.map((one) => ({ ...one, box: 'b2' }));
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-1': said })] });
    expect(judge('box/b1', { cameras }, { rows })).toMatchObject({ state: 'breached', reason: 'other-cameras-report' });
  });

  it('and was retired is still registered', () => {
    const cameras = aFacility().cameras.map((one) => ({ ...one, retiredAtMs: NOW - DAY_MS }));
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-1': said })] });
    expect(judge('box/b1', { cameras }, { rows })).toMatchObject({ state: 'met' });
  });
});
