import type { Lane } from '../incident.ts';
import { MINUTE_MS } from '../time.ts';
import type { ChannelLimits, ChannelState, SendOutcome } from './channel.ts';

/** So many failures in a row open the breaker. */
export const FAILURES_TO_OPEN = 3;
const FIRST_OPEN_MS = MINUTE_MS;
export const LONGEST_OPEN_MS = 10 * MINUTE_MS;
/** A provider that says "not before next year" is asked again after so long all the same. */
export const LONGEST_LOCK_MS = 60 * MINUTE_MS;
/** The state stays far below the largest item, whatever a provider allows. */
const MOST_INSTANTS = 512;

/** An address of which nothing is known yet. */
export const freshState = (key: string): ChannelState => ({ key, sentAtMs: [], failures: 0, revision: 0 });

export type Refusal = 'locked' | 'breaker-open' | 'limit-reached';

export type Permit =
  | { readonly may: true }
  /** `untilMs`: when it is worth asking again. */
  | { readonly may: false; readonly reason: Refusal; readonly untilMs: number };

const withinWindow = (state: ChannelState, { withinMs }: ChannelLimits, nowMs: number): readonly number[] =>
  state.sentAtMs.filter((atMs) => atMs > nowMs - withinMs);

/**
 * Whether a message of this lane may go through now. Life safety may use the whole of the provider's limit, the rest only
 * what is not reserved for it: a storm of technical notices never uses up the place of an alarm.
 */
export const permit = (state: ChannelState, limits: ChannelLimits, lane: Lane, nowMs: number): Permit => {
  const { lockedUntilMs = 0, openUntilMs = 0 } = state;
  if (nowMs < lockedUntilMs) return { may: false, reason: 'locked', untilMs: lockedUntilMs };
  if (nowMs < openUntilMs) return { may: false, reason: 'breaker-open', untilMs: openUntilMs };
  const most = Math.min(limits.most, MOST_INSTANTS) - (lane === 'life-safety' ? 0 : limits.reserved);
  const recent = withinWindow(state, limits, nowMs).toSorted((a, b) => a - b);
  if (recent.length < most) return { may: true };
  // Free again when so many have left the window that fewer than `most` are in it.
  const leaving = most > 0 ? recent[recent.length - most] : recent.at(-1);
  return { may: false, reason: 'limit-reached', untilMs: (leaving ?? nowMs) + limits.withinMs };
};

/** Counts a message before it is sent: whoever dies in between has used up a place, never sent too many. */
export const withSend = (state: ChannelState, limits: ChannelLimits, nowMs: number): ChannelState => ({
  ...state,
  sentAtMs: [...withinWindow(state, limits, nowMs), nowMs].slice(-MOST_INSTANTS),
});

const openForMs = (failures: number): number =>
  Math.min(FIRST_OPEN_MS * 2 ** Math.min(failures - FAILURES_TO_OPEN, 10), LONGEST_OPEN_MS);

/**
 * What an outcome says of the address. Three failures in a row open the breaker; after its time one try goes through,
 * and opens it for twice as long if that fails too. A provider that answers, be it with no, is up.
 */
export const withOutcome = (state: ChannelState, outcome: SendOutcome, nowMs: number): ChannelState => {
  const { lockedUntilMs, openUntilMs, ...rest } = state;
  if (outcome.outcome === 'limited') {
    const untilMs = nowMs + Math.min(outcome.retryAfterMs, LONGEST_LOCK_MS);
    return { ...rest, failures: 0, lockedUntilMs: Math.max(untilMs, lockedUntilMs ?? 0) };
  }
  if (outcome.outcome !== 'failed') {
    const isLocked = lockedUntilMs !== undefined && lockedUntilMs > nowMs && outcome.outcome !== 'accepted';
    return { ...rest, failures: 0, ...(isLocked && { lockedUntilMs }) };
  }
  const failures = state.failures + 1;
  return {
    ...rest,
    failures,
    ...(lockedUntilMs !== undefined && { lockedUntilMs }),
    ...(failures >= FAILURES_TO_OPEN
      ? { openUntilMs: nowMs + openForMs(failures) }
      : openUntilMs !== undefined && { openUntilMs }),
  };
};

/** The same about the address: nothing worth a write. */
export const isSameStanding = (a: ChannelState, b: ChannelState): boolean =>
  a.failures === b.failures && a.lockedUntilMs === b.lockedUntilMs && a.openUntilMs === b.openUntilMs;
