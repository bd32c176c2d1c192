import type { DeliveryMessage, NoticeMessage } from '../../shared/contracts/notice-message.ts';
import {
  givenUp,
  isAskedForInVain,
  isInHand,
  isReached,
  isSettled,
  withheld,
} from '../../shared/domain/delivery/delivering.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import { CANARY } from '../../shared/domain/incident.ts';
import { withholdDrillNotice } from '../../shared/domain/incidents/declare-real.ts';
import { numberOf } from '../../shared/domain/incidents/receipts.ts';
import { markUnreachable } from '../../shared/domain/incidents/unreachable.ts';
import { isRecordByNow, isWithheld, mayBeOver, withholdClosedNotice } from '../../shared/domain/incidents/withhold.ts';
import { postId, type Roster } from '../../shared/domain/people/roster.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { noteReceipt } from '../../shared/use-cases/note-receipt.ts';
import { type DeliverDependencies, defaultLimits, SELF } from './dependencies.ts';
import type { Errand } from './errand.ts';
import { planNotice, planWider, type ReadRoster } from './plan-notice.ts';
import { planTest } from './plan-test.ts';
import { reachContact } from './reach-contact.ts';

/** One message of the batch, told apart by the id that SQS gave it. */
export interface Received {
  readonly id: string;
  /** When the topic handed it to the queue; absent = SQS did not say. */
  readonly sentAtMs: number | undefined;
  readonly message: DeliveryMessage;
  /** The message as it came, for the feed. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Delivers what it can of a batch and answers the ids that are to come again. */
export type DeliverNotices = (received: readonly Received[]) => Promise<readonly string[]>;

/** A message at work: its errands, or that planning it failed. */
interface Planned {
  readonly received: Received;
  errands: readonly Errand[];
  /** Something of ours gave way, or time ran out: it comes again, and nothing is concluded from it. */
  failed: boolean;
  /** What it says is no longer so: it goes to nobody. */
  withheld: boolean;
}

const aboutOf = ({ message }: Received): string =>
  message.schema === 'cradlewatch-notice/1' ? message.notice : message.id;

const isLifeSafety = ({ message }: Received): boolean =>
  message.schema === 'cradlewatch-notice/1' && message.lane === 'life-safety';

/** A roster is read once for all notices of a batch: a storm asks for the same post a hundred times. */
const rosterReader = ({ rosters }: DeliverDependencies): ReadRoster => {
  const known = new Map<string, Promise<Roster | undefined>>();
  return (post) => {
    const id = postId(post);
    const reading = known.get(id) ?? rosters.read(post);
    known.set(id, reading);
    return reading;
  };
};

/** Departments that pull see it before any person does, and though nobody could be reached. */
const keepInFeed = async ({ feed, clock }: DeliverDependencies, { message: notice, data }: Received): Promise<void> => {
  if (notice.schema !== 'cradlewatch-notice/1' || notice.facility === CANARY) return;
  const { notice: noticeId, incident: incidentId, division, recipient } = notice;
  // Dying after this: the message comes again and finds it kept.
  await feed.keep(recipient.topic, { noticeId, incidentId, division, atMs: clock(), data });
};

/** Says "drill" of what was declared real since. Its departments are told that by a notice of its own. */
const isDrillNoMore = async ({ keeping, clock }: DeliverDependencies, notice: NoticeMessage): Promise<boolean> => {
  if (!notice.drill) return false;
  // Dying after this save: the message comes again and finds it noted.
  const changed = await changeIncident(keeping, notice.incident, (read) =>
    withholdDrillNotice(read, notice.notice, clock()),
  );
  return changed !== undefined && isWithheld(changed.reason);
};

/** Calls people out to what is over: where every channel was broken for hours, that is a burst of them. */
const isOver = async (
  { keeping, clock }: DeliverDependencies,
  { lane, kind, about, incident, notice, recipient, openedAt }: NoticeMessage,
  sentAtMs: number | undefined,
): Promise<boolean> => {
  const openedAtMs = Date.parse(openedAt);
  if (!mayBeOver({ lane, kind, openedAtMs, sentAtMs }, clock())) return false;
  // Dying after this save: the message comes again and finds it noted.
  const changed = await changeIncident(keeping, incident, (read) =>
    withholdClosedNotice(read, { noticeId: notice, department: recipient.department }, clock()),
  );
  return changed === undefined ? isRecordByNow(about, openedAtMs, clock()) : isWithheld(changed.reason);
};

/** Else the list of deliveries would call it owed for ever. */
const withholdDeliveries = async ({ deliveries }: DeliverDependencies, notice: NoticeMessage): Promise<void> => {
  for (const delivery of await deliveries.ofIncident(notice.incident)) {
    if (delivery.noticeId !== notice.notice || isSettled(delivery)) continue;
    // Dying before this, or somebody was faster: the message comes again and finds what is left.
    if (!(await deliveries.save(withheld(delivery)))) throw new ConflictError(`delivery of ${notice.notice} moved`);
  }
};

/** What it says is no longer so: its deliveries are marked so, and it goes to nobody. */
const isOvertaken = async (dependencies: DeliverDependencies, { message, sentAtMs }: Received): Promise<boolean> => {
  if (message.schema !== 'cradlewatch-notice/1') return false;
  const isSo = (await isDrillNoMore(dependencies, message)) || (await isOver(dependencies, message, sentAtMs));
  if (isSo) await withholdDeliveries(dependencies, message);
  return isSo;
};

const plan = async (
  dependencies: DeliverDependencies,
  received: Received,
  readRoster: ReadRoster,
): Promise<readonly Errand[]> => {
  const { id, message } = received;
  if (message.schema === 'cradlewatch-channel-test/1') return [await planTest(dependencies, message, id, readRoster)];
  return planNotice(dependencies, addressedOf(received, message), readRoster);
};

/**
 * Errands that may be one message: technical notices to the same contact of the same post, drills apart from what is
 * real. Whatever is life safety, or a test, goes alone.
 */
const togetherOf = ({ merged, messageId, message, delivery }: Errand): string =>
  [delivery.post, delivery.contact, merged === undefined ? messageId : `merged ${message.drill}`].join(' ');

const grouped = (errands: readonly Errand[]): readonly (readonly Errand[])[] => {
  const groups = new Map<string, Errand[]>();
  for (const errand of errands) groups.set(togetherOf(errand), [...(groups.get(togetherOf(errand)) ?? []), errand]);
  return [...groups.values()];
};

const addressedOf = ({ id, data }: Received, notice: NoticeMessage) => ({ messageId: id, notice, data });

/** A life-safety notice that reached nobody of those on duty goes to everybody else. Absent = it need not. */
const widen = async (
  dependencies: DeliverDependencies,
  { received, errands }: Planned,
  readRoster: ReadRoster,
): Promise<readonly Errand[]> => {
  const { message } = received;
  if (message.schema !== 'cradlewatch-notice/1' || message.lane !== 'life-safety') return [];
  // Whoever has it in hand elsewhere may reach them yet.
  if (errands.length === 0 || errands.some(({ delivery }) => isReached(delivery))) return [];
  if (errands.some(({ delivery }) => isInHand(delivery, dependencies.clock()))) return [];
  return planWider(dependencies, addressedOf(received, message), errands, readRoster);
};

/** Where somebody was faster it is theirs, and the message comes again. */
const giveUp = async ({ deliveries }: DeliverDependencies, errand: Errand): Promise<void> => {
  const next = givenUp(errand.delivery);
  if (await deliveries.save(next)) errand.delivery = next;
};

/** Says in the incident what came back of the notice, and for whom nobody could be found. */
const settle = async (dependencies: DeliverDependencies, { received, errands }: Planned): Promise<void> => {
  const { message } = received;
  if (message.schema !== 'cradlewatch-notice/1') return;
  const { incident, notice, rung, kind, recipient } = message;
  const reached = errands.map(({ delivery }) => delivery).filter(isReached);
  const deliveredAtMs = Math.min(...reached.map(({ deliveredAtMs: atMs, createdAtMs }) => atMs ?? createdAtMs));
  if (reached.length > 0) {
    const n = numberOf(notice, incident);
    const of = { rung, kind, department: recipient.department, ...(n !== undefined && { n }) };
    // Dying before this: the message comes again, finds the delivery made and notes it then.
    const noted = await noteReceipt(dependencies, incident, of, { deliveredAtMs }, SELF);
    const isUnanswered = noted?.incident.state === 'open';
    const inVain = errands.filter(({ delivery }) => isAskedForInVain(delivery, isUnanswered, dependencies.clock()));
    for (const errand of inVain) await giveUp(dependencies, errand);
  } else if (errands.every(({ delivery }) => delivery.state === 'undeliverable') && kind !== 'recovered') {
    dependencies.count('nobody-to-tell');
    // Not the facility's own, whose test or drill it may be: those who would have to come do not know.
    if (message.lane === 'life-safety' && recipient.duty === 'act' && message.about !== 'test')
      dependencies.count('nobody-told-of-danger');
    dependencies.tell(
      'nobody to tell',
      notice,
      errands.length === 0 ? 'the post has no people' : 'every channel refused',
    );
    // Dying before this: the message comes again and says it then; the ladder only waits for its own deadline.
    await changeIncident(dependencies.keeping, incident, (read) =>
      markUnreachable(read, recipient.department, dependencies.clock()),
    );
  }
};

/** A button is pressed again, not retried for hours: a test that was tried is over, whatever became of it. */
const endTest = async (dependencies: DeliverDependencies, { received, errands }: Planned): Promise<void> => {
  if (received.message.schema !== 'cradlewatch-channel-test/1') return;
  for (const errand of errands) {
    const { delivery } = errand;
    if (isSettled(delivery) || delivery.attemptCount === 0 || isInHand(delivery, dependencies.clock())) continue;
    await giveUp(dependencies, errand);
  }
};

/** Messages of one lane at work together. */
interface Batch {
  readonly dependencies: DeliverDependencies;
  readonly planned: readonly Planned[];
  readonly readRoster: ReadRoster;
  readonly atOnce: number;
  readonly isLate: () => boolean;
}

/** Trouble is that of the messages concerned, and of no others. */
const guarded = async (
  { dependencies: { tell } }: Batch,
  concerned: readonly Planned[],
  what: string,
  work: () => Promise<unknown>,
): Promise<void> => {
  try {
    await work();
  } catch (cause) {
    for (const one of concerned) {
      one.failed = true;
      tell(what, aboutOf(one.received), cause);
    }
  }
};

const planAll = (batch: Batch): Promise<void> =>
  inParallel(batch.planned, batch.atOnce, async (one) => {
    if (batch.isLate()) {
      one.failed = true;
      return;
    }
    // Trouble with the feed brings the message again, but keeps no notice from people.
    await guarded(batch, [one], 'not kept in the feed', () => keepInFeed(batch.dependencies, one.received));
    await guarded(batch, [one], 'not planned', async () => {
      one.withheld = await isOvertaken(batch.dependencies, one.received);
      if (!one.withheld) one.errands = await plan(batch.dependencies, one.received, batch.readRoster);
    });
  });

const reachAll = (batch: Batch, errands: readonly Errand[]): Promise<void> =>
  inParallel(grouped(errands), batch.atOnce, (group) => {
    const ids = new Set(group.map(({ messageId }) => messageId));
    const concerned = batch.planned.filter((one) => ids.has(one.received.id));
    return guarded(batch, concerned, 'not delivered', async () => {
      if (!batch.isLate()) await reachContact(batch.dependencies, group, batch.isLate);
    });
  });

const widenAll = (batch: Batch): Promise<void> =>
  inParallel(batch.planned, batch.atOnce, (one) =>
    guarded(batch, [one], 'not widened', async () => {
      const wider = batch.isLate() ? [] : await widen(batch.dependencies, one, batch.readRoster);
      one.errands = [...one.errands, ...wider];
      await reachAll(batch, wider);
    }),
  );

const concludeAll = (batch: Batch): Promise<void> => {
  const concluded = batch.planned.filter(({ failed, withheld }) => !failed && !withheld);
  return inParallel(concluded, batch.atOnce, (one) =>
    guarded(batch, [one], 'not noted', async () => {
      await endTest(batch.dependencies, one);
      await settle(batch.dependencies, one);
    }),
  );
};

const deliverAll = async (batch: Batch): Promise<void> => {
  await planAll(batch);
  const errands = batch.planned.flatMap((one) => one.errands);
  await reachAll(batch, errands);
  await widenAll(batch);
  await concludeAll(batch);
};

const comesAgain = ({ failed, errands }: Planned): boolean =>
  failed || !errands.every(({ delivery }) => isSettled(delivery));

/**
 * Delivers a batch: each notice to the people of its post by the first channel that takes it. What stays owed comes
 * again with its message, since a delivery that is kept says what was tried already. Trouble with one message is its
 * own: its neighbours go on.
 */
export const makeDeliverNotices = (dependencies: DeliverDependencies): DeliverNotices => {
  const { clock, tell, count, beats } = dependencies;
  const { atOnce, budgetMs } = { ...defaultLimits, ...dependencies.limits };

  return async (received) => {
    const startedMs = clock();
    count('batches-handled');
    const isLate = (): boolean => clock() - startedMs > budgetMs;
    const readRoster = rosterReader(dependencies);
    const planned = received.map((one): Planned => ({ received: one, errands: [], failed: false, withheld: false }));
    // A batch is of one lane; should one ever hold both, what is technical waits.
    for (const urgent of [true, false]) {
      const lane = planned.filter((one) => isLifeSafety(one.received) === urgent);
      await deliverAll({ dependencies, planned: lane, readRoster, atOnce, isLate });
    }
    await beats.beat(SELF, clock()).catch((cause: unknown) => tell('sign of life not kept', SELF, cause));
    return planned.filter(comesAgain).map((one) => one.received.id);
  };
};
