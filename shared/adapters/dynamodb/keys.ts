import { countyOf } from '../../domain/facility.ts';
import type { Incident } from '../../domain/incident.ts';
import { HOUR_MS } from '../../domain/time.ts';

/** Version of the shape in which items are kept. */
export const SCHEMA = 1;

/** Partition of a facility in a table that has other partitions beside: rights tell them apart by how they begin. */
export const ofFacility = (facilityId: string): string => `facility#${facilityId}`;

/** Instants sort as text for as long as they have 13 digits (until the year 2286). */
export const padMs = (ms: number): string => String(ms).padStart(13, '0');

/** Sorts after every digit, letter and `#` that a key of ours holds. */
export const AFTER_ALL = '~';

/** Shanghai has kept UTC+8 without summer time since 1991; this names a partition, it judges nothing. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

/** `YYYYMM` in which an incident was closed (or opened, if it is archived without a closing time). */
export const closedMonthOf = (incident: Pick<Incident, 'closedAtMs' | 'openedAtMs'>): string =>
  new Date((incident.closedAtMs ?? incident.openedAtMs) + SHANGHAI_OFFSET_MS)
    .toISOString()
    .slice(0, 7)
    .replace('-', '');

/** Partition of the list of a county's live incidents. */
export const liveList = (county: string): string => `${county}#live`;

/** Partition of the list of a county's incidents closed in a month, `YYYYMM` or `YYYY-MM`. */
export const closedList = (county: string, month: string): string => `${county}#closed-${month.replace('-', '')}`;

export const liveListOf = (incident: Incident): string => liveList(countyOf(incident.division));

export const closedListOf = (incident: Incident): string =>
  closedList(countyOf(incident.division), closedMonthOf(incident));

/** Sorts a list by opening; unique, so that it is also the place of a cursor. */
export const openedAtId = (incident: Pick<Incident, 'openedAtMs' | 'id'>): string =>
  `${padMs(incident.openedAtMs)}#${incident.id}`;
