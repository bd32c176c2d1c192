import { expect, it } from 'vitest';
import { holdKeys } from '../../../functions/receive-recordings/ask-box.ts';
import type { PublishedKey } from '../../../shared/ports/challenge-store.ts';
import { MINUTE_MS, NOW } from '../../support/rows.ts';

it('the keys of the months are read once in ten minutes, and again at once while a new stack has none', async () => {
  const key: PublishedKey = { keyId: '2026-11.1', publicKey: 'A'.repeat(43), publishedAtMs: NOW };
  let keys: readonly PublishedKey[] = [];
  let reads = 0;
  const held = holdKeys({
    publishedKeys: async () => {
      reads += 1;
      return keys;
    },
  });
  expect(await held(NOW)).toEqual([]);
  keys = [key];
  expect(await held(NOW)).toEqual([key]);
  expect(await held(NOW + 10 * MINUTE_MS - 1)).toEqual([key]);
  expect(reads).toBe(2);
  await held(NOW + 10 * MINUTE_MS);
  expect(reads).toBe(3);
});
