import type { AccessView } from '../../contracts/audit-notes.ts';
import type { BilingualName } from '../../domain/facility.ts';
import { aboutWords } from '../../domain/notices/notice-words.ts';

const both = (zh: string, en: string): BilingualName => ({ zh, en });

/** What auditors ask. A question without a word here cannot be noted. */
const questionWords = {
  retention: both('机构录像保存', 'recordings of a facility'),
  'area-recordings': both('区域录像', 'recordings of an area'),
  uptime: both('监测在线', 'uptime'),
  coverage: both('区域覆盖', 'coverage'),
  checks: both('晨午检', 'checks'),
  challenges: both('录像抽查', 'challenges'),
  objections: both('异议', 'objections'),
  accesses: both('机构的审计访问记录', 'accesses to a facility'),
  'division-retention': both('区划录像保存核查', 'retention of a division'),
  incidents: both('事件列表', 'incidents'),
  incident: both('单个事件', 'one incident'),
  'division-accesses': both('区划的审计访问记录', 'accesses to a division'),
  bundle: both('证据文件', 'bundle'),
  report: both('打印报告', 'report'),
  export: both('领取导出文件', 'fetched an export'),
  'export-retention': both('导出录像保存', 'export of retention'),
  'export-incidents': both('导出事件', 'export of incidents'),
  'export-checks': both('导出晨午检', 'export of checks'),
  'export-coverage': both('导出区域覆盖', 'export of coverage'),
  'export-uptime': both('导出监测在线', 'export of uptime'),
  'export-department': both('导出给部门', 'export for a department'),
} as const satisfies Readonly<Record<string, BilingualName>>;
export type AuditQuestion = keyof typeof questionWords;

const wordIn = (words: Readonly<Record<string, BilingualName>>, code: string): BilingualName =>
  words[code] ?? both(code, code);

/** An older note may be of a question that is asked no more: it stands as it is. */
export const questionIn = (question: string): BilingualName => wordIn(questionWords, question);

/** Every part of a question that is noted. */
export const partWords: Readonly<Record<string, BilingualName>> = {
  division: both('行政区划', 'division'),
  facility: both('机构编号', 'facility'),
  area: both('区域', 'area'),
  camera: both('摄像头', 'camera'),
  incident: both('事件编号', 'incident'),
  rule: both('规则', 'rule'),
  asOf: both('截至', 'as of'),
  from: both('起', 'from'),
  to: both('止', 'to'),
  show: both('范围', 'show'),
  records: both('附带记录', 'records'),
  of: both('内容', 'of'),
  department: both('部门', 'department'),
  export: both('导出编号', 'export'),
};

const showWords: Readonly<Record<string, BilingualName>> = {
  failing: both('不能证明的', 'failing'),
  all: both('全部', 'all'),
  'not-shown': both('封存名单中不能证明的', 'not shown'),
};

const valueWords: Readonly<Record<string, Readonly<Record<string, BilingualName>>>> = {
  rule: { ...aboutWords, alarm: both('报警', 'alarm') },
  show: showWords,
  of: { ...questionWords, department: both('部门可阅内容', 'what a department reads') },
  records: { none: both('无', 'none'), asked: both('有', 'asked') },
};

/** What of it was asked, in one line of words; `timeIn` writes instants. */
export const askedIn = (asked: AccessView['asked'], timeIn: (instant: string) => string): string =>
  Object.entries(asked)
    .map(([part, value]) => `${wordIn(partWords, part).zh}：${wordIn(valueWords[part] ?? {}, timeIn(value)).zh}`)
    .join('；');
