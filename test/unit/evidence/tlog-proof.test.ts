import { describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../shared/evidence/checkpoint.ts';
import { leafHash, treeOf } from '../../../shared/evidence/merkle.ts';
import { localSigner } from '../../../shared/evidence/note-key.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '../../../shared/evidence/tlog-proof.ts';
import reference from '../../fixtures/evidence/rfc6962-roots.json' with { type: 'json' };
import { bytesOf, ed25519Key, flipped, refusalOf, someLeaves, textOf } from '../../support/evidence.ts';

const origin = 'log.example/f/sunshine';
const log = localSigner(origin, ed25519Key());
const trusted = { origin, keys: [log.key] };
const leaves = reference.leavesHex.map((leaf) => new Uint8Array(Buffer.from(leaf, 'hex')));
const tree = treeOf(leaves.map(leafHash));
const fifth = leaves[5] ?? new Uint8Array();

/** Leaf 5 of the reference tree. Hashes and signature were made with openssl and by hand, not by the code under test. */
const file = `c2sp.org/tlog-proof@v1
index 5
vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=
yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=
037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=

log.example/f/sunshine
8
XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

— log.example/f/sunshine TwgP7c/P1o9l4Dp/euTm+bXARPZfwgaj/cGW7wRH5HhDHFQCuvApblQuZOd+mhHq0sNxy6adZpyGy56/tmjOz99MoQE=
`;
const checkpoint = bytesOf(file.slice(file.indexOf('\n\n') + 2));
const verify = (text: string, leaf: Uint8Array = fifth) => verifyTlogProof(bytesOf(text), leaf, trusted);

describe('a proof in one file', () => {
  it('has the C2SP form to the byte', () => {
    expect(textOf(formatTlogProof({ index: 5, hashes: tree.inclusion(5), checkpoint }))).toBe(file);
    expect(parseTlogProof(bytesOf(file))).toEqual({ index: 5, hashes: tree.inclusion(5), checkpoint });
  });

  it('proves its leaf offline, with the key of the log alone', () => {
    expect(verify(file)).toEqual({
      index: 5,
      checkpoint: { origin, size: 8, root: tree.root(), extensions: [] },
    });
  });

  it('may carry more, which proves nothing', () => {
    const extra = bytesOf('salt');
    const longer = textOf(formatTlogProof({ index: 5, hashes: tree.inclusion(5), checkpoint, extra }));
    expect(longer).toBe(file.replace('index', 'extra c2FsdA==\nindex'));
    expect(parseTlogProof(bytesOf(longer)).extra).toEqual(extra);
    expect(verify(longer).index).toBe(5);
    expect(verify(file.replace('index', 'extra \nindex')).index).toBe(5);
  });

  it('of the only leaf has no hash', async () => {
    const [only = new Uint8Array()] = someLeaves(1);
    const note = await signCheckpoint({ origin, size: 1, root: leafHash(only), extensions: [] }, [log]);
    const proof = formatTlogProof({ index: 0, hashes: [], checkpoint: note });
    expect(textOf(proof)).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 0\n\nlog\.example/);
    expect(verifyTlogProof(proof, only, trusted).checkpoint.size).toBe(1);
  });

  it('with any flipped bit is refused', () => {
    const bytes = bytesOf(file);
    const codes = new Set<string>();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      codes.add(refusalOf(() => verifyTlogProof(flipped(bytes, bit), fifth, trusted)).code);
    }
    expect([...codes].sort()).toEqual(['changed-byte', 'malformed', 'wrong-key', 'wrong-origin']);
  });

  it('with another leaf, or a flipped bit of its own, is refused', () => {
    for (let bit = 0; bit < fifth.length * 8; bit += 1) {
      expect(refusalOf(() => verify(file, flipped(fifth, bit))).code).toBe('changed-byte');
    }
    expect(refusalOf(() => verify(file, leaves[4])).code).toBe('changed-byte');
  });

  it('of a tree that was cut is refused', () => {
    const [, , ...last] = tree.inclusion(5);
    const short = textOf(formatTlogProof({ index: 1, hashes: last, checkpoint }));
    expect(refusalOf(() => verify(short))).toEqual({
      code: 'forged-tree',
      message:
        'From leaf 1 of 8 to the root it takes 3 hashes, and the proof has 1: it comes from a tree of another size.',
    });
    expect(refusalOf(() => verify(file.replace('index 5', 'index 8')))).toEqual({
      code: 'forged-tree',
      message: 'The proof is about leaf 8, counted from 0, and the tree has only 8 leaves.',
    });
  });

  it('of another log is refused', () => {
    const other = { origin: 'log.example/f/moonlight', keys: [log.key] };
    expect(refusalOf(() => verifyTlogProof(bytesOf(file), fifth, other)).code).toBe('wrong-origin');
  });

  it('is believed by the signature first', () => {
    // Root and hashes that fit each other, under a signature that does not.
    const forged = treeOf(someLeaves(8).map(leafHash));
    const note = textOf(checkpoint).replace(/\n8\n.*\n/, `\n8\n${Buffer.from(forged.root()).toString('base64')}\n`);
    const proof = formatTlogProof({ index: 5, hashes: forged.inclusion(5), checkpoint: bytesOf(note) });
    const refusal = refusalOf(() => verifyTlogProof(proof, someLeaves(8)[5] ?? fifth, trusted));
    expect(refusal.code).toBe('changed-byte');
    expect(refusal.message).toMatch(/^The signature of/);
  });

  it.each([
    ['', 'A proof has an empty line before its checkpoint.'],
    [file.replace('@v1', '@v2'), 'A proof begins with c2sp.org/tlog-proof@v1.'],
    [file.replace('index 5\n', ''), 'The proof does not say which leaf it is about.'],
    [file.replace('index 5', 'index 05'), 'The proof does not say which leaf it is about.'],
    [file.replace('index 5', 'index  5'), 'The proof does not say which leaf it is about.'],
    [file.replace('index 5', 'index 5\nextra AAAA'), 'A line of the proof is not Base64 of 32 bytes.'],
    [file.replace('index 5', 'extra AAAA\nextra AAAA\nindex 5'), 'The proof does not say which leaf it is about.'],
    [file.replace('index 5', 'extra A\nindex 5'), 'The extra line is not Base64.'],
    [file.replace('vBoG', ' vBoG'), 'A line of the proof is not Base64 of 32 bytes.'],
    [file.replace('nms=', 'nmt='), 'A line of the proof is not Base64 of 32 bytes.'],
    [file.replaceAll('\n', '\r\n'), 'A proof has an empty line before its checkpoint.'],
    [
      file.replace('index 5', `index 5${`\n${'A'.repeat(43)}=`.repeat(51)}`),
      'A proof has at most 53 hashes, and this has 54.',
    ],
    ['x'.repeat(2_000_001), 'A proof has at most 2000000 bytes, and this has 2000001.'],
  ])('that cannot be read is refused: %#', (text, message) => {
    expect(refusalOf(() => verify(text))).toEqual({ code: 'malformed', message });
  });

  it('that nobody could read is not written', () => {
    expect(() => formatTlogProof({ index: -1, hashes: [], checkpoint })).toThrow(RangeError);
    expect(() => formatTlogProof({ index: 0, hashes: [new Uint8Array(1)], checkpoint })).toThrow(RangeError);
  });
});
