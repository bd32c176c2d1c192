/**
 * Everything in which this machine differs from the cloud, in one place and as data. `npm start -- --substitutions`
 * prints it; the start reads the second half to decide whether it knows what a template asks for.
 */
export interface Substitution {
  readonly inTheCloud: string;
  readonly here: string;
  readonly harmlessBecause: string;
}

export const substitutions: readonly Substitution[] = [
  {
    inTheCloud: 'DynamoDB',
    here: 'dynalite, in a thread of its own; on disk under .local/',
    harmlessBecause:
      'conditions, indexes, paging and size limits are kept; transactions, streams, PartiQL and items on a failed condition are refused',
  },
  {
    inTheCloud: 'index maintained by DynamoDB',
    here: 'every index is rebuilt from its table at each start',
    harmlessBecause:
      'the engine writes index and item separately; a kill between the two would leave a stale entry, and the table is the truth',
  },
  {
    inTheCloud: 'SNS, SQS and S3',
    here: 'fauxqs, in a thread of its own; on disk under .local/',
    harmlessBecause:
      'filter policies are kept; S3 conditions, locks, versions, presigned URLs, copies and unchecked checksums are answered 501',
  },
  {
    inTheCloud: 'SNS chooses the part of a message for each kind of subscriber (MessageStructure)',
    here: 'a proxy chooses the part for queues, the only subscribers on this machine, before the emulator sees it',
    harmlessBecause: 'a message without a default is answered as SNS does; the other parts reach nobody here',
  },
  {
    inTheCloud: 'IAM',
    here: 'a proxy before the engines evaluates the role of the calling function; an unknown operator or key stops the start',
    harmlessBecause:
      'the same statements decide; boundaries and organization policies do not exist here and could only narrow',
  },
  {
    inTheCloud: 'resource policies',
    here: 'checked at the start: queue policies for topics, invoke permissions for routes and rules; TLS-only statements do not apply to the loopback',
    harmlessBecause: 'nothing leaves this machine; the template tests assert the TLS statements',
  },
  {
    inTheCloud: 'Lambda: one invocation at a time per instance, frozen between invocations',
    here: 'one thread per function with several invocations in flight, never frozen; reserved concurrency is kept',
    harmlessBecause:
      'handlers share no state between invocations but caches and clients; it is the harder case of the two',
  },
  {
    inTheCloud: 'Lambda runtime, architecture and memory size',
    here: 'Node 24 of this project; the memory size limits the heap of the thread',
    harmlessBecause: 'the bundle is the same; a handler that needs more memory than it has fails here too',
  },
  {
    inTheCloud: 'HTTP API',
    here: 'node:http; events in payload format 2.0, throttles by token bucket, and Retry-After on 429, which the cloud does not send',
    harmlessBecause: 'the box waits by itself when the header is missing',
  },
  {
    inTheCloud: 'TLS and the domain name of the API',
    here: 'http on 127.0.0.1, and its host and port as a further accepted authority',
    harmlessBecause: 'the signature covers the authority in both places; the accepted ones are a parameter',
  },
  {
    inTheCloud: 'an OIDC issuer of the authority',
    here: 'a local issuer with the standard endpoints, whose keys are kept under .local/',
    harmlessBecause: 'tokens are verified by the same code with the same checks; it is one more entry in a parameter',
  },
  {
    inTheCloud: 'SigV4 in front of every route (`ingress: iam`)',
    here: 'refused: the template is made with `ingress: open`',
    harmlessBecause:
      'it stands beside the signature of the box and the token of the person, which are checked here as there',
  },
  {
    inTheCloud: 'a rule fires some time after it was made, then by its period',
    here: 'it fires at the start, then by its period in real time',
    harmlessBecause: 'a sweep may come at any time, and twice',
  },
  {
    inTheCloud: 'S3 answers 403 for a missing object to whoever may not list the bucket',
    here: '404',
    harmlessBecause: 'both mean absent to the one reader; a test of the export store covers 403',
  },
  {
    inTheCloud: 'KMS keys and encryption at rest',
    here: 'not encrypted; whoever publishes to an encrypted topic still needs the rights on its key',
    harmlessBecause: 'the data is on this machine only; the template tests assert encryption',
  },
  {
    inTheCloud: 'a KMS key that signs (ECC_NIST_P256), and leaves KMS never',
    here: 'a P-256 key in a file under .local/, readable by its owner; a proxy answers Sign and GetPublicKey to whom the role allows it, and refuses all else',
    harmlessBecause:
      'the signature has the same form and is verified by the same code; a log of this machine proves nothing to anybody else, and its key is another one',
  },
  {
    inTheCloud: 'S3 Object Lock: an overwrite adds a version beside the locked one, a lock ends with its days',
    here: 'a bucket with Object Lock has one version of each object: other bytes and every deletion are answered AccessDenied, to the start itself too, and a lock never ends; reading or setting a lock is answered 501',
    harmlessBecause:
      'it is stricter, and no function may set, bypass or read a lock; the same bytes again are accepted in both places',
  },
  {
    inTheCloud: 'S3 puts with If-None-Match: *',
    here: 'a proxy through which every put passes looks first and answers 412; every other condition is answered 501',
    harmlessBecause: 'nothing puts around the proxy, and puts of one object wait for each other',
  },
  {
    inTheCloud: 'policies of buckets, for every principal',
    here: 'what they deny to everybody is denied to functions; what they allow adds nothing within one account',
    harmlessBecause: 'an unknown condition in such a policy stops the start; only the start itself is above them',
  },
  {
    inTheCloud: 'links to objects (SigV4 in the query), signed with the keys of a role',
    here: 'a proxy checks signature, expiry by the clock of the stack, and the rights of the role at the moment of reading; the keys are made at each start; links only read',
    harmlessBecause: 'the same SDK signs the same text; a restart ends every link, as a new session of a role does',
  },
  {
    inTheCloud: 'expiry (time to live, lifecycle rules, log retention)',
    here: 'nothing expires',
    harmlessBecause: 'no decision rests on a thing having expired',
  },
  {
    inTheCloud: 'CloudWatch logs, metrics and alarms',
    here: 'lines of the feed',
    harmlessBecause: 'alarms are asserted on the template; no function reads them',
  },
  {
    inTheCloud: 'dead-letter queues and destinations of failed invocations',
    here: 'the queue exists and the failed event is put into it, with the cause in the feed',
    harmlessBecause: 'the same event arrives',
  },
  {
    inTheCloud: 'Lambda polls queues with the rights of the function and scales with the backlog',
    here: 'one poller per mapping, with the batch, window and concurrency of the template; that the role allows it, and that the queue hides a message for longer than the function runs, is checked at the start; in tests by hand',
    harmlessBecause:
      'what a function names as failed comes again after the visibility timeout and goes to the dead-letter queue after as many tries as the queue says; order is promised by neither',
  },
  {
    inTheCloud: 'Secrets Manager',
    here: 'generated secrets, those of channels and the keys of challenges are files under .local/, readable by their owner; a proxy answers GetSecretValue, and under challenge-keys/ CreateSecret and DeleteSecret without recovery, to whom the role allows it, and refuses all else; there is one version and no rotation',
    harmlessBecause:
      'functions read the present version, and what they destroy is gone from its file at once; the value is of this machine alone',
  },
  {
    inTheCloud: 'the condition dynamodb:LeadingKeys, on any action',
    here: 'understood for actions on one item, by ForAllValues:StringLike and Null; on a query or a scan, or by another operator, it stops the start',
    harmlessBecause: 'nothing is guessed: such a role does not start here',
  },
  {
    inTheCloud: 'answer links begin with the parameter PublicUrl, or with the endpoint of the API',
    here: "the parameter is this machine's own address; no watchdog is fed unless the start is given one",
    harmlessBecause: 'the same code makes the same link of the same variable',
  },
  {
    inTheCloud: 'mailboxes, receivers and group bots of real people',
    here: 'of the demo alone: an inbox on 127.0.0.1 that checks the signature, answers as a WeCom bot does and shows the last messages with their answer links; secrets set by hand stay and lead where they say',
    harmlessBecause:
      'the same channels send the same bytes to the address that the secret holds; the inbox is no part of the template',
  },
  {
    inTheCloud: 'clocks of all services',
    here: "the tests may shift the clock inside functions, gateway and issuer; SNS, SQS and S3 stay on this machine's",
    harmlessBecause: 'no decision compares a time of the functions with a time of those services',
  },
];

