import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dayTreeOf, verifyDayTree } from '../../../shared/evidence/day-tree.ts';
import { digestOf, leafOf, leafStateWords, openLeaf, parseLeaf } from '../../../shared/evidence/leaf.ts';
import { verifyLeaf } from '../../../shared/evidence/verify-merkle.ts';
import { contentOf } from '../../support/bundle-world.ts';
import { bytesOf, flipped, plainRoot, refusalOf, textOf } from '../../support/evidence.ts';

const record = { facility: 'sunshine', kind: 'check', id: 'c-1', receivedAt: '2026-11-03T01:00:00.000Z' };
const content = contentOf('gate locked');
const leaf = leafOf(record, content);
const of = { facility: 'sunshine', day: '2026-11-03', zone: 'Asia/Shanghai' };
const at = (id: string, receivedAt: string, facility = 'sunshine') =>
  leafOf({ facility, kind: 'check', id, receivedAt }, contentOf(id));

describe('the leaf of a record', () => {
  it('is an envelope in one spelling, whose digest takes each part behind its length', () => {
    const part = (bytes: Uint8Array) =>
      Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
    const digest = createHash('sha256')
      .update(Buffer.concat([part(content.salt), part(content.body), part(content.signatureBase)]))
      .digest('hex');
    expect(textOf(leaf)).toBe(
      `{"digest":"${digest}","facility":"sunshine","id":"c-1","kind":"check","receivedAt":"2026-11-03T01:00:00.000Z","schema":"cradlewatch-leaf/1"}`,
    );
    expect(refusalOf(() => parseLeaf(bytesOf(textOf(leaf).replace(',"fac', ', "fac')))).code).toBe('malformed');
    expect(refusalOf(() => parseLeaf(bytesOf(textOf(leaf).replace('"id"', '"gap":1,"id"')))).message).toContain('gap');
  });

  it('is another where a byte moves from the body to the signature base, and where the salt differs', () => {
    const { salt } = content;
    const one = digestOf({ salt, body: bytesOf('ab'), signatureBase: bytesOf('c') });
    expect(digestOf({ salt, body: bytesOf('a'), signatureBase: bytesOf('bc') })).not.toBe(one);
    expect(digestOf({ salt: flipped(salt, 0), body: bytesOf('ab'), signatureBase: bytesOf('c') })).not.toBe(one);
    expect(() => digestOf({ salt: bytesOf('short'), body: salt, signatureBase: salt })).toThrow(RangeError);
  });

  it('opens with what was sealed, and with nothing else', () => {
    const { body, signatureBase } = content;
    expect(openLeaf(leaf, content)).toMatchObject({ state: 'readable', body, signatureBase });
    for (const key of ['salt', 'body', 'signatureBase'] as const) {
      const changed = { ...content, [key]: flipped(content[key], 3) };
      expect(refusalOf(() => openLeaf(leaf, changed)).code).toBe('changed-byte');
    }
    expect(refusalOf(() => openLeaf(leaf, { ...content, salt: bytesOf('x') })).code).toBe('malformed');
  });

  it('stays proved when its salt is destroyed, and what is shown as its body is not handed on', () => {
    const tree = dayTreeOf(of, [at('c-0', '2026-11-03T00:00:00.000Z'), leaf]);
    const { salt: _, ...rest } = content;
    const opened = openLeaf(leaf, rest);
    expect(opened).toEqual({ state: 'deleted', envelope: parseLeaf(leaf) });
    expect(() => verifyLeaf(leaf, { index: 1, hashes: tree.tree.inclusion(1) }, tree)).not.toThrow();
    expect(leafStateWords[opened.state].en).toContain('is still proved');
    expect(leafStateWords[opened.state].zh).toContain('仍可证明');
    expect(openLeaf(leaf, { salt: content.salt }).state).toBe('body-missing');
  });

  it('is not made of what could not be read back', () => {
    for (const wrong of [{ kind: 'Check' }, { id: 'two words' }, { receivedAt: '2026-11-03' }, { facility: '' }]) {
      expect(() => leafOf({ ...record, ...wrong }, content)).toThrow(RangeError);
    }
  });
});

describe('the tree of a day', () => {
  // The day in Shanghai is 2026-11-02T16:00Z to 2026-11-03T16:00Z.
  const first = at('z', '2026-11-02T16:00:00.000Z');
  const second = at('a', '2026-11-02T16:00:00.001Z');
  const third = at('b', '2026-11-02T16:00:00.001Z');
  const last = at('a2', '2026-11-03T15:59:59.999Z');

  it('is ordered by the instant received and then the id, whatever the order given', () => {
    const tree = dayTreeOf(of, [last, third, first, second]);
    expect(tree.leaves).toEqual([first, second, third, last]);
    expect(tree.root).toEqual(new Uint8Array(plainRoot([first, second, third, last])));
    expect(dayTreeOf(of, [second, first, last, third]).root).toEqual(tree.root);
    expect(verifyDayTree(of, tree.leaves, tree).map(({ id }) => id)).toEqual(['z', 'a', 'b', 'a2']);
    expect(dayTreeOf(of, []).size).toBe(0);
  });

  it('takes nothing of another day or facility, and nothing twice', () => {
    const code = (...leaves: readonly Uint8Array[]) => refusalOf(() => dayTreeOf(of, leaves)).code;
    expect(code(at('a', '2026-11-02T15:59:59.999Z'))).toBe('malformed');
    expect(code(at('a', '2026-11-03T16:00:00.000Z'))).toBe('malformed');
    expect(code(at('a', '2026-11-03T00:00:00.000Z', 'moonlight'))).toBe('wrong-origin');
    expect(code(first, second, first)).toBe('malformed');
  });

  it('is refused with a leaf missing, added, changed or moved', () => {
    const tree = dayTreeOf(of, [first, second, third]);
    const code = (...leaves: readonly Uint8Array[]) => refusalOf(() => verifyDayTree(of, leaves, tree)).code;
    expect(code(first, second)).toBe('dropped-leaf');
    expect(code(first, second, third, last)).toBe('added-leaf');
    expect(code(first, second, last)).toBe('changed-byte');
    expect(code(first, third, second)).toBe('changed-byte');
    const sealedWrong = { size: 2, root: plainRoot([second, first]) };
    expect(refusalOf(() => verifyDayTree(of, [second, first], sealedWrong)).code).toBe('malformed');
  });
});
