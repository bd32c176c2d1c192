import * as z from 'zod';
import { facilityKinds, paperKinds, planHazards, type RegistrationEventKind } from '../domain/facility.ts';
import { LONGEST_OUTBOX } from '../domain/incident.ts';
import { type AlarmKind, allAlarmKinds, deletionReasons, findingCodes, logKinds } from '../domain/reports.ts';
import {
  type Citation,
  type Department,
  type DutyTerms,
  type HazardRouting,
  type HealthSignal,
  type LadderStep,
  type PermittedDeletion,
  type RegistrationPush,
  type RulePack,
  type RuleTerms,
  type Sourced,
  topicNames,
} from '../domain/rule-pack.ts';
import { type RuleName, ruleNames } from '../domain/verdict.ts';
import { workdayTableSchema } from './workdays.ts';

/** Ties a schema's shape to its domain type both ways: a key too few, too many or of another type does not compile. */
type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

const text = z.string().min(1).max(200);
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/, 'must be a short id');
const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const localDay = z.iso.date('must be YYYY-MM-DD');
const bilingual = z.strictObject({ zh: text, en: text });

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** No term of a pack is longer than ten years. */
const duration = z
  .int()
  .min(0)
  .max(3_653 * DAY_MS);
const durationOf = (leastMs: number, mostMs: number) => z.int().min(leastMs).max(mostMs);

const sourced = <T>(value: z.ZodType<T>) => z.strictObject({ value, source: id } satisfies Shape<Sourced<T>>);

const citation = z.strictObject({
  document: text,
  number: z.exactOptional(text),
  clause: z.exactOptional(text),
  standing: z.enum(['in-force', 'consultation-draft', 'recommended', 'encouraged', 'configuration']),
  verified: z.boolean(),
} satisfies Shape<Citation>);

const department = z.strictObject({
  id,
  name: bilingual,
  topic: z.enum(topicNames),
} satisfies Shape<Department>);

const termsShape = {
  hazard: id,
  urgency: z.enum(['page', 'page-in-operating-hours', 'working-hours', 'daily-digest']),
  breachAfterMs: sourced(duration),
  tellAfterMs: sourced(duration),
  unknownAfterMs: sourced(duration),
  source: id,
} satisfies Shape<RuleTerms>;

const routing = z.strictObject({
  act: z.array(id).max(12),
  copy: z.array(id).max(12),
  record: z.array(id).max(20),
  source: id,
  sources: z.exactOptional(z.record(id, id)),
  fallback: z.boolean(),
  atOnce: z.exactOptional(z.literal(true)),
} satisfies Shape<HazardRouting>);

const duty = z.strictObject({
  id,
  name: bilingual,
  proof: z.union(
    [
      z.strictObject({ log: z.enum(logKinds) }),
      z.strictObject({ paper: z.enum(paperKinds) }),
      z.strictObject({ plan: z.enum(planHazards) }),
    ],
    'must be one log, one paper or one plan',
  ),
  everyMs: sourced(durationOf(60 * SECOND_MS, 3_653 * DAY_MS)),
  source: id,
  hazard: id,
  kinds: z.exactOptional(z.array(z.enum(facilityKinds)).min(1)),
} satisfies Shape<DutyTerms>);

const signal = z.strictObject({
  id,
  name: bilingual,
  scope: z.enum(['class', 'facility']),
  // Kept checks reach back thirty-one days; a window beyond them would count too few.
  days: z.int().min(1).max(31),
  children: z.int().min(1).max(1_000),
  codes: z
    .array(z.array(z.enum(findingCodes)).min(1))
    .min(1)
    .max(4),
  tier: z.enum(['signal', 'cluster', 'report']),
  source: id,
} satisfies Shape<HealthSignal>);

const registrationPush = z.strictObject({
  to: z.array(id).max(12),
  source: id,
  kindergartenTo: z.array(id).max(12),
  kindergartenSource: z.exactOptional(id),
} satisfies Shape<RegistrationPush>);

