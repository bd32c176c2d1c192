import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type DayWork, dayWork } from '../../shared/contracts/day-work.ts';
import { giveAgain, jsonOf, messagesOf } from '../../shared/runtime/queue-batch.ts';

export interface DrawObservers {
  readonly tell: (what: string, about: string, cause: unknown) => void;
  readonly count: (name: string) => void;
}

/**
 * A batch of the draw queue ↔ the use case, one message after another: each reads the days of all cameras. One that
 * failed does not take its neighbours with it.
 */
export const makeHandler =
  (draw: (one: DayWork) => Promise<void>, { tell, count }: DrawObservers) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const { id, body } of messagesOf(event)) {
      const parsed = dayWork.safeParse(jsonOf(body));
      if (!parsed.success) {
        count('message-refused');
        tell('message refused', id, 'it names no facility and day');
        failed.push(id);
        continue;
      }
      try {
        await draw(parsed.data);
      } catch (cause) {
        tell('not drawn', parsed.data.facility, cause);
        failed.push(id);
      }
    }
    return giveAgain(failed);
  };
