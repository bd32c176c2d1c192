import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CfnCondition,
  CfnOutput,
  CfnParameter,
  DefaultStackSynthesizer,
  Fn,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type FunctionName, functionNames } from '../../shared/contracts/routes.ts';
import type { Bundles } from '../bundle.ts';
import { CitySecrets } from '../constructs/city-secrets.ts';
import { CityTables } from '../constructs/city-tables.ts';
import { CityTopics } from '../constructs/city-topics.ts';
import { addCountAlarm } from '../constructs/count-alarm.ts';
import { DeliveryQueues } from '../constructs/delivery-queues.ts';
import { ExportsBucket } from '../constructs/exports-bucket.ts';
import { feed, feedingStatement } from '../constructs/feeding.ts';
import { HttpRoutes } from '../constructs/http-routes.ts';
import { Ledger } from '../constructs/ledger.ts';
import { LogKey } from '../constructs/log-key.ts';
import { MonitoredFunction } from '../constructs/monitored-function.ts';
import { OnSchedule } from '../constructs/on-schedule.ts';
import { SealedBucket } from '../constructs/sealed-bucket.ts';
import { WorkQueues } from '../constructs/work-queues.ts';
import {
  type Feeding,
  type FunctionSpec,
  laneNames,
  type ParameterName,
  type QueueName,
  type TableRights,
  tableNames,
  workQueueNames,
} from '../function-spec.ts';
import { functionSpecs } from '../functions.ts';
import { type Settings, stackName } from '../settings.ts';

/** A tick that waited this long is worth nothing: the next one is due. */
const TICK_MAX_AGE_SECONDS = 60;
/**
 * A path is put behind it: it does not end in a slash. Whoever reads a link on its way can answer by it, so that plain
 * http is for a stack on this machine alone.
 */
const URL_OR_NONE = '(https://[^\\s]*[^\\s/]|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/[^\\s]*[^\\s/])?)?';

export interface CradlewatchStackProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
}

/** The whole of one city's Cradlewatch. It names no account, region or partition, so one template serves them all. */
export class CradlewatchStack extends Stack {
  private readonly settings: Settings;
  private readonly removalPolicy: RemovalPolicy;
  private readonly tables: CityTables;
  private readonly topics: CityTopics;
  private readonly exports: ExportsBucket;
  private readonly sealed: SealedBucket;
  private readonly logKey: LogKey;
  private readonly secrets: CitySecrets;
  private readonly queues: Readonly<Record<QueueName, Queue>>;
  private readonly api: HttpRoutes;
  private readonly parameters: Readonly<Record<ParameterName, string>>;

