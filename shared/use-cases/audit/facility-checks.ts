import type { CheckDay, ChecksQuery, ChecksView } from '../../contracts/audit-questions.ts';
import type { Person } from '../../domain/access.ts';
import { type CheckState, checksBySlot, classesOf, type JudgedSlot, judgeSlot } from '../../domain/check-calendar.ts';
import type { KeptCheck } from '../../domain/checks.ts';
import { civilDayInterval } from '../../domain/civil-day.ts';
import type { Facility } from '../../domain/facility.ts';
import { writeInstant } from '../../domain/instants.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { facilityFor } from '../read-facility.ts';
import { reasonIn, sessionWords, stateWords } from './audit-words.ts';
import { facilityColumns, facilityHead } from './facility-columns.ts';
import { eachDay, localDays } from './local-days.ts';
import { type Column, coded, type Sheet } from './sheet.ts';
import type { AuditReads } from './stores.ts';

const LIMITS = { usual: 30, most: 92 };
const MOST_OF_A_SLOT = 100;

export type ChecksDeps = Pick<AuditReads, 'registry' | 'packFor' | 'clock'> & {
  readonly records: Pick<RecordStore, 'checksSince'>;
};

const checkView = ({
  report,
  receivedMs,
  timeliness,
  stands,
}: JudgedSlot['checks'][number]): CheckDay['checks'][number] => ({
  report: report.id,
  receivedAt: writeInstant(receivedMs),
  timeliness,
  present: report.present,
  absent: report.absent,
  checked: report.checked,
  // What was found, and of whom, does not leave by this way.
  findings: report.findings.length,
  ...(report.corrects !== undefined && { corrects: report.corrects }),
  stands,
});

const slotView = ({ day, class: of, session, state, reason, dueAtMs, receivedMs, checks }: JudgedSlot): CheckDay => ({
  day,
  class: of,
  session,
  state,
  reason,
  ...(dueAtMs !== undefined && { dueAt: writeInstant(dueAtMs) }),
  ...(receivedMs !== undefined && { receivedAt: writeInstant(receivedMs) }),
  // More than that of one class and session is a box gone wrong: the first hundred show that.
  checks: checks.slice(0, MOST_OF_A_SLOT).map(checkView),
});

const sumsOf = (items: readonly CheckDay[]): ChecksView['sums'] => {
  const count = (state: CheckState): number => items.filter((one) => one.state === state).length;
  return {
    inTime: count('in-time'),
    late: count('late'),
    backDated: count('back-dated'),
    missing: count('missing'),
    notDue: count('not-due'),
    notYetDue: count('not-yet-due'),
    unknown: count('unknown'),
  };
};

const slotsOf = (
  { packFor }: ChecksDeps,
  facility: Facility,
  days: readonly string[],
  checks: readonly KeptCheck[],
  nowMs: number,
): readonly JudgedSlot[] => {
  const bySlot = checksBySlot(checks);
  const classes = classesOf(
    facility,
    checks.filter(({ report }) => days.includes(report.day)),
  );
  return days.flatMap((day) => {
    // By the pack that was in force on that day.
    const pack = packFor(facility, civilDayInterval(day, facility.calendar.zone).fromMs);
    return classes.flatMap((of) =>
      (['morning', 'noon'] as const).map((session) =>
        judgeSlot({ day, class: of, session }, bySlot, facility, pack, nowMs),
      ),
    );
  });
};

/** Which class was checked on which day and session, when that came, and what was missing. */
export const facilityChecks = async (
  deps: ChecksDeps,
  person: Person,
  facilityId: string,
  query: ChecksQuery,
): Promise<ChecksView> => {
  const facility = await facilityFor(deps.registry, person, 'read-checks', facilityId);
  const nowMs = deps.clock();
  const { zone } = facility.calendar;
  const [fromDay, toDay] = localDays(query, facility, nowMs, LIMITS);
  // A check comes on its day or later, never before.
  const kept = await deps.records.checksSince(facility.id, civilDayInterval(fromDay, zone).fromMs);
  const checks = kept.filter(({ receivedMs }) => receivedMs <= nowMs);
  const items = slotsOf(deps, facility, eachDay(fromDay, toDay), checks, nowMs).map(slotView);
  return {
    ...facilityHead(facility, nowMs),
    zone,
    from: fromDay,
    to: toDay,
    sums: sumsOf(items),
    items,
  };
};

export interface CheckLine {
  readonly view: ChecksView;
  readonly item: CheckDay;
  readonly check: CheckDay['checks'][number] | undefined;
}

const columns: readonly Column<CheckLine>[] = [
  ...facilityColumns,
  { heading: '日期 day', value: ({ item }) => item.day, is: 'day' },
  { heading: '班级 class', value: ({ item }) => item.class },
  coded('时段 session', ({ item }) => item.session, sessionWords),
  coded('结论 state', ({ item }) => item.state, stateWords),
  coded('原因 reason', ({ item }) => item.reason, reasonIn),
  { heading: '应报时间 due at', value: ({ item }) => item.dueAt ?? null, is: 'instant' },
  { heading: '报告编号 report', value: ({ check }) => check?.report ?? null },
  { heading: '收到时间 received at', value: ({ check }) => check?.receivedAt ?? null, is: 'instant' },
  coded('及时性 timeliness', ({ check }) => check?.timeliness ?? null, stateWords),
  { heading: '出勤（人） present', value: ({ check }) => check?.present ?? null },
  { heading: '缺勤（人） absent', value: ({ check }) => check?.absent ?? null },
  { heading: '已检（人） checked', value: ({ check }) => check?.checked ?? null },
  { heading: '异常（项） findings', value: ({ check }) => check?.findings ?? null },
  { heading: '更正的报告 corrects', value: ({ check }) => check?.corrects ?? null },
  { heading: '有效 stands', value: ({ check }) => check?.stands ?? null },
];

/** The same as lines, one per check; a slot without one still has its line. */
export const checksSheet = (view: ChecksView): Sheet<CheckLine> => ({
  name: { zh: '晨午检', en: 'Checks' },
  columns,
  rows: view.items.flatMap((item): CheckLine[] =>
    item.checks.length === 0 ? [{ view, item, check: undefined }] : item.checks.map((check) => ({ view, item, check })),
  ),
});
