import { describe, expect, it } from 'vitest';
import { makePublicKeys } from '../../../shared/adapters/signature/public-keys.ts';
import { isAcceptableEd25519Key } from '../../../shared/contracts/ed25519-key.ts';
import { makeTestKey } from '../../support/rfc9421-signer.ts';

const fromHex = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

describe('an Ed25519 key may be enrolled', () => {
  it('if it was made as the RFC says', () => {
    for (let n = 0; n < 20; n += 1) expect(isAcceptableEd25519Key(makeTestKey().publicKey)).toBe(true);
  });

  it('such as the one of RFC 9421', () => {
    expect(isAcceptableEd25519Key('JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs')).toBe(true);
  });
});

describe('an Ed25519 key is refused', () => {
  // "Taming the many EdDSAs" (2020), table 1: canonical and non-canonical encodings of the eight small-order points.
  it.each([
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '0000000000000000000000000000000000000000000000000000000000000000',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ])('if it is the low-order point %s', (hex) => {
    expect(isAcceptableEd25519Key(fromHex(hex))).toBe(false);
  });

  it('if it is a non-canonical spelling of a point of high order', () => {
    // y = 3 is on the curve; p + 3 says the same.
    expect(isAcceptableEd25519Key(fromHex(`03${'00'.repeat(31)}`))).toBe(true);
    expect(isAcceptableEd25519Key(fromHex(`f0${'ff'.repeat(30)}7f`))).toBe(false);
  });

  it('if it is no point of the curve', () => {
    expect(isAcceptableEd25519Key(fromHex(`02${'00'.repeat(31)}`))).toBe(false);
  });

  it('if its base64url has spare bits set, so that one key would have two names', () => {
    const { publicKey } = makeTestKey();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(publicKey.at(-1) ?? '');
    expect(isAcceptableEd25519Key(publicKey.slice(0, -1) + alphabet[last + 1])).toBe(false);
  });

  it.each(['', 'abc', 'A'.repeat(44), `${'A'.repeat(42)}=`, '\u{1F476}'])('if it is %j', (key) => {
    expect(isAcceptableEd25519Key(key)).toBe(false);
  });
});

describe('key objects', () => {
  it('are kept, the least lately used going first', () => {
    const publicKeyOf = makePublicKeys(2);
    const [first, second, third] = [makeTestKey().publicKey, makeTestKey().publicKey, makeTestKey().publicKey];
    const kept = publicKeyOf(first);
    const lost = publicKeyOf(second);
    expect(publicKeyOf(first)).toBe(kept);
    publicKeyOf(third);
    expect(publicKeyOf(first)).toBe(kept);
    expect(publicKeyOf(second)).not.toBe(lost);
  });

  it('are not made of a key that may not be enrolled', () => {
    expect(makePublicKeys()('A'.repeat(43))).toBeUndefined();
  });
});
