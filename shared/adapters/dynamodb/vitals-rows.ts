import { addDays, daysBetween } from '../../domain/civil-day.ts';
import type { LogKind } from '../../domain/reports.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type {
  BoxVitals,
  CameraClock,
  CameraState,
  CameraVitals,
  ChallengesFold,
  CheckFold,
  ClosingFold,
  CoverageVitals,
  FacilityVitals,
  RetentionFold,
  SignalFold,
} from '../../domain/vitals.ts';
import type { Patch } from '../../ports/vitals-store.ts';
import type { Item } from './engine.ts';
import { receiptFrom } from './receipt-text.ts';

/**
 * How the three rows of the vitals are kept. Names are short but readable, and what repeats (cameras, checks, folds) is
 * one short text each, because a write unit is 1 KB and a facility may have 64 cameras and 24 classes. The compiler
 * sees to it that every field of the domain has its attribute.
 */
type Attributes<T> = Readonly<Record<keyof Omit<T, 'facilityId' | 'box'>, string>>;

export const BOX_PREFIX = 'box#';
export const COVERAGE_PREFIX = 'coverage#';
export const FACILITY_SORT = 'facility';

/** Of the latest alarm and of the one before it, each one text. Written by `noteReceipt` alone. */
export const RECEIPT = 'receipt';
export const RECEIPT_BEFORE = 'receiptBefore';

