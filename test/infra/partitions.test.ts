import { describe, expect, test } from 'vitest';
import { isAllowed, readPolicy } from '../../infra/local/rights.ts';
import type { JsonObject } from '../../infra/local/template.ts';
import { functionNames } from '../../shared/contracts/routes.ts';
import { withPlanted } from './support/planted.ts';
import { at, type Json, list, synthesizedTemplates, type Template } from './support/template.ts';
import { allows, flat, roleStatements } from './support/who-may.ts';

const templates = await synthesizedTemplates();
const writes = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
];
const arnOf = (template: Template, table: string): string => `<${template.table(table).id}.Arn>`;

/** The partitions of a statement; `anything` if it does not say so in the only way that holds. */
const partitionsOf = (raw: Json): readonly string[] => {
  const keys = list(at(raw, 'Condition.ForAllValues:StringLike.dynamodb:LeadingKeys')).map(String);
  const isHeld = JSON.stringify(at(raw, 'Condition.Null')) === '{"dynamodb:LeadingKeys":"false"}';
  return isHeld && keys.length > 0 ? keys : ['anything'];
};

/** Who may write what to a table: `seal PutItem facility#*`. */
const writersOf = (template: Template, table: string): readonly string[] => {
  const found = roleStatements(template).flatMap((statement) =>
    writes
      .filter((action) => allows(statement, `dynamodb:${action}`, [arnOf(template, table)]))
      .flatMap((action) =>
        partitionsOf(statement.raw).map((partition) => `${statement.functions[0] ?? 'nobody'} ${action} ${partition}`),
      ),
  );
  return found.toSorted();
};

const receivers = ['alarms', 'challenges', 'checks', 'digests', 'logs', 'recordings'].map((word) => `receive-${word}`);

