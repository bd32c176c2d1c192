import * as z from 'zod';
import { pageQuery, USUAL_PAGE } from '../../shared/contracts/page.ts';
import {
  type BoxView,
  boxBody,
  facilityBody,
  facilityListQuery,
  grantBody,
  keyBody,
  type PackView,
} from '../../shared/contracts/registry.ts';
import { facilityId, publicKey, shortId, subject as subjectText } from '../../shared/contracts/wire.ts';
import { mayDo } from '../../shared/domain/authorize.ts';
import { ForbiddenError } from '../../shared/domain/errors.ts';
import { decoded } from '../../shared/runtime/decoded.ts';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { listFacilitiesFor } from '../../shared/use-cases/list-facilities.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import { changeViewOf, done, ok, pageOf } from './answers.ts';
import { enrolBox } from './enrol-box.ts';
import { enrolKey } from './enrol-key.ts';
import { boxViewOf, facilityViewOf, packViewOf, testedFacilityViewOf } from './facility-wire.ts';
import { grantViewOf, listGrants, putGrant, readGrant, removeGrant } from './grants.ts';
import { holdRoutes } from './hold-routes.ts';
import { putFacility } from './put-facility.ts';
import { revokeKey } from './revoke-key.ts';
import { rosterRoutes } from './roster-routes.ts';
import type { RegistryDeps } from './stores.ts';

const facilityPath = z.strictObject({ facility: facilityId });
const boxPath = z.strictObject({ facility: facilityId, box: shortId });
const keyPath = z.strictObject({ facility: facilityId, box: shortId, key: publicKey });

/** Encoded or not: only a subject that is not encoded holds a `|`, and what follows it may itself look encoded. */
const plainSubject = (text: string): string => (text.includes('|') ? text : decoded(text));
const grantPath = z.strictObject({ subject: z.string().transform(plainSubject).pipe(subjectText) });

const facilityRoutes = (deps: RegistryDeps) => ({
  'GET /v1/registry/facilities': personRoute({
    query: facilityListQuery,
    handle: async ({ person, query }) =>
      pageOf(
        await listFacilitiesFor(deps.registry, person, 'read-facility', { limit: USUAL_PAGE, ...query }),
        facilityViewOf,
      ),
  }),
  'PUT /v1/registry/facilities/{facility}': personRoute({
    path: facilityPath,
    body: facilityBody,
    handle: async ({ person, path, body }) => ok(facilityViewOf(await putFacility(deps, person, path.facility, body))),
  }),
  'GET /v1/registry/facilities/{facility}': personRoute({
    path: facilityPath,
    handle: async ({ person, path }) => {
      const facility = await facilityFor(deps.registry, person, 'read-facility', path.facility);
      return ok(testedFacilityViewOf(facility, await deps.vitals.readFacility(facility.id)));
    },
  }),
  'GET /v1/registry/facilities/{facility}/changes': personRoute({
    path: facilityPath,
    query: pageQuery,
    handle: async ({ person, path, query }) => {
      await facilityFor(deps.registry, person, 'read-changes', path.facility);
      return pageOf(
        await deps.registry.listChanges(path.facility, query.limit ?? USUAL_PAGE, query.cursor),
        changeViewOf,
      );
    },
  }),
});

const boxRoutes = (deps: RegistryDeps) => ({
  'GET /v1/registry/facilities/{facility}/boxes': personRoute({
    path: facilityPath,
    handle: async ({ person, path }) => {
      await facilityFor(deps.registry, person, 'read-facility', path.facility);
      const items: BoxView[] = (await deps.registry.listBoxes(path.facility)).map(boxViewOf);
      return ok({ items });
    },
  }),
  'PUT /v1/registry/facilities/{facility}/boxes/{box}': personRoute({
    path: boxPath,
    body: boxBody,
    handle: async ({ person, path }) => ok(boxViewOf(await enrolBox(deps, person, path.facility, path.box))),
  }),
  'PUT /v1/registry/facilities/{facility}/boxes/{box}/keys/{key}': personRoute({
    path: keyPath,
    body: keyBody,
    handle: async ({ person, path }) => ok(boxViewOf(await enrolKey(deps, person, path.facility, path.box, path.key))),
  }),
  'DELETE /v1/registry/facilities/{facility}/boxes/{box}/keys/{key}': personRoute({
    path: keyPath,
    handle: async ({ person, path }) => {
      await revokeKey(deps, person, path.facility, path.box, path.key);
      return done;
    },
  }),
});

const grantRoutes = (deps: RegistryDeps) => ({
  'GET /v1/registry/grants': personRoute({
    query: pageQuery,
    handle: async ({ person, query }) =>
      pageOf(await listGrants(deps, person, query.limit ?? USUAL_PAGE, query.cursor), grantViewOf),
  }),
  'GET /v1/registry/grants/{subject}': personRoute({
    path: grantPath,
    handle: async ({ person, path }) => ok(grantViewOf(await readGrant(deps, person, path.subject))),
  }),
  'PUT /v1/registry/grants/{subject}': personRoute({
    path: grantPath,
    body: grantBody,
    handle: async ({ person, path, body }) => ok(grantViewOf(await putGrant(deps, person, path.subject, body))),
  }),
  'DELETE /v1/registry/grants/{subject}': personRoute({
    path: grantPath,
    handle: async ({ person, path }) => {
      await removeGrant(deps, person, path.subject);
      return done;
    },
  }),
});

const packRoutes = ({ packs, clock }: RegistryDeps) => ({
  'GET /v1/registry/packs': personRoute({
    handle: async ({ person }) => {
      if (!mayDo(person, 'read-packs', {})) throw new ForbiddenError('no role of yours reads the rule packs');
      const items: PackView[] = packs.inForce(clock()).map(packViewOf);
      return ok({ items });
    },
  }),
});

/** Every route of the registry. */
export const makeRegistryHandler = (authenticate: Authenticate, deps: RegistryDeps) => {
  const table: RouteTable<'registry'> = {
    ...facilityRoutes(deps),
    ...boxRoutes(deps),
    ...grantRoutes(deps),
    ...packRoutes(deps),
    ...rosterRoutes(deps),
    ...holdRoutes(deps),
  };
  return dispatchPeople<'registry'>(authenticate, table);
};
