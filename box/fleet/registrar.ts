import { setTimeout as sleep } from 'node:timers/promises';
import type { BoxView, FacilityBody, FacilityView } from '../../shared/contracts/registry.ts';
import type { RosterBody } from '../../shared/contracts/roster.ts';
import { retryAfterOf } from '../client.ts';

/** What the fleet needs of the registry API. */
export interface Registrar {
  /** The demo's facilities that are filed already, by id. */
  readonly filed: (division: string) => Promise<ReadonlyMap<string, FacilityView>>;
  readonly facility: (id: string) => Promise<FacilityView | undefined>;
  readonly putFacility: (id: string, body: FacilityBody) => Promise<void>;
  readonly putBox: (facility: string, box: string) => Promise<void>;
  readonly keysOf: (facility: string, box: string) => Promise<readonly string[]>;
  readonly putKey: (facility: string, box: string, key: string) => Promise<void>;
  readonly revokeKey: (facility: string, box: string, key: string) => Promise<void>;
  /** Enters the people of a post that has none; who is there already stays, edited or not. */
  readonly enterRoster: (post: string, body: RosterBody) => Promise<void>;
}

/** The registry said no, and asking again would not help. */
export class RegistryRefusedError extends Error {
  override readonly name = 'RegistryRefusedError';
}

const MOST_TRIES = 8;
const MOST_PAGES = 20;
const FIRST_WAIT_MS = 250;
const TIMEOUT_MS = 15_000;

/** Speaks the registry API as one registrar. Throttles and short outages are waited out. */
export const createRegistrar = (api: URL, token: string): Registrar => {
  const once = (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(new URL(path, api), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });

  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    for (let tries = 1; ; tries += 1) {
      const response = await once(method, path, body).catch((cause: unknown) => cause);
      const settled = response instanceof Response && response.status !== 429 && response.status < 500;
      if (settled) return response;
      if (tries >= MOST_TRIES) throw await giveUp(method, path, response);
      const asked = response instanceof Response ? retryAfterOf(response.headers.get('retry-after'), Date.now()) : 0;
      await sleep(Math.max(asked ?? 0, FIRST_WAIT_MS * tries));
    }
  };

  const must = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await call(method, path, body);
    if (!response.ok) throw await giveUp(method, path, response);
    return response;
  };

  const at = (facility: string, ...rest: string[]): string =>
    ['/v1/registry/facilities', facility, ...rest]
      .map((part, n) => (n === 0 ? part : encodeURIComponent(part)))
      .join('/');

  return {
    filed: async (division) => {
      const filed = new Map<string, FacilityView>();
      for (let cursor = '', n = 0; n < MOST_PAGES; n += 1) {
        const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const response = await must('GET', `/v1/registry/facilities?division=${division}&limit=100${next}`);
        const page = (await response.json()) as { items: readonly FacilityView[]; cursor?: string };
        for (const facility of page.items) filed.set(facility.id, facility);
        if (page.cursor === undefined) break;
        cursor = page.cursor;
      }
      return filed;
    },
    facility: async (id) => {
      const response = await call('GET', at(id));
      if (response.status === 404) return undefined;
      if (!response.ok) throw await giveUp('GET', at(id), response);
      return (await response.json()) as FacilityView;
    },
    putFacility: async (id, body) => {
      await must('PUT', at(id), body);
    },
    putBox: async (facility, box) => {
      await must('PUT', at(facility, 'boxes', box), {});
    },
    keysOf: async (facility, box) => {
      const { items } = (await (await must('GET', at(facility, 'boxes'))).json()) as { items: readonly BoxView[] };
      return items.find((each) => each.id === box)?.keys ?? [];
    },
    putKey: async (facility, box, key) => {
      await must('PUT', at(facility, 'boxes', box, 'keys', key), {});
    },
    revokeKey: async (facility, box, key) => {
      await must('DELETE', at(facility, 'boxes', box, 'keys', key));
    },
    enterRoster: async (post, body) => {
      const address = `/v1/registry/rosters/${encodeURIComponent(post)}`;
      const response = await call('PUT', address, { ...body, version: 0 });
      // 409: somebody has been there, such as an earlier start of the demo.
      if (!response.ok && response.status !== 409) throw await giveUp('PUT', address, response);
    },
  };
};

const giveUp = async (method: string, path: string, response: unknown): Promise<RegistryRefusedError> => {
  if (!(response instanceof Response)) {
    return new RegistryRefusedError(`${method} ${path}: no answer`, { cause: response });
  }
  return new RegistryRefusedError(
    `${method} ${path} was answered ${response.status}: ${(await response.text()).slice(0, 500)}`,
  );
};
