import type { Role } from './access.ts';

/** Kinds of nursery that the registry knows. */
export const facilityKinds = ['nursery', 'kindergarten-class', 'workplace', 'home-based', 'community'] as const;
export type FacilityKind = (typeof facilityKinds)[number];

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
  /**
   * `national`: the State Council's holidays and swapped workdays come before the weekly rule, for years that are
   * known. Absent: the weekly rule alone.
   */
  readonly follows?: 'national';
  /** Local days `YYYY-MM-DD` that differ from both. */
  readonly closedOn: readonly string[];
  readonly openOn: readonly string[];
  /** Local `HH:MM` by which the facility's own checks are due; absent = the pack's. */
  readonly morningCheckBy?: string;
  readonly noonCheckBy?: string;
}

export const paperKinds = [
  'health-evaluation',
  'fire-acceptance',
  'business-licence',
  'filing-receipt',
  'liability-insurance',
  'food-licence',
  'building-safety',
] as const;
export type PaperKind = (typeof paperKinds)[number];

/** A paper of the facility. It names no person. */
export interface Paper {
  readonly kind: PaperKind;
  readonly number: string;
  readonly expiresAtMs?: number;
}

export const planHazards = [
  'fire',
  'natural-disaster',
  'infectious-disease',
  'food-poisoning',
  'stampede',
  'violence',
] as const;
export type PlanHazard = (typeof planHazards)[number];

export interface EmergencyPlan {
  readonly hazard: PlanHazard;
  readonly reviewedAtMs: number;
}

/** A safety device that the facility owns. Its last test comes from the `device-test` logs that name it. */
export interface Device {
  readonly id: string;
  readonly kind: 'panic-button' | 'smoke-detector' | 'gas-detector' | 'intrusion-sensor' | 'door-sensor' | 'recorder';
  readonly area?: string;
  /** When the registry first heard of it: its first test is owed an interval later. Absent = with its facility. */
  readonly registeredAtMs?: number;
}

/** What stands in the national filing, to be held against what the registry and the box show. */
export interface Filed {
  readonly name: string;
  readonly address: string;
  readonly kind: FacilityKind;
  readonly places: number;
  readonly cameras?: number;
  readonly filedAtMs: number;
}

/** Who ordered it, or had it end: the department of an officer, or an auditor. A person is named in the changes alone. */
export type HoldAuthority = NonNullable<Role['department']> | 'auditor';

/**
 * Footage that an authority ordered to be kept beyond its days. It stays on record after its end. One without an id was
 * filed with the facility before orders had their own route: it is about all that the camera has, and no box is told.
 */
export interface LegalHold {
  readonly camera: string;
  readonly untilMs: number;
  /** Made by the server, `hold-7`: unique in its facility, never given again. */
  readonly id?: string;
  /** What it is about, `[fromMs, toMs)`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly orderedAtMs?: number;
  readonly by?: HoldAuthority;
  /** It ended here, before `untilMs`. */
  readonly releasedAtMs?: number;
  readonly releasedBy?: HoldAuthority;
}

export type RegistrationEventKind = 'registered' | 'changed' | 'cancelled';

/** What of a registration may change so that it is told. The head of a facility is a person, and not kept. */
export type RegistrationField = 'name' | 'address' | 'kind' | 'places';

/** Kept in the facility itself until it is told, so that a crash loses none. At most the last eight. */
export interface RegistrationEvent {
  readonly event: RegistrationEventKind;
  readonly atMs: number;
  /** Version of the facility that it made. */
  readonly version: number;
  /** Of `changed`: what did. */
  readonly fields?: readonly RegistrationField[];
}

export interface Facility {
  readonly id: string;
  /** Optimistic version, raised by one with every edit. */
  readonly version: number;
  /** Administrative code of 6, 9 or 12 digits. */
  readonly division: string;
  /** Other counties in which it lay before, the latest last: what opened there is listed there. */
  readonly formerCounties?: readonly string[];
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
  readonly papers?: readonly Paper[];
  readonly plans?: readonly EmergencyPlan[];
  readonly devices?: readonly Device[];
  readonly filed?: Filed;
  readonly legalHolds?: readonly LegalHold[];
  readonly registrationEvents?: readonly RegistrationEvent[];
  /** Chooses the rule pack by name where the division alone would not (the demo pack). */
  readonly pack?: string;
}

export interface Box {
  readonly facilityId: string;
  readonly id: string;
  readonly enrolledAtMs: number;
  /** Public keys (base64url, raw Ed25519) that may sign for this box now; two overlap during a rotation. */
  readonly liveKeys: readonly string[];
  /** When its last key was revoked; absent = it has one, or never had one. */
  readonly keylessSinceMs?: number;
}

/** The county-level (6-digit) division, by which lists are partitioned. */
export const countyOf = (division: string): string => division.slice(0, 6);

/** True if `prefix` (2, 4, 6, 9 or 12 digits) contains `division`. */
export const isWithin = (division: string, prefix: string): boolean => division.startsWith(prefix);
