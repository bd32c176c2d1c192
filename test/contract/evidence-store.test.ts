import { deflateRawSync } from 'node:zlib';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { documentsOf } from '../../shared/adapters/dynamodb/client.ts';
import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makePersonSalt } from '../../shared/adapters/dynamodb/person-salt.ts';
import { LARGEST_BODY_BYTES } from '../../shared/contracts/reports/report.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { digestOf, type RecordContent } from '../../shared/evidence/salted-digest.ts';
import type { EvidenceRecord, EvidenceStore, PersonSalt } from '../../shared/ports/evidence-store.ts';
import { memoryEvidenceStore } from '../support/memory/evidence-store.ts';
import { memoryPersonSalt } from '../support/memory/person-salt.ts';
import { NOON_MS } from './samples.ts';
import { onEachEngine } from './stores.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** The same with each call, and as good as chance to whoever would make it shorter. */
const noise = (length: number): Uint8Array => {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
};

type Readable = Parameters<EvidenceStore['put']>[0];
const record = (over: Partial<Readable> = {}): Readable => {
  const content = {
    salt: new Uint8Array(32).fill(7),
    body: bytes('{"体温":37.5}\u0000'),
    signatureBase: bytes('base'),
  };
  return {
    facility: 'sunshine',
    kind: 'checks',
    id: 'abc_-0',
    receivedAtMs: NOON_MS,
    digest: digestOf(content),
    content,
    signature: { value: 'c2lnbmF0dXJl', key: 'key' },
    ...over,
  };
};

const day = { fromMs: NOON_MS, toMs: NOON_MS + DAY_MS };
const byReception = (records: readonly EvidenceRecord[]) =>
  [...records].sort((a, b) => a.receivedAtMs - b.receivedAtMs || (a.id < b.id ? -1 : 1));

const suite = (make: () => Promise<EvidenceStore>): void => {
  let store: EvidenceStore;
  beforeEach(async () => {
    store = await make();
  });

  it('gives a record back to the byte', async () => {
    await store.put(record());
    const [kept] = await store.within('sunshine', day);
    expect(kept).toEqual(record());
    // What comes from an engine may be a view into a larger buffer: it must hash as what was put.
    expect(digestOf(kept?.content as Parameters<typeof digestOf>[0])).toBe(record().digest);
  });

  it('keeps the first of two puts, and its salt', async () => {
    await store.put(record());
    const other = { ...record().content, salt: new Uint8Array(32).fill(8) } as Parameters<typeof digestOf>[0];
    await store.put(record({ content: other, digest: digestOf(other) }));
    expect(await store.within('sunshine', day)).toEqual([record()]);
  });

  it('keeps a digest without what it was made of, and without a signature', async () => {
    const { signature: _signature, ...unsigned } = record({ content: {} });
    await store.put(unsigned);
    expect(await store.within('sunshine', day)).toEqual([unsigned]);
  });

  it('tells the digests of a day without what they were made of', async () => {
    await store.put(record());
    await store.put(record({ receivedAtMs: day.toMs }));
    const { content: _content, signature: _signature, ...digest } = record();
    expect(await store.digestsWithin('sunshine', day)).toEqual([digest]);
  });

  it('reads records of one facility by reception: the first instant included, the last not', async () => {
    const at = (receivedAtMs: number, id: string) => record({ receivedAtMs, id });
    const inside = [at(day.fromMs, 'a'), at(day.fromMs, 'b'), at(day.toMs - 1, 'z')];
    for (const one of [at(day.fromMs - 1, 'a'), ...inside, at(day.toMs, '!')]) await store.put(one);
    await store.put(record({ facility: 'sunshine-2' }));
    expect(byReception(await store.within('sunshine', day))).toEqual(inside);
  });

  it.each([
    ['of one letter', new Uint8Array(LARGEST_BODY_BYTES).fill(0x7b)],
    ['of nothing that repeats', noise(LARGEST_BODY_BYTES)],
    ['of our own making and longer than any request', new Uint8Array(LARGEST_BODY_BYTES + 1).fill(0x7b)],
  ])('takes the largest body %s, and gives it back', async (_what, body) => {
    const content = { ...record().content, body, signatureBase: new Uint8Array(4_000) } as RecordContent;
    await store.put(record({ content, digest: digestOf(content) }));
    const [kept] = await store.within('sunshine', day);
    expect(kept?.digest).toBe(digestOf(kept?.content as RecordContent));
  });

  it('reads over all pages of the engine', async () => {
    const body = noise(200_000);
    const ids = Array.from({ length: 8 }, (_, n) => `id-${n}`);
    for (const id of ids) await store.put(record({ id, content: { ...record().content, body } as never }));
    const read = await store.within('sunshine', day);
    expect(read.map(({ id }) => id).sort()).toEqual(ids);
  });

  it('erases salt, body and signature, leaves the digest, and stays erased', async () => {
    await store.put(record());
    await store.put(record({ id: 'neighbour' }));
    expect(await store.erase(record(), NOON_MS + 5)).toBe(true);
    const { signature: _signature, ...rest } = record();
    const erased = { ...rest, content: {}, erasedAtMs: NOON_MS + 5 };
    expect(byReception(await store.within('sunshine', day))).toEqual([erased, record({ id: 'neighbour' })]);
    expect(await store.erase(record(), NOON_MS + 99)).toBe(true);
    await store.put(record());
    expect((await store.within('sunshine', day)).find(({ id }) => id === record().id)).toEqual(erased);
  });

  it('erases nothing where nothing is, and makes nothing there', async () => {
    expect(await store.erase(record(), NOON_MS)).toBe(false);
    expect(await store.within('sunshine', day)).toEqual([]);
  });

  it('prunes what was received in an interval, part by part, and says whether something is left', async () => {
    for (let n = 0; n < 5; n += 1) await store.put(record({ id: `id-${n}` }));
    await store.put(record({ id: 'before', receivedAtMs: day.fromMs - 1 }));
    await store.put(record({ id: 'after', receivedAtMs: day.toMs }));
    await store.put(record({ facility: 'moonlight' }));
    expect(await store.prune('sunshine', day, 3)).toBeGreaterThan(0);
    expect(await store.within('sunshine', day)).toHaveLength(2);
    let left = 1;
    for (let tries = 0; tries < 3 && left > 0; tries += 1) left = await store.prune('sunshine', day, 3);
    expect(left).toBe(0);
    const around = { fromMs: day.fromMs - 1, toMs: day.toMs + 1 };
    expect(byReception(await store.within('sunshine', around)).map(({ id }) => id)).toEqual(['before', 'after']);
    expect(await store.within('moonlight', day)).toHaveLength(1);
  });
};

