import { civilTimeOf } from '../civil-day.ts';
import { type BilingualName, countyOf, type Facility } from '../facility.ts';
import { cutTo } from '../graphemes.ts';
import { type Incident, isOfDivision, type PendingNotice } from '../incident.ts';
import type { RulePack } from '../rule-pack.ts';
import { routingSourceOf } from '../terms-of.ts';
import { answerByMs, type NoticeTexts } from './notice-data.ts';
import {
  alarmWords,
  callWords,
  confirmedWords,
  declaredRealWords,
  departmentWords,
  drillCallWords,
  drillWords,
  facilityWords,
  levelWords,
  needsConfirming,
  noticeKindWords,
  reasonWords,
  registeredDrillWords,
  ruleDoWords,
  ruleWords,
  siteWords,
  standingWords,
  stormDoWords,
  stormUnknownWords,
  stormWords,
  unknownWords,
} from './notice-words.ts';
import { registrationDoWords, registrationFields, registrationWords } from './registration-words.ts';
import { subjectWords } from './subject-words.ts';

/** An SMS in Chinese holds so many characters. */
const LONGEST_SHORT_TEXT = 70;
const LONGEST_SUBJECT_LINE = 100;
const DEFAULT_ZONE = 'Asia/Shanghai';

/** All that a notice is made of. A facility that the registry does not know has none. */
export interface NoticeFacts {
  readonly incident: Incident;
  readonly pending: PendingNotice;
  readonly facility: Facility | undefined;
  readonly pack: RulePack;
}

type Language = 'zh' | 'en';

/** One line of the text in both languages; empty = not said. */
type Line = BilingualName;

const line = (zh: string, en: string): Line => ({ zh, en });
const silent = line('', '');

const timeOf = (atMs: number, facility: Facility | undefined): string => {
  const { day, time } = civilTimeOf(atMs, facility?.calendar.zone ?? DEFAULT_ZONE);
  return `${day} ${time}:${String(Math.floor(atMs / 1000) % 60).padStart(2, '0')}`;
};

const aboutOf = (incident: Incident): string => incident.alarm?.kind ?? incident.rule;

const whatWords = ({ alarm, registration, rule, reason }: Incident): Line => {
  if (alarm !== undefined) return alarmWords[alarm.kind];
  if (registration !== undefined) return registrationWords[registration.event];
  if (rule === 'storm') return stormWords;
  return rule === 'alarm' || rule === 'registration' ? line(reason, reason) : ruleWords[rule];
};

const isRecovered = ({ pending }: NoticeFacts): boolean => pending.kind === 'recovered';

/** A repeated life-safety notice did not climb: it is the same, unanswered. */
const kindWords = ({ incident, pending }: NoticeFacts): Line =>
  pending.kind === 'climbed' && incident.lane === 'life-safety'
    ? line('【尚无人答复】', '[NOT ANSWERED] ')
    : noticeKindWords[pending.kind];

const urgentWords = ({ incident }: NoticeFacts): Line =>
  incident.lane === 'life-safety' && incident.alarm?.kind !== 'test' ? line('【紧急】', '[LIFE SAFETY] ') : silent;

/** A registered drill says so before everything else, where no cut reaches it. */
const registeredMark = ({ incident }: NoticeFacts): Line =>
  incident.drill === undefined ? silent : line(`【${registeredDrillWords.zh}】`, `[${registeredDrillWords.en}] `);

/** An alarm is worse than it was only where a drill turned out to be real. */
const isDeclaredReal = ({ outbox, published }: Incident): boolean =>
  [...outbox, ...published].some(({ kind }) => kind === 'worsened');

/** What only the box calls a drill is real, and marked. */
const drillMark = ({ incident }: NoticeFacts): Line => {
  const { alarm, drill } = incident;
  if (alarm === undefined || !alarm.drillFlag || drill !== undefined || alarm.kind === 'test') return silent;
  const words = isDeclaredReal(incident) ? declaredRealWords : drillWords;
  return line(`【${words.zh}】`, `[${words.en}] `);
};

