import * as z from 'zod';
import { linkForm } from '../answer-link.ts';
import {
  areaRecordingsQuery,
  areaRecordingsView,
  facilityRetentionQuery,
  facilityRetentionView,
  retentionPage,
  retentionQuery,
  uptimeQuery,
  uptimeView,
} from '../audit.ts';
import { bundleQuery, exportBody, exportJobView, logKeysView, reportQuery } from '../audit-files.ts';
import { auditIncidentPage, auditIncidentsQuery, auditIncidentView } from '../audit-incidents.ts';
import {
  accessesQuery,
  accessPage,
  facilityAccessesQuery,
  objectionBody,
  objectionPage,
  objectionsQuery,
  objectionView,
} from '../audit-notes.ts';
import {
  challengesQuery,
  challengesView,
  checksQuery,
  checksView,
  coverageQuery,
  coverageView,
} from '../audit-questions.ts';
import {
  answerBody,
  capQuery,
  closeBody,
  falseAlarmBody,
  incidentListQuery,
  incidentPage,
  incidentView,
  openBody,
  openedView,
} from '../desk.ts';
import { deliveryList, noticeFeedPage, noticeFeedQuery } from '../desk-deliveries.ts';
import { erasureBody, erasureView } from '../erasures.ts';
import { holdBody, holdPage, holdView } from '../holds.ts';
import { pageQuery } from '../page.ts';
import type { ProblemCode } from '../problems.ts';
import {
  boxBody,
  boxPage,
  boxView,
  changePage,
  facilityBody,
  facilityListQuery,
  facilityPage,
  facilityView,
  grantBody,
  grantPage,
  grantView,
  keyBody,
  packListView,
} from '../registry.ts';
import { alarmSchema } from '../reports/alarm.ts';
import { receiverAnswerSchema } from '../reports/answer.ts';
import { challengeSchema } from '../reports/challenge.ts';
import { checkSchema } from '../reports/check.ts';
import { coverageSchema } from '../reports/coverage.ts';
import { digestSchema } from '../reports/digest.ts';
import { heartbeatSchema } from '../reports/heartbeat.ts';
import { logSchema } from '../reports/log.ts';
import { recordingSchema } from '../reports/recording.ts';
import {
  importQuery,
  importView,
  rosterBody,
  rosterListQuery,
  rosterPage,
  rosterView,
  testAccepted,
  testBody,
  testView,
} from '../roster.ts';
import type { RouteKey } from '../routes.ts';
import { drillBody, muteBody, windowsQuery, windowsView } from '../windows.ts';
import {
  closeExample,
  drillExample,
  erasureExample,
  facilityExample,
  grantExample,
  holdExample,
  muteExample,
  objectionExample,
  openExample,
  rosterCsvExample,
  rosterExample,
} from './people-examples.ts';
import { reportExamples } from './report-examples.ts';

type Schema = z.core.$ZodType;

/** A schema under the name that it has in the document. */
export interface Named {
  readonly name: string;
  readonly schema: Schema;
}

/** What the document says of one route beyond its method and path. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: Schema;
  readonly body?: Named & { readonly example: unknown; readonly orArray?: boolean };
  /** Takes a CSV: an example of it. */
  readonly csvBody?: string;
  /** Answered 202: it is done later. */
  readonly later?: true;
  /** Absent = 204, or CSV only. */
  readonly answer?: Named;
  /** The answer may also be CSV, or where to fetch it. */
  readonly csv?: boolean;
  /** The answer is a text of this type. */
  readonly text?: string;
  /** A page for a person's browser: its statuses beside 200, each with what it means. The body of a POST is a form. */
  readonly page?: { readonly form?: Named; readonly refusals: Readonly<Record<number, string>> };
  /** Codes beyond those that every route of this caller has. */
  readonly problems?: readonly ProblemCode[];
}

const receiverAnswer: Named = { name: 'ReceiverAnswer', schema: receiverAnswerSchema };

