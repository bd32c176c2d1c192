import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ExportFiles } from '../../ports/export-jobs.ts';
import { answered, troubleOf } from '../engine-trouble.ts';

const partKey = (id: string, part: number): string => `exports/${id}/part-${part}`;
const fileKey = (id: string): string => `exports/${id}/file`;

/** A role that may not list the bucket is told 403 of what is not there. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && ['NoSuchKey', 'NotFound', 'AccessDenied', 'Forbidden'].includes(error.name);

/**
 * Parts and files of exports in the bucket, which expires them. A link is signed with the role of whoever makes it, and
 * ends with the credentials of that role if those end first.
 */
export const makeExportFiles = (client: S3Client, bucket: string): ExportFiles => {
  const put = async (Key: string, content: Uint8Array, ContentType: string): Promise<void> => {
    await answered(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: content, ContentType })));
  };
  return {
    putPart: (id, part, rows) => put(partKey(id, part), rows, 'application/json'),
    readPart: async (id, part) => {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: partKey(id, part) }));
        return await answer.Body?.transformToByteArray();
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw troubleOf(error);
      }
    },
    putFile: (id, { type, content }) => put(fileKey(id), content, type),
    linkTo: (id, name, seconds) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket: bucket,
          Key: fileKey(id),
          ResponseContentDisposition: `attachment; filename="${name}"`,
          ResponseCacheControl: 'no-store',
        }),
        { expiresIn: seconds },
      ),
  };
};
