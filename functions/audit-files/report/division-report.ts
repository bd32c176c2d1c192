import type { FacilityVerdict, RetentionPage } from '../../../shared/contracts/audit.ts';
import type { ReportQuery } from '../../../shared/contracts/audit-files.ts';
import type { AuditIncident } from '../../../shared/contracts/audit-incidents.ts';
import type { Person } from '../../../shared/domain/access.ts';
import { scopeOf } from '../../../shared/domain/authorize.ts';
import { civilDayInterval } from '../../../shared/domain/civil-day.ts';
import { ForbiddenError, InvalidInputError } from '../../../shared/domain/errors.ts';
import { writeInstant } from '../../../shared/domain/instants.ts';
import { type Html, html } from '../../../shared/runtime/html.ts';
import { asOfMs } from '../../../shared/use-cases/audit/as-of.ts';
import { wholeAuditIncidents } from '../../../shared/use-cases/audit/audit-incidents.ts';
import { reasonIn, stateWords } from '../../../shared/use-cases/audit/audit-words.ts';
import { daysAsOf } from '../../../shared/use-cases/audit/local-days.ts';
import { wholeNotShown } from '../../../shared/use-cases/audit/not-shown.ts';
import { owingFacilities } from '../../../shared/use-cases/audit/owing-facilities.ts';
import type { ReportDeps } from '../stores.ts';
import { countChart, countyLooks, keyOf, pictured, ROWS_IN_A_PICTURE, stackedChart } from './division-charts.ts';
import { incidents } from './division-incidents.ts';
import {
  type County,
  countiesOf,
  type ReasonCount,
  reasonsOf,
  type Totals,
  totalOf,
  totalsOf,
} from './division-sums.ts';
import { exactTime, localTime } from './local-time.ts';
import { both, none, type ReportParts, reportDocument, section, type TableColumn, table } from './page.ts';
import { chunks } from './parts.ts';
import { doesNotProve, titles } from './words.ts';

const LIMITS = { usual: 30, most: 92 };
/** All that a report about a division says. */
export interface DivisionReport {
  readonly division: string;
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  readonly page: Omit<RetentionPage, 'cursor'>;
  /** How many facilities there are, by county; absent = not known. */
  readonly totals: Totals;
  /** Absent = not for this reader, or too many to be told on paper. */
  readonly incidents: readonly AuditIncident[] | undefined;
}

const orTooMany = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ForbiddenError || error instanceof InvalidInputError) return undefined;
    throw error;
  }
};

/** Gathers what the report says. Throws what its questions throw. */
export const gatherDivision = async (
  deps: ReportDeps,
  person: Person,
  division: string,
  query: ReportQuery,
): Promise<DivisionReport> => {
  if (scopeOf(person, 'read-retention', division).divisions.length === 0) {
    throw new ForbiddenError('none of your roles reaches that division');
  }
  const { zone } = deps;
  const nowMs = asOfMs(query.asOf, deps.clock());
  const [from, to] = daysAsOf(query, zone, nowMs, LIMITS);
  const then = { ...deps, clock: () => nowMs };
  const asked = { division, show: 'not-shown' as const, ...(query.asOf !== undefined && { asOf: query.asOf }) };
  const page = await wholeNotShown(then, person, asked);
  const totals = totalsOf(await owingFacilities(deps, person, division, nowMs));
  const period = {
    from: writeInstant(civilDayInterval(from, zone).fromMs),
    to: writeInstant(civilDayInterval(to, zone).toMs),
  };
  const listed = await orTooMany(wholeAuditIncidents(deps, person, { division, ...period }, nowMs));
  return { division, zone, from, to, asOf: writeInstant(nowMs), page, totals, incidents: listed?.items };
};

const numbered = (looks: readonly (keyof typeof countyLooks)[]): readonly TableColumn<County>[] =>
  looks.map((look) => ({ heading: countyLooks[look], cell: (one) => one[look], isNumber: true }));

const byCounty = (counties: readonly County[]): readonly Html[] => [
  keyOf(countyLooks),
  ...chunks(counties, ROWS_IN_A_PICTURE).map((part) =>
    pictured(
      titles.countiesPicture,
      stackedChart(
        part.map((parts) => ({ name: parts.county, parts })),
        countyLooks,
      ),
    ),
  ),
  table<County>(
    titles.sums,
    [
      { heading: { zh: '区县', en: 'county' }, cell: ({ county }) => county },
      { heading: { zh: '机构数', en: 'facilities' }, cell: (one) => one.facilities, isNumber: true },
      ...numbered(['held', 'short', 'gaps', 'unproved', 'unknown', 'never']),
    ],
    counties,
  ),
];

