import type { SendOutcome } from '../../shared/domain/delivery/channel.ts';
import type { Permit } from '../../shared/domain/delivery/channel-limits.ts';
import {
  claimed,
  deferred,
  givenUp,
  isInHand,
  isReached,
  nextTry,
  usesEveryChannel,
  withAttempt,
} from '../../shared/domain/delivery/delivering.ts';
import type { Delivery } from '../../shared/domain/delivery/delivery.ts';
import { mergeNotices } from '../../shared/domain/delivery/merge-notices.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import { type ContactChannel, MOST_CHANNELS } from '../../shared/domain/people/roster.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { Errand } from './errand.ts';
import { sendBy } from './send-by.ts';
import { askPermit, lookAtPermits, noteOutcome, standingKey } from './standing.ts';

/** A race about one delivery is lost at most so often. */
const MOST_TRIES = 5;

/** An errand with what happened to it in this pass. */
interface Running {
  readonly errand: Errand;
  readonly tried: Set<string>;
  over: boolean;
}

/** What is worth a try now: owed, due, and nobody else has it in hand. Life safety is always due. */
const isWorthATry = ({ delivery }: Errand, nowMs: number): boolean =>
  delivery.state === 'owed' &&
  (delivery.lane === 'life-safety' || delivery.dueAtMs <= nowMs) &&
  !isInHand(delivery, nowMs);

/** Saves the next state; false = somebody was faster, and the errand is theirs. */
const saveNext = async ({ deliveries }: DeliverDependencies, errand: Errand, next: Delivery): Promise<boolean> => {
  if (!(await deliveries.save(next))) return false;
  errand.delivery = next;
  return true;
};

/** Saves what became of a try. Only a person's "seen" can come in between, and is kept. */
const saveOutcome = async (
  { deliveries, clock }: DeliverDependencies,
  errand: Errand,
  channelId: string,
  outcome: SendOutcome,
): Promise<void> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const next = withAttempt(errand.delivery, channelId, outcome, clock());
    // Dying before this: the try stays `trying`; it may have arrived, and is made again under the same id.
    if (await deliveries.save(next)) {
      errand.delivery = next;
      return;
    }
    const { incidentId, noticeId, contact } = errand.delivery;
    errand.delivery = (await deliveries.read(incidentId, noticeId, contact)) ?? errand.delivery;
  }
  throw new ConflictError(`delivery of ${errand.delivery.noticeId} changed ${MOST_TRIES} times`);
};

/** Nothing more to do for it in this pass: what stays owed is kept with the instant of its next look. */
const finish = async (dependencies: DeliverDependencies, running: Running, next: Delivery): Promise<void> => {
  running.over = true;
  // A failed save says that somebody else moved it: then theirs is the newer knowledge.
  if (!isReached(running.errand.delivery)) await saveNext(dependencies, running.errand, next);
};

interface Group {
  readonly channel: ContactChannel;
  readonly runnings: readonly Running[];
}

/** Decides for each errand, ends those that have no way now, and answers the first group that goes by one channel. */
const nextGroup = async (
  dependencies: DeliverDependencies,
  runnings: readonly Running[],
  permits: ReadonlyMap<string, Permit>,
): Promise<Group | undefined> => {
  const groups = new Map<string, { channel: ContactChannel; runnings: Running[] }>();
  for (const running of runnings) {
    if (running.over) continue;
    const { contact, zone, delivery } = running.errand;
    const choice = nextTry(
      delivery,
      { channels: contact.channels, zone, permits, tried: running.tried },
      dependencies.clock(),
    );
    if (choice.does === 'try') {
      const group = groups.get(choice.channel.id) ?? { channel: choice.channel, runnings: [] };
      groups.set(choice.channel.id, group);
      group.runnings.push(running);
    } else {
      const next = choice.does === 'give-up' ? givenUp(delivery) : deferred(delivery, choice.dueAtMs);
      await finish(dependencies, running, next);
    }
  }
  const [first] = groups.values();
  return first;
};

/** Claims each errand for one try; those that somebody else has meanwhile fall out. */
const claimAll = async (
  dependencies: DeliverDependencies,
  { channel, runnings }: Group,
): Promise<readonly Running[]> => {
  const mine: Running[] = [];
  for (const running of runnings) {
    running.tried.add(channel.id);
    const next = claimed(running.errand.delivery, channel, dependencies.clock());
    // Dying after this: whoever comes soon (`isInHand`) leaves it alone, whoever comes later tries again.
    if (await saveNext(dependencies, running.errand, next)) mine.push(running);
    else running.over = true;
  }
  return mine;
};

const messageFor = (dependencies: DeliverDependencies, channel: ContactChannel, mine: readonly Running[]) => {
  const limits = dependencies.channels[channel.kind]?.limits;
  const merged = mine.flatMap(({ errand: { message, merged } }) => (merged ? [{ message, ...merged }] : []));
  const one = mine[0]?.errand.message;
  return limits !== undefined && merged.length === mine.length ? (mergeNotices(merged, limits) ?? one) : one;
};

const goOn = (running: Running): void => {
  const { delivery } = running.errand;
  if (isReached(delivery) && !usesEveryChannel(delivery)) running.over = true;
};

/** One try by one channel for all of the group. */
const tryGroup = async (
  dependencies: DeliverDependencies,
  group: Group,
  permits: Map<string, Permit>,
): Promise<void> => {
  const { channel, runnings } = group;
  const limits = dependencies.channels[channel.kind]?.limits;
  const lane = runnings[0]?.errand.delivery.lane ?? 'technical';
  const key = standingKey(channel);
  if (limits !== undefined) {
    // What was known to be closed and is tried all the same was forced.
    const force = permits.get(channel.id)?.may === false;
    const permit = await askPermit(dependencies, key, limits, lane, force);
    permits.set(channel.id, permit);
    if (!permit.may) return;
  }
  const mine = await claimAll(dependencies, group);
  const message = messageFor(dependencies, channel, mine);
  if (message === undefined) return;
  const outcome = await sendBy(dependencies, message, channel);
  dependencies.count(outcome.outcome === 'accepted' ? 'tries-accepted' : 'tries-failed');
  await Promise.all(
    mine.map(async (running) => {
      await saveOutcome(dependencies, running.errand, channel.id, outcome);
      goOn(running);
    }),
  );
  if (limits !== undefined) await noteOutcome(dependencies, key, outcome);
};

/** Each channel once, and once more for each whose permit was lost between looking and asking. */
const MOST_ROUNDS = 2 * MOST_CHANNELS + 2;

/**
 * Goes through the ways of one contact, until each errand is delivered or no way is left for now. The errands are all to
 * the same contact, and go as one message where they take the same channel; `isLate` ends it between two tries.
 */
export const reachContact = async (
  dependencies: DeliverDependencies,
  errands: readonly Errand[],
  isLate: () => boolean,
): Promise<void> => {
  const runnings = errands
    .filter((errand) => isWorthATry(errand, dependencies.clock()))
    .map((errand): Running => ({ errand, tried: new Set(), over: false }));
  const first = runnings[0]?.errand;
  if (first === undefined) return;
  const permits = await lookAtPermits(dependencies, first.contact.channels, first.delivery.lane);
  for (let round = 0; round < MOST_ROUNDS && !isLate(); round += 1) {
    const group = await nextGroup(dependencies, runnings, permits);
    if (group === undefined) return;
    await tryGroup(dependencies, group, permits);
  }
};
