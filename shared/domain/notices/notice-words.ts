import type { BilingualName } from '../facility.ts';
import type { NoticeKind } from '../incident.ts';
import type { AlarmKind, YesNoUnknown } from '../reports.ts';
import type { Level, Standing } from '../rule-pack.ts';
import type { RuleName } from '../verdict.ts';

/** Every text of a notice, in both languages, so that a missing one does not compile. */
export type Words = BilingualName;

const both = (zh: string, en: string): Words => ({ zh, en });

export const alarmWords: Readonly<Record<AlarmKind, Words>> = {
  panic: both('一键紧急报警', 'panic button pressed'),
  intrusion: both('入侵报警', 'intrusion alarm'),
  'after-hours-entry': both('非开放时间有人进入', 'entry outside opening hours'),
  'door-left-open': both('出入口长时间未关闭', 'door left open'),
  fire: both('火灾/烟雾报警', 'fire or smoke alarm'),
  gas: both('燃气泄漏报警', 'gas alarm'),
  structure: both('房屋结构险情', 'structural danger'),
  medical: both('婴幼儿急症', 'medical emergency of a child'),
  injury: both('婴幼儿受伤', 'injury of a child'),
  'food-poisoning': both('疑似食物中毒', 'suspected food poisoning'),
  'missing-child': both('婴幼儿走失', 'missing child'),
  'pickup-mismatch': both('接送人员不符', 'pick-up by somebody not authorised'),
  abuse: both('疑似虐待婴幼儿', 'suspected abuse of a child'),
  tamper: both('报警设备被拆动', 'alarm device tampered with'),
  power: both('断电', 'power loss'),
  test: both('报警测试', 'test alarm'),
  complaint: both('投诉举报', 'complaint about the nursery'),
};

export const ruleWords: Readonly<Record<RuleName, Words>> = {
  'monitoring-running': both('监控系统未能证明在运行', 'monitoring system not shown to be running'),
  'alarm-system-running': both('报警系统未能证明在运行', 'alarm system not shown to be running'),
  'area-covered': both('活动区域无有效监控画面', 'activity area without a working camera'),
  'retention-held': both('监控录像保存不足', 'recordings not kept as long as required'),
  'morning-check': both('晨检记录未按时提交', 'morning check not logged in time'),
  'noon-check': both('午检记录未按时提交', 'noon check not logged in time'),
  connected: both('已登记机构未接入监测', 'registered facility never connected'),
  'retention-exceeded': both('监控录像超期留存', 'recordings kept longer than allowed'),
  'clock-true': both('设备时钟偏差过大', 'clock of the box is off'),
  'health-signal': both(
    '健康监测达到预警阈值（不代表已认定疫情）',
    'health threshold reached (this declares no outbreak)',
  ),
  'duty-overdue': both('定期安全职责已逾期', 'periodic duty overdue'),
  'guard-present': both('开放时间内无在岗安保人员', 'no guard on shift in opening hours'),
  closing: both('闭园人数未核对一致', 'closing count not settled: children in and out'),
  'filing-true': both('备案信息与实际不一致', 'filing differs from what is there'),
  'calendar-known': both('工作日历数据将缺失', 'working-day calendar not known ahead'),
  reachable: both('无人能证明可被通知到', 'nobody shown to be reached by notices'),
};

