import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dayWork } from '../../shared/contracts/day-work.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { faultsOf } from '../../shared/runtime/faults.ts';
import { giveAgain, jsonOf, messagesOf, type QueueMessage } from '../../shared/runtime/queue-batch.ts';
import type { Purge } from './purge.ts';

export interface PurgeObservers {
  readonly clock: Clock;
  /** Nothing more is removed so long after the start. */
  readonly budgetMs: number;
  readonly tell: (what: string, about: string, cause: unknown) => void;
}

/** A batch of the purge queue ↔ the use case, one facility after another. One in trouble holds up no other. */
export const makeHandler = (purge: Purge, { clock, budgetMs, tell }: PurgeObservers) => {
  const isDone = async ({ id, body }: QueueMessage, untilMs: number): Promise<boolean> => {
    const work = dayWork.safeParse(jsonOf(body));
    if (!work.success) {
      tell('message refused', id, JSON.stringify(faultsOf(work.error)));
      return false;
    }
    try {
      await purge(work.data, untilMs);
      return true;
    } catch (cause) {
      tell('not purged', work.data.facility, cause);
      return false;
    }
  };

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const untilMs = clock() + budgetMs;
    const failed: string[] = [];
    for (const message of messagesOf(event)) if (!(await isDone(message, untilMs))) failed.push(message.id);
    return giveAgain(failed);
  };
};
