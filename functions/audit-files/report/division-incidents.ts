import type { AuditIncident } from '../../../shared/contracts/audit-incidents.ts';
import type { Html } from '../../../shared/runtime/html.ts';
import { answerLooks, keyOf, pictured, ROWS_IN_A_PICTURE, stackedChart } from './division-charts.ts';
import { type AnswerTimes, answerTimesOf } from './division-sums.ts';
import { both, none, section, table } from './page.ts';
import { chunks } from './parts.ts';
import { titles } from './words.ts';

const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
};

interface Kind {
  readonly title: AuditIncident['title'];
  readonly count: number;
  readonly open: number;
  readonly answered: number;
  readonly medianSeconds: number | undefined;
  readonly lifeSafety: boolean;
}

const kindsOf = (items: readonly AuditIncident[]): readonly Kind[] => {
  const byTitle = Map.groupBy(items, ({ title }) => title.zh);
  return [...byTitle.values()]
    .map((those) => {
      const times = those.flatMap(({ times: { answeredSeconds } }) => answeredSeconds ?? []);
      return {
        title: (those[0] as AuditIncident).title,
        count: those.length,
        open: those.filter(({ state }) => state === 'open').length,
        answered: times.length,
        medianSeconds: median(times),
        lifeSafety: those.some(({ lifeSafety }) => lifeSafety),
      };
    })
    .sort((a, b) => b.count - a.count);
};

const minutes = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : (seconds / 60).toFixed(1);

const answerTimes = (items: readonly AuditIncident[]): readonly Html[] => {
  const times = answerTimesOf(items);
  const spans = Object.keys(answerLooks) as (keyof typeof answerLooks)[];
  const columns = spans.map((span) => ({
    heading: answerLooks[span],
    cell: (one: AnswerTimes) => one[span],
    isNumber: true,
  }));
  return [
    keyOf(answerLooks),
    ...chunks(times, ROWS_IN_A_PICTURE).map((part) =>
      pictured(
        titles.answersPicture,
        stackedChart(
          part.map((parts) => ({ name: parts.title.zh, parts })),
          answerLooks,
          true,
        ),
      ),
    ),
    table<AnswerTimes>(
      titles.answers,
      [
        { heading: { zh: '事件', en: 'incident' }, cell: ({ title }) => both(title) },
        { heading: { zh: '数量', en: 'count' }, cell: ({ count }) => count, isNumber: true },
        ...columns,
      ],
      times,
    ),
  ];
};

/** What happened in a division, and how fast it was answered; absent = not for this reader, or too many. */
export const incidents = (items: readonly AuditIncident[] | undefined): Html => {
  if (items === undefined) return section(titles.incidents, [none(titles.notForYouOrTooMany)]);
  if (items.length === 0) return section(titles.incidents, [none(titles.noIncidents), none(titles.yoursAlone)]);
  return section(titles.incidents, [
    ...answerTimes(items),
    table<Kind>(
      titles.incidentsAndTimes,
      [
        { heading: { zh: '事件', en: 'incident' }, cell: ({ title }) => both(title) },
        { heading: { zh: '数量', en: 'count' }, cell: ({ count }) => count, isNumber: true },
        { heading: { zh: '未应答', en: 'still open' }, cell: ({ open }) => open, isNumber: true },
        { heading: { zh: '已应答', en: 'answered' }, cell: ({ answered }) => answered, isNumber: true },
        {
          heading: { zh: '应答时间中位数（分钟）', en: 'median answer, min' },
          cell: ({ medianSeconds }) => minutes(medianSeconds),
          isNumber: true,
        },
      ],
      kindsOf(items),
      ({ lifeSafety }) => lifeSafety,
    ),
    none(titles.yoursAlone),
  ]);
};
