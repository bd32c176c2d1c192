import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { makeExportStore } from '../../../shared/adapters/s3/export-store.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';

const s3 = mockClient(S3Client);
const exports = makeExportStore(new S3Client({ region: 'local' }), 'exports-bucket');

const sdkError = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

describe('exports in the bucket', () => {
  afterEach(() => s3.reset());

  it('are put under their id, as UTF-8 CSV', async () => {
    s3.on(PutObjectCommand).resolves({});
    await exports.put('retention-1', 'facility,名称\r\n');
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'exports-bucket',
      Key: 'exports/retention-1.csv',
      Body: Buffer.from('facility,名称\r\n', 'utf8'),
      ContentType: 'text/csv; charset=utf-8',
    });
  });

  it.each([
    ['SlowDown', 503],
    ['InternalError', 500],
    ['TimeoutError', undefined],
    ['ServiceUnavailable', 503],
  ])('that could not be put or read (%s) are unavailable, to be tried again', async (name, status) => {
    const error = status === undefined ? Object.assign(new Error(name), { name }) : sdkError(name, status);
    s3.on(PutObjectCommand).rejects(error);
    s3.on(GetObjectCommand).rejects(error);
    await expect(exports.put('x', '')).rejects.toMatchObject({ code: 'unavailable', cause: error });
    await expect(exports.read('x')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('that were never written are absent, also for a reader that may not list', async () => {
    for (const error of [sdkError('NoSuchKey', 404), sdkError('AccessDenied', 403)]) {
      s3.on(GetObjectCommand).rejects(error);
      expect(await exports.read('x')).toBeUndefined();
    }
  });

  it('that may not be put are our own mistake, never "absent"', async () => {
    const error = sdkError('AccessDenied', 403);
    s3.on(PutObjectCommand).rejects(error);
    await expect(exports.put('x', '')).rejects.toBe(error);
  });

  it('into a bucket that is not there are our own mistake', async () => {
    const error = sdkError('NoSuchBucket', 404);
    s3.on(GetObjectCommand).rejects(error);
    await expect(exports.read('x')).rejects.toBe(error);
  });
});
