import { type ChallengePolicy, cameraHourKey } from '../../shared/domain/challenges/challenge.ts';
import { type Drawn, drawFrom } from '../../shared/domain/challenges/draw.ts';
import { KEY_ZONE } from '../../shared/domain/challenges/key-month.ts';
import type { OwedHour } from '../../shared/domain/challenges/owed-hours.ts';
import { sliceAtRandom } from '../../shared/domain/challenges/slice.ts';
import { onlyFrom, type Slot, slotsOf } from '../../shared/domain/challenges/slots.ts';
import { type IncidentWindow, type Strata, stratify } from '../../shared/domain/challenges/strata.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { type AskedChallenge, askForBytes, askForPresence } from '../../shared/evidence/ask-challenge.ts';
import { keyIdOfToken } from '../../shared/evidence/challenge-token.ts';
import { chanceOf } from '../../shared/evidence/draw-chance.ts';
import type { ChallengeStore, KeptChallenge } from '../../shared/ports/challenge-store.ts';
import type { MonthKeys } from './month-keys.ts';

/** An hour whose token is not there, or whose key is lost, is drawn anew so often; then the slot stays empty. */
const MOST_REDRAWS = 8;

export interface Asking {
  readonly facility: Facility;
  readonly policy: ChallengePolicy;
  /** The local day that is drawn for. */
  readonly day: string;
  readonly nowMs: number;
  readonly hours: readonly OwedHour[];
  readonly incidents: readonly IncidentWindow[];
  /** Asked before. */
  readonly asked: readonly KeptChallenge[];
}

export interface AskDependencies {
  readonly challenges: Pick<ChallengeStore, 'putChallenge' | 'readChallenge' | 'readToken'>;
  readonly monthKeys: Pick<MonthKeys, 'read' | 'secret' | 'isPublished'>;
  readonly lost: (keyId: string) => void;
}

type DrawnHour = OwedHour & { readonly stability: NonNullable<OwedHour['stability']> };
const isAskable = (hour: OwedHour): hour is DrawnHour => hour.stability !== undefined;

/**
 * Draws and puts what the day is owed and has not got. The id of each challenge follows from the day and its place, and
 * is put once: of two that draw at once, and after a crash, each id has one question. Chance comes from the private key
 * of the month, so that both draw the same, and nobody else can foretell it.
 */
export const askSlots = async (deps: AskDependencies, asking: Asking): Promise<void> => {
  const { day, policy, asked, facility, nowMs } = asking;
  const open = slotsOf(day, policy.draws).filter(({ id }) => !asked.some(({ challenge }) => challenge.id === id));
  if (open.length === 0) return;
  const secret = await deps.monthKeys.secret(nowMs);
  const strata = stratify(asking.hours.filter(isAskable), asking.incidents, policy, nowMs);
  const taken = new Set(asked.map(({ challenge }) => cameraHourKey(challenge)));
  for (const slot of open) {
    const chanceFor = (use: string): number => chanceOf(secret, [facility.id, slot.id, use]);
    await askSlot(deps, asking, { slot, strata, taken, chanceFor });
  }
};

interface Drawing {
  readonly slot: Slot;
  readonly strata: Strata<DrawnHour>;
  /** Asked for already, or found to be nothing that can be asked for. */
  readonly taken: Set<string>;
  readonly chanceFor: (use: string) => number;
}

const askSlot = async (deps: AskDependencies, asking: Asking, drawing: Drawing): Promise<void> => {
  const { slot, strata, taken, chanceFor } = drawing;
  for (let tries = 0; tries < MOST_REDRAWS; tries += 1) {
    const fresh = strata[slot.stratum].filter((hour) => !taken.has(cameraHourKey(hour)));
    const own = { incident: [], oldest: [], rest: [], [slot.stratum]: fresh } as Strata<DrawnHour>;
    const [drawn] = drawFrom(own, onlyFrom(slot.stratum), [chanceFor(`hour ${tries}`)]);
    if (drawn === undefined) return;
    taken.add(cameraHourKey(drawn.hour));
    const question = await askFor(deps, asking, slot.id, drawn, chanceFor);
    if (question === 'cannot-be-asked') continue;
    await put(deps, asking, drawing, question);
    return;
  }
};

/** Dying before the put: the next run draws the same. After: it finds the slot filled. */
const put = async (
  { challenges }: AskDependencies,
  { facility }: Asking,
  { taken }: Drawing,
  asked: AskedChallenge,
): Promise<void> => {
  const { challenge } = asked;
  const box = facility.cameras.find(({ id }) => id === challenge.camera)?.box ?? '';
  const isOurs = await challenges.putChallenge({
    facility: facility.id,
    box,
    challenge,
    ...(asked.asked && { question: asked.question }),
    ...(asked.asked && asked.mac && { mac: Buffer.from(asked.mac).toString('base64url') }),
    revision: 1,
  });
  if (isOurs) return;
  // Somebody was faster, perhaps with another hour: that one is spent.
  const standing = await challenges.readChallenge(facility.id, challenge.id);
  if (standing !== undefined) taken.add(cameraHourKey(standing.challenge));
};

/** What came first with the hour is asked for, whatever was said of it later. */
const askFor = async (
  deps: AskDependencies,
  { facility, policy, nowMs }: Asking,
  id: string,
  { stratum, hour }: Drawn<DrawnHour>,
  chanceFor: Drawing['chanceFor'],
): Promise<AskedChallenge | 'cannot-be-asked'> => {
  const sealed = await deps.challenges.readToken(facility.id, hour.camera, hour.hourMs);
  const stability = sealed?.stability ?? hour.stability;
  const of = { id, drawn: { stratum, hour: { ...hour, stability } }, policy, nowMs };
  if (stability === 'presence-only') {
    const slice = sliceAtRandom(hour.hourMs, hour.recorded, (limit) => Math.floor(chanceFor('slice') * limit));
    return slice === undefined ? 'cannot-be-asked' : askForPresence(of, slice);
  }
  if (sealed?.token === undefined) return 'cannot-be-asked';
  const token = new Uint8Array(Buffer.from(sealed.token, 'base64url'));
  const key = await keyOf(deps, token, nowMs);
  if (key === undefined) return 'cannot-be-asked';
  return askForBytes(of, { facilityId: facility.id, token, zone: KEY_ZONE }, key);
};

/** Opens nothing, and is refused for what is wrong with the token itself, or for a key that was never ours. */
const noKey: { readonly keyId: string; readonly privateKey: Uint8Array } = { keyId: '', privateKey: new Uint8Array() };

const keyOf = async (
  { monthKeys, lost }: AskDependencies,
  token: Uint8Array,
  nowMs: number,
): Promise<typeof noKey | undefined> => {
  const named = keyIdOfToken(token);
  if (!named.ok || !monthKeys.isPublished(named.keyId)) return noKey;
  const privateKey = await monthKeys.read(named.keyId, nowMs);
  if (privateKey !== undefined) return { keyId: named.keyId, privateKey };
  // Our own fault: no box is told that its token was refused.
  lost(named.keyId);
  return undefined;
};
