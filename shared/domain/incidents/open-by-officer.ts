import type { Facility } from '../facility.ts';
import { type AlarmFacts, alarmIncidentId, type Incident, type ToldBy } from '../incident.ts';
import { type AlarmKind, allAlarmKinds, type YesNoUnknown } from '../reports.ts';
import type { RulePack } from '../rule-pack.ts';
import { openRinging } from './open.ts';

/** What a box tells of itself; nobody telephones about it. */
const ofBoxes: ReadonlySet<AlarmKind> = new Set(['test', 'tamper', 'power'] as const);
export const reportableKinds: readonly AlarmKind[] = allAlarmKinds.filter((kind) => !ofBoxes.has(kind));

/** Stands where a box's name stands. */
export const OFFICER = 'officer';

/** What an officer was told. There is no room for free text: it could name a child. */
export interface ToldOf {
  /** UUIDv7 of the officer's own, so that sending it twice opens one. */
  readonly id: string;
  readonly kind: AlarmKind;
  readonly area?: string;
  readonly confirmed: YesNoUnknown;
  /** Absent = nobody could say. */
  readonly sinceMs?: number;
  readonly toldBy: ToldBy;
}

export const officerIncidentId = (facilityId: string, id: string): string => alarmIncidentId(facilityId, OFFICER, id);

const factsOf = (told: ToldOf, digest: string, nowMs: number): AlarmFacts => ({
  kind: told.kind,
  box: OFFICER,
  reportId: told.id,
  digest,
  confirmed: told.confirmed,
  drillFlag: false,
  ageMs: told.sinceMs === undefined ? 'unknown' : Math.max(0, nowMs - told.sinceMs),
  toldBy: told.toldBy,
  ...(told.area !== undefined && { area: told.area }),
});

/** Opens what no box reported as an alarm of its kind: the same lane, ladder and departments, and the officer's name. */
export const openByOfficer = (
  told: ToldOf,
  digest: string,
  by: string,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Incident =>
  openRinging(
    {
      id: officerIncidentId(facility.id, told.id),
      facilityId: facility.id,
      subject: 'facility',
      alarm: factsOf(told, digest, nowMs),
      nowMs,
      by,
    },
    facility,
    pack,
  );
