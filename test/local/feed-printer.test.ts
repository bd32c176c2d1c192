import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedEvent } from '../../infra/local/feed.ts';
import { printFeed } from '../../infra/local/feed-printer.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T00:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const printed = (events: readonly FeedEvent[], colours = false): string[] => {
  const lines: string[] = [];
  const printer = printFeed((line) => lines.push(line), 'Asia/Shanghai', colours);
  for (const event of events) printer.feed(event);
  printer.stop();
  return lines;
};
const log = (fields: Record<string, unknown>): FeedEvent => ({
  kind: 'log',
  functionName: 'watchFunction0123ABCD',
  line: '…',
  fields,
});
const request = (routeKey: string, status: number): FeedEvent => ({
  kind: 'request',
  routeKey,
  path: '/',
  status,
  tookMs: 4,
});

describe('the printed feed', () => {
  it('counts requests together and tells what was refused', () => {
    const beat = request('POST /v1/heartbeats', 200);
    expect(printed([beat, beat, request('POST /v1/heartbeats', 401), request('-', 404)])).toEqual([
      '08:00:00  请求 requests     heartbeats ×2 · heartbeats 401 ×1 · no route 404 ×1',
    ]);
  });

  it('shows an alarm and a notice at once, a line each', () => {
    const lines = printed([
      request('POST /v1/alarms', 200),
      request('POST /v1/desk/incidents/{incident}/answer', 200),
      { kind: 'published', topic: 'topicspolice7544E875', subject: undefined, message: '芽芽托育园\n一键报警' },
    ]);
    expect(lines[0]).toContain('received, answered 200');
    expect(lines[1]).toContain('值班 desk');
    expect(lines[2]).toBe('08:00:00  通知 notice       → police 芽芽托育园 一键报警');
  });

  it('shows a delivery with its whole link, and an answer without the token', () => {
    const lines: string[] = [];
    const printer = printFeed((line) => lines.push(line), 'Asia/Shanghai', false);
    const link = `http://127.0.0.1:8787/a/${'x'.repeat(28)}`;
    printer.delivered('police.3212.receiver', '长'.repeat(200), link);
    printer.feed(log({ _aws: {}, service: 'deliver-notices', 'batches-handled': 2, 'tries-accepted': [1, 1] }));
    printer.feed({ ...request('POST /a/{token}', 200), path: '/a/secret' } as FeedEvent);
    printer.feed({ ...request('GET /a/{token}', 200), path: '/a/secret' } as FeedEvent);
    printer.stop();
    expect(lines[0]).toMatch(/送达 delivered {4}police\.3212\.receiver · 长+… · http:\S+x$/);
    expect([...(lines[0] ?? '')].length).toBeLessThan(180);
    expect(lines[1]).toContain('答复 answer       by link, answered 200');
    expect(lines[2]).toContain('answer pages ×2');
    expect(lines.join()).not.toContain('secret');
  });

  it('shows what a function logs with its own fields, and neither metrics nor what was only looked for', () => {
    const said = {
      level: 'INFO',
      message: 'incident opened',
      service: 'watch',
      function_request_id: 'x',
      rule: 'connected',
    };
    const sweep = { level: 'INFO', message: 'sweep completed', service: 'watch', opened: 2, closed: 0 };
    const metric = { _aws: { CloudWatchMetrics: [] }, 'sweep-completed': 1 };
    const notFound = { level: 'INFO', message: 'request refused', service: 'registry', code: 'not-found' };
    expect(printed([said, sweep, metric, notFound, { level: 'DEBUG', message: 'm' }].map(log))).toEqual([
      '08:00:00  watch             incident opened rule=connected',
      '08:00:00  巡查 sweep        opened=2',
    ]);
  });

  it('tells in one line what became of the tries of a batch', () => {
    const metric = (fields: object) => log({ _aws: { Timestamp: 1 }, service: 'deliver-notices', ...fields });
    const tried = metric({ 'tries-accepted': [1, 1, 1], 'tries-failed': 1 });
    expect(printed([tried, metric({}), log({ _aws: {}, service: 'watch', 'sweep-completed': 1 })])).toEqual([
      '08:00:00  送达 delivery     tries-accepted=3 tries-failed=1',
    ]);
  });

  it('keeps lines short, and has colours only for a terminal', () => {
    const long: FeedEvent = { kind: 'fault', message: '长'.repeat(500) };
    expect([...(printed([long])[0] ?? '')].length).toBeLessThan(180);
    expect(printed([long])[0]).not.toContain('\u001b');
  });
});
