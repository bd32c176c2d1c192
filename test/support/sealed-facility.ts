import type { CameraTime } from '../../shared/domain/camera-days.ts';
import { addDays, civilDayInterval } from '../../shared/domain/civil-day.ts';
import { intersect, subtract, union } from '../../shared/domain/interval.ts';
import { DAY_MS, HOUR_MS, type Interval } from '../../shared/domain/time.ts';
import { signCheckpoint } from '../../shared/evidence/checkpoint.ts';
import { type CompactRange, emptyRange } from '../../shared/evidence/compact-range.ts';
import { dayTreeOf } from '../../shared/evidence/day-tree.ts';
import type { EvidenceKind } from '../../shared/evidence/evidence-kinds.ts';
import {
  appendStatement,
  checkpointOf,
  emptyFacilityLog,
  originOfFacility,
} from '../../shared/evidence/facility-log.ts';
import { leafOf } from '../../shared/evidence/leaf.ts';
import { leavesFile } from '../../shared/evidence/leaves-file.ts';
import { leafHash } from '../../shared/evidence/merkle.ts';
import { appendRegionalDay, originOfRegion, regionalLeafOf } from '../../shared/evidence/regional.ts';
import { addressOf, statementOf } from '../../shared/evidence/statement.ts';
import type { LogHead, RegionalLeaf, SealedDay } from '../../shared/ports/sealed-store.ts';
import type { BundleReads } from '../../shared/use-cases/bundle/stores.ts';
import { contentOf, host, keptOf, nothingAsked, pack, shownBySamples, signer, zone } from './bundle-world.ts';
import { memoryEvidenceStore } from './memory/evidence-store.ts';

export const REGION = '3212';
const WINDOW_DAYS = 90;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What is not so of a camera's ninety days: by itself everything is held. */
export interface Film {
  readonly installedAtMs?: number;
  /** Days back from the end of the window that the recorder still has. */
  readonly keepsDays?: number;
  readonly lost?: readonly Interval[];
}

export const filmTime = (window: Interval, { installedAtMs, keepsDays, lost = [] }: Film): CameraTime => {
  const early = installedAtMs === undefined ? [] : intersect([window], [{ fromMs: 0, toMs: installedAtMs }]);
  const due = subtract([window], early);
  const gone = keepsDays === undefined ? [] : [{ fromMs: 0, toMs: window.toMs - keepsDays * DAY_MS }];
  const missing = intersect(due, union([...gone, ...lost]));
  return {
    'not-yet-due': early,
    'no-longer-due': [],
    held: subtract(due, missing),
    'held-late': [],
    'on-hold': [],
    lost: missing,
    declared: [],
    unknown: [],
  };
};

export interface SealedOptions {
  readonly facility?: string;
  readonly firstDay?: string;
  readonly days?: number;
  readonly film?: Film;
  readonly recordKinds?: readonly EvidenceKind[];
  /** Each record says so many bytes more. */
  readonly longRecords?: number;
  /** Each record names this incident. */
  readonly incident?: string;
  /** The region keeps the log as it was before its last day. */
  readonly keepsBefore?: boolean;
}