/** Unconfirmed is part of what happened, not a footnote; a person who presses a button needs no confirming. */
const confirmedMark = ({ incident: { alarm } }: NoticeFacts): Line => {
  if (alarm === undefined || (alarm.confirmed === 'unknown' && !needsConfirming.has(alarm.kind))) return silent;
  const { zh, en } = confirmedWords[alarm.confirmed];
  return line(`（${zh}）`, ` (${en})`);
};

const sayWhat = (facts: NoticeFacts): Line => {
  const parts = [
    registeredMark,
    urgentWords,
    kindWords,
    drillMark,
    ({ incident }: NoticeFacts) => whatWords(incident),
    confirmedMark,
  ];
  const said = parts.map((part) => part(facts));
  return line(said.map(({ zh }) => zh).join(''), said.map(({ en }) => en).join(''));
};

const divisionOf = ({ division }: Incident): Line => line(`行政区划${division}`, `division ${division}`);

/** How many facilities of a storm's division are silent, and of how many, where that is known. */
const silentOf = ({ stormFacts }: Incident): Line => {
  if (stormFacts === undefined) return line('多家机构', 'many facilities');
  const { children, facilities } = stormFacts;
  return facilities === 'unknown'
    ? line(`${children}家机构失联`, `${children} facilities silent`)
    : line(`${facilities}家机构中${children}家失联`, `${children} of ${facilities} facilities silent`);
};

const sayWhere = (facts: NoticeFacts): Line => {
  const { facility, incident } = facts;
  const spot = spotOf(facts);
  if (isOfDivision(incident)) {
    const { zh, en } = divisionOf(incident);
    return line(`地点：${zh}；${spot.zh}`, `Where: ${en}; ${spot.en}`);
  }
  if (facility === undefined) {
    const id = incident.facilityId;
    return line(
      `地点：机构${id}（登记信息缺失，地址未知）；${spot.zh}`,
      `Where: facility ${id} (not in the registry, address unknown); ${spot.en}`,
    );
  }
  const { name, address, entrance } = facility;
  return line(
    `地点：${name.zh}；地址：${address}；入口：${entrance}；${spot.zh}`,
    `Where: ${name.en}; address: ${address}; entrance: ${entrance}; ${spot.en}`,
  );
};

const named = (kind: keyof typeof subjectWords, id: string): Line => {
  const { zh, en } = subjectWords[kind];
  return line(`${zh}：${id}`, `${en}: ${id}`);
};

/** The area, box, camera or class, as the registry names it. */
const spotOf = ({ incident, facility, pack }: NoticeFacts): Line => {
  if (incident.alarm !== undefined) return areaOf(incident.alarm.area, facility);
  const [kind, id = ''] = incident.subject.split('/');
  switch (kind) {
    case 'area':
      return areaOf(id, facility);
    case 'box':
      return named('box', id);
    case 'camera':
      return named('camera', id);
    case 'hold':
      return named('hold', id);
    case 'challenges':
      return subjectWords.challenges;
    case 'class':
      return named('class', id);
    case 'duty':
      return line(`职责：${pack.duties[id]?.name.zh ?? id}`, `duty: ${pack.duties[id]?.name.en ?? id}`);
    case 'device':
      return named('device', id);
    case 'signal':
      return signalSpot(id, pack);
    case 'division':
      return silentOf(incident);
    case 'department': {
      const { zh, en } = nameOf(id, pack);
      return line(`部门：${zh}`, `department: ${en}`);
    }
    default:
      return subjectWords.facility;
  }
};

/** `<threshold>[.<class>]`. */
const signalSpot = (id: string, pack: RulePack): Line => {
  const [key = '', one] = id.split('.');
  const { zh, en } = pack.signals[key]?.name ?? line(key, key);
  return one === undefined
    ? line(`阈值：${zh}`, `threshold: ${en}`)
    : line(`阈值：${zh}；班级：${one}`, `threshold: ${en}; class: ${one}`);
};

const areaOf = (id: string | undefined, facility: Facility | undefined): Line => {
  const area = facility?.areas.find((one) => one.id === id);
  if (id === undefined || area === undefined) {
    return line(`区域未知${id ? `（设备报告：${id}）` : ''}`, `area unknown${id ? ` (the box says: ${id})` : ''}`);
  }
  return line(`区域：${area.name.zh}（${area.floor}层）`, `area: ${area.name.en} (floor ${area.floor})`);
};

