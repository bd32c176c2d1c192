import { stratumWords } from '../../../shared/domain/challenges/odds-text.ts';
import { type Html, html } from '../../../shared/runtime/html.ts';
import {
  everyCamera,
  notKnown,
  objectionReasonWords,
  outcomeWords,
  reasonIn,
  stateWords,
} from '../../../shared/use-cases/audit/audit-words.ts';
import { calendarChart } from './charts.ts';
import type { FacilityReport } from './gather.ts';
import { hoursOf, localTime } from './local-time.ts';
import { both, none, section, type TableColumn, table } from './page.ts';
import { chunks, DAYS_IN_A_ROW, sum } from './parts.ts';
import { cellLooks, cellStateOf, cellStates } from './states.ts';
import { doesNotProve, titles } from './words.ts';

/*
 * What a report says of the film: what is held, what was asked for, what was ordered and objected, and what proves it.
 */

type Camera = FacilityReport['retention']['cameras'][number];

const legend = html`<ul class="key">${cellStates.map(
  (state) =>
    html`<li><strong>${cellLooks[state].letter === '' ? '□' : cellLooks[state].letter}</strong> ${both(cellLooks[state])}</li>`,
)}</ul>`;

const calendarOf = ({ retention: { cameras }, days }: FacilityReport): readonly Html[] =>
  chunks(days, DAYS_IN_A_ROW).map((part) => {
    const rows = cameras.map((camera) => {
      const byDay = new Map(camera.days.map((day) => [day.day, day]));
      return {
        name: camera.camera,
        cells: part.map((day) => {
          const found = byDay.get(day);
          return found === undefined ? ('not-due' as const) : cellStateOf(found);
        }),
      };
    });
    const [from = '', to = ''] = [part[0], part.at(-1)];
    const label = `每台摄像头每天的录像保存情况 ${from} – ${to}，数字见下表 Recordings of each camera by day; the figures are in the table below`;
    return html`<figure><figcaption>${from} – ${to}</figcaption><div role="img" aria-label="${label}">${calendarChart(part, rows)}</div></figure>`;
  });

/** Depth, completeness and provenance are three answers, never one percentage. */
const cameraColumns = (zone: string): readonly TableColumn<Camera>[] => [
  { heading: { zh: '摄像头', en: 'camera' }, cell: ({ camera }) => camera },
  { heading: { zh: '结论', en: 'verdict' }, cell: ({ state }) => both(stateWords[state]) },
  {
    heading: { zh: '原因', en: 'reason' },
    cell: ({ reason }) => both(reasonIn(reason)),
  },
  { heading: { zh: '安装时间', en: 'installed' }, cell: ({ installedAt }) => localTime(installedAt, zone) },
  {
    heading: { zh: '可回溯天数', en: 'reaches back, days' },
    cell: ({ depthDays }) => depthDays ?? both(notKnown),
    isNumber: true,
  },
  {
    heading: { zh: '应保存小时', en: 'required, h' },
    cell: (one) => hoursOf(owed(one).requiredSeconds),
    isNumber: true,
  },
  { heading: { zh: '已保存小时', en: 'held, h' }, cell: (one) => hoursOf(owed(one).heldSeconds), isNumber: true },
  {
    heading: { zh: '迟报小时', en: 'held late, h' },
    cell: (one) => hoursOf(owed(one).heldLateSeconds),
    isNumber: true,
  },
  { heading: { zh: '丢失小时', en: 'lost, h' }, cell: (one) => hoursOf(owed(one).lostSeconds), isNumber: true },
  {
    heading: { zh: '仅申报小时', en: 'declared, h' },
    cell: (one) => hoursOf(owed(one).declaredSeconds),
    isNumber: true,
  },
  { heading: { zh: '未报告小时', en: 'unknown, h' }, cell: (one) => hoursOf(owed(one).unknownSeconds), isNumber: true },
];
const owed = ({ answers }: Camera) => answers.completeness;

export const recordings = (report: FacilityReport): Html => {
  const { retention, zone } = report;
  if (retention.cameras.length === 0) return section(titles.recordings, [none(titles.noCamera)]);
  return section(titles.recordings, [
    legend,
    ...calendarOf(report),
    table(titles.byCamera, cameraColumns(zone), retention.cameras, ({ state }) => state !== 'held'),
  ]);
};

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

export const challenges = ({ challenges: view, zone }: FacilityReport): Html => {
  const outcomes = Object.entries(view.outcomes).filter(([, count]) => count > 0) as [
    keyof typeof outcomeWords,
    number,
  ][];
  const failed = view.items.filter(({ outcome }) => ['mismatch', 'not-found', 'unanswered'].includes(outcome));
  type Item = (typeof failed)[number];
  return section(titles.challenges, [
    html`<p><strong>${both(stateWords[view.state])}</strong> ${both(reasonIn(view.reason))}</p>`,
    outcomes.length === 0
      ? none(titles.noChallenges)
      : html`<ul class="key">${outcomes.map(([outcome, count]) => html`<li>${both(outcomeWords[outcome])} <strong>${count}</strong></li>`)}</ul>`,
    failed.length === 0
      ? undefined
      : table<Item>(
          titles.failedChallenges,
          [
            { heading: { zh: '摄像头', en: 'camera' }, cell: ({ camera }) => camera },
            { heading: { zh: '抽查的小时', en: 'hour' }, cell: ({ hour }) => localTime(hour, zone) },
            { heading: { zh: '抽样层', en: 'stratum' }, cell: ({ stratum }) => both(stratumWords[stratum]) },
            { heading: { zh: '提问', en: 'asked' }, cell: ({ askedAt }) => localTime(askedAt, zone) },
            { heading: { zh: '结果', en: 'outcome' }, cell: ({ outcome }) => both(outcomeWords[outcome]) },
          ],
          failed,
          () => true,
          200,
        ),
    html`<h3>${both(titles.odds)}</h3>${lines(view.odds.zh).map((line) => html`<p>${line}</p>`)}<div lang="en">${lines(view.odds.en).map((line) => html`<p>${line}</p>`)}</div>`,
    html`<h3>${both(titles.assumed)}</h3><ul>${view.assumptions.map((one) => html`<li>${one.zh} <span lang="en">${one.en}</span></li>`)}</ul>`,
  ]);
};

