import type { ChallengeQuestion } from '../../shared/domain/challenges/challenge.ts';
import { KEY_ZONE, sealingKeyAt } from '../../shared/domain/challenges/key-month.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { writeInstant } from '../../shared/domain/instants.ts';
import { type HoldToKeep, holdsFor } from '../../shared/domain/legal-holds.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import type { ChallengeStore, KeptChallenge, PublishedKey } from '../../shared/ports/challenge-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { Told } from '../../shared/runtime/receive-reports.ts';

export interface AskStores {
  readonly challenges: Pick<ChallengeStore, 'challengesSince'> & {
    readonly publishedKeys: (nowMs: number) => Promise<readonly PublishedKey[]>;
  };
  readonly registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>;
}

/** A box that was cut off for some days is asked all the same; its answer shows as late. */
const ASKED_AGAIN_MS = 7 * DAY_MS;
/** The keys of the months change once a month. */
const HELD_MS = 10 * MINUTE_MS;
/** As many as the contract of the answer allows. */
const MOST_QUESTIONS = 64;
const MOST_HOLDS = 256;

/** The published keys, read now and then: not by every request of every box. */
export const rememberKeys = ({
  publishedKeys,
}: Pick<ChallengeStore, 'publishedKeys'>): AskStores['challenges']['publishedKeys'] => {
  let held: { readonly keys: readonly PublishedKey[]; readonly untilMs: number } | undefined;
  return async (nowMs) => {
    if (held !== undefined && nowMs < held.untilMs) return held.keys;
    const keys = await publishedKeys();
    // A new stack has none yet: the first box of the first nursery need not wait for it.
    held = keys.length === 0 ? undefined : { keys, untilMs: nowMs + HELD_MS };
    return keys;
  };
};

/**
 * What the answer to a recording report asks of its box and tells it. Only a box whose key is live is asked: a request
 * of which no report fits is answered too, and whoever signed it with a key of their own learns nothing.
 */
export const makeAskBox =
  ({ challenges, registry }: AskStores): ((sender: Sender) => Promise<Told>) =>
  async ({ facilityId, box, key, receivedMs: nowMs }) => {
    const [isLive, facility] = await Promise.all([
      registry.isKeyLive(facilityId, box, key),
      registry.readFacility(facilityId),
    ]);
    if (!isLive || facility === undefined) return { challenges: [] };
    const [kept, keys] = await Promise.all([
      challenges.challengesSince(facilityId, nowMs - ASKED_AGAIN_MS),
      challenges.publishedKeys(nowMs),
    ]);
    const sealTo = sealingKeyAt(keys, nowMs, KEY_ZONE);
    return {
      challenges: openQuestions(kept, facility, box).slice(0, MOST_QUESTIONS).map(questionOnWire),
      ...(sealTo && { sealTo: { keyId: sealTo.keyId, publicKey: sealTo.publicKey } }),
      holds: holdsFor(facility, box, nowMs).slice(0, MOST_HOLDS).map(holdOnWire),
    };
  };

/** Of cameras that this box has now: their film is on its recorder, whoever had them when they were asked for. */
const openQuestions = (
  kept: readonly KeptChallenge[],
  { cameras }: Facility,
  box: string,
): readonly ChallengeQuestion[] =>
  kept.flatMap(({ challenge, question }) => {
    const isOpen = question !== undefined && challenge.answer === undefined;
    return isOpen && cameras.some((one) => one.id === challenge.camera && one.box === box) ? [question] : [];
  });

const questionOnWire = ({ id, camera, slice, answerByMs, key }: ChallengeQuestion): Told['challenges'][number] => ({
  id,
  camera,
  from: writeInstant(slice.fromMs),
  to: writeInstant(slice.toMs),
  answerBy: writeInstant(answerByMs),
  ...(key !== undefined && { key }),
});

const holdOnWire = ({ hold, camera, fromMs, toMs, untilMs }: HoldToKeep): NonNullable<Told['holds']>[number] => ({
  hold,
  camera,
  from: writeInstant(fromMs),
  to: writeInstant(toMs),
  until: writeInstant(untilMs),
});
