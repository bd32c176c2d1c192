import type { ObjectionBody, ObjectionPage, ObjectionsQuery, ObjectionView } from '../../contracts/audit-notes.ts';
import type { Person } from '../../domain/access.ts';
import { civilDayOf } from '../../domain/civil-day.ts';
import { type Fault, InvalidInputError } from '../../domain/errors.ts';
import type { Facility } from '../../domain/facility.ts';
import { readInstant, writeInstant } from '../../domain/instants.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import { facilityIdOf, type IncidentPlaces } from '../find-incident.ts';
import type { PersonId } from '../person-id.ts';
import { facilityFor } from '../read-facility.ts';
import { everyCamera, objectionReasonWords } from './audit-words.ts';
import { knownIncidents } from './known-incidents.ts';
import { keepListed, listedBodies, type OwnRecords } from './own-records.ts';
import { pageOfList } from './pages.ts';
import { type Column, coded, type Sheet } from './sheet.ts';

export interface ObjectionDeps extends OwnRecords, IncidentPlaces {
  readonly registry: Pick<RegistryStore, 'readFacility'>;
  /** The salted id of a person, by subject. */
  readonly personId: PersonId;
  readonly clock: Clock;
}

const USUAL_PAGE = 50;
const LONGEST_MS = 100 * DAY_MS;
/** As long as records are kept; older ones are pruned with their days. */
const LISTED_MS = 400 * DAY_MS;
/** A facility attaches a few a month; this many are no objections but a fault of its software. */
const MOST_LISTED = 1_000;

const invalid = (faults: readonly Fault[]): InvalidInputError =>
  new InvalidInputError('The objection cannot be kept.', faults, 'body-invalid');

/** One that the head may not know of is none: an id could be guessed. Ids begin with their facility's. */
const isTheirs = async (deps: IncidentPlaces, person: Person, facility: Facility, id: string): Promise<boolean> =>
  facilityIdOf(id) === facility.id && (await knownIncidents(deps, person, [id])).has(id);

const requireSound = async (
  deps: ObjectionDeps,
  person: Person,
  body: ObjectionBody,
  facility: Facility,
  nowMs: number,
): Promise<void> => {
  const [fromMs, toMs] = [readInstant(body.from), readInstant(body.to)];
  const faults: readonly (Fault | false)[] = [
    fromMs >= toMs && { pointer: '/from', message: 'must be before `to`' },
    toMs > nowMs && { pointer: '/to', message: 'must not be in the future' },
    toMs - fromMs > LONGEST_MS && { pointer: '/from', message: 'must be at most 100 days before `to`' },
    body.camera !== undefined &&
      !facility.cameras.some(({ id }) => id === body.camera) && {
        pointer: '/camera',
        message: 'is no camera of this facility',
      },
    body.incident !== undefined &&
      !(await isTheirs(deps, person, facility, body.incident)) && {
        pointer: '/incident',
        message: 'is no incident of this facility',
      },
    body.reason === 'other-document' &&
      body.document === undefined && { pointer: '/document', message: 'is needed for this reason' },
  ];
  const found = faults.filter((fault) => fault !== false);
  if (found.length > 0) throw invalid(found);
};

const viewOf = (body: ObjectionBody, facility: Facility, person: string, nowMs: number): ObjectionView => {
  const { zone } = facility.calendar;
  return {
    ...body,
    receivedAt: writeInstant(nowMs),
    firstDay: civilDayOf(readInstant(body.from), zone),
    lastDay: civilDayOf(readInstant(body.to) - 1, zone),
    person,
  };
};

/** Every objection of a facility that was received by then, the latest first. */
export const objectionsOf = async (
  deps: Pick<OwnRecords, 'evidence'>,
  facilityId: string,
  nowMs: number,
): Promise<readonly ObjectionView[]> => {
  const received = { fromMs: Math.max(0, nowMs - LISTED_MS), toMs: nowMs + 1 };
  return (await listedBodies(deps, 'objection', facilityId, received)) as readonly ObjectionView[];
};

