import {
  asFarAsReadable,
  crossCheck,
  crossCheckAll,
  crossCheckReadable,
  faultsOf,
  overlapFaults,
  type PackFault,
  rulePackFileSchema,
  rulePackSchema,
} from '../contracts/rule-pack.ts';
import type { RulePack } from '../domain/rule-pack.ts';
import { packFiles } from './index.ts';
import { lineOf, merged, packId, type RulePackFile } from './inherit.ts';

/**
 * Checks all packs: the shape of each file, each pack once it is whole, and all of them together. Every fault is told at
 * once: a file with a wrong shape is still looked at as far as it can be read.
 */
export const checkRulePacks = (
  files: readonly unknown[],
): { readonly packs: readonly RulePack[]; readonly faults: readonly PackFault[] } => {
  const wrong = files.map((file) => shapeFaultsOf(file));
  const shapeFaults = wrong.flatMap((faults, at) => faults.map((one) => within(nameOf(files[at], at), one)));
  const sound = new Set(files.filter((_file, at) => wrong[at]?.length === 0));
  const readable = files.filter(isNamed);
  const whole = readable.map((file) => wholeOf(file, readable, sound));
  const packs = whole.flatMap(({ pack }) => (pack === undefined ? [] : [pack]));
  const together =
    packs.length === files.length
      ? crossCheckAll(packs)
      : asFarAsReadable(() => overlapFaults(whole.flatMap(({ read }) => (read === undefined ? [] : [read]))));
  return { packs, faults: [...shapeFaults, ...whole.flatMap(({ faults }) => faults), ...together] };
};

const shapeFaultsOf = (file: unknown): readonly PackFault[] => {
  const read = rulePackFileSchema.safeParse(file);
  return read.success ? [] : faultsOf(read.error);
};

const isNamed = (file: unknown): file is RulePackFile => {
  const { name, version } = Object(file) as Record<string, unknown>;
  return typeof name === 'string' && typeof version === 'string';
};

/** Every pack, whole. Throws one error that lists every fault of every pack with its path. */
export const parseRulePacks = (files: readonly unknown[] = packFiles): readonly RulePack[] => {
  const { packs, faults } = checkRulePacks(files);
  if (faults.length === 0) return packs;
  throw new Error(['The rule packs have faults:', ...faults.map((one) => `  ${one.path}: ${one.message}`)].join('\n'));
};

interface Whole {
  /** Without a fault of its shape. */
  readonly pack?: RulePack;
  /** As far as it can be read. */
  readonly read?: RulePack;
  readonly faults: readonly PackFault[];
}

const wholeOf = (file: RulePackFile, files: readonly RulePackFile[], sound: ReadonlySet<unknown>): Whole => {
  const line = lineOf(file, files);
  if (line === undefined) {
    return { faults: [{ path: `${packId(file)}.inherits`, message: `no pack "${file.inherits}", or a circle` }] };
  }
  const elders = line.length > 1 ? faultsOfLine(line.slice(0, -1), sound).faults : [];
  const { faults, ...whole } = faultsOfLine(line, sound);
  // What an heir merely inherits is told of its elder.
  const isInherited = (one: PackFault) =>
    elders.some(({ path, message }) => path === one.path && message === one.message);
  return { ...whole, faults: faults.filter((one) => !isInherited(one)).map((one) => within(packId(file), one)) };
};

const faultsOfLine = (line: readonly RulePackFile[], sound: ReadonlySet<unknown>): Whole => {
  if (line.every((file) => sound.has(file))) {
    const pack = merged(line);
    const shape = rulePackSchema.safeParse(pack);
    if (!shape.success) return { read: pack, faults: faultsOf(shape.error) };
    return { pack, read: pack, faults: [...crossCheck(pack), ...unsaidFaults(pack, line)] };
  }
  try {
    const pack = merged(line);
    const unsaid = asFarAsReadable(() => unsaidFaults(pack, line));
    return { read: pack, faults: [...crossCheckReadable(pack), ...unsaid] };
  } catch {
    // Too far from a pack to be merged; its shape's faults are told.
    return { faults: [] };
  }
};

/**
 * A pack of a place says of each hazard, in its own words, who acts or that its document is silent: else the floor's
 * general departments would stand as if the place had named them. What is ours alone (a device test) it may inherit.
 */
const unsaidFaults = (pack: RulePack, line: readonly RulePackFile[]): readonly PackFault[] => {
  if (pack.division === '') return [];
  const own = line.filter((file) => file.division !== '');
  const isOurs = (hazard: string): boolean =>
    pack.citations[pack.hazards[hazard]?.source ?? '']?.standing === 'configuration';
  return usedHazards(pack)
    .filter((hazard) => !isOurs(hazard) && !own.some((file) => Object.hasOwn(file.hazards ?? {}, hazard)))
    .map((hazard) => ({
      path: `hazards.${hazard}`,
      message: 'neither routed nor silent: only the floor speaks of it',
    }));
};

const usedHazards = (pack: RulePack): readonly string[] => [
  ...new Set([
    ...Object.values(pack.rules).map((terms) => terms.hazard),
    ...Object.values(pack.alarms),
    ...Object.values(pack.duties).map((duty) => duty.hazard),
  ]),
];

const within = (name: string, { path, message }: PackFault): PackFault => ({
  path: path === '' ? name : `${name}.${path}`,
  message,
});

const nameOf = (file: unknown, at: number): string => {
  const { name, version } = (typeof file === 'object' && file !== null ? file : {}) as Record<string, unknown>;
  return typeof name === 'string' ? `${name}@${version}` : `pack ${at}`;
};
