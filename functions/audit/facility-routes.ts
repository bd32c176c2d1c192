import * as z from 'zod';
import { areaRecordingsQuery, facilityRetentionQuery, uptimeQuery } from '../../shared/contracts/audit.ts';
import { facilityAccessesQuery, objectionBody, objectionsQuery } from '../../shared/contracts/audit-notes.ts';
import { challengesQuery, checksQuery, coverageQuery } from '../../shared/contracts/audit-questions.ts';
import { facilityId, shortId } from '../../shared/contracts/wire.ts';
import type { Action } from '../../shared/domain/authorize.ts';
import { readInstant } from '../../shared/domain/instants.ts';
import { personRoute } from '../../shared/runtime/dispatch.ts';
import type { AuditQuestion } from '../../shared/use-cases/audit/access-words.ts';
import { accessesSheet, facilityAccesses } from '../../shared/use-cases/audit/accesses.ts';
import { areaRecordingsOf } from '../../shared/use-cases/audit/area-recordings.ts';
import { coversFacility } from '../../shared/use-cases/audit/covers.ts';
import { challengesSheet, facilityChallenges } from '../../shared/use-cases/audit/facility-challenges.ts';
import { checksSheet, facilityChecks } from '../../shared/use-cases/audit/facility-checks.ts';
import { coverageSheet, facilityCoverage } from '../../shared/use-cases/audit/facility-coverage.ts';
import { facilityRetention, facilityRetentionSheet } from '../../shared/use-cases/audit/facility-retention.ts';
import { facilityUptime, uptimeSheet } from '../../shared/use-cases/audit/facility-uptime.ts';
import {
  attachObjection,
  listObjections,
  objectionsFor,
  objectionsOf,
  objectionsSheet,
} from '../../shared/use-cases/audit/objections.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import { type About, inForm, inJson, wholeInLines } from './answers.ts';
import type { AuditDeps } from './stores.ts';

const facilityPath = z.strictObject({ facility: facilityId });
const areaPath = z.strictObject({ facility: facilityId, area: shortId });

const of = (
  question: AuditQuestion,
  action: Action,
  view: { readonly facility: string; readonly division: string },
): About & { readonly name: string } => ({
  question,
  covers: coversFacility(action, view),
  name: `${question}-${view.facility}`,
});

/** Questions about one facility. */
export const facilityRoutes = (deps: AuditDeps) => ({
  'GET /v1/audit/facilities/{facility}/retention': personRoute({
    path: facilityPath,
    query: facilityRetentionQuery,
    handle: async (request) => {
      const judged = await facilityRetention(deps, request.person, request.path.facility, request.query);
      // What was said up to the asked instant, as everything else of it.
      const said = await objectionsOf(deps, judged.facility, readInstant(judged.asOf));
      const view = { ...judged, objections: await objectionsFor(deps, request.person, said) };
      const sheets = (answered: typeof view) =>
        [facilityRetentionSheet(answered), objectionsSheet(answered.facility, answered.objections)] as const;
      return inForm(deps, request, view, { ...of('retention', 'read-retention', view), sheets });
    },
  }),
  'GET /v1/audit/facilities/{facility}/areas/{area}/recordings': personRoute({
    path: areaPath,
    query: areaRecordingsQuery,
    handle: async (request) => {
      const { facility, area } = request.path;
      const view = await areaRecordingsOf(deps, request.person, facility, area, request.query);
      return inJson(deps, request, view, of('area-recordings', 'read-retention', view));
    },
  }),
  'GET /v1/audit/facilities/{facility}/uptime': personRoute({
    path: facilityPath,
    query: uptimeQuery,
    handle: async (request) => {
      const asked = { ...deps, digests: deps.records };
      const view = await facilityUptime(asked, request.person, request.path.facility, request.query);
      return inForm(deps, request, view, {
        ...of('uptime', 'read-uptime', view),
        sheets: (answered) => [uptimeSheet(answered)],
      });
    },
  }),
  'GET /v1/audit/facilities/{facility}/coverage': personRoute({
    path: facilityPath,
    query: coverageQuery,
    handle: async (request) => {
      const view = await facilityCoverage(deps, request.person, request.path.facility, request.query);
      return inForm(deps, request, view, {
        ...of('coverage', 'read-uptime', view),
        sheets: (answered) => [coverageSheet(answered)],
      });
    },
  }),
  'GET /v1/audit/facilities/{facility}/checks': personRoute({
    path: facilityPath,
    query: checksQuery,
    handle: async (request) => {
      const view = await facilityChecks(deps, request.person, request.path.facility, request.query);
      return inForm(deps, request, view, {
        ...of('checks', 'read-checks', view),
        sheets: (answered) => [checksSheet(answered)],
      });
    },
  }),
  'GET /v1/audit/facilities/{facility}/challenges': personRoute({
    path: facilityPath,
    query: challengesQuery,
    handle: async (request) => {
      const view = await facilityChallenges(deps, request.person, request.path.facility, request.query);
      return inForm(deps, request, view, {
        ...of('challenges', 'read-retention', view),
        sheets: (answered) => [challengesSheet(answered)],
      });
    },
  }),
  'GET /v1/audit/facilities/{facility}/objections': personRoute({
    path: facilityPath,
    query: objectionsQuery,
    handle: async (request) => {
      const { id, division } = await facilityFor(
        deps.registry,
        request.person,
        'read-retention',
        request.path.facility,
      );
      const page = await listObjections(deps, request.person, id, wholeInLines(request));
      const sheets = ({ items }: typeof page) => [objectionsSheet(id, items)] as const;
      return inForm(deps, request, page, { ...of('objections', 'read-retention', { facility: id, division }), sheets });
    },
  }),
  'POST /v1/audit/facilities/{facility}/objections': personRoute({
    path: facilityPath,
    body: objectionBody,
    handle: async ({ person, path, body }) => ({
      status: 200,
      body: await attachObjection(deps, person, path.facility, body),
    }),
  }),
  'GET /v1/audit/facilities/{facility}/accesses': personRoute({
    path: facilityPath,
    query: facilityAccessesQuery,
    handle: async (request) => {
      const { id, division } = await facilityFor(deps.registry, request.person, 'read-accesses', request.path.facility);
      const page = await facilityAccesses(deps, request.person, id, wholeInLines(request));
      const sheets = ({ items }: typeof page) => [accessesSheet(items, deps.zone)] as const;
      return inForm(deps, request, page, { ...of('accesses', 'read-accesses', { facility: id, division }), sheets });
    },
  }),
});
