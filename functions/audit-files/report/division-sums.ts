import type { FacilityVerdict } from '../../../shared/contracts/audit.ts';
import type { AuditIncident } from '../../../shared/contracts/audit-incidents.ts';
import { countyOf, type Facility } from '../../../shared/domain/facility.ts';
import type { Said } from './page.ts';
import { sum } from './parts.ts';

/** Facilities of one county; each that cannot show its days is counted once. */
export interface County {
  readonly county: string;
  /** Absent = how many there are is not known, and so not how many can show their days. */
  readonly facilities: number | undefined;
  readonly held: number | undefined;
  readonly short: number;
  readonly gaps: number;
  readonly unproved: number;
  readonly unknown: number;
  readonly never: number;
}

/** How many facilities there are, by county; absent = not known. */
export type Totals = ReadonlyMap<string, number> | undefined;

export const totalsOf = (facilities: readonly Facility[] | undefined): Totals =>
  facilities &&
  new Map(
    [...Map.groupBy(facilities, ({ division }) => countyOf(division))].map(([county, those]) => [county, those.length]),
  );

/** By county: who cannot show its days, beside how many there are. A county where all can is there if it was counted. */
export const countiesOf = (items: readonly FacilityVerdict[], totals: Totals): readonly County[] => {
  const byCounty = Map.groupBy(items, ({ division }) => countyOf(division));
  const counties = [...new Set([...byCounty.keys(), ...(totals?.keys() ?? [])])].sort();
  return counties.map((county) => {
    const those = byCounty.get(county) ?? [];
    const connected = those.filter((one) => one.connected);
    const count = (state: FacilityVerdict['state']): number => connected.filter((one) => one.state === state).length;
    const facilities = totals && Math.max(totals.get(county) ?? 0, those.length);
    return {
      county,
      facilities,
      held: facilities === undefined ? undefined : facilities - those.length,
      short: count('short'),
      gaps: count('gaps'),
      unproved: count('unproved'),
      unknown: count('unknown'),
      never: those.length - connected.length,
    };
  });
};

/** Of all counties together; absent = not known. */
export const totalOf = (counties: readonly County[], totals: Totals, of: 'facilities' | 'held'): number | undefined =>
  totals && sum(counties, (one) => one[of] ?? 0);

export interface ReasonCount {
  readonly reason: string;
  readonly facilities: number;
}

/** Why facilities cannot show their days, the most frequent first. */
export const reasonsOf = (items: readonly FacilityVerdict[]): readonly ReasonCount[] =>
  [...Map.groupBy(items, ({ reason }) => reason)]
    .map(([reason, those]) => ({ reason, facilities: those.length }))
    .sort((a, b) => b.facilities - a.facilities || (a.reason < b.reason ? -1 : 1));

/** How fast incidents of one kind were answered, counted from their opening. */
export interface AnswerTimes {
  readonly title: Said;
  readonly count: number;
  readonly within5: number;
  readonly within15: number;
  readonly within60: number;
  readonly later: number;
  readonly not: number;
}

type Span = Exclude<keyof AnswerTimes, 'title' | 'count'>;

const MINUTE = 60;
const spanOf = ({ times: { answeredSeconds } }: AuditIncident): Span => {
  if (answeredSeconds === undefined) return 'not';
  if (answeredSeconds <= 5 * MINUTE) return 'within5';
  if (answeredSeconds <= 15 * MINUTE) return 'within15';
  return answeredSeconds <= 60 * MINUTE ? 'within60' : 'later';
};

/** By kind of incident, the most frequent first. */
export const answerTimesOf = (items: readonly AuditIncident[]): readonly AnswerTimes[] =>
  [...Map.groupBy(items, ({ title }) => title.zh).values()]
    .flatMap((those): AnswerTimes[] => {
      const [first] = those;
      if (first === undefined) return [];
      const count = (span: Span): number => those.filter((one) => spanOf(one) === span).length;
      return [
        {
          title: first.title,
          count: those.length,
          within5: count('within5'),
          within15: count('within15'),
          within60: count('within60'),
          later: count('later'),
          not: count('not'),
        },
      ];
    })
    .sort((a, b) => b.count - a.count);
