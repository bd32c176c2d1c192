import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../shared/domain/time.ts';
import {
  hearAnswer,
  keyIdOfToken,
  macOfSlice,
  openToken,
  sealToken,
  TOKEN_BYTES,
  type TokenSecret,
  type TokenSubject,
  tokenRefusalWords,
} from '../../../shared/evidence/challenge-token.ts';
import { AES_256_GCM, publicKeyOf, sealTo } from '../../../shared/evidence/hpke.ts';

const counting = (from: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => from + at);
const november = { keyId: '2026-11.1', privateKey: counting(1) };
const december = { keyId: '2026-12.1', privateKey: counting(2) };
const publicOf = ({ keyId, privateKey }: typeof november) => ({ keyId, publicKey: publicKeyOf(privateKey) });

const subject: TokenSubject = { facilityId: 'sunshine', camera: 'cam-1', hourMs: Date.parse('2026-11-03T02:00:00Z') };
const slice = Buffer.from('ten seconds of film');
const key = counting(100);
const secret: TokenSecret = { offsetMs: 600_000, lengthMs: 10_000, key, mac: macOfSlice(key, slice) };
const token = sealToken(secret, subject, publicOf(november), counting(50));

const reasonOf = (made: Uint8Array, about = subject, opener = november): string => {
  const opened = openToken(made, about, opener);
  return opened.ok ? 'opened' : opened.reason;
};
const changed = (at: number): Uint8Array => token.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe('a challenge token', () => {
  it('opens to what was sealed, in no more than 128 bytes', () => {
    const opened = openToken(token, subject, november);
    expect(token).toHaveLength(TOKEN_BYTES);
    expect(TOKEN_BYTES).toBeLessThanOrEqual(128);
    expect(opened).toEqual({ ok: true, secret: { ...secret, key: Buffer.from(key) } });
  });

  it('says to which key it was sealed', () => {
    expect(keyIdOfToken(token)).toEqual({ ok: true, keyId: '2026-11.1' });
  });

  it('is refused with any one of its bytes changed', () => {
    const reasons = Array.from(token, (_, at) => reasonOf(changed(at)));
    expect(reasons).not.toContain('opened');
    expect(reasons[0]).toBe('unknown-version');
    expect(new Set(reasons.slice(5))).toEqual(new Set(['not-authentic']));
  });

  it('is refused for another facility, camera or hour', () => {
    expect(reasonOf(token, { ...subject, facilityId: 'sunrise' })).toBe('not-authentic');
    expect(reasonOf(token, { ...subject, camera: 'cam-2' })).toBe('not-authentic');
    expect(reasonOf(token, { ...subject, hourMs: subject.hourMs + HOUR_MS })).toBe('not-authentic');
  });

  it('is refused by the key of another month, also when its own bytes name that month', () => {
    expect(reasonOf(token, subject, december)).toBe('another-key');
    const renamed = token.map((byte, at) => (at === 3 ? 12 : byte));
    expect(keyIdOfToken(renamed)).toEqual({ ok: true, keyId: '2026-12.1' });
    expect(reasonOf(renamed, subject, december)).toBe('not-authentic');
    expect(reasonOf(renamed, subject, { ...november, keyId: '2026-12.1' })).toBe('not-authentic');
  });

  it('is refused where its length or its key id cannot be', () => {
    expect(reasonOf(token.subarray(1))).toBe('wrong-length');
    expect(reasonOf(new Uint8Array(0))).toBe('wrong-length');
    expect(reasonOf(token.map((byte, at) => (at === 3 ? 13 : byte)))).toBe('key-id-malformed');
  });

  it('is refused, never thrown over, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: TOKEN_BYTES, maxLength: TOKEN_BYTES }), (bytes) => {
        bytes.set(token.subarray(0, 5));
        expect(reasonOf(bytes)).toBe('not-authentic');
      }),
      { numRuns: 30 },
    );
  });

  it('is refused when its slice does not lie within its hour, however well it is sealed', () => {
    const plain = Buffer.alloc(72);
    plain.writeUInt32BE(HOUR_MS - 9_999, 0);
    plain.writeUInt32BE(10_000, 4);
    const info = Buffer.from('cradlewatch-challenge/1\nsunshine\ncam-1\n2026-11-03T02:00:00Z\n2026-11.1');
    const made = sealTo(publicKeyOf(november.privateKey), counting(50), plain, { aead: AES_256_GCM, info });
    const forged = Buffer.concat([token.subarray(0, 5), made.encapsulated, made.sealed]);
    expect(reasonOf(forged)).toBe('slice-outside-hour');
  });

  it('does not show its slice: the same secret sealed anew shares no bytes but the header', () => {
    const again = sealToken(secret, subject, publicOf(november), counting(51));
    const same = Array.from(token, (byte, at) => byte === again[at]);
    expect(same.slice(0, 5)).toEqual([true, true, true, true, true]);
    expect(same.slice(5).filter(Boolean).length).toBeLessThan(8);
  });

  it('is not sealed over a slice outside its hour, a malformed key id or an id that breaks a line', () => {
    const seal =
      (over: Partial<TokenSecret>, about = subject, keyId = november.keyId) =>
      () =>
        sealToken({ ...secret, ...over }, about, { ...publicOf(november), keyId }, counting(50));
    expect(seal({ offsetMs: HOUR_MS - 10_000 })).not.toThrow();
    expect(seal({ offsetMs: HOUR_MS - 9_999 })).toThrow(RangeError);
    expect(seal({ lengthMs: 0 })).toThrow(RangeError);
    expect(seal({ key: new Uint8Array(16) })).toThrow(RangeError);
    expect(seal({}, subject, '2026-13.1')).toThrow(RangeError);
    expect(seal({}, { ...subject, camera: 'cam\n1' })).toThrow(RangeError);
    expect(seal({}, { ...subject, hourMs: subject.hourMs + 1 })).toThrow(RangeError);
  });

  it('has plain words for each refusal, in both languages', () => {
    for (const words of Object.values(tokenRefusalWords)) {
      expect(words.zh).toMatch(/[一-鿿]/);
      expect(words.en).toMatch(/^the /);
    }
  });
});

describe('an answer', () => {
  const shown = (mac: Uint8Array) => ({ id: 'q', is: 'shown', mac: Buffer.from(mac).toString('base64url') }) as const;

  it('matches only the very HMAC that was sealed', () => {
    expect(hearAnswer(shown(secret.mac), secret.mac)).toEqual({ id: 'q', is: 'shown', matches: true });
    expect(hearAnswer(shown(macOfSlice(key, Buffer.from('other film'))), secret.mac)).toMatchObject({ matches: false });
    expect(hearAnswer(shown(secret.mac.subarray(0, 31)), secret.mac)).toMatchObject({ matches: false });
    expect(hearAnswer({ id: 'q', is: 'shown', mac: '' }, secret.mac)).toMatchObject({ matches: false });
  });

  it('that shows nothing is passed on as it is', () => {
    expect(hearAnswer({ id: 'q', is: 'busy' }, secret.mac)).toEqual({ id: 'q', is: 'busy' });
  });
});
