import { type TopicName, topicNames } from '../domain/rule-pack.ts';

/** The environment is not what the template promised: the function does not start. Every fault is in the message. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** How one variable is read. Throws with what would be right. */
export type Variable<T> = (text: string) => T;

export type Variables = Readonly<Record<string, Variable<unknown>>>;
export type Environment<V extends Variables> = { readonly [K in keyof V]: ReturnType<V[K]> };

/** A text that is not empty. */
export const text: Variable<string> = (value) => value;

/** An address, or `none`: a variable is never empty, so that a forgotten one stands out. */
export const urlOrNone: Variable<string | undefined> = (value) => {
  if (value === 'none') return undefined;
  if (!URL.canParse(value)) throw new Error('must be a URL, or "none"');
  return value;
};

/** A comma list, at least one entry. */
export const list: Variable<readonly string[]> = (value) => {
  const entries = value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw new Error('must name at least one entry');
  return entries;
};

/** JSON, checked by the given function. */
export const json =
  <T>(check: (value: unknown) => T): Variable<T> =>
  (value) =>
    check(JSON.parse(value));

/**
 * Reads and checks all variables at start. Throws `EnvironmentError` naming every one that is missing or wrong: a
 * function that starts half configured would fail on the first report instead.
 */
export const readEnvironment = <const V extends Variables>(
  environment: Readonly<Record<string, string | undefined>>,
  variables: V,
): Environment<V> => {
  const faults: string[] = [];
  const values = Object.entries(variables).map(([name, read]) => {
    try {
      const value = environment[name]?.trim();
      if (!value) throw new Error('is missing');
      return [name, read(value)];
    } catch (cause) {
      faults.push(`${name} ${cause instanceof Error ? cause.message : 'is wrong'}`);
      return [name, undefined];
    }
  });
  if (faults.length > 0) throw new EnvironmentError(`environment: ${faults.join('; ')}`);
  return Object.fromEntries(values) as Environment<V>;
};

/** `TOPIC_POLICE` … `TOPIC_FACILITY`. */
export const topicVariables = Object.fromEntries(
  topicNames.map((topic) => [`TOPIC_${topic.toUpperCase()}`, text]),
) as Readonly<Record<`TOPIC_${Uppercase<TopicName>}`, Variable<string>>>;

/** ARNs of the six topics by name. */
export const topicArns = (
  environment: Readonly<Record<`TOPIC_${Uppercase<TopicName>}`, string>>,
): Readonly<Record<TopicName, string>> =>
  Object.fromEntries(
    topicNames.map((topic) => [topic, environment[`TOPIC_${topic.toUpperCase() as Uppercase<TopicName>}`]]),
  ) as Record<TopicName, string>;
