import { civilDayInterval, civilDayOf } from '../../shared/domain/civil-day.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { Camera, Facility } from '../../shared/domain/facility.ts';
import { foldHolds } from '../../shared/domain/fold-holds.ts';
import { foldTooOld } from '../../shared/domain/fold-too-old.ts';
import type { HeldDay } from '../../shared/domain/held-day.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import { daysToRead, findRetention, foldRetention } from '../../shared/domain/retention.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { isStillHeld, recentDays } from '../../shared/domain/still-held.ts';
import {
  declaresSomething,
  fitsItsDay,
  type TakenRecording,
  takeDeclared,
  takeHour,
  tooMuchForADay,
} from '../../shared/domain/take-recording.ts';
import { rejected, rejectedFor, type TakeReport } from '../../shared/domain/taken-report.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import { requireLiveKey } from '../../shared/use-cases/require-live-key.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';
import { cameraOf, refusalOf } from './camera-of-report.ts';

export interface RecordingStores {
  readonly vitals: Pick<VitalsStore, 'readFacility' | 'patchFacility'>;
  readonly records: Pick<
    RecordStore,
    'putRecording' | 'readRecording' | 'readHeldDay' | 'saveHeldDay' | 'heldDays' | 'putGap'
  >;
  readonly registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
}

/**
 * Takes one camera's hour: merges it into the camera's day, keeps it, and judges the camera's retention anew. The day
 * comes first: a report that is kept is in its day, so that the days alone tell the sweep what a crash left unjudged,
 * and nobody ever has to look through all hours that were kept.
 */
export const makeReceiveRecording =
  (stores: RecordingStores): TakeReport<RecordingReport> =>
  async (sender, report, digest) => {
    await requireLiveKey(stores.registry, sender);
    const facility = await stores.registry.readFacility(sender.facilityId);
    if (facility === undefined) throw new UnavailableError(`Facility ${sender.facilityId} is not registered yet`);
    const camera = cameraOf(facility, sender, report);
    const refused = refusalOf(camera, report, sender);
    if (camera === undefined || refused) return refused ?? rejected('unknown-camera');
    const before = await stores.records.readRecording(sender.facilityId, sender.box, report.id);
    if (before !== undefined && before.digest !== digest) return rejected('id-reused');
    const taken = { report, receivedMs: sender.receivedMs, isRepeat: before !== undefined };
    if (!(await mergeAll(stores, facility, taken))) return rejectedFor('', tooMuchForADay);
    // Dying before it: the box sends it again, and what is merged twice is merged once. After: the repeat is a duplicate,
    // and judges first; where none comes, the daily full assessment judges.
    // Its token was kept before it (keep-tokens.ts), and lies in the request under seal: a third copy nobody reads.
    const { challenge: _token, ...said } = report;
    const kept = { report: said, digest, receivedMs: sender.receivedMs, key: sender.key };
    const put = before === undefined ? await stores.records.putRecording(sender.facilityId, sender.box, kept) : 'same';
    // Two reports that raced under one id: both were signed and are in their day, one of them is kept.
    if (put === 'id-reused') return rejected('id-reused');
    await judge(stores, facility, camera, report.hourMs, sender.receivedMs);
    return { result: put === 'put' ? 'accepted' : 'duplicate' };
  };

/** False = a day would hold more than any recorder says, and nothing of the report was put down. */
const mergeAll = async (stores: RecordingStores, facility: Facility, taken: TakenRecording): Promise<boolean> => {
  const { report, receivedMs, isRepeat } = taken;
  const { zone } = facility.calendar;
  const day = civilDayOf(report.hourMs, zone);
  const intoItsDay = (read: HeldDay | undefined) => takeHour(read, taken, day, civilDayInterval(day, zone).toMs);
  // What is kept is in its days: a repeat that comes on another day is not put down there again.
  if (declaresSomething(report) && !isRepeat) {
    // What a report declares does not count if it is refused for its hour.
    const next = intoItsDay(await stores.records.readHeldDay(facility.id, report.camera, day, 'eventually'));
    if (next !== undefined && !fitsItsDay(next)) return false;
    const receivedOn = civilDayOf(receivedMs, zone);
    // Dying after it: the box sends it again, perhaps on another day. Who reads the days takes what came first.
    if (!(await merge(stores, facility, report.camera, receivedOn, (read) => takeDeclared(read, taken, receivedOn)))) {
      return false;
    }
  }
  return await merge(stores, facility, report.camera, day, intoItsDay);
};

const merge = async (
  { records }: RecordingStores,
  facility: Facility,
  camera: string,
  day: string,
  into: (read: HeldDay | undefined) => HeldDay | undefined,
): Promise<boolean> => {
  let how: 'eventually' | undefined = 'eventually';
  const merged = await untilSaved(`${camera} on ${day}`, async () => {
    const read = await records.readHeldDay(facility.id, camera, day, how);
    how = undefined;
    const next = into(read);
    if (next === undefined) return 'merged';
    if (!fitsItsDay(next)) return 'too-much';
    // Dying before it: nothing is kept, the box sends it again. After: merging it again changes nothing.
    return (await records.saveHeldDay(facility.id, next, read?.revision)) ? 'merged' : undefined;
  });
  return merged === 'merged';
};

/** Of a camera that is held still, a day or two are read and nothing is written; of any other, all that must be held. */
const judge = async (
  stores: RecordingStores,
  facility: Facility,
  camera: Camera,
  hourMs: number,
  nowMs: number,
): Promise<void> => {
  const pack = stores.packFor(facility, nowMs);
  const { fromDay, toDay } = daysToRead(facility, pack, nowMs);
  await untilSaved(`vitals of ${facility.id}`, async () => {
    const row = await stores.vitals.readFacility(facility.id);
    if (row === undefined) throw new UnavailableError(`Facility ${facility.id} has no vitals yet`);
    // Read after the row. A finding that another report's merge has overtaken is mended by the next report.
    const recent = recentDays(row, camera, hourMs, facility, pack, nowMs);
    if (recent !== undefined) {
      const some = await stores.records.heldDays(facility.id, camera.id, recent.fromDay, recent.toDay);
      if (isStillHeld(row, camera, some, hourMs, facility, pack, nowMs)) return true;
    }
    const days = await stores.records.heldDays(facility.id, camera.id, fromDay, toDay);
    const finding = findRetention(camera, days, facility, pack, nowMs);
    const change = foldRetention(row, camera.id, finding, facility, pack, nowMs);
    const tooOld = foldTooOld({ ...row, ...change?.patch }, camera, days, facility, pack, nowMs);
    const holds = foldHolds({ ...row, ...change?.patch, ...tooOld?.patch }, camera, days, facility, pack, nowMs);
    if (change === undefined && tooOld === undefined && holds === undefined) return true;
    // Gaps first. Dying after them: the row still shows the finding, and the next report of the camera folds it again.
    for (const gap of [change?.gap, tooOld?.gap, ...(holds?.gaps ?? [])]) if (gap) await stores.records.putGap(gap);
    // Dying before this: the camera's next report, or the daily full assessment, folds it. After: the sweep finds the mark.
    return (
      (await stores.vitals.patchFacility(row, { ...change?.patch, ...tooOld?.patch, ...holds?.patch })) || undefined
    );
  });
};
