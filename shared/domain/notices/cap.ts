import { countyOf } from '../facility.ts';
import { CANARY, type Incident, isOfDivision, type PendingNotice } from '../incident.ts';
import { noticeId } from '../incidents/outbox.ts';
import { HOUR_MS } from '../time.ts';
import { type NoticeFacts, partsOf } from './notice-text.ts';

/*
 * The Common Alerting Protocol 1.2 (OASIS) form of a notice: as JSON with the element names of the standard, and as XML.
 * Never `Public`: the place of a nursery in trouble is nobody else's business.
 */

const SENDER = 'cradlewatch';
const BEIJING_OFFSET_MS = 8 * HOUR_MS;

export interface CapNamed {
  readonly valueName: string;
  readonly value: string;
}

export interface CapArea {
  readonly areaDesc: string;
  /** `<latitude>,<longitude> <radius in km>`. */
  readonly circle?: string;
  readonly geocode: readonly CapNamed[];
}

export interface CapInfo {
  readonly language: 'zh-CN' | 'en-US';
  readonly category: readonly ('Safety' | 'Security' | 'Fire' | 'Health' | 'Infra' | 'Other')[];
  readonly event: string;
  readonly responseType: readonly ('Execute' | 'Monitor' | 'AllClear')[];
  readonly urgency: 'Immediate' | 'Expected' | 'Past';
  readonly severity: 'Severe' | 'Moderate' | 'Minor';
  readonly certainty: 'Observed' | 'Likely' | 'Possible' | 'Unknown';
  readonly eventCode: readonly CapNamed[];
  readonly onset?: string;
  readonly senderName: string;
  readonly headline: string;
  readonly description: string;
  readonly instruction: string;
  readonly parameter: readonly CapNamed[];
  readonly area: readonly CapArea[];
}

/** Elements in the order of the schema. */
export interface CapAlert {
  readonly identifier: string;
  readonly sender: string;
  readonly sent: string;
  readonly status: 'Actual' | 'Exercise' | 'Test';
  readonly msgType: 'Alert' | 'Update' | 'Cancel';
  readonly scope: 'Restricted';
  readonly restriction: string;
  /** `sender,identifier,sent` of the message that it follows. */
  readonly references?: string;
  readonly incidents: string;
  readonly info: readonly CapInfo[];
}

/** CAP forbids `Z`; Beijing time, to the second. */
const capInstant = (atMs: number): string =>
  `${new Date(atMs + BEIJING_OFFSET_MS).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}+08:00`;

/** CAP allows no space, comma, `<` or `&` in it; our ids hold none but what a box may have put into a report id. */
const capWord = (id: string): string => id.replace(/[\s,<&]/g, '_');

type About = Pick<PendingNotice, 'rung' | 'kind' | 'n'> & { readonly recipient: { readonly department: string } };

/** The instant of what the notice tells: the same however often it is sent, so that a later one can refer to it. */
const sentMs = (incident: Incident, { rung, kind }: About): number => {
  switch (kind) {
    case 'opened':
      return incident.openedAtMs;
    case 'climbed':
      return incident.ladder[rung]?.enteredAtMs ?? incident.openedAtMs;
    case 'recovered':
      return incident.closedAtMs ?? incident.endedAtMs ?? incident.openedAtMs;
    default:
      return incident.steps.findLast((step) => step.kind === stepOf[kind])?.atMs ?? incident.openedAtMs;
  }
};

const stepOf = { worsened: 'worsened', reopened: 'reopened', expired: 'answer-expired' } as const;

/** The first message that this department had of the incident. */
const firstTo = ({ incident, pending }: NoticeFacts): string | undefined => {
  const { department } = pending.recipient;
  const first = incident.published
    .filter((one) => one.department === department && (one.kind === 'opened' || one.kind === 'climbed'))
    .sort((a, b) => a.publishedAtMs - b.publishedAtMs)[0];
  if (first === undefined) return undefined;
  const about: About = { rung: first.rung, kind: first.kind, recipient: { department } };
  const id = noticeId(incident.id, { ...pending, ...about, recipient: pending.recipient });
  return `${SENDER},${capWord(id)},${capInstant(sentMs(incident, about))}`;
};

const statusOf = ({ alarm, drill, facilityId }: Incident): CapAlert['status'] => {
  if (alarm?.kind === 'test' || facilityId === CANARY) return 'Test';
  return drill === undefined ? 'Actual' : 'Exercise';
};

