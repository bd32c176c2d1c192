import type { AuditFilesDeps } from '../../functions/audit-files/stores.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { DAY_MS, HOUR_MS, type Interval } from '../../shared/domain/time.ts';
import type { BundleReads } from '../../shared/use-cases/bundle/stores.ts';
import { auditDeps, auditStores } from './audit-deps.ts';
import { nursery } from './nursery.ts';
import { sealedFacility } from './sealed-facility.ts';

/** Noon of 6 November 2026 in Shanghai; the days up to the 5th are under seal. */
export const REPORT_NOW_MS = Date.parse('2026-11-06T04:00:00Z');
const MIDNIGHT_MS = Date.parse('2026-11-05T16:00:00Z');
const INSTALLED_MS = Date.parse('2025-02-01T00:00:00+08:00');
const DAYS = 95;

const camera = (id: string, area: string, installedAtMs = INSTALLED_MS) => ({
  id,
  box: 'b1',
  areas: [area],
  installedAtMs,
});

/** A nursery whose four cameras each tell another story, and whose name is not to be trusted. */
export const storied = (over: Partial<Facility> = {}): Facility =>
  nursery('sunshine', {
    name: { zh: '阳光<托育>园 & "分园"', en: 'Sunshine <b>Nursery</b>' },
    areas: [
      { id: 'nap', name: { zh: '睡眠室', en: 'Nap room' }, floor: 1, activity: true },
      { id: 'play', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true },
    ],
    cameras: [
      camera('all', 'nap'),
      camera('keeps-35', 'play'),
      camera('new-20', 'play', MIDNIGHT_MS - 20 * DAY_MS),
      camera('nightly', 'play'),
    ],
    legalHolds: [
      {
        id: 'hold-1',
        camera: 'nightly',
        fromMs: MIDNIGHT_MS - 10 * DAY_MS,
        toMs: MIDNIGHT_MS - 9 * DAY_MS,
        orderedAtMs: MIDNIGHT_MS - 5 * DAY_MS,
        untilMs: MIDNIGHT_MS + 100 * DAY_MS,
        by: 'police',
      },
    ],
    ...over,
  });

/** What each of them recorded of one day. */
const recordedOf = (id: string, { fromMs, toMs }: Interval): readonly Interval[] =>
  id === 'nightly'
    ? [
        { fromMs, toMs: fromMs + 2 * HOUR_MS },
        { fromMs: fromMs + 3 * HOUR_MS, toMs },
      ]
    : [{ fromMs, toMs }];

/** The stores of the audit with that nursery in them, and the dependencies of its files. */
export const reportWorld = async (more: Partial<AuditFilesDeps> = {}, facility = storied(), bundles?: BundleReads) => {
  const stores = auditStores();
  await stores.registry.putFacility(facility);
  await stores.vitals.announceFacility(facility.id, 1, 0);
  await stores.vitals.announceBox(facility.id, 'b1', 180_000, 0);
  const row = await stores.vitals.readBox(facility.id, 'b1');
  if (row === undefined) throw new Error('no row');
  const beat = { connectedAtMs: INSTALLED_MS, beatAtMs: REPORT_NOW_MS - 1_000, silentAtMs: REPORT_NOW_MS + 179_000 };
  await stores.vitals.patchBox(row, beat);
  for (const { id, installedAtMs } of facility.cameras) {
    for (let n = 0; n < DAYS; n += 1) {
      const midnightMs = MIDNIGHT_MS - n * DAY_MS;
      if (midnightMs < installedAtMs) continue;
      const interval = { fromMs: midnightMs, toMs: Math.min(midnightMs + DAY_MS, REPORT_NOW_MS) };
      const held = {
        camera: id,
        day: new Date(midnightMs + 8 * HOUR_MS).toISOString().slice(0, 10),
        recorded: recordedOf(id, interval),
        reported: [interval],
        oldestRetrievableAtMs: id === 'keeps-35' ? interval.toMs - 35 * DAY_MS : installedAtMs,
        reportedAtMs: interval.toMs,
        revision: 1,
      };
      await stores.records.saveHeldDay(facility.id, held, undefined);
    }
  }
  const sealed = bundles ?? (await sealedFacility({ facility: facility.id })).reads;
  const deps: AuditFilesDeps = { ...auditDeps(stores, () => REPORT_NOW_MS), bundles: sealed, ...more };
  return { ...stores, facility, deps };
};
