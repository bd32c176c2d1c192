import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExportStore } from '../../shared/adapters/s3/export-store.ts';
import type { ExportStore } from '../../shared/ports/export-store.ts';
import { type EmbeddedS3, startEmbeddedS3 } from '../support/embedded-s3.ts';
import { memoryExportStore } from '../support/memory-stores.ts';

const suite = (make: () => ExportStore): void => {
  it('knows nothing of what was never put', async () => {
    expect(await make().read('never')).toBeUndefined();
  });

  it('gives back what was put, in any script, also when it is large', async () => {
    const store = make();
    const csv = `facility,名称\r\n${'sunshine,阳光𠮷👶🏻托育园\r\n'.repeat(60_000)}`;
    await store.put('large', csv);
    await store.put('empty', '');
    expect(await store.read('large')).toBe(csv);
    expect(await store.read('empty')).toBe('');
  });

  it('is the last put when put again', async () => {
    const store = make();
    await store.put('again', 'a');
    await store.put('again', 'b');
    expect(await store.read('again')).toBe('b');
  });
};

describe('export store in memory', () => suite(memoryExportStore));

describe('export store on the embedded S3', () => {
  let s3: EmbeddedS3;
  beforeAll(async () => {
    s3 = await startEmbeddedS3('exports-bucket');
  });
  afterAll(() => s3.stop());
  suite(() => makeExportStore(s3.client, 'exports-bucket'));
});