/** A facility whose days are under seal, as the stores have it; beside it two others, in the log of the region. */
export const sealedFacility = async (options: SealedOptions = {}) => {
  const { facility = 'sunshine', firstDay = '2026-11-01', days = 5, film = {}, keepsBefore = true } = options;
  const { recordKinds = ['recordings', 'checks', 'digests'], longRecords = 0 } = options;
  const named = options.incident === undefined ? '' : `","incident":"${options.incident}`;
  const objects = new Map<string, Uint8Array>();
  const notes = new Map<string, Uint8Array>();
  const sealedDays: SealedDay[] = [];
  const regional: RegionalLeaf[] = [];
  const evidence = memoryEvidenceStore();
  const put = (bytes: Uint8Array): string => {
    objects.set(addressOf(bytes), bytes);
    return addressOf(bytes);
  };
  let log = emptyFacilityLog(host, facility);
  let [range, before]: [CompactRange, CompactRange] = [emptyRange, emptyRange];
  for (let n = 0; n < days; n += 1) {
    const day = addDays(firstDay, n);
    const { fromMs, toMs } = civilDayInterval(day, zone);
    const leaves: Uint8Array[] = [];
    for (const [at, kind] of recordKinds.entries()) {
      const place = { facility, kind, id: `r-${n}-${at}`, receivedAtMs: fromMs + at * HOUR_MS };
      const content = contentOf(`${day} ${at}${named}`, facility, longRecords);
      leaves.push(
        leafOf({ facility, kind, id: place.id, receivedAt: new Date(place.receivedAtMs).toISOString() }, content),
      );
      await evidence.put({ ...place, ...keptOf(content) });
    }
    const tree = dayTreeOf({ facility, day, zone }, leaves);
    const window = { fromMs: toMs - WINDOW_DAYS * DAY_MS, toMs };
    const cameras = [
      { camera: 'nap-1', areas: ['nap-room'], time: filmTime(window, film) },
      { camera: 'play-1', areas: ['playroom'], time: filmTime(window, film) },
    ];
    const isAnyHeld = cameras.some(({ time }) => time.held.length > 0);
    const statement = statementOf({
      facility,
      day,
      zone,
      ...(log.last === undefined ? {} : { previous: log.last }),
      pack,
      fromMs: window.fromMs,
      cameras,
      uptime: { requiredMs: DAY_MS, shownMs: DAY_MS, missingMs: 0, unknownMs: 0 },
      challenges: isAnyHeld ? shownBySamples : nothingAsked,
      received: tree,
    });
    sealedDays.push({
      facility,
      day,
      number: n,
      statement: put(statement),
      ...(leaves.length > 0 && { leaves: put(leavesFile(tree.leaves)) }),
      leafHash: hex(leafHash(statement)),
    });
    log = appendStatement(log, statement).log;
    const checkpoint = checkpointOf(log);
    notes.set(`${log.origin} ${n + 1}`, await signCheckpoint(checkpoint, [signer]));
    const all = [
      ...['acorn', 'zebra'].map((name) => ({ ...checkpoint, origin: originOfFacility(host, name) })),
      checkpoint,
    ].sort((one, other) => (one.origin < other.origin ? -1 : 1));
    before = range;
    const grown = appendRegionalDay(range, all);
    for (const [at, one] of all.entries()) {
      regional.push({
        region: REGION,
        index: before.size + at,
        facility: one.origin.slice(`${host}/f/`.length),
        size: n + 1,
        day,
        leafHash: hex(leafHash(regionalLeafOf(one))),
      });
    }
    range = grown.range;
  }
  const region = originOfRegion(host, REGION);
  notes.set(`${region} ${range.size}`, await signCheckpoint(checkpointOf({ origin: region, range }), [signer]));
  const lastDay = addDays(firstDay, days - 1);
  const heads = new Map<string, LogHead>([
    [log.origin, { origin: log.origin, range: log.range, ...(days > 0 && { lastDay }), revision: days }],
    [region, { origin: region, range, lastDay, revision: days, ...(keepsBefore && { before }) }],
  ]);
  const reads: BundleReads = {
    logs: {
      readHead: async (origin) => heads.get(origin),
      days: async (of, from, to) => sealedDays.filter((one) => one.facility === of && from <= one.day && one.day <= to),
      readCheckpoint: async (origin, size) => notes.get(`${origin} ${size}`),
      readRegionalLeaf: async (_region, of, size) => regional.find((one) => one.facility === of && one.size === size),
      regionalLeaves: async (_region, from, to) => regional.filter(({ index }) => from <= index && index < to),
    },
    sealed: { read: async (address) => objects.get(address) },
    evidence,
    logKeys: async () => [signer.key],
    logName: host,
    region: REGION,
  };
  return { reads, evidence, objects, notes, regional, heads, sealedDays, lastDay, origin: log.origin };
};

/** Several facilities under seal, each made when it is first asked for. Each is alone in its region's log. */
export const sealedReads = (facilities: readonly string[], options: SealedOptions = {}): BundleReads => {
  const worlds = new Map(
    facilities.map((facility) => {
      let made: ReturnType<typeof sealedFacility> | undefined;
      const world = () => {
        made ??= sealedFacility({ ...options, facility });
        return made;
      };
      return [facility, world] as const;
    }),
  );
  const all = (): Promise<readonly Awaited<ReturnType<typeof sealedFacility>>[]> =>
    Promise.all([...worlds.values()].map((world) => world()));
  const first = async <T>(read: (reads: BundleReads) => Promise<T | undefined>): Promise<T | undefined> => {
    for (const { reads } of await all()) {
      const found = await read(reads);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    logs: {
      readHead: (origin) => first(({ logs }) => logs.readHead(origin)),
      days: async (facility, from, to) => (await worlds.get(facility)?.())?.reads.logs.days(facility, from, to) ?? [],
      readCheckpoint: (origin, size) => first(({ logs }) => logs.readCheckpoint(origin, size)),
      readRegionalLeaf: async () => undefined,
      regionalLeaves: async () => [],
    },
    sealed: { read: (address) => first(({ sealed }) => sealed.read(address)) },
    evidence: {
      within: async (facility, received) =>
        (await worlds.get(facility)?.())?.reads.evidence.within(facility, received) ?? [],
    },
    logKeys: async () => [signer.key],
    logName: host,
    region: REGION,
  };
};
