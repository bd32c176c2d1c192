import type { SQSEvent } from 'aws-lambda';
import { type DayWork, dayWork } from '../../shared/contracts/day-work.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { takeWork } from '../../shared/runtime/take-work.ts';
import type { Purge } from './purge.ts';

export interface PurgeObservers {
  readonly clock: Clock;
  /** Nothing more is removed so long after the start. */
  readonly budgetMs: number;
  readonly tell: Tell;
}

/** A batch of the purge queue ↔ the use case, one facility after another. */
export const makeHandler =
  (purge: Purge, { clock, budgetMs, tell }: PurgeObservers) =>
  (event: SQSEvent) => {
    const untilMs = clock() + budgetMs;
    const take = (work: DayWork): Promise<void> => purge(work, untilMs);
    return takeWork(event, { schema: dayWork, take, notDone: 'not purged', tell });
  };
