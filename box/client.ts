import { type HeardInAnswer, heardIn } from './heard-in-answer.ts';
import type { BoxIdentity } from './signer.ts';
import { signedHeaders } from './signer.ts';
import type { Stream, WireReport } from './streams.ts';

/** What became of one report (DESIGN: accepted, duplicate, superseded, rejected). */
export interface ReportResult {
  readonly id: string;
  readonly result: 'accepted' | 'duplicate' | 'superseded' | 'rejected';
  readonly reason?: string;
  readonly late?: boolean;
  /** With `superseded`: the box goes on above it. */
  readonly lastSeq?: number;
  readonly faults?: unknown;
}

/** What became of an alarm of this box, as the answer to a heartbeat says. */
export interface AlarmNews {
  readonly id: string;
  readonly state: 'open' | 'answered' | 'closed';
  readonly published: number;
  readonly delivered: number;
  readonly seenBy: readonly { readonly department: string; readonly at: string }[];
}

export type SendOutcome =
  | ({
      readonly is: 'answered';
      readonly results: readonly ReportResult[];
      readonly nextBeatSeconds?: number;
      readonly serverTime?: string;
      readonly alarms?: readonly AlarmNews[];
    } & HeardInAnswer)
  /** Nothing was lost and nothing is known: send the same again. `retryAfterMs` is what the server asked for. */
  | { readonly is: 'try-later'; readonly why: string; readonly retryAfterMs?: number }
  /** The server does not trust this key or signature; the reports wait until a person has mended that. */
  | { readonly is: 'not-trusted'; readonly code: string; readonly why: string }
  /** The request as such is at fault: smaller requests may pass; a single report that fails alone is parked. */
  | { readonly is: 'refused'; readonly code: string; readonly why: string };

export interface Client {
  readonly send: (identity: BoxIdentity, stream: Stream, reports: readonly WireReport[]) => Promise<SendOutcome>;
}

export interface ClientOptions {
  /** Address of the API, such as `https://api.example.cn`. */
  readonly api: URL;
  /** The box's own clock. */
  readonly nowMs: () => number;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** Longer than the API's own limit of 30 s would only hide a dead connection. */
const TIMEOUT_MS = 15_000;

/** Speaks the public API with signed requests. Never throws: a box has nobody to throw to. */
export const createClient = (options: ClientOptions): Client => {
  const { api, nowMs, timeoutMs = TIMEOUT_MS } = options;
  const call = options.fetch ?? fetch;

  const send: Client['send'] = async (identity, stream, reports) => {
    const url = new URL(`/v1/${stream}`, api);
    const body = Buffer.from(JSON.stringify(reports));
    const headers = signedHeaders(identity, { method: 'POST', url, body, createdMs: nowMs() });
    try {
      const response = await call(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) });
      return outcomeOf(response.status, response.headers, await bodyOf(response), nowMs());
    } catch (cause) {
      return { is: 'try-later', why: `no answer from ${api.host}: ${reasonOf(cause)}` };
    }
  };
  return { send };
};

const bodyOf = async (response: Response): Promise<Record<string, unknown>> => {
  const text = await response.text();
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const outcomeOf = (status: number, headers: Headers, body: Record<string, unknown>, nowMs: number): SendOutcome => {
  if (status === 200) return answered(body);
  const code = typeof body.code === 'string' ? body.code : `http-${status}`;
  const why = typeof body.detail === 'string' ? body.detail : `the API answered ${status}`;
  if (status === 401 || status === 403) return { is: 'not-trusted', code, why };
  // Only what our API refuses is at fault: a proxy that refuses everything must not empty the queue.
  const isOurs = typeof body.code === 'string';
  if (isOurs && (status === 400 || status === 413 || status === 415 || status === 422)) {
    return { is: 'refused', code, why };
  }
  const retryAfterMs = retryAfterOf(headers.get('retry-after'), nowMs);
  return { is: 'try-later', why: `${code}: ${why}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

const answered = (body: Record<string, unknown>): SendOutcome => {
  if (!Array.isArray(body.results)) return { is: 'try-later', why: 'the API answered 200 without results' };
  return {
    is: 'answered',
    results: body.results as ReportResult[],
    ...(typeof body.nextBeatSeconds === 'number' ? { nextBeatSeconds: body.nextBeatSeconds } : {}),
    ...(typeof body.serverTime === 'string' ? { serverTime: body.serverTime } : {}),
    ...(Array.isArray(body.alarms) ? { alarms: body.alarms as AlarmNews[] } : {}),
    ...heardIn(body),
  };
};

/** `Retry-After` is either seconds or a date (RFC 9110). */
export const retryAfterOf = (header: string | null, nowMs: number): number | undefined => {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
};

const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
};