const boxAttributes: Attributes<Omit<BoxVitals, 'receipts'>> = {
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
  offsetAtMs: 'offsetAt',
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
  challenges: 'challenges',
  tooOld: 'tooOld',
  holdsConfirmed: 'holdsConfirmed',
  holdsBroken: 'holdsBroken',
  signals: 'signals',
  signalsOverflow: 'signalsOverflow',
  doneAtMs: 'doneAt',
  testedAtMs: 'testedAt',
  guardUntilMs: 'guardUntil',
  headSeenAtMs: 'headSeenAt',
  closing: 'closing',
  registrationToldVersion: 'registrationTold',
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

/** An instant in 8 characters instead of 13: a row holds up to 128 of them. */
const instantText = (ms: number): string => ms.toString(36);

/** 13 digits are an instant as it was written before. */
const DECIMAL_LENGTH = 13;
const instantOf = (text: string): number => Number.parseInt(text, text.length === DECIMAL_LENGTH ? 10 : 36);

/** `usable@1795000000000` would take 3.5 KB for 64 cameras with long names; one letter takes 3. */
const letterOf: Readonly<Record<CameraState, string>> = {
  usable: 'u',
  offline: 'o',
  'not-recording': 'r',
  'picture-unusable': 'p',
  unknown: '?',
};
const stateOf = Object.fromEntries(Object.entries(letterOf).map(([state, letter]) => [letter, state as CameraState]));

/** `umwm1x8sg/ao0o -9k@htn5s`: since when, the hour in which it was named; of its clock seconds off, since when. */
const cameraText = ({ state, sinceMs, saidAtMs, clock }: CameraVitals): string =>
  [
    `${letterOf[state]}${instantText(sinceMs)}${saidAtMs === undefined ? '' : `/${(saidAtMs / HOUR_MS).toString(36)}`}`,
    ...(clock ? [clockText(clock)] : []),
  ].join(' ');

const clockText = ({ offsetSeconds, sinceMs }: CameraClock): string =>
  `${offsetSeconds.toString(36)}@${(sinceMs / MINUTE_MS).toString(36)}`;

const clockOf = (text: string): CameraClock => {
  const [seconds = '', since = ''] = text.split('@');
  return { offsetSeconds: Number.parseInt(seconds, 36), sinceMs: Number.parseInt(since, 36) * MINUTE_MS };
};

const cameraOf = (text: string): CameraVitals => {
  const state = stateOf[text.charAt(0)];
  if (!state) throw new Error(`not a camera's state: ${text}`);
  // `u@1795000000000`, as it was written before.
  const [times = '', clock] = text.slice(text.charAt(1) === '@' ? 2 : 1).split(' ');
  const [since = '', said] = times.split('/');
  return {
    state,
    sinceMs: instantOf(since),
    ...(said !== undefined && { saidAtMs: Number.parseInt(said, 36) * HOUR_MS }),
    ...(clock !== undefined && { clock: clockOf(clock) }),
  };
};

type Session = NonNullable<CheckFold['morning']>;

/** A local day in 3 characters instead of 10, until the year 2097. */
const dayText = (day: string): string => daysBetween(EPOCH_DAY, day).toString(36).padStart(DAY_LENGTH, '0');
const dayOf = (text: string): string => addDays(EPOCH_DAY, Number.parseInt(text, 36));
const EPOCH_DAY = '1970-01-01';
const DAY_LENGTH = 3;

/** `g16mwm1x8sg/g16mwm1x8sh`: morning, noon, each its day and its arrival; either may be empty. */
const checkText = ({ morning, noon }: CheckFold): string => `${sessionText(morning)}/${sessionText(noon)}`;

const sessionText = (session: Session | undefined): string =>
  session ? `${dayText(session.day)}${instantText(session.atMs)}` : '';

const sessionOf = (text: string | undefined): Session | undefined => {
  if (text === undefined || text === '') return undefined;
  // `2026-11-21@1795000000000`, as it was written before.
  const [day, at] = text.split('@');
  if (day !== undefined && at !== undefined) return { day, atMs: instantOf(at) };
  return { day: dayOf(text.slice(0, DAY_LENGTH)), atMs: instantOf(text.slice(DAY_LENGTH)) };
};

const checkOf = (text: string): CheckFold => {
  const [morning, noon] = text.split('/').map(sessionOf);
  return { ...(morning && { morning }), ...(noon && { noon }) };
};

const retentionLetters: Readonly<Record<RetentionFold['state'], string>> = {
  held: 'h',
  short: 's',
  gaps: 'g',
  unknown: 'u',
};
/** `unknown` because of hours that nobody spoke of. */
const UNSAID = 'n';
const retentionOf: Readonly<Record<string, Pick<RetentionFold, 'state' | 'unsaid'>>> = {
  ...Object.fromEntries(
    Object.entries(retentionLetters).map(([state, letter]) => [letter, { state: state as RetentionFold['state'] }]),
  ),
  [UNSAID]: { state: 'unknown', unsaid: true },
};

/** `camera smwm1x8sg depthDays missing due`: a letter for the state, since when, due so long after that. */
const foldText = ({ camera, state, sinceMs, depthDays, missingMs, dueAtMs, unsaid }: RetentionFold): string =>
  [
    camera,
    `${unsaid ? UNSAID : retentionLetters[state]}${instantText(sinceMs)}`,
    depthDays,
    missingMs.toString(36),
    (dueAtMs - sinceMs).toString(36),
  ].join(' ');

const foldOf = (text: string): RetentionFold => {
  const words = text.split(' ');
  if (words.length === OLD_FOLD_WORDS) return oldFoldOf(words);
  const [camera = '', state = '', depthDays, missing = '', due = ''] = words;
  const is = retentionOf[state.charAt(0)];
  if (is === undefined) throw new Error(`not a retention fold: ${text}`);
  const sinceMs = instantOf(state.slice(1));
  return {
    camera,
    ...is,
    sinceMs,
    depthDays: Number(depthDays),
    missingMs: Number.parseInt(missing, 36),
    dueAtMs: sinceMs + Number.parseInt(due, 36),
  };
};

/** `camera state since depthDays missingMs dueAt`, as it was written before. */
const OLD_FOLD_WORDS = 6;
const oldFoldOf = ([camera = '', state, sinceMs, depthDays, missingMs, dueAtMs]: readonly string[]): RetentionFold => ({
  camera,
  state: state as RetentionFold['state'],
  sinceMs: Number(sinceMs),
  depthDays: Number(depthDays),
  missingMs: Number(missingMs),
  dueAtMs: Number(dueAtMs),
});

const challengeStates = { m: 'met', b: 'breached', u: 'unknown', n: 'not-applicable' } as const;
const challengeLetter = (is: ChallengesFold['state']): string => is.charAt(0);

/** Two letters for a reason: the row has no room for its words. */
const challengeReasons: Readonly<Record<ChallengesFold['reason'], string>> = {
  'nothing-owed': 'no',
  'shown-by-samples': 'sh',
  'film-differs': 'fd',
  'film-not-found': 'fn',
  'challenge-unanswered': 'un',
  'recorder-always-busy': 'ab',
  'presence-only': 'po',
  'too-few-sealed': 'fs',
  'token-refused': 'tr',
  'recorder-busy': 'rb',
  'nothing-shown': 'ns',
};
const challengeReasonOf = Object.fromEntries(
  Object.entries(challengeReasons).map(([reason, letters]) => [letters, reason as ChallengesFold['reason']]),
);

/** `bfdmwm1x8sg due unanswered owed sealed presence`: state, reason, since when; `-` = nothing is open. */
const challengesText = ({ state, reason, sinceMs, unansweredAtMs, dueAtMs, sealed }: ChallengesFold): string =>
  [
    `${challengeLetter(state)}${challengeReasons[reason]}${instantText(sinceMs)}`,
    instantText(dueAtMs),
    unansweredAtMs === undefined ? '-' : instantText(unansweredAtMs),
    ...[sealed.owed, sealed.sealed, sealed.presenceOnly].map((count) => count.toString(36)),
  ].join(' ');

const challengesOf = (text: string): ChallengesFold => {
  const [is = '', due = '', unanswered = '', ...counts] = text.split(' ');
  const state = challengeStates[is.charAt(0) as keyof typeof challengeStates];
  const reason = challengeReasonOf[is.slice(1, 3)];
  if (state === undefined || reason === undefined || counts.length !== 3)
    throw new Error(`not a fold of challenges: ${text}`);
  const [owed = 0, sealed = 0, presenceOnly = 0] = counts.map((count) => Number.parseInt(count, 36));
  return {
    state,
    reason,
    sinceMs: instantOf(is.slice(3)),
    ...(unanswered !== '-' && { unansweredAtMs: instantOf(unanswered) }),
    dueAtMs: instantOf(due),
    sealed: { owed, sealed, presenceOnly },
  };
};

/** `signal class 12 since for`: for so long after that; `-` where it is about no class, `12l` where it came late. */
const signalText = ({ signal, class: about = '-', children, sinceMs, untilMs, late }: SignalFold): string =>
  [signal, about, `${children}${late ? 'l' : ''}`, instantText(sinceMs), (untilMs - sinceMs).toString(36)].join(' ');

const signalOf = (text: string): SignalFold => {
  const [signal, about, children, since, lasts] = text.split(' ');
  if (!signal || !about || !children || since === undefined || lasts === undefined) {
    throw new Error(`not a signal: ${text}`);
  }
  const sinceMs = instantOf(since);
  return {
    signal,
    ...(about !== '-' && { class: about }),
    children: Number.parseInt(children, 10),
    sinceMs,
    untilMs: sinceMs + Number.parseInt(lasts, 36),
    ...(children.endsWith('l') && { late: true }),
  };
};

/** One letter for a kind of log: twelve of them stand in a row of 4 KB. */
const kindLetters: Readonly<Record<LogKind, string>> = {
  drill: 'd',
  'fire-equipment-inspection': 'f',
  'guard-shift': 'g',
  disinfection: 's',
  'staff-training': 't',
  'staff-health-check': 'h',
  closing: 'c',
  'device-test': 'v',
  'self-inspection': 'i',
  'plan-review': 'p',
  'alarm-test': 'a',
  'emergency-training': 'e',
};
const kindOf = Object.fromEntries(Object.entries(kindLetters).map(([kind, letter]) => [letter, kind as LogKind]));

type Done = NonNullable<FacilityVitals['doneAtMs']>;

/** `dmwm1x8sg fmwm1x8sh`: when a drill, an inspection was done last. */
const doneText = (done: Done): string =>
  Object.entries(done)
    .map(([kind, atMs]) => `${kindLetters[kind as LogKind]}${instantText(atMs)}`)
    .join(' ');

const doneOf = (text: string): Done =>
  Object.fromEntries(
    text
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => [kindOf[one.charAt(0)], instantOf(one.slice(1))]),
  );