const knownReasonWords = {
  'no-beat': both('平台收不到监控主机的心跳', 'the platform receives no beat from the box'),
  'never-connected': both('设备从未接入', 'the box has never connected'),
  'box-says-down': both('监控主机报告该系统已停止', 'the box says that the system is down'),
  'box-does-not-know': both('监控主机无法判断该系统状态', 'the box does not know whether the system runs'),
  'box-silent': both('所属监控主机失联', 'its box is silent'),
  'contradicts-itself': both('设备上报的数据前后矛盾', 'what the box reports contradicts itself'),
  'self-test-overdue': both('报警输入的自检已逾期', 'the self-test of an alarm input is overdue'),
  'no-self-test-shown': both('没有任何报警输入的自检记录', 'no self-test of any alarm input is known'),
  'no-usable-camera': both(
    '该区域没有在线、在录且画面可用的摄像头',
    'no camera of the area is online, recording and usable',
  ),
  'no-camera': both('该区域没有登记在用的摄像头', 'no camera in use is registered for the area'),
  'never-covered': both('设备从未上报该区域摄像头的状态', 'the box has never reported on the cameras of the area'),
  'camera-unknown': both('设备不知道摄像头的状态', 'the box does not know the state of the camera'),
  'coverage-overdue': both('设备逾期未上报摄像头状态', 'the box is overdue with its report on cameras'),
  'recorder-keeps-less': both('可回放录像的最早时间不足要求天数', 'recordings do not reach back as far as required'),
  'time-missing': both('保存期内录像有缺失', 'recordings are missing inside the required time'),
  'hold-not-confirmed': both(
    '监控主机未在规定时间内确认执行录像留存指令',
    'its box has not confirmed an order to keep recordings in time',
  ),
  'held-film-deleted': both('留存指令要求保存的录像已被删除', 'recordings that an order keeps were deleted'),
  'depth-unknown': both('录像可回溯到何时未知', 'how far back recordings reach is unknown'),
  'film-differs': both('抽查时出示的录像与录制时不一致', 'footage that was shown differs from what was recorded'),
  'film-not-found': both('抽查的录像在存储设备中找不到', 'footage that was asked for is not on the recorder'),
  'challenge-unanswered': both('录像抽查逾期未应答', 'a challenge to show footage was not answered in time'),
  'recorder-always-busy': both(
    '录像设备连日占线，无法抽查',
    'the recorder was busy for days whenever footage was asked for',
  ),
  'recorder-busy': both('抽查时录像设备占线', 'the recorder was busy when footage was asked for'),
  'too-few-sealed': both('带抽查凭据的录像过少', 'too few recorded hours have a token by which they can be asked for'),
  'token-refused': both('抽查凭据无法打开的过多', 'too many tokens of recorded hours could not be opened'),
  'nothing-shown': both('尚无录像经抽查证实', 'no footage was shown yet when it was asked for'),
  'not-drawn': both('平台多日未进行录像抽查', 'this platform has asked for no footage for days'),
  'never-reported': both('从未收到该摄像头的录像情况', 'nothing was ever reported about its recordings'),
  'no-report': both('有较长一段时间的录像情况未上报', 'of too long a time nothing was reported about its recordings'),
  'too-many-findings': both('问题摄像头过多，需查阅记录', 'too many cameras with findings: see the records'),
  'too-many-signals': both('达到阈值的项目过多，需查阅记录', 'too many thresholds are reached: see the records'),
  'calendar-unknown': both(
    '工作日历未载入，当日是否开园未知',
    'whether the nursery is open that day is unknown: no calendar',
  ),
  'no-check-logged': both('截止时间前未收到检查记录', 'no check was logged by the deadline'),
  'reports-unfiled': both('未备案机构的设备正在上报', 'a box reports for a facility that is not filed'),
  'threshold-reached': both(
    '规定时间窗内有相同表现的婴幼儿人数达到阈值',
    'as many children with the same findings within the window as the threshold names',
  ),
  'year-unknown-soon': both('下一年度的工作日历尚未载入', 'the calendar of the coming year is not loaded yet'),
  'year-unknown': both('本年度的工作日历未载入', 'the calendar of this year is not loaded'),
  overdue: both('距上次记录已超过规定间隔', 'longer since it was last shown than the interval allows'),
  'never-shown': both('从未收到该项职责的记录', 'it was never shown that this duty was done'),
  'device-untested': both(
    '距该设备上次测试（或登记）已超过规定间隔',
    'this device was not tested for longer than the interval allows',
  ),
  'paper-expired': both('证照或文件已过有效期', 'a paper has expired'),
  'plan-missing': both('缺少该类风险的应急预案', 'there is no emergency plan for this hazard'),
  'plan-old': both('应急预案超过复核期限未复核', 'the emergency plan was not reviewed in time'),
  'no-guard-on-shift': both('没有登记在岗的安保人员', 'no guard is logged as being on shift'),
  'not-logged': both('截止时间前未收到闭园核对记录', 'the closing was not logged by its deadline'),
  'children-in-not-out': both('入园人数与离园人数不一致', 'fewer children were logged out than in'),
  'clock-off': both('设备时钟与平台时间的偏差超过限值', 'its clock differs from ours by more than the limit'),
  'never-seen': both('从未有人确认看到过通知', 'nobody has ever confirmed seeing a notice'),
  'not-seen': both('规定天数内无人确认看到过通知', 'nobody confirmed seeing a notice for longer than the days allow'),
  'no-roster': both('没有登记任何联系人', 'no contact is registered'),
  'many-silent': both(
    '平台收不到这些机构监控主机的心跳',
    'the platform receives no beat from the boxes of these facilities',
  ),
  'nearly-all-silent': both(
    '本区划几乎全部机构同时失联，最可能的原因是本平台或网络，而不是各机构',
    'nearly all fell silent at once: the likely cause is this platform or the network, not the facilities',
  ),
  'kept-too-long': both(
    '有录像超过最长保存期且无依法留存要求',
    'footage is older than the ceiling, without a legal hold',
  ),
  'name-differs': both('机构名称与备案不一致', 'the name differs from the filing'),
  'address-differs': both('机构地址与备案不一致', 'the address differs from the filing'),
  'kind-differs': both('服务形式与备案不一致', 'the form of service differs from the filing'),
  'places-differ': both('托位数与备案不一致', 'the number of places differs from the filing'),
  'cameras-differ': both('摄像头数量与备案不一致', 'the number of cameras differs from the filing'),
  'other-cameras-report': both('有未登记的摄像头在上报', 'cameras report that are not registered'),
} as const satisfies Readonly<Record<string, Words>>;

