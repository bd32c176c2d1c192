import { describe, expect, it } from 'vitest';
import { reportExamples } from '../../../shared/contracts/openapi/report-examples.ts';
import { digestContract, digestSchema } from '../../../shared/contracts/reports/digest.ts';

const { firstSeq: _first, lastSeq: _last, ...silent } = { ...reportExamples.digest, minutes: '000000000000000' };

const faultsIn = (changes: object, base: object = reportExamples.digest): readonly string[] => {
  const { error } = digestSchema.safeParse({ ...base, ...changes });
  return error?.issues.map(({ path }) => path.join('.')) ?? [];
};

describe('a digest of an hour', () => {
  it('is taken with its minutes and the sequences of their beats', () => {
    expect(faultsIn({})).toEqual([]);
    expect(digestContract.toReport(digestSchema.parse(reportExamples.digest))).toMatchObject({
      hourMs: Date.parse('2026-03-02T01:00:00Z'),
      minutes: 'fffff0fffffffff',
      sequences: { first: 41_230, last: 41_285 },
    });
  });

  it('says that nothing was answered without sequences', () => {
    expect(faultsIn({}, silent)).toEqual([]);
    expect(digestContract.toReport(digestSchema.parse(silent))).not.toHaveProperty('sequences');
  });

  it.each([
    ['its hour is none', { hour: '2026-03-02T09:30:00+08:00' }, ['hour']],
    ['a minute is set and no sequence is named', { firstSeq: undefined, lastSeq: undefined }, ['firstSeq', 'lastSeq']],
    ['its last sequence is below its first', { firstSeq: 9, lastSeq: 8 }, ['lastSeq']],
    ['it has 56 minutes and 55 sequences', { firstSeq: 1, lastSeq: 55 }, ['minutes']],
    ['its bitmap has sixteen digits', { minutes: '0123456789abcdef' }, ['minutes']],
    ['its bitmap has capitals', { minutes: 'FFFFF0FFFFFFFFF' }, ['minutes']],
  ])('is refused when %s', (_, changes, faults) => {
    const present = Object.fromEntries(
      Object.entries({ ...reportExamples.digest, ...changes }).filter(([, value]) => value !== undefined),
    );
    expect(faultsIn({}, present)).toEqual(faults);
  });

  it('is taken with just enough sequences, and by whatever clock', () => {
    expect(faultsIn({ firstSeq: 1, lastSeq: 56 })).toEqual([]);
    expect(faultsIn({ time: '1970-01-01T00:00:00Z' })).toEqual([]);
  });

  it('is refused when it names sequences of beats that it does not show', () => {
    expect(faultsIn({ firstSeq: 1, lastSeq: 2 }, silent)).toEqual(['firstSeq', 'lastSeq']);
  });
});
