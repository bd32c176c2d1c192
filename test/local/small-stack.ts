import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FeedEvent } from '../../infra/local/feed.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../infra/local/stack.ts';

type Properties = Record<string, unknown>;
export type Resources = Record<string, { Type: string; Properties?: Properties; [other: string]: unknown }>;

export interface SmallFunction {
  /** The text of `index.js`; it sets `exports.handler`. */
  readonly code: string;
  readonly statements?: readonly object[];
  readonly environment?: Record<string, unknown>;
  readonly properties?: Properties;
}

const temporary: string[] = [];
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'local-stack-'));
  temporary.push(folder);
  return folder;
};
export const removeTemporaryFolders = (): void => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** An SDK that small handlers can use: the repository's own, found from wherever the asset lies. */
export const sdk = (name: string): string => JSON.stringify(path.resolve('node_modules/@aws-sdk', name));

export const table = (name: string, indexes: readonly object[] = []): Properties => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk', ...(indexes.length > 0 ? ['listedIn'] : [])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
});

export const byListedIn = {
  IndexName: 'by-listed-in',
  KeySchema: [{ AttributeName: 'listedIn', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
};

const trust = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

/** A function with its role and a POST route of its own: `/v1/<name>`. */
const functionResources = (
  name: string,
  { statements = [], environment = {}, properties = {} }: SmallFunction,
): Resources => ({
  [`${name}Role`]: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust,
      Policies: statements.length === 0 ? [] : [{ PolicyName: 'rights', PolicyDocument: { Statement: statements } }],
    },
  },
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      MemorySize: 256,
      Timeout: 10,
      Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
      Environment: { Variables: environment },
      ...properties,
    },
  },
  [`${name}Permission`]: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [name, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/*/v1/${name}*`,
      },
    },
  },
  [`${name}Integration`]: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': [name, 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  ...Object.fromEntries(
    [`POST /v1/${name}`, `GET /v1/${name}/{first}/things/{second}`].map((RouteKey, index) => [
      `${name}Route${index}`,
      {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey,
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${name}Integration` }]] },
        },
      },
    ]),
  ),
});

export interface SmallTemplate {
  readonly functions?: Record<string, SmallFunction>;
  readonly resources?: Resources;
  readonly routeSettings?: Record<string, object>;
  readonly parameters?: Record<string, object>;
}

/** Writes an assembly as the CDK lays it out. */
export const writeAssembly = ({ functions = {}, resources = {}, routeSettings, parameters }: SmallTemplate) => {
  const assemblyDir = temporaryFolder();
  const files: Record<string, object> = {};
  let all: Resources = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'small', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: { Ref: 'Api' },
        StageName: '$default',
        AutoDeploy: true,
        ...(routeSettings === undefined ? {} : { RouteSettings: routeSettings }),
      },
    },
  };
  for (const [name, spec] of Object.entries(functions)) {
    mkdirSync(path.join(assemblyDir, `asset.${name}`));
    writeFileSync(path.join(assemblyDir, `asset.${name}`, 'index.js'), spec.code);
    files[name] = { source: { path: `asset.${name}` }, destinations: { here: { objectKey: `${name}.zip` } } };
    all = { ...all, ...functionResources(name, spec) };
  }
  const templatePath = path.join(assemblyDir, 'small.template.json');
  writeFileSync(
    templatePath,
    JSON.stringify({ ...(parameters ? { Parameters: parameters } : {}), Resources: { ...all, ...resources } }),
  );
  writeFileSync(path.join(assemblyDir, 'small.assets.json'), JSON.stringify({ files }));
  return { assemblyDir, templatePath };
};

export interface SmallStack extends LocalStack {
  readonly seen: FeedEvent[];
}

const running = new Set<LocalStack>();

export const startSmallStack = async (
  template: SmallTemplate,
  options: Partial<LocalStackOptions> = {},
): Promise<SmallStack> => {
  const seen: FeedEvent[] = [];
  const stack = await startLocalStack({
    ...writeAssembly(template),
    schedules: 'by-hand',
    onFeed: (event) => seen.push(event),
    ...options,
  });
  running.add(stack);
  return { ...stack, seen };
};

export const stopSmallStacks = async (): Promise<void> => {
  const stacks = [...running];
  running.clear();
  await Promise.all(stacks.map((stack) => stack.stop()));
  removeTemporaryFolders();
};