const SENDING =
  'One report, or an array of at most 100; at most 256 KB. The answer has one result per report, in order. A single report ' +
  'that does not fit is 422; in an array it is `rejected` and its neighbours are taken. 503 is trouble of ours: send the ' +
  'very same request again; what was taken before is then a duplicate.';

const receiver = (id: string, summary: string, name: string, schema: Schema, example: unknown): Operation => ({
  id,
  summary,
  description: SENDING,
  body: { name, schema, example, orArray: true },
  answer: receiverAnswer,
});

const reports = {
  'POST /v1/heartbeats': receiver(
    'sendHeartbeats',
    'A box says that it watches',
    'Heartbeat',
    heartbeatSchema,
    reportExamples.heartbeat,
  ),
  'POST /v1/coverage': receiver(
    'sendCoverage',
    'A box says what each camera shows',
    'Coverage',
    coverageSchema,
    reportExamples.coverage,
  ),
  'POST /v1/recordings': receiver(
    'sendRecordings',
    'A box says what was recorded',
    'Recording',
    recordingSchema,
    reportExamples.recording,
  ),
  'POST /v1/checks': receiver(
    'sendChecks',
    'A box says that a health check was done',
    'Check',
    checkSchema,
    reportExamples.check,
  ),
  'POST /v1/alarms': receiver('sendAlarms', 'A box rings', 'Alarm', alarmSchema, reportExamples.alarm),
  'POST /v1/digests': receiver(
    'sendDigests',
    'A box says in which minutes of an hour its beats were answered',
    'Digest',
    digestSchema,
    reportExamples.digest,
  ),
  'POST /v1/challenges': receiver(
    'sendChallenges',
    'A box shows footage that it was asked for',
    'ChallengeAnswer',
    challengeSchema,
    reportExamples.challenge,
  ),
  'POST /v1/logs': receiver('sendLogs', 'A box says that a duty was done', 'Log', logSchema, reportExamples.log),
} as const;

const incident: Named = { name: 'Incident', schema: incidentView };
const windows: Named = { name: 'Windows', schema: windowsView };
const nothing: Named & { readonly example: unknown } = { name: 'AnswerBody', schema: answerBody, example: {} };

