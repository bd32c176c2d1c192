import { styleText } from 'node:util';
import type { Feed, FeedEvent } from './feed.ts';

type Colour = Parameters<typeof styleText>[0];

export interface FeedPrinter {
  readonly feed: Feed;
  /** A message that reached somebody: whom, what, and where to answer. The link is never cut. */
  delivered(who: string, what: string, link: string | undefined): void;
  /** A line of the stack itself, or of a process beside it. */
  say(label: string, text: string, colour?: Colour): void;
  stop(): void;
}

/** Requests are counted and told together: a dozen boxes beat some times a second. */
const countedEveryMs = 10_000;
const longestLine = 150;

const short = (text: string, longest = longestLine): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= longest ? line : `${letters.slice(0, longest - 1).join('')}…`;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What Powertools adds to each log line and nobody reads here. */
const commonFields = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'cold_start',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'sampling_rate',
  'xray_trace_id',
  'error',
  'requestId',
]);

const extras = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .filter(([name, value]) => !commonFields.has(name) && !isRecord(value) && value !== 0)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

const errorOf = (fields: Readonly<Record<string, unknown>>): string =>
  isRecord(fields.error) ? `: ${String(fields.error.name ?? '')} ${String(fields.error.message ?? '')}` : '';

interface Line {
  readonly label: string;
  readonly text: string;
  readonly colour?: Colour;
}

/** A logical id without what the CDK adds to it: `topicspolice7544E875` is `police`. */
const readable = (logicalId: string): string =>
  logicalId.replace(/[0-9A-F]{8}$/, '').replace(/^topics(?=.)|Function$/g, '');

const nameOf = (functionName: string, fields: Readonly<Record<string, unknown>> | undefined): string =>
  String(fields?.service ?? readable(functionName));

/**
 * What `deliver-notices` counted in a batch: one line for the tries of all its messages. That a batch was handled says
 * nothing, and with an inbox each message that was taken has a line of its own.
 */
const deliveryLine = (fields: Readonly<Record<string, unknown>>, hasInbox: boolean): Line | undefined => {
  if (fields.service !== 'deliver-notices') return undefined;
  const untold = new Set(['batches-handled', ...(hasInbox ? ['tries-accepted'] : [])]);
  const sums = Object.entries(fields).flatMap(([name, value]) => {
    const values = [value].flat().filter((each) => typeof each === 'number');
    return values.length === 0 || untold.has(name) ? [] : [`${name}=${values.reduce((sum, each) => sum + each, 0)}`];
  });
  return sums.length === 0 ? undefined : { label: '送达 delivery', text: sums.join(' '), colour: 'cyan' };
};

const logLine = (
  { functionName, line, fields }: Extract<FeedEvent, { kind: 'log' }>,
  hasInbox: boolean,
): Line | undefined => {
  if (fields === undefined) return { label: nameOf(functionName, fields), text: line, colour: 'yellow' };
  // Other metrics repeat what is logged; what was looked for and is not there is counted with the requests.
  if (fields._aws !== undefined) return deliveryLine(fields, hasInbox);
  if (fields.code === 'not-found') return undefined;
  if (fields.message === 'sweep completed')
    return { label: '巡查 sweep', text: extras(fields) || 'completed', colour: 'gray' };
  const level = String(fields.level ?? 'INFO');
  if (level === 'DEBUG' || level === 'TRACE') return undefined;
  const text = `${String(fields.message ?? '')}${errorOf(fields)} ${extras(fields)}`;
  const colour: Colour = level === 'INFO' ? 'gray' : level === 'WARN' ? 'yellow' : 'red';
  return { label: nameOf(functionName, fields), text, colour };
};

/** Alarms, and what a duty officer does, are worth a line of their own. */
const requestLine = ({ routeKey, path, status, tookMs }: Extract<FeedEvent, { kind: 'request' }>): Line | undefined => {
  const answered = `answered ${status} in ${Math.round(tookMs)} ms`;
  // The token in the path is whoever holds the link: it is not printed.
  if (routeKey.startsWith('POST /a/')) return { label: '答复 answer', text: `by link, ${answered}`, colour: 'green' };
  if (routeKey.endsWith('/alarms')) return { label: '报警 alarm', text: `received, ${answered}`, colour: 'magenta' };
  if (!routeKey.startsWith('POST /v1/desk/')) return undefined;
  return { label: '值班 desk', text: `${path} ${answered}`, colour: 'green' };
};

const lineOf = (event: FeedEvent, hasInbox: boolean): Line | undefined => {
  switch (event.kind) {
    case 'log':
      return logLine(event, hasInbox);
    case 'request':
      return requestLine(event);
    case 'published': {
      const text = `→ ${readable(event.topic)} ${event.subject ?? event.message}`;
      return { label: '通知 notice', text, colour: 'cyan' };
    }
    case 'denied':
      return {
        label: '越权 denied',
        text: `${event.caller} may not ${event.action} on ${event.resource}`,
        colour: 'red',
      };
    case 'refused':
      return { label: '不支持 refused', text: `${event.caller}: ${event.reason}`, colour: 'red' };
    case 'function-failed':
      return { label: nameOf(event.functionName, undefined), text: event.error, colour: 'red' };
    case 'fault':
      return { label: '故障 fault', text: event.message, colour: 'red' };
  }
};

/** Counts `POST /v1/heartbeats` 200 as `heartbeats`, and anything refused under its status. */
const countedAs = ({ routeKey, status }: Extract<FeedEvent, { kind: 'request' }>): string => {
  const [, first, second] = routeKey.split('/');
  const what = first === 'a' ? 'answer pages' : routeKey === '-' ? 'no route' : (second ?? routeKey);
  return status < 400 ? what : `${what} ${status}`;
};

const widthOf = (text: string): number => [...text].reduce((width, letter) => width + (letter > '\u2e7f' ? 2 : 1), 0);
const pad = (label: string, width: number): string => label + ' '.repeat(Math.max(0, width - widthOf(label)));

/** Prints the feed, one short line each; colours only where a person sees them. */
export const printFeed = (write: (line: string) => void, timeZone: string, colours: boolean): FeedPrinter => {
  const say = (label: string, text: string, colour: Colour = 'reset'): void => {
    const time = new Date().toLocaleTimeString('sv-SE', { timeZone });
    const line = `${pad(label, 18)}${short(text)}`;
    write(colours ? `${styleText('gray', time)}  ${styleText(colour, line)}` : `${time}  ${line}`);
  };
  const counts = new Map<string, number>();
  const tell = (): void => {
    if (counts.size === 0) return;
    const parts = [...counts].map(([what, count]) => `${what} ×${count}`);
    counts.clear();
    say('请求 requests', parts.join(' · '), 'gray');
  };
  const timer = setInterval(tell, countedEveryMs);
  let hasInbox = false;
  return {
    feed(event) {
      if (event.kind === 'request') counts.set(countedAs(event), (counts.get(countedAs(event)) ?? 0) + 1);
      const line = lineOf(event, hasInbox);
      if (line !== undefined) say(line.label, line.text, line.colour);
    },
    delivered(who, what, link) {
      hasInbox = true;
      const end = link === undefined ? '' : ` · ${link}`;
      say('送达 delivered', `${who} · ${short(what, longestLine - who.length - 3 - end.length)}${end}`, 'green');
    },
    say,
    stop() {
      clearInterval(timer);
      tell();
    },
  };
};
