import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { foldLog, isLate, isPlanned, type KeptLog } from '../../shared/domain/fold-log.ts';
import type { LogReport } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { rejected, rejectedFor, type TakeReport } from '../../shared/domain/taken-report.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';

export interface LogStores {
  readonly vitals: Pick<VitalsStore, 'readFacility' | 'patchFacility'>;
  readonly records: Pick<RecordStore, 'putLog' | 'readLog' | 'putGap'>;
  readonly registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
}

/** Takes one log of a periodic duty: keeps it, then folds what was done into the facility's vitals. */
export const makeReceiveLog =
  (stores: LogStores): TakeReport<LogReport> =>
  async (sender, report, digest) => {
    const { records, registry, packFor } = stores;
    await requireLiveKey(registry, sender);
    const facility = await registry.readFacility(sender.facilityId);
    if (facility === undefined) throw new UnavailableError(`Facility ${sender.facilityId} is not registered yet`);
    const before = await records.readLog(sender.facilityId, sender.box, report.id);
    // What is planned is not done; folded, it would hide every day until then. One that is kept was right when it came.
    if (before === undefined && isPlanned(report, sender.receivedMs)) {
      return rejectedFor('/doneAt', 'has not come yet, by our clock: what is planned is not done');
    }
    const kept = { report, digest, receivedMs: sender.receivedMs, key: sender.key };
    // Dying before it: the box sends it again. After: the repeat is a duplicate, and repeats the fold first.
    const put = await records.putLog(sender.facilityId, sender.box, kept);
    if (put === 'id-reused') return rejected('id-reused');
    // A repeat folds the instant at which the log first came, not that of the repeat.
    const first = put === 'put' ? kept : await records.readLog(sender.facilityId, sender.box, report.id);
    await fold(stores, facility, first ?? kept);
    if (put !== 'put') return { result: 'duplicate' };
    const late = isLate(kept, facility, packFor(facility, sender.receivedMs));
    return { result: 'accepted', ...(late && { late }) };
  };

const fold = ({ vitals, records, packFor }: LogStores, facility: Facility, kept: KeptLog): Promise<true> =>
  untilSaved(`vitals of ${facility.id}`, async () => {
    const row = await vitals.readFacility(facility.id);
    if (row === undefined) throw new UnavailableError(`Facility ${facility.id} has no vitals yet`);
    const change = foldLog(row, kept, facility, packFor(facility, kept.receivedMs));
    if (change === undefined) return true;
    // Gaps first. Dying after them: the row still shows what was overdue, and the repeat folds it again.
    for (const gap of change.gaps) await records.putGap(gap);
    // Dying before this: the daily full assessment, or the box's repeat, folds it. After: the sweep finds the mark.
    return (await vitals.patchFacility(row, change.patch)) || undefined;
  });