type Tests = NonNullable<FacilityVitals['testedAtMs']>;

/** `panic-1:mwm1x8sg smoke-2:mwm1x8sh`: when a device was tested last; of orders, when each was confirmed. */
const testedText = (tests: Tests): string =>
  Object.entries(tests)
    .map(([device, atMs]) => `${device}:${instantText(atMs)}`)
    .join(' ');

const testedOf = (text: string): Tests =>
  Object.fromEntries(
    text
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => one.split(':'))
      .map(([device = '', at = '']) => [device, instantOf(at)]),
  );

/** `2026-11-21 mwm1x8sg u t`: in, out. */
const closingText = ({ day, atMs, childrenIn, childrenOut }: ClosingFold): string =>
  [day, instantText(atMs), childrenIn.toString(36), childrenOut.toString(36)].join(' ');

const closingOf = (text: string): ClosingFold => {
  const [day, at, childrenIn, childrenOut] = text.split(' ');
  if (!day || !at || !childrenIn || !childrenOut) throw new Error(`not a closing: ${text}`);
  const [counted, left] = [Number.parseInt(childrenIn, 36), Number.parseInt(childrenOut, 36)];
  return { day, atMs: instantOf(at), childrenIn: counted, childrenOut: left };
};

export const boxChanges = (patch: Patch<BoxVitals>): Record<string, unknown> => named(boxAttributes, patch);

