import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { UnavailableError } from '../../domain/errors.ts';
import type { WorkQueue } from '../../ports/work-queue.ts';
import { answered } from '../engine-trouble.ts';

/** As many as SQS takes in one call. */
const BATCH = 10;

/** A queue of ours for work. Ten pieces go in one call; one that SQS did not take fails them all, and they are sent again. */
export const makeWorkQueue = <Piece extends object>(client: SQSClient, queueUrl: string): WorkQueue<Piece> => ({
  send: async (pieces) => {
    for (let from = 0; from < pieces.length; from += BATCH) {
      const entries = pieces
        .slice(from, from + BATCH)
        .map((piece, at) => ({ Id: String(at), MessageBody: JSON.stringify(piece) }));
      const { Failed = [] } = await answered(
        client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries })),
      );
      const [refused] = Failed;
      if (refused !== undefined) {
        throw new UnavailableError(`the queue did not take ${Failed.length} of ${entries.length}: ${refused.Code}`);
      }
    }
  },
});
