import type { AuditIncident } from '../../contracts/audit-incidents.ts';
import { divisionOfPlace } from '../../domain/incident.ts';
import { closeReasonIn } from '../../domain/notices/close-words.ts';
import { incidentReasonIn, stateWords } from './audit-words.ts';
import { type Column, coded, type Sheet } from './sheet.ts';
import { subjectIn } from './subject-in.ts';

/** Of a whole division there is no facility; one that the registry does not know has a name that nobody knows. */
const nameIn = ({ facility, facilityName }: AuditIncident, of: 'zh' | 'en'): string | null | undefined =>
  divisionOfPlace(facility) === undefined ? facilityName?.[of] : null;

type Times = AuditIncident['times'];

/** What has not come so far has no time; of what must have come before something else, nobody knows when. */
const stage =
  (of: keyof Times, later: readonly (keyof Times)[]) =>
  ({ times }: AuditIncident): number | null | undefined =>
    times[of] ?? (later.some((one) => times[one] !== undefined) ? undefined : null);

const columns: readonly Column<AuditIncident>[] = [
  { heading: '事件编号 incident', value: ({ incident }) => incident },
  { heading: '行政区划 division', value: ({ division }) => division },
  { heading: '机构编号 facility', value: ({ facility }) => facility },
  { heading: '机构名称 name (zh)', value: (one) => nameIn(one, 'zh') },
  { heading: '英文名称 name (en)', value: (one) => nameIn(one, 'en') },
  { heading: '事件 what (zh)', value: ({ title }) => title.zh },
  { heading: '事件英文 what (en)', value: ({ title }) => title.en },
  coded('对象 subject', ({ subject }) => subject, subjectIn),
  coded('原因 reason', ({ reason }) => reason, incidentReasonIn),
  { heading: '生命安全 life-safety', value: ({ lifeSafety }) => lifeSafety },
  { heading: '演练 drill', value: ({ drill }) => drill },
  { heading: '发生时间 since', value: ({ since }) => since, is: 'instant' },
  { heading: '立案时间 opened at', value: ({ openedAt }) => openedAt, is: 'instant' },
  coded('状态 state', ({ state }) => state, stateWords),
  { heading: '首次发布秒数 published, seconds', value: stage('publishedSeconds', ['deliveredSeconds', 'seenSeconds']) },
  { heading: '首次送达秒数 delivered, seconds', value: stage('deliveredSeconds', ['seenSeconds']) },
  { heading: '首次查看秒数 seen, seconds', value: stage('seenSeconds', []) },
  {
    heading: '应答秒数 answered, seconds',
    value: ({ state, times }) => times.answeredSeconds ?? (state === 'answered' ? undefined : null),
  },
  { heading: '关闭秒数 closed, seconds', value: ({ times }) => times.closedSeconds ?? null },
  { heading: '关闭时间 closed at', value: ({ closedAt }) => closedAt ?? null, is: 'instant' },
  coded('关闭原因 close reason', ({ closeReason }) => closeReason ?? null, closeReasonIn),
  { heading: '规则包 pack', value: ({ pack }) => pack },
  { heading: '规则代码 rule code', value: ({ rule }) => rule },
];

/** A list as lines, one per incident. */
export const incidentsSheet = (items: readonly AuditIncident[]): Sheet<AuditIncident> => ({
  name: { zh: '事件', en: 'Incidents' },
  columns,
  rows: items,
});
