import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  CfnOutput,
  CfnParameter,
  DefaultStackSynthesizer,
  Duration,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type FunctionName, functionNames } from '../../shared/contracts/routes.ts';
import type { Bundles } from '../bundle.ts';
import { CityTables } from '../constructs/city-tables.ts';
import { CityTopics } from '../constructs/city-topics.ts';
import { EveryMinute } from '../constructs/every-minute.ts';
import { ExportsBucket } from '../constructs/exports-bucket.ts';
import { HttpRoutes } from '../constructs/http-routes.ts';
import { Ledger } from '../constructs/ledger.ts';
import { MonitoredFunction } from '../constructs/monitored-function.ts';
import { WatchedAlarm } from '../constructs/watched-alarm.ts';
import { type AccessParameter, type FunctionSpec, functionSpecs, type TableRights, tableNames } from '../functions.ts';
import { type Settings, stackName } from '../settings.ts';

/** A sweep that waited this long is worth nothing: the next one is due. */
const SWEEP_MAX_AGE_SECONDS = 60;
/** No completed sweep in this many minutes, and `operations` hears of it. */
const SWEEP_MISSING_MINUTES = 3;
/** What a completed sweep could not do. One time is mended by the next sweep; three in a row is a fault that stays. */
const sweepTroubles = {
  'facilities-failed': 'Facilities could not be judged in three sweeps: they are not watched.',
  'incidents-failed': 'Alarms could not be followed in three sweeps: somebody may not have been told.',
  'notices-refused': 'SNS refused notices in three sweeps: departments are not told.',
} as const;
const SWEEP_TROUBLE_MINUTES = 3;

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
  private readonly api: HttpRoutes;
  private readonly parameters: Readonly<Record<AccessParameter, string>>;

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
    this.api = new HttpRoutes(this, 'api', { settings, removalPolicy, operations: this.topics.operations });
    this.parameters = this.addParameters();
    const ledger = new Ledger(this, 'ledger', this.topics);

    const functions = this.addFunctions(bundles);
    this.api.serve(functions);
    this.addSweep(functions.watch);
    this.addOutputs(ledger);
  }

  /** Parameters, so that one synthesized assembly can serve several local runs; their defaults are the checked settings. */
  private addParameters(): Record<AccessParameter, string> {
    const add = (id: string, description: string, value: string): string =>
      new CfnParameter(this, id, { type: 'String', description, default: value }).valueAsString;
    const { authorities, oidcIssuers, administrators } = this.settings;
    const further = add('Authorities', 'Further accepted @authority values, by comma', authorities.join(','));
    return {
      AUTHORITIES: `${this.api.host},${further}`,
      OIDC_ISSUERS: add('OidcIssuers', 'Accepted OIDC issuers, as a JSON array', JSON.stringify(oidcIssuers)),
      ADMINISTRATORS: add(
        'Administrators',
        'issuer|subject of administrators without a grant, by comma',
        administrators.join(','),
      ),
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
      memoryMb: spec.memoryMb,
      timeoutSeconds: spec.timeoutSeconds,
      environment: this.environmentOf(name, spec),
      statements: this.statementsOf(spec),
      removalPolicy: this.removalPolicy,
      operations: this.topics.operations,
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      ...(name === 'watch' ? { asynchronous: { maxEventAgeSeconds: SWEEP_MAX_AGE_SECONDS, retryAttempts: 0 } } : {}),
    });
    if (spec.exports) this.exports.acknowledgeStatements(added);
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
    for (const parameter of spec.told ?? []) environment[parameter] = this.parameters[parameter];
    return environment;
  }

  private statementsOf(spec: FunctionSpec): PolicyStatement[] {
    const statements = rightsOf(spec).flatMap(([table, rights]) => this.tables.statements(table, rights));
    if (spec.publishes) statements.push(...this.topics.publishStatements());
    if (spec.exports) statements.push(...this.exports.statements());
    return statements;
  }

  /** Names the stack: otherwise the sweeps of a test stage would hide that production's have stopped. */
  private get metricsNamespace(): string {
    return `Cradlewatch/${this.stackName}`;
  }

  private addSweep(watch: MonitoredFunction): void {
    if (!watch.deadLetters) throw new Error('watch is asynchronous and must have a dead-letter queue');
    new EveryMinute(this, 'watch-every-minute', {
      target: watch,
      deadLetters: watch.deadLetters.queue,
      maxEventAgeSeconds: SWEEP_MAX_AGE_SECONDS,
    });
    const metric = (metricName: string): Metric =>
      new Metric({
        namespace: this.metricsNamespace,
        metricName,
        dimensionsMap: { service: 'watch' },
        period: Duration.minutes(1),
        statistic: 'Sum',
      });
    for (const [heading, alarmDescription] of Object.entries(sweepTroubles)) {
      new WatchedAlarm(this, heading, {
        heading,
        operations: this.topics.operations,
        alarmDescription,
        metric: metric(heading),
        threshold: 1,
        evaluationPeriods: SWEEP_TROUBLE_MINUTES,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    }
    new WatchedAlarm(this, 'sweep-missing', {
      heading: 'sweep-missing',
      operations: this.topics.operations,
      alarmDescription: `No sweep has completed for ${SWEEP_MISSING_MINUTES} minutes: nobody is watching.`,
      metric: metric('sweep-completed'),
      threshold: 1,
      evaluationPeriods: SWEEP_MISSING_MINUTES,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private addOutputs(ledger: Ledger): void {
    const add = (id: string, value: string) => new CfnOutput(this, id, { value });
    add('ApiEndpoint', this.api.endpoint);
    for (const table of tableNames) add(`${capitalized(table)}Table`, this.tables.nameOf(table));
    for (const [name, topic] of this.topics.all()) add(`Topic${capitalized(name)}`, topic.topicArn);
    add('TopicOperations', this.topics.operations.topicArn);
    add('LedgerQueueUrl', ledger.queue.queueUrl);
    add('ExportsBucket', this.exports.name);
  }
}

const rightsOf = ({ tables = {} }: FunctionSpec) =>
  tableNames.flatMap((table): [typeof table, TableRights][] => {
    const rights = tables[table];
    return rights ? [[table, rights]] : [];
  });

const capitalized = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
