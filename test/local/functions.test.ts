import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { type SmallStack, sdk, startSmallStack, stopSmallStacks, table } from './small-stack.ts';

afterAll(stopSmallStacks);

const post = (stack: SmallStack, route: string, body = '{}', headers: Record<string, string> = {}) =>
  fetch(`${stack.url}/v1/${route}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
const failures = (stack: SmallStack) => stack.seen.flatMap((it) => (it.kind === 'function-failed' ? [it.error] : []));

describe('a function of the template', () => {
  it('has exactly the environment that the template gives it, and what Lambda adds', async () => {
    const code = 'exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });';
    const stack = await startSmallStack({
      functions: { show: { code, environment: { TABLE: { Ref: 'T' }, PLACE: { 'Fn::Sub': `\${Place}!` } } } },
      resources: { T: { Type: 'AWS::DynamoDB::Table', Properties: table('things') } },
      parameters: { Place: { Type: 'String', Default: 'here' } },
    });
    const seen = (await (await post(stack, 'show')).json()) as Record<string, string>;
    const ofLambda = Object.keys(seen).filter((name) => /^(AWS_|LAMBDA_|_HANDLER)/.test(name));
    expect(
      Object.keys(seen)
        .filter((name) => !ofLambda.includes(name))
        .sort(),
    ).toEqual(['PLACE', 'TABLE']);
    expect(seen).toMatchObject({ TABLE: 'things', PLACE: 'here!', AWS_ACCESS_KEY_ID: 'show', AWS_REGION: 'us-east-1' });
  });

  it('that misses a variable says so when it is loaded, and its route answers 500', async () => {
    const code = "if (!process.env.TABLE) throw new Error('TABLE is not set'); exports.handler = async () => ({});";
    const stack = await startSmallStack({ functions: { strict: { code } } });
    expect((await stack.loaded()).get('strict')).toContain('TABLE is not set');
    const response = await post(stack, 'strict');
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(failures(stack).join()).toContain('TABLE is not set');
  });

  it('that ends its process is reported at once, and the next request finds a fresh one', async () => {
    const code = "exports.handler = async (event) => event.body === 'end' ? process.exit(3) : { statusCode: 204 };";
    const stack = await startSmallStack({ functions: { frail: { code, properties: { Timeout: 900 } } } });
    expect((await post(stack, 'frail', 'end')).status).toBe(500);
    expect(failures(stack)).toEqual(['ended its own process with exit code 3']);
    expect((await post(stack, 'frail')).status).toBe(204);
  });

  it('that never answers, or never yields, is ended by its timeout', async () => {
    const code = `exports.handler = (event) => { while (event.body === 'busy'); return event.body === 'idle' ? new Promise(() => setInterval(() => {}, 1000)) : { statusCode: 204 } };`;
    const stack = await startSmallStack({ functions: { slow: { code, properties: { Timeout: 1 } } } });
    for (const body of ['idle', 'busy']) expect((await post(stack, 'slow', body)).status).toBe(503);
    expect(failures(stack)).toEqual(['timed out after 1 seconds', 'timed out after 1 seconds']);
    expect((await post(stack, 'slow')).status).toBe(204);
  });

  it('that throws, or needs more memory than it has, fails alone', async () => {
    const code = `const kept = []; exports.handler = async (event) => { if (event.body === 'throw') throw new TypeError('no'); for (;;) kept.push(new Array(1e6).fill({})); };`;
    const stack = await startSmallStack({ functions: { greedy: { code, properties: { MemorySize: 32 } } } });
    expect((await post(stack, 'greedy', 'throw')).status).toBe(500);
    expect((await post(stack, 'greedy')).status).toBe(500);
    expect(failures(stack)[0]).toContain('TypeError: no');
    expect(failures(stack)[1]).toBe('needs more than its 32 MB of memory');
  });

  it('keeps its reserved concurrency: a direct call is refused, an event waits', async () => {
    const code = `let inside = 0; exports.handler = async () => { inside += 1; const most = inside; await new Promise((r) => setTimeout(r, 50)); inside -= 1; return { most }; };`;
    const stack = await startSmallStack({
      functions: { single: { code, properties: { ReservedConcurrentExecutions: 1 } } },
    });
    const single = stack.functionNamed('single');
    const [first, second] = await Promise.all([single.invoke({}), single.invoke({})]);
    expect([first.ok, second]).toMatchObject([true, { ok: false, why: 'throttled' }]);
    const events = await Promise.all([single.invokeAsync({}), single.invokeAsync({}), single.invokeAsync({})]);
    expect(events).toEqual(Array(3).fill({ ok: true, payload: '{"most":1}' }));
  });

  it('hands its log lines to the feed under its name', async () => {
    const code = `exports.handler = async () => { console.log(JSON.stringify({ level: 'INFO', message: 'beat' })); console.error('plain'); return {}; };`;
    const stack = await startSmallStack({ functions: { talk: { code } } });
    await post(stack, 'talk');
    await expect.poll(() => stack.seen.filter((it) => it.kind === 'log').length).toBe(2);
    expect(stack.seen).toContainEqual({ kind: 'log', functionName: 'talk', line: 'plain', fields: undefined });
    expect(stack.seen).toContainEqual(
      expect.objectContaining({ functionName: 'talk', fields: { level: 'INFO', message: 'beat' } }),
    );
  });

  it('reads the clock that a test sets, also at the moment when its bundle is loaded', async () => {
    const code = `const loadedAt = Date.now(); exports.handler = async () => ({ loadedAt, now: Date.now(), iso: new Date().toISOString(), is: new Date() instanceof Date, fixed: new Date(5).getTime() });`;
    const atMs = Date.parse('2030-01-02T03:04:05Z');
    const stack = await startSmallStack({ functions: { tell: { code } } }, { clock: { atMs, rate: 0 } });
    const ask = async () => (await post(stack, 'tell')).json();
    expect(await ask()).toEqual({ loadedAt: atMs, now: atMs, iso: '2030-01-02T03:04:05.000Z', is: true, fixed: 5 });
    stack.setClock({ atMs: atMs + 86_400_000, rate: 0 });
    expect(await ask()).toMatchObject({ loadedAt: atMs, now: atMs + 86_400_000 });
    expect(stack.now()).toBe(atMs + 86_400_000);
  });

  it('has real time in a stack that was started without a clock', async () => {
    const stack = await startSmallStack({});
    expect(() => stack.setClock({ offsetMs: 1 })).toThrow('only in a stack that was started with one');
  });
});

describe('a scheduled function', () => {
  const code = `let failed = 0; exports.handler = async (event) => { if (event.source !== 'aws.events') throw new Error('who?'); if (process.env.FAIL) throw new Error('always'); return event.time; };`;
  const queueArn = { 'Fn::GetAtt': ['Dead', 'Arn'] };
  const scheduled = (environment: Record<string, string>) => ({
    functions: {
      watch: {
        code,
        environment: { POWERTOOLS_SERVICE_NAME: 'watch-it', ...environment },
        properties: { DeadLetterConfig: { TargetArn: queueArn } },
        statements: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn }],
      },
    },
    resources: {
      Dead: { Type: 'AWS::SQS::Queue' },
      Invoke: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'watch' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(1 minute)',
          Targets: [{ Id: 'it', Arn: { 'Fn::GetAtt': ['watch', 'Arn'] } }],
        },
      },
      May: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: 'watch' },
          Principal: 'events.amazonaws.com',
          SourceArn: { 'Fn::GetAtt': ['Rule', 'Arn'] },
        },
      },
    },
  });

  it.each(['Rule', 'watch', 'watch-it'])('is fired by hand as %s, with the event of a rule', async (name) => {
    const stack = await startSmallStack(scheduled({}), {
      clock: { atMs: Date.parse('2030-01-01T00:00:00.5Z'), rate: 0 },
    });
    expect(await stack.fire(name)).toEqual([{ ok: true, payload: '"2030-01-01T00:00:00Z"' }]);
    await expect(stack.fire('nobody')).rejects.toThrow('neither a rule nor a scheduled function');
  });

  it('that fails gives its event to the dead-letter queue', async () => {
    const stack = await startSmallStack(scheduled({ FAIL: 'yes' }));
    expect(await stack.fire('watch')).toMatchObject([{ ok: false }]);
    const { QueueUrl } = await stack.clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'Dead' }));
    const { Messages } = await stack.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({ requestPayload: { source: 'aws.events' } });
  });
});

describe('the rights of a function', () => {
  const code = `
    const { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand, QueryCommand, BatchGetItemCommand } = require(${sdk('client-dynamodb')});
    const { SNSClient, PublishCommand } = require(${sdk('client-sns')});
    const { SQSClient, SendMessageCommand } = require(${sdk('client-sqs')});
    const { S3Client, PutObjectCommand, GetObjectCommand } = require(${sdk('client-s3')});
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const index = { IndexName: 'by-listed-in', KeyConditionExpression: 'listedIn = :x', ExpressionAttributeValues: { ':x': { S: 'x' } } };
    const tables = new DynamoDBClient({});
    const does = {
      get: () => tables.send(new GetItemCommand({ TableName: 'mine', Key })),
      put: () => tables.send(new PutItemCommand({ TableName: 'mine', Item: Key })),
      index: () => tables.send(new QueryCommand({ TableName: 'mine', ...index })),
      other: () => tables.send(new GetItemCommand({ TableName: 'theirs', Key })),
      batch: () => tables.send(new BatchGetItemCommand({ RequestItems: { mine: { Keys: [Key] }, theirs: { Keys: [Key] } } })),
      putOwn: () => tables.send(new PutItemCommand({ TableName: 'theirs', Item: { pk: { S: 'own' }, sk: { S: 'k' } } })),
      putLike: () => tables.send(new PutItemCommand({ TableName: 'theirs', Item: { pk: { S: 'mine#1' }, sk: { S: 'k' } } })),
      putUnlike: () => tables.send(new PutItemCommand({ TableName: 'theirs', Item: { pk: { S: 'not-mine#1' }, sk: { S: 'k' } } })),
      putOther: () => tables.send(new PutItemCommand({ TableName: 'theirs', Item: { pk: { S: 'nursery' }, sk: { S: 'own' } } })),
      updateOwn: () => tables.send(new UpdateItemCommand({ TableName: 'theirs', Key: { pk: { S: 'own' }, sk: { S: 'k' } } })),
      updateOther: () => tables.send(new UpdateItemCommand({ TableName: 'theirs', Key: { pk: { S: 'owner' }, sk: { S: 'k' } } })),
      failedItem: () => tables.send(new PutItemCommand({ TableName: 'mine', Item: Key, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
      publish: () => new SNSClient({}).send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: 'm' })),
      publishSealed: () => new SNSClient({}).send(new PublishCommand({ TopicArn: process.env.SEALED, Message: 'm' })),
      send: () => new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: 'm' })),
      write: () => new S3Client({}).send(new PutObjectCommand({ Bucket: 'files', Key: 'exports/a b/ü.csv', Body: 'x' })),
      writeElsewhere: () => new S3Client({}).send(new PutObjectCommand({ Bucket: 'files', Key: 'other/a', Body: 'x' })),
      writeIfAbsent: () => new S3Client({}).send(new PutObjectCommand({ Bucket: 'files', Key: 'exports/a', Body: 'x', IfNoneMatch: '*' })),
      writeIfSame: () => new S3Client({}).send(new PutObjectCommand({ Bucket: 'files', Key: 'exports/a', Body: 'y', IfMatch: '"x"' })),
      writeLocked: () => new S3Client({}).send(new PutObjectCommand({ Bucket: 'files', Key: 'exports/a', Body: 'x', ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(0) })),
      readVersion: () => new S3Client({}).send(new GetObjectCommand({ Bucket: 'files', Key: 'exports/a', VersionId: '1' })),
    };
    exports.handler = async (event) => {
      try { await does[event.body](); return { statusCode: 200, body: 'done' }; }
      catch (error) { return { statusCode: 200, body: error.name + ' ' + error.$metadata?.httpStatusCode }; }
    };`;
  const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
  const template = {
    functions: {
      clerk: {
        code,
        environment: { TOPIC: { Ref: 'Topic' }, SEALED: { Ref: 'Sealed' }, QUEUE: { Ref: 'Queue' } },
        statements: [
          {
            Effect: 'Allow',
            Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
            Resource: arn('Mine'),
          },
          { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' },
          { Effect: 'Deny', Action: 'dynamodb:Put*', Resource: arn('Mine') },
          { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' },
          { Effect: 'Allow', Action: 's3:*Object', Resource: { 'Fn::Sub': `\${Bucket.Arn}/exports/*` } },
        ],
      },
      canary: {
        code,
        environment: { TOPIC: { Ref: 'Topic' }, SEALED: { Ref: 'Sealed' }, QUEUE: { Ref: 'Queue' } },
        statements: [
          {
            Effect: 'Allow',
            Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
            Resource: arn('Theirs'),
            Condition: {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['own', 'mine#*'] },
              Null: { 'dynamodb:LeadingKeys': 'false' },
            },
          },
        ],
      },
    },
    resources: {
      Mine: { Type: 'AWS::DynamoDB::Table', Properties: table('mine') },
      Theirs: { Type: 'AWS::DynamoDB::Table', Properties: table('theirs') },
      Key: { Type: 'AWS::KMS::Key' },
      Topic: { Type: 'AWS::SNS::Topic' },
      Sealed: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: arn('Key') } },
      Queue: { Type: 'AWS::SQS::Queue' },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
    },
  };
  const started = startSmallStack(template);

  it.each([
    ['get', 'done', 'is allowed'],
    ['put', 'AccessDeniedException 400', 'is denied although it is allowed elsewhere'],
    ['index', 'AccessDeniedException 400', 'reads a table, but not its index'],
    ['other', 'AccessDeniedException 400', 'is on a table of others'],
    ['batch', 'AccessDeniedException 400', 'has one table of others in it'],
    ['publish', 'done', 'is allowed'],
    ['publishSealed', 'AuthorizationErrorException 403', 'lacks the rights on the key of the topic'],
    ['send', 'AccessDenied 400', 'is nowhere allowed'],
    ['write', 'done', 'is under the allowed prefix'],
    ['writeElsewhere', 'AccessDenied 403', 'is outside the allowed prefix'],
    ['failedItem', 'NotImplementedException 501', 'asks for what the engine would fake'],
    ['writeIfAbsent', 'done', 'puts what is not there yet'],
    ['writeIfAbsent', 'PreconditionFailed 412', 'is there by then'],
    ['writeIfSame', 'NotImplemented 501', 'asks for what the emulator would fake'],
    ['writeLocked', 'NotImplemented 501', 'asks for what the emulator would fake'],
    ['readVersion', 'NotImplemented 501', 'asks for what the emulator would fake'],
  ])('%s → %s: it %s', async (what, answer) => {
    const stack = await started;
    const response = await post(stack, 'clerk', what);
    expect(await response.text()).toBe(answer);
  });

  it.each([
    ['putOwn', 'done'],
    ['putLike', 'done'],
    ['putUnlike', 'AccessDeniedException 400'],
    ['putOther', 'AccessDeniedException 400'],
    ['updateOwn', 'done'],
    ['updateOther', 'AccessDeniedException 400'],
  ])('on items with its own partition key only: %s → %s', async (what, answer) => {
    const response = await post(await started, 'canary', what);
    expect(await response.text()).toBe(answer);
  });

  it('that are missing are told in the feed, with action and resource', async () => {
    const stack = await started;
    await post(stack, 'clerk', 'other');
    expect(stack.seen).toContainEqual(
      expect.objectContaining({ kind: 'denied', caller: 'clerk', action: 'dynamodb:GetItem' }),
    );
  });
});
