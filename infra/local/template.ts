import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A stop before the start: the template holds something that this machine cannot stand in for. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly logicalId: string;
  constructor(logicalId: string, message: string) {
    super(`${logicalId}: ${message}`);
    this.logicalId = logicalId;
  }
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One resource after every intrinsic function has been replaced by its value. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

export interface LoadedTemplate {
  readonly template: JsonObject;
  /** Folder of each bundled asset, by the S3 key that the template names. */
  readonly assetFolders: ReadonlyMap<string, string>;
}

/** What the pseudo parameters and the parts of every ARN are on this machine. */
export const localAccount = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
} as const;

/** An ARN of this machine; S3 and IAM leave region or account out, as in the cloud. */
export const localArn = (service: string, resource: string): string => {
  const region = service === 's3' || service === 'iam' ? '' : localAccount.region;
  const account = service === 's3' ? '' : localAccount.accountId;
  return ['arn', localAccount.partition, service, region, account, resource].join(':');
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A property read as an object; anything else is an empty one. */
export const objectAt = (from: JsonObject, key: string): JsonObject => {
  const value = from[key];
  return isObject(value) ? value : {};
};

/** A property read as a list: a single value is a list of one, as CloudFormation reads it. */
export const listAt = (from: JsonObject, key: string): Json[] => {
  const value = from[key];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

export const textAt = (from: JsonObject, key: string): string | undefined => {
  const value = from[key];
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
};

const readJson = (file: string): JsonObject => {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(value)) throw new TemplateError(path.basename(file), 'is not a JSON object');
  return value;
};

/** Reads the synthesized template and the asset manifest that lies beside it. */
export const loadTemplate = (assemblyDir: string, templatePath: string): LoadedTemplate => {
  const template = readJson(templatePath);
  const manifest = readJson(templatePath.replace(/\.template\.json$/, '.assets.json'));
  const assetFolders = new Map<string, string>();
  for (const asset of Object.values(objectAt(manifest, 'files'))) {
    if (!isObject(asset)) continue;
    const source = textAt(objectAt(asset, 'source'), 'path');
    for (const destination of Object.values(objectAt(asset, 'destinations'))) {
      const key = isObject(destination) ? textAt(destination, 'objectKey') : undefined;
      if (source !== undefined && key !== undefined) assetFolders.set(key, path.resolve(assemblyDir, source));
    }
  }
  return { template, assetFolders };
};

const knownTopLevel = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
]);
const knownOnResource = new Set([
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
]);

/** Gives the value of `Ref` (attribute undefined) or `Fn::GetAtt` for a resource of this type on this machine. */
export type AttributeOf = (resource: Resource, attribute: string | undefined) => string | undefined;

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': localAccount.partition,
  'AWS::Region': localAccount.region,
  'AWS::AccountId': localAccount.accountId,
  'AWS::URLSuffix': localAccount.urlSuffix,
  'AWS::StackName': 'local',
  'AWS::StackId': localArn('cloudformation', 'stack/local/local'),
};