const registrationShape = {
  registered: registrationPush,
  changed: registrationPush,
  cancelled: registrationPush,
} satisfies Shape<Record<RegistrationEventKind, RegistrationPush>>;

const silences = z.record(id, bilingual);

const permittedDeletions = z.partialRecord(
  z.enum(deletionReasons),
  z.strictObject({ source: id } satisfies Shape<PermittedDeletion>),
);

const ladderStep = z.strictObject({
  level: z.enum(['facility', 'town', 'district', 'city']),
  afterMs: sourced(duration),
  departments: z.union([z.literal('act'), z.array(id).max(12)]),
  source: z.exactOptional(id),
} satisfies Shape<LadderStep>);

const thresholdsShape = {
  beatEveryMs: sourced(durationOf(SECOND_MS, 3_600 * SECOND_MS)),
  silentAfterMs: sourced(durationOf(SECOND_MS, DAY_MS)),
  selfTestEveryMs: sourced(durationOf(60 * SECOND_MS, 366 * DAY_MS)),
  coverageAtLeastEveryMs: sourced(durationOf(60 * SECOND_MS, 7 * DAY_MS)),
  retentionDays: sourced(z.int().min(1).max(3_650)),
  retentionToleranceMs: sourced(durationOf(0, DAY_MS)),
  morningCheckBy: sourced(localTime),
  noonCheckBy: sourced(localTime),
  retentionCeilingDays: sourced(z.int().min(1).max(3_650)),
  clockOffsetMs: sourced(durationOf(SECOND_MS, DAY_MS)),
  closingWithinMs: sourced(durationOf(0, DAY_MS)),
  guardsOnShift: sourced(z.int().min(0).max(1)),
  calendarKnownAheadMs: sourced(durationOf(DAY_MS, 366 * DAY_MS)),
  connectWithinMs: sourced(durationOf(SECOND_MS, 366 * DAY_MS)),
  flapMs: sourced(durationOf(0, DAY_MS)),
  answerWithinMs: sourced(durationOf(SECOND_MS, DAY_MS)),
  answerHoldsMs: sourced(durationOf(SECOND_MS, 7 * DAY_MS)),
  stormAtLeast: sourced(z.int().min(2).max(10_000)),
  stormWithinMs: sourced(durationOf(SECOND_MS, DAY_MS)),
  reachableDays: sourced(z.int().min(1).max(366)),
  holdConfirmedWithinMs: sourced(durationOf(60 * SECOND_MS, 30 * DAY_MS)),
} satisfies Shape<RulePack['thresholds']>;

const workingHours = z.strictObject({
  zone: text,
  from: localTime,
  to: localTime,
  weekdays: z.array(z.int().min(1).max(7)).max(7),
} satisfies Shape<RulePack['workingHours']>);

const headShape = {
  name: id,
  version: z.string().regex(/^[0-9]+(\.[0-9]+)*$/, 'must be a version, such as 1 or 1.2'),
  title: bilingual,
  division: z
    .string()
    .regex(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})?$/, 'must be a division prefix of 2, 4, 6, 9 or 12 digits'),
  effectiveFrom: localDay,
  effectiveTo: z.exactOptional(localDay),
  byNameOnly: z.exactOptional(z.literal(true)),
  inherits: z.exactOptional(text),
  citations: z.record(id, citation),
};

/** A whole pack: nothing missing, nothing extra. */
export const rulePackSchema = z.strictObject({
  ...headShape,
  departments: z.array(department),
  rules: z.record(z.enum(ruleNames), z.strictObject(termsShape)) satisfies z.ZodType<Record<RuleName, RuleTerms>>,
  hazards: z.record(id, routing),
  alarms: z.record(z.enum(allAlarmKinds), id) satisfies z.ZodType<Record<AlarmKind, string>>,
  ladder: z.array(ladderStep).min(1).max(8),
  duties: z.record(id, duty),
  signals: z.record(id, signal),
  registration: z.strictObject(registrationShape),
  permittedDeletions,
  silences,
  thresholds: z.strictObject(thresholdsShape),
  workingHours,
  workdays: workdayTableSchema,
} satisfies Shape<RulePack>);

