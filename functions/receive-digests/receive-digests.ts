import type { DigestReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';

export interface DigestStores {
  readonly records: Pick<RecordStore, 'putDigest'>;
  readonly registry: Pick<RegistryStore, 'isKeyLive'>;
}

/**
 * Keeps what a box says of an hour of its beats. It moves no vitals: whether a nursery was watched is judged from the
 * beats as they came. Its hour is the box's own: a clock that is off makes it no lie, and is a finding elsewhere.
 */
export const makeReceiveDigest =
  ({ records, registry }: DigestStores): TakeReport<DigestReport> =>
  async (sender, report, digest) => {
    await requireLiveKey(registry, sender);
    const kept = { report, digest, receivedMs: sender.receivedMs, key: sender.key };
    // Dying before it: the box sends it again. After: the repeat is a duplicate.
    const put = await records.putDigest(sender.facilityId, sender.box, kept);
    if (put === 'id-reused') return { result: 'rejected', reason: 'id-reused' };
    return { result: put === 'put' ? 'accepted' : 'duplicate' };
  };
