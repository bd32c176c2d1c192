import type { LogReport, TakeReport } from '../../shared/domain/reports.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';

export interface LogStores {
  readonly records: Pick<RecordStore, 'putLog'>;
  readonly registry: Pick<RegistryStore, 'isKeyLive'>;
}

/** Takes one log of a periodic duty and keeps it. */
export const makeReceiveLog =
  ({ records, registry }: LogStores): TakeReport<LogReport> =>
  async (sender, report, digest) => {
    await requireLiveKey(registry, sender);
    // Dying before it: the box sends it again. After: it is kept, and the repeat is a duplicate. Nothing follows it.
    const kept = { report, digest, receivedMs: sender.receivedMs, key: sender.key };
    const put = await records.putLog(sender.facilityId, sender.box, kept);
    if (put === 'id-reused') return { result: 'rejected', reason: 'id-reused' };
    return { result: put === 'put' ? 'accepted' : 'duplicate' };
  };