describe.each(Object.entries(templates))('who writes which items, in %s', (_partition, template) => {
  test("evidence: receivers add to facilities; the salt of people, and the lists of who looked, are others'", () => {
    expect(writersOf(template, 'evidence')).toEqual(
      [
        ...['draw-challenges', 'registry', ...receivers].map((name) => `${name} PutItem facility#*`),
        'audit PutItem PEOPLE',
        'audit PutItem access~*',
        'audit PutItem division~*',
        'audit PutItem facility#*',
        'audit PutItem objection~*',
        'audit-files PutItem PEOPLE',
        'audit-files PutItem access~*',
        'audit-files PutItem division~*',
        'audit-files PutItem facility#*',
        'erase-records UpdateItem facility#*',
        'purge DeleteItem access~*',
        'purge DeleteItem division~*',
        'purge DeleteItem facility#*',
        'purge DeleteItem objection~*',
        'watch PutItem PEOPLE',
        'watch PutItem facility#*',
      ].toSorted(),
    );
  });

  test('logs: heads are put by who seals, and what was verified by who verifies', () => {
    expect(writersOf(template, 'logs')).toEqual(
      [
        'audit PutItem exports#jobs',
        'make-exports PutItem exports#jobs',
        'verify-evidence PutItem verified#logs',
        'close-day PutItem not-shown#*',
        'close-day PutItem run#days',
        'registry PutItem not-shown#*',
        'seal PutItem */f/*',
        'seal PutItem */region/*',
        'seal PutItem facility#*',
        'seal PutItem not-shown#*',
        'seal PutItem region/*',
      ].toSorted(),
    );
  });

  test('challenges: the keys to which boxes seal are published by who draws', () => {
    expect(writersOf(template, 'challenges')).toEqual([
      'draw-challenges PutItem facility#*',
      'draw-challenges PutItem keys#',
      'receive-challenges PutItem facility#*',
      'receive-recordings PutItem facility#*',
    ]);
  });

  test('registry: who erases notes erasures, and puts no grant, facility, box or key', () => {
    expect(writersOf(template, 'registry')).toEqual(
      [
        'erase-records PutItem erasures#*',
        ...['facility#*', 'grant#*', 'rosters#*'].flatMap((one) => [
          `registry PutItem ${one}`,
          `registry DeleteItem ${one}`,
        ]),
        ...['county', 'grants', 'post#*'].map((one) => `registry PutItem ${one}`),
      ].toSorted(),
    );
  });

  test('alarms: the canary enrols its own key and no other', () => {
    expect(writersOf(template, 'alarms')).toEqual([
      'receive-alarms PutItem anything',
      'registry DeleteItem anything',
      'registry PutItem anything',
      'ring-canary PutItem canary/canary',
    ]);
  });

  test('signs of life are shown by whose they are: a ledger, an answer or a desk cannot feign that somebody verified', () => {
    const writers = writersOf(template, 'deliveries');
    const alive = ['deliver-notices', 'ring-canary', 'verify-evidence', 'watch'];
    expect(writers.filter((one) => /system|anything/.test(one))).toEqual(
      alive.map((one) => `${one} UpdateItem system`),
    );
  });

  test('who audits writes to no other table, and to no bucket but that of the exports', () => {
    for (const name of ['audit', 'audit-files'] as const) {
      const ofRole = roleStatements(template).filter(({ functions }) => functions.includes(name));
      const tables = [...new Set(ofRole.flatMap(({ raw }) => list(at(raw, 'Resource')).map(flat)))].filter((arn) =>
        ofRole.some((one) => writes.some((action) => allows(one, `dynamodb:${action}`, [arn]) && /tables/.test(arn))),
      );
      const expected = name === 'audit' ? ['evidence', 'logs'] : ['evidence'];
      expect(tables.toSorted()).toEqual(expected.map((table) => arnOf(template, table)).toSorted());
      const others = ofRole.flatMap(({ raw }) => list(at(raw, 'Action')).map(String)).filter(isWrite);
      expect(others).toEqual(name === 'audit' ? ['s3:PutObject', 'sqs:SendMessage'] : []);
    }
  });

  test('a role fits into what IAM takes inline, once its names are known', () => {
    const sizes = functionNames.map((name) => {
      const policies = list(at(template.roleOf(name).Properties, 'Policies')).map((one) => at(one, 'PolicyDocument'));
      // An ARN with an account, a region and a name that CloudFormation made is shorter than 160 characters.
      return JSON.stringify(policies).replace(/\{"(Fn::GetAtt|Ref)":("[^"]*"|\[[^\]]*\])\}/g, 'x'.repeat(160)).length;
    });
    expect(Math.max(...sizes)).toBeLessThan(10_240);
  });
});

/** What reads nothing, and is neither of a table nor the log and trace that every function writes. */
const isWrite = (action: string): boolean =>
  !/^(dynamodb|logs|xray):/.test(action) && !/:(Get|List|Describe)/.test(action);

describe('the evaluator of the local run', () => {
  const template = templates.aws;
  const statementsOf = (name: string) =>
    readPolicy('Role', {
      Statement: template.statementsOf(name).map(({ raw }) => ({
        ...(raw as JsonObject),
        Resource: list(at(raw, 'Resource')).map(flat),
      })),
    });
  const may = (name: string, action: string, table: string, key?: string): boolean =>
    isAllowed(statementsOf(name), {
      action: `dynamodb:${action}`,
      resource: arnOf(template, table),
      ...(key !== undefined && { context: { 'dynamodb:LeadingKeys': [key] } }),
    });

  test.each([
    [
      'erase-records',
      'PutItem',
      'registry',
      'erasures#sun',
      ['facility#sun', 'grant#i|s', 'grants', 'county', 'post#a'],
    ],
    ['erase-records', 'UpdateItem', 'evidence', 'facility#sun', ['PEOPLE', 'access~sun', 'sun']],
    ['close-day', 'PutItem', 'logs', 'run#days', ['demo/f/sun', 'facility#sun', 'verified#logs', 'exports#jobs']],
    ['seal', 'PutItem', 'logs', 'demo/f/sun', ['verified#logs', 'run#days', 'exports#jobs', 'sun']],
    ['verify-evidence', 'PutItem', 'logs', 'verified#logs', ['demo/f/sun', 'region/taizhou#leaves', 'facility#sun']],
    ['verify-evidence', 'UpdateItem', 'deliveries', 'system', ['incident', 'link#1', 'post#police~32']],
    ['make-exports', 'PutItem', 'logs', 'exports#jobs', ['demo/f/sun', 'verified#logs']],
    ['receive-recordings', 'PutItem', 'challenges', 'facility#sun', ['keys#']],
    ['receive-alarms', 'PutItem', 'evidence', 'facility#sun', ['PEOPLE', 'access~sun', 'division~32']],
    ['audit-files', 'PutItem', 'evidence', 'access~sun', ['objection~sun']],
    ['purge', 'DeleteItem', 'evidence', 'facility#sun', ['PEOPLE']],
    ['registry', 'DeleteItem', 'registry', 'facility#sun', ['erasures#sun', 'county', 'grants', 'post#police~32']],
  ])('%s may %s of %s only where it must', (name, action, table, own, others) => {
    expect(may(name, action, table, own)).toBe(true);
    for (const other of others) expect(may(name, action, table, other), other).toBe(false);
    expect(may(name, action, table)).toBe(false);
  });
});

describe('a planted right is found', () => {
  const template = templates.aws;
  const Resource = { 'Fn::GetAtt': [template.table('logs').id, 'Arn'] };
  const leadingKeys = { 'dynamodb:LeadingKeys': ['run#days'] };
  const isNamed = { Null: { 'dynamodb:LeadingKeys': 'false' } };

  test.each<[string, Json, string]>([
    ['on the table', { Action: 'dynamodb:PutItem', Resource }, 'PutItem anything'],
    ['on every table', { Action: 'dynamodb:*', Resource: '*' }, 'BatchWriteItem anything'],
    [
      'without Null',
      { Action: 'dynamodb:PutItem', Resource, Condition: { 'ForAllValues:StringLike': leadingKeys } },
      'PutItem anything',
    ],
    [
      'on any key',
      { Action: 'dynamodb:PutItem', Resource, Condition: { 'ForAnyValue:StringLike': leadingKeys, ...isNamed } },
      'PutItem anything',
    ],
    [
      'elsewhere',
      { Action: 'dynamodb:PutItem', Resource, Condition: { 'ForAllValues:StringLike': leadingKeys, ...isNamed } },
      'PutItem run#days',
    ],
  ])('%s', (_, statement, fault) => {
    const planted = writersOf(withPlanted(template, { Effect: 'Allow', ...(statement as object) }), 'logs');
    expect(planted).toContain(`nobody ${fault}`);
  });
});
