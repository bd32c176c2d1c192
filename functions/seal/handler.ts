import type { SQSEvent } from 'aws-lambda';
import { sealWork } from '../../shared/contracts/day-work.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { takeWork } from '../../shared/runtime/take-work.ts';
import type { Seal } from './seal.ts';

/** Facilities of a batch that are sealed at the same time. */
const AT_ONCE = 4;

export interface SealObservers {
  readonly clock: Clock;
  /** No further day is begun so long after the start. */
  readonly budgetMs: number;
  readonly tell: Tell;
}

/** A batch of the seal queue ↔ the use case. */
export const makeHandler =
  (seal: Seal, { clock, budgetMs, tell }: SealObservers) =>
  (event: SQSEvent) => {
    const untilMs = clock() + budgetMs;
    const take = (work: Parameters<Seal>[0]): Promise<void> => seal(work, untilMs);
    return takeWork(event, { schema: sealWork, take, notDone: 'not sealed', tell, atOnce: AT_ONCE });
  };
