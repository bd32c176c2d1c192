import { usualPolicy } from '../../domain/challenges/policy.ts';
import { civilDayInterval } from '../../domain/civil-day.ts';
import type { Facility } from '../../domain/facility.ts';
import type { HeldDayFacts } from '../../domain/held-day.ts';
import { daysToRead } from '../../domain/retention.ts';
import { owingCameras } from '../../domain/retention-verdict.ts';
import { windowOf } from '../../domain/uptime.ts';
import { leafOfDigest } from '../../evidence/leaf.ts';
import type { KeptDigest } from '../../ports/evidence-store.ts';
import { inParallel } from '../in-parallel.ts';
import type { StatementReads } from './dependencies.ts';
import type { DayRead } from './statement-facts.ts';

/** Cameras of a facility are read by so many at a time. */
const READ_AT_ONCE = 10;

/** Reads what one day of a facility is stated from. */
export const readDay = async (
  reads: StatementReads,
  facility: Facility,
  day: string,
  readAtMs: number,
): Promise<DayRead> => {
  const { zone } = facility.calendar;
  const { toMs } = civilDayInterval(day, zone);
  // The pack of the day itself: midnight belongs to the next one.
  const pack = reads.packFor(facility, toMs - 1);
  // The rows before the gaps: a silence that ends in between is in both, and counts once.
  const rows = (await reads.vitals.readRows(facility.id))?.boxes ?? [];
  const gaps = await reads.records.gapsWithin(facility.id, windowOf(day, day, zone));
  const boxes = await reads.registry.listBoxes(facility.id);
  const { fromDay, toDay } = daysToRead(facility, pack, toMs);
  const owing = owingCameras(facility, pack, toMs);
  const held = new Map<string, readonly HeldDayFacts[]>();
  await inParallel(owing, READ_AT_ONCE, async ({ id }) => {
    held.set(id, await reads.records.heldDays(facility.id, id, fromDay, toDay));
  });
  const { retainMs, windowMs } = usualPolicy(pack.thresholds.retentionDays.value);
  const kept = await reads.challenges.challengesSince(facility.id, toMs - Math.max(retainMs, windowMs));
  return {
    facility,
    pack,
    day,
    readAtMs,
    boxes,
    rows,
    gaps,
    // In the order of the registry, whichever answered first: of two that are as bad, the first gives the reason.
    cameras: owing.map((camera) => ({ camera, held: held.get(camera.id) ?? [] })),
    challenges: kept.map(({ challenge }) => challenge),
  };
};

/** The leaves of a day: every record that was received on it, of which the digest is enough. */
export const leavesOfDay = async (
  { evidence }: StatementReads,
  { id, calendar }: Facility,
  day: string,
): Promise<readonly Uint8Array[]> =>
  (await evidence.digestsWithin(id, civilDayInterval(day, calendar.zone))).map(leafOfKept);

/** The leaf of a record of which the digest is enough. */
export const leafOfKept = ({ facility, kind, id, receivedAtMs, digest }: KeptDigest): Uint8Array =>
  leafOfDigest({ facility, kind, id, receivedAt: new Date(receivedAtMs).toISOString(), digest });
