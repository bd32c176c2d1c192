import { HOUR_MS } from '../../shared/domain/time.ts';
import { type EvidenceCode, EvidenceError } from '../../shared/evidence/evidence-error.ts';
import { originOfFacility } from '../../shared/evidence/facility-log.ts';
import type { NoteKey } from '../../shared/evidence/note-key.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { SystemBeats } from '../../shared/ports/delivery-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { everyFacility } from '../../shared/use-cases/seal/every-facility.ts';
import { DayFindingError } from '../../shared/use-cases/verify-log/day-finding.ts';
import type { VerifierStores } from '../../shared/use-cases/verify-log/stores.ts';
import { type Found, verifyFacilityLog } from '../../shared/use-cases/verify-log/verify-facility-log.ts';
import { verifyRegionLog } from '../../shared/use-cases/verify-log/verify-region-log.ts';
import { SLOTS, slotOf, slotsDue } from './slots.ts';

/** Facilities that are verified at the same time. */
const AT_ONCE = 8;
/** The hour up to which every facility whose turn it was has been verified: the value is hours since 1970. */
const SLOT_BEAT = 'evidence-slot';

export interface VerifyDependencies extends Omit<VerifierStores, 'keys'> {
  readonly registry: Pick<RegistryStore, 'listCounties' | 'listFacilities'>;
  readonly readKeys: () => Promise<readonly NoteKey[]>;
  readonly beats: Pick<SystemBeats, 'beat' | 'read'>;
  readonly clock: Clock;
  /** No further facility is begun after so long. */
  readonly budgetMs: number;
}

/** What is broken, for the log line of whoever is rung. */
export interface Finding {
  /** A facility, or `region/<name>`. */
  readonly of: string;
  readonly code: EvidenceCode;
  readonly day?: string;
  readonly words: string;
  readonly detail: string;
}

export interface VerifyReport {
  readonly verified: number;
  readonly broken: readonly Finding[];
  /** Logs that could not be looked at: trouble of ours, which says nothing of the evidence. */
  readonly unread: readonly { readonly of: string; readonly cause: unknown }[];
  /** Every log whose turn it was has been looked at. */
  readonly finished: boolean;
}

interface Run {
  verified: number;
  readonly broken: Finding[];
  readonly unread: { readonly of: string; readonly cause: unknown }[];
  isOutOfTime: boolean;
}

const findingOf = (of: string, error: EvidenceError): Finding => ({
  of,
  code: error.code,
  ...(error instanceof DayFindingError && { day: error.day }),
  words: error.words.en,
  detail: error.message,
});

type Looked = Found | 'verified-before' | 'no-time';

/** One log by itself: whatever is wrong with it, the others are verified. */
const look = async (run: Run, of: string, work: () => Promise<Looked>): Promise<void> => {
  try {
    if ((await work()) === 'verified') run.verified += 1;
  } catch (cause) {
    if (cause instanceof EvidenceError) run.broken.push(findingOf(of, cause));
    else run.unread.push({ of, cause });
  }
};

/** The facilities whose turn it is. */
const facilitiesAt = async (
  { registry }: Pick<VerifyDependencies, 'registry'>,
  slots: ReadonlySet<number>,
): Promise<readonly string[]> => {
  const ids = new Set<string>();
  if (slots.size === 0) return [];
  for await (const { facilities } of everyFacility(registry)) {
    for (const { id } of facilities) if (slots.has(slotOf(id))) ids.add(id);
  }
  return [...ids];
};

/**
 * Verifies the log of the region and those of the facilities whose turn it is: each once a day. What a run does not get
 * to, for want of time or because a store did not answer, the next one does first; it knows by the mark of each log what
 * was verified since. Dying at any line leaves the slot where it was.
 */
export const makeVerifyEvidence = (dependencies: VerifyDependencies) => async (): Promise<VerifyReport> => {
  const { beats, clock, budgetMs, readKeys, logs, logName, region } = dependencies;
  const startedMs = clock();
  const stores: VerifierStores = { ...dependencies, keys: await readKeys() };
  const hour = Math.floor(startedMs / HOUR_MS);
  const finished = (await beats.read()).get(SLOT_BEAT)?.value;
  const due = slotsDue(finished, hour);
  // Before anything else: what the very first run does not get to is remembered as well.
  if (finished === undefined) await beats.beat(SLOT_BEAT, startedMs - 1, hour - 1);
  const run: Run = { verified: 0, broken: [], unread: [], isOutOfTime: false };

  await look(run, `region/${region}`, () => verifyRegionLog(stores, startedMs));
  const facilities = await facilitiesAt(dependencies, new Set(due.map((one) => one % SLOTS)));
  /** Since then each of them had its turn once: a later mark is of this turn. */
  const sinceMs = (due[0] ?? hour) * HOUR_MS;
  await inParallel(facilities, AT_ONCE, (facility) =>
    look(run, facility, async () => {
      const then = await logs.readVerified(originOfFacility(logName, facility));
      if (then !== undefined && then.atMs >= sinceMs) return 'verified-before';
      if (clock() - startedMs < budgetMs) return verifyFacilityLog(stores, facility, clock());
      run.isOutOfTime = true;
      return 'no-time';
    }),
  );
  const isFinished = !run.isOutOfTime && run.unread.length === 0;
  if (isFinished) {
    // Dying between the two: the next run, an hour later, shows life.
    await beats.beat(SLOT_BEAT, startedMs, hour);
    await beats.beat('evidence-verified', startedMs);
  }
  return { verified: run.verified, broken: run.broken, unread: run.unread, finished: isFinished };
};
