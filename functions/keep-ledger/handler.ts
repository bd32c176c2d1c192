import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ledgerMessage, snsEnvelope } from '../../shared/contracts/notice-message.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { giveAgain, jsonOf, messagesOf } from '../../shared/runtime/queue-batch.ts';
import type { Passed } from './keep-ledger.ts';

export interface LedgerObservers {
  readonly tell: Tell;
  readonly count: (name: string) => void;
}

/** The notice inside the envelope; absent = it is none of ours. */
const passedOf = (body: string): Passed | undefined => {
  const envelope = snsEnvelope.safeParse(jsonOf(body));
  const notice = envelope.success ? ledgerMessage.safeParse(jsonOf(envelope.data.Message)) : undefined;
  if (!envelope.success || !notice?.success) return undefined;
  return {
    noticeId: notice.data.notice,
    incidentId: notice.data.incident,
    topic: envelope.data.TopicArn.split(':').at(-1) ?? '',
    snsAtMs: Date.parse(envelope.data.Timestamp),
  };
};

/** A batch of the ledger queue ↔ the use case. A message that failed does not take its neighbours with it. */
export const makeHandler =
  (keep: (passed: Passed) => Promise<void>, { tell, count }: LedgerObservers) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const messages = messagesOf(event);
    const kept = await Promise.all(
      messages.map(async ({ id, body }) => {
        const passed = passedOf(body);
        if (passed === undefined) {
          count('message-refused');
          tell('message refused', id, 'it is no notice in an envelope of SNS');
          return false;
        }
        try {
          await keep(passed);
          return true;
        } catch (cause) {
          tell('not kept', passed.noticeId, cause);
          return false;
        }
      }),
    );
    return giveAgain(messages.filter((_, at) => !kept[at]).map(({ id }) => id));
  };
