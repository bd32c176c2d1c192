import { quietUntil } from '../people/quiet-hours.ts';
import type { ContactChannel } from '../people/roster.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time.ts';
import type { ChannelKind, SendOutcome } from './channel.ts';
import type { Permit } from './channel-limits.ts';
import { type Attempt, type Delivery, LONGEST_ATTEMPTS } from './delivery.ts';

/** Whoever claimed a try and has not said after this what became of it is dead: it may have arrived, and is tried again. */
export const TRYING_MS = 45 * SECOND_MS;
/** The same of life safety: longer than any one try, and short enough that the next visit of its message tries again. */
export const URGENT_TRYING_MS = 20 * SECOND_MS;
const FIRST_RETRY_MS = 15 * SECOND_MS;
const LONGEST_RETRY_MS = 5 * MINUTE_MS;

/** A notice, or a test of one channel, on its way to a contact. */
export type Errand = Pick<Delivery, 'lane' | 'kind' | 'rung'>;

/** Nobody has answered the first one: now every way to the person is used, not only the first that works. */
export const usesEveryChannel = ({ lane, kind, rung }: Errand): boolean =>
  lane === 'life-safety' && (rung > 0 || kind === 'climbed' || kind === 'expired');

export const isSettled = ({ state }: Pick<Delivery, 'state'>): boolean => state !== 'owed';
export const isReached = ({ state }: Pick<Delivery, 'state'>): boolean => state === 'delivered' || state === 'seen';

/** Somebody else is trying just now. */
export const isInHand = ({ attempts, lane }: Pick<Delivery, 'attempts' | 'lane'>, nowMs: number): boolean => {
  const tryingMs = lane === 'life-safety' ? URGENT_TRYING_MS : TRYING_MS;
  return attempts.some(({ outcome, atMs }) => outcome === 'trying' && nowMs < atMs + tryingMs);
};

export type NextTry =
  | { readonly does: 'try'; readonly channel: ContactChannel }
  /** Every way is closed for now. */
  | { readonly does: 'wait'; readonly dueAtMs: number; readonly reason: 'quiet-hours' | 'no-channel-now' | 'backoff' }
  /** No way will ever take this one. */
  | { readonly does: 'give-up' };

export interface Ways {
  /** Of the contact, in the order in which they are tried. */
  readonly channels: readonly ContactChannel[];
  /** Zone of the roster, for quiet hours. */
  readonly zone: string;
  /** What the address of each channel allows now, by channel id; absent = it was not asked and is free. */
  readonly permits: ReadonlyMap<string, Permit>;
  /** Channels that were tried in this pass. */
  readonly tried: ReadonlySet<string>;
}

const isFinal = ({ outcome }: Attempt): boolean => outcome === 'refused' || outcome === 'accepted';

/** A channel that refused this very message, or took it, is not asked again. */
const isDone = ({ attempts }: Pick<Delivery, 'attempts'>, id: string): boolean =>
  attempts.some((attempt) => attempt.channel === id && isFinal(attempt));

const isOpen = (permits: Ways['permits'], { id }: ContactChannel): boolean => permits.get(id)?.may ?? true;

const retryAtMs = ({ attemptCount, lane }: Delivery, nowMs: number): number =>
  lane === 'life-safety'
    ? nowMs
    : nowMs + Math.min(FIRST_RETRY_MS * 2 ** Math.min(Math.max(attemptCount - 1, 0), 10), LONGEST_RETRY_MS);

/**
 * Which way to try next for a delivery that is owed. In the order of the roster; quiet hours concern technical notices
 * only. Where every way of a life-safety notice is locked or broken as far as we know, they are tried all the same: what
 * we know may be wrong, and waiting is certain to reach nobody.
 */
export const nextTry = (delivery: Delivery, { channels, zone, permits, tried }: Ways, nowMs: number): NextTry => {
  const left = channels.filter(({ id }) => !isDone(delivery, id));
  if (left.length === 0) return { does: 'give-up' };
  const quiet = new Map(left.map((channel) => [channel.id, quietUntil(channel, zone, nowMs, delivery.lane)]));
  const fresh = left.filter(({ id }) => !tried.has(id));
  const loud = fresh.filter(({ id }) => quiet.get(id) === undefined);
  const open = loud.find((channel) => isOpen(permits, channel));
  const forced = delivery.lane === 'life-safety' && !isReached(delivery) ? loud[0] : undefined;
  const channel = open ?? forced;
  if (channel !== undefined) return { does: 'try', channel };
  return waiting(delivery, left, { quiet, permits, tried }, nowMs);
};

