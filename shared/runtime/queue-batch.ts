import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** One message of a queue. */
export interface QueueMessage {
  /** As SQS names it in this batch. */
  readonly id: string;
  readonly body: string;
  /** When it was handed to the queue; absent = SQS did not say. */
  readonly sentAtMs: number | undefined;
}

export const messagesOf = ({ Records }: SQSEvent): readonly QueueMessage[] =>
  Records.map(({ messageId, body, attributes }) => {
    const sentAtMs = Number(attributes?.SentTimestamp);
    return { id: messageId, body, sentAtMs: sentAtMs > 0 ? sentAtMs : undefined };
  });

/** SQS gives these messages again, and forgets the rest of the batch. */
export const giveAgain = (ids: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** What a text holds as JSON; absent = it is not JSON. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
