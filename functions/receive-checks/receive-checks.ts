import { isCorrectionOf, saysOfHealth, timelinessOf } from '../../shared/domain/checks.ts';
import { civilDayOf } from '../../shared/domain/civil-day.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { foldCheck } from '../../shared/domain/fold-check.ts';
import { changeSignals, type SignalsChange } from '../../shared/domain/fold-signals.ts';
import { concernsSignals, signalsReadSinceMs } from '../../shared/domain/health-signal.ts';
import type { CheckReport } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import {
  type Rejected,
  type ReportOutcome,
  rejected,
  rejectedFor,
  type TakeReport,
} from '../../shared/domain/taken-report.ts';
import type { FacilityVitals } from '../../shared/domain/vitals.ts';
import type { KeptReport, RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';

export interface CheckStores {
  readonly vitals: Pick<VitalsStore, 'readFacility' | 'patchFacility'>;
  readonly records: Pick<RecordStore, 'putCheck' | 'readCheck' | 'putFindings' | 'findingsSince' | 'putGap'>;
  readonly registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
}

/**
 * Takes one morning or noon check of a class: keeps it, then folds its day, and the health thresholds that its findings
 * may have reached, into the facility's vitals.
 */
export const makeReceiveCheck =
  (stores: CheckStores): TakeReport<CheckReport> =>
  async (sender, report, digest) => {
    await requireLiveKey(stores.registry, sender);
    const facility = await stores.registry.readFacility(sender.facilityId);
    if (facility === undefined) throw new UnavailableError(`Facility ${sender.facilityId} is not registered yet`);
    const before = await stores.records.readCheck(sender.facilityId, sender.box, report.id);
    const refused = before ? undefined : await refusalOf(stores, facility, sender, report);
    if (refused) return refused;
    return keep(stores, facility, sender, { report, digest, receivedMs: sender.receivedMs, key: sender.key });
  };

/** What is wrong with a check that is not kept yet. One that is kept was right when it came. */
const refusalOf = async (
  { records }: CheckStores,
  facility: Facility,
  sender: Sender,
  report: CheckReport,
): Promise<Rejected | undefined> => {
  if (!facility.classes.some((one) => one.id === report.class)) return rejected('unknown-class');
  // A day that has not come cannot have been checked; folded, it would hide the days until then.
  if (report.day > civilDayOf(sender.receivedMs, facility.calendar.zone)) {
    return rejectedFor('/day', 'has not come yet, by our clock');
  }
  if (report.corrects === undefined) return undefined;
  if (report.corrects === report.id) return rejectedFor('/corrects', 'names this very report');
  const corrected = await records.readCheck(sender.facilityId, sender.box, report.corrects);
  // Its original may still be on the way: it stands by itself until then, and the folds set the original aside.
  return corrected === undefined || isCorrectionOf(report, corrected.report) ? undefined : rejected('corrects-another');
};

const keep = async (
  stores: CheckStores,
  facility: Facility,
  sender: Sender,
  kept: KeptReport<CheckReport>,
): Promise<ReportOutcome> => {
  // Dying before it: the box sends it again. After: the repeat is a duplicate, and repeats the fold first.
  const put = await stores.records.putCheck(sender.facilityId, sender.box, kept);
  if (put === 'id-reused') return rejected('id-reused');
  // A repeat folds the instant at which the check first came, not that of the repeat. One that was erased is known by its
  // id alone: what was destroyed is not kept anew because its box sent it once more.
  const read = put === 'put' ? kept : await stores.records.readCheck(sender.facilityId, sender.box, kept.report.id);
  if (read === undefined) return { result: 'duplicate' };
  const first = read;
  // Dying before it: no threshold sees the findings until the repeat lists them. Listing them twice is listing them once.
  if (saysOfHealth(first.report)) await stores.records.putFindings(sender.facilityId, first);
  await fold(stores, facility, first, sender.receivedMs);
  if (put === 'same') return { result: 'duplicate' };
  const isInTime = timelinessOf(first, facility, stores.packFor(facility, first.receivedMs)) === 'in-time';
  return { result: 'accepted', ...(!isInTime && { late: true }) };
};
const fold = (stores: CheckStores, facility: Facility, first: KeptReport<CheckReport>, nowMs: number): Promise<true> =>
  untilSaved(`vitals of ${facility.id}`, async () => {
    const row = await stores.vitals.readFacility(facility.id);
    if (row === undefined) throw new UnavailableError(`Facility ${facility.id} has no vitals yet`);
    const { report, receivedMs } = first;
    const check = foldCheck(row, report, receivedMs, facility, stores.packFor(facility, receivedMs));
    const signals = await foldThresholds(stores, facility, row, first, nowMs);
    if (check === undefined && signals === undefined) return true;
    const { gap, ...checkPatch } = check ?? {};
    const { gaps = [], ...signalsPatch } = signals ?? {};
    // Gaps first. Dying after them: the row still shows what they tell of, and the repeat folds it again.
    for (const one of gap ? [gap, ...gaps] : gaps) await stores.records.putGap(one);
    const marks = [check, signals].flatMap((change) => (change ? [change.judgeFromMs] : []));
    const patch = { ...checkPatch, ...signalsPatch, judgeFromMs: Math.min(...marks) };
    // Dying before this: the daily full assessment, or the box's repeat, folds it. After: the sweep finds the mark.
    return (await stores.vitals.patchFacility(row, patch)) || undefined;
  });

/** The findings are read after the row: one that is listed in between has its own fold, and one of the two loses the race. */
const foldThresholds = async (
  stores: CheckStores,
  facility: Facility,
  row: FacilityVitals,
  first: KeptReport<CheckReport>,
  nowMs: number,
): Promise<SignalsChange | undefined> => {
  const pack = stores.packFor(facility, nowMs);
  if (!concernsSignals(first, pack)) return undefined;
  const checks = await stores.records.findingsSince(facility.id, signalsReadSinceMs(facility, pack, nowMs));
  return changeSignals(row, checks, facility, pack, nowMs);
};
