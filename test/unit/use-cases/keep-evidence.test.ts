import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { leafOf, openLeaf } from '../../../shared/evidence/leaf.ts';
import type { RecordContent } from '../../../shared/evidence/salted-digest.ts';
import { makeKeepEvidence } from '../../../shared/use-cases/keep-evidence.ts';
import { makePersonId } from '../../../shared/use-cases/person-id.ts';
import { memoryEvidenceStore, memoryPersonSalt } from '../../support/memory-stores.ts';

const NOW_MS = Date.parse('2026-03-02T01:00:00Z');
const place = { facility: 'sun', kind: 'hold', id: 'order-1', receivedAtMs: NOW_MS } as const;

/** Another salt with each call: 1, 2, 3 … */
const salts = () => {
  let made = 0;
  return () => {
    made += 1;
    return new Uint8Array(32).fill(made);
  };
};

const world = () => {
  const evidence = memoryEvidenceStore();
  const freshSalt = salts();
  const keep = makeKeepEvidence({ putEvidence: (record) => evidence.put(record), freshSalt });
  const all = () => evidence.within('sun', { fromMs: 0, toMs: 1e13 });
  return { evidence, keep, all };
};

it('a record of our own making is canonical JSON that nobody signed, and opens as its leaf', async () => {
  const { keep, all } = world();
  await keep({ ...place, body: { until: 1, camera: 'cam-1', by: undefined } });
  const [record] = await all();
  expect(record?.signature).toBeUndefined();
  const receivedAt = new Date(NOW_MS).toISOString();
  const leaf = leafOf({ facility: 'sun', kind: 'hold', id: 'order-1', receivedAt }, record?.content as RecordContent);
  const opened = openLeaf(leaf, record?.content ?? {});
  expect(opened).toMatchObject({ state: 'readable', envelope: { digest: record?.digest } });
  expect(opened.state === 'readable' && Buffer.from(opened.body).toString()).toBe('{"camera":"cam-1","until":1}');
  expect(opened.state === 'readable' && opened.signatureBase).toHaveLength(0);
});

it('keeping it twice at one instant is keeping it once; at another it is another record that says the same', async () => {
  const { keep, all } = world();
  await keep({ ...place, body: { camera: 'cam-1' } });
  const [first] = await all();
  await keep({ ...place, body: { camera: 'cam-1' } });
  expect(await all()).toEqual([first]);
  await keep({ ...place, receivedAtMs: NOW_MS + 1, body: { camera: 'cam-1' } });
  const [, second] = await all();
  expect(second?.content.body).toEqual(first?.content.body);
  expect(second?.digest).not.toBe(first?.digest);
});

it('a person has one id for as long as the salt stands, which nobody finds without it', async () => {
  const salt = memoryPersonSalt();
  const personId = makePersonId(salt, salts());
  const id = await personId('https://login.example.com|officer-1');
  expect(id).toMatch(/^[\w-]{22}$/);
  const subject = 'https://login.example.com|officer-1';
  const hmac = createHmac('sha256', new Uint8Array(32).fill(1)).update(subject).digest().subarray(0, 16);
  expect(id).toBe(hmac.toString('base64url'));
  expect(await personId('https://login.example.com|officer-1')).toBe(id);
  expect(await personId('https://login.example.com|officer-2')).not.toBe(id);
  salt.forget();
  expect(await personId('https://login.example.com|officer-1')).not.toBe(id);
});
