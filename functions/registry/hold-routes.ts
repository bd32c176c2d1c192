import * as z from 'zod';
import { holdBody } from '../../shared/contracts/holds.ts';
import { pageQuery, USUAL_PAGE } from '../../shared/contracts/page.ts';
import { facilityId, shortId } from '../../shared/contracts/wire.ts';
import { personRoute } from '../../shared/runtime/dispatch.ts';
import { ok } from './answers.ts';
import { listHolds, viewOfHold } from './list-holds.ts';
import { orderHold, releaseHold } from './order-hold.ts';
import type { RegistryDeps } from './stores.ts';

const facilityPath = z.strictObject({ facility: facilityId });
const holdPath = z.strictObject({ facility: facilityId, hold: shortId });

/** Orders to keep recordings: who may is another question than who may edit a facility. */
export const holdRoutes = (deps: RegistryDeps) => ({
  'GET /v1/registry/facilities/{facility}/holds': personRoute({
    path: facilityPath,
    query: pageQuery,
    handle: async ({ person, path, query }) =>
      ok(await listHolds(deps, person, path.facility, query.limit ?? USUAL_PAGE, query.cursor)),
  }),
  'POST /v1/registry/facilities/{facility}/holds': personRoute({
    path: facilityPath,
    body: holdBody,
    handle: async ({ person, path, body }) => {
      const { facility, hold } = await orderHold(deps, person, path.facility, body);
      return ok(await viewOfHold(deps, facility, hold));
    },
  }),
  'POST /v1/registry/facilities/{facility}/holds/{hold}/release': personRoute({
    path: holdPath,
    handle: async ({ person, path }) => {
      const { facility, hold } = await releaseHold(deps, person, path.facility, path.hold);
      return ok(await viewOfHold(deps, facility, hold));
    },
  }),
});