const saySince = ({ incident, facility }: NoticeFacts): Line => {
  const zone = facility?.calendar.zone ?? DEFAULT_ZONE;
  const since = timeOf(incident.sinceMs, facility);
  if (incident.rule === 'registration') return line(`登记时间：${since}`, `Registered: ${since} (${zone})`);
  const received = timeOf(incident.openedAtMs, facility);
  const ended = incident.endedAtMs === undefined ? undefined : timeOf(incident.endedAtMs, facility);
  const until = ended === undefined ? silent : line(`；结束：${ended}`, `; ended: ${ended}`);
  if (incident.alarm?.ageMs === 'unknown') {
    return line(
      `时间：发生时间未知；平台收到：${received}`,
      `Since: time of the event unknown; received ${received} (${zone})`,
    );
  }
  const found =
    incident.rule === 'alarm'
      ? line(`；平台收到：${received}`, `; received ${received}`)
      : line(`；平台发现：${received}`, `; found ${received}`);
  return line(`起始：${since}${found.zh}${until.zh}`, `Since: ${since} (${zone})${found.en}${until.en}`);
};

const sayKnown = (facts: NoticeFacts): Line => {
  const { incident, facility } = facts;
  if (incident.alarm !== undefined || incident.rule === 'alarm') return sayKnownOfAlarm(facility);
  if (incident.rule === 'registration') return sayKnownOfRegistration(facts);
  const known = reasonWords[incident.reason] ?? line(incident.reason, incident.reason);
  const notShown =
    incident.finding === 'not-shown'
      ? line('（长时间无法证明正常，并非已确认故障）', ' (not shown for too long; not a confirmed fault)')
      : silent;
  if (incident.state === 'closed' && incident.endedAtMs !== undefined) {
    const end =
      incident.closeReason === 'not-applicable'
        ? line('；现已不再适用', '; it no longer applies')
        : line('；现已恢复', '; it is so no longer');
    return line(`已知：${known.zh}${end.zh}`, `Known: ${known.en}${end.en}`);
  }
  const unknown = incident.rule === 'storm' ? stormUnknownWords : unknownWords[incident.rule];
  return line(`已知：${known.zh}${notShown.zh}。${unknown.zh}`, `Known: ${known.en}${notShown.en}; ${unknown.en}`);
};

const sayKnownOfRegistration = ({ incident: { registration }, facility }: NoticeFacts): Line => {
  const fields = registration && registrationFields(registration);
  const changed = fields?.en ? line(`变更事项：${fields.zh}；`, `changed: ${fields.en}; `) : silent;
  const filed = facility?.filingId === undefined ? line('尚未备案', 'not filed yet') : line('已备案', 'filed');
  return line(`已知：${changed.zh}${filed.zh}`, `Known: ${changed.en}${filed.en}`);
};

const sayKnownOfAlarm = (facility: Facility | undefined): Line => {
  const children = facility?.classes.reduce((sum, one) => sum + one.children, 0);
  const known =
    children === undefined
      ? line('仅收到此报警。', 'only that this alarm came; ')
      : line(`登记在册婴幼儿${children}名。`, `${children} children are registered; `);
  return line(
    `已知：${known.zh}未知：当前在场人数、有无伤亡、现场情况`,
    `Known: ${known.en}unknown: how many are inside now, whether anybody is hurt, what it looks like`,
  );
};

const sayDo = (facts: NoticeFacts): Line => {
  const { incident, pending } = facts;
  if (isRecovered(facts)) return line('处置：无需紧急处置；请核对原因并留存记录', 'Do: nothing urgent; note the cause');
  if (incident.rule === 'registration') {
    const todo = registrationDoWords[incident.registration?.event ?? 'changed'];
    return line(`处置：${todo.zh}`, `Do: ${todo.en}`);
  }
  if (incident.rule !== 'alarm') {
    const todo = incident.rule === 'storm' ? stormDoWords : ruleDoWords[incident.rule];
    return line(`立即处置：${todo.zh}`, `Do now: ${todo.en}`);
  }
  const kind = incident.alarm?.kind ?? 'panic';
  const todo = (pending.recipient.department === 'facility' ? siteWords : departmentWords)[kind];
  const call = callWords[kind];
  const then = call === undefined ? silent : callLine(call, facts);
  return line(`立即处置：${todo.zh}${then.zh}`, `Do now: ${todo.en}${then.en}`);
};

