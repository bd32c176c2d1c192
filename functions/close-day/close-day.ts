import type { DayWork, SealWork } from '../../shared/contracts/day-work.ts';
import { civilDayInterval } from '../../shared/domain/civil-day.ts';
import { lastClosedDay, owesDay } from '../../shared/domain/closed-days.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { EvidenceError } from '../../shared/evidence/evidence-error.ts';
import { originOfFacility } from '../../shared/evidence/facility-log.ts';
import { originOfRegion } from '../../shared/evidence/regional.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { SystemBeats } from '../../shared/ports/delivery-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { LogStore, SealRun } from '../../shared/ports/sealed-store.ts';
import type { WorkQueue } from '../../shared/ports/work-queue.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { everyFacility } from '../../shared/use-cases/seal/every-facility.ts';
import { faultOfVerifier, type VerifierFault } from './verifier.ts';

export interface CloseDependencies {
  readonly registry: Pick<RegistryStore, 'listCounties' | 'listFacilities'>;
  readonly logs: Pick<LogStore, 'readRun' | 'saveRun' | 'readHead' | 'putNotShown'>;
  readonly beats: Pick<SystemBeats, 'read'>;
  readonly sealQueue: WorkQueue<SealWork>;
  readonly drawQueue: WorkQueue<DayWork>;
  readonly purgeQueue: WorkQueue<DayWork>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
  readonly logName: string;
  readonly region: string;
  /** By whose midnight the stack closes its days. */
  readonly zone: string;
  readonly clock: Clock;
}

export interface CloseReport {
  readonly day: string;
  readonly step: SealRun['step'];
  /** Facilities whose log does not hold the day, although it has had its time; 0 before. */
  readonly behind: number;
  readonly verifier?: VerifierFault;
}

/** So many logs are looked at, at a time. */
const AT_ONCE = 16;
/** A run stops asking then; the next one goes on where it was. */
const BUDGET_MS = 3 * MINUTE_MS;
/** Whoever is behind is asked for again so often. */
const ASK_AGAIN_MS = HOUR_MS;
/** From then on a facility that is not sealed is a fault. */
const BEHIND_AFTER_MS = 2 * HOUR_MS;
/** The region does not wait longer for its facilities: a log that cannot be sealed must not leave all without a witness. */
const REGION_WAITS_MS = 6 * HOUR_MS;

interface Closing {
  readonly deps: CloseDependencies;
  readonly nowMs: number;
  readonly sinceEndMs: number;
}

/**
 * Takes the closing of the last day one step further. It looks at how things are and not at what it did before: whatever
 * was missed is asked for again, and asking twice is harmless.
 */
export const makeCloseDay = (deps: CloseDependencies) => async (): Promise<CloseReport> => {
  const nowMs = deps.clock();
  const day = lastClosedDay(deps.zone, nowMs);
  const closing: Closing = { deps, nowMs, sinceEndMs: nowMs - civilDayInterval(day, deps.zone).toMs };
  const begun = (await deps.logs.readRun(day)) ?? { day, asked: 0, step: 'asking', revision: 0 };
  const asked = begun.step === 'asking' ? await askAll(closing, begun) : begun;
  const { run, behind } = begun.step === 'sealing' ? await lookWhoIsSealed(closing, asked) : { run: asked, behind: 0 };
  const verifier = await faultOfVerifier(deps, day, nowMs);
  return { day, step: run.step, behind, ...(verifier && { verifier }) };
};

/** The run as it goes on. Absent = somebody else moved it meanwhile, and goes on with it. */
const moved = async (
  { logs }: CloseDependencies,
  { cursor: _cursor, ...run }: SealRun,
  change: Partial<SealRun>,
): Promise<SealRun | undefined> => {
  const next: SealRun = { ...run, ...change, revision: run.revision + 1 };
  return (await logs.saveRun(next)) ? next : undefined;
};

