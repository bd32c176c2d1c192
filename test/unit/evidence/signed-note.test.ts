import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatNoteKey, localSigner, noteKeyOf, parseNoteKey } from '../../../shared/evidence/note-key.ts';
import { openNote, parseNote, signNote } from '../../../shared/evidence/signed-note.ts';
import vectors from '../../fixtures/evidence/signed-notes.json' with { type: 'json' };
import { bytesOf, ed25519Key, flipped, refusalOf, textOf } from '../../support/evidence.ts';

const log = localSigner('log.example', ed25519Key());
const rotated = localSigner('log.example', ed25519Key(100));
const kms = localSigner('kms.example', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const stranger = localSigner('stranger.example', ed25519Key(50));

describe('notes that others signed', () => {
  it.each(vectors.notes)('$source', ({ verifierKey, algorithm, note }) => {
    const key = parseNoteKey(verifierKey);
    expect(key.algorithm).toBe(algorithm);
    expect(formatNoteKey(key)).toBe(verifierKey);
    const opened = openNote(bytesOf(note), [key]);
    expect(opened.signedBy).toEqual([key]);
    expect(opened.unknown).toEqual([]);
    expect(`${opened.text}\n`).toBe(note.slice(0, note.indexOf('—')));
  });

  it.each(vectors.notes)('and any flipped bit of it is refused: $source', ({ verifierKey, note }) => {
    const key = parseNoteKey(verifierKey);
    const bytes = bytesOf(note);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      expect(refusalOf(() => openNote(flipped(bytes, bit), [key])).code).toMatch(
        /^(changed-byte|wrong-key|malformed)$/,
      );
    }
  });
});

