import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { problemKinds } from '../../../shared/contracts/problems.ts';
import { serveHttp } from '../../../shared/runtime/serve-http.ts';
import { postEvent } from '../../support/http-event.ts';
import { quietObservers } from '../../support/receivers.ts';

const event = postEvent('/v1/alarms', { host: 'api.example.com' }, '{}');

describe('a function behind the HTTP API', () => {
  it('hands the answer through', async () => {
    const handler = serveHttp(async () => ({ statusCode: 200, body: 'ok' }), quietObservers());
    expect(await handler(event, {} as Context)).toEqual({ statusCode: 200, body: 'ok' });
  });

  it('answers 503 while it still can when its time runs out', async () => {
    const handler = serveHttp(() => new Promise(() => {}), quietObservers());
    const { statusCode, headers } = await handler(event, { getRemainingTimeInMillis: () => 251 } as Context);
    expect({ statusCode, retryAfter: headers?.['retry-after'] }).toEqual({ statusCode: 503, retryAfter: '5' });
  });

  it('logs a refusal without body, header or key', async () => {
    const { logger, metrics } = quietObservers();
    const lines: unknown[][] = [];
    logger.info = (...line: unknown[]) => void lines.push(line);
    logger.error = (...line: unknown[]) => void lines.push(line);
    const secret = postEvent('/v1/alarms', { host: 'a', signature: 'sig1=:c2VjcmV0:' }, '{"childRef":"c2VjcmV0"}');
    await serveHttp(() => Promise.reject(new TypeError('boom')), { logger, metrics })(secret, {} as Context);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('c2VjcmV0');
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');

  it.each(Object.keys(problemKinds))('has a heading for %s', (code) => {
    expect(runbook).toContain(`\n### ${code}\n`);
  });
});