/** A pack as it is written: what it does not say, the pack that it inherits says. */
export const rulePackFileSchema = z.strictObject({
  ...headShape,
  departments: z.exactOptional(z.array(department)),
  rules: z.exactOptional(z.partialRecord(z.enum(ruleNames), z.strictObject(termsShape).partial())),
  hazards: z.exactOptional(z.record(id, routing)),
  alarms: z.exactOptional(z.partialRecord(z.enum(allAlarmKinds), id)),
  ladder: z.exactOptional(z.array(ladderStep).min(1).max(8)),
  duties: z.exactOptional(z.record(id, duty.partial())),
  signals: z.exactOptional(z.record(id, signal)),
  registration: z.exactOptional(z.strictObject(registrationShape).partial()),
  permittedDeletions: z.exactOptional(permittedDeletions),
  silences: z.exactOptional(silences),
  thresholds: z.exactOptional(z.strictObject(thresholdsShape).partial()),
  workingHours: z.exactOptional(workingHours),
});

/** One fault of a pack: where (`rules.monitoring-running.hazard`) and what. */
export interface PackFault {
  readonly path: string;
  readonly message: string;
}

/** The faults of a schema, each with its path; every unrecognized key is named by itself. */
export const faultsOf = (error: z.ZodError): readonly PackFault[] =>
  error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));

/** Everything that a schema cannot see in one pack. */
export const crossCheck = (pack: RulePack): readonly PackFault[] => crossChecks.flatMap((check) => check(pack));

/** The same of a pack whose shape has a fault: as far as it can be read, so that its other faults are told at once. */
export const crossCheckReadable = (pack: RulePack): readonly PackFault[] =>
  crossChecks.flatMap((check) => asFarAsReadable(() => check(pack)));

/** What a check cannot read has a fault of its shape, which is told already. */
export const asFarAsReadable = (check: () => readonly PackFault[]): readonly PackFault[] => {
  try {
    return check();
  } catch {
    return [];
  }
};

const fault = (path: string, message: string): PackFault => ({ path, message });

const departmentFaults = (pack: RulePack): readonly PackFault[] =>
  pack.departments.flatMap(({ id: name, topic }, at) => [
    ...(pack.departments.findIndex((one) => one.id === name) < at
      ? [fault(`departments.${name}`, 'is there twice')]
      : []),
    ...(name === 'facility' || topic === 'facility'
      ? [fault(`departments.${name}`, 'the facility is no department: abuse would reach it')]
      : []),
  ]);

const sourceFaults = (pack: RulePack): readonly PackFault[] =>
  sourcesOf(pack)
    .filter(({ source }) => !Object.hasOwn(pack.citations, source))
    .map(({ path, source }) => fault(path, `no citation "${source}"`));

interface NamedSource {
  readonly path: string;
  readonly source: string;
}

const sourceKeys: ReadonlySet<string> = new Set(['source', 'kindergartenSource']);

/** Every citation key that a pack names, wherever it stands. */
const sourcesOf = (value: unknown, path = ''): readonly NamedSource[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (sourceKeys.has(key) && typeof inner === 'string') return [{ path: at, source: inner }];
    if (key === 'sources')
      return Object.entries(inner).map(([of, source]) => ({ path: `${at}.${of}`, source: `${source}` }));
    return sourcesOf(inner, at);
  });
};

