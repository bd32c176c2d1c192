import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type RequestToSign, type SignedHeaders, signRequest } from './rfc9421-signer.ts';

/** The event that the HTTP API (payload 2.0) makes of a POST. */
export const postEvent = (
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: `POST ${path}`,
  rawPath: path,
  rawQueryString: '',
  headers: { ...headers },
  isBase64Encoded: typeof body !== 'string',
  body: typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
  requestContext: {
    accountId: '000000000000',
    apiId: 'api',
    domainName: headers.host ?? '',
    domainPrefix: 'api',
    http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'box' },
    requestId: 'request-1',
    routeKey: `POST ${path}`,
    stage: '$default',
    time: '02/Mar/2026:01:00:00 +0000',
    timeEpoch: 1_772_413_200_000,
  },
});

/** The same, signed. `headers` replace signed ones afterwards: to tamper. */
export const signedEvent = (
  request: RequestToSign,
  headers: Partial<SignedHeaders> = {},
  body: string | Uint8Array = request.body,
): APIGatewayProxyEventV2 => postEvent(request.path, { ...signRequest(request), ...headers }, body);
