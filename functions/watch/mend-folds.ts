import { isInUse } from '../../shared/domain/camera-sight.ts';
import { type KeptCheck, saysOfHealth } from '../../shared/domain/checks.ts';
import { signalsReadSinceMs } from '../../shared/domain/health-signal.ts';
import { type FoldRecords, MEND_BACK_MS, mendFolds } from '../../shared/domain/mend-folds.ts';
import type { CheckReport } from '../../shared/domain/reports.ts';
import { daysToRead } from '../../shared/domain/retention.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import type { FacilityRows } from '../../shared/domain/vitals.ts';
import type { KeptReport } from '../../shared/ports/record-store.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';
import { packOf, type Sweep } from './dependencies.ts';
import type { Look } from './settle-breaches.ts';

/** The minute of the day whose facilities a sweep assesses whatever the filters say. */
export const slotAt = (atMs: number): number => Math.floor((atMs % DAY_MS) / MINUTE_MS);

/**
 * Once a day, in the facility's own minute: makes up the folds that a receiver missed because it died after keeping a
 * report that its box never sent again. Answers the rows to judge by. A row that is right costs reads and no write.
 */
export const mendInSlot = async (sweep: Sweep, read: FacilityRows, look: Look): Promise<FacilityRows> => {
  if (read.facility.slot !== sweep.slot) return read;
  let rows = read;
  return untilSaved(`folds of ${look.facility.id}`, async () => {
    // The records after the row: what a receiver folds in between is read again, because the row has moved.
    const records = await readRecords(sweep, look);
    const packAt = (atMs: number) => packOf(sweep, look.facility, atMs);
    const mended = mendFolds(rows.facility, records, look.facility, packAt, look.nowMs);
    if (mended === undefined) return rows;
    // Gaps first. Dying after them: the row is as wrong as it was, and the next daily assessment puts the same gaps.
    for (const gap of mended.gaps) await sweep.records.putGap(gap);
    // Dying before it: the same. After: the row carries a mark, and the next sweep judges it by what it says now.
    const isOurs = await sweep.vitals.patchFacility(rows.facility, mended.patch);
    rows = (await sweep.vitals.readRows(look.facility.id)) ?? rows;
    return isOurs ? rows : undefined;
  });
};

const readRecords = async ({ records }: Sweep, look: Look): Promise<FoldRecords> => {
  const { facility, pack, nowMs } = look;
  const { fromDay } = daysToRead(facility, pack, nowMs - MEND_BACK_MS);
  const { toDay } = daysToRead(facility, pack, nowMs);
  const checks = await records.checksSince(facility.id, nowMs - MEND_BACK_MS);
  const logs = await records.logsSince(facility.id, nowMs - MEND_BACK_MS);
  const heldDays: FoldRecords['heldDays'][number][] = [];
  for (const { id } of facility.cameras.filter((camera) => isInUse(camera, nowMs))) {
    heldDays.push(...(await records.heldDays(facility.id, id, fromDay, toDay)));
  }
  return { checks, logs, findings: await completeFindings(records, checks, look), heldDays };
};

/** A receiver that died right after keeping a check has not listed it: every later fold would miss it. */
const completeFindings = async (
  records: Sweep['records'],
  checks: readonly KeptReport<CheckReport>[],
  { facility, pack, nowMs }: Look,
): Promise<readonly KeptCheck[]> => {
  const listed = await records.findingsSince(facility.id, signalsReadSinceMs(facility, pack, nowMs));
  const isListed = ({ report, key }: KeptReport<CheckReport>): boolean =>
    listed.some((one) => one.report.id === report.id && one.key === key);
  const missed = checks.filter((one) => saysOfHealth(one.report) && !isListed(one));
  // Dying after some: the next daily assessment lists the others. Listing one twice is listing it once.
  for (const one of missed) await records.putFindings(facility.id, one);
  return [...listed, ...missed];
};