/** Shares the day out, facility by facility, and keeps how far it came. */
const askAll = async ({ deps, nowMs }: Closing, begun: SealRun): Promise<SealRun> => {
  let run = begun;
  for await (const { facilities, cursor } of everyFacility(deps.registry, begun.cursor)) {
    await ask(deps, facilities, run.day, nowMs);
    // Dying before this: the next run asks for this page again. After: it goes on behind it.
    const next = await moved(deps, run, {
      asked: run.asked + facilities.length,
      ...(cursor === undefined ? { step: 'sealing', askedAtMs: nowMs } : { cursor }),
    });
    if (next === undefined) return run;
    run = next;
    if (deps.clock() - nowMs >= BUDGET_MS) return run;
  }
  // A stack without a facility has a region all the same.
  return run.step === 'asking' ? ((await moved(deps, run, { step: 'sealing', askedAtMs: nowMs })) ?? run) : run;
};

/** What is old is removed of whoever was ever registered; the rest is for those who owe the day. */
const ask = async (
  { sealQueue, drawQueue, purgeQueue, packFor }: CloseDependencies,
  facilities: readonly Facility[],
  day: string,
  nowMs: number,
): Promise<void> => {
  const work = ({ id }: Facility): DayWork => ({ facility: id, day });
  const owing = facilities.filter((one) => owesDay(one, packFor(one, nowMs), day)).map(work);
  await Promise.all([sealQueue.send(owing), drawQueue.send(owing), purgeQueue.send(facilities.map(work))]);
};

/** Asks again for whoever is behind, and for the region once nobody is; the day is closed when the region has it. */
const lookWhoIsSealed = async (
  closing: Closing,
  run: SealRun,
): Promise<{ readonly run: SealRun; readonly behind: number }> => {
  const { deps, nowMs, sinceEndMs } = closing;
  const { sealQueue, region } = deps;
  const behind = await facilitiesBehind(deps, run.day, nowMs);
  const counted = sinceEndMs >= BEHIND_AFTER_MS ? behind.length : 0;
  const waits = behind.length > 0 && sinceEndMs < REGION_WAITS_MS;
  if (!waits && (await isInRegion(deps, run.day))) {
    await listUnsealed(deps, behind, run.day);
    // Dying before this: the next run finds the same. After: the day is closed for everybody who asks.
    return { run: (await moved(deps, run, { step: 'sealed' })) ?? run, behind: counted };
  }
  // A region that is asked for twice finds its day decided.
  if (!waits) await sealQueue.send([{ region, day: run.day }]);
  if (behind.length === 0 || nowMs - (run.askedAtMs ?? 0) < ASK_AGAIN_MS) return { run, behind: counted };
  await sealQueue.send(behind.map(({ id }) => ({ facility: id, day: run.day })));
  return { run: (await moved(deps, run, { askedAtMs: nowMs })) ?? run, behind: counted };
};

const facilitiesBehind = async (
  { registry, logs, packFor, logName }: CloseDependencies,
  day: string,
  nowMs: number,
): Promise<readonly Facility[]> => {
  const behind: Facility[] = [];
  for await (const { facilities } of everyFacility(registry)) {
    const owing = facilities.filter((one) => owesDay(one, packFor(one, nowMs), day));
    await inParallel(owing, AT_ONCE, async (facility) => {
      const lastDay = await lastDayOf(logs, originOfFacility(logName, facility.id));
      if (lastDay === undefined || lastDay < day) behind.push(facility);
    });
  }
  return behind;
};

/** A log that is not what was kept goes on no more: it is behind, and keeps nobody else's day open. */
const lastDayOf = async (logs: CloseDependencies['logs'], origin: string): Promise<string | undefined> => {
  try {
    return (await logs.readHead(origin))?.lastDay;
  } catch (error) {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  }
};

const isInRegion = async ({ logs, logName, region }: CloseDependencies, day: string): Promise<boolean> => {
  const lastDay = (await logs.readHead(originOfRegion(logName, region)))?.lastDay;
  return lastDay !== undefined && lastDay >= day;
};

/** Without a statement nobody knows what it can show: whoever asks which cannot, has to look at it. */
const listUnsealed = ({ logs }: CloseDependencies, behind: readonly Facility[], day: string): Promise<void> =>
  inParallel(behind, AT_ONCE, ({ id, division }) =>
    logs.putNotShown({ facility: id, division, day, state: 'unknown', reason: 'not-sealed' }),
  );