describe('a key in writing', () => {
  it('is its name, its id, and its type with its bytes', () => {
    // Made with openssl: SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), four bytes.
    const written = 'log.example/f/sunshine+4f080fed+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';
    expect(formatNoteKey(localSigner('log.example/f/sunshine', ed25519Key()).key)).toBe(written);
    expect(parseNoteKey(formatNoteKey(kms.key))).toMatchObject({ name: 'kms.example', algorithm: 'ecdsa-p256' });
  });

  it('has, for ECDSA, an id that does not depend on its name', () => {
    const { algorithm, publicKey, keyId } = kms.key;
    expect(noteKeyOf('other.example', algorithm, publicKey).keyId).toBe(keyId);
    expect(noteKeyOf('other.example', 'ed25519', log.key.publicKey).keyId).not.toBe(log.keyId);
  });

  const id = log.keyId;
  const encoded = formatNoteKey(log.key).split('+').slice(2).join('+');
  it.each([
    ['', 'A key is written name+id+base64, and this is not.'],
    [`log.example+${id}`, 'A key is written name+id+base64, and this is not.'],
    [`log.example+${id.toUpperCase()}+${encoded}`, 'A key is written name+id+base64, and this is not.'],
    [`log.example+${id}+${encoded}\n`, 'A key is written name+id+base64, and this is not.'],
    [`log.example+${id}+${encoded.slice(0, -1)}`, 'A key is written name+id+base64, and this is not.'],
    [`log.example+${id}+`, 'The key of log.example is neither Ed25519 nor ECDSA P-256.'],
    [`log.example+${id}+${btoa('\u0004abc')}`, 'The key of log.example is neither Ed25519 nor ECDSA P-256.'],
    [`log.example+${id}+${btoa('\u0001abc')}`, 'The key of log.example is no ed25519 key.'],
    [`log.example+${id}+${btoa('\u0002abc')}`, 'The key of log.example is no ecdsa-p256 key.'],
    [`log.example+00000000+${encoded}`, `The key of log.example has the id ${id}, and 00000000 is written.`],
    [`other.example+${id}+${encoded}`, /^The key of other\.example has the id [0-9a-f]{8}, and/],
    [`a b+${id}+${encoded}`, '“a b” cannot be the name of a key.'],
    [`+${id}+${encoded}`, '“” cannot be the name of a key.'],
  ])('is refused: %j', (text, message) => {
    expect(refusalOf(() => parseNoteKey(text))).toEqual({
      code: 'malformed',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('of another curve, or of the same key in another spelling, is refused', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    expect(refusalOf(() => noteKeyOf('kms.example', 'ecdsa-p256', spki)).code).toBe('malformed');
    const longer = Buffer.concat([kms.key.publicKey, Uint8Array.of(0)]);
    expect(refusalOf(() => noteKeyOf('kms.example', 'ecdsa-p256', longer)).code).toBe('malformed');
  });
});

describe('a note of ours', () => {
  it('is a text, an empty line and a line for each signer', async () => {
    const note = textOf(await signNote('one\n\ntwo\n', [log, kms]));
    expect(note).toMatch(/^one\n\ntwo\n\n— log\.example [A-Za-z0-9+/]{91}=\n— kms\.example [A-Za-z0-9+/]+={0,2}\n$/);
    expect(openNote(bytesOf(note), [kms.key, log.key])).toEqual({
      text: 'one\n\ntwo\n',
      signedBy: [log.key, kms.key],
      unknown: [],
    });
  });

  it('is opened by one known key, whoever else signed', async () => {
    const note = await signNote('one\n', [stranger, log, rotated]);
    const opened = openNote(note, [log.key]);
    expect(opened.signedBy).toEqual([log.key]);
    expect(opened.unknown.map(({ name, keyId }) => [name, keyId])).toEqual([
      ['stranger.example', stranger.keyId],
      ['log.example', rotated.keyId],
    ]);
  });

  it('is refused if nobody known signed it, with the names of those who did', async () => {
    const note = await signNote('one\n', [stranger]);
    const message = `Signed by stranger.example (${stranger.keyId}), and by none of the keys that were given.`;
    expect(refusalOf(() => openNote(note, [log.key]))).toEqual({ code: 'wrong-key', message });
    expect(refusalOf(() => openNote(note, [])).code).toBe('wrong-key');
    // The same name with another key, and the same key under another name, are strangers.
    expect(refusalOf(() => openNote(note, [localSigner('stranger.example', ed25519Key()).key])).code).toBe('wrong-key');
    const renamed = noteKeyOf('log.example', 'ed25519', stranger.key.publicKey);
    expect(refusalOf(() => openNote(note, [renamed])).code).toBe('wrong-key');
  });

  it('is refused whole if one known signature does not hold', async () => {
    const ours = textOf(await signNote('one\n', [log]));
    const [, line = ''] = textOf(await signNote('two\n', [kms])).split('\n\n');
    expect(refusalOf(() => openNote(bytesOf(ours + line), [log.key, kms.key]))).toEqual({
      code: 'changed-byte',
      message: `The signature of kms.example (${kms.keyId}) does not fit the text: one of the two was changed.`,
    });
    // To those who do not know that key it is a stranger's line.
    expect(openNote(bytesOf(ours + line), [log.key]).signedBy).toEqual([log.key]);
  });

  it('counts a key once, however often it signed', async () => {
    const note = await signNote('one\n', [log, log]);
    expect(openNote(note, [log.key]).signedBy).toEqual([log.key]);
  });

  it('is not signed at all if nobody could read it', async () => {
    for (const text of ['', 'no newline', 'a\ttab\n', 'half a \ud800 pair\n']) {
      await expect(signNote(text, [log])).rejects.toThrow(RangeError);
    }
    await expect(signNote('one\n', [])).rejects.toThrow(RangeError);
  });

  it('is not written if one signer fails', async () => {
    const broken = { ...kms, sign: () => Promise.reject(new Error('KMS is away')) };
    await expect(signNote('one\n', [log, broken])).rejects.toThrow('KMS is away');
  });
});

describe('what is no note is refused', async () => {
  const good = textOf(await signNote('one\n', [log]));
  const line = good.slice(good.indexOf('—'));
  const signature = line.split(' ')[2]?.trim() ?? '';

  it.each([
    ['', 'A note is a text, an empty line and signature lines, each ended by a newline.'],
    ['one\n', 'A note is a text, an empty line and signature lines, each ended by a newline.'],
    [good.slice(0, -1), 'A note is a text, an empty line and signature lines, each ended by a newline.'],
    ['one\n\n', 'The note has no signature.'],
    [good.replace('\n', '\r\n'), 'The note has a control character other than the newline.'],
    [`${good}\n`, 'The note has no signature.'],
    [good.replace('—', '-'), 'A signature line is not of the form “— name base64”.'],
    [good.replace('— ', '—  '), 'A signature line is not of the form “— name base64”.'],
    [good.replace('=\n', '= \n'), 'A signature line is not of the form “— name base64”.'],
    [good.replace('log.example', 'log+example'), '“log+example” cannot be the name of a key.'],
    [good.replace('log.example', 'log\u3000example'), '“log　example” cannot be the name of a key.'],
    [good.replace('=\n', '\n'), 'The signature of log.example is not Base64 of a key id and a signature.'],
    [good.replace(signature, 'AAAAAA=='), 'The signature of log.example is not Base64 of a key id and a signature.'],
    [good.replace(signature, 'AAAAAAB='), 'The signature of log.example is not Base64 of a key id and a signature.'],
    [good + line.repeat(100), 'A note has at most 100 signatures, and this has 101.'],
    ['x'.repeat(1_000_001), 'A note has at most 1000000 bytes, and this has 1000001.'],
  ])('%#', (note, message) => {
    expect(refusalOf(() => openNote(bytesOf(note), [log.key]))).toEqual({ code: 'malformed', message });
  });

  it('if it is not UTF-8', () => {
    const bytes = bytesOf(good);
    bytes[0] = 0xff;
    expect(refusalOf(() => parseNote(bytes))).toEqual({ code: 'malformed', message: 'The note is not UTF-8.' });
  });

  it('but 16 signatures and more are read', () => {
    expect(parseNote(bytesOf(good + line.repeat(99))).signatures).toHaveLength(100);
  });

  it('and a byte order mark belongs to the text', () => {
    expect(parseNote(bytesOf(`\ufeff${good}`)).text).toBe('\ufeffone\n');
    expect(refusalOf(() => openNote(bytesOf(`\ufeff${good}`), [log.key])).code).toBe('changed-byte');
  });
});
