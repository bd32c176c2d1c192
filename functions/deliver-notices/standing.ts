import { createHash } from 'node:crypto';
import type { ChannelLimits, ChannelState, SendOutcome } from '../../shared/domain/delivery/channel.ts';
import {
  freshState,
  isSameStanding,
  type Permit,
  permit,
  withOutcome,
  withSend,
} from '../../shared/domain/delivery/channel-limits.ts';
import type { Lane } from '../../shared/domain/incident.ts';
import type { ContactChannel } from '../../shared/domain/people/roster.ts';
import { SECOND_MS } from '../../shared/domain/time.ts';
import type { DeliverDependencies } from './dependencies.ts';

/** A race about an address is lost at most so often. */
const MOST_TRIES = 5;
/** Where the state could not be had, it is asked again after so long. */
const UNSURE_MS = 15 * SECOND_MS;

type Deps = Pick<DeliverDependencies, 'states' | 'clock' | 'tell'>;

/** Names the address of a channel without telling it. */
export const standingKey = ({ kind, address, secret }: ContactChannel): string =>
  `${kind}~${createHash('sha256')
    .update(address ?? secret ?? kind)
    .digest('hex')
    .slice(0, 32)}`;

/** All of a key that a log may have: the hash of a telephone number is soon guessed back. */
const kindIn = (key: string): string => key.split('~')[0] ?? '';

const readState = async ({ states }: Deps, key: string): Promise<ChannelState> =>
  (await states.read(key)) ?? freshState(key);

/**
 * Whether the address takes a message of this lane now; if so, a place in its limit is used up. `force`: it is sent
 * whatever is known. Where our own store gives way, life safety goes out, and what can wait waits.
 */
export const askPermit = async (
  deps: Deps,
  key: string,
  limits: ChannelLimits,
  lane: Lane,
  force: boolean,
): Promise<Permit> => {
  try {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const state = await readState(deps, key);
      const nowMs = deps.clock();
      const verdict = permit(state, limits, lane, nowMs);
      if (!verdict.may && !force) return verdict;
      // Dying after this: a place is used up for nothing. Before: nothing was sent.
      const next = { ...withSend(state, limits, nowMs), revision: state.revision + 1 };
      if (await deps.states.save(next)) return { may: true };
    }
  } catch (cause) {
    deps.tell('channel state not known', kindIn(key), cause);
  }
  if (lane === 'life-safety') return { may: true };
  return { may: false, reason: 'limit-reached', untilMs: deps.clock() + UNSURE_MS };
};

/** Keeps what an outcome says of the address. It is knowledge, not a duty: what is lost is learned again. */
export const noteOutcome = async (deps: Deps, key: string, outcome: SendOutcome): Promise<void> => {
  try {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const state = await readState(deps, key);
      const next = withOutcome(state, outcome, deps.clock());
      if (isSameStanding(state, next)) return;
      if (await deps.states.save({ ...next, revision: state.revision + 1 })) return;
    }
  } catch (cause) {
    deps.tell('channel state not kept', kindIn(key), cause);
  }
};

/** What each channel's address allows now, without using it up. What cannot be read is taken as free. */
export const lookAtPermits = async (
  deps: Deps & Pick<DeliverDependencies, 'channels'>,
  channels: readonly ContactChannel[],
  lane: Lane,
): Promise<Map<string, Permit>> => {
  const looked = await Promise.all(
    channels.map(async (channel): Promise<readonly [string, Permit]> => {
      const limits = deps.channels[channel.kind]?.limits;
      if (limits === undefined) return [channel.id, { may: true }];
      const state = await readState(deps, standingKey(channel)).catch(() => freshState(''));
      return [channel.id, permit(state, limits, lane, deps.clock())];
    }),
  );
  return new Map(looked);
};
