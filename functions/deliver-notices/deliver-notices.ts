import type { DeliveryMessage, NoticeMessage } from '../../shared/contracts/notice-message.ts';
import { givenUp, isInHand, isReached, isSettled } from '../../shared/domain/delivering.ts';
import { CANARY } from '../../shared/domain/incident.ts';
import { numberOf } from '../../shared/domain/incidents/receipts.ts';
import { markUnreachable } from '../../shared/domain/incidents/unreachable.ts';
import { postId, type Roster } from '../../shared/domain/roster.ts';
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
const keepInFeed = async ({ feed, clock }: DeliverDependencies, notice: NoticeMessage, data: Received['data']) => {
  if (notice.facility === CANARY) return;
  const { notice: noticeId, incident: incidentId, division, recipient } = notice;
  // Dying after this: the message comes again and finds it kept.
  await feed.keep(recipient.topic, { noticeId, incidentId, division, atMs: clock(), data });
};

const plan = async (
  dependencies: DeliverDependencies,
  received: Received,
  readRoster: ReadRoster,
): Promise<readonly Errand[]> => {
  const { id, message, data } = received;
  if (message.schema === 'cradlewatch-channel-test/1') return [await planTest(dependencies, message, id, readRoster)];
  await keepInFeed(dependencies, message, data);
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
    await noteReceipt(dependencies, incident, of, { deliveredAtMs }, SELF);
  } else if (errands.every(({ delivery }) => delivery.state === 'undeliverable') && kind !== 'recovered') {
    dependencies.count('nobody-to-tell');
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
const endTest = async ({ deliveries }: DeliverDependencies, { received, errands }: Planned): Promise<void> => {
  if (received.message.schema !== 'cradlewatch-channel-test/1') return;
  for (const errand of errands) {
    if (errand.delivery.state !== 'owed' || errand.delivery.attemptCount === 0) continue;
    const next = givenUp(errand.delivery);
    if (await deliveries.save(next)) errand.delivery = next;
  }
};

/**
 * Delivers a batch: each notice to the people of its post by the first channel that takes it. What stays owed comes
 * again with its message, since a delivery that is kept says what was tried already. Trouble with one message is its
 * own: its neighbours go on.
 */
export const makeDeliverNotices = (dependencies: DeliverDependencies): DeliverNotices => {
  const { clock, tell, beats } = dependencies;
  const { atOnce, budgetMs } = { ...defaultLimits, ...dependencies.limits };

  const deliverAll = async (received: readonly Received[], isLate: () => boolean): Promise<readonly Planned[]> => {
    const readRoster = rosterReader(dependencies);
    const planned = received.map((one): Planned => ({ received: one, errands: [], failed: false }));
    const guarded = async (concerned: readonly Planned[], what: string, work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (cause) {
        for (const one of concerned) {
          one.failed = true;
          tell(what, aboutOf(one.received), cause);
        }
      }
    };
    await inParallel(planned, atOnce, (one) =>
      guarded([one], 'not planned', async () => {
        if (isLate()) one.failed = true;
        else one.errands = await plan(dependencies, one.received, readRoster);
      }),
    );
    const reachAll = (errands: readonly Errand[]) =>
      inParallel(grouped(errands), atOnce, (group) => {
        const ids = new Set(group.map(({ messageId }) => messageId));
        const concerned = planned.filter((one) => ids.has(one.received.id));
        return guarded(concerned, 'not delivered', async () => {
          if (!isLate()) await reachContact(dependencies, group, isLate);
        });
      });
    await reachAll(planned.flatMap(({ errands }) => errands));
    await inParallel(planned, atOnce, (one) =>
      guarded([one], 'not widened', async () => {
        const wider = isLate() ? [] : await widen(dependencies, one, readRoster);
        one.errands = [...one.errands, ...wider];
        await reachAll(wider);
      }),
    );
    const concluded = planned.filter(({ failed }) => !failed);
    await inParallel(concluded, atOnce, (one) =>
      guarded([one], 'not noted', async () => {
        await endTest(dependencies, one);
        await settle(dependencies, one);
      }),
    );
    return planned;
  };

  return async (received) => {
    const startedMs = clock();
    dependencies.count('batches-handled');
    const isLate = (): boolean => clock() - startedMs > budgetMs;
    // A batch is of one lane; should one ever hold both, what is technical waits.
    const urgent = await deliverAll(received.filter(isLifeSafety), isLate);
    const others = await deliverAll(
      received.filter((one) => !isLifeSafety(one)),
      isLate,
    );
    await beats.beat(SELF, clock()).catch((cause: unknown) => tell('sign of life not kept', SELF, cause));
    return [...urgent, ...others]
      .filter(({ failed, errands }) => failed || !errands.every(({ delivery }) => isSettled(delivery)))
      .map((one) => one.received.id);
  };
};