const desk = {
  'GET /v1/desk/incidents': {
    id: 'listIncidents',
    summary: 'Incidents that the caller may see, newest first',
    query: incidentListQuery,
    answer: { name: 'IncidentPage', schema: incidentPage },
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'GET /v1/desk/incidents/{incident}': {
    id: 'readIncident',
    summary: 'One incident with its notices and its whole timeline',
    answer: incident,
    problems: ['not-found'],
  },
  'GET /v1/desk/incidents/{incident}/deliveries': {
    id: 'listDeliveries',
    summary: 'How each notice of an incident went to people, with every try',
    description:
      'Posts and ids of contacts for whoever may read the incident; names only for whoever may read the people of that ' +
      'post; addresses for nobody. Delivered is not seen.',
    answer: { name: 'DeliveryList', schema: deliveryList },
    problems: ['not-found'],
  },
  'GET /v1/desk/incidents/{incident}/cap': {
    id: 'readCap',
    summary: 'A published notice of an incident as a CAP 1.2 document; without `notice`, the latest',
    query: capQuery,
    text: 'application/cap+xml',
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/desk/notices': {
    id: 'pullNotices',
    summary:
      "The notices of the officer's department within the division, oldest first, for networks that no link reaches",
    description:
      'Ask with `after` = the last `cursor`, at once while `more` is true, else when you like (every 30 seconds is well). ' +
      'At least once: what was younger than two minutes when the end was reached comes again; drop by `notice` what you ' +
      'have. Without `after` it begins 24 hours ago. Pulling is no answer: answer at the desk.',
    query: noticeFeedQuery,
    answer: { name: 'NoticeFeedPage', schema: noticeFeedPage },
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'POST /v1/desk/incidents/{incident}/answer': {
    id: 'answerIncident',
    summary: 'The caller takes it in hand; it climbs no further',
    body: { name: 'AnswerBody', schema: answerBody, example: {} },
    answer: incident,
    problems: ['not-found', 'already-closed', 'body-invalid'],
  },
  'POST /v1/desk/incidents/{incident}/close': {
    id: 'closeIncident',
    summary: 'The caller closes it, with a reason',
    description: 'An alarm is closed only by a person. A breach that goes on is reopened by the next sweep.',
    body: { name: 'CloseBody', schema: closeBody, example: closeExample },
    answer: incident,
    problems: ['not-found', 'already-closed', 'body-invalid'],
  },
  'POST /v1/desk/incidents/{incident}/pass-on': {
    id: 'passIncidentOn',
    summary: 'The caller cannot see to it: who comes next is told now',
    body: nothing,
    answer: incident,
    problems: ['not-found', 'already-closed', 'body-invalid'],
  },
  'POST /v1/desk/incidents/{incident}/false-alarm': {
    id: 'markFalseAlarm',
    summary: 'The caller says that the alarm is false; that closes nothing and stops no notice',
    body: { name: 'FalseAlarmBody', schema: falseAlarmBody, example: { code: 'pressed-by-mistake' } },
    answer: incident,
    problems: ['not-found', 'already-closed', 'body-invalid'],
  },
  'POST /v1/desk/incidents/{incident}/real': {
    id: 'declareReal',
    summary: 'A drill turned out to be real: everybody who was told of it is told so at once',
    body: nothing,
    answer: incident,
    problems: ['not-found', 'already-closed', 'body-invalid'],
  },
  'POST /v1/desk/incidents': {
    id: 'openIncident',
    summary: 'An officer opens what no box reported; it is published at once',
    description:
      'Abuse, or what somebody says by telephone. Nothing of abuse goes to the facility. The same `id` sent again is the same incident.',
    body: { name: 'OpenBody', schema: openBody, example: openExample },
    answer: { name: 'OpenedIncident', schema: openedView },
    problems: ['not-found', 'body-invalid'],
  },
  'GET /v1/desk/facilities/{facility}/windows': {
    id: 'listWindows',
    summary: 'Drills and mutes of a facility',
    query: windowsQuery,
    answer: windows,
    problems: ['not-found', 'query-invalid'],
  },
  'POST /v1/desk/facilities/{facility}/drills': {
    id: 'announceDrill',
    summary: 'Announces a drill: only inside it does the drill flag of a box count',
    description: 'Registered before it begins, at most 4 hours long. An alarm without the flag is real all the same.',
    body: { name: 'DrillBody', schema: drillBody, example: drillExample },
    answer: windows,
    problems: ['not-found', 'body-invalid'],
  },
  'POST /v1/desk/facilities/{facility}/mutes': {
    id: 'muteRules',
    summary: 'Notices of these rules wait, at most 7 days; no alarm ever does',
    description: 'Incidents open as ever. What is still so when the mute ends is told then.',
    body: { name: 'MuteBody', schema: muteBody, example: muteExample },
    answer: windows,
    problems: ['not-found', 'body-invalid'],
  },
  'POST /v1/desk/facilities/{facility}/maintenance': {
    id: 'askMaintenance',
    summary: 'A facility asks for a maintenance window; nothing waits until it is allowed',
    description: 'Asked for by somebody who may mute these rules, it is allowed at once.',
    body: { name: 'MuteBody', schema: muteBody, example: muteExample },
    answer: windows,
    problems: ['not-found', 'body-invalid'],
  },
  'POST /v1/desk/facilities/{facility}/maintenance/{window}/allow': {
    id: 'allowMaintenance',
    summary: 'Allows the maintenance window that the facility asked for',
    body: nothing,
    answer: windows,
    problems: ['not-found', 'body-invalid'],
  },
  'DELETE /v1/desk/facilities/{facility}/windows/{window}': {
    id: 'endWindow',
    summary: 'Ends a drill or mute now; it stays visible for a week',
    problems: ['not-found'],
  },
} as const satisfies Partial<Record<RouteKey, Operation>>;

const audit = {
  'GET /v1/audit/retention': {
    id: 'auditRetention',
    summary:
      'Which facilities and cameras cannot show that they keep recordings long enough, or fail challenges, and why',
    query: retentionQuery,
    answer: { name: 'RetentionPage', schema: retentionPage },
    csv: true,
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/retention': {
    id: 'auditFacilityRetention',
    summary: 'What one facility holds, by camera and day, and whether challenges confirm it',
    query: facilityRetentionQuery,
    answer: { name: 'FacilityRetention', schema: facilityRetentionView },
    csv: true,
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/areas/{area}/recordings': {
    id: 'auditAreaRecordings',
    summary: 'Whether an area was recorded between two instants, by which cameras, and whether it is still held',
    query: areaRecordingsQuery,
    answer: { name: 'AreaRecordings', schema: areaRecordingsView },
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/uptime': {
    id: 'auditUptime',
    summary: 'When one facility was shown to be monitored, by day, with every gap',
    query: uptimeQuery,
    answer: { name: 'Uptime', schema: uptimeView },
    csv: true,
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/coverage': {
    id: 'auditCoverage',
    summary: 'How long each area of a facility was not seen and not recorded, by day, and when',
    query: coverageQuery,
    answer: { name: 'AreaCoverage', schema: coverageView },
    csv: true,
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/checks': {
    id: 'auditChecks',
    summary:
      'Which class was checked on which day and session, in time, late or not at all; corrections beside the original',
    query: checksQuery,
    answer: { name: 'FacilityChecks', schema: checksView },
    csv: true,
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/challenges': {
    id: 'auditChallenges',
    summary: 'What a facility was asked to show without warning, what came of it, and the odds of that',
    query: challengesQuery,
    answer: { name: 'FacilityChallenges', schema: challengesView },
    csv: true,
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/objections': {
    id: 'listObjections',
    summary: 'What a facility attached against what its records show, latest first',
    query: objectionsQuery,
    answer: { name: 'ObjectionPage', schema: objectionPage },
    csv: true,
    problems: ['not-found', 'query-invalid', 'cursor-invalid'],
  },
  'POST /v1/audit/facilities/{facility}/objections': {
    id: 'attachObjection',
    summary: 'The head of a facility attaches an objection, under seal; another one under the same id is refused',
    body: { name: 'ObjectionBody', schema: objectionBody, example: objectionExample },
    answer: { name: 'Objection', schema: objectionView },
    problems: ['not-found', 'body-invalid'],
  },
  'GET /v1/audit/facilities/{facility}/accesses': {
    id: 'facilityAccesses',
    summary: 'Which auditors looked at a facility, when, and at what; people by salted id',
    query: facilityAccessesQuery,
    answer: { name: 'AccessPage', schema: accessPage },
    csv: true,
    problems: ['not-found', 'query-invalid', 'cursor-invalid'],
  },
  'GET /v1/audit/incidents': {
    id: 'auditIncidents',
    summary: 'Incidents of a division or a facility with their response times, newest first',
    query: auditIncidentsQuery,
    answer: { name: 'AuditIncidentPage', schema: auditIncidentPage },
    csv: true,
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'GET /v1/audit/incidents/{incident}': {
    id: 'auditIncident',
    summary: 'One incident: who was told when, by which rung and channel, and who answered; no names',
    answer: { name: 'AuditIncident', schema: auditIncidentView },
    problems: ['not-found'],
  },
  'GET /v1/audit/accesses': {
    id: 'auditAccesses',
    summary: 'Which auditors asked about whole divisions, when, and what',
    query: accessesQuery,
    answer: { name: 'AccessPage', schema: accessPage },
    csv: true,
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'POST /v1/audit/exports': {
    id: 'orderExport',
    summary: 'Orders an export that is made in the background',
    description:
      'Of one facility, or of everything under a division. `of: department` is what that department may read, to be ' +
      'handed to it: incidents, verdicts and challenges, without personal data.',
    body: {
      name: 'ExportOrder',
      schema: exportBody,
      example: { of: 'retention', division: '3212', format: 'xlsx' },
    },
    later: true,
    answer: { name: 'ExportJob', schema: exportJobView },
    problems: ['not-found', 'body-invalid', 'query-invalid'],
  },
  'GET /v1/audit/exports/{export}': {
    id: 'readExport',
    summary: 'How far an export is, with a link once it is done; or a CSV that was too large for an answer',
    answer: { name: 'ExportJob', schema: exportJobView },
    csv: true,
    problems: ['not-found'],
  },
} as const satisfies Partial<Record<RouteKey, Operation>>;

const auditFiles = {
  'GET /v1/audit/keys': {
    id: 'auditKeys',
    summary: 'The public keys of the logs, as lines to be pinned',
    answer: { name: 'LogKeys', schema: logKeysView },
  },
  'GET /v1/audit/facilities/{facility}/bundle': {
    id: 'auditBundle',
    summary: 'One file that answers one question offline, to be verified without us',
    description:
      'Whole local days, or with `area` the time between two instants. The file is read by `cradlewatch-verify`.',
    query: bundleQuery,
    text: 'application/vnd.cradlewatch.bundle+json',
    problems: ['not-found', 'query-invalid', 'not-sealed-yet'],
  },
  'GET /v1/audit/facilities/{facility}/report': {
    id: 'auditFacilityReport',
    summary: 'A report about one facility, to be read and printed, with charts',
    query: reportQuery,
    text: 'text/html',
    problems: ['not-found', 'query-invalid'],
  },
  'GET /v1/audit/divisions/{division}/report': {
    id: 'auditDivisionReport',
    summary:
      'A report about a division, to be read and printed, with charts: how many can show recordings, who cannot, and answers',
    query: reportQuery,
    text: 'text/html',
    problems: ['query-invalid'],
  },
} as const satisfies Partial<Record<RouteKey, Operation>>;

const facility: Named = { name: 'Facility', schema: facilityView };
const hold: Named = { name: 'Hold', schema: holdView };
const box: Named = { name: 'Box', schema: boxView };
const grant: Named = { name: 'Grant', schema: grantView };
const roster: Named = { name: 'Roster', schema: rosterView };

const registry = {
  'GET /v1/registry/facilities': {
    id: 'listFacilities',
    summary: 'Facilities that the caller may see',
    query: facilityListQuery,
    answer: { name: 'FacilityPage', schema: facilityPage },
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'PUT /v1/registry/facilities/{facility}': {
    id: 'putFacility',
    summary: 'Registers a facility, or replaces what is registered',
    description: '`version` is the version that this edit replaces; 0 or absent for a new facility.',
    body: { name: 'FacilityBody', schema: facilityBody, example: facilityExample },
    answer: facility,
    problems: ['body-invalid', 'version-conflict'],
  },
  'GET /v1/registry/facilities/{facility}': {
    id: 'readFacility',
    summary: 'One facility',
    answer: facility,
    problems: ['not-found'],
  },
  'GET /v1/registry/facilities/{facility}/changes': {
    id: 'listChanges',
    summary: 'Who changed what of this facility, and when',
    query: pageQuery,
    answer: { name: 'ChangePage', schema: changePage },
    problems: ['not-found', 'query-invalid', 'cursor-invalid'],
  },
  'GET /v1/registry/facilities/{facility}/holds': {
    id: 'listHolds',
    summary: 'Orders to keep recordings, the last one first, each with what its box said of it',
    description:
      'An order that its box has not confirmed as a whole says since when. Those that were released or have expired stay on record.',
    query: pageQuery,
    answer: { name: 'HoldPage', schema: holdPage },
    problems: ['not-found', 'query-invalid', 'cursor-invalid'],
  },
  'POST /v1/registry/facilities/{facility}/erasures': {
    id: 'eraseRecord',
    summary: 'Destroys what one record under seal said',
    description:
      'A record that a box sent, named as its leaf names it. Salt, body and signature go, and of checks the copies too. The ' +
      'digest stays: that it was received, and when, stays provable.',
    body: { name: 'Erasure', schema: erasureBody, example: erasureExample },
    answer: { name: 'Erased', schema: erasureView },
    problems: ['body-invalid', 'not-found'],
  },
  'POST /v1/registry/facilities/{facility}/holds': {
    id: 'orderHold',
    summary: 'Orders a camera’s recordings to be kept beyond their days',
    description:
      'For officers who act on recordings, and auditors. The id and the instant of the order are the server’s. The box hears of it in the answer to its next ' +
      'recording report and has to confirm it; the same order given again is the one that stands. At most 64 are open at once.',
    body: { name: 'HoldBody', schema: holdBody, example: holdExample },
    answer: hold,
    problems: ['not-found', 'body-invalid'],
  },
  'POST /v1/registry/facilities/{facility}/holds/{hold}/release': {
    id: 'releaseHold',
    summary: 'Ends an order now; releasing it twice is releasing it once',
    answer: hold,
    problems: ['not-found'],
  },
  'GET /v1/registry/facilities/{facility}/boxes': {
    id: 'listBoxes',
    summary: 'Boxes of a facility with their live keys',
    answer: { name: 'BoxPage', schema: boxPage },
    problems: ['not-found'],
  },
  'PUT /v1/registry/facilities/{facility}/boxes/{box}': {
    id: 'enrolBox',
    summary: 'Enrols a box; repeating it changes nothing',
    body: { name: 'BoxBody', schema: boxBody, example: {} },
    answer: box,
    problems: ['not-found', 'body-invalid'],
  },
  'PUT /v1/registry/facilities/{facility}/boxes/{box}/keys/{key}': {
    id: 'enrolKey',
    summary: 'Lets a key sign for a box; two overlap during a rotation',
    body: { name: 'KeyBody', schema: keyBody, example: {} },
    answer: box,
    problems: ['not-found', 'body-invalid'],
  },
  'DELETE /v1/registry/facilities/{facility}/boxes/{box}/keys/{key}': {
    id: 'revokeKey',
    summary: 'Revokes a key',
    description: 'Answered only after every copy is written: from then on no report signed with it is taken.',
    problems: ['not-found'],
  },
  'GET /v1/registry/grants': {
    id: 'listGrants',
    summary: 'Roles of people',
    query: pageQuery,
    answer: { name: 'GrantPage', schema: grantPage },
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'GET /v1/registry/grants/{subject}': {
    id: 'readGrant',
    summary: 'Roles of one person',
    answer: grant,
    problems: ['not-found'],
  },
  'PUT /v1/registry/grants/{subject}': {
    id: 'putGrant',
    summary: 'Replaces the roles of one person',
    body: { name: 'GrantBody', schema: grantBody, example: grantExample },
    answer: grant,
    problems: ['body-invalid', 'version-conflict'],
  },
  'DELETE /v1/registry/grants/{subject}': {
    id: 'removeGrant',
    summary: 'Takes all roles from one person; taking them twice is taking them once',
  },
  'GET /v1/registry/packs': {
    id: 'listPacks',
    summary: 'Rule packs in force, every number with its source',
    answer: { name: 'PackList', schema: packListView },
  },
  'GET /v1/registry/rosters': {
    id: 'listRosters',
    summary: 'Who is to be reached for each department, as far as the caller may see it',
    description:
      'A facility has one too: a head finds it here, others under its own post. Auditors see the posts, not the people.',
    query: rosterListQuery,
    answer: { name: 'RosterPage', schema: rosterPage },
    problems: ['query-invalid', 'cursor-invalid'],
  },
  'POST /v1/registry/rosters/import': {
    id: 'importRosters',
    summary: 'Replaces rosters by those of a table, one line for each contact',
    description:
      'UTF-8 with or without a byte order mark; Chinese or English headers. Every fault of the file is named at once by its line, and then nothing is written. `dryRun=true` says what would change.',
    query: importQuery,
    csvBody: rosterCsvExample,
    answer: { name: 'RosterImport', schema: importView },
    problems: ['query-invalid', 'body-invalid'],
  },
  'GET /v1/registry/rosters/{post}': {
    id: 'readRoster',
    summary: 'The people of one post',
    answer: roster,
    problems: ['not-found'],
  },
  'PUT /v1/registry/rosters/{post}': {
    id: 'putRoster',
    summary: 'Writes the people of one post, all of them',
    description: '`version` is the version that this edit replaces; 0 or absent for a new roster.',
    body: { name: 'RosterBody', schema: rosterBody, example: rosterExample },
    answer: roster,
    problems: ['not-found', 'body-invalid', 'version-conflict'],
  },
  'DELETE /v1/registry/rosters/{post}': {
    id: 'removeRoster',
    summary: 'Removes a roster; removing it twice is removing it once',
    problems: ['not-found'],
  },
  'GET /v1/registry/rosters/{post}/changes': {
    id: 'listRosterChanges',
    summary: 'Who changed the roster, and when, without what it says of people',
    query: pageQuery,
    answer: { name: 'ChangePage', schema: changePage },
    problems: ['not-found', 'query-invalid', 'cursor-invalid'],
  },
  'POST /v1/registry/rosters/{post}/tests': {
    id: 'testChannel',
    summary: 'Sends a test through one channel of one contact',
    body: { name: 'ChannelTestBody', schema: testBody, example: { contact: 'li', channel: 'sms' } },
    later: true,
    answer: { name: 'ChannelTestAccepted', schema: testAccepted },
    problems: ['not-found', 'body-invalid'],
  },
  'GET /v1/registry/rosters/{post}/tests/{test}': {
    id: 'readChannelTest',
    summary: 'What became of a channel test',
    answer: { name: 'ChannelTest', schema: testView },
    problems: ['not-found'],
  },
} as const satisfies Partial<Record<RouteKey, Operation>>;

const linkRefusals = {
  404: 'The link is none of ours, or was copied in part.',
  410: 'The link has expired, or was used: the page says when, and what is so now.',
};

const answers = {
  'GET /a/{token}': {
    id: 'showAnswerPage',
    summary: 'The page of an answer link, Chinese and English, without a script',
    description: 'Opening it answers nothing and changes nothing: mail scanners open links.',
    page: { refusals: linkRefusals },
  },
  'HEAD /a/{token}': {
    id: 'checkAnswerLink',
    summary: 'Status and headers of that page, without it',
    description: 'For mail scanners; it changes nothing either.',
    page: { refusals: linkRefusals },
  },
  'POST /a/{token}': {
    id: 'takeAnswer',
    summary: 'Answers, once',
    description: 'The same choice again shows that it was taken.',
    page: {
      form: { name: 'LinkForm', schema: linkForm },
      refusals: {
        ...linkRefusals,
        409: 'The incident is closed: nobody needs to take it on any more.',
        413: 'The form is too large.',
        415: 'The body is not a form.',
        422: 'A field is missing or too long; the page names it.',
        503: 'Trouble of ours: nothing was lost, press again.',
      },
    },
  },
} as const satisfies Partial<Record<RouteKey, Operation>>;

/** Every route: one that is missing here does not compile. */
export const operations: Readonly<Record<RouteKey, Operation>> = {
  ...reports,
  ...desk,
  ...audit,
  ...auditFiles,
  ...registry,
  ...answers,
  'GET /v1/openapi.json': {
    id: 'describeApi',
    summary: 'This document',
    answer: { name: 'OpenApi', schema: z.record(z.string(), z.unknown()) },
  },
};
