import type { LedgerEntry } from '../../shared/domain/delivery/delivery.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LedgerStore } from '../../shared/ports/delivery-store.ts';

/** That SNS passed a notice on, as the queue says it. */
export type Passed = Omit<LedgerEntry, 'receivedAtMs'>;

export interface LedgerDependencies {
  readonly ledger: Pick<LedgerStore, 'keep'>;
  readonly clock: Clock;
}

/**
 * Keeps the second witness: the sweep says that SNS took a notice, the ledger that SNS passed it on. Dying before the
 * put: the queue gives it again. After: keeping the same notice twice is keeping it once.
 */
export const makeKeepLedger =
  ({ ledger, clock }: LedgerDependencies) =>
  (passed: Passed): Promise<void> =>
    ledger.keep({ ...passed, receivedAtMs: clock() });