export const holdsAndObjections = ({ facility: { legalHolds = [] }, objections, zone, asOf }: FacilityReport): Html => {
  const known = legalHolds.filter(({ orderedAtMs }) => (orderedAtMs ?? 0) <= Date.parse(asOf));
  type Hold = (typeof known)[number];
  type Objection = (typeof objections)[number];
  const at = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : localTime(new Date(ms).toISOString(), zone);
  return section(titles.holdsAndObjections, [
    known.length === 0
      ? none(titles.noHolds)
      : table<Hold>(
          titles.holds,
          [
            { heading: { zh: '编号', en: 'order' }, cell: ({ id }) => id },
            { heading: { zh: '摄像头', en: 'camera' }, cell: ({ camera }) => camera },
            { heading: { zh: '时段开始', en: 'from' }, cell: ({ fromMs }) => at(fromMs) },
            { heading: { zh: '时段结束', en: 'to' }, cell: ({ toMs }) => at(toMs) },
            { heading: { zh: '命令时间', en: 'ordered' }, cell: ({ orderedAtMs }) => at(orderedAtMs) },
            {
              heading: { zh: '保存至', en: 'kept until' },
              cell: ({ untilMs, releasedAtMs = untilMs }) =>
                at(releasedAtMs <= Date.parse(asOf) ? releasedAtMs : untilMs),
            },
          ],
          known,
        ),
    objections.length === 0
      ? none(titles.noObjections)
      : table<Objection>(
          titles.objections,
          [
            { heading: { zh: '收到', en: 'received' }, cell: ({ receivedAt }) => localTime(receivedAt, zone) },
            { heading: { zh: '理由', en: 'reason' }, cell: ({ reason }) => both(objectionReasonWords[reason]) },
            { heading: { zh: '开始', en: 'from' }, cell: ({ from }) => localTime(from, zone) },
            { heading: { zh: '结束', en: 'to' }, cell: ({ to }) => localTime(to, zone) },
            {
              heading: { zh: '摄像头', en: 'camera' },
              cell: ({ camera }) => (camera === undefined ? both(everyCamera) : camera),
            },
            { heading: { zh: '文件', en: 'document' }, cell: ({ document }) => document },
          ],
          objections,
        ),
    objections.length === 0 ? undefined : html`<p>${both(titles.objectionsChangeNothing)}</p>`,
  ]);
};

export const provenance = ({ retention, sealed, pack }: FacilityReport): Html => {
  const all = retention.cameras.map(({ answers }) => answers.provenance);
  const inTime = sum(all, (one) => one.inTimeSeconds);
  const undated = sum(all, (one) => one.undatedSeconds);
  const late = sum(all, (one) => one.lateSeconds);
  const claimed = sum(all, (one) => one.claimedSeconds);
  const nobody = sum(all, (one) => one.nobodySeconds);
  return section(titles.provenance, [
    html`<p>${both({
      zh: `应保存的录像时间中：按时上报${hoursOf(inTime)}小时，上报时间未留存${hoursOf(undated)}，迟报${hoursOf(late)}，仅有录像设备声称${hoursOf(claimed)}，无人上报${hoursOf(nobody)}。`,
      en: `Of the time that must be held: ${hoursOf(inTime)} h reported in time, ${hoursOf(undated)} reported, when is not kept, ${hoursOf(late)} late, ${hoursOf(claimed)} only claimed by the recorder, ${hoursOf(nobody)} reported by nobody.`,
    })}</p>`,
    html`<dl><dt>${both({ zh: '规则包', en: 'rule pack' })}</dt><dd><code>${pack}</code></dd>${
      sealed === undefined
        ? html`<dt>${both({ zh: '封存', en: 'seal' })}</dt><dd>${both(titles.notSealed)}</dd>`
        : html`<dt>${both({ zh: '封存至', en: 'sealed up to' })}</dt><dd>${sealed.day}</dd>
<dt>${both({ zh: '当日声明', en: 'statement' })}</dt><dd><code>sha256:${sealed.statement}</code></dd>${
            sealed.checkpoint === undefined
              ? undefined
              : html`<dt>${both({ zh: '检查点', en: 'checkpoint' })}</dt><dd><code>${sealed.checkpoint.origin} ${sealed.checkpoint.size} ${Buffer.from(sealed.checkpoint.root).toString('base64')}</code></dd>`
          }`
    }</dl>`,
    html`<h3>${both(titles.doesNotProve)}</h3><ul>${doesNotProve.map((one) => html`<li>${one.zh} <span lang="en">${one.en}</span></li>`)}</ul>`,
  ]);
};
