import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExportFiles } from '../../shared/adapters/s3/export-files.ts';
import type { ExportFiles } from '../../shared/ports/export-jobs.ts';
import { type EmbeddedS3, startEmbeddedS3 } from '../support/embedded-s3.ts';
import { memoryExportFiles } from '../support/memory/export-jobs.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const suite = (make: () => ExportFiles): void => {
  it('gives back each part as it was put last, and knows nothing of others', async () => {
    const files = make();
    await files.putPart('one', 0, bytes('[a]'));
    await files.putPart('one', 1, bytes('[阳光]'));
    await files.putPart('one', 1, bytes('[again]'));
    expect(Buffer.from((await files.readPart('one', 0)) ?? []).toString()).toBe('[a]');
    expect(Buffer.from((await files.readPart('one', 1)) ?? []).toString()).toBe('[again]');
    expect(await files.readPart('one', 2)).toBeUndefined();
    expect(await files.readPart('two', 0)).toBeUndefined();
  });

  it('links to a file for so many seconds, by its name', async () => {
    const files = make();
    await files.putFile('one', { type: 'text/csv', content: bytes('a,b') });
    const link = await files.linkTo('one', 'cradlewatch-retention.csv', 900);
    expect(link).toContain('one');
    expect(link).toContain('900');
    expect(decodeURIComponent(link)).toContain('cradlewatch-retention.csv');
  });
};

describe('export files in memory', () => suite(memoryExportFiles));

describe('export files on the embedded S3', () => {
  let s3: EmbeddedS3;
  beforeAll(async () => {
    s3 = await startEmbeddedS3('exports-bucket');
  });
  afterAll(() => s3.stop());
  suite(() => makeExportFiles(s3.client, 'exports-bucket'));

  it('makes a link that opens the very file, as a download, and is signed for its time alone', async () => {
    const files = makeExportFiles(s3.client, 'exports-bucket');
    await files.putFile('two', { type: 'text/csv', content: bytes('阳光,1') });
    const link = await files.linkTo('two', 'x.csv', 900);
    const query = new URL(link).searchParams;
    expect(query.get('X-Amz-Expires')).toBe('900');
    expect(query.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(await (await fetch(link)).text()).toBe('阳光,1');
  });
});
