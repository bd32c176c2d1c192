import { functionSpecs } from '../../infra/functions.ts';
import { print } from '../stats.ts';
import { type Call, type Run, unitsOf } from './calls.ts';
import { ASSUMED, DAYS_A_MONTH, dollars, LIST, perGb } from './prices.ts';
import type { SweepShare } from './sweep-share.ts';

/** What comes so often a day, as it was measured once or several times. */
export interface Traffic {
  readonly name: string;
  readonly perDay: number;
  readonly runs: readonly Run[];
  /** By the HTTP API; else by a queue or a schedule. */
  readonly isRequest: boolean;
  /** What was asked of the store in all of a day, where that is not what the runs asked. */
  readonly callsOfDay?: readonly Call[];
}

export interface Kept {
  readonly tableBytes: number;
  readonly objectsADay: number;
  readonly objectBytesOfYear: number;
}

const SWEEPS_A_DAY = 1_440;
const QUEUES = 3;
const total = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
const mean = (values: readonly number[]): number => total(values) / Math.max(1, values.length);

const gbSecondsOf = ({ of, cpuMs, calls }: Run): number => {
  const { memoryMb } = functionSpecs[of];
  const billedMs = cpuMs * Math.max(1, ASSUMED.wholeCpuMb / memoryMb) + calls.length * ASSUMED.waitMs;
  return (billedMs / 1_000) * (memoryMb / 1_024);
};

const unitsADay = ({ perDay, runs, callsOfDay }: Traffic): { readonly reads: number; readonly writes: number } => {
  if (callsOfDay !== undefined) return unitsOf(callsOfDay);
  const { reads, writes } = unitsOf(runs.flatMap(({ calls }) => calls));
  const each = perDay / Math.max(1, runs.length);
  return { reads: reads * each, writes: writes * each };
};

const gbSecondsADay = ({ perDay, runs }: Traffic): number => perDay * mean(runs.map(gbSecondsOf));

/** The units, the requests and the runs; the time of the functions is a row of its own. */
const costOf = (traffic: Traffic): number => {
  const { reads, writes } = unitsADay(traffic);
  const each = LIST.functionCall + (traffic.isRequest ? LIST.httpRequest : 0);
  return (writes * LIST.writeUnit + reads * LIST.readUnit + traffic.perDay * each) * DAYS_A_MONTH;
};

/** Every row of the facility is scanned by every sweep, eventually consistent. */
const scanUnitsADay = ({ rowBytes }: SweepShare): number => (rowBytes / 4_096) * 0.5 * SWEEPS_A_DAY;

const sweepGbSeconds = ({ rows }: SweepShare): number =>
  (SWEEPS_A_DAY * rows * ASSUMED.sweepRowMs * functionSpecs.watch.memoryMb) / 1_024 / 1_000;

const besideOf = (traffics: readonly Traffic[], kept: Kept): Readonly<Record<string, number>> => {
  const requests = total(traffics.filter(({ isRequest }) => isRequest).map(({ perDay }) => perDay));
  const runs = total(traffics.map(({ perDay }) => perDay));
  const answered = total(
    traffics
      .filter(({ isRequest }) => isRequest)
      .map(({ perDay, runs: some }) => perDay * (mean(some.map((one) => one.answerBytes)) + ASSUMED.answerHeadBytes)),
  );
  const isLogged = ({ runs: some }: Traffic): boolean =>
    some.some(({ of }) => functionSpecs[of].logsFailedRunsOnly === undefined);
  const loggedRuns = total(traffics.filter(isLogged).map(({ perDay }) => perDay));
  const logged = requests * ASSUMED.accessLineBytes + loggedRuns * ASSUMED.runLinesBytes;
  return {
    tables: perGb(kept.tableBytes, LIST.tableGbMonth),
    backups: perGb(kept.tableBytes, LIST.backupGbMonth),
    'under lock, after a year':
      kept.objectsADay * LIST.objectPut * DAYS_A_MONTH + perGb(kept.objectBytesOfYear, LIST.objectGbMonth),
    signatures: LIST.signature * DAYS_A_MONTH,
    queues: QUEUES * ASSUMED.queueRequests * LIST.queueRequest * DAYS_A_MONTH,
    answers: perGb(answered * DAYS_A_MONTH, LIST.answerGb),
    'log lines': perGb(logged * DAYS_A_MONTH, LIST.logGb),
    traces: runs * ASSUMED.tracedShare * LIST.trace * DAYS_A_MONTH,
  };
};

