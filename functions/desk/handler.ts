import * as z from 'zod';
import { answerBody, closeBody, incidentListQuery } from '../../shared/contracts/desk.ts';
import { decoded } from '../../shared/runtime/decoded.ts';
import { type Answer, dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { answerIncident, closeIncident } from './change-by-person.ts';
import { listIncidents } from './list-incidents.ts';
import { readIncident } from './read-incident.ts';
import type { DeskDeps } from './stores.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });

const incidentPath = z.strictObject({ incident: z.string().min(1).max(300).transform(decoded) });

/** Every route of the desk. */
export const makeDeskHandler = (authenticate: Authenticate, deps: DeskDeps) => {
  const table: RouteTable<'desk'> = {
    'GET /v1/desk/incidents': personRoute({
      query: incidentListQuery,
      handle: async ({ person, query }) => ok(await listIncidents(deps, person, query)),
    }),
    'GET /v1/desk/incidents/{incident}': personRoute({
      path: incidentPath,
      handle: async ({ person, path }) => ok(await readIncident(deps, person, path.incident)),
    }),
    'POST /v1/desk/incidents/{incident}/answer': personRoute({
      path: incidentPath,
      body: answerBody,
      handle: async ({ person, path }) => ok(await answerIncident(deps, person, path.incident)),
    }),
    'POST /v1/desk/incidents/{incident}/close': personRoute({
      path: incidentPath,
      body: closeBody,
      handle: async ({ person, path, body }) => ok(await closeIncident(deps, person, path.incident, body.reason)),
    }),
  };
  return dispatchPeople<'desk'>(authenticate, table);
};
