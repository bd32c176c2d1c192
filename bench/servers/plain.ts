import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { serveBench, startOrFail } from './child.ts';

/*
 * What the receiver is measured against, by DOES: `nothing` (read the body, answer 204), `verify` (digest and Ed25519
 * over the signature base, key object kept, nothing parsed or checked beyond that), `update` (verify, then one
 * conditional UpdateItem by the AWS SDK).
 */
const does = process.env.DOES ?? 'nothing';
const table = process.env.TABLE ?? '';

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

/** The like of a heartbeat's write: one small item, a condition, three attributes set. */
const update = async (request: IncomingMessage, body: Buffer): Promise<void> => {
  const keyid = /keyid="([^"]*)"/.exec(String(request.headers['signature-input']))?.[1] ?? '';
  const [report] = JSON.parse(body.toString('utf8')) as [{ seq: number }];
  const now = Date.now();
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: keyid.split('/')[0] ?? '' }, sk: { S: 'plain' } },
      UpdateExpression: 'SET seq = :seq, beatAt = :now, silentAt = :silent',
      ConditionExpression: 'attribute_not_exists(seq) OR seq < :seq',
      ExpressionAttributeValues: {
        ':seq': { N: String(report.seq) },
        ':now': { N: String(now) },
        ':silent': { N: String(now + 180_000) },
      },
    }),
  );
};

/** A beat that a later one of its box overtook is answered like any other. */
const unlessOvertaken = (error: unknown): void => {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
};

const serve = async (request: IncomingMessage): Promise<number> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (does === 'nothing') return 204;
  if (!isGenuine(request, body)) return 401;
  if (does === 'update') await update(request, body).catch(unlessOvertaken);
  return 204;
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