const byReason = (items: readonly FacilityVerdict[]): readonly Html[] => {
  const reasons = reasonsOf(items);
  const named = reasons.map(({ reason, facilities: count }) => ({ name: reasonIn(reason).zh, count }));
  return [
    pictured(titles.reasonsPicture, countChart(named)),
    table<ReasonCount>(
      titles.reasons,
      [
        { heading: { zh: '原因', en: 'why' }, cell: ({ reason }) => both(reasonIn(reason)) },
        { heading: { zh: '机构数', en: 'facilities' }, cell: (one) => one.facilities, isNumber: true },
      ],
      reasons,
    ),
  ];
};

const facilities = ({ page: { items }, totals }: DivisionReport): Html => {
  const counties = countiesOf(items, totals);
  return section(titles.facilities, [
    ...(counties.length === 0 ? [] : byCounty(counties)),
    ...(items.length === 0
      ? [none(titles.allHeld)]
      : [
          ...byReason(items),
          table<FacilityVerdict>(
            titles.facilities,
            [
              {
                heading: { zh: '机构', en: 'facility' },
                cell: ({ name, facility }) => html`${both(name)} (${facility})`,
              },
              { heading: { zh: '区划', en: 'division' }, cell: ({ division }) => division },
              { heading: { zh: '结论', en: 'verdict' }, cell: ({ state }) => both(stateWords[state]) },
              {
                heading: { zh: '原因', en: 'why' },
                cell: ({ sentence, reason }) => both(sentence ?? reasonIn(reason)),
              },
            ],
            items,
          ),
        ]),
  ]);
};

const provenance = ({ page: { basis } }: DivisionReport): Html =>
  section(titles.provenance, [
    html`<p>${both(basis?.sentence ?? { zh: '逐家核查了全部机构。', en: 'Every facility was looked at.' })}</p>`,
    html`<h3>${both(titles.doesNotProve)}</h3><ul>${doesNotProve.map((one) => html`<li>${one.zh} <span lang="en">${one.en}</span></li>`)}</ul>`,
  ]);

/** How many of how many can show their days. Where nobody counted them all, nobody says how many can. */
const verdictOf = ({ page: { items, basis }, totals, zone }: DivisionReport): Pick<ReportParts, 'met' | 'verdict'> => {
  const count = items.length;
  // What nothing has told yet is not counted, and not called safe.
  const judgedTo = localTime(basis?.judgedTo, zone);
  const since = {
    zh: judgedTo ? `全部机构已核查至${judgedTo}，此后尚无从知晓的情况见末尾“来源与封存”。` : '',
    en: judgedTo
      ? ` Everybody was judged as of ${judgedTo}; what cannot be known since then stands under “Provenance and seal”.`
      : '',
  };
  const never = items.filter(({ connected }) => !connected).length;
  const counties = countiesOf(items, totals);
  const [total, can] = (['facilities', 'held'] as const).map((of) => totalOf(counties, totals, of));
  if (total === 0) return { met: false, verdict: titles.noFacilities };
  if (total !== undefined) {
    const verdict = {
      zh: `${total}家机构中，${can}家可以证明应保存的录像，${count}家不能证明（其中${never}家从未接入）。${since.zh}`,
      en: `${can} of ${total} facilities can show the recordings that must be kept; ${count} cannot, of which ${never} never connected.${since.en}`,
    };
    return { met: can === total, verdict };
  }
  const verdict = {
    zh: `有${count}家机构不能证明应保存的录像，其中${never}家从未接入；机构总数未统计，能证明的有多少家未知。${since.zh}`,
    en: `${count} facilities cannot show the recordings that must be kept; ${never} of them never connected. There are too many to be counted here, so how many can is not known.${since.en}`,
  };
  return { met: false, verdict };
};

/** The page of a division, as text. */
export const divisionReportPage = (report: DivisionReport): string => {
  const { division, zone, from, to, asOf, page } = report;
  const { judgedTo = asOf } = page.basis ?? {};
  return reportDocument({
    title: { zh: `行政区划 ${division} 监控录像核查报告`, en: `Division ${division}: report on recordings` },
    ...verdictOf(report),
    facts: [
      [{ zh: '行政区划', en: 'division' }, division],
      [{ zh: '事件期间', en: 'period of incidents' }, `${from} – ${to}`],
      [{ zh: '截至时间', en: 'as of' }, exactTime(asOf, zone)],
      [{ zh: '全部机构已核查至', en: 'everybody judged as of' }, exactTime(judgedTo, zone)],
    ],
    body: [facilities(report), incidents(report.incidents), provenance(report)],
  });
};
