import { randomBytes, randomUUID } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Feed } from './feed.ts';
import { type LockedBuckets, lockedBuckets } from './locked-buckets.ts';
import { type PresignedLink, presignedIn, refusalOfLink } from './presigned.ts';
import {
  type Caller,
  callerOf,
  isOnlyIfAbsent,
  type KnownResources,
  objectOf,
  parseObject,
  partForQueues,
  requestOf,
  type Service,
  wrongChecksum,
} from './requests.ts';
import { type Ask, isAllowed, type Statement } from './rights.ts';
import type { SecretValue, Vault } from './secrets.ts';
import type { SigningKeys } from './signing-keys.ts';
import { type JsonObject, localArn, textAt } from './template.ts';

/** The access key of the harness and of the start itself: it may do anything. No function has it. */
export const operatorKey = 'operator';

/** Larger than any request that DynamoDB, SNS or SQS takes, and than any export that a function writes. */
const maxRequestBytes = 64 * 1024 * 1024;

export interface EngineAddresses {
  readonly tablePort: number;
  readonly emulatorPort: number;
}

/** What no engine has, and this machine keeps by itself. */
export interface KeptHere {
  readonly vault: Vault;
  readonly signingKeys: SigningKeys;
  /** Buckets with Object Lock. */
  readonly lockedBuckets: ReadonlySet<string>;
  /** What the policies of buckets deny to everybody. */
  readonly bucketDenials: readonly Statement[];
  /** By the clock of the stack: links end by it. */
  readonly now: () => number;
}

export interface EngineProxy {
  readonly url: string;
  /** Given once the template is read: before that only the operator is let through. */
  setRights(
    rights: ReadonlyMap<string, readonly Statement[]>,
    known: Pick<KnownResources, 'keyOfTopic' | 'partitionKeyOf'>,
  ): void;
  /** The secret with which a caller signs; it is made for this start, and shown to that caller alone. */
  secretKeyOf(accessKey: string): string;
  stop(): Promise<void>;
}

const xml = (service: Service, code: string, message: string): string =>
  service === 's3'
    ? `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
    : `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;

const errorNamespace: Partial<Record<Service, string>> = {
  dynamodb: 'com.amazon.coral.service',
  sqs: 'com.amazonaws.sqs',
  secretsmanager: 'com.amazonaws.secretsmanager',
  kms: 'com.amazonaws.kms',
};
/** These end their error names in `Exception`. */
const withExceptions = new Set<Service>(['dynamodb', 'secretsmanager', 'kms']);

