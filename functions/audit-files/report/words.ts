import type { Said } from './page.ts';

const both = (zh: string, en: string): Said => ({ zh, en });

export const titles = {
  recordings: both('录像保存', 'Recordings'),
  byCamera: both(
    '逐台摄像头：可回溯、完整、来源分别说明',
    'By camera: depth, completeness and provenance are three answers',
  ),
  noCamera: both('没有应保存录像的摄像头。', 'No camera has to keep recordings.'),
  uptime: both('监测运行', 'Uptime'),
  gaps: both('监测中断', 'Gaps in monitoring'),
  noGaps: both('期间没有中断。', 'No gap in the period.'),
  goesOn: both('仍在继续', 'goes on'),
  coverage: both('区域覆盖', 'Coverage of areas'),
  byArea: both('逐个区域的未覆盖时间', 'Time that areas were not covered'),
  challenges: both('录像抽查', 'Challenges'),
  noChallenges: both('期间没有抽查。', 'Nothing was asked for.'),
  failedChallenges: both('未能出示的录像', 'Footage that was not shown'),
  odds: both('抽中概率', 'Odds'),
  assumed: both('前提', 'Assumed'),
  checks: both('晨午检', 'Daily checks'),
  checksNotInTime: both('未按时的检查', 'Checks that were not in time'),
  incidents: both('事件与响应', 'Incidents and responses'),
  incidentsAndTimes: both('事件及响应时间', 'Incidents and how fast they were answered'),
  noIncidents: both('期间没有事件。', 'No incident in the period.'),
  yoursAlone: both('仅含报告申请人有权查看的事件。', 'Only incidents that whoever asked for this may read.'),
  afterOpening: both(
    '各时间自立案起算；“发布”不等于“送达”，“送达”不等于“查看”。',
    'Times count from the opening. Published is not delivered, and delivered is not seen.',
  ),
  holdsAndObjections: both('录像留存指令与异议', 'Orders to keep, and objections'),
  holds: both('录像留存指令', 'Orders to keep recordings'),
  noHolds: both('没有录像留存指令。', 'No order to keep recordings.'),
  objections: both('机构提出的异议', 'Objections of the facility'),
  noObjections: both('机构没有提出异议。', 'The facility objects to nothing.'),
  objectionsChangeNothing: both(
    '异议不改变结论，供阅读者一并参考。',
    'An objection changes no verdict: a reader sees both.',
  ),
  provenance: both('来源与封存', 'Provenance and seal'),
  notSealed: both(
    '报告期末一周内没有封存的日期：对此只能采信本平台的说法。',
    'No day of the last week of the period is under seal: there is only our word for it.',
  ),
  doesNotProve: both('本报告不能证明', 'What this report does not prove'),
  notForYou: both('您的角色无权查看此项。', 'Your roles do not read this.'),
  notForYouOrTooMany: both(
    '无权查看，或数量过多：请另行导出。',
    'Not for your roles, or too many for paper: export them.',
  ),
  facilities: both('不能证明的机构', 'Facilities that cannot show it'),
  sums: both('逐县汇总', 'By county'),
  noFacilities: both('没有应保存录像的机构。', 'There is no facility that has to keep recordings.'),
  reasons: both('原因汇总', 'By reason'),
  answers: both('应答时间分布', 'How fast incidents were answered'),
  countiesPicture: both(
    '各区县能够和不能证明录像的机构数，数字见下表',
    'Facilities of each county by verdict; the figures are in the table below',
  ),
  reasonsPicture: both('各原因的机构数，数字见下表', 'Facilities by reason; the figures are in the table below'),
  answersPicture: both(
    '各类事件的应答时间占比，数字见下表',
    'Shares of incidents by how fast they were answered; the figures are in the table below',
  ),
  allHeld: both('没有不能证明录像的机构。', 'No facility is found that cannot show its recordings.'),
} as const satisfies Readonly<Record<string, Said>>;

export const doesNotProve: readonly Said[] = [
  both(
    '画面内容真实：被遮挡、移位或伪造的画面，须靠现场检查发现。',
    'That the picture shows the truth: a covered, moved or staged picture is found on site.',
  ),
  both(
    '监控主机在录像当时如实上报：封存之后的改动会被发现，录像当时的谎报不会。',
    'That the box was honest when it recorded: what is changed after it was sealed is found, what was never true is not.',
  ),
  both('应当安装哪些摄像头：以机构登记为准。', 'Which cameras there should be: that is what the registry says.'),
  both(
    '本页自身：本页可供阅读和打印，不可核验；可核验的是证据文件（bundle），用 cradlewatch-verify 离线核验。',
    'Itself: this page is to be read and printed. What can be verified is the bundle, offline, with cradlewatch-verify.',
  ),
];