/** Objections as somebody may see them who may not know of every incident that they name, as it is with a department. */
export const objectionsFor = async (
  deps: IncidentPlaces,
  person: Person,
  objections: readonly ObjectionView[],
): Promise<ObjectionView[]> => {
  const named = objections.map(({ incident }) => incident);
  const known = await knownIncidents(deps, person, named);
  return objections.map(({ incident, ...rest }) =>
    incident !== undefined && known.has(incident) ? { ...rest, incident } : rest,
  );
};

const isSaidAgain = (kept: ObjectionView, body: ObjectionBody): boolean =>
  (['reason', 'camera', 'incident', 'document'] as const).every((field) => kept[field] === body[field]) &&
  (['from', 'to'] as const).every((field) => readInstant(kept[field]) === readInstant(body[field]));

/**
 * Attaches an objection. The same one again under its id answers what was kept, and another under that id is refused:
 * an objection is never changed. It changes no verdict: a reader sees both.
 */
export const attachObjection = async (
  deps: ObjectionDeps,
  person: Person,
  facilityId: string,
  body: ObjectionBody,
): Promise<ObjectionView> => {
  const facility = await facilityFor(deps.registry, person, 'attach-objection', facilityId);
  const nowMs = deps.clock();
  const kept = await objectionsOf(deps, facility.id, nowMs);
  const same = kept.find(({ id }) => id === body.id);
  if (same !== undefined) {
    if (isSaidAgain(same, body)) return same;
    throw invalid([{ pointer: '/id', message: 'is the id of another objection: give this one an id of its own' }]);
  }
  if (kept.length >= MOST_LISTED)
    throw invalid([{ pointer: '', message: `there are ${MOST_LISTED} objections already` }]);
  await requireSound(deps, person, body, facility, nowMs);
  const view = viewOf(body, facility, await deps.personId(person.subject), nowMs);
  await keepListed(deps, { facility: facility.id, kind: 'objection', id: body.id, receivedAtMs: nowMs, body: view });
  return view;
};

/** The objections of a facility, for whoever may read its recordings' verdict. */
export const listObjections = async (
  deps: ObjectionDeps,
  person: Person,
  facilityId: string,
  { limit = USUAL_PAGE, cursor }: Omit<ObjectionsQuery, 'format'>,
): Promise<ObjectionPage> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  const page = pageOfList(await objectionsOf(deps, facility.id, deps.clock()), limit, cursor);
  return { ...page, items: await objectionsFor(deps, person, page.items), facility: facility.id };
};

/** What was said against the records of that camera and local day. */
export const objectionsTo = (
  objections: readonly ObjectionView[],
  camera: string,
  day: string,
): readonly ObjectionView[] =>
  objections.filter(
    (one) => (one.camera === undefined || one.camera === camera) && one.firstDay <= day && day <= one.lastDay,
  );

export interface ObjectionLine {
  readonly facility: string;
  readonly objection: ObjectionView;
}

const columns: readonly Column<ObjectionLine>[] = [
  { heading: '机构编号 facility', value: ({ facility }) => facility },
  { heading: '异议编号 objection', value: ({ objection }) => objection.id },
  { heading: '收到时间 received at', value: ({ objection }) => objection.receivedAt, is: 'instant' },
  coded('理由 reason', ({ objection }) => objection.reason, objectionReasonWords),
  { heading: '起始 from', value: ({ objection }) => objection.from, is: 'instant' },
  { heading: '截止 to', value: ({ objection }) => objection.to, is: 'instant' },
  { heading: '摄像头 camera', value: ({ objection }) => objection.camera ?? everyCamera.zh },
  { heading: '事件编号 incident', value: ({ objection }) => objection.incident ?? null },
  { heading: '文件编号 document', value: ({ objection }) => objection.document ?? null },
  { heading: '提出人编号 person', value: ({ objection }) => objection.person },
];

export const objectionsSheet = (facility: string, objections: readonly ObjectionView[]): Sheet<ObjectionLine> => ({
  name: { zh: '异议', en: 'Objections' },
  columns,
  rows: objections.map((objection) => ({ facility, objection })),
});
