import { describe, expect, it } from 'vitest';
import { InvalidInputError, NotSealedYetError } from '../../../shared/domain/errors.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { formatBundle, parseBundle } from '../../../shared/evidence/bundle.ts';
import { verifyBundle } from '../../../shared/evidence/verify-bundle.ts';
import { bundleFor, LARGEST_BUNDLE_BYTES } from '../../../shared/use-cases/bundle/bundle-for.ts';
import type { BundleQuestion } from '../../../shared/use-cases/bundle/question.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { vkey, zone } from '../../support/bundle-world.ts';
import { flipped } from '../../support/evidence.ts';
import { type SealedOptions, sealedFacility } from '../../support/sealed-facility.ts';

const LAST_DAY = '2026-11-05';
/** The end of the last sealed day in Shanghai. */
const END_MS = Date.parse('2026-11-05T16:00:00Z');
const NOW_MS = END_MS + 2 * HOUR_MS;
const ninetyDays = { from: '2026-08-08', to: LAST_DAY };

const facility = aFacility({
  id: 'sunshine',
  areas: [
    { id: 'nap-room', name: { zh: '睡眠室', en: 'Nap room' }, kind: 'activity' },
    { id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, kind: 'activity' },
  ] as never,
});

const bundled = async (
  options: SealedOptions,
  asked: BundleQuestion = ninetyDays,
  records: 'none' | 'asked' = 'asked',
  nowMs = NOW_MS,
) => {
  const world = await sealedFacility(options);
  const bundle = await bundleFor(world.reads, facility, asked, { records, nowMs });
  return { ...world, bundle, bytes: formatBundle(bundle) };
};
const reported = async (options: SealedOptions, asked?: BundleQuestion) =>
  verifyBundle((await bundled(options, asked)).bytes, [vkey]);
const english = (lines: readonly { readonly en: string }[]): string => lines.map(({ en }) => en).join('\n');

describe('a bundle made from the stores', () => {
  it('proves ninety days of a facility that has them and has been sealed since', async () => {
    const report = await reported({}, { from: '2026-11-01', to: LAST_DAY });
    expect(english(report.notProved)).toBe('');
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(english(report.proved)).toContain('Camera-hours: 240 recorded and held.');
    expect(english(report.proved)).toContain('is in the log of its region');
  });

  it('says of days before the log began that nothing was sealed then', async () => {
    const report = await reported({});
    expect(report.verdict).toEqual({ is: 'not-proved' });
    expect(english(report.notProved)).toBe(
      'The log begins on 2026-11-01: nothing was sealed at the time of the days before.',
    );
    expect(english(report.proved)).toContain('Camera-hours: 4320 recorded and held.');
  });

  it('says of a recorder that keeps 35 of 90 days that the other 55 are lost', async () => {
    const report = await reported({ film: { keepsDays: 35 } });
    expect(report.verdict).toEqual({ is: 'not-proved' });
    expect(english(report.notProved)).toContain(`Camera-hours: ${2 * 55 * 24} lost`);
    expect(english(report.proved)).toContain(`Camera-hours: ${2 * 35 * 24} recorded and held.`);
  });

  it('holds nothing against a camera that was installed 20 days ago', async () => {
    const report = await reported({ film: { installedAtMs: END_MS - 20 * DAY_MS } });
    expect(english(report.notProved)).not.toContain('lost');
    expect(english(report.proved)).toContain(`Camera-hours: ${2 * 70 * 24} not required, or not yet due.`);
    expect(english(report.proved)).toContain(`Camera-hours: ${2 * 20 * 24} recorded and held.`);
  });

  it('finds the hour that is missing every night', async () => {
    const lost = Array.from({ length: 90 }, (_, n) => {
      const fromMs = END_MS - (n + 1) * DAY_MS + 3 * HOUR_MS;
      return { fromMs, toMs: fromMs + HOUR_MS };
    });
    const report = await reported({ film: { lost } });
    expect(english(report.notProved)).toContain(`Camera-hours: ${2 * 90} lost`);
  });

  it('answers for one area between two instants', async () => {
    const asked = { area: 'nap-room', from: '2026-11-03T10:00:00+08:00', to: '2026-11-03T11:00:00+08:00' };
    const report = await reported({}, asked);
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(report.question).toEqual({
      facility: 'sunshine',
      asOf: '2026-11-05T16:00:00.000Z',
      area: 'nap-room',
      interval: { from: '2026-11-03T02:00:00.000Z', to: '2026-11-03T03:00:00.000Z' },
    });
  });

  it('is refused once a byte of it was changed, wherever', async () => {
    const { bytes } = await bundled({ days: 2 }, { from: '2026-11-01', to: '2026-11-02' });
    const step = Math.floor(bytes.length / 40);
    for (let at = 100; at < bytes.length; at += step) {
      expect(verifyBundle(flipped(bytes, at * 8 + 1), [vkey]).verdict.is, `byte ${at}`).toBe('refused');
    }
  });

  it('as of an earlier day ends with the statement of the last day that had ended then', async () => {
    const { bundle, bytes } = await bundled({}, { from: '2026-11-02', to: '2026-11-03', asOf: '2026-11-04T01:00:00Z' });
    expect(bundle.statements).toHaveLength(2);
    expect(verifyBundle(bytes, [vkey]).verdict).toEqual({ is: 'proved' });
    expect(bundle.earlier).toHaveLength(1);
  });

  it('is the same, whether the past of the region is kept as hashes or read leaf by leaf', async () => {
    const [kept, read] = [await bundled({ keepsBefore: true }), await bundled({ keepsBefore: false })];
    expect(verifyBundle(read.bytes, [vkey])).toEqual(verifyBundle(kept.bytes, [vkey]));
    expect(kept.bundle.regional).toBeDefined();
  });

  it('takes the checkpoint before the newest while the region does not have the newest yet', async () => {
    const world = await sealedFacility();
    const at = world.regional.findIndex((one) => one.facility === 'sunshine' && one.size === 5);
    world.regional[at] = { ...(world.regional[at] as (typeof world.regional)[number]), facility: 'somebody' };
    const asked = { from: '2026-11-01', to: '2026-11-03', asOf: '2026-11-04T01:00:00Z' };
    const bundle = await bundleFor(world.reads, facility, asked, { records: 'none', nowMs: NOW_MS });
    expect(bundle.regional).toBeDefined();
    expect(verifyBundle(formatBundle(bundle), [vkey]).verdict).toEqual({ is: 'proved' });
  });

  it('goes without the region where it has none of it, and then proves less', async () => {
    const world = await sealedFacility();
    world.regional.length = 0;
    const asked = { from: '2026-11-01', to: LAST_DAY };
    const bundle = await bundleFor(world.reads, facility, asked, { records: 'none', nowMs: NOW_MS });
    const report = verifyBundle(formatBundle(bundle), [vkey]);
    expect(english(report.notProved)).toContain('no proof from the log of the region');
  });
});

