import * as z from 'zod';
import {
  answerBody,
  capQuery,
  closeBody,
  falseAlarmBody,
  incidentListQuery,
  openBody,
} from '../../shared/contracts/desk.ts';
import { noticeFeedQuery } from '../../shared/contracts/desk-deliveries.ts';
import { drillBody, muteBody, windowsQuery } from '../../shared/contracts/windows.ts';
import { facilityId } from '../../shared/contracts/wire.ts';
import { decoded } from '../../shared/runtime/decoded.ts';
import { type Answer, dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { capOfIncident } from './cap-of-incident.ts';
import {
  answerIncident,
  closeIncident,
  declareIncidentReal,
  markIncidentFalse,
  passIncidentOn,
} from './change-by-person.ts';
import { allowMaintenance, announceDrill, askMaintenance, closeWindow, mute, readWindows } from './facility-windows.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listIncidents } from './list-incidents.ts';
import { listNotices } from './list-notices.ts';
import { openIncident } from './open-incident.ts';
import { readIncident } from './read-incident.ts';
import type { DeskDeps } from './stores.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });

const incidentPath = z.strictObject({ incident: z.string().min(1).max(300).transform(decoded) });

const facilityPath = z.strictObject({ facility: facilityId });
const windowPath = z.strictObject({ facility: facilityId, window: z.string().min(1).max(64) });

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
    'GET /v1/desk/incidents/{incident}/deliveries': personRoute({
      path: incidentPath,
      handle: async ({ person, path }) => ok(await listDeliveries(deps, person, path.incident)),
    }),
    'GET /v1/desk/incidents/{incident}/cap': personRoute({
      path: incidentPath,
      query: capQuery,
      handle: async ({ person, path, query }) => ({
        status: 200,
        text: {
          type: 'application/cap+xml; charset=utf-8',
          content: await capOfIncident(deps, person, path.incident, query),
        },
      }),
    }),
    'GET /v1/desk/notices': personRoute({
      query: noticeFeedQuery,
      handle: async ({ person, query }) => ok(await listNotices(deps, person, query)),
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
    'POST /v1/desk/incidents/{incident}/pass-on': personRoute({
      path: incidentPath,
      body: answerBody,
      handle: async ({ person, path }) => ok(await passIncidentOn(deps, person, path.incident)),
    }),
    'POST /v1/desk/incidents/{incident}/false-alarm': personRoute({
      path: incidentPath,
      body: falseAlarmBody,
      handle: async ({ person, path, body }) => ok(await markIncidentFalse(deps, person, path.incident, body.code)),
    }),
    'POST /v1/desk/incidents/{incident}/real': personRoute({
      path: incidentPath,
      body: answerBody,
      handle: async ({ person, path }) => ok(await declareIncidentReal(deps, person, path.incident)),
    }),
    'POST /v1/desk/incidents': personRoute({
      body: openBody,
      handle: async ({ person, body }) => ok(await openIncident(deps, person, body)),
    }),
    'GET /v1/desk/facilities/{facility}/windows': personRoute({
      path: facilityPath,
      query: windowsQuery,
      handle: async ({ person, path, query }) => ok(await readWindows(deps, person, path.facility, query)),
    }),
    'POST /v1/desk/facilities/{facility}/drills': personRoute({
      path: facilityPath,
      body: drillBody,
      handle: async ({ person, path, body }) => ok(await announceDrill(deps, person, path.facility, body)),
    }),
    'POST /v1/desk/facilities/{facility}/mutes': personRoute({
      path: facilityPath,
      body: muteBody,
      handle: async ({ person, path, body }) => ok(await mute(deps, person, path.facility, body)),
    }),
    'POST /v1/desk/facilities/{facility}/maintenance': personRoute({
      path: facilityPath,
      body: muteBody,
      handle: async ({ person, path, body }) => ok(await askMaintenance(deps, person, path.facility, body)),
    }),
    'POST /v1/desk/facilities/{facility}/maintenance/{window}/allow': personRoute({
      path: windowPath,
      body: answerBody,
      handle: async ({ person, path }) => ok(await allowMaintenance(deps, person, path.facility, path.window)),
    }),
    'DELETE /v1/desk/facilities/{facility}/windows/{window}': personRoute({
      path: windowPath,
      handle: async ({ person, path }) => {
        await closeWindow(deps, person, path.facility, path.window);
        return { status: 204 };
      },
    }),
  };
  return dispatchPeople<'desk'>(authenticate, table);
};
