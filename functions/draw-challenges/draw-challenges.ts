import type { DayWork } from '../../shared/contracts/day-work.ts';
import { incidentWindows } from '../../shared/domain/challenges/incident-windows.ts';
import { countSealed, type OwedHour, owedHours } from '../../shared/domain/challenges/owed-hours.ts';
import { usualPolicy } from '../../shared/domain/challenges/policy.ts';
import { type ChallengeOutcome, outcomeOf } from '../../shared/domain/challenges/settle.ts';
import { LATEST_DRAW_MS } from '../../shared/domain/challenges/slots.ts';
import { addDays, civilDayInterval, civilDayOf } from '../../shared/domain/civil-day.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { daysToRead, keptForMs } from '../../shared/domain/retention.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { ChallengeStore, KeptChallenge } from '../../shared/ports/challenge-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { askedSinceMs, type FoldStores, foldChallengesInto } from '../../shared/use-cases/fold-challenges.ts';
import { inBatches } from '../../shared/use-cases/in-batches.ts';
import type { KeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { type Asking, askSlots } from './ask-slots.ts';
import type { MonthKeys } from './month-keys.ts';

export interface DrawDependencies extends FoldStores {
  readonly challenges: Pick<
    ChallengeStore,
    'challengesSince' | 'putChallenge' | 'readChallenge' | 'readToken' | 'saveChallenge'
  >;
  readonly records: Pick<RecordStore, 'heldDays' | 'archivedAlarms' | 'putGap'>;
  readonly registry: Pick<RegistryStore, 'readFacility'>;
  readonly monthKeys: MonthKeys;
  readonly keepEvidence: KeepEvidence;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
  readonly clock: Clock;
  /** A private key is gone whose tokens still have to be opened. */
  readonly lost: (keyId: string) => void;
}

/** Cameras that are read at once. */
const AT_ONCE = 8;

/**
 * Asks a facility what its day is owed, and settles what it was asked before. Whoever dies in it, or runs twice at once,
 * ends in the same: each step finds what the one before it left. Throws `UnavailableError` or `ConflictError`.
 */
export const makeDrawChallenges =
  (deps: DrawDependencies) =>
  async ({ facility: facilityId, day }: DayWork): Promise<void> => {
    const nowMs = deps.clock();
    await deps.monthKeys.keep(nowMs);
    const facility = await deps.registry.readFacility(facilityId);
    // Announced and not yet put: there is nothing to ask for.
    if (facility === undefined) return;
    const pack = deps.packFor(facility, nowMs);
    const hours = await hoursOf(deps, facility, pack, nowMs);
    await draw(deps, facility, pack, day, hours, nowMs);
    await foldChallengesInto(deps, facility, pack, nowMs, countSealed(hours));
    await seal(deps, facility, pack, nowMs);
  };

const hoursOf = async (
  { records }: DrawDependencies,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Promise<readonly OwedHour[]> => {
  const { fromDay, toDay } = daysToRead(facility, pack, nowMs);
  const owing = facility.cameras.filter(({ retiredAtMs }) => (retiredAtMs ?? nowMs) > nowMs - keptForMs(pack));
  const found = await inBatches(owing, AT_ONCE, async (camera) => {
    // An hour that is being merged at this moment is drawn from, and counted, tomorrow.
    const held = await records.heldDays(facility.id, camera.id, fromDay, toDay, 'eventually');
    return owedHours({ camera, held }, facility, pack, nowMs);
  });
  return found.flat();
};

/**
 * A day that ended too long ago is not drawn for: what it was asked is settled all the same. One that has not ended yet,
 * because midnight comes later there than to the stack, gives way to the last that has: nobody asks a second time.
 */
const draw = async (
  deps: DrawDependencies,
  facility: Facility,
  pack: RulePack,
  askedDay: string,
  hours: readonly OwedHour[],
  nowMs: number,
): Promise<void> => {
  const endedDay = addDays(civilDayOf(nowMs, facility.calendar.zone), -1);
  const day = askedDay < endedDay ? askedDay : endedDay;
  const { toMs: endMs } = civilDayInterval(day, facility.calendar.zone);
  if (hours.length === 0 || nowMs > endMs + LATEST_DRAW_MS) return;
  const sinceMs = askedSinceMs(pack, nowMs);
  const [asked, alarms] = await Promise.all([
    deps.challenges.challengesSince(facility.id, sinceMs),
    deps.records.archivedAlarms(facility.id, sinceMs),
  ]);
  const asking: Asking = {
    facility,
    policy: usualPolicy(pack.thresholds.retentionDays.value),
    day,
    nowMs,
    hours,
    incidents: incidentWindows(alarms, facility),
    asked,
  };
  await askSlots(deps, asking);
};

/** Puts what became of each challenge under seal, that it was asked first of all. */
const seal = async (deps: DrawDependencies, facility: Facility, pack: RulePack, nowMs: number): Promise<void> => {
  const kept = await deps.challenges.challengesSince(facility.id, askedSinceMs(pack, nowMs));
  for (const one of kept) {
    const outcome = outcomeOf(one.challenge, nowMs).is;
    if (one.sealedAs === outcome) continue;
    const id = `${one.challenge.id}.${outcome}`;
    await deps.keepEvidence({
      facility: facility.id,
      kind: 'challenge',
      id,
      receivedAtMs: nowMs,
      body: recordOf(one, nowMs),
    });
    // Dying before it, or losing to an answer: the next run puts a second record that says the same, or what is new.
    await deps.challenges.saveChallenge({ ...one, sealedAs: outcome, revision: one.revision + 1 });
  }
};

/** Neither key nor what was sealed with it: whoever reads the record learns nothing by which to answer. */
const recordOf = ({ box, challenge, question, answeredBy }: KeptChallenge, nowMs: number): object => {
  const { id, camera, hourMs, stratum, stability, askedAtMs, answerByMs } = challenge;
  return {
    challenge: id,
    box,
    camera,
    hour: instant(hourMs),
    stratum,
    stability,
    askedAt: instant(askedAtMs),
    answerBy: instant(answerByMs),
    ...(question && { slice: { from: instant(question.slice.fromMs), to: instant(question.slice.toMs) } }),
    outcome: onWire(outcomeOf(challenge, nowMs)),
    ...(answeredBy && { answeredBy: answeredBy.id }),
  };
};

const onWire = (outcome: ChallengeOutcome): object => {
  if (outcome.is === 'open') return { is: 'open' };
  const { atMs, ...rest } = outcome;
  return { ...rest, at: instant(atMs) };
};

const instant = (atMs: number): string => new Date(atMs).toISOString();
