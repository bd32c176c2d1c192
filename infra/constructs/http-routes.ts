import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { ArnFormat, Aws, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type FunctionName, type Route, type RouteKey, routeKey, routes } from '../../shared/contracts/routes.ts';
import { acknowledge } from '../acknowledge.ts';
import { functionSpecs } from '../functions.ts';
import type { Settings } from '../settings.ts';
import type { MonitoredFunction } from './monitored-function.ts';
import { WatchedAlarm } from './watched-alarm.ts';

/** What the access log keeps of a request: nothing that says who, from where, or about which facility. */
const accessLogFields = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
};

export interface HttpRoutesProps {
  readonly settings: Settings;
  readonly operations: ITopic;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The HTTP API with every route of the contract on its `$default` stage, each path with its own throttle.
 *
 * Under `ingress: open` the functions alone decide who may call: boxes by their signature, people by their OIDC token.
 * Under `ingress: iam` every route asks for SigV4 as well: where an API without an authorizer is refused, one open route
 * is as good as none. SigV4 fills the Authorization header, so people then reach the API through a signing proxy, which
 * moves their token to `x-cradlewatch-token`.
 *
 * Made in two steps: functions are told the API's own host, and routes need the functions.
 */
export class HttpRoutes extends Construct {
  private readonly api: CfnApi;
  private readonly props: HttpRoutesProps;

  constructor(scope: Construct, id: string, props: HttpRoutesProps) {
    super(scope, id);
    this.props = props;
    this.api = new CfnApi(this, 'Api', { name: Stack.of(this).stackName, protocolType: 'HTTP' });
    this.addAlarm();
  }

  /** The API's own `@authority`. */
  get host(): string {
    return `${this.api.ref}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  }

  get endpoint(): string {
    return this.api.attrApiEndpoint;
  }

  /** What a caller of a route needs: nothing while the functions alone decide, else the right to call that route. */
  callStatements(route: RouteKey): PolicyStatement[] {
    if (this.props.settings.ingress === 'open') return [];
    const resources = [this.arnOf(...(route.split(' ') as [string, string]))];
    return [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })];
  }

  /** Adds the routes, the one permission of each function that serves some, and then the stage that serves them. */
  serve(functions: Readonly<Record<FunctionName, MonitoredFunction>>): void {
    const stage = this.addStage();
    const integrations = new Map<FunctionName, CfnIntegration>();
    for (const route of routes) {
      const target = functions[route.serves];
      const integration = integrations.get(route.serves) ?? this.addIntegration(route.serves, target);
      integrations.set(route.serves, integration);
      // The stage's throttles name routes: it cannot exist before them.
      stage.addResourceDependency(this.addRoute(route, integration));
    }
    for (const name of integrations.keys()) this.addPermission(name, functions[name]);
  }

  private addIntegration(name: FunctionName, target: MonitoredFunction): CfnIntegration {
    return new CfnIntegration(this, `Integration-${name}`, {
      apiId: this.api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: target.functionArn,
      payloadFormatVersion: '2.0',
      // The function's own timeout comes first, so that it is counted as its error.
      timeoutInMillis: (functionSpecs[name].timeoutSeconds + 1) * 1000,
    });
  }

  private addRoute(route: Route, integration: CfnIntegration): CfnRoute {
    const resource = new CfnRoute(this, `Route-${idOf(route)}`, {
      apiId: this.api.ref,
      routeKey: routeKey(route),
      target: `integrations/${integration.ref}`,
      authorizationType: this.props.settings.ingress === 'iam' ? 'AWS_IAM' : 'NONE',
    });
    if (this.props.settings.ingress === 'open') acknowledge(resource, 'AwsSolutions-APIG4', whyOpen(route));
    return resource;
  }

  /** One for a function, not for a route: a template may hold 500 resources, and a function's policy 20 KB. */
  private addPermission(name: FunctionName, target: MonitoredFunction): void {
    new CfnPermission(this, `Permission-${name}`, {
      action: 'lambda:InvokeFunction',
      functionName: target.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: this.arnOf(...narrowestOf(routes.filter(({ serves }) => serves === name))),
    });
  }

  private arnOf(method: string, path: string): string {
    return Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.api.ref,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      resourceName: `$default/${method}${path.replace(/\{[^}]+\}/g, '*')}`,
    });
  }

  private addStage(): CfnStage {
    const { throttles, logRetentionDays } = this.props.settings;
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetentionDays,
      removalPolicy: this.props.removalPolicy,
    });
    return new CfnStage(this, 'Stage', {
      apiId: this.api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: {
        // The group's own ARN attribute ends in `:*`, which the gateway does not take.
        destinationArn: Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: accessLog.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
        format: JSON.stringify(accessLogFields),
      },
      defaultRouteSettings: {
        throttlingRateLimit: throttles.default.ratePerSecond,
        throttlingBurstLimit: throttles.default.burst,
      },
      routeSettings: Object.fromEntries(
        routes.flatMap((route) => {
          const limits = throttles.paths[route.path];
          if (!limits) return [];
          const settings = {
            ThrottlingRateLimit: limits.ratePerSecond,
            ThrottlingBurstLimit: limits.burst,
          };
          return [[routeKey(route), settings]];
        }),
      ),
    });
  }

  private addAlarm(): void {
    new WatchedAlarm(this, 'ServerErrors', {
      heading: 'api-server-errors',
      operations: this.props.operations,
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: this.api.ref },
        period: Duration.minutes(1),
        statistic: 'Sum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

const whyOpen = ({ caller, serves }: Route): string =>
  serves === 'take-answers'
    ? 'Whoever has the link is whom it was sent to: the function verifies its token, which names one delivery, once, for a day.'
    : whyCallerIsOpen[caller];

const whyCallerIsOpen: Readonly<Record<Route['caller'], string>> = {
  box: 'The function verifies the RFC 9421 signature of a live key over the raw bytes; a gateway authorizer cannot see the body.',
  person:
    'The function verifies the OIDC token of any configured issuer and the grant of its subject; a gateway authorizer knows one issuer and no grants.',
  anyone:
    'The description of the API is public: a device maker reads it before there is a key. An answer link carries its own proof, which its function verifies; a duty officer has no token at three in the morning.',
};

/** The narrowest method and path that cover these routes: those of the only one, else what all of them begin with. */
const narrowestOf = (served: readonly Route[]): [method: string, path: string] => {
  const methods = served.map(({ method }) => method);
  const paths = served.map(({ path }) => path);
  return [commonOf(methods) ?? '*', commonOf(paths) ?? `${commonFolder(paths)}*`];
};

const commonOf = ([first, ...others]: readonly string[]): string | undefined =>
  others.every((each) => each === first) ? first : undefined;

/** `/v1/desk/notices` and `/v1/desk/incidents` begin with `/v1/desk/`. */
const commonFolder = ([first = '', ...others]: readonly string[]): string => {
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (!others.every((each) => each.startsWith(folder)))
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  return folder;
};

/** `GET /v1/registry/facilities/{facility}` becomes `get-registry-facilities-facility`. */
const idOf = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replace(/^\/v1/, '').replaceAll(/[{}]/g, '').replaceAll(/[/.]/g, '-')}`;
