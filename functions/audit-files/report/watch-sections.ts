import { type Html, html } from '../../../shared/runtime/html.ts';
import { reasonIn, sessionWords, stateWords } from '../../../shared/use-cases/audit/audit-words.ts';
import { subjectIn } from '../../../shared/use-cases/audit/subject-in.ts';
import { uptimeChart, uptimeLooks } from './charts.ts';
import type { FacilityReport } from './gather.ts';
import { hoursOf, localTime, minutesOf } from './local-time.ts';
import { both, none, section, table } from './page.ts';
import { chunks, DAYS_IN_A_ROW, sum } from './parts.ts';
import { titles } from './words.ts';

/*
 * What a report says of the watch over the children: beats, cameras, checks, incidents.
 */

const HOUR = 3_600;
export const uptime = ({ uptime: view, zone }: FacilityReport): Html => {
  if (view === undefined) return section(titles.uptime, [none(titles.notForYou)]);
  const bars = view.days.map((day) => ({
    day: day.day,
    shownHours: day.shownSeconds / HOUR,
    missingHours: day.missingSeconds / HOUR,
    unknownHours: day.unknownSeconds / HOUR,
  }));
  const total = {
    required: sum(view.days, (day) => day.requiredSeconds),
    shown: sum(view.days, (day) => day.shownSeconds),
    missing: sum(view.days, (day) => day.missingSeconds),
    unknown: sum(view.days, (day) => day.unknownSeconds),
  };
  type Gap = (typeof view.gaps)[number];
  return section(titles.uptime, [
    html`<p>${both({
      zh: `应监测${hoursOf(total.required)}小时：已证明${hoursOf(total.shown)}，缺失${hoursOf(total.missing)}，未知${hoursOf(total.unknown)}。`,
      en: `Of ${hoursOf(total.required)} h required: ${hoursOf(total.shown)} shown, ${hoursOf(total.missing)} missing, ${hoursOf(total.unknown)} unknown.`,
    })}</p>`,
    html`<ul class="key">${Object.values(uptimeLooks).map((look) => html`<li>${both(look)}</li>`)}</ul>`,
    ...chunks(bars, DAYS_IN_A_ROW).map(
      (part) =>
        html`<figure><div role="img" aria-label="每天的监测小时数 Hours of monitoring by day ${part[0]?.day ?? ''} – ${part.at(-1)?.day ?? ''}">${uptimeChart(part)}</div></figure>`,
    ),
    view.gaps.length === 0
      ? none(titles.noGaps)
      : table<Gap>(
          titles.gaps,
          [
            { heading: { zh: '开始', en: 'from' }, cell: ({ from }) => localTime(from, zone) },
            { heading: { zh: '结束', en: 'to' }, cell: ({ to }) => localTime(to, zone) ?? both(titles.goesOn) },
            { heading: { zh: '对象', en: 'of' }, cell: ({ subject }) => both(subjectIn(subject)) },
            {
              heading: { zh: '原因', en: 'reason' },
              cell: ({ reason }) => both(reasonIn(reason)),
            },
            {
              heading: { zh: '补报分钟', en: 'shown late, min' },
              cell: ({ shownLateMinutes }) => shownLateMinutes,
              isNumber: true,
            },
          ],
          view.gaps,
          undefined,
          200,
        ),
  ]);
};

export const coverage = ({ coverage: views, zone }: FacilityReport): Html => {
  if (views === undefined) return section(titles.coverage, [none(titles.notForYou)]);
  const areas = (views[0]?.areas ?? []).map((area) => {
    const same = views.flatMap((view) => view.areas.filter((one) => one.area === area.area));
    const days = same.flatMap((one) => one.days);
    return {
      area,
      notSeen: sum(days, (day) => day.seen.uncoveredSeconds),
      notSeenUnknown: sum(days, (day) => day.seen.unknownSeconds),
      notRecorded: sum(days, (day) => day.recorded.uncoveredSeconds),
      notRecordedUnknown: sum(days, (day) => day.recorded.unknownSeconds),
      first: same.flatMap((one) => one.notRecorded).find(({ is }) => is === 'uncovered'),
    };
  });
  return section(titles.coverage, [
    table<(typeof areas)[number]>(
      titles.byArea,
      [
        { heading: { zh: '区域', en: 'area' }, cell: ({ area }) => both(area.name) },
        {
          heading: { zh: '活动区域', en: 'activity area' },
          cell: ({ area }) => both(area.activity ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }),
        },
        {
          heading: { zh: '无有效画面分钟', en: 'not seen, min' },
          cell: ({ notSeen }) => minutesOf(notSeen),
          isNumber: true,
        },
        {
          heading: { zh: '画面未知分钟', en: 'seen: unknown, min' },
          cell: (one) => minutesOf(one.notSeenUnknown),
          isNumber: true,
        },
        {
          heading: { zh: '无录像分钟', en: 'not recorded, min' },
          cell: (one) => minutesOf(one.notRecorded),
          isNumber: true,
        },
        {
          heading: { zh: '录像未知分钟', en: 'recorded: unknown, min' },
          cell: (one) => minutesOf(one.notRecordedUnknown),
          isNumber: true,
        },
        { heading: { zh: '首次无录像', en: 'first not recorded' }, cell: ({ first }) => localTime(first?.from, zone) },
      ],
      areas,
      ({ area, notSeen, notRecorded }) => area.activity && notSeen + notRecorded > 0,
    ),
  ]);
};

