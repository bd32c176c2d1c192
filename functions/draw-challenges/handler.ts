import type { SQSEvent } from 'aws-lambda';
import { type DayWork, dayWork } from '../../shared/contracts/day-work.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { takeWork } from '../../shared/runtime/take-work.ts';

/** A batch of the draw queue ↔ the use case, one message after another: each reads the days of all cameras. */
export const makeHandler = (draw: (one: DayWork) => Promise<void>, tell: Tell) => (event: SQSEvent) =>
  takeWork(event, { schema: dayWork, take: draw, notDone: 'not drawn', tell });
