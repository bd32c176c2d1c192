import { describe, expect, it } from 'vitest';
import { AES_128_GCM, AES_256_GCM, openWith, publicKeyOf, sealTo } from '../../../shared/evidence/hpke.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hexOf = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString('hex');

/** RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0. */
const rfc = {
  info: bytes('4f6465206f6e2061204772656369616e2055726e'),
  ephemeral: bytes('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736'),
  encapsulated: '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431',
  publicKey: bytes('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'),
  privateKey: bytes('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'),
  associated: bytes('436f756e742d30'),
  plain: bytes('4265617574792069732074727574682c20747275746820626561757479'),
  sealed: 'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
};
const context = { aead: AES_128_GCM, info: rfc.info, associated: rfc.associated };

describe('HPKE (RFC 9180)', () => {
  it('seals the vector of appendix A.1.1 to the byte', () => {
    const { encapsulated, sealed } = sealTo(rfc.publicKey, rfc.ephemeral, rfc.plain, context);
    expect(hexOf(encapsulated)).toBe(rfc.encapsulated);
    expect(hexOf(sealed)).toBe(rfc.sealed);
  });

  it('opens it, and nothing else', () => {
    const open = (over: Partial<typeof context>) =>
      openWith(rfc.privateKey, bytes(rfc.encapsulated), bytes(rfc.sealed), { ...context, ...over });
    expect(hexOf(open({}))).toBe(hexOf(rfc.plain));
    expect(open({ info: bytes('00') })).toBeUndefined();
    expect(open({ associated: bytes('436f756e742d31') })).toBeUndefined();
    expect(open({ aead: AES_256_GCM })).toBeUndefined();
  });

  it('knows the public key of a private one', () => {
    expect(hexOf(publicKeyOf(rfc.privateKey))).toBe(hexOf(rfc.publicKey));
  });

  it('opens with AES-256-GCM what another implementation sealed', () => {
    // Made by the Python package cryptography 48: Suite(X25519, HKDF_SHA256, AES_256_GCM).encrypt.
    const made = bytes(
      '69d2bf25fc102bc3573465be84f3710fb1eb1b5b2f3e54cec43383f68ce53817' +
        '0a028febd0ca7c5c043e0279962bbf644ed41b3c0fda6fe5c246f03afcce214ff116d3b2e6da',
    );
    const opened = openWith(rfc.privateKey, made.subarray(0, 32), made.subarray(32), {
      aead: AES_256_GCM,
      info: Buffer.from('cradlewatch-challenge/1'),
    });
    expect(Buffer.from(opened ?? []).toString()).toBe('sealed by another hand');
  });

  it('refuses a key of low order: the shared secret would be zero, known to everybody', () => {
    expect(openWith(rfc.privateKey, new Uint8Array(32), bytes(rfc.sealed), context)).toBeUndefined();
    expect(() => sealTo(new Uint8Array(32), bytes('11'.repeat(32)), bytes('00'), context)).toThrow();
  });

  it('answers on bytes that are too short, and throws on keys that are', () => {
    expect(openWith(rfc.privateKey, bytes(rfc.encapsulated), bytes('00'), context)).toBeUndefined();
    expect(() => openWith(bytes('00'), bytes(rfc.encapsulated), bytes(rfc.sealed), context)).toThrow(RangeError);
  });
});
