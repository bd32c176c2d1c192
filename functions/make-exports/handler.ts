import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Clock } from '../../shared/ports/clock.ts';
import { giveAgain, jsonOf, messagesOf } from '../../shared/runtime/queue-batch.ts';

const work = z.strictObject({ export: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

export interface MakeExportsObservers {
  readonly clock: Clock;
  /** No further step is begun so long after the start. */
  readonly budgetMs: number;
  readonly tell: (what: string, about: string, cause: unknown) => void;
}

/** A batch of the exports queue ↔ the use case. One in trouble holds up no other; its message comes again. */
export const makeHandler =
  (make: (id: string, untilMs: number) => Promise<void>, { clock, budgetMs, tell }: MakeExportsObservers) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const untilMs = clock() + budgetMs;
    const failed: string[] = [];
    for (const { id, body } of messagesOf(event)) {
      const asked = work.safeParse(jsonOf(body));
      try {
        if (!asked.success) throw new Error('no work of ours');
        await make(asked.data.export, untilMs);
      } catch (cause) {
        tell('export not made', id, cause);
        failed.push(id);
      }
    }
    return giveAgain(failed);
  };
