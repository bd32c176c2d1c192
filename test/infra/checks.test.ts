import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { addCountAlarm } from '../../infra/constructs/count-alarm.ts';
import { parseSettings, partitions, readSettings } from '../../infra/settings.ts';
import { addStack, newApp, synthesize } from '../../infra/synthesize.ts';
import { temporaryFolder, writeFixtureFunctions } from './support/fixture-functions.ts';
import { at, type Json, Template } from './support/template.ts';

const folder = temporaryFolder();
const bundles = bundleFunctions({
  functionsDir: writeFixtureFunctions(join(folder, 'functions')),
  bundlesDir: join(folder, 'bundles'),
});
const settings = readSettings();

describe('the checks', () => {
  test.each(partitions)('find nothing in the stack for %s', async (partition) => {
    const synthesis = synthesize({ partition, settings, bundles, outdir: join(folder, partition), checks: true });
    await expect(synthesis).resolves.toMatchObject({ stackName: 'cradlewatch-demo-dev' });
  });

  const plants: [string, (stack: Stack) => void, RegExp][] = [
    [
      'a role that may do anything to a table',
      (stack) =>
        new Role(stack, 'Planted', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).addToPolicy(
          new PolicyStatement({ actions: ['dynamodb:*'], resources: ['*'] }),
        ),
      /IAM5\[Resource::\*\]/,
    ],
    ['a queue without TLS', (stack) => new CfnQueue(stack, 'Planted', { sqsManagedSseEnabled: true }), /SQS4/],
    [
      'a property that the resource does not have',
      (stack) => new CfnQueue(stack, 'Planted').addPropertyOverride('Retention', 5),
      /Retention/,
    ],
  ];
  test.each(plants)('stop a synth with %s', (_, plant, finding) => {
    const app = newApp(temporaryFolder(), true);
    plant(addStack(app, parseSettings(settings), bundles));
    expect(() => app.synth()).toThrow(finding);
  });
});

describe('an alarm on what a function counts', () => {
  const alarmFor = (minutes: number): Json => {
    const app = newApp(temporaryFolder(), false);
    const stack = new Stack(app, 'Small');
    const place = { namespace: 'here', service: 'watch', operations: new Topic(stack, 'Planted') };
    addCountAlarm(stack, place, { metric: 'planted', description: 'x', when: 'missing', minutes });
    const template = new Template(JSON.stringify(app.synth().getStackByName(stack.stackName).template));
    return template.alarm('planted').Properties;
  };

  test.each([
    [3, 60, 3],
    [60, 60, 60],
    [26 * 60, 3600, 26],
  ])('that looks back %i minutes has periods that CloudWatch takes', (minutes, Period, EvaluationPeriods) => {
    expect(alarmFor(minutes)).toMatchObject({ Period, EvaluationPeriods, TreatMissingData: 'breaching' });
  });

  test.each([61, 90, 8 * 24 * 60])('does not look back %i minutes', (minutes) => {
    expect(() => alarmFor(minutes)).toThrow(`planted: no alarm can look back ${minutes} minutes`);
  });
});

