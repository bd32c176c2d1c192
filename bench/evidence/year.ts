import { print } from '../stats.ts';
import { type Call, isOfDigest, isWrite, type KeptKind, unitsOf } from './calls.ts';
import type { Kept } from './cost.ts';

export interface LiveDay {
  readonly reports: readonly Call[];
  /** Coverage, checks and logs. */
  readonly rest: readonly Call[];
  readonly challenges: readonly Call[];
  readonly asked: number;
  readonly drawMs: number;
}

interface Sizes {
  readonly objects: number;
  readonly bytes: number;
}

export interface Year extends LiveDay {
  readonly seal: readonly Call[];
  /** One hour of all cameras, sent in sixteen requests. */
  readonly oneByOne: readonly Call[];
  readonly kept: Readonly<Record<string, KeptKind>>;
  readonly objects: Sizes;
  readonly days: number;
}

const DAYS = 365;
/** What is under seal, and is pruned by whole days. */
const EVIDENCE_DAYS = 400;

const purposes: readonly (readonly [name: string, is: (call: Call) => boolean])[] = [
  ['recordings', ({ table, kind }) => table === 'records' && kind === 'recording'],
  ['held days', ({ table, kind }) => table === 'records' && kind === 'held'],
  ['tokens', ({ table, kind }) => table === 'challenges' && kind === 'token'],
  ['challenges', ({ table, kind }) => table === 'challenges' && kind !== 'token'],
  ['evidence', ({ table }) => table === 'evidence'],
  ['seal', ({ table }) => table === 'logs'],
  ['digests', (call) => call.table === 'records' && isOfDigest(call)],
  ['vitals', ({ table }) => table === 'vitals'],
  ['registry', ({ table }) => table === 'registry'],
];
const purposeOf = (call: Call): string => purposes.find(([, is]) => is(call))?.[0] ?? 'other';

const aYear = (calls: readonly Call[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(calls, purposeOf)].map(([name, some]) => {
      const { reads, writes } = unitsOf(some);
      return [name, Math.round((reads + writes) * DAYS)];
    }),
  );

/** Bytes in the tables once as much expires as comes; of what stays for good, those of the first year. */
const steadyBytes = (kept: Year['kept']): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(kept).map(([name, { bytes, days }]) => {
      const usual = name.startsWith('evidence/') ? EVIDENCE_DAYS : DAYS;
      return [name, Math.round(bytes * (days ?? usual))];
    }),
  );

const total = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((sum, one) => sum + one, 0);

/** What is kept of it, by its bytes. */
export const keptBytes = ({ kept, objects, days }: Year): Kept => ({
  tableBytes: total(steadyBytes(kept)),
  objectsADay: objects.objects / days,
  objectBytesOfYear: (objects.bytes / days) * DAYS,
});

export const printYear = (year: Year): void => {
  const { reports, challenges, seal, oneByOne, kept, objects, days, asked, drawMs } = year;
  const day = [...reports, ...challenges, ...seal];
  // Hour by hour as often, but without the digest, which is in `reports` already.
  const other = reports.filter(isOfDigest);
  const singly = [...challenges, ...seal, ...other, ...Array.from({ length: 24 }, () => oneByOne).flat()];
  print({
    bench: 'evidence',
    part: 'year',
    cameras: 16,
    writeUnitsAYear: { ...aYear(day.filter(isWrite)), all: Math.round(unitsOf(day).writes * DAYS) },
    readUnitsAYear: { ...aYear(day.filter((one) => !isWrite(one))), all: Math.round(unitsOf(day).reads * DAYS) },
    writeUnitsAYearOneByOne: Math.round(unitsOf(singly).writes * DAYS),
    note: 'one day through receivers, draw and seal, times 365: each write at the size of its item; one request an hour with sixteen cameras, or one for each camera',
  });
  print({
    bench: 'evidence',
    part: 'bytes',
    itemsADay: Object.fromEntries(Object.entries(kept).map(([name, { items }]) => [name, items])),
    bytesAnItem: Object.fromEntries(
      Object.entries(kept).map(([name, { items, bytes }]) => [name, Math.round(bytes / items)]),
    ),
    keptDays: Object.fromEntries(
      Object.entries(kept).map(([name, one]) => [
        name,
        one.days ?? (name.startsWith('evidence/') ? EVIDENCE_DAYS : 'for good'),
      ]),
    ),
    bytesInTables: { ...steadyBytes(kept), all: total(steadyBytes(kept)) },
    underLock: {
      objectsAYear: Math.round((objects.objects / days) * DAYS),
      bytesAYear: Math.round((objects.bytes / days) * DAYS),
    },
    note: 'as DynamoDB counts them and 100 bytes beside each item; tables as full as they get, logs and objects of one year',
  });
  print({ bench: 'evidence', part: 'draw', asked, drawMs: Math.round(drawMs), n: 1 });
};