describe('the records in it', () => {
  it('are those of the asked days, whole; checks are proved to be there, and what they say is withheld', async () => {
    const { bundle, bytes } = await bundled({}, { from: '2026-11-04', to: LAST_DAY });
    expect(bundle.wholeDays).toEqual(['2026-11-04', LAST_DAY]);
    expect(bundle.records.map(({ content, withheld }) => [content !== undefined, withheld])).toEqual(
      [1, 2].flatMap(() => [
        [true, undefined],
        [false, true],
        [true, undefined],
      ]),
    );
    const report = english(verifyBundle(bytes, [vkey]).proved);
    expect(report).toContain('Records: 4. The record reads as it was sealed');
    expect(report).toContain('Records: 2. Its content is not here');
    expect(report).toContain(`to ${LAST_DAY} (2 days): every record received is here, none is missing.`);
  });

  it('do not name an incident that whoever has the file may not know of', async () => {
    const ofObjection = { recordKinds: ['recordings', 'objection'], days: 1 } as const;
    const asked = { from: '2026-11-01', to: '2026-11-01' };
    const isShown = ({ bundle }: Awaited<ReturnType<typeof bundled>>) =>
      bundle.records.map(({ content }) => content !== undefined);
    expect(isShown(await bundled(ofObjection, asked))).toEqual([true, true]);
    const naming = { ...ofObjection, incident: 'sunshine~morning-check~class.small~1' };
    expect(isShown(await bundled(naming, asked))).toEqual([true, false]);
  });

  it('are shown as they are kept, whatever was put in place of them', async () => {
    const world = await sealedFacility({ recordKinds: ['objection'], days: 1 });
    const [record] = [...world.evidence.kept.values()];
    if (record === undefined) throw new Error('no record');
    const planted = { ...record, content: { ...record.content, body: new TextEncoder().encode('no JSON') } };
    const evidence = { within: async () => [planted] };
    const asked = { from: '2026-11-01', to: '2026-11-01' };
    const bundle = await bundleFor({ ...world.reads, evidence }, facility, asked, { records: 'asked', nowMs: NOW_MS });
    expect(verifyBundle(formatBundle(bundle), [vkey]).verdict).toMatchObject({ is: 'refused', code: 'changed-byte' });
  });

  it('say no more once they were erased, and everything is proved as before', async () => {
    const world = await sealedFacility();
    for (const record of [...world.evidence.kept.values()]) await world.evidence.erase(record, NOW_MS);
    const asked = { from: '2026-11-01', to: LAST_DAY };
    const bundle = await bundleFor(world.reads, facility, asked, { records: 'asked', nowMs: NOW_MS });
    const report = verifyBundle(formatBundle(bundle), [vkey]);
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(english(report.proved)).toContain('Records: 15. Its content was deleted');
  });

  it('are left out from the first day back that does not fit, and no day is said to be whole that is not', async () => {
    const { bundle, bytes } = await bundled(
      { days: 3, longRecords: 500_000 },
      { from: '2026-11-01', to: '2026-11-03' },
    );
    expect(bundle.wholeDays).toEqual(['2026-11-02', '2026-11-03']);
    expect(bytes.length).toBeLessThan(LARGEST_BUNDLE_BYTES);
    expect(verifyBundle(bytes, [vkey]).verdict.is).toBe('proved');
  });

  it('cannot be shown and withheld at once, nor be withheld in any other word', async () => {
    const { bundle } = await bundled({}, { from: LAST_DAY, to: LAST_DAY });
    const both = { ...bundle, records: bundle.records.map((one) => ({ ...one, withheld: true as const })) };
    expect(verifyBundle(formatBundle(both), [vkey]).verdict).toMatchObject({ is: 'refused', code: 'malformed' });
    const text = Buffer.from(formatBundle(bundle)).toString('utf8');
    const odd = text.replace('"withheld":true', '"withheld":1');
    expect(odd).not.toBe(text);
    expect(verifyBundle(Buffer.from(odd), [vkey]).verdict).toMatchObject({ is: 'refused', code: 'malformed' });
  });

  it('stay out where none are asked for', async () => {
    const { bundle } = await bundled({}, ninetyDays, 'none');
    expect([bundle.records, bundle.wholeDays]).toEqual([[], []]);
    expect(parseBundle(formatBundle(bundle)).records).toEqual([]);
  });
});

