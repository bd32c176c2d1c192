import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { serveBench, startOrFail } from './child.ts';

/*
 * What the receiver is measured against, by DOES: `nothing` (read the body, answer 204), `verify` (digest and Ed25519
 * over the signature base, key object kept, nothing parsed or checked beyond that), `update` (verify, then one
 * conditional UpdateItem by the AWS SDK, of the very expression, size and answer of a heartbeat's).
 */
const does = process.env.DOES ?? 'nothing';
const table = process.env.TABLE ?? '';
const facts = process.env.FACTS ?? '';

const keys = new Map<string, KeyObject>();
const keyOf = (raw: string): KeyObject => {
  const known = keys.get(raw);
  if (known !== undefined) return known;
  const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' });
  keys.set(raw, made);
  return made;
};

const isGenuine = (request: IncomingMessage, body: Buffer): boolean => {
  const { headers } = request;
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  if (headers['content-digest'] !== digest) return false;
  const parameters = String(headers['signature-input']).slice('sig1='.length);
  const base = [
    `"@method": ${request.method}`,
    `"@authority": ${headers.host}`,
    `"@path": ${request.url}`,
    `"content-type": ${headers['content-type']}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${parameters}`,
  ].join('\n');
  const raw = /keyid="[^"]*\/([A-Za-z0-9_-]{43})"/.exec(parameters)?.[1] ?? '';
  return verify(null, Buffer.from(base), keyOf(raw), Buffer.from(String(headers.signature).slice(6, -1), 'base64'));
};

const client = new DynamoDBClient({});

/** The write of a heartbeat, so that what the receiver costs more is its own. */
const update = async (request: IncomingMessage, body: Buffer): Promise<number> => {
  const keyid = /keyid="([^"]*)"/.exec(String(request.headers['signature-input']))?.[1] ?? '';
  const [facilityId = '', box = '', key = ''] = keyid.split('/');
  const [report] = JSON.parse(body.toString('utf8')) as [{ seq: number }];
  const now = Date.now();
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: facilityId }, sk: { S: `box#${box}` } },
      UpdateExpression: 'SET liveKeys.#key = :seq, beatAt = :now, silentAt = silentAfterMs + :now',
      ConditionExpression:
        'liveKeys.#key < :seq AND silentAt > :now AND facts = :facts AND offsetMs BETWEEN :least AND :most',
      ReturnValues: 'UPDATED_NEW',
      ExpressionAttributeNames: { '#key': key },
      ExpressionAttributeValues: {
        ':seq': { N: String(report.seq) },
        ':now': { N: String(now) },
        ':facts': { S: facts },
        ':least': { N: '-30000' },
        ':most': { N: '30000' },
      },
    }),
  );
  return 204;
};

/** A write whose condition did not hold, as when a later beat of the box overtook it: the bench counts how many. */
const refused = (error: unknown): number => {
  if (error instanceof ConditionalCheckFailedException) return 409;
  throw error;
};

const serve = async (request: IncomingMessage): Promise<number> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (does === 'nothing') return 204;
  if (!isGenuine(request, body)) return 401;
  return does === 'update' ? update(request, body).catch(refused) : 204;
};

startOrFail(async () => {
  const server = createServer((request, response) => {
    serve(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serveBench((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    server.close();
  });
});