export type ReasonOfNotices = keyof typeof knownReasonWords;
/** What each reason of a rule means. A reason that is not here is shown as its code. */
export const reasonWords: Readonly<Record<string, Words>> = knownReasonWords;

/** What nobody knows from here: said, so that nobody takes it for known. */
export const unknownWords: Readonly<Record<RuleName, Words>> = {
  'monitoring-running': both(
    '未知：是断网、断电还是设备故障；现场录像是否仍在进行',
    'unknown: whether network, power or device failed; whether recording goes on at the site',
  ),
  'alarm-system-running': both(
    '未知：此刻按下报警按钮能否送达',
    'unknown: whether a press of an alarm button would get through now',
  ),
  'area-covered': both('未知：该区域内此刻的情况', 'unknown: what is going on in the area now'),
  'retention-held': both('未知：缺失的录像能否恢复', 'unknown: whether what is missing can be recovered'),
  'morning-check': both('未知：检查是否已做而未登记', 'unknown: whether the check was done and not logged'),
  'noon-check': both('未知：检查是否已做而未登记', 'unknown: whether the check was done and not logged'),
  connected: both('未知：该机构的监控与报警情况', 'unknown: everything about its monitoring and alarms'),
  'retention-exceeded': both('未知：超期录像是否有其他留存依据', 'unknown: whether anything else calls for keeping it'),
  'clock-true': both(
    '未知：录像时间戳是否同样有偏差',
    'unknown: whether the time stamps of recordings are off as well',
  ),
  'health-signal': both(
    '未知：病因及是否相互传染，须由专业机构判定',
    'unknown: the cause, and whether the cases are linked',
  ),
  'duty-overdue': both('未知：是否已完成而未登记', 'unknown: whether it was done and not logged'),
  'guard-present': both('未知：是否有人在岗而未登记', 'unknown: whether somebody is on shift and not logged'),
  closing: both(
    '未知：是否仍有婴幼儿在场，或仅漏记',
    'unknown: whether a child is still inside or was only not logged',
  ),
  'filing-true': both('未知：是备案未更新还是登记有误', 'unknown: whether the filing or the registry is out of date'),
  'calendar-known': both('未知：该年度哪些日子为工作日', 'unknown: which days of that year are working days'),
  reachable: both('未知：下一次真实报警能否有人看到', 'unknown: whether anybody would see the next real alarm'),
};

const call = (number: string): Words => both(`立即拨打${number}`, `call ${number} now`);
const [police, fireService, ambulance] = [call('110'), call('119'), call('120')];

/** Number to call, per kind of alarm; absent = no emergency call. The platform dials nobody. */
export const callWords: Readonly<Partial<Record<AlarmKind, Words>>> = {
  panic: police,
  intrusion: police,
  'after-hours-entry': police,
  'missing-child': police,
  'pickup-mismatch': police,
  abuse: police,
  fire: fireService,
  gas: fireService,
  structure: fireService,
  medical: ambulance,
  injury: ambulance,
  'food-poisoning': ambulance,
};

