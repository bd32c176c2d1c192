import type { RetentionPage, UptimeView } from '../../../shared/contracts/audit.ts';
import type { IncidentSummary, IncidentView } from '../../../shared/contracts/desk.ts';
import type { DrillBody, MuteBody } from '../../../shared/contracts/windows.ts';
import type { CloseReason } from '../../../shared/domain/incident.ts';

/** The public API as one person uses it. */
export interface PersonApi {
  readonly incidents: (division: string) => Promise<readonly IncidentSummary[]>;
  readonly incident: (id: string) => Promise<IncidentView>;
  readonly answer: (id: string) => Promise<void>;
  readonly close: (id: string, reason: CloseReason) => Promise<void>;
  /** Registers a window of a facility. */
  readonly announce: (facility: string, as: 'drills' | 'mutes', body: DrillBody | MuteBody) => Promise<void>;
  readonly retention: (division: string) => Promise<readonly RetentionPage['items'][number][]>;
  /** Those alone that cannot show their days, with the reason in a sentence. */
  readonly cannotShow: (division: string) => Promise<readonly RetentionPage['items'][number][]>;
  readonly uptime: (facility: string) => Promise<UptimeView>;
  readonly read: <T>(path: string) => Promise<T>;
  readonly readText: (path: string) => Promise<string>;
  readonly send: <T>(path: string, body: object) => Promise<T>;
}

/** The API answered something that this person did not expect. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

const MOST_PAGES = 20;
const TIMEOUT_MS = 15_000;

export const personApi = (url: string, token: string): PersonApi => {
  const ask = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new UnexpectedAnswerError(`${method} ${path} was answered ${response.status}: ${text.slice(0, 300)}`);
    }
    return text;
  };

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const text = await ask(method, path, body);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };

  const pages = async <T>(path: string): Promise<readonly T[]> => {
    const all: T[] = [];
    let cursor: string | undefined;
    for (let n = 0; n < MOST_PAGES; n += 1) {
      const next = cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
      const page = await call<{ items: readonly T[]; cursor?: string }>('GET', next);
      all.push(...page.items);
      cursor = page.cursor;
      if (cursor === undefined) return all;
    }
    throw new UnexpectedAnswerError(`${path} has more than ${MOST_PAGES} pages`);
  };

  const at = (id: string): string => `/v1/desk/incidents/${encodeURIComponent(id)}`;
  return {
    incidents: (division) => pages(`/v1/desk/incidents?division=${division}&limit=100`),
    incident: (id) => call('GET', at(id)),
    answer: async (id) => {
      await call('POST', `${at(id)}/answer`, {});
    },
    close: async (id, reason) => {
      await call('POST', `${at(id)}/close`, { reason });
    },
    announce: async (facility, as, body) => {
      await call('POST', `/v1/desk/facilities/${facility}/${as}`, body);
    },
    retention: (division) => pages(`/v1/audit/retention?division=${division}&limit=100`),
    cannotShow: (division) => pages(`/v1/audit/retention?division=${division}&show=not-shown&limit=100`),
    read: (path) => call('GET', path),
    readText: (path) => ask('GET', path),
    send: (path, body) => call('POST', path, body),
    uptime: (facility) => call('GET', `/v1/audit/facilities/${facility}/uptime`),
  };
};