const hazardFaults = (pack: RulePack): readonly PackFault[] => {
  const known = new Set(pack.departments.map((one) => one.id));
  const unmapped = Object.entries(pack.hazards).flatMap(([hazard, routes]) =>
    (['act', 'copy', 'record'] as const).flatMap((duty) =>
      routes[duty].flatMap((name, at) =>
        known.has(name) ? [] : [fault(`hazards.${hazard}.${duty}.${at}`, `no department "${name}", so no topic`)],
      ),
    ),
  );
  const crowded = Object.entries(pack.hazards)
    .filter(([, routes]) => routes.act.length + routes.copy.length >= LONGEST_OUTBOX)
    .map(([hazard]) => fault(`hazards.${hazard}`, `more recipients than an outbox of ${LONGEST_OUTBOX} holds`));
  return [...unmapped, ...crowded, ...splitFaults(pack), ...ruleHazardFaults(pack), ...alarmHazardFaults(pack)];
};

/** Each department has one part in a hazard, and only those that have one are cited for it. */
const splitFaults = (pack: RulePack): readonly PackFault[] =>
  Object.entries(pack.hazards).flatMap(([hazard, { act, copy, record, sources = {} }]) => {
    const all = [...act, ...copy, ...record];
    return [
      ...all
        .filter((one, at) => all.indexOf(one) < at)
        .map((one) => fault(`hazards.${hazard}`, `names "${one}" twice`)),
      ...Object.keys(sources)
        .filter((one) => !all.includes(one))
        .map((one) => fault(`hazards.${hazard}.sources.${one}`, 'is cited and has no part in the hazard')),
    ];
  });

const ruleHazardFaults = (pack: RulePack): readonly PackFault[] =>
  ruleNames.flatMap((rule) => routedFaults(pack, `rules.${rule}.hazard`, pack.rules[rule].hazard, true));

const alarmHazardFaults = (pack: RulePack): readonly PackFault[] =>
  allAlarmKinds.flatMap((kind) => routedFaults(pack, `alarms.${kind}`, pack.alarms[kind], kind !== 'test'));

/** A hazard must be there, and somebody must act on it; only a test alarm stays with the facility. */
const routedFaults = (pack: RulePack, path: string, hazard: string, mustAct: boolean): readonly PackFault[] => {
  const routes = pack.hazards[hazard];
  if (routes === undefined) {
    const how = 'route it, or let the lead stand in (fallback) and say the silence';
    return [fault(path, `no hazard "${hazard}", neither routed nor silent: ${how}`)];
  }
  return mustAct && routes.act.length === 0 ? [fault(path, `nobody acts on hazard "${hazard}"`)] : [];
};

/** A lead stands in only where the pack says that the document is silent, and where it says so the lead stands in. */
const silenceFaults = (pack: RulePack): readonly PackFault[] =>
  Object.entries(pack.hazards).flatMap(([hazard, { fallback }]) => {
    const isSaid = Object.hasOwn(pack.silences, hazard);
    if (fallback && !isSaid)
      return [fault(`silences.${hazard}`, `the lead stands in for "${hazard}" and nothing says why`)];
    if (!fallback && isSaid)
      return [fault(`silences.${hazard}`, `"${hazard}" is routed, so the document is not silent`)];
    return [];
  });

const misnamed = (group: string, of: Readonly<Record<string, { readonly id: string }>>): readonly PackFault[] =>
  Object.entries(of)
    .filter(([key, one]) => key !== one.id)
    .map(([key, one]) => fault(`${group}.${key}.id`, `is "${one.id}"`));

const dutyFaults = (pack: RulePack): readonly PackFault[] => [
  ...misnamed('duties', pack.duties),
  ...Object.entries(pack.duties).flatMap(([key, one]) => routedFaults(pack, `duties.${key}.hazard`, one.hazard, true)),
];

const signalFaults = (pack: RulePack): readonly PackFault[] => [
  ...misnamed('signals', pack.signals),
  ...Object.entries(pack.signals).flatMap(([key, { codes }]) =>
    codes.flatMap((list, at) =>
      list.length === new Set(list).size ? [] : [fault(`signals.${key}.codes.${at}`, 'names a code twice')],
    ),
  ),
];

