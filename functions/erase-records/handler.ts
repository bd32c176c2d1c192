import * as z from 'zod';
import { type ErasureView, erasableKinds, erasureBody } from '../../shared/contracts/erasures.ts';
import { facilityId, writeInstant } from '../../shared/contracts/wire.ts';
import { leafStateWords } from '../../shared/evidence/leaf.ts';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { type EraseDeps, type Erased, eraseRecord } from './erase-records.ts';

const viewOf = ({ place, digest, erasedAtMs, copies }: Erased): ErasureView => ({
  facility: place.facility,
  kind: z.enum(erasableKinds).parse(place.kind),
  id: place.id,
  receivedAt: writeInstant(place.receivedAtMs),
  digest,
  erasedAt: writeInstant(erasedAtMs),
  copies,
  stays: leafStateWords.deleted,
});

const routes = (deps: EraseDeps): RouteTable<'erase-records'> => ({
  'POST /v1/registry/facilities/{facility}/erasures': personRoute({
    path: z.strictObject({ facility: facilityId }),
    body: erasureBody,
    handle: async ({ person, path, body }) => ({
      status: 200,
      body: viewOf(await eraseRecord(deps, person, path.facility, body)),
    }),
  }),
});

/** The route of erasures ↔ the use case. */
export const makeEraseHandler = (authenticate: Authenticate, deps: EraseDeps) =>
  dispatchPeople<'erase-records'>(authenticate, routes(deps));
