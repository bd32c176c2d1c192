import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { UnavailableError } from '../../domain/errors.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import type { SealedObjects } from '../../ports/sealed-store.ts';
import { answered, troubleOf } from '../engine-trouble.ts';

const keyOf = (address: string): string => `sealed/${address}`;

const isAddress = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

const isNamed = (error: unknown, ...names: string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

/**
 * Objects under Object Lock. A crash before the put leaves nothing; a crash after it leaves an object that whoever comes
 * again finds there, looks at, and is content with: the same bytes have the same name.
 */
export const makeSealedObjects = (client: S3Client, bucket: string): SealedObjects => {
  const read: SealedObjects['read'] = async (address) => {
    if (!isAddress(address)) throw new EvidenceError('malformed', 'An address is 64 lower-case hexadecimal digits.');
    const bytes = await bytesAt(client, bucket, keyOf(address));
    if (bytes !== undefined && createHash('sha256').update(bytes).digest('hex') !== address) {
      throw new EvidenceError('changed-byte', `The object ${address} does not have the bytes of its name.`);
    }
    return bytes;
  };

  return {
    read,
    put: async (bytes) => {
      const hash = createHash('sha256').update(bytes).digest();
      const address = hash.toString('hex');
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(address),
        Body: bytes,
        ContentType: 'application/octet-stream',
        // The bucket refuses a put that would not say so: nothing is ever overwritten.
        IfNoneMatch: '*',
        // Sent along, so that S3 itself refuses bytes that changed on the way; Object Lock asks for a checksum anyway.
        ChecksumSHA256: hash.toString('base64'),
      });
      try {
        await client.send(put);
        return address;
      } catch (error) {
        // Somebody else is putting the same at this moment: whether that one succeeds is not known yet.
        if (isNamed(error, 'ConditionalRequestConflict')) throw unsure(error);
        if (!isNamed(error, 'PreconditionFailed')) throw troubleOf(error);
      }
      // Something is there under this name: false bytes that somebody put first would else be taken for sealed.
      if ((await read(address)) === undefined) throw unsure();
      return address;
    },
  };
};

const unsure = (cause?: Error): UnavailableError =>
  new UnavailableError('the same object is being put by somebody else', { cause });

const bytesAt = async (client: S3Client, bucket: string, key: string): Promise<Uint8Array | undefined> => {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Body === undefined ? new Uint8Array() : await answered(Body.transformToByteArray());
  } catch (error) {
    // Our role may list the bucket, so that S3 says "missing" of what is missing; "forbidden" is a fault of ours.
    if (isNamed(error, 'NoSuchKey', 'NotFound')) return undefined;
    throw troubleOf(error);
  }
};
