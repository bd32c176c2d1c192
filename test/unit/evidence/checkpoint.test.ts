import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyContinued,
} from '../../../shared/evidence/checkpoint.ts';
import { treeOf } from '../../../shared/evidence/merkle.ts';
import { localSigner, noteKeyOf, parseNoteKey } from '../../../shared/evidence/note-key.ts';
import reference from '../../fixtures/evidence/rfc6962-roots.json' with { type: 'json' };
import vectors from '../../fixtures/evidence/signed-notes.json' with { type: 'json' };
import { bytesOf, ed25519Key, flipped, hex, refusalOf, someHashes, textOf } from '../../support/evidence.ts';

const origin = 'log.example/f/sunshine';
const log = localSigner(origin, ed25519Key());
const trusted = { origin, keys: [log.key] };
const root = Buffer.from(reference.rootsHexBySize[7] ?? '', 'hex');
const eight: Checkpoint = { origin, size: 8, root: new Uint8Array(root), extensions: [] };

/** Made with openssl from the same seed, not by the code under test. */
const noteOfEight = `log.example/f/sunshine
8
XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

— log.example/f/sunshine TwgP7c/P1o9l4Dp/euTm+bXARPZfwgaj/cGW7wRH5HhDHFQCuvApblQuZOd+mhHq0sNxy6adZpyGy56/tmjOz99MoQE=
`;

describe('a checkpoint', () => {
  it('is signed to the byte as the C2SP form has it', async () => {
    expect(textOf(await signCheckpoint(eight, [log]))).toBe(noteOfEight);
    expect(openCheckpoint(bytesOf(noteOfEight), trusted)).toEqual(eight);
  });

  it('of another log of the world is read, its extension line too', () => {
    const [, , rekor] = vectors.notes;
    const key = parseNoteKey(rekor?.verifierKey ?? '');
    const checkpoint = openCheckpoint(bytesOf(rekor?.note ?? ''), {
      origin: 'rekor.sigstore.dev - 2605736670972794746',
      keys: [key],
    });
    expect(checkpoint).toMatchObject({ size: 21_428_036, extensions: ['Timestamp: 1688058656037355364'] });
    expect(hex(checkpoint.root)).toMatch(/^af19e82b21599/);
    expect(formatCheckpoint(checkpoint)).toBe(rekor?.note.slice(0, rekor.note.indexOf('\n\n') + 1));
  });

  it('of an empty log has the size 0', () => {
    const empty = { ...eight, size: 0, root: treeOf([]).root() };
    expect(formatCheckpoint(empty)).toBe(`${origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`);
    expect(parseCheckpoint(formatCheckpoint(empty))).toEqual(empty);
  });

  it('with any flipped bit is refused', () => {
    const bytes = bytesOf(noteOfEight);
    const codes = new Set<string>();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      codes.add(refusalOf(() => openCheckpoint(flipped(bytes, bit), trusted)).code);
    }
    expect([...codes].sort()).toEqual(['changed-byte', 'malformed', 'wrong-key', 'wrong-origin']);
  });

  it('does not let its size or root be changed', () => {
    for (const [was, is] of [
      ['\n8\n', '\n4\n'],
      ['\nXcna', '\nXcnb'],
    ] as const) {
      expect(refusalOf(() => openCheckpoint(bytesOf(noteOfEight.replace(was, is)), trusted))).toEqual({
        code: 'changed-byte',
        message: `The signature of ${origin} (4f080fed) does not fit the text: one of the two was changed.`,
      });
    }
  });

  it('of another facility is refused as such, though its signature holds', async () => {
    const other = 'log.example/f/moonlight';
    const note = await signCheckpoint({ ...eight, origin: other }, [localSigner(other, ed25519Key())]);
    const refusal = { code: 'wrong-origin', message: `This is a checkpoint of ${other}, not of ${origin}.` };
    expect(refusalOf(() => openCheckpoint(note, trusted))).toEqual(refusal);
    // Nor does it help to sign it with the name of the first.
    const disguised = await signCheckpoint({ ...eight, origin: other }, [log]);
    expect(refusalOf(() => openCheckpoint(disguised, trusted))).toEqual(refusal);
  });

  it('by another key is refused', async () => {
    const forger = localSigner(origin, ed25519Key(9));
    const note = await signCheckpoint(eight, [forger]);
    expect(refusalOf(() => openCheckpoint(note, trusted))).toEqual({
      code: 'wrong-key',
      message: `Signed by ${origin} (${forger.keyId}), and by none of the keys that were given.`,
    });
    // With our key's id written over the forger's, it is our key that did not sign this.
    const claimed = textOf(note).replace(/(— \S+ )(\S+)/, (_, start: string, signature: string) => {
      const bytes = Buffer.from(signature, 'base64');
      return start + Buffer.concat([Buffer.from(log.keyId, 'hex'), bytes.subarray(4)]).toString('base64');
    });
    expect(refusalOf(() => openCheckpoint(bytesOf(claimed), trusted)).code).toBe('changed-byte');
  });

  it('is opened by the retired key and by the new one', async () => {
    const successor = localSigner(origin, ed25519Key(9));
    const both = await signCheckpoint(eight, [log, successor]);
    for (const key of [log.key, successor.key, noteKeyOf(origin, 'ed25519', log.key.publicKey)]) {
      expect(openCheckpoint(both, { origin, keys: [key] })).toEqual(eight);
    }
  });

  it.each([
    [
      'one line is missing',
      `${origin}\n8\n`,
      'A checkpoint has three lines at least: the log, the number of leaves, the root.',
    ],
    ['it does not end', `${origin}\n8\n${root.toString('base64')}`, 'A checkpoint ends with a newline.'],
    ['a line is empty', `${origin}\n8\n${root.toString('base64')}\n\n`, 'A checkpoint has no empty line.'],
    ['the origin is empty', `\n8\n${root.toString('base64')}\n`, 'A checkpoint has no empty line.'],
    ['the size has a leading zero', `${origin}\n08\n${root.toString('base64')}\n`, '“08” is no number of leaves.'],
    ['the size has a sign', `${origin}\n+8\n${root.toString('base64')}\n`, '“+8” is no number of leaves.'],
    ['the size has other digits', `${origin}\n８\n${root.toString('base64')}\n`, '“８” is no number of leaves.'],
    [
      'the size is beyond counting',
      `${origin}\n9007199254740992\n${root.toString('base64')}\n`,
      '“9007199254740992” is no number of leaves.',
    ],
    ['the root is short', `${origin}\n8\nAAAA\n`, 'The root of the checkpoint is not Base64 of 32 bytes.'],
    [
      'the root is spelled otherwise',
      `${origin}\n8\n${root.toString('base64url')}\n`,
      'The root of the checkpoint is not Base64 of 32 bytes.',
    ],
  ])('is refused if %s', (_what, text, message) => {
    expect(refusalOf(() => parseCheckpoint(text))).toEqual({ code: 'malformed', message });
  });

  it('that nobody could read is not written', () => {
    expect(() => formatCheckpoint({ ...eight, origin: '' })).toThrow(RangeError);
    expect(() => formatCheckpoint({ ...eight, origin: 'a\nb' })).toThrow(RangeError);
    expect(() => formatCheckpoint({ ...eight, extensions: [''] })).toThrow(RangeError);
    expect(() => formatCheckpoint({ ...eight, size: 1.5 })).toThrow(RangeError);
    expect(() => formatCheckpoint({ ...eight, root: new Uint8Array(31) })).toThrow(RangeError);
  });

  it('quotes a stranger without what a terminal would act on', () => {
    const note = noteOfEight.replace('sunshine', `\u009b31m\u202e${'x'.repeat(200)}`);
    const { message } = refusalOf(() => openCheckpoint(bytesOf(note), trusted));
    expect(message).toMatch(/^This is a checkpoint of log\.example\/f\/\?31m\?x+…, not of/);
    expect(message.length).toBeLessThan(200);
  });
});

