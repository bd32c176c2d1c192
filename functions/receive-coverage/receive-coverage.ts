import { type CoverageDecision, decideCoverage } from '../../shared/domain/decide-coverage.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import type { CoverageReport } from '../../shared/domain/reports.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import type { TakeSequencedReport } from '../../shared/domain/taken-report.ts';
import type { CoverageVitals } from '../../shared/domain/vitals.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';

export interface CoverageStores {
  readonly vitals: Pick<VitalsStore, 'readBox' | 'readCoverage' | 'patchCoverage'>;
  readonly records: Pick<RecordStore, 'putGap'>;
}

/** Takes one coverage report: rare, so it always reads, decides and writes by compare-and-set. */
export const makeReceiveCoverage =
  (stores: CoverageStores): TakeSequencedReport<CoverageReport> =>
  (sender, report) =>
    untilSaved(`coverage of ${sender.facilityId}/${sender.box}`, () => take(stores, sender, report));

/** One try; absent = somebody moved the row in between. */
const take = async (stores: CoverageStores, sender: Sender, report: CoverageReport) => {
  const { facilityId, box } = sender;
  const row = await stores.vitals.readCoverage(facilityId, box);
  if (row === undefined) throw notLive(sender);
  const offsetMs = (await stores.vitals.readBox(facilityId, box))?.offsetMs;
  const decision = decideCoverage(row, offsetMs, report, sender);
  if (decision.does === 'refuse') throw notLive(sender);
  if (decision.does === 'nothing') return decision.outcome;
  return (await move(stores, row, decision, sender, report.seq)) ? decision.outcome : undefined;
};

const notLive = ({ facilityId, box }: Sender): KeyNotLiveError =>
  new KeyNotLiveError(`The key is not enrolled for box ${box} of facility ${facilityId}`);

const move = async (
  { vitals, records }: CoverageStores,
  row: CoverageVitals,
  { gaps, patch }: CoverageDecision & { does: 'move' },
  sender: Sender,
  seq: number,
): Promise<boolean> => {
  // Gaps first. Dying after them: the row still shows the fault, so the repeated report puts them again.
  for (const gap of gaps) await records.putGap(gap);
  // Dying before this: as if the report never came. After: the sweep finds the mark, and the gaps are there.
  return vitals.patchCoverage(row, patch, { key: sender.key, seq });
};
