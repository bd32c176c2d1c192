import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import type { Ask, Context } from './rights.ts';
import { isMadeByFunctions } from './secrets.ts';
import { isObject, type JsonObject, localArn, objectAt, textAt } from './template.ts';

export type Service = 'dynamodb' | 'sns' | 'sqs' | 's3' | 'secretsmanager' | 'kms';

/** Who asks: the access key, which on this machine is the function's logical id, and the service it signed for. */
export interface Caller {
  readonly accessKey: string;
  readonly service: Service;
}

/** What a request asks for, or why this machine refuses to pretend that it can do it. */
export type Request = { readonly asks: readonly Ask[] } | { readonly refused: string };

const services = new Set<string>(['dynamodb', 'sns', 'sqs', 's3', 'secretsmanager', 'kms']);

/** Reads the credential scope of a SigV4 header. The signature itself is not checked: no secret exists here. */
export const callerOf = (headers: IncomingHttpHeaders): Caller | undefined => {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  const [, accessKey, service] = scope ?? [];
  if (accessKey === undefined || service === undefined || !services.has(service)) return undefined;
  return { accessKey, service: service as Service };
};

const tableArn = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : localArn('dynamodb', `table/${nameOrArn}`);

const unsupportedOnTables = new Set([
  'ExecuteStatement',
  'BatchExecuteStatement',
  'ExecuteTransaction',
  'TransactWriteItems',
  'TransactGetItems',
]);

/** What is known of the template's resources, and bears on whether a request is allowed. */
export interface KnownResources {
  /** The key that encrypts a topic, if it is one of ours. */
  keyOfTopic(topicArn: string): string | undefined;
  /** Name of the attribute that is the partition key of a table. */
  partitionKeyOf(table: string): string | undefined;
  arnOfSecret(nameOrArn: string): string;
  /** Buckets of which nobody can overwrite or delete an object. */
  readonly lockedBuckets: ReadonlySet<string>;
}

const singleItem: Readonly<Record<string, string>> = {
  GetItem: 'Key',
  PutItem: 'Item',
  UpdateItem: 'Key',
  DeleteItem: 'Key',
};

/** The partition key of the one item that the request names; a value that cannot be read equals none that a policy has. */
const leadingKeysOf = (operation: string, body: JsonObject, partitionKey: string | undefined): Context => {
  const property = singleItem[operation];
  if (property === undefined || partitionKey === undefined) return {};
  const value = objectAt(objectAt(body, property), partitionKey);
  return { 'dynamodb:LeadingKeys': [textAt(value, 'S') ?? textAt(value, 'N') ?? ''] };
};

