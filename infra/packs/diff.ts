import { assess } from '../../shared/domain/assess.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { type Recorded, rowFromRecords } from '../../shared/domain/recompute.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { silentAfterPatch } from '../../shared/domain/silent-after.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import type { BoxVitals, FacilityRows, FacilityVitals } from '../../shared/domain/vitals.ts';

/** One entry that two packs differ in. Absent = not there. */
export interface Change {
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
}

/** What is stored of one facility, at one instant. */
export interface StoredFacts {
  readonly facility: Facility;
  readonly rows: FacilityRows;
  readonly atMs: number;
  /** What is kept of it besides: the folds that a pack counts are counted from it anew. Absent: folds stay as they are. */
  readonly recorded?: Recorded;
}

/** One verdict that the other pack would have made otherwise. */
export interface Effect {
  readonly facilityId: string;
  readonly about: string;
  readonly from: string;
  readonly to: string;
}

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const leavesOf = (value: unknown, path = ''): ReadonlyMap<string, string> =>
  isBranch(value)
    ? new Map(Object.entries(value).flatMap(([key, one]) => [...leavesOf(one, path === '' ? key : `${path}.${key}`)]))
    : new Map([[path, JSON.stringify(value)]]);

/** Departments by id, so that one that is moved in the list is no change. */
const comparable = ({ departments, workdays: _same, ...pack }: RulePack): object => ({
  ...pack,
  departments: Object.fromEntries(departments.map(({ id, ...department }) => [id, department])),
});

/** Every entry that differs, in the order of the packs. */
export const changesOf = (a: RulePack, b: RulePack): readonly Change[] => {
  const [before, after] = [leavesOf(comparable(a)), leavesOf(comparable(b))];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)];
    return from === to ? [] : [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
};

const verdictText = (verdict: Verdict | undefined): string => {
  if (verdict === undefined) return 'no such subject';
  const since = 'sinceMs' in verdict ? ` since ${new Date(verdict.sinceMs).toISOString()}` : '';
  return `${verdict.state} (${verdict.reason})${since}`;
};

/** The silence limit is kept in the row of each box; watch puts that of a new pack there. */
const underPack = (rows: FacilityRows, pack: RulePack): FacilityRows => ({
  ...rows,
  boxes: rows.boxes.map(
    (box) => ({ ...box, ...silentAfterPatch(box, pack.thresholds.silentAfterMs.value) }) as BoxVitals,
  ),
});

/** Folds into which the numbers of a pack go: the findings counted in its windows, the days that it wants kept. */
const counted: ReadonlySet<string> = new Set<keyof FacilityVitals>([
  'signals',
  'signalsOverflow',
  'retention',
  'retentionOverflow',
  'retentionHeld',
  'recordedAtMs',
  'tooOld',
]);

/** The facility row as it would be, had this pack counted every kept report. */
const countedBy = ({ rows, facility, recorded, atMs }: StoredFacts, pack: RulePack): FacilityRows => {
  if (recorded === undefined) return rows;
  const anew = rowFromRecords(recorded, facility, () => pack, atMs);
  const entries = [
    ...Object.entries(rows.facility).filter(([name]) => !counted.has(name)),
    ...Object.entries(anew).filter(([name]) => counted.has(name)),
  ];
  return { ...rows, facility: Object.fromEntries(entries) as unknown as FacilityVitals };
};

const judged = (facts: StoredFacts, pack: RulePack): ReadonlyMap<string, string> =>
  new Map(
    assess(underPack(countedBy(facts, pack), pack), facts.facility, pack, facts.atMs).verdicts.map((one) => [
      `${one.rule} ${one.subject}`,
      verdictText(one),
    ]),
  );

/** What pack `b` would have made of stored facts where `a` judged them. */
export const effectsOn = (stored: readonly StoredFacts[], a: RulePack, b: RulePack): readonly Effect[] =>
  stored.flatMap((facts) => {
    const [before, after] = [judged(facts, a), judged(facts, b)];
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((about) => {
      const [from, to] = [before.get(about) ?? verdictText(undefined), after.get(about) ?? verdictText(undefined)];
      return from === to ? [] : [{ facilityId: facts.facility.id, about, from, to }];
    });
  });
