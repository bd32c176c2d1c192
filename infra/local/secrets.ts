import { randomInt } from 'node:crypto';
import path from 'node:path';
import { readTexts, writeTexts } from './kept-texts.ts';
import { localArn, objectAt, type Resource, TemplateError, textAt } from './template.ts';

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
  read(nameOrArn: string): ReadSecret | undefined;
  /** False = there is one of this name already. Only under the prefix of challenge keys; others throw. */
  create(name: string, value: SecretValue): boolean;
  /** For good; one that is not there is fine, as with the service. Only under that prefix. */
  destroy(nameOrArn: string): void;
}

/** A text, or bytes as Base64. */
export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface ReadSecret {
  readonly name: string;
  readonly value: SecretValue;
}

const suffix = '-local0';
const arnStart = localArn('secretsmanager', 'secret:');
/** People put the secrets of channels under this part of a name, whatever the stack is called. */
const channelName = /^[^/]+\/channels\/(.+)$/;

/** What functions make and destroy by themselves lies under this part of a name. */
const challengeKeyName = /^[^/]+\/challenge-keys\/.+$/;
/** Whether functions may make and destroy secrets of this name: it then is nobody else's. */
export const isMadeByFunctions = (nameOrArn: string): boolean => challengeKeyName.test(nameIn(nameOrArn));

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
  const madeFile = dataDir === undefined ? undefined : path.join(dataDir, 'challenge-keys.json');
  /** The file is the truth, so that a destroyed key is in no memory; without a folder, a map. */
  let inMemory: Readonly<Record<string, string>> = {};
  const made = (): Readonly<Record<string, string>> => (madeFile === undefined ? inMemory : readTexts(madeFile));
  const keepMade = (next: Readonly<Record<string, string>>): void => {
    if (madeFile === undefined) inMemory = next;
    else writeTexts(madeFile, next);
  };
  const ofChannel = (name: string): string | undefined =>
    given[name] ?? (dataDir === undefined ? undefined : channelSecret(dataDir, name));
  return {
    arnOf: (nameOrArn) => secretArn(nameIn(nameOrArn)),
    read(nameOrArn) {
      const name = nameIn(nameOrArn);
      const channel = channelName.exec(name)?.[1];
      const text = generated.get(name) ?? (channel === undefined ? undefined : ofChannel(channel));
      if (text !== undefined) return { name, value: { SecretString: text } };
      const own = isMadeByFunctions(name) ? made()[name] : undefined;
      return own === undefined ? undefined : { name, value: JSON.parse(own) as SecretValue };
    },
    create(name, value) {
      if (!isMadeByFunctions(name)) throw new Error(`${name} is not made by functions`);
      if (Object.hasOwn(made(), name)) return false;
      keepMade({ ...made(), [name]: JSON.stringify(value) });
      return true;
    },
    destroy(nameOrArn) {
      const name = nameIn(nameOrArn);
      if (!isMadeByFunctions(name)) throw new Error(`${name} is not made by functions`);
      const { [name]: _gone, ...others } = made();
      keepMade(others);
    },
  };
};