const registrationFaults = (pack: RulePack): readonly PackFault[] => {
  const known = new Set(pack.departments.map((one) => one.id));
  return Object.entries(pack.registration).flatMap(([event, push]) =>
    (['to', 'kindergartenTo'] as const).flatMap((list) =>
      push[list].flatMap((name, at) =>
        known.has(name) ? [] : [fault(`registration.${event}.${list}.${at}`, `no department "${name}", so no topic`)],
      ),
    ),
  );
};

const ladderFaults = (pack: RulePack): readonly PackFault[] => {
  const known = new Set(pack.departments.map((one) => one.id));
  return pack.ladder.flatMap((step, at) => [
    ...(at === 0 && step.level !== 'facility' ? [fault('ladder.0.level', 'the facility is told first')] : []),
    ...(step.level === 'facility' && step.departments.length > 0
      ? [fault(`ladder.${at}.departments`, 'the rung of the facility names no department')]
      : []),
    ...(step.afterMs.value < (pack.ladder[at - 1]?.afterMs.value ?? 0)
      ? [fault(`ladder.${at}.afterMs`, 'is earlier than the rung below it')]
      : []),
    ...(step.departments === 'act' ? [] : step.departments)
      .filter((name) => !known.has(name))
      .map((name) => fault(`ladder.${at}.departments`, `no department "${name}", so no topic`)),
  ]);
};

const timeFaults = (pack: RulePack): readonly PackFault[] => [
  ...(pack.effectiveTo !== undefined && pack.effectiveTo <= pack.effectiveFrom
    ? [fault('effectiveTo', 'ends before it begins')]
    : []),
  ...(pack.thresholds.silentAfterMs.value <= pack.thresholds.beatEveryMs.value
    ? [fault('thresholds.silentAfterMs', 'a box would be silent between two beats')]
    : []),
  ...(pack.thresholds.retentionCeilingDays.value < pack.thresholds.retentionDays.value
    ? [fault('thresholds.retentionCeilingDays', 'is below the days that recordings must be kept')]
    : []),
  ...(isZone(pack.workingHours.zone) ? [] : [fault('workingHours.zone', `no time zone "${pack.workingHours.zone}"`)]),
];

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const crossChecks: readonly ((pack: RulePack) => readonly PackFault[])[] = [
  departmentFaults,
  sourceFaults,
  hazardFaults,
  silenceFaults,
  dutyFaults,
  signalFaults,
  registrationFaults,
  ladderFaults,
  timeFaults,
];

/** What only all packs together show: the floor is there and kept, and on no day do two packs claim the same. */
export const crossCheckAll = (packs: readonly RulePack[]): readonly PackFault[] => {
  const floor = packs.find((pack) => pack.division === '' && pack.byNameOnly !== true);
  const days = floor?.thresholds.retentionDays.value ?? 0;
  return [
    ...(floor === undefined ? [fault('', 'there is no national floor (division "")')] : []),
    ...packs
      .filter((pack) => pack.thresholds.retentionDays.value < days)
      .map((pack) => fault(`${pack.name}@${pack.version}.thresholds.retentionDays`, `is below the floor of ${days}`)),
    ...overlapFaults(packs),
  ];
};

/** On no day do two packs claim the same. */
export const overlapFaults = (packs: readonly RulePack[]): readonly PackFault[] =>
  packs.flatMap((pack, at) =>
    packs
      .slice(0, at)
      .filter((other) => claimTheSame(pack, other) && overlap(pack, other))
      .map((other) =>
        fault(`${pack.name}@${pack.version}.effectiveFrom`, `overlaps ${other.name}@${other.version} in time`),
      ),
  );

const claimTheSame = (a: RulePack, b: RulePack): boolean =>
  a.name === b.name || (a.division === b.division && a.byNameOnly !== true && b.byNameOnly !== true);

const overlap = (a: RulePack, b: RulePack): boolean =>
  a.effectiveFrom < (b.effectiveTo ?? '9999-12-31') && b.effectiveFrom < (a.effectiveTo ?? '9999-12-31');
