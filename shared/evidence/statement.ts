import { createHash } from 'node:crypto';
import { type CameraDayState, type CameraTime, cameraDayStates } from '../domain/camera-days.ts';
import { addDays, civilDayInterval } from '../domain/civil-day.ts';
import type { Interval } from '../domain/time.ts';
import { cameraHours, hoursIn, parseHours, requireSameTime, type StateMs, sumMs } from './camera-hours.ts';
import { canonicalBytes, parseCanonical } from './canonical-json.ts';
import type { DayOf } from './day-tree.ts';
import { EvidenceError } from './evidence-error.ts';
import {
  civilDay,
  count,
  facilityId,
  hashText,
  instant,
  list,
  malformed,
  object,
  orNull,
  packId,
  type Reader,
  shortId,
  text,
  word,
  zone,
} from './read-json.ts';
import { readChallenges, type StatedChallenges, statedOf } from './stated-challenges.ts';
import type { TreeHead } from './verify-merkle.ts';

export type { StatedChallenges } from './stated-challenges.ts';

/*
 * What is said of one facility as of the end of one of its days, once and for good: the state of every camera-hour that
 * it has to hold, and what was received that day. Its bytes are one leaf of the facility's log.
 */

const SCHEMA = 'cradlewatch-statement/1';
const MOST_CAMERAS = 1_000;
/** Two years: the longest time that one statement speaks of. */
const MOST_HOURS = 2 * 366 * 24;

/** One camera in the window of a statement. */
export interface StatedCamera {
  readonly camera: string;
  /** Areas that it covers, sorted. */
  readonly areas: readonly string[];
  /** Every hour of the window: camera-hours.ts. */
  readonly hours: string;
  /** The same to the millisecond. */
  readonly ms: StateMs;
}

/** Monitoring on that day, to the millisecond. */
export interface StatedUptime {
  readonly requiredMs: number;
  readonly shownMs: number;
  readonly missingMs: number;
  readonly unknownMs: number;
}

export interface Statement extends DayOf {
  readonly schema: typeof SCHEMA;
  /** Its place in the log of the facility, from 0. */
  readonly number: number;
  /** SHA-256 of the bytes of the statement before it; `null` for the first. */
  readonly previous: string | null;
  /** By which rules it was judged. */
  readonly pack: { readonly id: string; readonly digest: string };
  /** The time that is spoken of: whole hours, up to the end of the day. */
  readonly window: { readonly from: string; readonly to: string };
  /** Sorted by id. */
  readonly cameras: readonly StatedCamera[];
  /** Sums over the cameras. */
  readonly sums: StateMs;
  readonly uptime: StatedUptime;
  /** Whether footage was shown when it was asked for. */
  readonly challenges: StatedChallenges;
  /** The tree over what was received that day. */
  readonly received: { readonly size: number; readonly root: string };
}

const readMs: Reader<StateMs> = object<StateMs>(
  Object.fromEntries(cameraDayStates.map((state) => [state, count])) as Record<CameraDayState, Reader<number>>,
);

const readForm: Reader<Statement> = object<Statement>({
  schema: word(SCHEMA),
  facility: facilityId,
  number: count,
  previous: orNull(hashText),
  day: civilDay,
  zone,
  pack: object<Statement['pack']>({ id: packId, digest: hashText }),
  window: object<Statement['window']>({ from: instant, to: instant }),
  cameras: list(
    object<StatedCamera>({
      camera: shortId,
      areas: list(shortId, MOST_CAMERAS),
      hours: text(/^([a-z][0-9]{1,6})+$/, 'runs of hours'),
      ms: readMs,
    }),
    MOST_CAMERAS,
  ),
  sums: readMs,
  uptime: object<StatedUptime>({ requiredMs: count, shownMs: count, missingMs: count, unknownMs: count }),
  challenges: readChallenges,
  received: object<Statement['received']>({ size: count, root: hashText }),
});

/** The window as an interval. */
export const windowOf = ({ window }: Pick<Statement, 'window'>): Interval => ({
  fromMs: Date.parse(window.from),
  toMs: Date.parse(window.to),
});

const areSorted = (ids: readonly string[]): boolean => ids.every((id, at) => at === 0 || (ids[at - 1] ?? '') < id);

const requireWindow = (statement: Statement): void => {
  const window = windowOf(statement);
  const hours = hoursIn(window);
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS) malformed('window', 'should be whole hours');
  if (window.toMs !== civilDayInterval(statement.day, statement.zone).toMs) {
    malformed('window', `should end with ${statement.day}`);
  }
};

const requireSums = ({ cameras, sums, uptime }: Statement): void => {
  const due = sumMs(cameras.map(({ ms }) => ms));
  if (cameraDayStates.some((state) => due[state] !== sums[state])) malformed('sums', 'are not those of the cameras');
  if (uptime.shownMs + uptime.missingMs + uptime.unknownMs !== uptime.requiredMs) {
    malformed('uptime', 'does not add up');
  }
};

