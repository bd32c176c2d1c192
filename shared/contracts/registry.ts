import * as z from 'zod';
import { roleNames } from '../domain/access.ts';
import { type Device, type FacilityKind, paperKinds, planHazards } from '../domain/facility.ts';
import { LONGEST_TESTED_FOLD } from '../domain/vitals.ts';
import { LARGEST_PAGE, pageOf, pageQuery } from './page.ts';
import {
  bilingualName,
  division,
  divisionPrefix,
  facilityId,
  instant,
  line,
  localDay,
  localTime,
  publicKey,
  readInstant,
  shortId,
  subject,
} from './wire.ts';
import { zone } from './zone.ts';

/** Cameras of one box: more would not fit its coverage row of 4 KB. */
export const MOST_CAMERAS_PER_BOX = 64;
const MOST_CAMERAS = 256;
const MOST_AREAS = 128;
const MOST_CLASSES = 64;
const MOST_SPECIAL_DAYS = 400;
const MOST_PAPERS = 32;
const MOST_DEVICES = 128;
/** Two overlap during a rotation; two more leave room for one that went wrong. */
export const MOST_LIVE_KEYS = 4;
export const MOST_BOXES = 16;
const MOST_ROLES = 16;

const kinds = [
  'nursery',
  'kindergarten-class',
  'workplace',
  'home-based',
  'community',
] as const satisfies readonly FacilityKind[];

const area = z.strictObject({
  id: shortId,
  name: bilingualName,
  floor: z.number().int().min(-10).max(200),
  /** False for a corridor or a gate: not judged by `area-covered`. */
  activity: z.boolean(),
});

const camera = z.strictObject({
  id: shortId,
  box: shortId,
  areas: z.array(shortId).min(1).max(16),
  installedAt: instant,
  retiredAt: instant.exactOptional(),
});

const childClass = z.strictObject({ id: shortId, children: z.number().int().min(0).max(500) });

const calendar = z.strictObject({
  zone,
  /** ISO weekdays, 1 = Monday … 7 = Sunday. */
  weekdays: z.array(z.number().int().min(1).max(7)).max(7),
  opensAt: localTime,
  closesAt: localTime,
  /** `national`: the State Council's holidays and swapped workdays come before the weekdays. */
  follows: z.literal('national').exactOptional(),
  closedOn: z.array(localDay).max(MOST_SPECIAL_DAYS),
  openOn: z.array(localDay).max(MOST_SPECIAL_DAYS),
  /** By when the facility's own checks are due; absent = the pack's. */
  morningCheckBy: localTime.exactOptional(),
  noonCheckBy: localTime.exactOptional(),
});

const state = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('commissioning') }),
  z.strictObject({ is: z.literal('in-service'), since: instant }),
  z.strictObject({
    is: z.literal('suspended'),
    since: instant,
    authority: line(100),
    reason: line(200),
    until: instant,
  }),
  z.strictObject({ is: z.literal('closed'), since: instant }),
]);

/** A paper of the facility by its number. It names no person. */
const paper = z.strictObject({
  kind: z.enum(paperKinds),
  number: line(64),
  /** Absent = it does not expire. */
  expiresAt: instant.exactOptional(),
});

const plan = z.strictObject({ hazard: z.enum(planHazards), reviewedAt: instant });

const deviceKinds = [
  'panic-button',
  'smoke-detector',
  'gas-detector',
  'intrusion-sensor',
  'door-sensor',
  'recorder',
] as const satisfies readonly Device['kind'][];

const device = z.strictObject({ id: shortId, kind: z.enum(deviceKinds), area: shortId.exactOptional() });

/** What stands in the national filing, word for word. */
const filed = z.strictObject({
  name: line(100),
  address: line(200),
  kind: z.enum(kinds),
  places: z.number().int().min(0).max(5_000),
  cameras: z.number().int().min(0).max(MOST_CAMERAS).exactOptional(),
  filedAt: instant,
});

const facilityShape = {
  division,
  name: bilingualName,
  address: line(200),
  entrance: line(200),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  landline: z.string().regex(/^\+?[0-9][0-9 -]{2,23}$/),
  kind: z.enum(kinds),
  state,
  filingId: line(64).exactOptional(),
  areas: z.array(area).max(MOST_AREAS),
  cameras: z.array(camera).max(MOST_CAMERAS),
  classes: z.array(childClass).max(MOST_CLASSES),
  calendar,
  papers: z.array(paper).max(MOST_PAPERS).exactOptional(),
  /** Emergency plans, one for each hazard. */
  plans: z.array(plan).max(planHazards.length).exactOptional(),
  devices: z.array(device).max(MOST_DEVICES).exactOptional(),
  filed: filed.exactOptional(),
  /** Chooses the rule pack by name where the division alone would not. */
  pack: shortId.exactOptional(),
};

