import { describe, expect, it } from 'vitest';
import { makeExportJobs } from '../../shared/adapters/dynamodb/export-jobs.ts';
import type { ExportJob, ExportJobs } from '../../shared/ports/export-jobs.ts';
import { memoryExportJobs } from '../support/memory/export-jobs.ts';
import { onEachEngine } from './stores.ts';

const job = (over: Partial<ExportJob> = {}): ExportJob => ({
  id: 'E'.repeat(43),
  owner: 'https://id.example|auditor',
  asked: {
    of: 'retention',
    division: '3212',
    from: '2026-10-01',
    to: '2026-10-30',
    asOf: '2026-11-01T00:00:00.000Z',
    format: 'csv',
  },
  covers: {
    action: 'read-retention',
    divisions: ['3212'],
    facilities: [{ facilityId: 'sunshine', division: '321283' }],
  },
  askedAtMs: 1_000,
  state: 'waiting',
  done: 0,
  isRead: false,
  parts: 0,
  revision: 1,
  ...over,
});

const suite = (make: () => Promise<ExportJobs>): void => {
  it('gives back what was saved, whole, and knows nothing of others', async () => {
    const jobs = await make();
    expect(await jobs.read(job().id)).toBeUndefined();
    expect(await jobs.save(job())).toBe(true);
    expect(await jobs.read(job().id)).toEqual(job());
  });

  it('moves by compare-and-set: of two that read the same, one is told to read again', async () => {
    const jobs = await make();
    await jobs.save(job());
    expect(await jobs.save(job({ done: 9 }))).toBe(false);
    expect(await jobs.save(job({ revision: 2, done: 5, cursor: 'f!', state: 'running' }))).toBe(true);
    expect(await jobs.save(job({ revision: 2, done: 6 }))).toBe(false);
    expect(await jobs.read(job().id)).toMatchObject({ done: 5, cursor: 'f!', state: 'running' });
    expect(await jobs.save(job({ revision: 3, done: 8, state: 'done' }))).toBe(true);
    expect(await jobs.read(job().id)).toEqual(job({ revision: 3, done: 8, state: 'done' }));
  });
};

describe('export jobs in memory', () => suite(async () => memoryExportJobs()));
describe('export jobs in DynamoDB', () =>
  onEachEngine((engine) => suite(async () => makeExportJobs(engine().client, (await engine().tables()).logs))));
