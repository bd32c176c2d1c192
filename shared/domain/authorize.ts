import type { Person, Role } from './access.ts';
import { type HoldAuthority, isWithin } from './facility.ts';
import { type Incident, isOfDivision } from './incident.ts';
import type { AlarmKind } from './reports.ts';
import type { TopicName } from './rule-pack.ts';
import type { RuleName } from './verdict.ts';

/** What an incident is about, as far as it matters for who may know of it. */
export const ruleGroups = [
  'monitoring',
  'recordings',
  'class-health',
  'enrolment',
  'security',
  'fire-safety',
  'medical',
  'abuse',
  'complaint',
  'device',
  'duties',
] as const;
export type RuleGroup = (typeof ruleGroups)[number];

const groupOfRule: Readonly<Record<RuleName, RuleGroup>> = {
  'monitoring-running': 'monitoring',
  'alarm-system-running': 'monitoring',
  'area-covered': 'monitoring',
  'retention-held': 'recordings',
  'morning-check': 'class-health',
  'noon-check': 'class-health',
  connected: 'enrolment',
  'retention-exceeded': 'recordings',
  'clock-true': 'monitoring',
  'health-signal': 'class-health',
  'duty-overdue': 'duties',
  'guard-present': 'security',
  closing: 'security',
  'filing-true': 'enrolment',
  'calendar-known': 'enrolment',
  reachable: 'monitoring',
};

const groupOfAlarm: Readonly<Record<AlarmKind, RuleGroup>> = {
  panic: 'security',
  intrusion: 'security',
  'after-hours-entry': 'security',
  'door-left-open': 'security',
  'missing-child': 'security',
  'pickup-mismatch': 'security',
  fire: 'fire-safety',
  gas: 'fire-safety',
  structure: 'fire-safety',
  medical: 'medical',
  injury: 'medical',
  'food-poisoning': 'medical',
  abuse: 'abuse',
  tamper: 'device',
  power: 'device',
  test: 'device',
  complaint: 'complaint',
};

/** An alarm whose facts are missing is held back as if it were the most sensitive one. */
export const groupOf = ({ rule, alarm }: Pick<Incident, 'rule' | 'alarm'>): RuleGroup => {
  if (rule === 'registration') return 'enrolment';
  if (rule === 'storm') return 'monitoring';
  if (rule !== 'alarm') return groupOfRule[rule];
  return alarm === undefined ? 'abuse' : groupOfAlarm[alarm.kind];
};

export const actions = [
  'read-incident',
  'answer-incident',
  'close-incident',
  /** Somebody cannot see to it: who comes next is told now. */
  'pass-on',
  'mark-false-alarm',
  /** A drill turned out to be real. */
  'declare-real',
  /** What no box reports: abuse, what somebody says by telephone. */
  'open-incident',
  'edit-drills',
  /** Of the rules of one group. */
  'edit-mutes',
  'ask-maintenance',
  'read-retention',
  /** Recordings are kept beyond their days, or no more. */
  'order-hold',
  'release-hold',
  /** What one record under seal said is destroyed; its digest stays. */
  'erase-record',
  'read-uptime',
  /** Which classes were checked when; not what was found, of no child. */
  'read-checks',
  /** Which auditors looked, and at what. */
  'read-accesses',
  'attach-objection',
  'read-facility',
  'edit-facility',
  'read-changes',
  'read-grants',
  'edit-grants',
  'read-packs',
  /** The posts and their hours, without who it is. */
  'read-roster',
  /** Names and addresses too: personal data. */
  'read-contacts',
  'edit-roster',
  'test-channel',
] as const;
export type Action = (typeof actions)[number];

export type Department = NonNullable<Role['department']>;
type Reach = 'none' | 'read' | 'act';

/**
 * What an officer of each department may do with each group inside the officer's division, whether or not a pack told
 * that department: only what its work needs. Police need no class health. A pack adds to it by telling (`Target.told`).
 */