type Fault = { readonly message: string; readonly path: (string | number)[] };

const repeated = (list: string, ids: readonly string[]): Fault[] =>
  ids.flatMap((id, at) => (ids.indexOf(id) < at ? [{ message: `${id} is named twice`, path: [list, at, 'id'] }] : []));

const body = z.strictObject({
  ...facilityShape,
  /** The version that this edit replaces; 0 or absent for a new facility. */
  version: z.number().int().min(0).exactOptional(),
});
export type FacilityBody = z.infer<typeof body>;

const cameraFaults = (facility: FacilityBody): Fault[] => {
  const areas = new Set(facility.areas.map((a) => a.id));
  return facility.cameras.flatMap((c, at) => [
    ...c.areas.flatMap((id, n) =>
      areas.has(id) ? [] : [{ message: `no area ${id} in this facility`, path: ['cameras', at, 'areas', n] }],
    ),
    ...(c.retiredAt !== undefined && readInstant(c.retiredAt) < readInstant(c.installedAt)
      ? [{ message: 'retired before it was installed', path: ['cameras', at, 'retiredAt'] }]
      : []),
  ]);
};

const unknown = (list: string, field: string, at: number, id: string): Fault => ({
  message: `no ${field} ${id} in this facility`,
  path: [list, at, field],
});

const namedFaults = ({ areas, devices = [] }: FacilityBody): Fault[] =>
  devices.flatMap(({ area: id }, at) =>
    id === undefined || areas.some((one) => one.id === id) ? [] : [unknown('devices', 'area', at, id)],
  );

const crowdedBoxFaults = (facility: FacilityBody): Fault[] => {
  const perBox = Map.groupBy(facility.cameras, (c) => c.box);
  return [...perBox].flatMap(([box, cameras]) =>
    cameras.length > MOST_CAMERAS_PER_BOX
      ? [{ message: `box ${box} has more than ${MOST_CAMERAS_PER_BOX} cameras`, path: ['cameras'] }]
      : [],
  );
};

const timeFaults = (facility: FacilityBody): Fault[] => [
  ...(facility.state.is === 'suspended' && readInstant(facility.state.until) <= readInstant(facility.state.since)
    ? [{ message: 'ends before it starts', path: ['state', 'until'] }]
    : []),
  ...(facility.calendar.closesAt <= facility.calendar.opensAt
    ? [{ message: 'closes before it opens', path: ['calendar', 'closesAt'] }]
    : []),
];

/**
 * What a registrar writes: everything of a facility but its id, its new version and when it was registered. Orders to keep
 * recordings are no part of it: they have routes of their own, and stay as they are.
 */
export const facilityBody = body.check(({ value, issues }) => {
  const faults = [
    ...repeated(
      'areas',
      value.areas.map((a) => a.id),
    ),
    ...repeated(
      'cameras',
      value.cameras.map((c) => c.id),
    ),
    ...repeated(
      'classes',
      value.classes.map((c) => c.id),
    ),
    ...repeated(
      'devices',
      (value.devices ?? []).map((d) => d.id),
    ),
    ...(value.plans ?? []).flatMap(({ hazard }, at, all) =>
      all.findIndex((one) => one.hazard === hazard) < at
        ? [{ message: `${hazard} has two plans`, path: ['plans', at, 'hazard'] }]
        : [],
    ),
    ...namedFaults(value),
    ...cameraFaults(value),
    ...crowdedBoxFaults(value),
    ...timeFaults(value),
  ];
  for (const fault of faults) issues.push({ code: 'custom', input: value, ...fault });
});

const deviceTest = z.strictObject({ device: shortId, testedAt: instant });

export const facilityView = z.strictObject({
  id: facilityId,
  version: z.number().int().min(1),
  registeredAt: instant,
  ...facilityShape,
  /** Only where one facility is read: when each device was tested last, as the logs say; others were never tested. */
  deviceTests: z.array(deviceTest).max(LONGEST_TESTED_FOLD).exactOptional(),
});
export type FacilityView = z.infer<typeof facilityView>;
export const facilityPage = pageOf(facilityView);