/** Answers in the shape in which the real service would say it, so that the SDK throws the error of that name. */
const answerError = (
  response: ServerResponse,
  service: Service,
  status: number,
  name: string,
  message: string,
): void => {
  const code = withExceptions.has(service)
    ? `${name}Exception`
    : service === 'sns' && name === 'AccessDenied'
      ? 'AuthorizationError'
      : name;
  const namespace = errorNamespace[service];
  const isJson = namespace !== undefined;
  const body = isJson ? JSON.stringify({ __type: `${namespace}#${code}`, message }) : xml(service, code, message);
  response.writeHead(status, {
    'content-type': isJson ? 'application/x-amz-json-1.0' : 'text/xml',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
};

const readBody = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
};

/** One request on its way to an engine: with the address that the engine is asked, which is without a link's signature. */
interface Asked {
  readonly incoming: IncomingMessage;
  readonly service: Service;
  readonly url: string;
}

/** `TrentService.Sign` is `Sign`. */
const operationOf = ({ headers }: IncomingMessage): string => String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';

const secretValueIn = (body: JsonObject): SecretValue | undefined => {
  const [text, bytes] = [textAt(body, 'SecretString'), textAt(body, 'SecretBinary')];
  if (text !== undefined && bytes === undefined) return { SecretString: text };
  return bytes !== undefined && text === undefined ? { SecretBinary: bytes } : undefined;
};

/** The bytes of an object as the emulator has them. */
const readObject = async (port: number, path: string): Promise<Uint8Array | undefined> => {
  const authorization = `AWS4-HMAC-SHA256 Credential=${operatorKey}/20200101/local/s3/aws4_request`;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new Error(`the emulator answered ${answer.status} for ${path}`);
  return bytes;
};

/**
 * Stands between every function and the engines: who asks for what is read from the request, and the role that the
 * template gives to the caller decides. Only what is allowed, and what the engines really do, goes through.
 */
export const startEngineProxy = async (engines: EngineAddresses, here: KeptHere, feed: Feed): Promise<EngineProxy> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let rights: ReadonlyMap<string, readonly Statement[]> = new Map();
  let known: KnownResources = {
    keyOfTopic: () => undefined,
    partitionKeyOf: () => undefined,
    arnOfSecret: here.vault.arnOf,
    lockedBuckets: here.lockedBuckets,
  };
  const { vault } = here;
  const secretKeys = new Map<string, string>([[operatorKey, 'local']]);
  const secretKeyOf = (accessKey: string): string => {
    const secret = secretKeys.get(accessKey) ?? randomBytes(30).toString('base64url');
    secretKeys.set(accessKey, secret);
    return secret;
  };
  const locks: LockedBuckets = lockedBuckets(here.lockedBuckets, (path) => readObject(engines.emulatorPort, path));

  /** Ends when the answer has gone, or cannot go any more. */
  const forward = (
    { incoming, service, url }: Asked,
    response: ServerResponse,
    body: Buffer,
    answerHeaders: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    const headers = incoming.rawHeaders.flatMap((value, index, all) => {
      if (index % 2 === 1) return [];
      const isConditional = service === 's3' && value.toLowerCase() === 'if-none-match';
      const isLength = value.toLowerCase() === 'content-length';
      return isConditional ? [] : [value, isLength ? String(body.length) : (all[index + 1] ?? '')];
    });
    const onward = request(
      {
        host: '127.0.0.1',
        port: service === 'dynamodb' ? engines.tablePort : engines.emulatorPort,
        method: incoming.method,
        path: url,
        headers,
        agent,
        setHost: false,
      },
      (answer) => {
        for (const [name, value] of Object.entries(answerHeaders)) answer.headers[name] = value;
        if (Object.keys(answerHeaders).length === 0) response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        else response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else
        answerError(response, service, 503, 'ServiceUnavailable', `the local engine does not answer: ${error.message}`);
    });
    onward.end(body);
    return gone;
  };

  /** Why the role of the caller, or a policy of a bucket, does not let a request through. */
  const denialOf = (accessKey: string, asks: readonly Ask[]): Ask | undefined => {
    if (accessKey === operatorKey) return undefined;
    const own = rights.get(accessKey) ?? [];
    const principal = { 'aws:PrincipalArn': localArn('iam', `role/${accessKey}`) };
    return asks.find((ask) =>
      ask.action.startsWith('s3:')
        ? !isAllowed([...own, ...here.bucketDenials], { ...ask, context: { ...principal, ...ask.context } })
        : !isAllowed(own, ask),
    );
  };

  /** An object is put in its turn, once nothing speaks against it; it is deleted in no locked bucket, by nobody. */
  const putOrDelete = async (asked: Asked, response: ServerResponse, body: Buffer): Promise<void> => {
    const { incoming, url } = asked;
    const { bucket, key } = objectOf(url);
    const path = new URL(url, 'http://s3').pathname;
    if (incoming.method === 'DELETE' && here.lockedBuckets.has(bucket)) {
      return answerError(response, 's3', 403, 'AccessDenied', 'Access Denied because object protected by object lock.');
    }
    if (incoming.method !== 'PUT' || key === '') return forward(asked, response, body);
    await locks.inTurn(path, async () => {
      const onlyIfAbsent = isOnlyIfAbsent('PUT', incoming.headers);
      const verdict = await locks.verdictOn({ bucket, path, body, onlyIfAbsent });
      if (verdict === 'goes-on') return forward(asked, response, body);
      answerError(response, 's3', verdict.status, verdict.code, verdict.message);
    });
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const link = presignedIn(incoming.url ?? '/');
    const caller: Caller | undefined =
      link === undefined ? callerOf(incoming.headers) : { accessKey: link.accessKey, service: 's3' };
    const body = await readBody(incoming);
    if (caller === undefined)
      return answerError(response, 's3', 403, 'AccessDenied', 'the request is not signed for a known service');
    const { service, accessKey } = caller;
    if (body === undefined)
      return answerError(response, service, 413, 'RequestEntityTooLarge', 'the request is too large');
    if (link !== undefined && !isLinkRight(incoming, link, response)) return;
    const asked: Asked = { incoming, service, url: link?.plainUrl ?? incoming.url ?? '/' };
    const found = requestOf(service, incoming.method ?? 'GET', asked.url, incoming.headers, body, known);
    if ('refused' in found) {
      feed({ kind: 'refused', caller: accessKey, reason: found.refused });
      return answerError(response, service, 501, 'NotImplemented', found.refused);
    }
    const denied = denialOf(accessKey, found.asks);
    if (denied !== undefined) {
      feed({ kind: 'denied', caller: accessKey, action: denied.action, resource: denied.resource });
      const message = `${accessKey} is not authorized to perform: ${denied.action} on resource: ${denied.resource} because its role in the template does not allow it`;
      return answerError(response, service, service === 's3' || service === 'sns' ? 403 : 400, 'AccessDenied', message);
    }
    if (service === 'secretsmanager') return answerSecret(response, operationOf(incoming), parseObject(body));
    if (service === 'kms') return answerKey(response, operationOf(incoming), parseObject(body));
    if (service === 's3') {
      const wrong = incoming.method === 'PUT' ? wrongChecksum(incoming.headers, body) : undefined;
      if (wrong !== undefined)
        return answerError(response, service, 400, 'BadDigest', `${wrong} does not match the bytes`);
      if (link !== undefined) return forward(asked, response, body, link.answerHeaders);
      return putOrDelete(asked, response, body);
    }
    if (service === 'sns' && accessKey !== operatorKey) announcePublish(body, response);
    const part = service === 'sns' ? partForQueues(body) : undefined;
    if (part === 'invalid')
      return answerError(response, service, 400, 'InvalidParameter', 'MessageStructure must be json with a default');
    return forward(asked, response, part ?? body);
  };

  /** Checks a link as S3 does, and answers for it if it is not right. Links of this stack only read. */
  const isLinkRight = (incoming: IncomingMessage, link: PresignedLink, response: ServerResponse): boolean => {
    const { method = 'GET', url = '/', headers } = incoming;
    const secret = secretKeys.get(link.accessKey);
    const refusal =
      method === 'GET'
        ? refusalOfLink({ method, url, headers }, secret, here.now())
        : { status: 501, code: 'NotImplemented', message: 'links only read on this machine' };
    if (refusal === undefined) return true;
    feed({ kind: 'refused', caller: link.accessKey, reason: `a link: ${refusal.message}` });
    answerError(response, 's3', refusal.status, refusal.code, refusal.message);
    return false;
  };

  const answerJson = (response: ServerResponse, body: JsonObject): void => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  };

  const answerKey = (response: ServerResponse, operation: string, body: JsonObject): void => {
    const answer = here.signingKeys.answer(operation, body);
    if ('body' in answer) answerJson(response, answer.body);
    else answerError(response, 'kms', 400, answer.error, answer.message);
  };

  /** No engine keeps secrets: the vault of this machine answers as the service does, a missing one included. */
  const answerSecret = (response: ServerResponse, operation: string, body: JsonObject): void => {
    if (operation === 'CreateSecret') createSecret(response, textAt(body, 'Name') ?? '', body);
    else if (operation === 'DeleteSecret') destroySecret(response, textAt(body, 'SecretId') ?? '');
    else readSecret(response, textAt(body, 'SecretId') ?? '');
  };

  const readSecret = (response: ServerResponse, asked: string): void => {
    const found = vault.read(asked);
    if (found !== undefined) {
      const { name, value } = found;
      answerJson(response, { ARN: vault.arnOf(asked), Name: name, ...value, VersionStages: ['AWSCURRENT'] });
      return;
    }
    const message = "Secrets Manager can't find the specified secret.";
    answerError(response, 'secretsmanager', 400, 'ResourceNotFound', message);
  };

  const destroySecret = (response: ServerResponse, asked: string): void => {
    vault.destroy(asked);
    answerJson(response, { ARN: vault.arnOf(asked), Name: asked, DeletionDate: here.now() / 1_000 });
  };

  const createSecret = (response: ServerResponse, name: string, body: JsonObject): void => {
    const value = secretValueIn(body);
    if (value === undefined) {
      answerError(response, 'secretsmanager', 400, 'InvalidParameter', 'give SecretString or SecretBinary');
    } else if (vault.create(name, value)) {
      answerJson(response, { ARN: vault.arnOf(name), Name: name });
    } else {
      const message = `The operation failed because the secret ${name} already exists.`;
      answerError(response, 'secretsmanager', 400, 'ResourceExists', message);
    }
  };

  const announcePublish = (body: Buffer, response: ServerResponse): void => {
    const form = new URLSearchParams(body.toString('utf8'));
    const topic = form.get('TopicArn')?.split(':').at(-1);
    if (form.get('Action') !== 'Publish' || topic === undefined) return;
    response.once('finish', () => {
      if (response.statusCode !== 200) return;
      feed({ kind: 'published', topic, subject: form.get('Subject') ?? undefined, message: form.get('Message') ?? '' });
    });
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      feed({ kind: 'fault', message: `the engine proxy failed: ${String(error)}` });
      if (!response.headersSent) answerError(response, 's3', 500, 'InternalError', 'the engine proxy failed');
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setRights(given, resources) {
      rights = given;
      known = { ...known, ...resources };
    },
    secretKeyOf,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
};