const people = (make: () => Promise<PersonSalt>): void => {
  it('is the one that was there first, whoever else comes, two at once included', async () => {
    const salt = await make();
    const asked = [1, 2, 3].map((n) => salt.decide(() => new Uint8Array(32).fill(n)));
    const [first, ...others] = await Promise.all(asked);
    expect(first).toHaveLength(32);
    for (const other of others) expect(other).toEqual(first);
    expect(await salt.decide(() => new Uint8Array(32).fill(9))).toEqual(first);
  });
};
describe('salt of people in memory', () => people(async () => memoryPersonSalt()));

describe('evidence store in memory', () => suite(async () => memoryEvidenceStore()));

onEachEngine((engine) => {
  describe('salt of people', () => {
    people(async () => makePersonSalt(engine().client, (await engine().tables()).evidence));
  });

  describe('evidence store', () => {
    suite(async () => makeEvidenceStore(engine().client, (await engine().tables()).evidence));

    const long = bytes(JSON.stringify(Array.from({ length: 99 }, (_, n) => ({ camera: `cam-${n}`, recorded: [] }))));
    const swelling = new Uint8Array(deflateRawSync(Buffer.alloc(LARGEST_BODY_BYTES + 1)));
    const longRecord = () => {
      const content = { ...record().content, body: long } as RecordContent;
      return record({ content, digest: digestOf(content) });
    };
    const Key = { pk: 'facility#sunshine', sk: `${NOON_MS}#checks#abc_-0` };
    const itemOf = async (evidence: string) =>
      (await documentsOf(engine().client).send(new GetCommand({ TableName: evidence, Key }))).Item;

    it('keeps a body in fewer bytes than it has, and one that would be longer so as it is', async () => {
      const { evidence } = await engine().tables();
      const store = makeEvidenceStore(engine().client, evidence);
      await store.put(longRecord());
      expect((await itemOf(evidence))?.body.length).toBeLessThan(long.length / 4);
      expect(await store.within('sunshine', day)).toEqual([longRecord()]);
      await store.put(record({ facility: 'short' }));
      const short = await documentsOf(engine().client).send(
        new GetCommand({ TableName: evidence, Key: { ...Key, pk: 'facility#short' } }),
      );
      expect(Buffer.from(short.Item?.body)).toEqual(Buffer.from(record().content.body as Uint8Array));
    });

    it.each<[what: string, isTrue: boolean, kept: { readonly body: Uint8Array; readonly coding?: string }]>([
      ['that was put before bodies were packed', true, { body: long }],
      ['that swells beyond any request', false, { body: swelling, coding: 'deflate' }],
      ['that is broken', false, { body: bytes('\u0007 no deflate'), coding: 'deflate' }],
      ['of a coding that nobody knows', false, { body: bytes('?'), coding: 'later' }],
    ])('gives a body %s as it lies there', async (_what, isTrue, lies) => {
      const { evidence } = await engine().tables();
      const { content, digest, signature } = longRecord();
      const Item = { ...Key, schema: 1, digest, signature, ...content, ...lies };
      await documentsOf(engine().client).send(new PutCommand({ TableName: evidence, Item }));
      const [kept] = await makeEvidenceStore(engine().client, evidence).within('sunshine', day);
      expect(Buffer.from(kept?.content.body ?? [])).toEqual(Buffer.from(lies.body));
      // Whoever checks the digest sees that it is not what was sealed.
      expect(digestOf(kept?.content as RecordContent) === kept?.digest).toBe(isTrue);
    });

    it.each([
      ['a short one', record],
      ['a packed one', longRecord],
    ])('leaves nothing readable in the item of an erased record: %s', async (_what, made) => {
      const { evidence } = await engine().tables();
      const store = makeEvidenceStore(engine().client, evidence);
      await store.put(made());
      await store.erase(record(), NOON_MS);
      expect(Object.keys((await itemOf(evidence)) ?? {}).sort()).toEqual([
        'digest',
        'erasedAtMs',
        'pk',
        'schema',
        'sk',
      ]);
    });
  });
});