/** What to do at the site, children first. */
export const siteWords: Readonly<Record<AlarmKind, Words>> = {
  panic: both('先把婴幼儿带到可上锁的安全房间并清点人数', 'bring the children to a room that locks and count them'),
  intrusion: both('先把婴幼儿带到可上锁的安全房间并清点人数', 'bring the children to a room that locks and count them'),
  'after-hours-entry': both(
    '先确认场所内有无婴幼儿；不要独自对峙',
    'make sure no child is inside; confront nobody alone',
  ),
  'door-left-open': both('先清点婴幼儿人数，再关闭出入口', 'count the children, then close the door'),
  fire: both('先疏散婴幼儿至室外集合点并清点人数，不乘电梯', 'take the children outside and count them; no lifts'),
  gas: both('先疏散婴幼儿至室外；不开关电器，不用明火', 'take the children outside; touch no switch, no flame'),
  structure: both('先疏散婴幼儿至室外集合点并清点人数', 'take the children outside and count them'),
  medical: both('先救护患儿，其他婴幼儿由专人看护', 'help the child first; somebody stays with the others'),
  injury: both('先救护受伤婴幼儿，其他婴幼儿由专人看护', 'help the child first; somebody stays with the others'),
  'food-poisoning': both('先救护患儿，停止供餐，保留食物样品', 'help the children first; stop serving, keep samples'),
  'missing-child': both(
    '先清点并看护在场婴幼儿，封闭出入口，立即搜寻',
    'count and guard the others, close the doors, search',
  ),
  'pickup-mismatch': both('先把婴幼儿留在保育人员身边，不得交接', 'keep the child with its carer; hand it to nobody'),
  abuse: both('先确保涉事婴幼儿与被指控者分开', 'first make sure child and accused are apart'),
  tamper: both('先确认婴幼儿安全，再查看设备', 'make sure the children are safe, then look at the device'),
  power: both('先确认婴幼儿安全与应急照明，再查看供电', 'see to the children and emergency lights, then the power'),
  test: both('确认已收到本条测试', 'confirm that you received this test'),
  complaint: both('配合主管部门核查', 'assist the department that looks into it'),
};

/** What a department does: children first there as well. */
export const departmentWords: Readonly<Record<AlarmKind, Words>> = {
  ...siteWords,
  panic: both('派员到场，以婴幼儿安全为先', 'send people to the site; the children come first'),
  intrusion: both('派员到场，以婴幼儿安全为先', 'send people to the site; the children come first'),
  'after-hours-entry': both('派员到场核实', 'send people to look'),
  'door-left-open': both('电话核实婴幼儿人数', 'ask the site by phone for its count of children'),
  fire: both('核实火情并派员到场，优先疏散婴幼儿', 'verify and send people; the children are evacuated first'),
  gas: both('核实并派员到场，优先疏散婴幼儿', 'verify and send people; the children are evacuated first'),
  structure: both('核实并派员到场，优先疏散婴幼儿', 'verify and send people; the children are evacuated first'),
  medical: both('确认急救已到，优先救护婴幼儿', 'make sure that help is there; the children come first'),
  injury: both('确认急救已到，优先救护婴幼儿', 'make sure that help is there; the children come first'),
  'food-poisoning': both('确认急救已到，优先救护婴幼儿，启动调查', 'make sure that help is there; then investigate'),
  'missing-child': both('立即组织搜寻，调取周边录像', 'search at once; secure footage of the surroundings'),
  'pickup-mismatch': both('派员到场核实身份，婴幼儿留在原处', 'verify identities at the site; the child stays'),
  abuse: both('先确保婴幼儿安全；不得事先告知机构', 'see to the safety of the child; do not warn the facility'),
  tamper: both('督促机构核查设备', 'have the facility check the device'),
  power: both('核实供电与婴幼儿安置', 'ask about the power and the children'),
  complaint: both(
    '先确认婴幼儿安全，再派员核查并答复',
    'make sure that the children are safe, then look into it and answer',
  ),
};

