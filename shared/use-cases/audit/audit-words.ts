import type { FacilityVerdict } from '../../contracts/audit.ts';
import type { CheckDay } from '../../contracts/audit-questions.ts';
import type { Challenge } from '../../domain/challenges/challenge.ts';
import type { ChallengeVerdict } from '../../domain/challenges/verdict.ts';
import type { JudgedSlot } from '../../domain/check-calendar.ts';
import type { BilingualName } from '../../domain/facility.ts';
import type { FacilityReason } from '../../domain/facility-shown.ts';
import { alarmWords, type ReasonOfNotices, reasonWords } from '../../domain/notices/notice-words.ts';
import { registrationWords } from '../../domain/notices/registration-words.ts';
import type { objectionReasons } from '../../domain/objection.ts';

type Words<Code extends string> = Readonly<Record<Code, BilingualName>>;

const both = (zh: string, en: string): BilingualName => ({ zh, en });

export const notKnown = both('未知', 'unknown');
export const everyCamera = both('全部摄像头', 'every camera');

/** States of several kinds; a word has one meaning wherever it stands. */
export const stateWords = {
  held: both('已保存', 'held'),
  short: both('回溯不足', 'too short'),
  gaps: both('有缺失', 'gaps'),
  unproved: both('抽查未能证实', 'fails challenges'),
  unknown: both('无法确定', 'unknown'),
  met: both('符合', 'met'),
  breached: both('不符合', 'breached'),
  'not-applicable': both('不适用', 'not applicable'),
  open: both('未应答', 'open'),
  answered: both('已应答', 'answered'),
  closed: both('已关闭', 'closed'),
  'in-time': both('按时', 'in time'),
  late: both('迟交', 'late'),
  'back-dated': both('补记', 'back-dated'),
  missing: both('缺失', 'missing'),
  'not-due': both('不要求', 'not due'),
  'not-yet-due': both('未到期', 'not yet due'),
} as const satisfies Readonly<Record<string, BilingualName>>;

export const outcomeWords: Words<keyof ChallengeVerdict['outcomes']> = {
  open: both('待答复', 'open'),
  held: both('已出示', 'shown'),
  mismatch: both('与封存不符', 'differs from what was sealed'),
  'not-found': both('找不到录像', 'not found'),
  present: both('仅声称存在', 'only said to be there'),
  busy: both('录像设备忙', 'recorder busy'),
  unanswered: both('逾期未答', 'not answered'),
  'token-refused': both('凭据无法打开', 'token could not be opened'),
};

/** Reasons that open no incident, so that no notice has words for them. */
const calmReasonWords: Words<Exclude<FacilityReason | JudgedSlot['reason'], ReasonOfNotices>> = {
  held: stateWords.held,
  'nothing-owed': both('没有应保存的录像', 'nothing has to be kept'),
  'shown-by-samples': both('抽查的录像均已出示', 'what was asked for was shown'),
  'presence-only': both('录像设备只能答复有无，无法抽查', 'its recorders can only say that footage is there'),
  'no-cameras': both('没有应当录像的摄像头', 'no camera had to record'),
  checked: both('已检查', 'checked'),
  'no-children': both('该班级没有婴幼儿', 'the class has no children'),
  'closed-day': both('当日不开园', 'closed that day'),
  'before-duty': both('职责尚未开始', 'before its duties began'),
  'facility-not-in-service': both('机构当时未运营', 'the facility took no children then'),
  'time-not-over': both('未到截止时间', 'its time is not over'),
  'class-not-registered': both('班级未登记', 'the class is not registered'),
};

/** A reason in words; one that is not known yet stands as it is. */
export const reasonIn = (reason: string): BilingualName =>
  reasonWords[reason] ?? (calmReasonWords as Words<string>)[reason] ?? both(reason, reason);

/** Why an incident was opened: an alarm and an edit of the registry are reasons too. */
export const incidentReasonIn = (reason: string): BilingualName =>
  (alarmWords as Words<string>)[reason] ?? (registrationWords as Words<string>)[reason] ?? reasonIn(reason);

export const objectionReasonWords: Words<(typeof objectionReasons)[number]> = {
  'power-cut': both('停电', 'power cut'),
  'network-outage': both('网络中断', 'network outage'),
  'recorder-repaired': both('录像设备维修', 'recorder repaired'),
  'recorder-replaced': both('录像设备更换', 'recorder replaced'),
  'works-announced': both('已报备的施工', 'works announced beforehand'),
  'clock-wrong': both('设备时钟不准', 'a wrong clock'),
  'reported-late': both('延迟上报', 'reported late'),
  'facility-closed': both('机构停业', 'facility closed'),
  'other-document': both('其他，见文件', 'other, see the document'),
};

export const standingWords: Words<FacilityVerdict['standing']> = {
  commissioning: both('接入调试中', 'commissioning'),
  'in-service': both('运营中', 'in service'),
  suspended: both('暂停运营', 'suspended'),
  closed: both('已停办', 'closed'),
};

export const sessionWords: Words<CheckDay['session']> = {
  morning: both('晨检', 'morning check'),
  noon: both('午检', 'noon check'),
};

export const stabilityWords: Words<Challenge['stability']> = {
  'byte-stable': both('可逐字节比对', 'byte-stable'),
  'presence-only': both('只能答复有无', 'presence only'),
};