export const coverageChanges = (patch: Patch<CoverageVitals>): Record<string, unknown> =>
  named(coverageAttributes, { ...patch, ...(patch.cameras && { cameras: eachValue(patch.cameras, cameraText) }) });

export const facilityChanges = (patch: Patch<FacilityVitals>): Record<string, unknown> =>
  named(facilityAttributes, {
    ...patch,
    ...(patch.checks && { checks: eachValue(patch.checks, checkText) }),
    ...(patch.retention && { retention: patch.retention.map(foldText) }),
    ...(patch.challenges && { challenges: challengesText(patch.challenges) }),
    ...(patch.tooOld && { tooOld: eachValue(patch.tooOld, (ms) => Math.floor(ms / DAY_MS)) }),
    ...(patch.signals && { signals: patch.signals.map(signalText) }),
    ...(patch.doneAtMs && { doneAtMs: doneText(patch.doneAtMs) }),
    ...(patch.testedAtMs && { testedAtMs: testedText(patch.testedAtMs) }),
    ...(patch.holdsConfirmed && { holdsConfirmed: testedText(patch.holdsConfirmed) }),
    ...(patch.holdsBroken && { holdsBroken: testedText(patch.holdsBroken) }),
    ...(patch.closing && { closing: closingText(patch.closing) }),
  });

const idsOf = (item: Item, prefix: string): { facilityId: string; box: string } => ({
  facilityId: String(item.pk),
  box: String(item.sk).slice(prefix.length),
});

/** Newest first. */
export const receiptsFrom = (texts: readonly unknown[]): Pick<BoxVitals, 'receipts'> => {
  const receipts = texts
    .filter((text) => typeof text === 'string' && text !== '')
    .map((text) => receiptFrom(String(text)));
  return receipts.length > 0 ? { receipts } : {};
};

export const boxOf = (item: Item): BoxVitals =>
  ({
    ...idsOf(item, BOX_PREFIX),
    ...fieldsOf(boxAttributes, item),
    ...receiptsFrom([item[RECEIPT], item[RECEIPT_BEFORE]]),
  }) as unknown as BoxVitals;

export const coverageOf = (item: Item): CoverageVitals => {
  const fields = fieldsOf(coverageAttributes, item) as unknown as CoverageVitals;
  const cameras = eachValue(item.cameras as Record<string, string>, cameraOf);
  return { ...fields, ...idsOf(item, COVERAGE_PREFIX), cameras };
};

export const facilityOf = (item: Item): FacilityVitals => {
  const { challenges, tooOld, holdsConfirmed, holdsBroken, signals, doneAtMs, testedAtMs, closing, ...fields } =
    fieldsOf(facilityAttributes, item);
  return {
    ...(fields as unknown as FacilityVitals),
    facilityId: String(item.pk),
    checks: eachValue(item.checks as Record<string, string>, checkOf),
    retention: (item.retention as readonly string[]).map(foldOf),
    ...(challenges !== undefined && { challenges: challengesOf(String(challenges)) }),
    // Days: the fold keeps no more of an instant.
    ...(tooOld !== undefined && { tooOld: eachValue(tooOld as Record<string, number>, (day) => day * DAY_MS) }),
    ...(signals !== undefined && { signals: (signals as readonly string[]).map(signalOf) }),
    ...(doneAtMs !== undefined && { doneAtMs: doneOf(String(doneAtMs)) }),
    ...(testedAtMs !== undefined && { testedAtMs: testedOf(String(testedAtMs)) }),
    ...(holdsConfirmed !== undefined && { holdsConfirmed: testedOf(String(holdsConfirmed)) }),
    ...(holdsBroken !== undefined && { holdsBroken: testedOf(String(holdsBroken)) }),
    ...(closing !== undefined && { closing: closingOf(String(closing)) }),
  };
};