/**
 * What the start knows of a property: `used`, or ignored for a reason, or an object (each element, in a list) whose
 * own keys are known. Any other property stops the start with its name.
 */
export type Known = 'used' | { readonly ignored: string } | { readonly fields: Readonly<Record<string, Known>> };

const ignored = (because: string): Known => ({ ignored: because });
const fields = (known: Readonly<Record<string, Known>>): Known => ({ fields: known });

const tags = ignored('tags change nothing at run time');
const description = ignored('text for people');
const encryption = ignored('nothing is encrypted on this machine; asserted on the template');
const capacity = ignored('the engine has no capacity limits; on-demand is asserted on the template');

const tableProperties: Readonly<Record<string, Known>> = {
  AttributeDefinitions: 'used',
  BillingMode: capacity,
  GlobalSecondaryIndexes: fields({
    IndexName: 'used',
    KeySchema: 'used',
    Projection: 'used',
    OnDemandThroughput: capacity,
    WriteOnDemandThroughputSettings: capacity,
  }),
  KeySchema: 'used',
  SSESpecification: encryption,
  TableName: 'used',
  TimeToLiveSpecification: ignored('nothing expires on this machine; no decision rests on expiry'),
  OnDemandThroughput: capacity,
  WriteOnDemandThroughputSettings: capacity,
};
const neverUnlocked = ignored('a lock never ends here, and nobody bypasses it: the harder case of all modes and days');
const pointInTime = ignored('backups are asserted on the template');
const deletionProtection = ignored('a local table is deleted by deleting .local/');

