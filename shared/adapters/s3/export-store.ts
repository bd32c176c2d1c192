import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ExportStore } from '../../ports/export-store.ts';
import { answered, troubleOf } from '../engine-trouble.ts';

const keyOf = (id: string): string => `exports/${id}.csv`;

/**
 * A reader that may not list the bucket gets 403 instead of 404 for what is not there; our role may only put and get
 * objects, so that both say "absent".
 */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && ['NoSuchKey', 'NotFound', 'AccessDenied', 'Forbidden'].includes(error.name);

/** Large CSV exports in the bucket. Each id is written once, with the same bytes if it is written again. */
export const makeExportStore = (client: S3Client, bucket: string): ExportStore => ({
  put: async (id, csv) => {
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: keyOf(id),
      // Bytes, so that the SDK knows the length of an empty one too.
      Body: Buffer.from(csv, 'utf8'),
      ContentType: 'text/csv; charset=utf-8',
    });
    await answered(client.send(put));
  },

  read: async (id) => {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(id) }));
      return await answer.Body?.transformToString('utf-8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw troubleOf(error);
    }
  },
});
