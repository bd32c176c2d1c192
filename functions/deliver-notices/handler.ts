import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { deliveryMessage } from '../../shared/contracts/notice-message.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { faultsOf } from '../../shared/runtime/faults.ts';
import { giveAgain, jsonOf, messagesOf, type QueueMessage } from '../../shared/runtime/queue-batch.ts';
import type { DeliverNotices, Received } from './deliver-notices.ts';

export interface DeliverObservers {
  readonly tell: Tell;
  readonly count: (name: string) => void;
  /** What is told at the end of a batch. */
  readonly flush: () => void;
}

/**
 * A batch of a delivery queue ↔ the use case. What fits no schema is counted and given back until SQS lays it with the
 * dead letters: it is kept there, and no neighbour waits for it.
 */
export const makeHandler = (deliver: DeliverNotices, { tell, count, flush }: DeliverObservers) => {
  const receivedOf = ({ id, body, sentAtMs }: QueueMessage): Received | undefined => {
    const data = jsonOf(body);
    const parsed = deliveryMessage.safeParse(data);
    if (parsed.success) return { id, sentAtMs, message: parsed.data, data: data as Received['data'] };
    count('message-refused');
    tell('message refused', id, JSON.stringify(faultsOf(parsed.error)));
    return undefined;
  };

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    try {
      const messages = messagesOf(event);
      const received = messages.flatMap((message) => receivedOf(message) ?? []);
      const refused = messages.filter(({ id }) => !received.some((one) => one.id === id)).map(({ id }) => id);
      return giveAgain([...refused, ...(await deliver(received))]);
    } finally {
      flush();
    }
  };
};
