import type { AreaRecordingsQuery, AreaRecordingsView } from '../../contracts/audit.ts';
import type { Person } from '../../domain/access.ts';
import {
  type AreaRecording,
  type AreaRecordingState,
  answerOf,
  areaRecordingStates,
  areaRecordings,
  type FactsOfCamera,
  msOf,
  stillHeld,
} from '../../domain/area-recordings.ts';
import { civilDayOf } from '../../domain/civil-day.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { BilingualName, Camera, Facility } from '../../domain/facility.ts';
import { readInstant, writeInstant } from '../../domain/instants.ts';
import { daysToRead } from '../../domain/retention.ts';
import { DAY_MS, type Interval } from '../../domain/time.ts';
import { inBatches } from '../in-batches.ts';
import { facilityFor } from '../read-facility.ts';
import { areaSentence, reasonOf } from './area-sentence.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { cameraFactsOf } from './camera-facts.ts';
import { secondsThatAddUp } from './seconds-that-add-up.ts';
import type { AuditReads } from './stores.ts';

const MOST_DAYS = 31;
/** Cameras of an area are read by so many at a time. */
const READ_AT_ONCE = 10;

/** The asked time: not empty, not too long, and none of it in the future of the asked instant. */
const askedOf = ({ from, to }: AreaRecordingsQuery, nowMs: number): Interval => {
  const [fromMs, toMs] = [readInstant(from), readInstant(to)];
  if (fromMs >= toMs) throw queryInvalid('/from', 'must be before `to`');
  if (toMs > nowMs) throw queryInvalid('/to', 'must not be after `asOf`');
  if (toMs - fromMs > MOST_DAYS * DAY_MS)
    throw queryInvalid('/from', `must be at most ${MOST_DAYS} days before \`to\``);
  return { fromMs, toMs };
};

/** A camera may outlive its area in the registry: what it recorded can still be asked for. */
const nameOfArea = (facility: Facility, area: string): BilingualName => {
  const known = facility.areas.find(({ id }) => id === area);
  if (known !== undefined) return known.name;
  if (facility.cameras.some(({ areas }) => areas.includes(area))) return { zh: area, en: area };
  throw new NotFoundError(`no area ${area} in facility ${facility.id}`);
};

/** Cameras that showed the area at some time asked about, retired since or not. */
const camerasOf = (facility: Facility, area: string, { fromMs, toMs }: Interval): readonly Camera[] =>
  facility.cameras.filter(
    ({ areas, installedAtMs, retiredAtMs }) =>
      areas.includes(area) && installedAtMs < toMs && (retiredAtMs ?? Number.POSITIVE_INFINITY) > fromMs,
  );

const readFacts = async (
  deps: AuditReads,
  facility: Facility,
  cameras: readonly Camera[],
  asked: Interval,
  nowMs: number,
): Promise<readonly FactsOfCamera[]> => {
  const pack = deps.packFor(facility, nowMs);
  const usual = daysToRead(facility, pack, nowMs);
  // What the recorder last claimed is in the newest day, however old the time asked about.
  const askedDay = civilDayOf(asked.fromMs, facility.calendar.zone);
  const fromDay = askedDay < usual.fromDay ? askedDay : usual.fromDay;
  const factsOf = async (camera: Camera): Promise<FactsOfCamera> => {
    const held = await deps.records.heldDays(facility.id, camera.id, fromDay, usual.toDay);
    return { duty: { camera, facility, pack, nowMs }, facts: cameraFactsOf(held, facility, camera.id, nowMs) };
  };
  return inBatches(cameras, READ_AT_ONCE, factsOf);
};

const totalsOf = (stretches: readonly AreaRecording[]): Record<AreaRecordingState, number> =>
  Object.fromEntries(
    areaRecordingStates.map((state) => [state, msOf(stretches, (one) => one.state === state)]),
  ) as Record<AreaRecordingState, number>;

const totalsView = (ms: Readonly<Record<AreaRecordingState, number>>): AreaRecordingsView['totals'] => {
  const parts = secondsThatAddUp([
    ['heldSeconds', ms.held],
    ['heldLateSeconds', ms['held-late']],
    ['onHoldSeconds', ms['on-hold']],
    ['lostSeconds', ms.lost],
    ['declaredHeldSeconds', ms['declared-held']],
    ['declaredDeletedSeconds', ms['declared-deleted']],
    ['unknownSeconds', ms.unknown],
    ['notYetDueSeconds', ms['not-yet-due']],
    ['noLongerDueSeconds', ms['no-longer-due']],
    ['noCameraSeconds', ms['no-camera']],
  ]);
  return { askedSeconds: Object.values(parts).reduce((sum, one) => sum + one, 0), ...parts };
};

const byWord = (stretches: readonly AreaRecording[], word: (one: AreaRecording) => string) => ({
  yes: msOf(stretches, (one) => word(one) === 'yes'),
  no: msOf(stretches, (one) => word(one) === 'no'),
  'not-known': msOf(stretches, (one) => word(one) === 'not-known'),
});

const intervalView = (one: AreaRecording): AreaRecordingsView['intervals'][number] => ({
  from: writeInstant(one.fromMs),
  to: writeInstant(one.toMs),
  recorded: one.recorded,
  recordedBy: [...one.recordedBy],
  state: one.state,
  stillHeld: stillHeld[one.state],
  heldBy: [...one.heldBy],
});

/** Was this area recorded between two instants, and is it still held: by interval, in sums, and in one sentence. */
export const areaRecordingsOf = async (
  deps: AuditReads,
  person: Person,
  facilityId: string,
  area: string,
  query: AreaRecordingsQuery,
): Promise<AreaRecordingsView> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  const name = nameOfArea(facility, area);
  const nowMs = asOfMs(query.asOf, deps.clock());
  const asked = askedOf(query, nowMs);
  const cameras = camerasOf(facility, area, asked);
  const stretches = areaRecordings(await readFacts(deps, facility, cameras, asked, nowMs), asked);
  const totals = totalsOf(stretches);
  const recorded = byWord(stretches, (one) => one.recorded);
  const answer = answerOf(byWord(stretches, ({ state }) => stillHeld[state]));
  return {
    facility: facility.id,
    name: facility.name,
    division: facility.division,
    area,
    from: writeInstant(asked.fromMs),
    to: writeInstant(asked.toMs),
    asOf: writeInstant(nowMs),
    answer,
    recorded: answerOf(recorded),
    reason: reasonOf(totals),
    sentence: areaSentence(name, answer, stretches),
    totals: totalsView(totals),
    recording: secondsThatAddUp([
      ['recordedSeconds', recorded.yes],
      ['notRecordedSeconds', recorded.no],
      ['unknownSeconds', recorded['not-known']],
    ]),
    cameras: cameras.map(({ id, installedAtMs, retiredAtMs }) => ({
      camera: id,
      installedAt: writeInstant(installedAtMs),
      ...(retiredAtMs !== undefined && { retiredAt: writeInstant(retiredAtMs) }),
    })),
    intervals: stretches.map(intervalView),
  };
};