/** The platform dials nobody, so every notice says who should be called; in a drill nobody is. */
const callLine = (call: Line, { incident, pending }: NoticeFacts): Line => {
  if (incident.drill !== undefined) return line(`；${drillCallWords.zh}`, `; ${drillCallWords.en}`);
  return pending.recipient.department === 'facility'
    ? line(`；${call.zh}（本平台不代拨）`, `; ${call.en} (this platform dials nobody)`)
    : line(`；如尚未报警，${call.zh}（本平台不代拨）`, `; if nobody has, ${call.en} (this platform dials nobody)`);
};

const nameOf = (department: string, pack: RulePack): Line =>
  department === 'facility'
    ? facilityWords
    : (pack.departments.find(({ id }) => id === department)?.name ?? line(department, department));

const sayTold = ({ incident, pending, pack }: NoticeFacts): Line => {
  const told = incident.ladder.filter((rung) => rung.enteredAtMs !== undefined).flatMap((rung) => rung.recipients);
  const others = [...new Map(told.map((one) => [one.department, one])).values()].filter(
    ({ department }) => department !== pending.recipient.department,
  );
  const named = others.map(({ department, duty }) => {
    const { zh, en } = nameOf(department, pack);
    return duty === 'copy' ? line(`${zh}（抄送）`, `${en} (copy)`) : line(zh, en);
  });
  const kept = incident.alarm?.kind === 'abuse' ? line('；机构未被告知', '; the facility was NOT told') : silent;
  if (named.length === 0) return line(`同时通知：无${kept.zh}`, `Also told: nobody${kept.en}`);
  return line(
    `同时通知：${named.map(({ zh }) => zh).join('、')}${kept.zh}`,
    `Also told: ${named.map(({ en }) => en).join(', ')}${kept.en}`,
  );
};

const sayAnswerBy = (facts: NoticeFacts): Line => {
  const { incident, pending, facility } = facts;
  if (isRecovered(facts)) return line('答复：无需答复', 'Answer: none needed');
  if (pending.recipient.duty !== 'act') return line('答复：供知悉，无需答复', 'Answer: for your information');
  const byMs = answerByMs(incident, pending);
  if (byMs === undefined) return line('答复：请尽快答复', 'Answer: as soon as you can');
  const by = timeOf(byMs, facility);
  const next = incident.ladder[pending.rung + 1];
  const otherwise =
    incident.lane === 'life-safety' || next === undefined
      ? line('逾期将再次通知', 'else it is sent again')
      : line(`逾期将通知${levelWords[next.level].zh}`, `else the ${levelWords[next.level].en} is told`);
  return line(`答复：请于${by}前答复，${otherwise.zh}`, `Answer by ${by}, ${otherwise.en}`);
};

const citationOf = (key: string, pack: RulePack): Line => {
  const citation = pack.citations[key];
  if (citation === undefined) return line(`${key}（出处不详）`, `${key} (source not given)`);
  const standing = standingWords[citation.standing];
  const place = [citation.number, citation.clause].filter((part) => part !== undefined).join(' ');
  const unseen = citation.verified ? silent : line('，未核对原文', ', original not seen');
  const title = citation.standing === 'configuration' ? citation.document : `《${citation.document}》`;
  const where = place === '' ? title : `${title}${place}`;
  return line(`${where}（${standing.zh}${unseen.zh}）`, `${where} (${standing.en}${unseen.en})`);
};

