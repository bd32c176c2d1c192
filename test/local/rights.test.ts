import { describe, expect, it } from 'vitest';
import { type Context, isAllowed, matchesWildcard, readPolicy, serviceIsAllowed } from '../../infra/local/rights.ts';
import type { JsonObject } from '../../infra/local/template.ts';

const read = (...Statement: JsonObject[]) => readPolicy('Role', { Statement });
const allow = (Action: string | string[], Resource: string | string[], more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: string, Resource: string): JsonObject => ({ Effect: 'Deny', Action, Resource });

describe('the evaluator of role policies', () => {
  it.each<[string, JsonObject[], string, string, boolean]>([
    ['nothing said', [], 'a:Get', 'r', false],
    ['the very action and resource', [allow('a:Get', 'r')], 'a:Get', 'r', true],
    ['another action', [allow('a:Get', 'r')], 'a:Put', 'r', false],
    ['another resource', [allow('a:Get', 'r')], 'a:Get', 'r2', false],
    ['an action in other letters', [allow('A:gEt', 'r')], 'a:Get', 'r', true],
    ['a resource in other letters', [allow('a:Get', 'R')], 'a:Get', 'r', false],
    ['a star in the action', [allow('a:Get*', 'r')], 'a:GetItem', 'r', true],
    ['a star for all', [allow('*', '*')], 'a:GetItem', 'r', true],
    ['a question mark', [allow('a:Get', 'r?')], 'a:Get', 'r1', true],
    ['a question mark with nothing in its place', [allow('a:Get', 'r?')], 'a:Get', 'r', false],
    ['a dot, which is only a dot', [allow('a:Get', 'r.s')], 'a:Get', 'rxs', false],
    ['a star over slashes', [allow('a:Get', 'r/*')], 'a:Get', 'r/a/b', true],
    ['a table, asked for its index', [allow('a:Get', 't')], 'a:Get', 't/index/i', false],
    ['lists', [allow(['a:Put', 'a:Get'], ['q', 'r'])], 'a:Get', 'r', true],
    ['a denial after an allowance', [allow('a:*', '*'), deny('a:Get', 'r')], 'a:Get', 'r', false],
    ['a denial before an allowance', [deny('a:Get', 'r'), allow('a:*', '*')], 'a:Get', 'r', false],
    ['a denial of something else', [allow('a:*', '*'), deny('a:Get', 'q')], 'a:Get', 'r', true],
    ['everything but an action', [{ Effect: 'Allow', NotAction: 'a:Delete', Resource: '*' }], 'a:Get', 'r', true],
    ['everything but this action', [{ Effect: 'Allow', NotAction: 'a:Get', Resource: '*' }], 'a:Get', 'r', false],
    ['everything but this resource', [{ Effect: 'Allow', Action: '*', NotResource: 'r' }], 'a:Get', 'r', false],
    [
      'secure transport',
      [allow('a:Get', 'r', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
      'a:Get',
      'r',
      true,
    ],
    [
      'only insecure transport',
      [allow('a:Get', 'r', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      'a:Get',
      'r',
      false,
    ],
    [
      'a key that the request does not have',
      [allow('a:Get', 'r', { Condition: { ArnLike: { 'aws:SourceArn': '*' } } })],
      'a:Get',
      'r',
      false,
    ],
    [
      'a denied key that the request does not have',
      [allow('a:Get', 'r', { Condition: { ArnNotLike: { 'aws:SourceArn': 'x' } } })],
      'a:Get',
      'r',
      true,
    ],
  ])('with %s', (_what, statements, action, resource, allowed) => {
    expect(isAllowed(read(...statements), { action, resource })).toBe(allowed);
  });

  it.each(['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'])(
    '%s holds for its value and not for another',
    (operator) => {
      const statements = read(allow('a:Get', 'r', { Condition: { [operator]: { 'aws:SourceArn': ['y', 'x'] } } }));
      const asked = (from: string) =>
        isAllowed(statements, { action: 'a:Get', resource: 'r', context: { 'aws:SourceArn': from } });
      expect([asked('x'), asked('z')]).toEqual([true, false]);
    },
  );

  it('needs every condition of a statement', () => {
    const statements = read(
      allow('a:Get', 'r', { Condition: { StringEquals: { 'aws:SourceArn': 'x', 'aws:SourceAccount': '1' } } }),
    );
    const asked = (account: string) =>
      isAllowed(statements, {
        action: 'a:Get',
        resource: 'r',
        context: { 'aws:SourceArn': 'x', 'aws:SourceAccount': account },
      });
    expect([asked('1'), asked('2')]).toEqual([true, false]);
  });

  it.each<[string, JsonObject]>([
    ['operator DateLessThan', { Condition: { DateLessThan: { 'aws:SourceArn': 'x' } } }],
    ['key aws:SourceIp', { Condition: { StringEquals: { 'aws:SourceIp': 'x' } } }],
    ['element NotPrincipal', { NotPrincipal: '*' }],
  ])('refuses to guess: %s', (named, more) => {
    expect(() => read(allow('a:Get', 'r', more))).toThrow(named.split(' ')[1]);
  });

  describe('with a condition on the leading keys', () => {
    const own = { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['canary/canary', 'other'] } } };
    const asked = (context: Context | undefined) =>
      isAllowed(read(allow('dynamodb:PutItem', 't', own)), {
        action: 'dynamodb:PutItem',
        resource: 't',
        ...(context === undefined ? {} : { context }),
      });

    it.each<[string, readonly string[], boolean]>([
      ['one of the keys', ['canary/canary'], true],
      ['another key', ['nursery/box'], false],
      ['a key that only begins like one', ['canary/canary2'], false],
      ['a pattern, which is no pattern here', ['canary/*'], false],
      ['both keys', ['canary/canary', 'other'], true],
      ['a good key beside a bad one', ['canary/canary', 'nursery/box'], false],
      ['a key that could not be read', [''], false],
      ['no key at all, as in the cloud', [], true],
    ])('%s', (_what, keys, allowed) => {
      expect(asked({ 'dynamodb:LeadingKeys': keys })).toBe(allowed);
    });

    it('holds, as in the cloud, for a request without that key', () => {
      expect(asked(undefined)).toBe(true);
    });

    it.each<[string, JsonObject]>([
      ['a query, whose keys are not read', allow('dynamodb:Query', 't', own)],
      ['every action', allow('dynamodb:*', 't', own)],
      ['all actions but some', { Effect: 'Allow', NotAction: 'dynamodb:Scan', Resource: 't', ...own }],
      [
        'the same operator on another key',
        allow('dynamodb:PutItem', 't', { Condition: { 'ForAllValues:StringEquals': { 'aws:SourceArn': 'x' } } }),
      ],
      [
        'another operator on this key',
        allow('dynamodb:PutItem', 't', { Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'x' } } }),
      ],
      [
        'ForAnyValue, which asks for less',
        allow('dynamodb:PutItem', 't', { Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': 'x' } } }),
      ],
    ])('refuses to guess for %s', (_what, statement) => {
      expect(() => read(statement)).toThrow(/not (understood|read) on this machine/);
    });
  });

  it('lets a service through only by a statement for it', () => {
    const statements = read(allow('q:Send', 'r', { Principal: { Service: 'sns.example' } }));
    const asked = (service: string) => serviceIsAllowed(statements, service, { action: 'q:Send', resource: 'r' });
    expect([asked('sns.example'), asked('events.example')]).toEqual([true, false]);
  });

  it('keeps special characters of patterns literal', () => {
    expect(matchesWildcard('a(b)|c+', 'a(b)|c+')).toBe(true);
    expect(matchesWildcard('a|b', 'a')).toBe(false);
  });
});
