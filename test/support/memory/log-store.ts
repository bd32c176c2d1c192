import { countyOf } from '../../../shared/domain/facility.ts';
import type {
  LogHead,
  LogStore,
  NotShown,
  RegionalLeaf,
  SealedDay,
  SealRun,
  VerifiedLog,
} from '../../../shared/ports/sealed-store.ts';
import { logged } from './calls.ts';
import { ascending } from './pages.ts';

export interface MemoryLogs {
  /** By origin. */
  readonly heads: Map<string, LogHead>;
  /** Keys `<facility>#<day>`. */
  readonly days: Map<string, SealedDay>;
  /** Keys `<origin>#<size>`. */
  readonly checkpoints: Map<string, Uint8Array>;
  /** Keys `<region>#<index>`. */
  readonly leaves: Map<string, RegionalLeaf>;
  /** Keys `<county>#<day>#<facility>`. */
  readonly notShown: Map<string, NotShown>;
  readonly runs: Map<string, SealRun>;
  readonly verified: Map<string, VerifiedLog>;
}

const decideIn = <T>(kept: Map<string, T>, key: string, one: T): T => {
  const stands = kept.get(key) ?? structuredClone(one);
  kept.set(key, stands);
  return structuredClone(stands);
};

const saveNext = <T extends { readonly revision: number }>(kept: Map<string, T>, key: string, next: T): boolean => {
  if ((kept.get(key)?.revision ?? 0) !== next.revision - 1) return false;
  kept.set(key, structuredClone(next));
  return true;
};

/** Heads and indexes of the logs in memory. `kept` shows (and lets a test plant) what is kept. */
export const memoryLogStore = (): LogStore & { readonly kept: MemoryLogs } => {
  const kept: MemoryLogs = {
    heads: new Map(),
    days: new Map(),
    checkpoints: new Map(),
    leaves: new Map(),
    notShown: new Map(),
    runs: new Map(),
    verified: new Map(),
  };
  return logged({
    kept,
    readHead: async (origin) => structuredClone(kept.heads.get(origin)),
    saveHead: async (next) => saveNext(kept.heads, next.origin, next),

    decideDay: async (day) => decideIn(kept.days, `${day.facility}#${day.day}`, day),
    readDay: async (facility, day) => structuredClone(kept.days.get(`${facility}#${day}`)),
    days: async (facility, fromDay, toDay) =>
      [...kept.days.values()]
        .filter((one) => one.facility === facility && one.day >= fromDay && one.day <= toDay)
        .sort((a, b) => ascending(a.day, b.day))
        .map((one) => structuredClone(one)),

    decideCheckpoint: async (origin, size, note) => decideIn(kept.checkpoints, `${origin}#${size}`, note),
    readCheckpoint: async (origin, size) => structuredClone(kept.checkpoints.get(`${origin}#${size}`)),

    decideRegionalLeaf: async (leaf) => decideIn(kept.leaves, `${leaf.region}#${leaf.index}`, leaf),
    regionalLeaves: async (region, fromIndex, toIndex) =>
      [...kept.leaves.values()]
        .filter((one) => one.region === region && one.index >= fromIndex && one.index < toIndex)
        .sort((a, b) => a.index - b.index)
        .map((one) => structuredClone(one)),
    readRegionalLeaf: async (region, facility, size) =>
      structuredClone(
        [...kept.leaves.values()].find(
          (one) => one.region === region && one.facility === facility && one.size === size,
        ),
      ),

    putNotShown: async (one) => {
      kept.notShown.set(`${countyOf(one.division)}#${one.day}#${one.facility}`, structuredClone(one));
    },
    listNotShown: async (county, day) =>
      [...kept.notShown.entries()]
        .filter(([key]) => key.startsWith(`${county}#${day}#`))
        .sort(([a], [b]) => ascending(a, b))
        .map(([, one]) => structuredClone(one)),

    readRun: async (day) => structuredClone(kept.runs.get(day)),
    saveRun: async (next) => saveNext(kept.runs, next.day, next),

    readVerified: async (origin) => structuredClone(kept.verified.get(origin)),
    saveVerified: async (origin, found) => {
      kept.verified.set(origin, structuredClone(found));
    },
  } satisfies LogStore & { readonly kept: MemoryLogs });
};
