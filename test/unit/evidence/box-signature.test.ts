import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyBoxSignature } from '../../../shared/evidence/box-signature.ts';
import { boxKey, boxPrivateKey, contentOf } from '../../support/bundle-world.ts';
import { bytesOf, ed25519Key, flipped, refusalOf, textOf } from '../../support/evidence.ts';

const { body, signatureBase, signature = new Uint8Array() } = contentOf('gate locked');
const honest = { body, signatureBase, signature };
const base = textOf(signatureBase);

/** The same request with another base, signed by a box that signs whatever it is given. */
const signedAnew = (text: string, by = boxPrivateKey) => ({
  body,
  signatureBase: bytesOf(text),
  signature: new Uint8Array(sign(null, bytesOf(text), by)),
});

describe('the signature of a box over what was sealed', () => {
  it('names the box and the key that made it', () => {
    expect(verifyBoxSignature(honest)).toEqual({ facilityId: 'sunshine', box: 'box-1', key: boxKey });
  });

  it('covers the lines in whatever order the box has them', () => {
    const [method, authority, ...rest] = base.split('\n');
    const other = [authority, method, ...rest].join('\n').replace('("@method" "@authority"', '("@authority" "@method"');
    expect(verifyBoxSignature(signedAnew(other)).box).toBe('box-1');
  });

  it.each<[why: string, request: typeof honest, detail: string]>([
    ['a body that was exchanged', { ...honest, body: flipped(body, 3) }, 'the sha-256 of content-digest is not that'],
    [
      'a changed signature',
      { ...honest, signature: flipped(signature, 77) },
      'The signature is not that of sunshine/box-1',
    ],
    ['a signature cut short', { ...honest, signature: signature.subarray(1) }, 'The signature is not that of'],
    [
      'a changed line',
      { ...honest, signatureBase: bytesOf(base.replace('POST', 'GET')) },
      'The signature is not that of',
    ],
    ['the key of another', signedAnew(base, ed25519Key(9)), 'The signature is not that of'],
    ['a keyid of no form', signedAnew(base.replace(boxKey, 'key')), 'The keyid of a signature names no box'],
    // y = 1: under it some signatures hold for every message.
    ['a key of low order', signedAnew(base.replace(boxKey, `AQ${'A'.repeat(41)}`)), 'is no key that a box may have'],
    ['another tag', signedAnew(base.replace('cradlewatch-v1', 'other')), 'A box signs with the tag'],
    ['fewer lines', signedAnew(base.replace('"@method": POST\n', '').replace('"@method" ', '')), 'A box signs @method'],
    ['a line that is not named', signedAnew(`"@query": ?\n${base}`), 'other lines than it names'],
    ['a line twice', signedAnew(base.replace('("@method"', '("@method" "@method"')), 'other lines than it names'],
    ['no parameters', signedAnew(base.slice(0, base.lastIndexOf('\n'))), 'parameters of a signature cannot be read'],
    [
      'parameters of no form',
      signedAnew(base.replace('("@method"', '("@method')),
      'parameters of a signature cannot be read',
    ],
    ['a line without a name', signedAnew(`POST\n${base}`), 'A line of a signature base has no name'],
    ['nothing', { ...honest, signatureBase: new Uint8Array() }, 'A line of a signature base has no name'],
  ])('is refused with %s', (_why, request, detail) => {
    expect(refusalOf(() => verifyBoxSignature(request))).toEqual({
      code: 'forged-record',
      message: expect.stringContaining(detail),
    });
  });
});
