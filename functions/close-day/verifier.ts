import { HOUR_MS } from '../../shared/domain/time.ts';
import { originOfRegion } from '../../shared/evidence/regional.ts';
import type { SystemBeats } from '../../shared/ports/delivery-store.ts';
import type { LogStore } from '../../shared/ports/sealed-store.ts';

export interface VerifierDependencies {
  readonly beats: Pick<SystemBeats, 'read'>;
  readonly logs: Pick<LogStore, 'readHead'>;
  readonly logName: string;
  readonly region: string;
}

/** What is wrong with whoever verifies the logs: an alarm each. */
export type VerifierFault = 'verifier-never-ran' | 'verifier-stopped';

/** It looks every hour and needs a day for all: an hour or two of trouble is no fault yet. */
const SILENT_AFTER_MS = 26 * HOUR_MS;
/** As `verify-evidence` leaves it. */
const SIGN_OF_LIFE = 'evidence-verified';

/**
 * Watches the verifier from outside, since one that does not run tells nobody. As long as the region has no day older
 * than the last, there was nothing that it should have verified.
 */
export const faultOfVerifier = async (
  { beats, logs, logName, region }: VerifierDependencies,
  day: string,
  nowMs: number,
): Promise<VerifierFault | undefined> => {
  const life = (await beats.read()).get(SIGN_OF_LIFE);
  if (life !== undefined) return nowMs - life.atMs >= SILENT_AFTER_MS ? 'verifier-stopped' : undefined;
  const head = await logs.readHead(originOfRegion(logName, region));
  const hasOlder = head?.lastDay !== undefined && (head.lastDay < day || head.revision > 1);
  return hasOlder ? 'verifier-never-ran' : undefined;
};
