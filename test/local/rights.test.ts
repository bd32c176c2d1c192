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
    const own = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['canary/canary', 'other#*'] } };
    const named = { Null: { 'dynamodb:LeadingKeys': 'false' } };
    const asked = (context: Context | undefined, Condition: JsonObject = { ...own, ...named }) =>
      isAllowed(read(allow('dynamodb:PutItem', 't', { Condition })), {
        action: 'dynamodb:PutItem',
        resource: 't',
        ...(context === undefined ? {} : { context }),
      });

    it.each<[string, readonly string[], boolean]>([
      ['one of the keys', ['canary/canary'], true],
      ['another key', ['nursery/box'], false],
      ['a key that only begins like one', ['canary/canary2'], false],
      ['a pattern, which is no pattern in a key', ['canary/*'], false],
      ['a key like a pattern', ['other#1'], true],
      ['a key that only holds what a pattern says', ['another#1'], false],
      ['both keys', ['canary/canary', 'other#2'], true],
      ['a good key beside a bad one', ['canary/canary', 'nursery/box'], false],
      ['a key that could not be read', [''], false],
      ['no key at all', [], false],
    ])('%s', (_what, keys, allowed) => {
      expect(asked({ 'dynamodb:LeadingKeys': keys })).toBe(allowed);
    });

    it('a request without that key is let in by the operator alone, as in the cloud, and not beside Null', () => {
      expect([asked(undefined, own), asked({ 'dynamodb:LeadingKeys': [] }, own)]).toEqual([true, true]);
      expect(asked(undefined)).toBe(false);
    });

    const on = (Condition: JsonObject) => allow('dynamodb:PutItem', 't', { Condition });
    it.each<[string, JsonObject]>([
      ['a query, whose keys are not read', allow('dynamodb:Query', 't', { Condition: own })],
      ['whether a query has keys', allow('dynamodb:Query', 't', { Condition: named })],
      ['every action', allow('dynamodb:*', 't', { Condition: own })],
      ['a good action beside a batch', allow(['dynamodb:PutItem', 'dynamodb:BatchWriteItem'], 't', { Condition: own })],
      ['all actions but some', { Effect: 'Allow', NotAction: 'dynamodb:Scan', Resource: 't', Condition: own }],
      ['the same operator on another key', on({ 'ForAllValues:StringLike': { 'aws:SourceArn': 'x' } })],
      ['another operator on this key', on({ StringEquals: { 'dynamodb:LeadingKeys': 'x' } })],
      ['all but some keys', on({ 'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': 'x' } })],
      ['ForAnyValue, which asks for less', on({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'x' } })],
      ['attributes', on({ 'ForAllValues:StringLike': { 'dynamodb:Attributes': 'x' } })],
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
