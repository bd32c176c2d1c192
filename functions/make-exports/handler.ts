import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { takeWork } from '../../shared/runtime/take-work.ts';

const exportWork = z.strictObject({ export: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

export interface MakeExportsObservers {
  readonly clock: Clock;
  /** No further step is begun so long after the start. */
  readonly budgetMs: number;
  readonly tell: Tell;
}

/** A batch of the exports queue ↔ the use case, one after another. */
export const makeHandler =
  (make: (id: string, untilMs: number) => Promise<void>, { clock, budgetMs, tell }: MakeExportsObservers) =>
  (event: SQSEvent) => {
    const untilMs = clock() + budgetMs;
    const take = (work: z.infer<typeof exportWork>): Promise<void> => make(work.export, untilMs);
    return takeWork(event, { schema: exportWork, take, notDone: 'export not made', tell });
  };
