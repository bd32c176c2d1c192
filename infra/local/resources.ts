import { secretArn } from './secrets.ts';
import { localAccount, localArn, type Resource, TemplateError, textAt } from './template.ts';

export const ofType = (resources: readonly Resource[], ...types: readonly string[]): readonly Resource[] =>
  resources.filter(({ type }) => types.includes(type));

/** What would not work in the cloud stops the start. */
export const fail = ({ logicalId }: Resource, message: string): never => {
  throw new TemplateError(logicalId, message);
};

/** The one HTTP API of this machine. */
export const apiId = 'local';

export const named = ({ logicalId, properties }: Resource, property: string): string =>
  textAt(properties, property) ?? logicalId;
export const bucketName = (resource: Resource): string => named(resource, 'BucketName').toLowerCase();
/** Roles are named after their logical id, whatever name they ask for: only the function behind a role matters here. */
export const roleName = ({ logicalId }: Resource): string => logicalId;

/** `Ref` and `Fn::GetAtt` of every known type. Queue URLs name the proxy, so that rights hold for queues too. */
export const attributesOn =
  (endpoint: () => string) =>
  (resource: Resource, attribute: string | undefined): string | undefined => {
    const { type, logicalId } = resource;
    const answer = (ref: string, others: Readonly<Record<string, string>> = {}) =>
      attribute === undefined ? ref : others[attribute];
    switch (type) {
      case 'AWS::DynamoDB::Table':
      case 'AWS::DynamoDB::GlobalTable': {
        const name = named(resource, 'TableName');
        return answer(name, { Arn: localArn('dynamodb', `table/${name}`) });
      }
      case 'AWS::SNS::Topic': {
        const name = named(resource, 'TopicName');
        const arn = localArn('sns', name);
        return answer(arn, { TopicArn: arn, TopicName: name });
      }
      case 'AWS::SQS::Queue': {
        const name = named(resource, 'QueueName');
        const url = `${endpoint()}/${localAccount.accountId}/${name}`;
        return answer(url, { Arn: localArn('sqs', name), QueueName: name, QueueUrl: url });
      }
      case 'AWS::S3::Bucket':
        return answer(bucketName(resource), { Arn: localArn('s3', bucketName(resource)) });
      case 'AWS::Lambda::Function': {
        const name = named(resource, 'FunctionName');
        return answer(name, { Arn: localArn('lambda', `function:${name}`) });
      }
      case 'AWS::IAM::Role':
        return answer(roleName(resource), { Arn: localArn('iam', `role/${roleName(resource)}`), RoleId: logicalId });
      case 'AWS::Logs::LogGroup': {
        const name = named(resource, 'LogGroupName');
        return answer(name, { Arn: localArn('logs', `log-group:${name}:*`) });
      }
      case 'AWS::Events::Rule': {
        const name = named(resource, 'Name');
        return answer(name, { Arn: localArn('events', `rule/${name}`) });
      }
      case 'AWS::KMS::Key':
        return answer(logicalId, { Arn: localArn('kms', `key/${logicalId}`), KeyId: logicalId });
      case 'AWS::ApiGatewayV2::Api':
        return answer(apiId, {
          ApiId: apiId,
          ApiEndpoint: `https://${apiId}.execute-api.${localAccount.region}.${localAccount.urlSuffix}`,
        });
      case 'AWS::ApiGatewayV2::Stage':
        return answer(textAt(resource.properties, 'StageName') ?? '$default');
      case 'AWS::CloudWatch::Alarm':
        return answer(logicalId, { Arn: localArn('cloudwatch', `alarm:${logicalId}`) });
      case 'AWS::SecretsManager::Secret': {
        const arn = secretArn(named(resource, 'Name'));
        return answer(arn, { Id: arn });
      }
      case 'AWS::KMS::Alias':
        return answer(textAt(resource.properties, 'AliasName') ?? logicalId);
      default:
        return answer(logicalId, { Id: logicalId, IntegrationId: logicalId, RouteId: logicalId });
    }
  };

const attributeOf = attributesOn(() => '');
/** The name by which rights and other resources know it. */
export const arnOf = (resource: Resource): string =>
  attributeOf(resource, 'Arn') ?? attributeOf(resource, undefined) ?? '';
