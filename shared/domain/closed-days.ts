import { addDays, civilDayInterval, civilDayOf } from './civil-day.ts';
import { footingDueAtMs, footingOf } from './duty.ts';
import type { Facility } from './facility.ts';
import type { RulePack } from './rule-pack.ts';
import { MINUTE_MS } from './time.ts';

/** By whose midnight the days of a stack and of its region end: every Chinese facility lives by it. */
export const REGION_ZONE = 'Asia/Shanghai';

/** A request that was received before midnight is kept a minute later at the most. */
const SETTLED_AFTER_MS = 15 * MINUTE_MS;

/** The last local day of which everything that was received on it is kept. */
export const lastClosedDay = (zone: string, nowMs: number): string =>
  addDays(civilDayOf(nowMs - SETTLED_AFTER_MS, zone), -1);

/** The local days that a facility owes statements of. */
export interface OwedDays {
  /** The day of its registration. */
  readonly fromDay: string;
  /** The last day at the end of which it still had to hold anything; absent = there is no such day yet. */
  readonly toDay?: string;
}

/**
 * From its registration a facility owes one statement a day, connected or not, until the last recording of a closed one
 * may go. Suspended it owes them too.
 */
export const owedDays = (facility: Facility, pack: RulePack): OwedDays => {
  const { zone } = facility.calendar;
  const fromDay = civilDayOf(facility.registeredAtMs, zone);
  const releasedAtMs = facility.state.is === 'closed' ? footingDueAtMs(facility, pack) : undefined;
  if (releasedAtMs === undefined) return { fromDay };
  return { fromDay, toDay: addDays(civilDayOf(releasedAtMs - 1, zone), -1) };
};

/** Whether it owes a statement of this day. */
export const owesDay = (facility: Facility, pack: RulePack, day: string): boolean => {
  const { toMs } = civilDayInterval(day, facility.calendar.zone);
  return facility.registeredAtMs < toMs && footingOf(facility, pack, toMs) !== 'released';
};
