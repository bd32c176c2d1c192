import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod';
import type { Tell } from '../ports/tell.ts';
import { inParallel } from '../use-cases/in-parallel.ts';
import { faultsOf } from './faults.ts';
import { giveAgain, jsonOf, messagesOf, type QueueMessage } from './queue-batch.ts';

export interface WorkOptions<W> {
  /** What a message asks for. */
  readonly schema: z.ZodType<W>;
  /** Throws = it comes again. Taking the same work twice is taking it once. */
  readonly take: (work: W) => Promise<void>;
  /** What is told of work that was not done. */
  readonly notDone: string;
  readonly tell: Tell;
  /** So many messages at the same time; absent = one after another. */
  readonly atOnce?: number;
}

/**
 * A batch of a queue of work ↔ the use case. One in trouble holds up no other: its message comes again, and so does one
 * that fits no schema, until SQS lays it with the dead letters.
 */
export const takeWork = async <W>(
  event: SQSEvent,
  { schema, take, notDone, tell, atOnce = 1 }: WorkOptions<W>,
): Promise<SQSBatchResponse> => {
  const failed: string[] = [];
  await inParallel(messagesOf(event), atOnce, async ({ id, body }: QueueMessage) => {
    const work = schema.safeParse(jsonOf(body));
    try {
      if (work.success) return await take(work.data);
      tell('message refused', id, JSON.stringify(faultsOf(work.error)));
    } catch (cause) {
      tell(notDone, body, cause);
    }
    failed.push(id);
  });
  return giveAgain(failed);
};
