import type { DutyTerms, RulePack, RuleTerms } from '../domain/rule-pack.ts';
import type { RuleName } from '../domain/verdict.ts';
import workdays from './workdays.json' with { type: 'json' };

type Head = 'name' | 'version' | 'title' | 'division' | 'effectiveFrom' | 'effectiveTo' | 'byNameOnly' | 'inherits';

/**
 * A pack as it is written: what it does not say stands in the pack that it inherits (`name@version`). Citations, hazards,
 * alarms, thresholds, signals, registration events and the terms of each rule and duty are merged entry by entry.
 * Ladder, working hours, permitted deletions and departments are taken whole: a department that a place does not have (Jiangyin has no
 * emergency bureau) must not come in from the floor. A silence ends where an heir routes its hazard.
 */
export interface RulePackFile extends Pick<RulePack, Head | 'citations'> {
  readonly departments?: RulePack['departments'];
  readonly rules?: { readonly [K in RuleName]?: Partial<RuleTerms> };
  readonly hazards?: RulePack['hazards'];
  readonly alarms?: Partial<RulePack['alarms']>;
  readonly ladder?: RulePack['ladder'];
  readonly duties?: Readonly<Record<string, Partial<DutyTerms>>>;
  readonly signals?: RulePack['signals'];
  readonly registration?: Partial<RulePack['registration']>;
  readonly permittedDeletions?: RulePack['permittedDeletions'];
  readonly silences?: RulePack['silences'];
  readonly thresholds?: Partial<RulePack['thresholds']>;
  readonly workingHours?: RulePack['workingHours'];
}

/** `name@version`, by which verdicts, incidents and heirs name a pack. */
export const packId = (pack: Pick<RulePack, 'name' | 'version'>): string => `${pack.name}@${pack.version}`;

/** A chain of inheritance longer than this is a circle. */
const LONGEST_CHAIN = 5;

/** The file and all it inherits, the eldest first; absent = it inherits what is not there, or itself. */
export const lineOf = (file: RulePackFile, files: readonly RulePackFile[]): readonly RulePackFile[] | undefined => {
  const line = [file];
  for (let heir = file; heir.inherits !== undefined; ) {
    const elder = files.find((one) => packId(one) === heir.inherits);
    if (elder === undefined || line.length >= LONGEST_CHAIN) return undefined;
    line.unshift(elder);
    heir = elder;
  }
  return line;
};

/**
 * A line of packs as one. Whether it is whole is for the schema of whole packs to say: entries that none of the line has
 * are missing from it.
 */
export const merged = (line: readonly RulePackFile[]): RulePack => {
  const own = line.at(-1);
  if (own === undefined) throw new Error('an empty line of packs');
  const all = <K extends keyof RulePackFile>(key: K): object => Object.assign({}, ...line.map((file) => file[key]));
  const last = <K extends keyof RulePackFile>(key: K) => line.findLast((file) => file[key] !== undefined)?.[key];
  const { name, version, title, division, effectiveFrom } = own;
  return {
    name,
    version,
    title,
    division,
    effectiveFrom,
    ...(own.effectiveTo !== undefined && { effectiveTo: own.effectiveTo }),
    ...(own.byNameOnly !== undefined && { byNameOnly: own.byNameOnly }),
    ...(own.inherits !== undefined && { inherits: own.inherits }),
    citations: all('citations'),
    departments: last('departments'),
    rules: mergedTerms(line, 'rules'),
    hazards: all('hazards'),
    alarms: all('alarms'),
    ladder: last('ladder'),
    duties: mergedTerms(line, 'duties'),
    signals: all('signals'),
    registration: all('registration'),
    permittedDeletions: last('permittedDeletions'),
    silences: mergedSilences(line),
    thresholds: all('thresholds'),
    workingHours: last('workingHours'),
    workdays,
  } as RulePack;
};

/** Entry by entry and, inside an entry, term by term. */
const mergedTerms = (line: readonly RulePackFile[], key: 'rules' | 'duties'): object => {
  const names = new Set(line.flatMap((file) => Object.keys(file[key] ?? {})));
  const termsOf = (file: RulePackFile, name: string): object | undefined =>
    (file[key] as Readonly<Record<string, object>> | undefined)?.[name];
  return Object.fromEntries(
    [...names].map((name) => [name, Object.assign({}, ...line.map((file) => termsOf(file, name)))]),
  );
};

/**
 * A silence about a hazard goes with its routing and ends where an heir routes the hazard. Any other is the document's
 * own: it passes to another pack of the same place (the demonstration), not from the floor to a place.
 */
const mergedSilences = (line: readonly RulePackFile[]): RulePack['silences'] => {
  const hazards = new Set(line.flatMap((file) => Object.keys(file.hazards ?? {})));
  const own = line.at(-1);
  return line.reduce<RulePack['silences']>((elder, file) => {
    const kept = Object.entries(elder).filter(([key]) => !Object.hasOwn(file.hazards ?? {}, key));
    const said = Object.entries(file.silences ?? {}).filter(
      ([key]) => hazards.has(key) || file.division === own?.division,
    );
    return Object.fromEntries([...kept, ...said]);
  }, {});
};