/** Replaces every intrinsic function in the template by its value; a function it does not know stops the start. */
export const resolveTemplate = (
  template: JsonObject,
  parameters: Readonly<Record<string, string>>,
  attributeOf: AttributeOf,
): readonly Resource[] => {
  for (const key of Object.keys(template)) {
    if (!knownTopLevel.has(key)) throw new TemplateError('template', `section ${key} is not supported on this machine`);
  }
  const declared = objectAt(template, 'Parameters');
  const rawResources = objectAt(template, 'Resources');
  for (const name of Object.keys(parameters)) {
    if (!(name in declared)) throw new TemplateError(name, 'is not a parameter of this template');
  }

  const resolver = (logicalId: string) => {
    const fail = (message: string): never => {
      throw new TemplateError(logicalId, message);
    };
    const text = (value: Json): string => {
      const resolved = resolve(value);
      if (resolved === null || typeof resolved === 'object')
        return fail(`expected a text, got ${JSON.stringify(value)}`);
      return String(resolved);
    };
    const list = (value: Json): Json[] => {
      const resolved = resolve(value);
      return Array.isArray(resolved) ? resolved : fail(`expected a list, got ${JSON.stringify(value)}`);
    };
    const attribute = (target: string, name: string | undefined): string => {
      const raw = rawResources[target];
      if (!isObject(raw)) return fail(`refers to ${target}, which the template does not define`);
      const properties = resolve(nameProperties(objectAt(raw, 'Properties')));
      const resource = { logicalId: target, type: textAt(raw, 'Type') ?? '', properties: properties as JsonObject };
      const found = attributeOf(resource, name);
      return found ?? fail(`refers to ${target}.${name ?? 'Ref'} (${resource.type}), unknown on this machine`);
    };
    const reference = (name: string): Json => {
      const standing = pseudo[name];
      if (standing !== undefined) return standing;
      const parameter = declared[name];
      if (!isObject(parameter)) return attribute(name, undefined);
      const value = parameters[name] ?? textAt(parameter, 'Default');
      return value ?? fail(`parameter ${name} has neither a value nor a default`);
    };
    const substitute = (value: Json): string => {
      const [pattern, given] = Array.isArray(value) ? [text(value[0] ?? ''), value[1]] : [text(value), undefined];
      const locals = isObject(given) ? given : {};
      return pattern.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
        if (literal === '!') return `\${${name}}`;
        const local = locals[name];
        if (local !== undefined) return text(local);
        const dot = name.indexOf('.');
        return dot < 0 ? text({ Ref: name }) : attribute(name.slice(0, dot), name.slice(dot + 1));
      });
    };
    const condition = (value: Json): boolean => {
      if (typeof value === 'string')
        return condition(objectAt(template, 'Conditions')[value] ?? fail(`no condition ${value}`));
      if (!isObject(value)) return fail('a condition is not an object');
      const [name, argument] = Object.entries(value)[0] ?? fail('an empty condition');
      const parts = Array.isArray(argument) ? argument : [argument];
      if (name === 'Fn::Equals') return text(parts[0] ?? '') === text(parts[1] ?? '');
      if (name === 'Fn::Not') return !condition(parts[0] ?? '');
      if (name === 'Fn::And') return parts.every(condition);
      if (name === 'Fn::Or') return parts.some(condition);
      if (name === 'Condition') return condition(argument);
      return fail(`condition function ${name} is not supported on this machine`);
    };
    const call = (name: string, argument: Json): Json | undefined => {
      const parts = Array.isArray(argument) ? argument : [];
      if (name === 'Ref') return reference(text(argument));
      if (name === 'Fn::GetAtt') {
        const [target, attributeName] = Array.isArray(argument) ? argument.map(String) : text(argument).split('.');
        return attribute(target ?? '', attributeName ?? '');
      }
      if (name === 'Fn::Sub') return substitute(argument);
      if (name === 'Fn::Join')
        return list(parts[1] ?? [])
          .map(text)
          .join(text(parts[0] ?? ''));
      if (name === 'Fn::Select')
        return list(parts[1] ?? [])[Number(text(parts[0] ?? 0))] ?? fail('Fn::Select is out of range');
      if (name === 'Fn::Split') return text(parts[1] ?? '').split(text(parts[0] ?? ''));
      if (name === 'Fn::If') return resolve((condition(text(parts[0] ?? '')) ? parts[1] : parts[2]) ?? null);
      if (name === 'Fn::FindInMap') {
        const [map, first, second] = parts.map(text);
        const level = objectAt(objectAt(objectAt(template, 'Mappings'), map ?? ''), first ?? '');
        return level[second ?? ''] ?? fail(`no mapping ${map}.${first}.${second}`);
      }
      return name.startsWith('Fn::') ? fail(`${name} is not supported on this machine`) : undefined;
    };
    const isNoValue = (value: Json): boolean => isObject(value) && value.Ref === 'AWS::NoValue';
    const resolve = (value: Json): Json => {
      if (Array.isArray(value)) return value.filter((entry) => !isNoValue(entry)).map(resolve);
      if (!isObject(value)) return value;
      const [only, ...others] = Object.entries(value);
      if (only !== undefined && others.length === 0) {
        const called = call(only[0], only[1]);
        if (called !== undefined) return called;
      }
      const resolved: JsonObject = {};
      for (const [key, entry] of Object.entries(value)) if (!isNoValue(entry)) resolved[key] = resolve(entry);
      return resolved;
    };
    return { resolve, condition };
  };

  const resources: Resource[] = [];
  for (const [logicalId, raw] of Object.entries(rawResources)) {
    if (!isObject(raw)) throw new TemplateError(logicalId, 'is not an object');
    for (const key of Object.keys(raw)) {
      if (!knownOnResource.has(key)) throw new TemplateError(logicalId, `${key} is not supported on this machine`);
    }
    const { resolve, condition } = resolver(logicalId);
    const only = textAt(raw, 'Condition');
    if (only !== undefined && !condition(only)) continue;
    const properties = resolve(objectAt(raw, 'Properties')) as JsonObject;
    resources.push({ logicalId, type: textAt(raw, 'Type') ?? '', properties });
  }
  return resources;
};

/** Only the naming properties: resolving a whole resource to learn its name could go round in circles. */
const nameProperties = (properties: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key.endsWith('Name') && key !== 'RoleName'));