describe('from one checkpoint to the next', () => {
  const tree = treeOf(someHashes(12));
  const headOf = (size: number): Checkpoint => ({ origin, size, root: tree.root(size), extensions: [] });

  it('the log only grew', () => {
    verifyContinued(headOf(7), headOf(12), tree.consistency(7, 12));
    verifyContinued(headOf(0), headOf(12), []);
    verifyContinued(headOf(12), headOf(12), []);
  });

  it('of two facilities there is no way', () => {
    const other = { ...headOf(12), origin: 'log.example/f/moonlight' };
    expect(refusalOf(() => verifyContinued(headOf(7), other, tree.consistency(7, 12)))).toEqual({
      code: 'wrong-origin',
      message: `log.example/f/moonlight cannot continue ${origin}.`,
    });
  });

  it('a dropped leaf, a fork and a rewritten day are told apart', () => {
    const other = treeOf(someHashes(12, 'other'));
    const forked = { ...headOf(12), root: other.root() };
    const code = (work: () => void): string => refusalOf(work).code;
    expect(code(() => verifyContinued(headOf(12), headOf(11), []))).toBe('dropped-leaf');
    expect(code(() => verifyContinued(headOf(12), forked, []))).toBe('forked-log');
    expect(code(() => verifyContinued(headOf(7), forked, other.consistency(7)))).toBe('rewritten-day');
  });
});