/** Resource types and properties that this machine knows. Everything else stops the start. */
export const knownTypes: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  'AWS::DynamoDB::Table': {
    ...tableProperties,
    ContributorInsightsSpecification: ignored('measures only'),
    DeletionProtectionEnabled: deletionProtection,
    PointInTimeRecoverySpecification: pointInTime,
    TableClass: ignored('price only'),
    Tags: tags,
  },
  'AWS::DynamoDB::GlobalTable': {
    ...tableProperties,
    Replicas: fields({
      ContributorInsightsSpecification: ignored('measures only'),
      DeletionProtectionEnabled: deletionProtection,
      GlobalSecondaryIndexes: capacity,
      KinesisStreamSpecification: ignored('never set by this stack'),
      PointInTimeRecoverySpecification: pointInTime,
      Region: 'used',
      SSESpecification: encryption,
      TableClass: ignored('price only'),
      Tags: tags,
    }),
    StreamSpecification: ignored(
      'CDK writes it on every TableV2; no function reads a stream, which the strict types assert',
    ),
  },
  'AWS::SNS::Topic': {
    DisplayName: description,
    KmsMasterKeyId: 'used',
    Tags: tags,
    TopicName: 'used',
    TracingConfig: ignored('measures only'),
  },
  'AWS::SNS::TopicPolicy': {
    PolicyDocument: ignored('within one account the role decides; TLS-only is asserted on the template'),
    Topics: ignored('see PolicyDocument'),
  },
  'AWS::SNS::Subscription': {
    Endpoint: 'used',
    FilterPolicy: 'used',
    FilterPolicyScope: 'used',
    Protocol: 'used',
    RawMessageDelivery: 'used',
    RedrivePolicy: 'used',
    Region: 'used',
    TopicArn: 'used',
  },
  'AWS::SQS::Queue': {
    KmsDataKeyReusePeriodSeconds: encryption,
    KmsMasterKeyId: encryption,
    MessageRetentionPeriod: 'used',
    QueueName: 'used',
    ReceiveMessageWaitTimeSeconds: 'used',
    RedriveAllowPolicy: ignored('narrows who may redrive; one account here'),
    RedrivePolicy: 'used',
    SqsManagedSseEnabled: encryption,
    Tags: tags,
    VisibilityTimeout: 'used',
  },
  'AWS::SQS::QueuePolicy': { PolicyDocument: 'used', Queues: 'used' },
  'AWS::S3::Bucket': {
    AccessControl: ignored('asserted on the template'),
    BucketEncryption: encryption,
    BucketName: 'used',
    LifecycleConfiguration: ignored('nothing expires on this machine'),
    LoggingConfiguration: ignored('measures only'),
    ObjectLockConfiguration: fields({
      ObjectLockEnabled: 'used',
      Rule: fields({
        DefaultRetention: fields({ Days: neverUnlocked, Mode: neverUnlocked, Years: neverUnlocked }),
      }),
    }),
    ObjectLockEnabled: 'used',
    OwnershipControls: ignored('one account here'),
    PublicAccessBlockConfiguration: ignored('the emulator listens on the loopback only'),
    Tags: tags,
    VersioningConfiguration: ignored('reads of versions are answered 501; asserted on the template'),
  },
  'AWS::S3::BucketPolicy': {
    Bucket: ignored('the statements name their bucket'),
    PolicyDocument: 'used',
  },
  'AWS::Lambda::Function': {
    Architectures: ignored('the bundle is JavaScript only'),
    Code: fields({ S3Bucket: ignored('the asset is read from the assembly'), S3Key: 'used' }),
    DeadLetterConfig: 'used',
    Description: description,
    Environment: fields({ Variables: 'used' }),
    EphemeralStorage: ignored('no function writes files'),
    FunctionName: 'used',
    Handler: 'used',
    KmsKeyArn: encryption,
    LoggingConfig: ignored('log lines go to the feed as they are written'),
    MemorySize: 'used',
    RecursiveLoop: ignored('a guard of the cloud'),
    ReservedConcurrentExecutions: 'used',
    Role: 'used',
    Runtime: 'used',
    RuntimeManagementConfig: ignored('the project pins its own Node'),
    Tags: tags,
    Timeout: 'used',
    TracingConfig: ignored('measures only'),
  },
  'AWS::Lambda::Permission': {
    Action: 'used',
    FunctionName: 'used',
    Principal: 'used',
    SourceAccount: 'used',
    SourceArn: 'used',
  },
  'AWS::Lambda::EventInvokeConfig': {
    DestinationConfig: 'used',
    FunctionName: 'used',
    MaximumEventAgeInSeconds: 'used',
    MaximumRetryAttempts: 'used',
    Qualifier: 'used',
  },
  'AWS::Lambda::EventSourceMapping': {
    BatchSize: 'used',
    Enabled: 'used',
    EventSourceArn: 'used',
    FunctionName: 'used',
    FunctionResponseTypes: 'used',
    MaximumBatchingWindowInSeconds: 'used',
    ScalingConfig: fields({ MaximumConcurrency: 'used' }),
    Tags: tags,
  },
  'AWS::SecretsManager::Secret': {
    Description: description,
    GenerateSecretString: fields({ ExcludePunctuation: 'used', PasswordLength: 'used' }),
    KmsKeyId: encryption,
    Name: 'used',
    Tags: tags,
  },
  'AWS::IAM::Role': {
    AssumeRolePolicyDocument: 'used',
    Description: description,
    ManagedPolicyArns: 'used',
    Path: ignored('a name only'),
    Policies: 'used',
    RoleName: 'used',
    Tags: tags,
  },
  'AWS::IAM::Policy': { PolicyDocument: 'used', PolicyName: 'used', Roles: 'used' },
  'AWS::Logs::LogGroup': {
    KmsKeyId: encryption,
    LogGroupClass: ignored('price only'),
    LogGroupName: 'used',
    RetentionInDays: ignored('log lines are not kept'),
    Tags: tags,
  },
  'AWS::Logs::MetricFilter': {
    FilterName: ignored('measures only'),
    FilterPattern: ignored('measures only'),
    LogGroupName: ignored('measures only'),
    MetricTransformations: ignored('measures only'),
  },
  'AWS::Logs::ResourcePolicy': {
    PolicyDocument: ignored('log lines are not kept'),
    PolicyName: ignored('a name only'),
  },
  'AWS::CloudWatch::Alarm': Object.fromEntries(
    (
      'ActionsEnabled AlarmActions AlarmDescription AlarmName ComparisonOperator DatapointsToAlarm Dimensions ' +
      'EvaluateLowSampleCountPercentile EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName Metrics ' +
      'Namespace OKActions Period Statistic Tags Threshold ThresholdMetricId TreatMissingData Unit'
    )
      .split(' ')
      .map((name) => [name, ignored('faults are lines of the feed; alarms are asserted on the template')]),
  ),
  'AWS::CloudWatch::Dashboard': { DashboardBody: ignored('a picture only'), DashboardName: ignored('a name only') },
  'AWS::Events::Rule': {
    Description: description,
    Name: 'used',
    ScheduleExpression: 'used',
    State: 'used',
    Tags: tags,
    Targets: fields({
      Arn: 'used',
      DeadLetterConfig: ignored('delivery to a function on this machine does not fail'),
      Id: ignored('a name only'),
      Input: 'used',
      RetryPolicy: ignored('delivery to a function on this machine does not fail'),
    }),
  },
  'AWS::ApiGatewayV2::Api': {
    CorsConfiguration: ignored('no web page of another origin calls this machine'),
    Description: description,
    DisableExecuteApiEndpoint: ignored('never set by this stack'),
    Name: 'used',
    ProtocolType: 'used',
    Tags: tags,
  },
  'AWS::ApiGatewayV2::Stage': {
    AccessLogSettings: ignored('requests are lines of the feed'),
    ApiId: 'used',
    AutoDeploy: 'used',
    DefaultRouteSettings: fields({
      DetailedMetricsEnabled: ignored('measures only'),
      ThrottlingBurstLimit: 'used',
      ThrottlingRateLimit: 'used',
    }),
    Description: description,
    RouteSettings: 'used',
    StageName: 'used',
    Tags: tags,
  },
  'AWS::ApiGatewayV2::Route': {
    ApiId: 'used',
    AuthorizationType: 'used',
    OperationName: description,
    RouteKey: 'used',
    Target: 'used',
  },
  'AWS::ApiGatewayV2::Integration': {
    ApiId: 'used',
    Description: description,
    IntegrationMethod: 'used',
    IntegrationType: 'used',
    IntegrationUri: 'used',
    PayloadFormatVersion: 'used',
    TimeoutInMillis: 'used',
  },
  'AWS::KMS::Key': {
    ...Object.fromEntries(
      'Description Enabled EnableKeyRotation MultiRegion PendingWindowInDays RotationPeriodInDays Tags'
        .split(' ')
        .map((name) => [name, encryption]),
    ),
    KeyPolicy: ignored('within one account the role decides; asserted on the template'),
    KeySpec: 'used',
    KeyUsage: 'used',
  },
  'AWS::KMS::Alias': { AliasName: 'used', TargetKeyId: 'used' },
  'AWS::CDK::Metadata': { Analytics: ignored('counts constructs for their makers') },
};

/** Managed policies whose rights no engine here stands behind. */
export const knownManagedPolicies: Readonly<Record<string, string>> = {
  'service-role/AWSLambdaBasicExecutionRole': 'writes logs only, and log lines go to the feed',
};
