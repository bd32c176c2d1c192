import type {
  BoxVitals,
  CameraState,
  CheckFold,
  CoverageVitals,
  FacilityVitals,
  RetentionFold,
} from '../../domain/vitals.ts';
import type { Patch } from '../../ports/vitals-store.ts';
import type { Item } from './engine.ts';

/**
 * How the three rows of the vitals are kept. Names are short but readable, and what repeats (cameras, checks, folds) is
 * one short text each, because a write unit is 1 KB and a facility may have 64 cameras and 24 classes. The compiler
 * sees to it that every field of the domain has its attribute.
 */
type Attributes<T> = Readonly<Record<keyof Omit<T, 'facilityId' | 'box'>, string>>;

export const BOX_PREFIX = 'box#';
export const COVERAGE_PREFIX = 'coverage#';
export const FACILITY_SORT = 'facility';

const boxAttributes: Attributes<BoxVitals> = {
  liveKeys: 'liveKeys',
  silentAfterMs: 'silentAfterMs',
  announcedAtMs: 'announcedAt',
  connectedAtMs: 'connectedAt',
  beatAtMs: 'beatAt',
  silentAtMs: 'silentAt',
  facts: 'facts',
  monitoringSinceMs: 'monitoringSince',
  alarmSystemSinceMs: 'alarmSystemSince',
  monitoringDownAtMs: 'monitoringDownAt',
  alarmSystemDownAtMs: 'alarmSystemDownAt',
  factsAtMs: 'factsAt',
  lastSilenceFromMs: 'lastSilenceFrom',
  lastSilenceToMs: 'lastSilenceTo',
  shownLateMinutes: 'shownLate',
  offsetMs: 'offsetMs',
  offsetCandidateMs: 'offsetCandidate',
  offsetCandidateAtMs: 'offsetCandidateAt',
  judgeFromMs: 'judgeFrom',
  revision: 'revision',
};

const coverageAttributes: Attributes<CoverageVitals> = {
  liveKeys: 'liveKeys',
  coveredAtMs: 'coveredAt',
  cameras: 'cameras',
  judgeFromMs: 'judgeFrom',
  revision: 'revision',
};

const facilityAttributes: Attributes<FacilityVitals> = {
  slot: 'slot',
  registryVersion: 'registryVersion',
  dueAtMs: 'dueAt',
  packSet: 'packSet',
  checks: 'checks',
  retention: 'retention',
  retentionOverflow: 'retentionOverflow',
  retentionHeld: 'retentionHeld',
  recordedAtMs: 'recordedAt',
  judgeFromMs: 'judgeFrom',
  revision: 'revision',
};

/** Renames the fields of a row or patch to attributes; an `undefined` stays one, which removes the attribute. */
const named = (names: Readonly<Record<string, string>>, fields: object): Record<string, unknown> => {
  const known = Object.entries(fields).filter(([field]) => names[field] !== undefined);
  return Object.fromEntries(known.map(([field, value]) => [names[field], value]));
};

const fieldsOf = (names: Readonly<Record<string, string>>, item: Item): Record<string, unknown> => {
  const present = Object.entries(names).filter(([, attribute]) => item[attribute] !== undefined);
  return Object.fromEntries(present.map(([field, attribute]) => [field, item[attribute]]));
};

const eachValue = <A, B>(record: Readonly<Record<string, A>>, turn: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, turn(value)]));

type Camera = CoverageVitals['cameras'][string];

/** `usable@1795000000000` would take 3.5 KB for 64 cameras with long names; one letter takes 3. */
const letterOf: Readonly<Record<CameraState, string>> = {
  usable: 'u',
  offline: 'o',
  'not-recording': 'r',
  'picture-unusable': 'p',
  unknown: '?',
};
const stateOf = Object.fromEntries(Object.entries(letterOf).map(([state, letter]) => [letter, state as CameraState]));

const cameraText = ({ state, sinceMs }: Camera): string => `${letterOf[state]}@${sinceMs}`;

const cameraOf = (text: string): Camera => {
  const state = stateOf[text.charAt(0)];
  if (!state) throw new Error(`not a camera's state: ${text}`);
  return { state, sinceMs: Number(text.slice(2)) };
};

type Session = NonNullable<CheckFold['morning']>;

/** `2026-11-21@1795000000000/2026-11-21@1795010000000`: morning, noon; either may be empty. */
const checkText = ({ morning, noon }: CheckFold): string => `${sessionText(morning)}/${sessionText(noon)}`;

const sessionText = (session: Session | undefined): string => (session ? `${session.day}@${session.atMs}` : '');

const sessionOf = (text: string | undefined): Session | undefined => {
  const [day, atMs] = (text ?? '').split('@');
  return day && atMs ? { day, atMs: Number(atMs) } : undefined;
};

const checkOf = (text: string): CheckFold => {
  const [morning, noon] = text.split('/').map(sessionOf);
  return { ...(morning && { morning }), ...(noon && { noon }) };
};

/** `camera state since depthDays missingMs dueAt`. */
const foldText = (fold: RetentionFold): string =>
  [fold.camera, fold.state, fold.sinceMs, fold.depthDays, fold.missingMs, fold.dueAtMs].join(' ');

const foldOf = (text: string): RetentionFold => {
  const [camera, state, sinceMs, depthDays, missingMs, dueAtMs] = text.split(' ');
  if (!camera || !state || dueAtMs === undefined) throw new Error(`not a retention fold: ${text}`);
  return {
    camera,
    state: state as RetentionFold['state'],
    sinceMs: Number(sinceMs),
    depthDays: Number(depthDays),
    missingMs: Number(missingMs),
    dueAtMs: Number(dueAtMs),
  };
};

export const boxChanges = (patch: Patch<BoxVitals>): Record<string, unknown> => named(boxAttributes, patch);

export const coverageChanges = (patch: Patch<CoverageVitals>): Record<string, unknown> =>
  named(coverageAttributes, { ...patch, ...(patch.cameras && { cameras: eachValue(patch.cameras, cameraText) }) });

export const facilityChanges = (patch: Patch<FacilityVitals>): Record<string, unknown> =>
  named(facilityAttributes, {
    ...patch,
    ...(patch.checks && { checks: eachValue(patch.checks, checkText) }),
    ...(patch.retention && { retention: patch.retention.map(foldText) }),
  });

const idsOf = (item: Item, prefix: string): { facilityId: string; box: string } => ({
  facilityId: String(item.pk),
  box: String(item.sk).slice(prefix.length),
});

export const boxOf = (item: Item): BoxVitals =>
  ({ ...idsOf(item, BOX_PREFIX), ...fieldsOf(boxAttributes, item) }) as unknown as BoxVitals;

export const coverageOf = (item: Item): CoverageVitals => {
  const fields = fieldsOf(coverageAttributes, item) as unknown as CoverageVitals;
  const cameras = eachValue(item.cameras as Record<string, string>, cameraOf);
  return { ...fields, ...idsOf(item, COVERAGE_PREFIX), cameras };
};

export const facilityOf = (item: Item): FacilityVitals => {
  const fields = fieldsOf(facilityAttributes, item) as unknown as FacilityVitals;
  const checks = eachValue(item.checks as Record<string, string>, checkOf);
  const retention = (item.retention as readonly string[]).map(foldOf);
  return { ...fields, facilityId: String(item.pk), checks, retention };
};
