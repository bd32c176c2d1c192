import { stratumWords } from '../../../shared/domain/challenges/odds-text.ts';
import { reasonWords } from '../../../shared/domain/notices/notice-words.ts';
import { type Html, html } from '../../../shared/runtime/html.ts';
import { calendarChart, uptimeChart, uptimeLooks } from './charts.ts';
import type { FacilityReport } from './gather.ts';
import { hoursOf, localTime, minutesOf } from './local-time.ts';
import { both, none, reportDocument, type Said, section, type TableColumn, table } from './page.ts';
import { cellLooks, cellStateOf, cellStates } from './states.ts';
import { doesNotProve, outcomeWords, stateWords, titles } from './words.ts';

type Camera = FacilityReport['retention']['cameras'][number];

/** A picture of more days is cut: a cell must hold its letter on paper. */
const DAYS_IN_A_ROW = 31;
const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

const reasonOf = (reason: string): Said =>
  reasonWords[reason] ?? (reason === 'held' ? stateWords.held : { zh: reason, en: reason });

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((all, one) => all + of(one), 0);

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
    cell: ({ reason }) => both(reasonOf(reason)),
  },
  { heading: { zh: '安装时间', en: 'installed' }, cell: ({ installedAt }) => localTime(installedAt, zone) },
  { heading: { zh: '可回溯天数', en: 'reaches back, days' }, cell: ({ depthDays }) => depthDays, isNumber: true },
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

const recordings = (report: FacilityReport): Html => {
  const { retention, zone } = report;
  if (retention.cameras.length === 0) return section(titles.recordings, [none(titles.noCamera)]);
  return section(titles.recordings, [
    legend,
    ...calendarOf(report),
    table(titles.byCamera, cameraColumns(zone), retention.cameras, ({ state }) => state !== 'held'),
  ]);
};

const HOUR = 3_600;
const uptime = ({ uptime: view, zone }: FacilityReport): Html => {
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
            { heading: { zh: '对象', en: 'of' }, cell: ({ subject }) => subject },
            {
              heading: { zh: '原因', en: 'reason' },
              cell: ({ reason }) => both(reasonOf(reason)),
            },
            {
              heading: { zh: '补报分钟', en: 'shown late, min' },
              cell: ({ shownLateMinutes }) => shownLateMinutes,
              isNumber: true,
            },
          ],
          view.gaps.slice(0, 200),
        ),
  ]);
};

const coverage = ({ coverage: views, zone }: FacilityReport): Html => {
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

const checks = ({ checks: view }: FacilityReport): Html => {
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
              cell: ({ session }) =>
                both(session === 'morning' ? { zh: '晨检', en: 'morning' } : { zh: '午检', en: 'noon' }),
            },
            { heading: { zh: '结论', en: 'state' }, cell: ({ state }) => both(stateWords[state]) },
            { heading: { zh: '应交', en: 'due' }, cell: ({ dueAt }) => localTime(dueAt, view.zone) },
            { heading: { zh: '收到', en: 'received' }, cell: ({ receivedAt }) => localTime(receivedAt, view.zone) },
          ],
          missing.slice(0, 400),
          ({ state }) => state === 'missing',
        ),
  ]);
};

const secondsText = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : seconds < 120 ? `${seconds} s` : `${(seconds / 60).toFixed(1)} min`;

const incidents = ({ incidents: items, zone }: FacilityReport): Html => {
  if (items === undefined) return section(titles.incidents, [none(titles.notForYou)]);
  if (items.length === 0) return section(titles.incidents, [none(titles.noIncidents)]);
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
        { heading: { zh: '对象', en: 'of' }, cell: ({ subject }) => subject },
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
      items.slice(0, 500),
      ({ lifeSafety }) => lifeSafety,
    ),
    html`<p>${both(titles.afterOpening)}</p>`,
  ]);
};

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

const challenges = ({ challenges: view, zone }: FacilityReport): Html => {
  const outcomes = Object.entries(view.outcomes).filter(([, count]) => count > 0) as [
    keyof typeof outcomeWords,
    number,
  ][];
  const failed = view.items.filter(({ outcome }) => ['mismatch', 'not-found', 'unanswered'].includes(outcome));
  type Item = (typeof failed)[number];
  return section(titles.challenges, [
    html`<p><strong>${both(stateWords[view.state])}</strong> ${both(reasonOf(view.reason))}</p>`,
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
          failed.slice(0, 200),
          () => true,
        ),
    html`<h3>${both(titles.odds)}</h3>${lines(view.odds.zh).map((line) => html`<p>${line}</p>`)}<div lang="en">${lines(view.odds.en).map((line) => html`<p>${line}</p>`)}</div>`,
    html`<h3>${both(titles.assumed)}</h3><ul>${view.assumptions.map((one) => html`<li>${one.zh} <span lang="en">${one.en}</span></li>`)}</ul>`,
  ]);
};

const holdsAndObjections = ({ facility: { legalHolds = [] }, objections, zone, asOf }: FacilityReport): Html => {
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
              cell: ({ untilMs, releasedAtMs }) => at(releasedAtMs ?? untilMs),
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
            { heading: { zh: '理由', en: 'reason' }, cell: ({ reason }) => reason },
            { heading: { zh: '开始', en: 'from' }, cell: ({ from }) => localTime(from, zone) },
            { heading: { zh: '结束', en: 'to' }, cell: ({ to }) => localTime(to, zone) },
            { heading: { zh: '摄像头', en: 'camera' }, cell: ({ camera }) => camera },
            { heading: { zh: '文件', en: 'document' }, cell: ({ document }) => document },
          ],
          objections,
        ),
    objections.length === 0 ? undefined : html`<p>${both(titles.objectionsChangeNothing)}</p>`,
  ]);
};

const provenance = ({ retention, sealed, pack }: FacilityReport): Html => {
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

/** The page of one facility, as text. */
export const facilityReportPage = (report: FacilityReport): string => {
  const { facility, verdict, days, zone, asOf, pack } = report;
  const owesNothing = verdict === undefined;
  const sentence = verdict?.sentence ?? titles.owesNothing;
  const failed = report.challenges.state === 'breached' ? titles.challengesFailed : undefined;
  return reportDocument({
    title: { zh: `${facility.name.zh} 监控录像核查报告`, en: `${facility.name.en}: report on recordings` },
    met: (owesNothing || verdict.state === 'held') && failed === undefined,
    verdict: failed === undefined ? sentence : { zh: `${sentence.zh}${failed.zh}`, en: `${sentence.en} ${failed.en}` },
    facts: [
      [{ zh: '机构', en: 'facility' }, `${facility.name.zh} (${facility.id})`],
      [{ zh: '行政区划', en: 'division' }, facility.division],
      [{ zh: '报告期间', en: 'period' }, `${days[0]} – ${days.at(-1)}`],
      [{ zh: '截至时间', en: 'as of' }, `${localTime(asOf, zone)} ${zone} (${asOf})`],
      [{ zh: '应保存天数', en: 'days to be kept' }, report.retention.requiredDays],
      [{ zh: '规则包', en: 'rule pack' }, pack],
    ],
    body: [
      recordings(report),
      uptime(report),
      coverage(report),
      challenges(report),
      checks(report),
      incidents(report),
      holdsAndObjections(report),
      provenance(report),
    ],
  });
};
