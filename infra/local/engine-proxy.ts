import { randomUUID } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Feed } from './feed.ts';
import {
  callerOf,
  type KnownResources,
  parseObject,
  partForQueues,
  requestOf,
  type Service,
  wrongChecksum,
} from './requests.ts';
import { isAllowed, type Statement } from './rights.ts';
import type { Vault } from './secrets.ts';
import { textAt } from './template.ts';

/** The access key of the harness and of the start itself: it may do anything. No function has it. */
export const operatorKey = 'operator';

/** Larger than any request that DynamoDB, SNS or SQS takes, and than any export that a function writes. */
const maxRequestBytes = 64 * 1024 * 1024;

export interface EngineAddresses {
  readonly tablePort: number;
  readonly emulatorPort: number;
}

export interface EngineProxy {
  readonly url: string;
  /** Given once the template is read: before that only the operator is let through. */
  setRights(
    rights: ReadonlyMap<string, readonly Statement[]>,
    known: Pick<KnownResources, 'keyOfTopic' | 'partitionKeyOf'>,
  ): void;
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
};

/** Answers in the shape in which the real service would say it, so that the SDK throws the error of that name. */
const answerError = (
  response: ServerResponse,
  service: Service,
  status: number,
  name: string,
  message: string,
): void => {
  const code =
    service === 'dynamodb' || service === 'secretsmanager'
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

/**
 * Stands between every function and the engines: who asks for what is read from the request, and the role that the
 * template gives to the caller decides. Only what is allowed, and what the engines really do, goes through.
 */
export const startEngineProxy = async (engines: EngineAddresses, vault: Vault, feed: Feed): Promise<EngineProxy> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let rights: ReadonlyMap<string, readonly Statement[]> = new Map();
  let known: KnownResources = {
    keyOfTopic: () => undefined,
    partitionKeyOf: () => undefined,
    arnOfSecret: vault.arnOf,
  };

  const forward = (
    incoming: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    port: number,
    service: Service,
  ): void => {
    const headers = incoming.rawHeaders.map((value, index, all) =>
      index % 2 === 1 && all[index - 1]?.toLowerCase() === 'content-length' ? String(body.length) : value,
    );
    const onward = request(
      {
        host: '127.0.0.1',
        port,
        method: incoming.method,
        path: incoming.url,
        headers,
        agent,
        setHost: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else
        answerError(response, service, 503, 'ServiceUnavailable', `the local engine does not answer: ${error.message}`);
    });
    onward.end(body);
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const caller = callerOf(incoming.headers);
    const body = await readBody(incoming);
    if (caller === undefined)
      return answerError(response, 's3', 403, 'AccessDenied', 'the request is not signed for a known service');
    const { service, accessKey } = caller;
    if (body === undefined)
      return answerError(response, service, 413, 'RequestEntityTooLarge', 'the request is too large');
    const asked = requestOf(service, incoming.method ?? 'GET', incoming.url ?? '/', incoming.headers, body, known);
    if ('refused' in asked) {
      feed({ kind: 'refused', caller: accessKey, reason: asked.refused });
      return answerError(response, service, 501, 'NotImplemented', asked.refused);
    }
    if (accessKey !== operatorKey) {
      const statements = rights.get(accessKey) ?? [];
      const denied = asked.asks.find((ask) => !isAllowed(statements, ask));
      if (denied !== undefined) {
        feed({ kind: 'denied', caller: accessKey, action: denied.action, resource: denied.resource });
        const message = `${accessKey} is not authorized to perform: ${denied.action} on resource: ${denied.resource} because its role in the template does not allow it`;
        return answerError(
          response,
          service,
          service === 's3' || service === 'sns' ? 403 : 400,
          'AccessDenied',
          message,
        );
      }
    }
    const wrong = service === 's3' && incoming.method === 'PUT' ? wrongChecksum(incoming.headers, body) : undefined;
    if (wrong !== undefined)
      return answerError(response, service, 400, 'BadDigest', `${wrong} does not match the bytes`);
    if (service === 'secretsmanager') return answerSecret(response, textAt(parseObject(body), 'SecretId') ?? '');
    if (service === 'sns' && accessKey !== operatorKey) announcePublish(body, response);
    const part = service === 'sns' ? partForQueues(body) : undefined;
    if (part === 'invalid')
      return answerError(response, service, 400, 'InvalidParameter', 'MessageStructure must be json with a default');
    forward(
      incoming,
      response,
      part ?? body,
      service === 'dynamodb' ? engines.tablePort : engines.emulatorPort,
      service,
    );
  };

  /** No engine keeps secrets: the vault of this machine answers as the service does, a missing one included. */
  const answerSecret = (response: ServerResponse, asked: string): void => {
    const found = vault.read(asked);
    if (found === undefined) {
      const message = "Secrets Manager can't find the specified secret.";
      answerError(response, 'secretsmanager', 400, 'ResourceNotFound', message);
      return;
    }
    const answer = {
      ARN: vault.arnOf(asked),
      Name: found.name,
      SecretString: found.value,
      VersionStages: ['AWSCURRENT'],
    };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
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
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
};