const sayWhy = ({ incident, pending, pack }: NoticeFacts): Line => {
  const told = routingSourceOf(pack, incident, pending.recipient.department);
  const routing = citationOf(told, pack);
  const isSame = incident.dutySource === incident.routingSource || incident.dutySource === told;
  const duty = isSame ? undefined : citationOf(incident.dutySource, pack);
  const fallback = incident.fallback
    ? line('；文件未规定该情形的责任部门，按属地牵头部门通知', '; no document names a department: its lead stands in')
    : silent;
  const dutyLine = duty === undefined ? silent : line(`；义务依据：${duty.zh}`, `; duty: ${duty.en}`);
  return line(
    `通知依据：${routing.zh}${fallback.zh}${dutyLine.zh}；规则包：${pack.title.zh}（${incident.pack}）`,
    `Told by: ${routing.en}${fallback.en}${dutyLine.en}; rule pack: ${pack.title.en} (${incident.pack})`,
  );
};

const sayId = ({ incident }: NoticeFacts): Line => line(`事件编号：${incident.id}`, `Incident: ${incident.id}`);

const lines = [sayWhat, sayWhere, saySince, sayKnown, sayDo, sayTold, sayAnswerBy, sayWhy, sayId];

const inLanguage = (facts: NoticeFacts, language: Language): string =>
  lines
    .map((say) => say(facts)[language].trim())
    .filter((said) => said !== '')
    .join('\n');

/** The lines of the text one by one, for forms that give each a place of its own. */
export const partsOf = (facts: NoticeFacts, language: Language) => ({
  event: whatWords(facts.incident)[language],
  what: sayWhat(facts)[language],
  where: sayWhere(facts)[language],
  since: saySince(facts)[language],
  known: sayKnown(facts)[language],
  todo: sayDo(facts)[language],
  told: sayTold(facts)[language],
  answerBy: sayAnswerBy(facts)[language],
});

/** What, when, where, and what to do: in that order, so that a cut loses the least. */
const shortTextOf = (facts: NoticeFacts): string => {
  const { incident, facility } = facts;
  const time = shortTimeOf(incident, facility?.calendar.zone ?? DEFAULT_ZONE);
  const name = isOfDivision(incident) ? divisionOf(incident).zh : (facility?.name.zh ?? incident.facilityId);
  const kind = incident.alarm?.kind;
  const todo = isRecovered(facts) ? '' : shortTodo(facts);
  const spot = incident.alarm?.area === undefined && kind !== undefined ? '' : ` ${bareSpot(spotOf(facts).zh)}`;
  const head = cutTo(`${sayWhat(facts).zh} ${time} ${name}${spot}`, LONGEST_SHORT_TEXT - todo.length);
  return `${head}${todo}`;
};

/** The day is said only where it is not the day on which it was found. */
const shortTimeOf = ({ sinceMs, openedAtMs }: Incident, zone: string): string => {
  const since = civilTimeOf(sinceMs, zone);
  return since.day === civilTimeOf(openedAtMs, zone).day ? since.time : `${since.day.slice(5)} ${since.time}`;
};

const shortTodo = ({ incident, pending }: NoticeFacts): string => {
  const kind = incident.alarm?.kind;
  if (kind === 'test') return '。请确认收到';
  if (incident.lane === 'technical') return pending.recipient.duty === 'act' ? '。请处置并答复' : '。供知悉';
  if (incident.drill !== undefined) return `。${drillCallWords.zh}`;
  const call = kind === undefined ? undefined : callWords[kind]?.zh;
  return `。先保障婴幼儿${call ? `，${call}` : ''}`;
};

const bareSpot = (spot: string): string => spot.replace(/^[^：]*：/, '');

/** SNS takes printable ASCII only. */
const subjectLineOf = ({ incident, pending }: NoticeFacts): string =>
  `[Cradlewatch]${incident.drill === undefined ? '' : ' DRILL'} ${incident.lane} ${aboutOf(incident)} ${pending.kind} ${countyOf(incident.division)} ${incident.facilityId}`
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, LONGEST_SUBJECT_LINE);

/** What people read. Nothing in it names a person. */
export const textsOf = (facts: NoticeFacts): NoticeTexts => ({
  subjectLine: subjectLineOf(facts),
  zh: inLanguage(facts, 'zh'),
  en: inLanguage(facts, 'en'),
  short: shortTextOf(facts),
});