describe('settings reach the template', () => {
  const templateFor = async (change: Record<string, unknown>): Promise<Template> => {
    const { templatePath } = await synthesize({
      settings: { ...settings, ...change },
      bundles,
      outdir: temporaryFolder(),
    });
    return new Template(readFileSync(templatePath, 'utf8'));
  };

  test('ingress decides for all routes at once', async () => {
    const authorizers = async (ingress: string): Promise<unknown[]> => {
      const routes = (await templateFor({ ingress })).ofType('AWS::ApiGatewayV2::Route');
      return [...new Set(routes.map(({ Properties }) => at(Properties, 'AuthorizationType')))];
    };
    expect(await authorizers('open')).toEqual(['NONE']);
    expect(await authorizers('iam')).toEqual(['AWS_IAM']);
  });

  test('behind SigV4 the canary rings at the API itself: the public address is that of a proxy which signs for phones', async () => {
    const publicUrl = 'https://watch.example.org';
    const rungAt = async (ingress: string): Promise<Json | undefined> =>
      (await templateFor({ ingress, publicUrl })).environmentOf('ring-canary').REPORTS_URL;
    expect(await rungAt('iam')).toHaveProperty('Fn::GetAtt', [expect.anything(), 'ApiEndpoint']);
    expect(await rungAt('open')).toHaveProperty('Fn::If', expect.arrayContaining([{ Ref: 'PublicUrl' }]));
  });

  test('reserved concurrency is what the settings say, and may be none at all', async () => {
    const template = await templateFor({ reservedConcurrency: { 'receive-alarms': 20 } });
    const reserved = (name: 'watch' | 'receive-alarms') =>
      at(template.functionNamed(name).Properties, 'ReservedConcurrentExecutions');
    expect(reserved('receive-alarms')).toBe(20);
    expect(reserved('watch')).toBeUndefined();
  });

  test('who may call is a parameter whose default is the checked setting', async () => {
    const issuer = { issuer: 'https://login.example.org', audience: 'cradlewatch', algorithms: ['ES256'] };
    const template = await templateFor({
      authorities: ['api.example.org', 'api2.example.org:8443'],
      oidcIssuers: [issuer],
      administrators: ['https://login.example.org|registrar'],
    });
    const parameter = (id: string) => at(template.json, `Parameters.${id}`);
    expect(parameter('Authorities')).toMatchObject({
      Type: 'String',
      Default: 'api.example.org,api2.example.org:8443',
    });
    expect(JSON.parse(String(at(parameter('OidcIssuers'), 'Default')))).toEqual([issuer]);
    expect(parameter('Administrators')).toMatchObject({ Default: 'https://login.example.org|registrar' });
  });

  test.each([true, false])('with keepData %s the stack is protected from deletion accordingly', async (keepData) => {
    const outdir = temporaryFolder();
    await synthesize({ settings: { ...settings, keepData }, bundles, outdir });
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as Json;
    expect(at(manifest, 'artifacts.cradlewatch.properties.terminationProtection') ?? false).toBe(keepData);
  });

  test('compliance is said explicitly, and then no deletion of the stack tries to empty what is locked', async () => {
    const locked = async (change: Record<string, unknown>) => {
      const template = await templateFor({ keepData: false, ...change });
      const bucket = template.byId(at(template.json, 'Outputs.SealedBucket.Value.Ref'));
      return [at(bucket.Properties, 'ObjectLockConfiguration.Rule.DefaultRetention'), bucket.DeletionPolicy];
    };
    expect(await locked({ objectLock: undefined })).toEqual([{ Mode: 'GOVERNANCE', Days: 1 }, 'Delete']);
    expect(await locked({ objectLock: { mode: 'compliance', days: 1100 } })).toEqual([
      { Mode: 'COMPLIANCE', Days: 1100 },
      'Retain',
    ]);
  });

  test('the logs are named after the stack, or by their own name, which outlives a renamed city', async () => {
    const named = async (change: Record<string, unknown>) => {
      const { LOG_NAME, LOG_REGION, RETIRED_LOG_KEYS } = (await templateFor(change)).environmentOf('verify-evidence');
      return [LOG_NAME, LOG_REGION, RETIRED_LOG_KEYS];
    };
    expect(await named({})).toEqual(['cradlewatch-demo-dev', 'demo', 'none']);
    const key = 'old.example+00c0ffee+AgAA';
    expect(await named({ city: 'taizhou', logName: 'watch.example.org', retiredLogKeys: [key, key] })).toEqual([
      'watch.example.org',
      'taizhou',
      `${key},${key}`,
    ]);
  });

  test('a stage that keeps no data can be deleted whole', async () => {
    const template = await templateFor({ keepData: false });
    for (const table of template.ofType('AWS::DynamoDB::Table')) {
      expect(at(table.Properties, 'DeletionProtectionEnabled')).toBe(false);
      expect(table.DeletionPolicy).toBe('Delete');
    }
    expect(template.resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
  });
});
