import { S3Client } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';

export interface EmbeddedS3 {
  readonly client: S3Client;
  readonly stop: () => Promise<void>;
}

/** The embedded S3 of the local run, with one empty bucket. */
export const startEmbeddedS3 = async (bucket: string): Promise<EmbeddedS3> => {
  const server = await startFauxqs({ port: 0, logger: false });
  server.createBucket(bucket);
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${server.port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    await server.stop();
  };
  return { client, stop };
};
