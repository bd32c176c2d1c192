import type { Incident, PendingNotice } from '../incident.ts';
import { withStep } from '../incidents/steps.ts';
import { union } from '../interval.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.ts';
import type { RuleName } from '../verdict.ts';
import { type Edited, faultOf, trimmed } from './window-list.ts';
import type { FacilityWindows, Mute } from './windows.ts';

/** Why notices wait. Closed words: a reason in free words could name somebody. */
export const muteReasons = [
  'box-replaced',
  'cameras-replaced',
  'network-works',
  'power-works',
  'building-works',
  'software-update',
  'known-and-ordered',
] as const;
export type MuteReason = (typeof muteReasons)[number];

export const LONGEST_MUTE_MS = 7 * DAY_MS;
const MUTE_AHEAD_MS = 90 * DAY_MS;
/** "From now on" is written some seconds before it is read. */
const NOW_IS_MS = HOUR_MS;
const PAUSE_MS = HOUR_MS;

/** Registers a mute, or notes what the facility asks for. One that is there under its id already stays as it is. */
export const registerMute = (windows: FacilityWindows, mute: Mute, nowMs: number): Edited => {
  if (windows.mutes.some(({ id }) => id === mute.id)) return { windows };
  const fault = faultOf(mute, { longestMs: LONGEST_MUTE_MS, aheadMs: MUTE_AHEAD_MS }, nowMs - NOW_IS_MS);
  if (fault !== undefined) return { fault };
  if (mute.allowedBy !== undefined && isEndless(windows, mute)) return { fault: 'too-long' };
  const kept = trimmed(windows.mutes, nowMs);
  return kept === undefined ? { fault: 'too-many' } : { windows: { ...windows, mutes: [...kept, mute] } };
};

/** With other mutes of the same rule, one after the other, it would be longer than one may be. */
const isEndless = ({ mutes }: FacilityWindows, mute: Mute): boolean =>
  mute.rules.some((rule) => {
    const others = mutes.filter(
      ({ id, rules, allowedBy }) => id !== mute.id && allowedBy !== undefined && rules.includes(rule),
    );
    // A pause of less than an hour between two of them is none.
    const joined = union([...others, mute].map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + PAUSE_MS })));
    return joined.some(
      ({ fromMs, toMs }) => toMs - PAUSE_MS - fromMs > LONGEST_MUTE_MS && fromMs <= mute.fromMs && mute.toMs < toMs,
    );
  });

/** Somebody who may allows what was asked for. The first allowance stands. */
export const allowMute = (windows: FacilityWindows, id: string, by: string): Edited => {
  const asked = windows.mutes.find((one) => one.id === id && one.allowedBy === undefined);
  if (asked === undefined) return { windows };
  if (isEndless(windows, asked)) return { fault: 'too-long' };
  const allowed = { ...asked, allowedBy: by };
  return { windows: { ...windows, mutes: windows.mutes.map((one) => (one === asked ? allowed : one)) } };
};

/**
 * Whether any mute could ever concern this incident: one of a rule in the technical lane. An alarm of any kind, a
 * storm, and whatever travels in the life-safety lane are told as if no mute existed.
 */
export const isMutable = (incident: Incident): incident is Incident & { readonly rule: RuleName } =>
  incident.lane === 'technical' &&
  incident.alarm === undefined &&
  incident.rule !== 'alarm' &&
  incident.rule !== 'storm' &&
  incident.rule !== 'registration';

/** The mute that holds back notices of this incident now; of several the one that ends last. */
export const muteOf = (windows: FacilityWindows | undefined, incident: Incident, nowMs: number): Mute | undefined => {
  if (!isMutable(incident)) return undefined;
  return (windows?.mutes ?? [])
    .filter(({ allowedBy, fromMs, toMs }) => allowedBy !== undefined && fromMs <= nowMs && nowMs < toMs)
    .filter(({ rules }) => rules.includes(incident.rule))
    .sort((a, b) => b.toMs - a.toMs)[0];
};

/** A mute may be ended early: what it holds back looks again so often, and is told within this time of its end. */
export const HELD_AT_MOST_MS = 15 * MINUTE_MS;

/**
 * Moves what is due now towards the end of the mute, a quarter of an hour at a time: notices that nobody has tried, and
 * with them the rungs that wait, so that the levels keep their spacing. What has been tried may have been told and is
 * tried again. The timeline says so once. The same incident, where nothing is due.
 */
export const holdBack = (incident: Incident, mute: Mute, nowMs: number): Incident => {
  if (!isMutable(incident)) return incident;
  const untilMs = Math.min(mute.toMs, nowMs + HELD_AT_MOST_MS);
  const dueMs = firstDueMs(incident, nowMs);
  if (dueMs === undefined) return incident;
  const outbox = incident.outbox.map((pending) =>
    isHeld(pending, nowMs) ? { ...pending, dueAtMs: untilMs } : pending,
  );
  const ladder = incident.ladder.map((rung) =>
    rung.enteredAtMs === undefined ? { ...rung, dueAtMs: rung.dueAtMs + untilMs - dueMs } : rung,
  );
  return noted({ ...incident, outbox, ladder }, mute, nowMs);
};

const isHeld = ({ attempts, dueAtMs }: PendingNotice, nowMs: number): boolean => attempts === 0 && dueAtMs <= nowMs;

/** The first notice or, where none waits, the next rung that is due; the rungs move by as much as that one does. */
const firstDueMs = ({ state, ladder, outbox }: Incident, nowMs: number): number | undefined => {
  const notices = outbox.filter((pending) => isHeld(pending, nowMs)).map(({ dueAtMs }) => dueAtMs);
  if (notices.length > 0) return Math.min(...notices);
  const next = state === 'open' ? ladder.find(({ enteredAtMs }) => enteredAtMs === undefined) : undefined;
  return next !== undefined && next.dueAtMs <= nowMs ? next.dueAtMs : undefined;
};

const noted = (incident: Incident, { id, toMs }: Mute, nowMs: number): Incident => {
  const reason = `muted ${id} until ${new Date(toMs).toISOString()}`;
  const isNoted = incident.steps.some((step) => step.kind === 'no-notice' && step.reason === reason);
  return isNoted ? incident : withStep(incident, nowMs, 'no-notice', 'watch', reason);
};
