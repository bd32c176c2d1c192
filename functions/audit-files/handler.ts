import * as z from 'zod';
import { bundleQuery, reportQuery } from '../../shared/contracts/audit-files.ts';
import { divisionPrefix, facilityId } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import type { AuditQuestion } from '../../shared/use-cases/audit/access-words.ts';
import { noteAccess } from '../../shared/use-cases/audit/accesses.ts';
import { coversFacility, coversList } from '../../shared/use-cases/audit/covers.ts';
import { answerBundle, logKeys } from './bundle.ts';
import { divisionReportPage, gatherDivision } from './report/division-report.ts';
import { facilityReportPage } from './report/facility-report.ts';
import { gatherFacility } from './report/gather.ts';
import { answerReport } from './report/page.ts';
import type { AuditFilesDeps } from './stores.ts';

const facilityPath = z.strictObject({ facility: facilityId });
const divisionPath = z.strictObject({ division: divisionPrefix });

/** What an auditor takes away: bundles, reports and exports. Nobody gets one before it is noted who looked. */
export const makeAuditFilesHandler = (authenticate: Authenticate, deps: AuditFilesDeps) => {
  const noteFacility = (
    person: Person,
    facility: { id: string; division: string },
    question: AuditQuestion,
    of: object,
  ) =>
    noteAccess(deps, person, coversFacility('read-retention', { facility: facility.id, division: facility.division }), {
      question,
      of: { ...of },
    });
  const table: RouteTable<'audit-files'> = {
    'GET /v1/audit/keys': personRoute({
      handle: async ({ person }) => ({ status: 200, body: await logKeys(deps, person) }),
    }),
    'GET /v1/audit/facilities/{facility}/bundle': personRoute({
      path: facilityPath,
      query: bundleQuery,
      handle: async ({ person, path, query }) => {
        const { facility, answer } = await answerBundle(deps, person, path.facility, query);
        await noteFacility(person, facility, 'bundle', query);
        return answer;
      },
    }),
    'GET /v1/audit/facilities/{facility}/report': personRoute({
      path: facilityPath,
      query: reportQuery,
      handle: async ({ person, path, query }) => {
        const report = await gatherFacility(deps, person, path.facility, query);
        await noteFacility(person, report.facility, 'report', query);
        return answerReport(facilityReportPage(report));
      },
    }),
    'GET /v1/audit/divisions/{division}/report': personRoute({
      path: divisionPath,
      query: reportQuery,
      handle: async ({ person, path, query }) => {
        const report = await gatherDivision(deps, person, path.division, query);
        const covers = coversList(person, 'read-retention', path.division, report.page.items);
        await noteAccess(deps, person, covers, { question: 'report', of: { division: path.division, ...query } });
        return answerReport(divisionReportPage(report));
      },
    }),
  };
  return dispatchPeople<'audit-files'>(authenticate, table);
};