const dynamodbRequest = (target: string, body: JsonObject, { partitionKeyOf }: KnownResources): Request => {
  const operation = target.split('.')[1] ?? '';
  if (unsupportedOnTables.has(operation)) return { refused: `the local tables have no ${operation}` };
  if ((textAt(body, 'ReturnValuesOnConditionCheckFailure') ?? 'NONE') !== 'NONE') {
    return { refused: 'the local tables cannot return the item of a failed condition' };
  }
  const action = `dynamodb:${operation}`;
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    return {
      asks: Object.keys(objectAt(body, 'RequestItems')).map((table) => ({ action, resource: tableArn(table) })),
    };
  }
  const table = textAt(body, 'TableName');
  if (table === undefined) return { asks: [{ action, resource: '*' }] };
  const index = textAt(body, 'IndexName');
  const resource = index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}`;
  const partitionKey = partitionKeyOf(table.split('/').at(-1) ?? table);
  return { asks: [{ action, resource, context: leadingKeysOf(operation, body, partitionKey) }] };
};

const batchStructure = /^PublishBatchRequestEntries\.member\.\d+\.MessageStructure$/;

/**
 * What a publish looks like once SNS has chosen the part of its message that is for a queue, the only subscriber on this
 * machine; the emulator would deliver all parts. Undefined = there is nothing to choose, or a fault that SNS answers.
 */
export const partForQueues = (body: Buffer): Buffer | 'invalid' | undefined => {
  const form = new URLSearchParams(body.toString('utf8'));
  if (form.get('Action') !== 'Publish' || form.get('MessageStructure') === null) return undefined;
  const parts = form.get('MessageStructure') === 'json' ? parseObject(Buffer.from(form.get('Message') ?? '')) : {};
  const [otherwise, part] = [parts.default, parts.sqs ?? parts.default];
  if (typeof otherwise !== 'string' || typeof part !== 'string') return 'invalid';
  form.delete('MessageStructure');
  form.set('Message', part);
  return Buffer.from(form.toString());
};

const snsRequest = (form: URLSearchParams, { keyOfTopic }: KnownResources): Request => {
  const operation = form.get('Action') ?? '';
  if (operation === 'Publish' && form.get('TopicArn') === null)
    return { refused: 'only topics are published to on this machine' };
  if ([...form.keys()].some((name) => batchStructure.test(name)))
    return { refused: 'the local topics do not choose a part of a message in a batch' };
  const resource = form.get('TopicArn') ?? form.get('ResourceArn') ?? '*';
  const asks: Ask[] = [{ action: `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`, resource }];
  const key = keyOfTopic(resource);
  if (operation.startsWith('Publish') && key !== undefined) {
    const context = { 'kms:ViaService': `sns.${resource.split(':')[3]}.amazonaws.com` };
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) asks.push({ action, resource: key, context });
  }
  return { asks };
};

const sqsRequest = (target: string, body: JsonObject): Request => {
  const operation = (target.split('.')[1] ?? '').replace(/Batch$/, '');
  const url = textAt(body, 'QueueUrl');
  const name = url?.split('/').at(-1) ?? textAt(body, 'QueueName');
  return { asks: [{ action: `sqs:${operation}`, resource: name === undefined ? '*' : localArn('sqs', name) }] };
};

/** What this machine takes of each action on a secret; anything else would be left out silently. */
const secretParameters: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ['SecretId'],
  CreateSecret: ['Name', 'SecretString', 'SecretBinary', 'ClientRequestToken', 'Description'],
  DeleteSecret: ['SecretId', 'ForceDeleteWithoutRecovery'],
};

const secretRequest = (target: string, body: JsonObject, { arnOfSecret }: KnownResources): Request => {
  const operation = target.split('.')[1] ?? '';
  const known = secretParameters[operation];
  if (known === undefined) return { refused: `the local secrets are not asked for ${operation}` };
  const other = Object.keys(body).find((key) => !known.includes(key));
  if (other !== undefined) return { refused: `the local secrets have one version and no ${other}` };
  const name = textAt(body, operation === 'CreateSecret' ? 'Name' : 'SecretId') ?? '';
  if (operation !== 'GetSecretValue' && !isMadeByFunctions(name)) {
    return { refused: `the local secrets are made and destroyed as challenge keys only, not ${name}` };
  }
  if (operation === 'DeleteSecret' && body.ForceDeleteWithoutRecovery !== true) {
    return { refused: 'the local secrets are destroyed at once, with ForceDeleteWithoutRecovery, or not at all' };
  }
  return { asks: [{ action: `secretsmanager:${operation}`, resource: arnOfSecret(name) }] };
};

const keyParameters: Readonly<Record<string, readonly string[]>> = {
  GetPublicKey: ['KeyId'],
  Sign: ['KeyId', 'Message', 'MessageType', 'SigningAlgorithm'],
};

const kmsRequest = (target: string, body: JsonObject): Request => {
  const operation = target.split('.')[1] ?? '';
  const known = keyParameters[operation];
  if (known === undefined) return { refused: `the local keys are not asked for ${operation}` };
  const other = Object.keys(body).find((key) => !known.includes(key));
  if (other !== undefined) return { refused: `the local keys know no ${other}` };
  const key = textAt(body, 'KeyId') ?? '';
  const resource = key.startsWith('arn:') ? key : localArn('kms', `key/${key}`);
  return { asks: [{ action: `kms:${operation}`, resource }] };
};

/** Query parameters of S3 that only choose how an ordinary read, write or listing is done. */
const plainS3Query = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'uploads',
  'uploadId',
  'partNumber',
  'location',
]);
const fakedS3Header =
  /^(if-|x-amz-object-lock|x-amz-bypass|x-amz-copy-source|x-amz-trailer|x-amz-server-side-encryption-customer|x-amz-mfa|x-amz-tagging|x-amz-expected-bucket-owner)/;
const fakedS3Value = /^(aws-chunked|STREAMING-)/;

/** A put of what is not there yet is the one condition that this machine keeps. */
export const isOnlyIfAbsent = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'PUT' && headers['if-none-match'] === '*';

/** Bucket and key of an address. */
export const objectOf = (url: string): { readonly bucket: string; readonly key: string } => {
  const [bucket = '', ...rest] = new URL(url, 'http://s3').pathname.slice(1).split('/');
  return { bucket, key: decodeURIComponent(rest.join('/')) };
};

const s3Request = (
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  { lockedBuckets }: KnownResources,
): Request => {
  const { searchParams } = new URL(url, 'http://s3');
  const onlyIfAbsent = isOnlyIfAbsent(method, headers);
  for (const name of searchParams.keys()) {
    if (!plainS3Query.has(name)) return { refused: `the local buckets do not keep what ?${name} asks for` };
  }
  for (const [name, value] of Object.entries(headers)) {
    if (onlyIfAbsent && name === 'if-none-match') continue;
    if (fakedS3Header.test(name) || fakedS3Value.test(String(value))) {
      return { refused: `the local buckets do not keep what the header ${name} asks for` };
    }
  }
  const { bucket, key } = objectOf(url);
  if (bucket === '') return { asks: [{ action: 's3:ListAllMyBuckets', resource: '*' }] };
  if (key === '') {
    const actions: Record<string, string> = { GET: 's3:ListBucket', HEAD: 's3:ListBucket', PUT: 's3:CreateBucket' };
    const action = actions[method];
    return action === undefined
      ? { refused: `the local buckets do not take ${method}` }
      : { asks: [{ action, resource: localArn('s3', bucket) }] };
  }
  if (lockedBuckets.has(bucket) && (searchParams.has('uploads') || searchParams.has('uploadId'))) {
    return { refused: 'an object under Object Lock is put whole on this machine' };
  }
  const aborts = method === 'DELETE' && searchParams.has('uploadId');
  const actions: Record<string, string> = {
    GET: 's3:GetObject',
    HEAD: 's3:GetObject',
    PUT: 's3:PutObject',
    POST: 's3:PutObject',
    DELETE: aborts ? 's3:AbortMultipartUpload' : 's3:DeleteObject',
  };
  const action = actions[method];
  if (action === undefined) return { refused: `the local buckets do not take ${method}` };
  const context: Context = onlyIfAbsent ? { 's3:if-none-match': '*' } : {};
  return { asks: [{ action, resource: localArn('s3', `${bucket}/${key}`), context }] };
};

/** The checksum that a write of an object states and its bytes do not have; the emulator would accept it. */
export const wrongChecksum = (headers: IncomingHttpHeaders, body: Buffer): string | undefined => {
  const digest = (algorithm: string) => createHash(algorithm).update(body).digest('base64');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const actual: Record<string, () => string> = {
    'content-md5': () => digest('md5'),
    'x-amz-checksum-crc32': () => crc.toString('base64'),
    'x-amz-checksum-sha1': () => digest('sha1'),
    'x-amz-checksum-sha256': () => digest('sha256'),
  };
  return Object.keys(headers).find((name) => {
    if (name !== 'content-md5' && !name.startsWith('x-amz-checksum-')) return false;
    if (name === 'x-amz-checksum-algorithm' || name === 'x-amz-checksum-mode' || name === 'x-amz-checksum-type')
      return false;
    return actual[name]?.() !== headers[name];
  });
};

export const parseObject = (body: Buffer): JsonObject => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {}; // the engine answers what is not JSON
  }
};

/** What one request to an engine asks for. */
export const requestOf = (
  service: Service,
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  known: KnownResources,
): Request => {
  const target = String(headers['x-amz-target'] ?? '');
  if (service === 'dynamodb') return dynamodbRequest(target, parseObject(body), known);
  if (service === 'sns') return snsRequest(new URLSearchParams(body.toString('utf8')), known);
  if (service === 'sqs') return sqsRequest(target, parseObject(body));
  if (service === 'secretsmanager') return secretRequest(target, parseObject(body), known);
  if (service === 'kms') return kmsRequest(target, parseObject(body));
  return s3Request(method, url, headers, known);
};