  constructor(scope: Construct, { settings, bundles }: CradlewatchStackProps) {
    super(scope, 'cradlewatch', {
      stackName: stackName(settings),
      description: `Cradlewatch for ${settings.city} (${settings.stage})`,
      terminationProtection: settings.keepData,
      // The command line checks the bootstrap version itself; the parameter and rule for it would only ask again.
      // The cast is for exactOptionalPropertyTypes, which the library's own types do not satisfy.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    });
    this.settings = settings;
    this.removalPolicy = settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const { removalPolicy } = this;
    this.tables = new CityTables(this, 'tables', { keepData: settings.keepData });
    this.topics = new CityTopics(this, 'topics', { removalPolicy });
    this.exports = new ExportsBucket(this, 'exports', { removalPolicy });
    this.sealed = new SealedBucket(this, 'sealed', { objectLock: settings.objectLock, removalPolicy });
    this.logKey = new LogKey(this, 'log-key', { removalPolicy });
    this.secrets = new CitySecrets(this, 'secrets', { removalPolicy });
    this.queues = this.addQueues();
    this.api = new HttpRoutes(this, 'api', { settings, removalPolicy, operations: this.topics.operations });
    this.parameters = this.addParameters();

    this.api.serve(this.addFunctions(bundles));
    this.addOutputs();
  }

  private addQueues(): Record<QueueName, Queue> {
    const deliveries = new DeliveryQueues(this, 'deliveries', this.topics);
    const ledger = new Ledger(this, 'ledger', this.topics);
    const work = new WorkQueues(this, 'work', this.topics);
    return {
      'life-safety': deliveries.of('life-safety'),
      technical: deliveries.of('technical'),
      ledger: ledger.queue,
      ...work.queues,
    };
  }

  /** Parameters, so that one synthesized assembly can serve several local runs; their defaults are the checked settings. */
  private addParameters(): Record<ParameterName, string> {
    const add = (id: string, description: string, value: string, allowedPattern?: string): string =>
      new CfnParameter(this, id, {
        type: 'String',
        description,
        default: value,
        ...(allowedPattern === undefined ? {} : { allowedPattern }),
      }).valueAsString;
    const { authorities, oidcIssuers, administrators, publicUrl, watchdogUrl, ingress } = this.settings;
    const ownUrl = add('PublicUrl', "Begins every answer link; empty: the API's own endpoint", publicUrl, URL_OR_NONE);
    const watchdog = add(
      'WatchdogUrl',
      'Outside watchdog, fed while every escalation is on time; empty: none',
      watchdogUrl,
      URL_OR_NONE,
    );
    const either = (id: string, url: string, otherwise: string): string => {
      const isEmpty = new CfnCondition(this, id, { expression: Fn.conditionEquals(url, '') });
      return Fn.conditionIf(isEmpty.logicalId, otherwise, url).toString();
    };
    const further = add('Authorities', 'Further accepted @authority values, by comma', authorities.join(','));
    const publicAddress = either('NoPublicUrl', ownUrl, this.api.endpoint);
    return {
      AUTHORITIES: `${this.api.host},${further}`,
      OIDC_ISSUERS: add('OidcIssuers', 'Accepted OIDC issuers, as a JSON array', JSON.stringify(oidcIssuers)),
      ADMINISTRATORS: add(
        'Administrators',
        'issuer|subject of administrators without a grant, by comma',
        administrators.join(','),
      ),
      PUBLIC_URL: publicAddress,
      // Behind SigV4 that address is a proxy's, which signs for phones; the canary signs for itself, as boxes do.
      REPORTS_URL: ingress === 'iam' ? this.api.endpoint : publicAddress,
      // A variable is never empty, so that a forgotten one stands out.
      WATCHDOG_URL: either('NoWatchdog', watchdog, 'none'),
      INGRESS: ingress,
      LOG_NAME: this.settings.logName ?? this.stackName,
      LOG_REGION: this.settings.city,
    };
  }

  private addFunctions(bundles: Bundles): Record<FunctionName, MonitoredFunction> {
    const entries = functionNames.map((name) => [name, this.addFunction(name, bundles.directories[name])] as const);
    return Object.fromEntries(entries) as Record<FunctionName, MonitoredFunction>;
  }

  private addFunction(name: FunctionName, directory: string): MonitoredFunction {
    const spec = functionSpecs[name];
    const { architecture, tracing, logRetentionDays } = this.settings;
    const reservedConcurrency = this.settings.reservedConcurrency[name];
    const added = new MonitoredFunction(this, {
      name,
      directory,
      architecture,
      tracing,
      logRetentionDays,
      logsFailedRunsOnly: spec.logsFailedRunsOnly ?? false,
      memoryMb: spec.memoryMb,
      timeoutSeconds: spec.timeoutSeconds,
      environment: this.environmentOf(name, spec),
      statements: this.statementsOf(spec),
      removalPolicy: this.removalPolicy,
      operations: this.topics.operations,
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      ...(spec.everyMinutes === undefined
        ? {}
        : { asynchronous: { maxEventAgeSeconds: TICK_MAX_AGE_SECONDS, retryAttempts: 0 } }),
    });
    if (spec.exports) this.exports.acknowledgeStatements(added);
    if (spec.sealed) this.sealed.acknowledgeStatements(added);
    if (spec.channelSecrets) this.secrets.acknowledgeChannels(added);
    if (spec.challengeKeys) this.secrets.acknowledgeChallengeKeys(added);
    for (const [queue, feeding] of feedingsOf(spec)) feed(added, queue, this.queues[queue], feeding);
    if (spec.everyMinutes !== undefined) this.addSchedule(added, name, spec.everyMinutes);
    const place = { namespace: this.metricsNamespace, service: name, operations: this.topics.operations };
    for (const alarm of spec.alarms ?? []) addCountAlarm(this, place, alarm);
    return added;
  }

  private environmentOf(name: FunctionName, spec: FunctionSpec): Record<string, string> {
    const environment: Record<string, string> = {
      LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: this.metricsNamespace,
    };
    for (const [table] of rightsOf(spec)) environment[`${table.toUpperCase()}_TABLE`] = this.tables.nameOf(table);
    if (spec.publishes) {
      for (const [topic, { topicArn }] of this.topics.all()) environment[`TOPIC_${topic.toUpperCase()}`] = topicArn;
    }
    if (spec.exports) environment.EXPORTS_BUCKET = this.exports.name;
    if (spec.asksForDelivery) environment.DELIVERY_QUEUE = this.queues.technical.queueUrl;
    for (const queue of spec.sendsTo ?? []) environment[`${queue.toUpperCase()}_QUEUE`] = this.queues[queue].queueUrl;
    if (spec.sealed) environment.SEALED_BUCKET = this.sealed.name;
    if (spec.logKey) {
      environment.LOG_KEY = this.logKey.arn;
      environment.RETIRED_LOG_KEYS = this.settings.retiredLogKeys.join(',') || 'none';
    }
    if (spec.challengeKeys) environment.CHALLENGE_KEYS = this.secrets.challengeKeyPrefix;
    for (const secret of spec.secrets ?? []) environment[secret] = this.secrets.arnOf(secret);
    if (spec.channelSecrets) environment.CHANNEL_SECRETS = this.secrets.channelPrefix;
    for (const parameter of spec.told ?? []) environment[parameter] = this.parameters[parameter];
    return environment;
  }

  private statementsOf(spec: FunctionSpec): PolicyStatement[] {
    const statements = rightsOf(spec).flatMap(([table, rights]) => this.tables.statements(table, rights));
    if (spec.publishes) statements.push(...this.topics.publishStatements());
    if (spec.exports) statements.push(...this.exports.statements());
    const sentTo = [...(spec.asksForDelivery ? (['technical'] as const) : []), ...(spec.sendsTo ?? [])];
    if (sentTo.length > 0) {
      const resources = sentTo.map((queue) => this.queues[queue].queueArn);
      statements.push(new PolicyStatement({ actions: ['sqs:SendMessage'], resources }));
    }
    if (spec.sealed) statements.push(...this.sealed.statements(spec.sealed));
    if (spec.logKey) statements.push(this.logKey.statement(spec.logKey));
    if (spec.challengeKeys) statements.push(this.secrets.challengeKeysStatement());
    if (spec.secrets) statements.push(this.secrets.readStatement(spec.secrets));
    if (spec.channelSecrets) statements.push(this.secrets.readChannelsStatement());
    if (spec.reports) statements.push(...this.api.callStatements(spec.reports));
    const queues = feedingsOf(spec).map(([queue]) => this.queues[queue]);
    if (queues.length > 0) statements.push(feedingStatement(queues));
    return statements;
  }

  /** Names the stack: otherwise the sweeps of a test stage would hide that production's have stopped. */
  private get metricsNamespace(): string {
    return `Cradlewatch/${this.stackName}`;
  }

  private addSchedule(target: MonitoredFunction, name: FunctionName, everyMinutes: number): void {
    if (!target.deadLetters) throw new Error(`${name} is asynchronous and must have a dead-letter queue`);
    new OnSchedule(this, `${name}-every-${everyMinutes === 1 ? 'minute' : `${everyMinutes}-minutes`}`, {
      target,
      everyMinutes,
      deadLetters: target.deadLetters.queue,
      maxEventAgeSeconds: TICK_MAX_AGE_SECONDS,
    });
  }

  private addOutputs(): void {
    const add = (id: string, value: string) => new CfnOutput(this, id, { value });
    add('ApiEndpoint', this.api.endpoint);
    for (const table of tableNames) add(`${capitalized(table)}Table`, this.tables.nameOf(table));
    for (const [name, topic] of this.topics.all()) add(`Topic${capitalized(name)}`, topic.topicArn);
    add('TopicOperations', this.topics.operations.topicArn);
    for (const lane of laneNames) add(`${capitalized(lane)}QueueUrl`, this.queues[lane].queueUrl);
    add('LedgerQueueUrl', this.queues.ledger.queueUrl);
    add('ChannelSecretsPrefix', this.secrets.channelPrefix);
    add('ExportsBucket', this.exports.name);
    for (const queue of workQueueNames) add(`${capitalized(queue)}QueueUrl`, this.queues[queue].queueUrl);
    add('SealedBucket', this.sealed.name);
    add('LogKey', this.logKey.arn);
    add('LogName', this.parameters.LOG_NAME);
    add('ChallengeKeysPrefix', this.secrets.challengeKeyPrefix);
  }
}

const rightsOf = ({ tables = {} }: FunctionSpec) =>
  tableNames.flatMap((table): [typeof table, TableRights][] => {
    const rights = tables[table];
    return rights ? [[table, rights]] : [];
  });

const feedingsOf = ({ fedFrom = {} }: FunctionSpec) => Object.entries(fedFrom) as [QueueName, Feeding][];

/** `life-safety` becomes `LifeSafety`. */
const capitalized = (word: string): string =>
  word
    .split('-')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join('');
