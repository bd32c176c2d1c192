/**
 * Every route of the HTTP API, once: infra makes the gateway's routes from it, each function its dispatch table, and
 * the OpenAPI document its paths.
 */
export type RouteMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** Who may call: a box by its signature, a person by an OIDC token, or anyone. */
export type RouteCaller = 'box' | 'person' | 'anyone';

export interface Route {
  readonly method: RouteMethod;
  /** Path with `{name}` parameters, as the HTTP API writes them. */
  readonly path: string;
  /** Folder under `functions/`. */
  readonly serves: FunctionName;
  readonly caller: RouteCaller;
}

export const reportFunctions = [
  'receive-heartbeats',
  'receive-coverage',
  'receive-recordings',
  'receive-checks',
  'receive-alarms',
  'receive-logs',
  'receive-digests',
  'receive-challenges',
] as const;

export const functionNames = [
  ...reportFunctions,
  'watch',
  'deliver-notices',
  'keep-ledger',
  'audit-escalation',
  'close-day',
  'seal',
  'draw-challenges',
  'purge',
  'erase-records',
  'verify-evidence',
  'ring-canary',
  'desk',
  'audit',
  'audit-files',
  'make-exports',
  'registry',
  'describe-api',
  'take-answers',
] as const;
export type FunctionName = (typeof functionNames)[number];

/** The literal types are kept: tables over all routes of a function do not compile while one is missing. */
const box = <const P extends string, const F extends FunctionName>(path: P, serves: F) =>
  ({ method: 'POST', path, serves, caller: 'box' }) as const;
const person = <const M extends RouteMethod, const P extends string, const F extends FunctionName>(
  method: M,
  path: P,
  serves: F,
) => ({ method, path, serves, caller: 'person' }) as const;
const anyone = <const M extends RouteMethod, const P extends string, const F extends FunctionName>(
  method: M,
  path: P,
  serves: F,
) => ({ method, path, serves, caller: 'anyone' }) as const;

export const routes = [
  box('/v1/heartbeats', 'receive-heartbeats'),
  box('/v1/coverage', 'receive-coverage'),
  box('/v1/recordings', 'receive-recordings'),
  box('/v1/checks', 'receive-checks'),
  box('/v1/alarms', 'receive-alarms'),
  box('/v1/logs', 'receive-logs'),
  box('/v1/digests', 'receive-digests'),
  box('/v1/challenges', 'receive-challenges'),

  person('GET', '/v1/desk/incidents', 'desk'),
  person('GET', '/v1/desk/incidents/{incident}', 'desk'),
  person('GET', '/v1/desk/incidents/{incident}/deliveries', 'desk'),
  person('GET', '/v1/desk/incidents/{incident}/cap', 'desk'),
  person('GET', '/v1/desk/notices', 'desk'),
  person('POST', '/v1/desk/incidents/{incident}/answer', 'desk'),
  person('POST', '/v1/desk/incidents/{incident}/close', 'desk'),
  person('POST', '/v1/desk/incidents/{incident}/pass-on', 'desk'),
  person('POST', '/v1/desk/incidents/{incident}/false-alarm', 'desk'),
  person('POST', '/v1/desk/incidents/{incident}/real', 'desk'),
  person('POST', '/v1/desk/incidents', 'desk'),
  person('GET', '/v1/desk/facilities/{facility}/windows', 'desk'),
  person('POST', '/v1/desk/facilities/{facility}/drills', 'desk'),
  person('POST', '/v1/desk/facilities/{facility}/mutes', 'desk'),
  person('POST', '/v1/desk/facilities/{facility}/maintenance', 'desk'),
  person('POST', '/v1/desk/facilities/{facility}/maintenance/{window}/allow', 'desk'),
  person('DELETE', '/v1/desk/facilities/{facility}/windows/{window}', 'desk'),

  person('GET', '/v1/audit/retention', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/retention', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/areas/{area}/recordings', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/uptime', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/coverage', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/checks', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/challenges', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/objections', 'audit'),
  person('POST', '/v1/audit/facilities/{facility}/objections', 'audit'),
  person('GET', '/v1/audit/facilities/{facility}/accesses', 'audit'),
  person('GET', '/v1/audit/incidents', 'audit'),
  person('GET', '/v1/audit/incidents/{incident}', 'audit'),
  person('GET', '/v1/audit/accesses', 'audit'),
  person('POST', '/v1/audit/exports', 'audit'),
  person('GET', '/v1/audit/exports/{export}', 'audit'),

  person('GET', '/v1/audit/keys', 'audit-files'),
  person('GET', '/v1/audit/facilities/{facility}/bundle', 'audit-files'),
  person('GET', '/v1/audit/facilities/{facility}/report', 'audit-files'),
  person('GET', '/v1/audit/divisions/{division}/report', 'audit-files'),

  person('GET', '/v1/registry/facilities', 'registry'),
  person('PUT', '/v1/registry/facilities/{facility}', 'registry'),
  person('GET', '/v1/registry/facilities/{facility}', 'registry'),
  person('GET', '/v1/registry/facilities/{facility}/changes', 'registry'),
  person('GET', '/v1/registry/facilities/{facility}/holds', 'registry'),
  person('POST', '/v1/registry/facilities/{facility}/holds', 'registry'),
  person('POST', '/v1/registry/facilities/{facility}/holds/{hold}/release', 'registry'),
  person('POST', '/v1/registry/facilities/{facility}/erasures', 'erase-records'),
  person('GET', '/v1/registry/facilities/{facility}/boxes', 'registry'),
  person('PUT', '/v1/registry/facilities/{facility}/boxes/{box}', 'registry'),
  person('PUT', '/v1/registry/facilities/{facility}/boxes/{box}/keys/{key}', 'registry'),
  person('DELETE', '/v1/registry/facilities/{facility}/boxes/{box}/keys/{key}', 'registry'),
  person('GET', '/v1/registry/grants', 'registry'),
  person('GET', '/v1/registry/grants/{subject}', 'registry'),
  person('PUT', '/v1/registry/grants/{subject}', 'registry'),
  person('DELETE', '/v1/registry/grants/{subject}', 'registry'),
  person('GET', '/v1/registry/packs', 'registry'),
  person('GET', '/v1/registry/rosters', 'registry'),
  person('POST', '/v1/registry/rosters/import', 'registry'),
  person('GET', '/v1/registry/rosters/{post}', 'registry'),
  person('PUT', '/v1/registry/rosters/{post}', 'registry'),
  person('DELETE', '/v1/registry/rosters/{post}', 'registry'),
  person('GET', '/v1/registry/rosters/{post}/changes', 'registry'),
  person('POST', '/v1/registry/rosters/{post}/tests', 'registry'),
  person('GET', '/v1/registry/rosters/{post}/tests/{test}', 'registry'),

  anyone('GET', '/v1/openapi.json', 'describe-api'),

  anyone('GET', '/a/{token}', 'take-answers'),
  anyone('HEAD', '/a/{token}', 'take-answers'),
  anyone('POST', '/a/{token}', 'take-answers'),
] as const;

/** `"POST /v1/heartbeats"`: the key by which the HTTP API names a route in an event. */
export const routeKey = (route: Pick<Route, 'method' | 'path'>): string => `${route.method} ${route.path}`;

type KeyOf<R> = R extends { readonly method: infer M extends string; readonly path: infer P extends string }
  ? `${M} ${P}`
  : never;
type Routes = (typeof routes)[number];

/** Every route by its key. */
export type RouteKey = KeyOf<Routes>;
