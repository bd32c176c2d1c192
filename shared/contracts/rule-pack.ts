import * as z from 'zod';
import { LONGEST_OUTBOX } from '../domain/incident.ts';
import { type AlarmKind, alarmKinds } from '../domain/reports.ts';
import {
  type Citation,
  type Department,
  type HazardRouting,
  type LadderStep,
  type RulePack,
  type RuleTerms,
  type Sourced,
  topicNames,
} from '../domain/rule-pack.ts';
import { type RuleName, ruleNames } from '../domain/verdict.ts';

/** Ties a schema's shape to its domain type both ways: a key too few, too many or of another type does not compile. */
type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

const text = z.string().min(1).max(200);
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/, 'must be a short id');
const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const localDay = z.iso.date('must be YYYY-MM-DD');
const bilingual = z.strictObject({ zh: text, en: text });

/** No term of a pack is longer than ten years. */
const duration = z
  .int()
  .min(0)
  .max(3_653 * 86_400_000);

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
  fallback: z.boolean(),
} satisfies Shape<HazardRouting>);

const ladderStep = z.strictObject({
  level: z.enum(['facility', 'town', 'district', 'city']),
  afterMs: sourced(duration),
  departments: z.union([z.literal('act'), z.array(id).max(12)]),
} satisfies Shape<LadderStep>);

const thresholdsShape = {
  beatEveryMs: sourced(duration),
  silentAfterMs: sourced(duration),
  selfTestEveryMs: sourced(duration),
  coverageAtLeastEveryMs: sourced(duration),
  retentionDays: sourced(z.int().min(1).max(3_650)),
  retentionToleranceMs: sourced(duration),
  morningCheckBy: sourced(localTime),
  noonCheckBy: sourced(localTime),
  connectWithinMs: sourced(duration),
  flapMs: sourced(duration),
  answerWithinMs: sourced(duration),
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
  alarms: z.record(z.enum(alarmKinds), id) satisfies z.ZodType<Record<AlarmKind, string>>,
  ladder: z.array(ladderStep).min(1).max(8),
  thresholds: z.strictObject(thresholdsShape),
  workingHours,
} satisfies Shape<RulePack>);

/** A pack as it is written: what it does not say, the pack that it inherits says. */
export const rulePackFileSchema = z.strictObject({
  ...headShape,
  departments: z.exactOptional(z.array(department)),
  rules: z.exactOptional(z.partialRecord(z.enum(ruleNames), z.strictObject(termsShape).partial())),
  hazards: z.exactOptional(z.record(id, routing)),
  alarms: z.exactOptional(z.partialRecord(z.enum(alarmKinds), id)),
  ladder: z.exactOptional(z.array(ladderStep).min(1).max(8)),
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
export const crossCheck = (pack: RulePack): readonly PackFault[] => [
  ...departmentFaults(pack),
  ...sourceFaults(pack),
  ...hazardFaults(pack),
  ...ladderFaults(pack),
  ...timeFaults(pack),
];

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

/** Every `source` of a pack, wherever it stands. */
const sourcesOf = (value: unknown, path = ''): readonly NamedSource[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (key === 'source' && typeof inner === 'string') return [{ path: at, source: inner }];
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
  return [...unmapped, ...crowded, ...ruleHazardFaults(pack), ...alarmHazardFaults(pack)];
};

const ruleHazardFaults = (pack: RulePack): readonly PackFault[] =>
  ruleNames.flatMap((rule) => routedFaults(pack, `rules.${rule}.hazard`, pack.rules[rule].hazard, true));

const alarmHazardFaults = (pack: RulePack): readonly PackFault[] =>
  alarmKinds.flatMap((kind) => routedFaults(pack, `alarms.${kind}`, pack.alarms[kind], kind !== 'test'));

/** A hazard must be there, and somebody must act on it; only a test alarm stays with the facility. */
const routedFaults = (pack: RulePack, path: string, hazard: string, mustAct: boolean): readonly PackFault[] => {
  const routes = pack.hazards[hazard];
  if (routes === undefined) return [fault(path, `no hazard "${hazard}": route it, or name the lead as its fallback`)];
  return mustAct && routes.act.length === 0 ? [fault(path, `nobody acts on hazard "${hazard}"`)] : [];
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

/** What only all packs together show: the floor is there and kept, and on no day do two packs claim the same. */
export const crossCheckAll = (packs: readonly RulePack[]): readonly PackFault[] => {
  const floor = packs.find((pack) => pack.division === '' && pack.byNameOnly !== true);
  const days = floor?.thresholds.retentionDays.value ?? 0;
  return [
    ...(floor === undefined ? [fault('', 'there is no national floor (division "")')] : []),
    ...packs
      .filter((pack) => pack.thresholds.retentionDays.value < days)
      .map((pack) => fault(`${pack.name}@${pack.version}.thresholds.retentionDays`, `is below the floor of ${days}`)),
    ...packs.flatMap((pack, at) =>
      packs
        .slice(0, at)
        .filter((other) => claimTheSame(pack, other) && overlap(pack, other))
        .map((other) =>
          fault(`${pack.name}@${pack.version}.effectiveFrom`, `overlaps ${other.name}@${other.version} in time`),
        ),
    ),
  ];
};

const claimTheSame = (a: RulePack, b: RulePack): boolean =>
  a.name === b.name || (a.division === b.division && a.byNameOnly !== true && b.byNameOnly !== true);

const overlap = (a: RulePack, b: RulePack): boolean =>
  a.effectiveFrom < (b.effectiveTo ?? '9999-12-31') && b.effectiveFrom < (a.effectiveTo ?? '9999-12-31');