const categories: Readonly<Record<string, CapInfo['category']>> = {
  fire: ['Fire'],
  gas: ['Safety', 'Fire'],
  structure: ['Safety', 'Infra'],
  medical: ['Health'],
  injury: ['Health'],
  'food-poisoning': ['Health'],
  panic: ['Security'],
  intrusion: ['Security'],
  'after-hours-entry': ['Security'],
  'missing-child': ['Security'],
  'pickup-mismatch': ['Security'],
  abuse: ['Security'],
  'door-left-open': ['Security'],
  'health-signal': ['Health'],
  'morning-check': ['Health'],
  'noon-check': ['Health'],
};

const certaintyOf = ({ alarm, finding }: Incident): CapInfo['certainty'] => {
  if (alarm === undefined) return finding === 'not-shown' ? 'Unknown' : 'Observed';
  return ({ yes: 'Observed', unknown: 'Likely', no: 'Possible' } as const)[alarm.confirmed];
};

const aboutOf = ({ alarm, rule }: Incident): string => alarm?.kind ?? rule;

const areaOf = ({ incident, facility }: NoticeFacts, language: 'zh' | 'en'): CapArea => ({
  areaDesc: facility === undefined ? incident.division : `${facility.name[language]}, ${facility.address}`,
  ...(facility && !isOfDivision(incident) && { circle: `${facility.latitude},${facility.longitude} 0` }),
  geocode: [{ valueName: 'GB/T 2260', value: countyOf(incident.division) }],
});

const infoOf = (facts: NoticeFacts, language: 'zh' | 'en'): CapInfo => {
  const { incident, pending, pack } = facts;
  const parts = partsOf(facts, language);
  const recovered = pending.kind === 'recovered';
  const isLifeSafety = incident.lane === 'life-safety';
  return {
    language: language === 'zh' ? 'zh-CN' : 'en-US',
    category: categories[aboutOf(incident)] ?? ['Infra'],
    event: parts.event,
    responseType: [recovered ? 'AllClear' : pending.recipient.duty === 'act' ? 'Execute' : 'Monitor'],
    urgency: recovered ? 'Past' : isLifeSafety ? 'Immediate' : 'Expected',
    severity: recovered ? 'Minor' : isLifeSafety ? 'Severe' : 'Moderate',
    certainty: certaintyOf(incident),
    eventCode: [{ valueName: 'cradlewatch', value: aboutOf(incident) }],
    ...(incident.alarm?.ageMs !== 'unknown' && { onset: capInstant(incident.sinceMs) }),
    senderName: 'Cradlewatch',
    headline: parts.what,
    description: [parts.where, parts.since, parts.known].join('\n'),
    instruction: [parts.todo, parts.told, parts.answerBy].join('\n'),
    parameter: [
      { valueName: 'cradlewatch:lane', value: incident.lane },
      { valueName: 'cradlewatch:department', value: pending.recipient.department },
      { valueName: 'cradlewatch:duty', value: pending.recipient.duty },
      { valueName: 'cradlewatch:facility', value: incident.facilityId },
      { valueName: 'cradlewatch:pack', value: `${pack.name}@${pack.version}` },
    ],
    area: [areaOf(facts, language)],
  };
};

/** The notice in CAP 1.2 terms. What follows an earlier message to the same department is an `Update` of it. */
export const capOf = (facts: NoticeFacts): CapAlert => {
  const { incident, pending } = facts;
  const references = pending.kind === 'opened' ? undefined : firstTo(facts);
  const follows = pending.kind === 'recovered' ? 'Cancel' : 'Update';
  return {
    identifier: capWord(noticeId(incident.id, pending)),
    sender: SENDER,
    sent: capInstant(sentMs(incident, pending)),
    status: statusOf(incident),
    msgType: references === undefined ? 'Alert' : follows,
    scope: 'Restricted',
    restriction: '仅限负责部门使用 For the responsible departments only',
    ...(references !== undefined && { references }),
    incidents: capWord(incident.id),
    info: [infoOf(facts, 'zh'), infoOf(facts, 'en')],
  };
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot hold at all is left out. */
const unwritable = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

const escaped = (text: string): string => text.replace(unwritable, '').replace(/[&<>"]/g, (one) => entities[one] ?? '');

type CapValue = string | CapNamed | CapArea | CapInfo | readonly (string | CapNamed | CapArea | CapInfo)[] | undefined;

const element = (name: string, value: CapValue): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return `<${name}>${escaped(value)}</${name}>`;
  if (Array.isArray(value)) return value.map((one: CapValue) => element(name, one)).join('');
  return `<${name}>${elementsOf(value as CapNamed)}</${name}>`;
};

/** The properties of our types stand in the order that the schema demands. */
const elementsOf = (value: object): string =>
  Object.entries(value)
    .map(([name, one]) => element(name, one as CapValue))
    .join('');

/** The alert as an XML document that validates against the schema of CAP 1.2. */
export const capXml = (alert: CapAlert): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${elementsOf(alert)}</alert>\n`;