/** What could be saved a month, by estimate of November 2026, and is not: each would cost more than it brings, or take something away. */
const notTaken = {
  'traces of the beats, which an operator can switch off for the stack': 0.011,
  'held days of all cameras in one item: whoever reads one camera would read all': 0.004,
  'a camera that is held still refreshed by its last days alone: an edit of the registry would be seen a day later': 0.0037,
  'checks and logs listed by arrival for the daily assessment: a write more for each of them': 0.0026,
  'recordings as they came without names of fields and hex': 0.0021,
  'a digest and its place in the list of hours in one item: a reused id would not be seen': 0.0015,
} as const;

const rounded = (rows: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(rows).map(([name, amount]) => [name, dollars(amount)]));

/** One box-month, all in, row by row; and the units of a year behind it. */
export const printCost = (sent: string, traffics: readonly Traffic[], share: SweepShare, kept: Kept): void => {
  const daily = unitsOf(share.daily);
  const sweep = {
    reads: daily.reads + scanUnitsADay(share),
    writes: daily.writes,
  };
  const gbSeconds = total(traffics.map(gbSecondsADay)) + sweepGbSeconds(share);
  const sweepCost =
    (sweep.reads * LIST.readUnit + sweep.writes * LIST.writeUnit + sweepGbSeconds(share) * LIST.gbSecondArm64) *
    DAYS_A_MONTH;
  const rows = {
    ...Object.fromEntries(traffics.map((traffic) => [traffic.name, costOf(traffic)])),
    sweep: sweepCost,
    'function time': (gbSeconds - sweepGbSeconds(share)) * LIST.gbSecondArm64 * DAYS_A_MONTH,
    ...besideOf(traffics, kept),
  };
  const all = total(Object.values(rows));
  const { backups = 0, traces = 0, 'log lines': lines = 0 } = besideOf(traffics, kept);
  print({
    bench: 'evidence',
    part: 'cost',
    recordingsSent: sent,
    dollarsABoxMonth: { ...rounded(rows), all: dollars(all) },
    withoutBackupsTracesAndLogLines: dollars(all - backups - traces - lines),
    sweepPercent: Number(((100 * sweepCost) / all).toFixed(1)),
    budget: 'at most $0.15 a box-month with 16 cameras and a beat a minute, all in; of it the sweep at most 3 %',
    assumed: ASSUMED,
    notTaken,
    note: 'list prices of us-east-1, no free tier (bench/evidence/prices.ts says which are to be checked); a year of 365 operating days; no incident, no alarm, nobody asks; without what a stack costs once (key, alarms, metrics, the canary, the empty sweep)',
  });
  const units = [...traffics.map((one) => [one.name, unitsADay(one)] as const), ['sweep', sweep] as const];
  print({
    bench: 'evidence',
    part: 'units',
    recordingsSent: sent,
    writesAYear: Object.fromEntries(units.map(([name, { writes }]) => [name, Math.round(writes * 365)])),
    readsAYear: Object.fromEntries(units.map(([name, { reads }]) => [name, Math.round(reads * 365)])),
    gbSecondsAYear: Math.round(gbSeconds * 365),
    sweepOnceADay: daily,
    note: 'one day as it was measured, times 365; the time of functions is the CPU of this process and a wait for each question to the store',
  });
};
