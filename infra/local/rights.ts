import { isObject, type Json, type JsonObject, listAt, objectAt, TemplateError, textAt } from './template.ts';

/** One statement of a policy, with its lists normalized. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `[operator, key, values]`, all of which must hold. */
  readonly conditions: readonly (readonly [string, string, readonly string[]])[];
  /** `Service:sns.amazonaws.com`, `AWS:*` …; empty for a role's own policy. */
  readonly principals: readonly string[];
}

/** What is asked: an action on a resource, with the condition keys that this machine can vouch for. */
export interface Ask {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

/** Condition keys with their value; a key that may have several has a list. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** IAM's `*` and `?` over a text, in linear time for the patterns that occur. */
export const matchesWildcard = (pattern: string, text: string, ignoreCase = false): boolean => {
  if (pattern === '*') return true;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's').test(text);
};

const operators: Readonly<Record<string, (wanted: string, actual: string) => boolean>> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringLike: (wanted, actual) => matchesWildcard(wanted, actual),
  ArnEquals: (wanted, actual) => matchesWildcard(wanted, actual),
  ArnLike: (wanted, actual) => matchesWildcard(wanted, actual),
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
};
const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};
/** Keys whose value this machine knows; a condition on any other key would be guessed, so it stops the start. */
const knownKeys = new Set([
  'aws:securetransport',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:principalarn',
  'kms:viaservice',
  's3:if-none-match',
]);
/** Whether the request names the key at all: `true` where it must not. */
const absence = 'Null';
/** Each of the partition keys that a request names must be like one of those of the policy. */
const leadingKeys = { operator: 'ForAllValues:StringLike', key: 'dynamodb:leadingkeys' };
/** Requests whose partition keys this machine reads; of a query or a scan it would have to guess them. */
const withLeadingKeys = new Set(
  ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`),
);

const texts = (from: JsonObject, key: string): string[] => listAt(from, key).map(String);

const principalsOf = (value: Json | undefined): string[] => {
  if (value === undefined) return [];
  if (!isObject(value)) return [`AWS:${String(value)}`];
  return Object.keys(value).flatMap((kind) => texts(value, kind).map((name) => `${kind}:${name}`));
};

const knownInStatement = new Set('Sid Effect Action NotAction Resource NotResource Condition Principal'.split(' '));

/** Whether a condition is one that this machine can judge, for every action of its statement. */
const checkCondition = (logicalId: string, operator: string, named: string, actions: readonly string[]): void => {
  const key = named.toLowerCase();
  const isOnLeadingKeys = key === leadingKeys.key && [leadingKeys.operator, absence].includes(operator);
  if (!isOnLeadingKeys && (operator === leadingKeys.operator || !knownKeys.has(key))) {
    throw new TemplateError(logicalId, `condition ${operator} on ${named} is not understood on this machine`);
  }
  const unread = actions.find((action) => !withLeadingKeys.has(action));
  if (isOnLeadingKeys && (unread !== undefined || actions.length === 0)) {
    throw new TemplateError(logicalId, `the leading keys of ${unread ?? 'NotAction'} are not read on this machine`);
  }
};

/** Reads a policy document; an operator, condition key or element that is not understood stops the start. */
export const readPolicy = (logicalId: string, document: JsonObject): Statement[] =>
  listAt(document, 'Statement').map((raw) => {
    if (!isObject(raw)) throw new TemplateError(logicalId, 'has a statement that is not an object');
    for (const key of Object.keys(raw)) {
      if (!knownInStatement.has(key)) throw new TemplateError(logicalId, `statement element ${key} is unknown`);
    }
    const effect = textAt(raw, 'Effect');
    if (effect !== 'Allow' && effect !== 'Deny') throw new TemplateError(logicalId, `effect ${effect} is unknown`);
    const conditions = Object.entries(objectAt(raw, 'Condition')).flatMap(([operator, keys]) => {
      const isKnown =
        [absence, leadingKeys.operator].includes(operator) || (negations[operator] ?? operator) in operators;
      if (!isKnown) {
        throw new TemplateError(logicalId, `condition operator ${operator} is not understood on this machine`);
      }
      if (!isObject(keys)) throw new TemplateError(logicalId, `condition ${operator} is not an object`);
      return Object.keys(keys).map((key) => {
        checkCondition(logicalId, operator, key, texts(raw, 'Action'));
        return [operator, key.toLowerCase(), texts(keys, key)] as const;
      });
    });
    return {
      effect,
      actions: texts(raw, 'Action'),
      notActions: texts(raw, 'NotAction'),
      resources: texts(raw, 'Resource'),
      notResources: texts(raw, 'NotResource'),
      conditions,
      principals: principalsOf(raw.Principal),
    };
  });

const conditionHolds = (
  [operator, key, wanted]: readonly [string, string, readonly string[]],
  context: Context,
): boolean => {
  const found = context[key];
  // As in the cloud: true also where the request names no key at all, which is why `Null` stands beside it.
  if (operator === leadingKeys.operator) {
    return [found ?? []].flat().every((actual) => wanted.some((pattern) => matchesWildcard(pattern, actual)));
  }
  const actual = typeof found === 'object' ? found[0] : found;
  if (operator === absence) return wanted.some((value) => (value === 'true') === (actual === undefined));
  const positive = negations[operator];
  if (actual === undefined) return positive !== undefined;
  const compare = operators[positive ?? operator];
  if (compare === undefined) throw new Error(`condition operator ${operator} is not understood`);
  return wanted.some((value) => compare(value, actual)) !== (positive !== undefined);
};

const applies = (statement: Statement, ask: Ask, context: Context): boolean => {
  const names = (patterns: readonly string[]) => patterns.some((pattern) => matchesWildcard(pattern, ask.action, true));
  const covers = (patterns: readonly string[]) => patterns.some((pattern) => matchesWildcard(pattern, ask.resource));
  if (statement.actions.length > 0 ? !names(statement.actions) : names(statement.notActions)) return false;
  if (statement.resources.length > 0 && !covers(statement.resources)) return false;
  if (statement.notResources.length > 0 && covers(statement.notResources)) return false;
  return statement.conditions.every((condition) => conditionHolds(condition, context));
};

/** The answer of IAM: an explicit denial wins, then an allowance, else it is denied. */
export const isAllowed = (statements: readonly Statement[], ask: Ask): boolean => {
  // Nothing here crosses a network, so the loopback counts as the secure transport that policies ask for.
  const context: Record<string, string | readonly string[]> = { 'aws:securetransport': 'true' };
  for (const [key, value] of Object.entries(ask.context ?? {})) context[key.toLowerCase()] = value;
  let allowed = false;
  for (const statement of statements) {
    if (!applies(statement, ask, context)) continue;
    if (statement.effect === 'Deny') return false;
    allowed = true;
  }
  return allowed;
};

/** What the policies of resources deny to everybody; what they allow, the roles of one account allow as well. */
export const denialsOf = (statements: readonly Statement[]): readonly Statement[] =>
  statements.filter(({ effect, principals }) => effect === 'Deny' && principals.includes('AWS:*'));

/** The same for the policy of a resource, asked by a service. */
export const serviceIsAllowed = (statements: readonly Statement[], service: string, ask: Ask): boolean =>
  isAllowed(
    statements.filter(({ effect, principals }) =>
      principals.some(
        (principal) =>
          principal === `Service:${service}` ||
          principal === 'Service:*' ||
          (effect === 'Deny' && principal === 'AWS:*'),
      ),
    ),
    ask,
  );
