/** Kinds of nursery that the registry knows. */
export type FacilityKind = 'nursery' | 'kindergarten-class' | 'workplace' | 'home-based' | 'community';

/**
 * `commissioning`: registrar told only. `in-service`: after a passed test alarm. `suspended`: by an authority, with a
 * reason and an end. `closed`: its retention duty runs on for 90 days.
 */
export type FacilityState =
  | { readonly is: 'commissioning' }
  | { readonly is: 'in-service'; readonly sinceMs: number }
  | {
      readonly is: 'suspended';
      readonly sinceMs: number;
      readonly authority: string;
      readonly reason: string;
      readonly untilMs: number;
    }
  | { readonly is: 'closed'; readonly sinceMs: number };

export interface BilingualName {
  readonly zh: string;
  readonly en: string;
}

/** A place where children are. `activity: false` (a corridor, a gate) is not judged by `area-covered`. */
export interface Area {
  readonly id: string;
  readonly name: BilingualName;
  readonly floor: number;
  readonly activity: boolean;
}

export interface Camera {
  readonly id: string;
  readonly box: string;
  /** Areas that it covers; at least one. */
  readonly areas: readonly string[];
  /** The retention duty of a camera starts here. */
  readonly installedAtMs: number;
  /** A retired camera stays auditable and is judged no more. */
  readonly retiredAtMs?: number;
}

/** A class of children: a code and a count, no names. */
export interface ChildClass {
  readonly id: string;
  readonly children: number;
}

/** When the facility takes children. Monitoring and retention ignore it. */
export interface OperatingCalendar {
  /** IANA zone, `Asia/Shanghai` in every Chinese facility. */
  readonly zone: string;
  /** ISO weekdays, 1 = Monday … 7 = Sunday. */
  readonly weekdays: readonly number[];
  /** Local times `HH:MM`. */
  readonly opensAt: string;
  readonly closesAt: string;
  /** Local days `YYYY-MM-DD` that differ from the weekly rule. */
  readonly closedOn: readonly string[];
  readonly openOn: readonly string[];
  /** Local `HH:MM` by which the facility's own checks are due; absent = the pack's. */
  readonly morningCheckBy?: string;
  readonly noonCheckBy?: string;
}

export interface Facility {
  readonly id: string;
  /** Optimistic version, raised by one with every edit. */
  readonly version: number;
  /** Administrative code of 6, 9 or 12 digits. */
  readonly division: string;
  readonly name: BilingualName;
  readonly address: string;
  readonly entrance: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly landline: string;
  readonly kind: FacilityKind;
  readonly state: FacilityState;
  /** National filing id; absent = not filed. */
  readonly filingId?: string;
  readonly registeredAtMs: number;
  readonly areas: readonly Area[];
  readonly cameras: readonly Camera[];
  readonly classes: readonly ChildClass[];
  readonly calendar: OperatingCalendar;
  /** Chooses the rule pack by name where the division alone would not (the demo pack). */
  readonly pack?: string;
}

export interface Box {
  readonly facilityId: string;
  readonly id: string;
  readonly enrolledAtMs: number;
  /** Public keys (base64url, raw Ed25519) that may sign for this box now; two overlap during a rotation. */
  readonly liveKeys: readonly string[];
}

/** The county-level (6-digit) division, by which lists are partitioned. */
export const countyOf = (division: string): string => division.slice(0, 6);

/** True if `prefix` (2, 4, 6, 9 or 12 digits) contains `division`. */
export const isWithin = (division: string, prefix: string): boolean => division.startsWith(prefix);
