import type { DeliveryMessage } from '../../shared/contracts/notice-message.ts';

/** One message of the batch, told apart by the id that SQS gave it. */
export interface Received {
  readonly id: string;
  readonly message: DeliveryMessage;
  /** The message as it came, for the feed. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Delivers what it can of a batch and answers the ids that are to come again. */
export type DeliverNotices = (received: readonly Received[]) => Promise<readonly string[]>;

/** Nothing is delivered yet: everything comes again. */
export const makeDeliverNotices = (): DeliverNotices => async (received) => received.map(({ id }) => id);