const requireCameras = ({ cameras, window }: Statement): void => {
  const hours = hoursIn(windowOf({ window }));
  if (!areSorted(cameras.map(({ camera }) => camera))) malformed('cameras', 'should be sorted and distinct');
  for (const one of cameras) {
    if (!areSorted(one.areas)) malformed(`areas of ${one.camera}`, 'should be sorted and distinct');
    requireSameTime(one.ms, parseHours(one.hours, hours));
  }
};

/** The statement in these bytes: one spelling, every hour there, every sum right. Throws `malformed`. */
export const parseStatement = (bytes: Uint8Array): Statement => {
  const statement = readForm(parseCanonical(bytes, 'statement'), 'statement');
  if ((statement.number === 0) !== (statement.previous === null)) {
    malformed('previous', 'is there for every statement but the first');
  }
  requireWindow(statement);
  requireCameras(statement);
  requireSums(statement);
  return statement;
};

/** By which a statement is named in the one after it, and in the store. */
export const addressOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a statement is made of. */
export interface StatementFacts extends DayOf {
  /** The bytes of the statement before it; absent for the first. */
  readonly previous?: Uint8Array;
  readonly pack: Statement['pack'];
  /** Start of the window, whole hours before the end of the day. */
  readonly fromMs: number;
  /** Every camera of the facility that has to hold anything in the window, judged as of the end of the day. */
  readonly cameras: readonly {
    readonly camera: string;
    readonly areas: readonly string[];
    readonly time: CameraTime;
  }[];
  readonly uptime: StatedUptime;
  /** `judgeChallenges` as of the end of the day. */
  readonly challenges: StatedChallenges;
  readonly received: TreeHead;
}

/**
 * The bytes of a statement: the same facts give the same bytes, in whatever order they come. A `RangeError` on what no
 * reader would take, before anything is sealed; an `EvidenceError` if it does not follow the one before it.
 */
export const statementOf = (facts: StatementFacts): Uint8Array => {
  const { facility, day, zone: zoneName, pack, previous, uptime, received } = facts;
  const before = previous === undefined ? undefined : parseStatement(previous);
  const window = { fromMs: facts.fromMs, toMs: civilDayInterval(day, zoneName).toMs };
  const cameras = facts.cameras
    .map(({ camera, areas, time }) => ({ camera, areas: [...new Set(areas)].sort(), ...cameraHours(time, window) }))
    .sort((one, other) => (one.camera < other.camera ? -1 : 1));
  const bytes = canonicalBytes({
    schema: SCHEMA,
    facility,
    number: before === undefined ? 0 : before.number + 1,
    previous: previous === undefined ? null : addressOf(previous),
    day,
    zone: zoneName,
    pack: { id: pack.id, digest: pack.digest },
    window: { from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString() },
    cameras,
    sums: sumMs(cameras.map(({ ms }) => ms)),
    uptime,
    challenges: statedOf(facts.challenges),
    received: { size: received.size, root: Buffer.from(received.root).toString('hex') },
  });
  const made = readBack(bytes);
  if (before !== undefined && previous !== undefined) requireNext({ ...before, bytes: previous }, made);
  return bytes;
};

const readBack = (bytes: Uint8Array): Statement => {
  try {
    return parseStatement(bytes);
  } catch (cause) {
    throw new RangeError('no statement', { cause });
  }
};

/**
 * That one statement is the very next of the other: same facility, next place, next day, and it names the other's bytes.
 * Throws `wrong-origin`, `dropped-leaf` or `rewritten-day`.
 */
export const requireNext = (
  before: Pick<Statement, 'facility' | 'number' | 'day'> & { readonly bytes: Uint8Array },
  next: Statement,
): void => requireNextOf({ ...before, address: addressOf(before.bytes) }, next);

/** The same where the bytes of the one before are not at hand, and their address is. */
export const requireNextOf = (
  before: Pick<Statement, 'facility' | 'number' | 'day'> & { readonly address: string },
  next: Statement,
): void => {
  if (next.facility !== before.facility) {
    throw new EvidenceError('wrong-origin', `A statement of ${next.facility} cannot follow one of ${before.facility}.`);
  }
  const dueDay = addDays(before.day, 1);
  if (next.number > before.number + 1 || next.day > dueDay) {
    throw new EvidenceError('dropped-leaf', `The statement of ${dueDay} is missing before the one of ${next.day}.`);
  }
  if (next.number !== before.number + 1 || next.day !== dueDay || next.previous !== before.address) {
    throw new EvidenceError(
      'rewritten-day',
      `The statement of ${next.day} does not follow the one of ${before.day} that is shown: one of the two was rewritten.`,
    );
  }
};
