import type {
  AuditIncident,
  AuditIncidentPage,
  AuditIncidentsQuery,
  AuditIncidentView,
} from '../../contracts/audit-incidents.ts';
import type { Grant, Person } from '../../domain/access.ts';
import { mayDo, targetOf } from '../../domain/authorize.ts';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import { linkSubject } from '../../domain/delivery/delivery.ts';
import { departmentName } from '../../domain/department-name.ts';
import { InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import { type Facility, isWithin } from '../../domain/facility.ts';
import type { Incident, PublishedNotice, Step } from '../../domain/incident.ts';
import { knownAt } from '../../domain/incidents/known-at.ts';
import { responseTimes } from '../../domain/incidents/response-times.ts';
import { wholeTimeline } from '../../domain/incidents/whole-timeline.ts';
import { readInstant, writeInstant } from '../../domain/instants.ts';
import { titleOf } from '../../domain/notices/incident-title.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryStore, LinkStore } from '../../ports/delivery-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import { findIncident } from '../find-incident.ts';
import { inBatches } from '../in-batches.ts';
import { type IncidentLists, listIncidentsFor } from '../list-incidents.ts';
import type { PersonId } from '../person-id.ts';

export interface IncidentsDeps {
  readonly incidents: IncidentLists['incidents'];
  readonly records: IncidentLists['records'] & Pick<RecordStore, 'readSteps'>;
  readonly registry: IncidentLists['registry'] & Pick<RegistryStore, 'readGrant'>;
  readonly deliveries: Pick<DeliveryStore, 'ofIncident'>;
  readonly links: Pick<LinkStore, 'read'>;
  /** The pack by `name@version` as the incident names it; absent = no longer kept here. */
  readonly packById: (id: string) => RulePack | undefined;
  /** The salted id of a person, by subject. */
  readonly personId: PersonId;
  readonly clock: Clock;
}

/** What a list of them takes; whom they were told to is read for one at a time. */
export type IncidentListDeps = Pick<IncidentsDeps, 'incidents' | 'records' | 'registry' | 'clock'>;

const USUAL_PAGE = 50;
const READ_AT_ONCE = 10;
/** One sheet holds so many incidents; more are asked for by a shorter time. */
const MOST_IN_ONE = 5_000;
const LARGEST_PAGE = 100;

const lineOf = (incident: Incident, steps: readonly Step[], facility: Facility | undefined): AuditIncident => ({
  incident: incident.id,
  facility: incident.facilityId,
  ...(facility && { facilityName: facility.name }),
  division: incident.division,
  rule: incident.rule,
  subject: incident.subject,
  title: titleOf(incident),
  finding: incident.finding,
  reason: incident.reason,
  lifeSafety: incident.lane === 'life-safety',
  drill: incident.drill !== undefined,
  since: writeInstant(incident.sinceMs),
  openedAt: writeInstant(incident.openedAtMs),
  ...(incident.endedAtMs !== undefined && { endedAt: writeInstant(incident.endedAtMs) }),
  state: incident.state,
  ...(incident.closedAtMs !== undefined && { closedAt: writeInstant(incident.closedAtMs) }),
  ...(incident.closeReason !== undefined && { closeReason: incident.closeReason }),
  pack: incident.pack,
  times: responseTimes(incident, steps),
});

const stepsOf = async ({ records }: Pick<IncidentsDeps, 'records'>, incident: Incident): Promise<readonly Step[]> =>
  wholeTimeline(await records.readSteps(incident.facilityId, incident.id), incident.steps);

const linesOf = async (
  deps: IncidentListDeps,
  incidents: readonly Incident[],
  asOfMs: number,
): Promise<readonly AuditIncident[]> => {
  const ids = [...new Set(incidents.map(({ facilityId }) => facilityId))];
  const read = await inBatches(ids, READ_AT_ONCE, async (id) => [id, await deps.registry.readFacility(id)] as const);
  const facilities = new Map(read);
  return inBatches(incidents, READ_AT_ONCE, async (one) => {
    const { incident, steps } = knownAt({ incident: one, steps: await stepsOf(deps, one) }, asOfMs);
    return lineOf(incident, steps, facilities.get(incident.facilityId));
  });
};

/**
 * Incidents with how fast they were told, seen and answered, as of an instant. Each is authorized by itself, as it stands
 * now: since then it may have been told to somebody, and it was closed in a month that the instant does not know.
 */
export const listAuditIncidents = async (
  deps: IncidentListDeps,
  person: Person,
  { from, to, format: _format, limit = USUAL_PAGE, ...query }: AuditIncidentsQuery,
  asOf?: number,
): Promise<AuditIncidentPage> => {
  const nowMs = deps.clock();
  const asOfMs = asOf ?? nowMs;
  const asked = {
    ...query,
    limit,
    ...(from !== undefined && { fromMs: readInstant(from) }),
    toMs: Math.min(to === undefined ? Number.POSITIVE_INFINITY : readInstant(to), asOfMs + 1),
  };
  const { items, cursor } = await listIncidentsFor(deps, person, asked, nowMs);
  const lines = await linesOf(deps, items, asOfMs);
  return { items: [...lines], asOf: writeInstant(asOfMs), ...(cursor !== undefined && { cursor }) };
};

/** The whole list, whatever page is asked for. Throws `InvalidInputError` if that is too much for one answer. */
export const wholeAuditIncidents = async (
  deps: IncidentListDeps,
  person: Person,
  { cursor: _asked, ...query }: AuditIncidentsQuery,
  // Without an end, what opens meanwhile would move it.
  asOfMs = deps.clock(),
): Promise<Omit<AuditIncidentPage, 'cursor'>> => {
  const asked = { ...query, limit: LARGEST_PAGE };
  const items: AuditIncident[] = [];
  let page = await listAuditIncidents(deps, person, asked, asOfMs);
  items.push(...page.items);
  while (page.cursor !== undefined) {
    page = await listAuditIncidents(deps, person, { ...asked, cursor: page.cursor }, asOfMs);
    items.push(...page.items);
    if (items.length > MOST_IN_ONE) {
      const fault = { pointer: '/from', message: `has more than ${MOST_IN_ONE} incidents: ask for a shorter time` };
      throw new InvalidInputError('The question cannot be answered.', [fault], 'query-invalid');
    }
  }
  return { items, asOf: page.asOf };
};

type Told = AuditIncidentView['told'][number];

const deliveryView = (one: Delivery): Told['deliveries'][number] => ({
  post: one.post,
  state: one.state,
  createdAt: writeInstant(one.createdAtMs),
  ...(one.deliveredAtMs !== undefined && { deliveredAt: writeInstant(one.deliveredAtMs) }),
  ...(one.seenAtMs !== undefined && { seenAt: writeInstant(one.seenAtMs) }),
  channels: [...new Set(one.attempts.map(({ kind }) => kind))],
});

/** What of a notice and what became of it belong together. A test of a channel is of no incident. */
const isOf =
  ({ rung, department, kind }: Pick<PublishedNotice, 'rung' | 'department' | 'kind'>) =>
  (one: Delivery): boolean =>
    one.rung === rung && one.department === department && one.kind === kind;

const toldOf = (incident: Incident, deliveries: readonly Delivery[], pack: RulePack | undefined): Told[] => {
  const dutyOf = (rung: number, department: string): Told['duty'] =>
    incident.ladder[rung]?.recipients.find((one) => one.department === department)?.duty ?? 'inform';
  const view = (
    { rung, department, kind }: Pick<PublishedNotice, 'rung' | 'department' | 'kind'>,
    publishedAtMs: number | undefined,
  ): Told => {
    const level = incident.ladder[rung]?.level;
    return {
      rung,
      ...(level !== undefined && { level }),
      department,
      departmentName: departmentName(pack, department),
      duty: dutyOf(rung, department),
      notice: kind,
      ...(publishedAtMs !== undefined && { publishedAt: writeInstant(publishedAtMs) }),
      deliveries: deliveries.filter(isOf({ rung, department, kind })).map(deliveryView),
    };
  };
  const published = incident.published.map((one) => view(one, one.publishedAtMs));
  // Owed still: it stands here so that a notice that nobody took is not taken for one that nobody wanted.
  const owed = incident.outbox.map((one) =>
    view({ rung: one.rung, department: one.recipient.department, kind: one.kind }, undefined),
  );
  const isPublished = (one: Told): boolean =>
    published.some((of) => of.rung === one.rung && of.department === one.department && of.notice === one.notice);
  return [...published, ...owed.filter((one) => !isPublished(one))];
};

const spoken = ['answered', 'closed', 'seen', 'passed-on', 'marked-false', 'declared-real'] as const;
type Spoken = (typeof spoken)[number];
const isSpoken = (step: Step): step is Step & { readonly kind: Spoken } => spoken.some((kind) => kind === step.kind);

const LINK = linkSubject('');

/** The department of a person's role where it happened. */
const departmentOf = (grant: Grant | undefined, { division, facilityId }: Incident): string | undefined => {
  const roles = grant?.roles ?? [];
  const officer = roles.find(
    (role) => role.role === 'officer' && role.division !== undefined && isWithin(division, role.division),
  );
  if (officer?.department !== undefined) return officer.department;
  return roles.some((role) => role.role === 'facility' && role.facilityId === facilityId) ? 'facility' : undefined;
};

type Speaker = Pick<AuditIncidentView['answers'][number], 'by' | 'department' | 'person'>;

const speakerOf = async (deps: IncidentsDeps, by: string, incident: Incident): Promise<Speaker> => {
  if (by.startsWith(LINK)) {
    const link = await deps.links.read(by.slice(LINK.length));
    if (link === undefined) return { by: 'person' };
    return { by: 'person', department: link.department, person: await deps.personId(`${link.post}/${link.contact}`) };
  }
  // `<issuer>|<subject>`; our own functions have no bar in their names.
  if (!by.includes('|')) return { by: 'system' };
  const department = departmentOf(await deps.registry.readGrant(by), incident);
  return { by: 'person', ...(department !== undefined && { department }), person: await deps.personId(by) };
};

const answersOf = async (
  deps: IncidentsDeps,
  incident: Incident,
  steps: readonly Step[],
): Promise<AuditIncidentView['answers']> => {
  const said = steps.filter(isSpoken);
  const subjects = [...new Set(said.map(({ by }) => by))];
  const speakers = new Map(
    await inBatches(subjects, READ_AT_ONCE, async (by) => [by, await speakerOf(deps, by, incident)] as const),
  );
  return said.map(({ atMs, kind, by, reason }) => ({
    at: writeInstant(atMs),
    is: kind,
    ...(speakers.get(by) ?? { by: 'system' as const }),
    reason,
  }));
};

/** One incident: how fast, who was told when by which rung and channel, and who answered. Names never. */
export const readAuditIncident = async (
  deps: IncidentsDeps,
  person: Person,
  id: string,
): Promise<AuditIncidentView> => {
  const incident = (await findIncident(deps, id))?.incident;
  if (incident === undefined || !mayDo(person, 'read-incident', targetOf(incident))) {
    throw new NotFoundError('no such incident that your roles reach');
  }
  const [steps, facility, deliveries] = await Promise.all([
    stepsOf(deps, incident),
    deps.registry.readFacility(incident.facilityId),
    deps.deliveries.ofIncident(incident.id),
  ]);
  return {
    ...lineOf(incident, steps, facility),
    asOf: writeInstant(deps.clock()),
    told: toldOf(incident, deliveries, deps.packById(incident.pack)),
    answers: await answersOf(deps, incident, steps),
  };
};