export const officerReach: Readonly<Record<Department, Readonly<Record<RuleGroup, Reach>>>> = {
  police: {
    monitoring: 'act',
    recordings: 'act',
    'class-health': 'none',
    enrolment: 'none',
    security: 'act',
    'fire-safety': 'act',
    medical: 'act',
    abuse: 'act',
    complaint: 'none',
    device: 'read',
    duties: 'none',
  },
  fire: {
    monitoring: 'read',
    recordings: 'none',
    'class-health': 'none',
    enrolment: 'none',
    security: 'none',
    'fire-safety': 'act',
    medical: 'none',
    abuse: 'none',
    complaint: 'none',
    device: 'read',
    duties: 'read',
  },
  emergency: {
    monitoring: 'read',
    recordings: 'none',
    'class-health': 'none',
    enrolment: 'none',
    security: 'none',
    'fire-safety': 'act',
    medical: 'act',
    abuse: 'none',
    complaint: 'none',
    device: 'read',
    duties: 'read',
  },
  health: {
    monitoring: 'act',
    recordings: 'act',
    'class-health': 'act',
    enrolment: 'act',
    security: 'act',
    'fire-safety': 'act',
    medical: 'act',
    abuse: 'act',
    complaint: 'act',
    device: 'act',
    duties: 'act',
  },
  supervision: {
    monitoring: 'act',
    recordings: 'act',
    'class-health': 'act',
    enrolment: 'act',
    security: 'act',
    'fire-safety': 'act',
    medical: 'act',
    abuse: 'none',
    complaint: 'act',
    device: 'act',
    duties: 'act',
  },
};

/** What an action is done to. */
export interface Target {
  /** Division of the facility; absent where there is none (grants, packs). */
  readonly division?: string;
  readonly facilityId?: string;
  /** Of a post of a department: the category of that department. */
  readonly department?: TopicName;
  /** Group of the incident. */
  readonly group?: RuleGroup;
  /** What the incident asked of each topic that it has been told to: who must act may act, who was told may read. */
  readonly told?: Readonly<Partial<Record<TopicName, 'act' | 'read'>>>;
}

/** The topics that an incident has been told to: the rungs that were entered. */
export const toldOf = (incident: Pick<Incident, 'ladder'>): NonNullable<Target['told']> => {
  const told: Partial<Record<TopicName, 'act' | 'read'>> = {};
  for (const rung of incident.ladder) {
    if (rung.enteredAtMs === undefined) continue;
    for (const { topic, duty } of rung.recipients) {
      if (duty === 'act') told[topic] = 'act';
      else told[topic] ??= 'read';
    }
  }
  return told;
};

export const targetOf = (incident: Incident): Target => ({
  division: incident.division,
  facilityId: incident.facilityId,
  group: groupOf(incident),
  told: toldOf(incident),
});

const strength: Readonly<Record<Reach, number>> = { none: 0, read: 1, act: 2 };

const officerMay = (department: Department, group: RuleGroup, needed: Reach, told: Target['told']): boolean =>
  strength[officerReach[department][group]] >= strength[needed] ||
  strength[told?.[department] ?? 'none'] >= strength[needed];

const officer = (role: Role, action: Action, target: Target): boolean => {
  if (role.department === undefined) return false;
  const { department } = role;
  switch (action) {
    case 'read-incident':
    // Whoever knows of a drill that it is none must be able to say so.
    case 'declare-real':
      return target.group !== undefined && officerMay(department, target.group, 'read', target.told);
    case 'answer-incident':
    case 'close-incident':
    case 'pass-on':
    case 'mark-false-alarm':
    case 'edit-mutes':
      return target.group !== undefined && officerMay(department, target.group, 'act', target.told);
    case 'read-retention':
      return officerReach[department].recordings !== 'none';
    case 'order-hold':
    case 'release-hold':
      return officerReach[department].recordings === 'act';
    case 'read-uptime':
      return officerReach[department].monitoring !== 'none';
    case 'read-checks':
      return officerReach[department]['class-health'] !== 'none';
    case 'read-facility':
    case 'read-packs':
    // A department may hear of anything, and pass it on to whom it concerns without reading it afterwards.
    case 'open-incident':
    case 'edit-drills':
      return true;
    case 'read-roster':
    case 'read-contacts':
      return target.department === department;
    default:
      return false;
  }
};

const auditorActions: ReadonlySet<Action> = new Set<Action>([
  'read-incident',
  'read-retention',
  'order-hold',
  'release-hold',
  'read-uptime',
  'read-checks',
  'read-accesses',
  'read-facility',
  'read-changes',
  'read-packs',
  'read-roster',
]);
const registrarActions: ReadonlySet<Action> = new Set<Action>([
  'edit-drills',
  'edit-mutes',
  'read-facility',
  'edit-facility',
  'erase-record',
  'read-changes',
  'read-packs',
  'read-roster',
  'read-contacts',
  'edit-roster',
  'test-channel',
]);
const administratorActions: ReadonlySet<Action> = new Set<Action>(['read-grants', 'edit-grants', 'read-packs']);
/** What a head may not know of: the one accused or complained of may be who reads it. */
const keptFromFacility: ReadonlySet<RuleGroup> = new Set<RuleGroup>(['abuse', 'complaint']);