/** When the first of the ways opens. */
const waiting = (
  delivery: Delivery,
  left: readonly ContactChannel[],
  {
    quiet,
    permits,
    tried,
  }: Pick<Ways, 'permits' | 'tried'> & { readonly quiet: ReadonlyMap<string, number | undefined> },
  nowMs: number,
): NextTry => {
  const opensAtMs = ({ id }: ContactChannel): number => {
    const permit = permits.get(id);
    return Math.max(
      quiet.get(id) ?? nowMs,
      permit?.may === false ? permit.untilMs : nowMs,
      tried.has(id) ? retryAtMs(delivery, nowMs) : nowMs,
    );
  };
  const dueAtMs = Math.min(...left.map(opensAtMs));
  if (left.every(({ id }) => quiet.get(id) !== undefined)) return { does: 'wait', dueAtMs, reason: 'quiet-hours' };
  return { does: 'wait', dueAtMs, reason: tried.size > 0 ? 'backoff' : 'no-channel-now' };
};

/** The oldest go first, but for those that say which channel is not to be asked again. */
const trimmed = (attempts: readonly Attempt[]): readonly Attempt[] => {
  const tooMany = Math.max(0, attempts.length - LONGEST_ATTEMPTS);
  const dropped = new Set(attempts.filter((attempt) => !isFinal(attempt)).slice(0, tooMany));
  return attempts.filter((attempt) => !dropped.has(attempt)).slice(-LONGEST_ATTEMPTS);
};

const nextOf = (delivery: Delivery, over: Partial<Delivery>): Delivery => ({
  ...delivery,
  ...over,
  revision: delivery.revision + 1,
});

/** Says, before sending, that it is being tried: whoever finds it so does not send the same beside us. */
export const claimed = (delivery: Delivery, channel: { id: string; kind: ChannelKind }, nowMs: number): Delivery =>
  nextOf(delivery, {
    attempts: trimmed([
      ...delivery.attempts,
      { channel: channel.id, kind: channel.kind, atMs: nowMs, outcome: 'trying' },
    ]),
    attemptCount: delivery.attemptCount + 1,
  });

const saidOf = (outcome: SendOutcome): Pick<Attempt, 'outcome' | 'code'> =>
  outcome.outcome === 'accepted' ? { outcome: 'accepted' } : { outcome: outcome.outcome, code: outcome.code };

/** What became of the try that was claimed last. The first that was accepted makes it delivered, and it stays so. */
export const withAttempt = (delivery: Delivery, channelId: string, outcome: SendOutcome, nowMs: number): Delivery => {
  const at = delivery.attempts.findLastIndex((one) => one.channel === channelId && one.outcome === 'trying');
  const attempts = delivery.attempts.map((one, index) => (index === at ? { ...one, ...saidOf(outcome) } : one));
  const isFirst = outcome.outcome === 'accepted' && !isReached(delivery);
  return nextOf(delivery, { attempts, ...(isFirst && { state: 'delivered', deliveredAtMs: nowMs }) });
};

/** Not now: the earliest instant at which it is worth another look. */
export const deferred = (delivery: Delivery, dueAtMs: number): Delivery => nextOf(delivery, { dueAtMs });

export const givenUp = (delivery: Delivery): Delivery => nextOf(delivery, { state: 'undeliverable' });

/** How long a colleague is still asked for after somebody of the post was reached: while nobody has answered, and else. */
const ASKED_FOR_MS = { unanswered: 12 * HOUR_MS, answered: HOUR_MS };

/**
 * A life-safety notice has reached somebody of its post, and this one of it not for so long that trying on helps nobody:
 * each repeat is a notice of its own, and asks for everybody anew. Shorter than the queue tries a message, whose end
 * says that somebody was never told.
 */
export const isAskedForInVain = (delivery: Delivery, isUnanswered: boolean, nowMs: number): boolean =>
  delivery.lane === 'life-safety' &&
  !isSettled(delivery) &&
  !isInHand(delivery, nowMs) &&
  nowMs - delivery.createdAtMs > (isUnanswered ? ASKED_FOR_MS.unanswered : ASKED_FOR_MS.answered);

/** Not sent any more. Should a try that somebody has in hand arrive all the same, it is delivered. */
export const withheld = (delivery: Delivery): Delivery => nextOf(delivery, { state: 'withheld' });
