import type { RecordingReport } from '../../shared/domain/reports.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import type { ChallengeStore, SealedToken } from '../../shared/ports/challenge-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';
import { cameraOf, refusalOf } from './camera-of-report.ts';

export interface TokenStores {
  readonly registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>;
  readonly challenges: Pick<ChallengeStore, 'putTokens'>;
}

/**
 * Keeps the tokens of a whole request, before the first of its reports is taken: the days count them. The first that came
 * with an hour stands, and no report is refused because of one: whether it opens is seen when it is drawn. Dying behind
 * it, or a report that is refused for its id, leaves a token that nobody counts until a report of its hour is taken.
 */
export const makeKeepTokens =
  ({ registry, challenges }: TokenStores) =>
  async (sender: Sender, reports: readonly RecordingReport[]): Promise<void> => {
    const sealed = reports.filter(({ challenge }) => challenge !== undefined);
    if (sealed.length === 0) return;
    await requireLiveKey(registry, sender);
    const facility = await registry.readFacility(sender.facilityId);
    if (facility === undefined) return;
    const taken = sealed.filter(
      (report) => refusalOf(cameraOf(facility, sender, report), report, sender) === undefined,
    );
    if (taken.length > 0) await challenges.putTokens(taken.flatMap((report) => tokenOf(sender, report)));
  };

const tokenOf = (sender: Sender, { camera, hourMs, challenge }: RecordingReport): readonly SealedToken[] => {
  if (challenge === undefined) return [];
  const { mode: stability, ...token } = challenge;
  return [{ facility: sender.facilityId, camera, hourMs, stability, ...token, receivedAtMs: sender.receivedMs }];
};
