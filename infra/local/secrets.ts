import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, type JsonObject, localArn, objectAt, type Resource, TemplateError, textAt } from './template.ts';

/** A secret of the template: its value is generated, and known to nobody. */
export interface SecretSpec {
  readonly name: string;
  readonly letters: number;
  readonly alphabet: string;
}

/** The values of secrets, by the name or the ARN that a caller says. */
export interface Vault {
  /** The ARN that a role must name to read it; the six letters behind the name are the service's own, as in the cloud. */
  arnOf(nameOrArn: string): string;
  /** Name and value, or undefined where there is none. */
  read(nameOrArn: string): { readonly name: string; readonly value: string } | undefined;
}

const suffix = '-local0';
const arnStart = localArn('secretsmanager', 'secret:');
/** People put the secrets of channels under this part of a name, whatever the stack is called. */
const channelName = /^[^/]+\/channels\/(.+)$/;

export const secretArn = (name: string): string => `${arnStart}${name}${suffix}`;
const nameIn = (nameOrArn: string): string =>
  nameOrArn.startsWith(arnStart) ? nameOrArn.slice(arnStart.length).replace(/-[A-Za-z0-9]{6}$/, '') : nameOrArn;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const numbers = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** Reads a secret of the template; one with a value in it is refused, since everybody would read it there. */
export const secretOf = ({ logicalId, properties }: Resource): SecretSpec => {
  const order = objectAt(properties, 'GenerateSecretString');
  if (Object.keys(order).length === 0) throw new TemplateError(logicalId, 'is not generated');
  return {
    name: textAt(properties, 'Name') ?? logicalId,
    letters: Number(textAt(order, 'PasswordLength') ?? 32),
    alphabet: `${letters}${numbers}${textAt(order, 'ExcludePunctuation') === 'true' ? '' : punctuation}`,
  };
};

const readTexts = (file: string): Record<string, string> => {
  if (!existsSync(file)) return {};
  const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const entries = Object.entries(isObject(found) ? found : ({} as JsonObject));
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
};

/** For its owner's eyes only, and never half written. */
const writeTexts = (file: string, texts: Readonly<Record<string, string>>): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(texts, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

/** Where the secrets of channels are put by hand: `{ "<name>": "<value>" }`. */
export const channelSecretsIn = (dataDir: string): string => path.join(dataDir, 'secrets.json');

/** Puts the secret of a channel, or takes it away; a running stack answers with it from then on. */
export const setChannelSecret = (dataDir: string, name: string, value: string | undefined): void => {
  const { [name]: _old, ...others } = readTexts(channelSecretsIn(dataDir));
  writeTexts(channelSecretsIn(dataDir), value === undefined ? others : { ...others, [name]: value });
};

export const channelSecretNames = (dataDir: string): readonly string[] =>
  Object.keys(readTexts(channelSecretsIn(dataDir))).sort();

/** The secret of a channel as it was put by hand, or by the start for the demo. */
export const channelSecret = (dataDir: string, name: string): string | undefined =>
  readTexts(channelSecretsIn(dataDir))[name];

const generate = ({ letters: length, alphabet }: SecretSpec): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Opens the secrets of a stack: those of its template are generated once and kept with its data. */
export const openVault = (
  specs: readonly SecretSpec[],
  dataDir: string | undefined,
  given: Readonly<Record<string, string>> = {},
): Vault => {
  const file = dataDir === undefined ? undefined : path.join(dataDir, 'generated-secrets.json');
  const kept = file === undefined ? {} : readTexts(file);
  const generated = new Map(specs.map((spec) => [spec.name, kept[spec.name] ?? generate(spec)]));
  if (file !== undefined && specs.length > 0) writeTexts(file, { ...kept, ...Object.fromEntries(generated) });
  const ofChannel = (name: string): string | undefined =>
    given[name] ?? (dataDir === undefined ? undefined : channelSecret(dataDir, name));
  return {
    arnOf: (nameOrArn) => secretArn(nameIn(nameOrArn)),
    read(nameOrArn) {
      const name = nameIn(nameOrArn);
      const channel = channelName.exec(name)?.[1];
      const value = generated.get(name) ?? (channel === undefined ? undefined : ofChannel(channel));
      return value === undefined ? undefined : { name, value };
    },
  };
};
