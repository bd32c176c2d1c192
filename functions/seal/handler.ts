import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sealWork } from '../../shared/contracts/day-work.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { faultsOf } from '../../shared/runtime/faults.ts';
import { giveAgain, jsonOf, messagesOf, type QueueMessage } from '../../shared/runtime/queue-batch.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import type { Seal } from './seal.ts';

/** Facilities of a batch that are sealed at the same time. */
const AT_ONCE = 4;

export interface SealObservers {
  readonly clock: Clock;
  /** No further day is begun so long after the start. */
  readonly budgetMs: number;
  readonly tell: (what: string, about: string, cause: unknown) => void;
}

/** A batch of the seal queue ↔ the use case. One facility in trouble holds up no other; its message comes again. */
export const makeHandler = (seal: Seal, { clock, budgetMs, tell }: SealObservers) => {
  const isDone = async ({ id, body }: QueueMessage, untilMs: number): Promise<boolean> => {
    const work = sealWork.safeParse(jsonOf(body));
    if (!work.success) {
      tell('message refused', id, JSON.stringify(faultsOf(work.error)));
      return false;
    }
    try {
      await seal(work.data, untilMs);
      return true;
    } catch (cause) {
      tell('not sealed', body, cause);
      return false;
    }
  };

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const untilMs = clock() + budgetMs;
    const failed: string[] = [];
    await inParallel(messagesOf(event), AT_ONCE, async (message) => {
      if (!(await isDone(message, untilMs))) failed.push(message.id);
    });
    return giveAgain(failed);
  };
};