export const checks = ({ checks: view }: FacilityReport): Html => {
  if (view === undefined) return section(titles.checks, [none(titles.notForYou)]);
  const { sums } = view;
  const missing = view.items.filter(({ state }) => state === 'missing' || state === 'late' || state === 'back-dated');
  type Slot = (typeof missing)[number];
  return section(titles.checks, [
    html`<p>${both({
      zh: `按时${sums.inTime}，迟交${sums.late}，补记${sums.backDated}，缺失${sums.missing}，不要求${sums.notDue}，未到期${sums.notYetDue}，无法判断${sums.unknown}。`,
      en: `${sums.inTime} in time, ${sums.late} late, ${sums.backDated} back-dated, ${sums.missing} missing, ${sums.notDue} not due, ${sums.notYetDue} not yet due, ${sums.unknown} unknown.`,
    })}</p>`,
    missing.length === 0
      ? undefined
      : table<Slot>(
          titles.checksNotInTime,
          [
            { heading: { zh: '日期', en: 'day' }, cell: ({ day }) => day },
            { heading: { zh: '班级', en: 'class' }, cell: (one) => one.class },
            {
              heading: { zh: '时段', en: 'session' },
              cell: ({ session }) => both(sessionWords[session]),
            },
            { heading: { zh: '结论', en: 'state' }, cell: ({ state }) => both(stateWords[state]) },
            { heading: { zh: '应交', en: 'due' }, cell: ({ dueAt }) => localTime(dueAt, view.zone) },
            { heading: { zh: '收到', en: 'received' }, cell: ({ receivedAt }) => localTime(receivedAt, view.zone) },
          ],
          missing,
          ({ state }) => state === 'missing',
          400,
        ),
  ]);
};

const secondsText = (seconds: number | undefined): Html | undefined => {
  if (seconds === undefined) return undefined;
  if (seconds < 120) return both({ zh: `${seconds}秒`, en: `${seconds} s` });
  const minutes = (seconds / 60).toFixed(1);
  return both({ zh: `${minutes}分钟`, en: `${minutes} min` });
};

export const incidents = ({ incidents: items, zone }: FacilityReport): Html => {
  if (items === undefined) return section(titles.incidents, [none(titles.notForYou)]);
  if (items.length === 0) return section(titles.incidents, [none(titles.noIncidents), none(titles.yoursAlone)]);
  type Item = (typeof items)[number];
  return section(titles.incidents, [
    table<Item>(
      titles.incidentsAndTimes,
      [
        { heading: { zh: '立案', en: 'opened' }, cell: ({ openedAt }) => localTime(openedAt, zone) },
        {
          heading: { zh: '事件', en: 'incident' },
          cell: ({ title, drill }) => html`${both(title)}${drill && both({ zh: '（演练）', en: '(drill)' })}`,
        },
        { heading: { zh: '对象', en: 'of' }, cell: ({ subject }) => both(subjectIn(subject)) },
        { heading: { zh: '状态', en: 'state' }, cell: ({ state }) => both(stateWords[state]) },
        {
          heading: { zh: '发布', en: 'published' },
          cell: ({ times }) => secondsText(times.publishedSeconds),
          isNumber: true,
        },
        {
          heading: { zh: '送达', en: 'delivered' },
          cell: ({ times }) => secondsText(times.deliveredSeconds),
          isNumber: true,
        },
        { heading: { zh: '查看', en: 'seen' }, cell: ({ times }) => secondsText(times.seenSeconds), isNumber: true },
        {
          heading: { zh: '应答', en: 'answered' },
          cell: ({ times }) => secondsText(times.answeredSeconds),
          isNumber: true,
        },
        { heading: { zh: '关闭', en: 'closed' }, cell: ({ closedAt }) => localTime(closedAt, zone) },
      ],
      items,
      ({ lifeSafety }) => lifeSafety,
      500,
    ),
    html`<p>${both(titles.afterOpening)}</p>`,
    none(titles.yoursAlone),
  ]);
};