/** Lists of facilities: absent `division` means everything that the caller's roles reach. */
export const facilityListQuery = pageQuery.extend({ division: divisionPrefix.exactOptional() });
export type FacilityListQuery = z.infer<typeof facilityListQuery>;

/** Enrolling a box needs no more than its name in the path. */
export const boxBody = z.strictObject({});
export const boxView = z.strictObject({
  facility: facilityId,
  id: shortId,
  enrolledAt: instant,
  keys: z.array(publicKey).max(MOST_LIVE_KEYS),
});
export type BoxView = z.infer<typeof boxView>;
export const boxPage = z.strictObject({ items: z.array(boxView).max(MOST_BOXES) });
/** Enrolling a key needs no more than the key in the path. */
export const keyBody = z.strictObject({});

export const changeView = z.strictObject({
  at: instant,
  id: z.string().max(64),
  by: z.string().max(512),
  what: z.string().max(1_000),
  version: z.number().int().min(0),
});
export type ChangeView = z.infer<typeof changeView>;
export const changePage = pageOf(changeView);

const departments = ['police', 'fire', 'emergency', 'health', 'supervision'] as const;

/** One role. Which of the other fields it needs depends on the role: `grantBody` says which are missing or too many. */
export const roleBody = z.strictObject({
  role: z.enum(roleNames),
  department: z.enum(departments).exactOptional(),
  division: divisionPrefix.exactOptional(),
  facilityId: facilityId.exactOptional(),
});
export type RoleBody = z.infer<typeof roleBody>;

const needs = {
  officer: ['department', 'division'],
  auditor: ['division'],
  registrar: ['division'],
  administrator: [],
  facility: ['facilityId'],
} as const satisfies Record<RoleBody['role'], readonly (keyof RoleBody)[]>;

const roleFaults = (role: RoleBody, at: number): Fault[] => {
  const needed: readonly string[] = needs[role.role];
  return (['department', 'division', 'facilityId'] as const).flatMap((field) => {
    if (needed.includes(field) === (role[field] !== undefined)) return [];
    const message = needed.includes(field) ? `role ${role.role} needs it` : `role ${role.role} has none`;
    return [{ message, path: ['roles', at, field] }];
  });
};

/** All roles of one person; the list replaces the one before. */
export const grantBody = z
  .strictObject({
    roles: z.array(roleBody).max(MOST_ROLES),
    /** The version that this edit replaces; 0 or absent for a new grant. */
    version: z.number().int().min(0).exactOptional(),
  })
  .check(({ value, issues }) => {
    for (const fault of value.roles.flatMap(roleFaults)) issues.push({ code: 'custom', input: value, ...fault });
  });
export type GrantBody = z.infer<typeof grantBody>;

export const grantView = z.strictObject({
  subject,
  version: z.number().int().min(1),
  roles: z.array(roleBody).max(MOST_ROLES),
});
export type GrantView = z.infer<typeof grantView>;
export const grantPage = pageOf(grantView);

const sourced = z.strictObject({ value: z.union([z.number(), z.string()]), source: z.string().max(100) });

/** A rule pack in force: every number with the key of its citation. */
export const packView = z.strictObject({
  name: z.string().max(64),
  version: z.string().max(32),
  title: bilingualName,
  /** Division prefix it is for; empty = the national floor. */
  division: z.string().max(12),
  effectiveFrom: localDay,
  effectiveTo: localDay.exactOptional(),
  inherits: z.string().max(64).exactOptional(),
  /** True = never chosen by division, only by a facility that names it. */
  byNameOnly: z.boolean().exactOptional(),
  rules: z.record(
    z.string().max(64),
    z.strictObject({
      hazard: z.string().max(64),
      urgency: z.string().max(32),
      breachAfterMs: sourced,
      tellAfterMs: sourced,
      unknownAfterMs: sourced,
      source: z.string().max(100),
    }),
  ),
  thresholds: z.record(z.string().max(64), sourced),
  citations: z.record(
    z.string().max(100),
    z.strictObject({
      document: z.string().max(300),
      number: z.string().max(100).exactOptional(),
      clause: z.string().max(100).exactOptional(),
      standing: z.string().max(32),
      verified: z.boolean(),
    }),
  ),
});
export type PackView = z.infer<typeof packView>;
export const packListView = z.strictObject({ items: z.array(packView).max(LARGEST_PAGE) });
