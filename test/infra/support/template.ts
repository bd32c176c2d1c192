import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from '../../../infra/bundle.ts';
import { type Partition, partitions } from '../../../infra/settings.ts';
import { synthesize } from '../../../infra/synthesize.ts';
import { temporaryFolder, writeFixtureFunctions } from './fixture-functions.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Json;
  readonly DependsOn?: Json;
  readonly DeletionPolicy?: string;
}

export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly Json[];
  readonly raw: Json;
}

/** What is at a dotted path, or undefined. */
export const at = (value: Json | undefined, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return (inner as { readonly [key: string]: Json })[key];
  }, value);

/** A missing list, one element or a list: as a list. */
export const list = (value: Json | undefined): readonly Json[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Json];
};

/** A synthesized template, read by what its resources are rather than by the ids that CDK gives them. */
export class Template {
  readonly text: string;
  readonly json: Json;
  readonly resources: readonly Resource[];

  constructor(text: string) {
    this.text = text;
    this.json = JSON.parse(text) as Json;
    const resources = at(this.json, 'Resources') as unknown as Record<string, Omit<Resource, 'id'>>;
    this.resources = Object.entries(resources).map(([id, resource]) => ({ id, ...resource }));
  }

  ofType(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.Type === type);
  }

  byId(id: Json | undefined): Resource {
    const found = this.resources.find((resource) => resource.id === id);
    if (!found) throw new Error(`no resource ${JSON.stringify(id)}`);
    return found;
  }

  functionNamed(name: string): Resource {
    const variable = 'Environment.Variables.POWERTOOLS_SERVICE_NAME';
    const found = this.ofType('AWS::Lambda::Function').find(({ Properties }) => at(Properties, variable) === name);
    if (!found) throw new Error(`no function ${name}`);
    return found;
  }

  environmentOf(name: string): Readonly<Record<string, Json>> {
    return at(this.functionNamed(name).Properties, 'Environment.Variables') as Readonly<Record<string, Json>>;
  }

  roleOf(name: string): Resource {
    return this.byId(at(this.functionNamed(name).Properties, 'Role.Fn::GetAtt.0'));
  }

  /** Everything that a function's role allows. */
  statementsOf(name: string): readonly Statement[] {
    return list(at(this.roleOf(name).Properties, 'Policies')).flatMap((policy) =>
      statementsIn(at(policy, 'PolicyDocument')),
    );
  }

  /** The table of this word, such as `vitals`. */
  table(word: string): Resource {
    return this.byId(at(this.json, `Outputs.${word.charAt(0).toUpperCase()}${word.slice(1)}Table.Value.Ref`));
  }

  topic(word: string): Resource {
    const variable = `Topic${word.charAt(0).toUpperCase()}${word.slice(1)}`;
    return this.byId(at(this.json, `Outputs.${variable}.Value.Ref`));
  }

  alarm(heading: string): Resource {
    const found = this.ofType('AWS::CloudWatch::Alarm').find(({ Properties }) =>
      String(at(Properties, 'AlarmName')).endsWith(`-${heading}`),
    );
    if (!found) throw new Error(`no alarm ${heading}`);
    return found;
  }
}

export const statementsIn = (document: Json | undefined): readonly Statement[] =>
  list(at(document, 'Statement')).map((raw) => ({
    effect: String(at(raw, 'Effect')),
    actions: list(at(raw, 'Action')).map(String).toSorted(),
    resources: list(at(raw, 'Resource')),
    raw,
  }));

/** One synthesis per partition for the whole test file; with other settings than the default ones if they are given. */
export const synthesizedTemplates = async (
  settings?: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<Partition, Template>>> => {
  const folder = temporaryFolder();
  const bundles = bundleFunctions({
    functionsDir: writeFixtureFunctions(join(folder, 'functions')),
    bundlesDir: join(folder, 'bundles'),
  });
  const templates = new Map<Partition, Template>();
  for (const partition of partitions) {
    const { templatePath } = await synthesize({
      partition,
      outdir: join(folder, partition),
      bundles,
      ...(settings ? { settings } : {}),
    });
    templates.set(partition, new Template(readFileSync(templatePath, 'utf8')));
  }
  return Object.fromEntries(templates) as Record<Partition, Template>;
};
