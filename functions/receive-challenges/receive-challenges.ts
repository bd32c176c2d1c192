import type { ChallengeAnswer } from '../../shared/domain/challenges/challenge.ts';
import { type AnswerRefusal, takeAnswer } from '../../shared/domain/challenges/settle.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { ChallengeReport } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import { type RejectReason, rejected, type TakenReport, type TakeReport } from '../../shared/domain/taken-report.ts';
import { hearAnswer } from '../../shared/evidence/challenge-token.ts';
import type { ChallengeStore, KeptChallenge } from '../../shared/ports/challenge-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { type FoldStores, foldChallengesInto } from '../../shared/use-cases/fold-challenges.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';

export interface ChallengeStores extends FoldStores {
  readonly challenges: Pick<ChallengeStore, 'readChallenge' | 'saveChallenge' | 'challengesSince'>;
  readonly registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
}

const reasons: Readonly<Record<AnswerRefusal, RejectReason>> = {
  'another-challenge': 'unknown-challenge',
  'nothing-was-asked': 'unknown-challenge',
  'already-answered': 'already-answered',
  'wrong-kind': 'wrong-kind',
};

/**
 * Takes what a box answered to one challenge, once and for good, and folds what all challenges of the facility come to:
 * film that differs or is gone is found by the next sweep. Before the answer is saved nothing has happened; a box that
 * never heard ours sends it again, which is then a duplicate and folds again.
 */
export const makeReceiveChallenge =
  (stores: ChallengeStores): TakeReport<ChallengeReport> =>
  async (sender, report, digest) => {
    await requireLiveKey(stores.registry, sender);
    const facility = await stores.registry.readFacility(sender.facilityId);
    if (facility === undefined) throw new UnavailableError(`Facility ${sender.facilityId} is not registered yet`);
    const taken = await untilSaved(`challenge ${report.challenge}`, () =>
      take(stores, facility, sender, report, digest),
    );
    if (taken.result === 'rejected') return taken;
    const nowMs = sender.receivedMs;
    await foldChallengesInto(stores, facility, stores.packFor(facility, nowMs), nowMs);
    return taken;
  };

/** Absent = somebody was faster. */
const take = async (
  { challenges }: ChallengeStores,
  facility: Facility,
  sender: Sender,
  report: ChallengeReport,
  digest: string,
): Promise<TakenReport | undefined> => {
  const kept = await challenges.readChallenge(facility.id, report.challenge);
  if (kept === undefined || !isAsked(kept, facility, sender.box)) return rejected('unknown-challenge');
  if (kept.answeredBy?.id === report.id) {
    return kept.answeredBy.digest === digest ? { result: 'duplicate' } : rejected('id-reused');
  }
  // It came before the final answer, and its whole request was sent again; or it has nothing left to say.
  if (report.is === 'busy' && kept.challenge.answer !== undefined) return { result: 'duplicate' };
  const heard = hearAnswer(answerOf(report), new Uint8Array(Buffer.from(kept.mac ?? '', 'base64url')));
  const taken = takeAnswer(kept.challenge, heard, sender.receivedMs);
  if (!taken.taken) return rejected(reasons[taken.reason]);
  const { challenge } = taken;
  const next = { ...kept, challenge, answeredBy: { id: report.id, digest }, revision: kept.revision + 1 };
  if (!(await challenges.saveChallenge(next))) return undefined;
  const isLate = challenge.answer !== undefined && sender.receivedMs >= challenge.answerByMs;
  return { result: 'accepted', ...(isLate && { late: true }) };
};

/** A box answers for the cameras that it has now; what was never asked of anybody has no answer. */
const isAsked = ({ challenge, question }: KeptChallenge, { cameras }: Facility, box: string): boolean =>
  question !== undefined && cameras.some((one) => one.id === challenge.camera && one.box === box);

const answerOf = (report: ChallengeReport): ChallengeAnswer => {
  const { challenge: id } = report;
  return report.is === 'shown' ? { id, is: 'shown', mac: report.mac } : { id, is: report.is };
};
