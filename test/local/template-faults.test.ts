import { afterEach, describe, expect, it } from 'vitest';
import {
  byListedIn,
  type Resources,
  type SmallTemplate,
  startSmallStack,
  stopSmallStacks,
  table,
} from './small-stack.ts';

afterEach(stopSmallStacks);

const answers = { code: 'exports.handler = async () => ({ statusCode: 204 });' };
const refusal = (template: SmallTemplate): Promise<string> =>
  startSmallStack(template).then(
    () => 'started',
    (error: unknown) => String(error),
  );

const topic: Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } };
const queue: Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } };
const subscription: Resources = {
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: { Protocol: 'sqs', TopicArn: { Ref: 'Topic' }, Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
  },
};
const every = (target: string): Resources => ({
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Id: 'it', Arn: { 'Fn::GetAtt': [target, 'Arn'] } }],
    },
  },
});

describe('a template with a planted fault', () => {
  it('does not start with a resource type that this machine does not know', async () => {
    const said = await refusal({ resources: { Pool: { Type: 'AWS::Cognito::UserPool' } } });
    expect(said).toContain('Pool: resource type AWS::Cognito::UserPool is unknown');
  });

  it('does not start with an unknown property, at the top or inside', async () => {
    expect(await refusal({ functions: { echo: { ...answers, properties: { VpcConfig: {} } } } })).toContain(
      'echo: property VpcConfig of AWS::Lambda::Function is unknown',
    );
    const indexWithExtra = table('t', [{ ...byListedIn, ContributorInsights: true }]);
    expect(await refusal({ resources: { T: { Type: 'AWS::DynamoDB::Table', Properties: indexWithExtra } } })).toContain(
      'T: property GlobalSecondaryIndexes.0.ContributorInsights is unknown',
    );
  });

  it('names every faulty resource at once', async () => {
    const said = await refusal({ resources: { A: { Type: 'AWS::X::A' }, B: { Type: 'AWS::X::B' } } });
    expect(said).toMatch(/AWS::X::A.*AWS::X::B/);
  });

  it.each([
    [
      'an intrinsic function',
      { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Cidr': [] } } } },
      'Fn::Cidr',
    ],
    [
      'a reference to nothing',
      { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Nobody' } } } },
      'refers to Nobody',
    ],
    ['a resource attribute', { Bucket: { Type: 'AWS::S3::Bucket', CreationPolicy: {} } }, 'CreationPolicy'],
  ])('does not start with %s that it does not know', async (_what, resources: Resources, named) => {
    expect(await refusal({ resources })).toContain(named);
  });

  it('does not start when a subscribed queue has no policy for its topic', async () => {
    expect(await refusal({ resources: { ...topic, ...queue, ...subscription } })).toContain('no queue policy lets');
  });

  it('does not start when a rule may not invoke its function', async () => {
    expect(await refusal({ functions: { echo: answers }, resources: every('echo') })).toContain(
      'Rule: has no permission to invoke echo',
    );
  });

  it('does not start when the API may not invoke the function of a route', async () => {
    const resources: Resources = { echoPermission: { Type: 'AWS::CDK::Metadata' } };
    expect(await refusal({ functions: { echo: answers }, resources })).toContain(
      'no permission to invoke echo for POST /v1/echo',
    );
  });

  it('does not start with a role that Lambda cannot assume', async () => {
    const resources: Resources = { echoRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } };
    expect(await refusal({ functions: { echo: answers }, resources })).toContain('cannot be assumed by Lambda');
  });

  it('does not start when a function may not send to its own dead-letter queue', async () => {
    const properties = { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } };
    expect(await refusal({ functions: { echo: { ...answers, properties } }, resources: queue })).toContain(
      'dead-letter queue',
    );
  });

  it('does not start with a condition that the evaluator does not know', async () => {
    const statement = {
      Effect: 'Allow',
      Action: 's3:*',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    };
    expect(await refusal({ functions: { echo: { ...answers, statements: [statement] } } })).toContain('IpAddress');
  });

  it('does not start with a throttle for a route that is none', async () => {
    expect(await refusal({ functions: { echo: answers }, routeSettings: { 'POST /v1/other': {} } })).toContain(
      'which is no route',
    );
  });

  it('does not start with a value for a parameter that the template does not have', async () => {
    await expect(startSmallStack({}, { parameters: { Colour: 'red' } })).rejects.toThrow('Colour: is not a parameter');
  });
});