/** What to do about a rule's incident. */
export const ruleDoWords: Readonly<Record<RuleName, Words>> = {
  'monitoring-running': both(
    '先确认婴幼儿均有专人看护；再检查监控主机的电源与网络',
    'make sure that somebody is with every child; then check power and network of the box',
  ),
  'alarm-system-running': both(
    '先告知当班人员改用电话报警（110/119/120）；再检修报警系统并自检',
    'tell the staff to call 110/119/120 by phone; then repair and test the alarm system',
  ),
  'area-covered': both(
    '先安排专人看护或把婴幼儿转移到有监控的区域；再检修摄像头',
    'put somebody in the area or move the children to a covered one; then repair the camera',
  ),
  'retention-held': both(
    '保护现有录像不被覆盖；检查录像机容量、时间与录像计划',
    'keep what is recorded from being overwritten; check capacity, clock and schedule of the recorder',
  ),
  'morning-check': both('先完成对每名婴幼儿的晨检，再补登记录', 'check every child first, then log it'),
  'noon-check': both('先完成对每名婴幼儿的午检，再补登记录', 'check every child first, then log it'),
  connected: both('安装并接入监测设备，完成报警测试', 'install and connect the box, and send a test alarm'),
  'retention-exceeded': both(
    '核对有无依法留存要求；无则按规定删除超期录像',
    'see whether an authority ordered it to be kept; if not, delete what is too old',
  ),
  'clock-true': both('校准设备与录像机时钟并开启自动校时', 'set the clocks of box and recorder, and keep them set'),
  'health-signal': both(
    '先隔离看护有症状的婴幼儿并告知监护人；按要求向疾控机构报告',
    'look after the children apart from the others and tell their guardians; report to the centre for disease control',
  ),
  'duty-overdue': both('完成该项工作并登记', 'do what is due, and log it'),
  'guard-present': both('先确认婴幼儿均有专人看护；安排安保人员到岗并登记', 'put a guard on shift, and log it'),
  closing: both(
    '立即逐室清点，确认无婴幼儿滞留；再补登核对记录',
    'search every room for children now; then log the count',
  ),
  'filing-true': both('核对后向原登记机关和卫生健康部门变更信息', 'check, and have the filing or the registry changed'),
  'calendar-known': both(
    '由平台运维载入国务院公布的放假安排',
    'the operator loads the holidays that the State Council published',
  ),
  reachable: both(
    '核对联系人与通知渠道，发送渠道测试并由本人点开确认',
    'check contacts and channels, send a channel test, and have it opened and confirmed',
  ),
};

export const noticeKindWords: Readonly<Record<NoticeKind, Words>> = {
  opened: both('', ''),
  climbed: both('【升级】', '[NOT ANSWERED] '),
  worsened: both('【加重】', '[WORSE] '),
  reopened: both('【再次发生】', '[AGAIN] '),
  recovered: both('【已恢复】', '[RECOVERED] '),
  expired: both('【答复已过期】', '[ANSWER EXPIRED] '),
};

/** A parent of many silences. */
export const stormWords: Words = both('多家机构同时失联', 'many facilities went silent at once');
export const stormUnknownWords: Words = both(
  '未知：各机构现场情况；失联不等于安全',
  'unknown: what happens inside each; silent is not safe',
);
export const stormDoWords: Words = both(
  '核实本区域网络、供电与平台运行，并组织逐家联系机构',
  'check network, power and this platform in the division, and have each facility called',
);

export const confirmedWords: Readonly<Record<YesNoUnknown, Words>> = {
  yes: both('现场已确认', 'confirmed at the site'),
  no: both('未经现场确认', 'UNCONFIRMED'),
  unknown: both('未经现场确认，设备不知道', 'UNCONFIRMED, the box does not know'),
};

/** Kinds that a device reports of itself: whether anybody has seen it is part of what happened. */
export const needsConfirming: ReadonlySet<AlarmKind> = new Set<AlarmKind>([
  'fire',
  'gas',
  'structure',
  'intrusion',
  'after-hours-entry',
  'food-poisoning',
]);

export const levelWords: Readonly<Record<Level, Words>> = {
  facility: both('机构', 'facility'),
  town: both('街道（乡镇）', 'street or town'),
  district: both('区（县）', 'district'),
  city: both('市', 'city'),
};

export const standingWords: Readonly<Record<Standing, Words>> = {
  'in-force': both('现行文件', 'in force'),
  'consultation-draft': both('征求意见稿，未生效', 'consultation draft, not in force'),
  recommended: both('推荐性标准', 'recommended norm'),
  encouraged: both('鼓励性条款，非强制', 'encouraged, not required'),
  configuration: both('本系统配置，非法规要求', 'configuration of this system, not law'),
};

/** Of a drill that was registered beforehand. */
export const registeredDrillWords = both('演练', 'DRILL');
/** It began as a registered drill, and somebody on site or on duty says that it is none. */
export const declaredRealWords = both('演练中发生真实警情', 'REAL, it began as a drill');
/** Instead of whom to call: a drill must not send a fire engine. */
export const drillCallWords = both('演练，勿拨打110、119、120', 'this is a drill: do not call 110, 119 or 120');
export const drillWords = both('设备标记为测试/演练，未登记', 'the box says drill, none is registered: treat as real');
export const facilityWords = both('机构', 'the facility');

/** What a notice is about, by the name of its rule or alarm. */
export const aboutWords: Readonly<Record<string, Words>> = {
  ...ruleWords,
  ...alarmWords,
  storm: stormWords,
  registration: both('机构登记变更', 'a registration changed'),
};
