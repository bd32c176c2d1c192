import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ExportJob, ExportJobs } from '../../ports/export-jobs.ts';
import { readItem } from './engine.ts';
import { putNext } from './put-next.ts';

/** A partition of its own: who makes exports may write there, and to no log. */
const keyOf = (id: string) => ({ pk: 'exports#jobs', sk: id });

/** Jobs in the table of the logs. */
export const makeExportJobs = (client: DynamoDBClient, table: string): ExportJobs => ({
  read: async (id) => {
    const item = await readItem(client, table, keyOf(id));
    if (item === undefined) return undefined;
    const { pk: _pk, sk: _sk, schema: _schema, ...job } = item;
    return job as unknown as ExportJob;
  },
  save: (next) => putNext(client, table, keyOf(next.id), { ...next }),
});