/** What the head does with own incidents. */
const onOwnIncidents: ReadonlySet<Action> = new Set<Action>([
  'read-incident',
  'answer-incident',
  'pass-on',
  'mark-false-alarm',
  'declare-real',
]);
const facilityActions: ReadonlySet<Action> = new Set<Action>([
  ...onOwnIncidents,
  'ask-maintenance',
  'read-retention',
  'read-uptime',
  'read-checks',
  'read-accesses',
  'attach-objection',
  'read-facility',
  'read-packs',
  'read-roster',
  'read-contacts',
  'edit-roster',
  'test-channel',
]);

const needsNoPlace: ReadonlySet<Action> = new Set<Action>(['read-packs']);

/** The division of the target lies under the role's; a role without a division reaches none. */
const inDivision = (role: Role, action: Action, target: Target): boolean =>
  needsNoPlace.has(action) ||
  (role.division !== undefined && target.division !== undefined && isWithin(target.division, role.division));

const roleMay = (role: Role, action: Action, target: Target): boolean => {
  switch (role.role) {
    case 'officer':
      return inDivision(role, action, target) && officer(role, action, target);
    case 'auditor':
      return inDivision(role, action, target) && auditorActions.has(action);
    case 'registrar':
      return (
        inDivision(role, action, target) &&
        (registrarActions.has(action) || (action === 'read-incident' && target.group === 'enrolment'))
      );
    case 'administrator':
      return administratorActions.has(action);
    case 'facility':
      return (
        facilityActions.has(action) &&
        (needsNoPlace.has(action) || isOwn(role, target)) &&
        // Nothing of abuse, nor of who complained, reaches the facility, whatever else is configured.
        (!onOwnIncidents.has(action) || (target.group !== undefined && !keptFromFacility.has(target.group)))
      );
  }
};

/** What is about a whole division is no facility's own, whatever a grant says. */
const isOwn = ({ facilityId }: Role, target: Target): boolean =>
  facilityId !== undefined && facilityId === target.facilityId && !isOfDivision({ facilityId });

/** Whether one of the person's roles allows the action. Everything that is not allowed here is refused. */
export const mayDo = (person: Person, action: Action, target: Target): boolean =>
  person.roles.some((role) => roleMay(role, action, target));

/** For whom a person answers: a person who may act for a department does so, though being the head as well. */
export const answersAs = ({ roles, subject }: Person, target: Target): 'officer' | 'facility' =>
  mayDo({ subject, roles: roles.filter(({ role }) => role !== 'facility') }, 'answer-incident', target)
    ? 'officer'
    : 'facility';

/** Whose order it is: the first role that may give it. */
export const ordersAs = (person: Person, action: 'order-hold' | 'release-hold', target: Target): HoldAuthority => {
  const role = person.roles.find((one) => roleMay(one, action, target));
  if (role === undefined) throw new Error(`nobody asked whether this person may ${action}`);
  return role.department ?? 'auditor';
};

/** What the rules of a mute are about. */
export const groupsOfRules = (rules: readonly RuleName[]): readonly RuleGroup[] => [
  ...new Set(rules.map((rule) => groupOfRule[rule])),
];

/** Where the person's lists may look: division prefixes, and single facilities. Each item is authorized again. */
export interface Scope {
  readonly divisions: readonly string[];
  readonly facilityIds: readonly string[];
}

/** Any group that the role may see at all makes a list of incidents worth asking for. */
const reachesSome = (role: Role, action: Action): boolean => {
  const place = {
    division: role.division ?? '',
    facilityId: role.facilityId ?? '',
    ...(role.department !== undefined && { department: role.department }),
  };
  return action === 'read-incident'
    ? ruleGroups.some((group) => roleMay(role, action, { ...place, group }))
    : roleMay(role, action, place);
};

const narrower = (asked: string, own: string): readonly string[] => {
  if (isWithin(asked, own)) return [asked];
  return isWithin(own, asked) ? [own] : [];
};

const withoutCovered = (prefixes: readonly string[]): string[] => {
  const distinct = [...new Set(prefixes)];
  return distinct.filter((p) => !distinct.some((other) => other !== p && isWithin(p, other)));
};

/**
 * The part of the asked prefix that the person's roles reach: asking for a whole province with a role for one city
 * lists that city. Empty = nothing of it is reached.
 */
export const scopeOf = (person: Person, action: Action, asked: string | undefined): Scope => {
  const roles = person.roles.filter((role) => reachesSome(role, action));
  const own = roles.flatMap((role) => (role.role !== 'facility' && role.division !== undefined ? [role.division] : []));
  return {
    divisions: withoutCovered(asked === undefined ? own : own.flatMap((prefix) => narrower(asked, prefix))),
    facilityIds: roles.flatMap((role) =>
      role.role === 'facility' && role.facilityId !== undefined ? [role.facilityId] : [],
    ),
  };
};