describe('what cannot be answered', () => {
  const refused = (options: SealedOptions, asked: BundleQuestion) =>
    bundled(options, asked).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('is told apart: not sealed yet, with the instant that can be asked', async () => {
    const never = await refused({ days: 0 }, ninetyDays);
    expect(never).toBeInstanceOf(NotSealedYetError);
    const tomorrow = await refused({ days: 3 }, { from: '2026-11-01', to: '2026-11-02', asOf: '2026-11-05T16:00:00Z' });
    expect(tomorrow).toBeInstanceOf(NotSealedYetError);
    expect(String(tomorrow)).toContain('ask as of 2026-11-03T16:00:00.000Z');
  });

  it.each([
    ['a day that had not ended', { from: '2026-11-01', to: '2026-11-06' }],
    ['the future', { from: '2026-11-01', to: '2026-11-02', asOf: '2027-01-01T00:00:00Z' }],
    ['days in the wrong order', { from: '2026-11-03', to: '2026-11-02' }],
    ['instants without an area', { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }],
    ['days with an area', { from: '2026-11-01', to: '2026-11-02', area: 'nap-room' }],
    ['an area that is not there', { from: '2026-11-01T00:00:00Z', to: '2026-11-01T01:00:00Z', area: 'roof' }],
    ['a time before the log', { from: '2026-10-01', to: '2026-10-02', asOf: '2026-10-10T00:00:00Z' }],
  ])('or never: %s', async (_what, asked) => {
    expect(await refused({}, asked)).toBeInstanceOf(InvalidInputError);
  });

  it('is never answered with a statement that is not the sealed one', async () => {
    const world = await sealedFacility();
    const [first, second] = world.sealedDays;
    world.objects.set(first?.statement ?? '', world.objects.get(second?.statement ?? '') ?? new Uint8Array());
    const asked = { from: '2026-11-01', to: LAST_DAY };
    await expect(bundleFor(world.reads, facility, asked, { records: 'none', nowMs: NOW_MS })).rejects.toThrow(
      'is not the one that was sealed',
    );
  });

  it.each([
    ['all', 0, 5],
    ['the last', 4, 1],
  ])('nor from a log of which %s of the days are gone', async (_which, at, count) => {
    const world = await sealedFacility();
    world.sealedDays.splice(at, count);
    const asked = { from: '2026-11-01', to: LAST_DAY };
    await expect(bundleFor(world.reads, facility, asked, { records: 'none', nowMs: NOW_MS })).rejects.toMatchObject({
      code: 'dropped-leaf',
    });
  });
});

it('the facility of these tests keeps its days as its statements do', () => {
  expect(facility.calendar.zone).toBe(zone);
});
