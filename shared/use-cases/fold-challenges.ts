import { foldChallenges } from '../domain/challenges/fold.ts';
import type { Sealed } from '../domain/challenges/verdict.ts';
import { UnavailableError } from '../domain/errors.ts';
import type { Facility } from '../domain/facility.ts';
import { keptForMs } from '../domain/retention.ts';
import type { RulePack } from '../domain/rule-pack.ts';
import type { ChallengeStore } from '../ports/challenge-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { VitalsStore } from '../ports/vitals-store.ts';
import { untilSaved } from './until-saved.ts';

export interface FoldStores {
  readonly challenges: Pick<ChallengeStore, 'challengesSince'>;
  readonly vitals: Pick<VitalsStore, 'readFacility' | 'patchFacility'>;
  readonly records: Pick<RecordStore, 'putGap'>;
}

/** What was asked for before this need not be held any more: nothing that counts now was asked earlier. */
export const askedSinceMs = (pack: RulePack, nowMs: number): number => nowMs - keptForMs(pack);

/**
 * Folds what the challenges of a facility come to into its row. `sealed`: what could have been drawn; absent = as it was
 * counted when it was drawn last. Throws `UnavailableError` or `ConflictError`.
 */
export const foldChallengesInto = (
  { challenges, vitals, records }: FoldStores,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
  sealed?: Sealed,
): Promise<true> =>
  untilSaved(`vitals of ${facility.id}`, async () => {
    const row = await vitals.readFacility(facility.id);
    if (row === undefined) throw new UnavailableError(`Facility ${facility.id} has no vitals yet`);
    const counted = sealed ?? row.challenges?.sealed;
    // Asked, and never folded: whoever drew died, is about to come again, and folds what was answered meanwhile too.
    if (counted === undefined) return true;
    // Read after the row: what another answer changes since then makes this write lose.
    const kept = await challenges.challengesSince(facility.id, askedSinceMs(pack, nowMs));
    const asked = kept.map(({ challenge }) => challenge);
    const { patch, gap } = foldChallenges(row, asked, counted, facility, pack, nowMs);
    // The gap first. Dying after it: the row still shows the breach, and the next fold puts the same gap again.
    if (gap !== undefined) await records.putGap(gap);
    // Dying before this: the answer that comes again, or the next draw, folds it. After: the sweep finds the mark.
    return (await vitals.patchFacility(row, patch)) || undefined;
  });
