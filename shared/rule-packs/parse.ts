import {
  crossCheck,
  crossCheckAll,
  faultsOf,
  type PackFault,
  rulePackFileSchema,
  rulePackSchema,
} from '../contracts/rule-pack.ts';
import type { RulePack } from '../domain/rule-pack.ts';
import { packFiles } from './index.ts';
import { lineOf, merged, packId, type RulePackFile } from './inherit.ts';

/** Checks all packs: the shape of each file, each pack once it is whole, and all of them together. */
export const checkRulePacks = (
  files: readonly unknown[],
): { readonly packs: readonly RulePack[]; readonly faults: readonly PackFault[] } => {
  const read = files.map((file) => rulePackFileSchema.safeParse(file));
  const shapeFaults = read.flatMap((result, at) =>
    result.success ? [] : faultsOf(result.error).map((one) => within(nameOf(files[at], at), one)),
  );
  const good = read.flatMap((result): RulePackFile[] => (result.success ? [result.data as RulePackFile] : []));
  // What inherits from a pack with a fault would only repeat that fault.
  const whole = shapeFaults.length > 0 ? [] : good.map((file) => wholeOf(file, good));
  const packs = whole.flatMap(({ pack }) => (pack === undefined ? [] : [pack]));
  const together = packs.length === files.length ? crossCheckAll(packs) : [];
  return { packs, faults: [...shapeFaults, ...whole.flatMap(({ faults }) => faults), ...together] };
};

/** Every pack, whole. Throws one error that lists every fault of every pack with its path. */
export const parseRulePacks = (files: readonly unknown[] = packFiles): readonly RulePack[] => {
  const { packs, faults } = checkRulePacks(files);
  if (faults.length === 0) return packs;
  throw new Error(['The rule packs have faults:', ...faults.map((one) => `  ${one.path}: ${one.message}`)].join('\n'));
};

const wholeOf = (
  file: RulePackFile,
  files: readonly RulePackFile[],
): { readonly pack?: RulePack; readonly faults: readonly PackFault[] } => {
  const line = lineOf(file, files);
  if (line === undefined) {
    return { faults: [{ path: `${packId(file)}.inherits`, message: `no pack "${file.inherits}", or a circle` }] };
  }
  const pack = merged(line);
  const shape = rulePackSchema.safeParse(pack);
  const faults = shape.success ? [...crossCheck(pack), ...unsaidFaults(pack, line)] : faultsOf(shape.error);
  return { ...(shape.success && { pack }), faults: faults.map((one) => within(packId(file), one)) };
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
