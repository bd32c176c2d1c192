import { DEMO_BOX, DEMO_ZONE, demoDevices, facilityBodyOf, type Nursery } from '../../../box/fleet/nurseries.ts';
import { addDays, civilDayOf } from '../../../shared/domain/civil-day.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import { foldTooOld } from '../../../shared/domain/fold-too-old.ts';
import { logKinds } from '../../../shared/domain/reports.ts';
import { daysToRead, findRetention, foldRetention } from '../../../shared/domain/retention.ts';
import { DAY_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { hasLongLog, type Plan } from './plan.ts';
import type { PastStores } from './stores.ts';

/** The minute of the day of the sweep's full look; any does, as long as they differ. */
const slotOf = (id: string): number => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_440, 7);

const PLUGGED_IN_WITHIN_MS = 2 * MINUTE_MS;

/** The liar opened so many days ago: a token for each hour of ninety days would keep a newcomer waiting. */
const LIAR_DAYS = 25;

const openedAtMs = ({ part }: Nursery, { untilMs, filmFromMs }: Plan): number =>
  part === 'box-that-lies' ? untilMs - LIAR_DAYS * DAY_MS : filmFromMs;

/** A nursery as the fleet would have filed it then, in service since its first day. */
export const facilityOf = (nursery: Nursery, plan: Plan): Facility => {
  const { untilMs } = plan;
  const registeredAtMs = hasLongLog(nursery) ? plan.filmFromMs : plan.registeredAtMs;
  const openedMs = openedAtMs(nursery, plan);
  const body = facilityBodyOf(nursery, '12:00', untilMs);
  const { papers = [], plans = [], filed, cameras, devices = [], version: _none, ...rest } = body;
  return {
    ...rest,
    id: nursery.id,
    version: 1,
    registeredAtMs,
    state: { is: 'in-service', sinceMs: openedMs },
    cameras: cameras.map(({ installedAt, retiredAt: _never, ...camera }) => ({
      ...camera,
      // What hung there before it opened had nothing to keep.
      installedAtMs: nursery.part === 'box-that-lies' ? openedMs : Date.parse(installedAt),
    })),
    devices: devices.map((device) => ({ ...device, registeredAtMs })),
    papers: papers.map(({ expiresAt, ...paper }) => ({
      ...paper,
      ...(expiresAt !== undefined && { expiresAtMs: Date.parse(expiresAt) }),
    })),
    plans: plans.map(({ hazard, reviewedAt }) => ({ hazard, reviewedAtMs: Date.parse(reviewedAt) })),
    ...(filed && {
      filed: {
        name: filed.name,
        address: filed.address,
        kind: filed.kind,
        places: filed.places,
        filedAtMs: registeredAtMs,
      },
    }),
  };
};

/** Files a nursery with its box and the key of that box, which has been connected since its first day. */
export const register = async (
  { registry, vitals }: PastStores,
  facility: Facility,
  key: string,
  nowMs: number,
): Promise<void> => {
  const { id, registeredAtMs } = facility;
  const silentAfterMs = packFor(facility, nowMs).thresholds.silentAfterMs.value;
  await vitals.announceFacility(id, 1, slotOf(id));
  await vitals.announceBox(id, DEMO_BOX, silentAfterMs, registeredAtMs);
  await vitals.admitKey(id, DEMO_BOX, key);
  await registry.putBox({ facilityId: id, id: DEMO_BOX, enrolledAtMs: registeredAtMs, liveKeys: [key] });
  await registry.putKey(id, DEMO_BOX, key);
  await beatUntil({ vitals }, facility, nowMs);
  // Last: whoever is registered has all the rest. Started again after a kill, it stands already.
  await registry.putFacility(facility);
};

/** The box beat up to now, and saw all its cameras. */
export const beatUntil = async (
  { vitals }: Pick<PastStores, 'vitals'>,
  { id, cameras, registeredAtMs }: Facility,
  nowMs: number,
): Promise<void> => {
  const sinceMs = registeredAtMs + MINUTE_MS;
  const [box, coverage] = await Promise.all([vitals.readBox(id, DEMO_BOX), vitals.readCoverage(id, DEMO_BOX)]);
  if (box === undefined || coverage === undefined) throw new Error(`${id} has no box`);
  // Its box is plugged in once the stack runs, which may take a busy machine a while: it is not silent before.
  const silentAtMs = nowMs + PLUGGED_IN_WITHIN_MS;
  await vitals.patchBox(box, { connectedAtMs: sinceMs, beatAtMs: nowMs, silentAtMs, offsetMs: 0, offsetAtMs: sinceMs });
  const seen = { state: 'usable', sinceMs, saidAtMs: nowMs } as const;
  await vitals.patchCoverage(coverage, {
    coveredAtMs: nowMs,
    cameras: Object.fromEntries(cameras.map((camera) => [camera.id, seen])),
  });
};

/** Folds what the days say of each camera, as `receive-recordings` does: as of the beginning, which dates it, and of now. */
export const retentionFolded = async (
  { vitals, records }: Pick<PastStores, 'vitals' | 'records'>,
  facility: Facility,
  atMs: readonly number[],
): Promise<void> => {
  const { fromDay } = daysToRead(facility, packFor(facility, Math.min(...atMs)), Math.min(...atMs));
  for (const camera of facility.cameras) {
    const days = await records.heldDays(facility.id, camera.id, fromDay, civilDayOf(Math.max(...atMs), DEMO_ZONE));
    for (const nowMs of atMs) {
      const pack = packFor(facility, nowMs);
      const row = await vitals.readFacility(facility.id);
      const known = days.filter(({ reportedAtMs }) => reportedAtMs <= nowMs);
      if (row === undefined || known.length === 0) continue;
      const change = foldRetention(
        row,
        camera.id,
        findRetention(camera, known, facility, pack, nowMs),
        facility,
        pack,
        nowMs,
      );
      const tooOld = foldTooOld({ ...row, ...change?.patch }, camera, known, facility, pack, nowMs);
      await vitals.patchFacility(row, { ...change?.patch, ...tooOld?.patch });
    }
  }
};

/**
 * Checks and duties were done up to today. Only how they stand is written, not each report of ninety days: this past is
 * about film.
 */
export const dutiesDone = async (
  { vitals }: Pick<PastStores, 'vitals'>,
  { id, classes }: Facility,
  nowMs: number,
): Promise<void> => {
  const row = await vitals.readFacility(id);
  if (row === undefined) throw new Error(`${id} has no row`);
  const today = civilDayOf(nowMs, DEMO_ZONE);
  const children = classes.reduce((sum, one) => sum + one.children, 0);
  const check = { day: today, atMs: nowMs };
  await vitals.patchFacility(row, {
    checks: Object.fromEntries(classes.map((one) => [one.id, { morning: check, noon: check }])),
    doneAtMs: Object.fromEntries(logKinds.map((kind) => [kind, nowMs])),
    testedAtMs: Object.fromEntries(demoDevices.map((device) => [device.id, nowMs])),
    guardUntilMs: nowMs + DAY_MS,
    closing: { day: addDays(today, -1), atMs: nowMs, childrenIn: children, childrenOut: children },
    headSeenAtMs: nowMs,
  });
};
