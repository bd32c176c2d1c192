import { isInUse } from '../camera-sight.ts';
import { dutySinceMs } from '../duty.ts';
import type { Facility, Filed, RegistrationField } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import { HOUR_MS } from '../time.ts';
import type { Verdict } from '../verdict.ts';
import type { CameraVitals, CoverageVitals, FacilityRows } from '../vitals.ts';

/**
 * What was filed is what the registry and the box show. Each thing that differs is a verdict of its own (`filed/name` …),
 * so that mending one closes one; a camera that reports and is not registered is told of its box.
 */
export const judgeFilingTrue = (
  rows: FacilityRows,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly Verdict[] => [
  ...judgeFiled(facility, pack, nowMs),
  ...rows.coverage.map((coverage) => judgeOtherCameras(coverage, facility, pack, nowMs)),
];

interface Difference {
  readonly what: RegistrationField | 'cameras';
  readonly reason: string;
  readonly differs: boolean;
  /** When it can have begun to differ, at the latest. */
  readonly sinceMs: number;
}

const judgeFiled = (facility: Facility, pack: RulePack, nowMs: number): readonly Verdict[] => {
  const { filed } = facility;
  if (filed === undefined) {
    return [{ rule: 'filing-true', subject: 'facility', state: 'not-applicable', reason: 'nothing-filed' }];
  }
  return differencesOf(filed, facility, nowMs).map(({ what, reason, differs, sinceMs }): Verdict => {
    const about = { rule: 'filing-true', subject: `filed/${what}` } as const;
    const sincesMs = [sinceMs, filed.filedAtMs, changedAtMs(what, facility), dutySinceMs(facility)];
    return differs
      ? breachFrom({ ...about, reason }, Math.max(...sincesMs), pack, nowMs)
      : { ...about, state: 'met', reason: 'as-filed' };
  });
};

/** Places are what the filing allows: fewer children are no difference, more are. */
const differencesOf = (filed: Filed, facility: Facility, nowMs: number): readonly Difference[] => {
  const children = facility.classes.reduce((sum, one) => sum + one.children, 0);
  const inUse = facility.cameras.filter((one) => one.installedAtMs <= nowMs && isInUse(one, nowMs));
  const plain = (what: RegistrationField, differs: boolean, reason = `${what}-differs`): Difference => ({
    what,
    reason,
    differs,
    sinceMs: 0,
  });
  return [
    plain('name', sameText(filed.name) !== sameText(facility.name.zh)),
    plain('address', sameText(filed.address) !== sameText(facility.address)),
    plain('kind', filed.kind !== facility.kind),
    plain('places', children > filed.places, 'places-differ'),
    {
      what: 'cameras',
      reason: 'cameras-differ',
      differs: filed.cameras !== undefined && filed.cameras !== inUse.length,
      sinceMs: Math.max(0, ...facility.cameras.flatMap((one) => changesOf(one).filter((atMs) => atMs <= nowMs))),
    },
  ];
};

const changesOf = ({ installedAtMs, retiredAtMs }: Facility['cameras'][number]): readonly number[] =>
  retiredAtMs === undefined ? [installedAtMs] : [installedAtMs, retiredAtMs];

/** How a text is set makes no difference: full or half width, and blanks. */
const sameText = (text: string): string => text.normalize('NFKC').replaceAll(/\s/gu, '');

/** The last edit of the registry that is known to have touched it. */
const changedAtMs = (what: Difference['what'], { registrationEvents = [] }: Facility): number =>
  Math.max(
    0,
    ...registrationEvents
      .filter(({ fields }) => what !== 'cameras' && fields?.includes(what) === true)
      .map(({ atMs }) => atMs),
  );

const judgeOtherCameras = (coverage: CoverageVitals, facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'filing-true', subject: `box/${coverage.box}` } as const;
  const isRegistered = (id: string): boolean =>
    facility.cameras.some((camera) => camera.id === id && camera.box === coverage.box);
  // A camera that is named no more, or a box that may not speak any more, reports nothing.
  const staleMs = pack.thresholds.coverageAtLeastEveryMs.value + HOUR_MS;
  const isNamed = ({ saidAtMs }: CameraVitals): boolean => saidAtMs !== undefined && nowMs < saidAtMs + staleMs;
  const isLive = Object.keys(coverage.liveKeys).length > 0;
  const others = Object.entries(coverage.cameras).filter(([id, said]) => isLive && isNamed(said) && !isRegistered(id));
  if (others.length === 0) return { ...about, state: 'met', reason: 'only-registered-cameras' };
  const firstMs = Math.min(...others.map(([, { sinceMs }]) => sinceMs));
  const sinceMs = Math.max(firstMs, dutySinceMs(facility));
  const verdict = breachFrom({ ...about, reason: 'other-cameras-report' }, sinceMs, pack, nowMs);
  const staleAtMs = Math.max(...others.map(([, { saidAtMs = 0 }]) => saidAtMs)) + staleMs;
  return verdict.state === 'breached' ? { ...verdict, dueAtMs: staleAtMs } : verdict;
};

const breachFrom = (
  about: { readonly rule: 'filing-true'; readonly subject: string; readonly reason: string },
  differsSinceMs: number,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const sinceMs = differsSinceMs + pack.rules['filing-true'].breachAfterMs.value;
  return nowMs >= sinceMs
    ? { ...about, state: 'breached', sinceMs }
    : { ...about, state: 'met', reason: 'within-grace', dueAtMs: sinceMs };
};
