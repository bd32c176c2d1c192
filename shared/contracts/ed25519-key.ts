/*
 * Which Ed25519 public keys may be enrolled. Under a key of low order some signatures verify for every message, and a
 * key with two spellings would be two keys to us and one to the mathematics (RFC 8032 §5.1.3, "Taming the many EdDSAs").
 */

const P = 2n ** 255n - 19n;
/** −121665/121666 mod p. */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** y of a point of order 8. */
const Y8 = 55188659117513257062467267217118295137698188065244968500265048394206261417927n;
/** y of the eight points whose order divides 8 (x and −x share each y but 1 and −1). */
const lowOrderY: ReadonlySet<bigint> = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

const canonical = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

const powerModP = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
};

/** Is there an x with −x² + y² = 1 + d·x²·y²? By Euler's criterion on u·v, which is a square exactly if u/v is. */
const isOnCurve = (y: bigint): boolean => {
  const u = (y * y - 1n + P) % P;
  const v = (D * y * y + 1n) % P;
  return powerModP(u * v, (P - 1n) / 2n) === 1n;
};

const littleEndian = (bytes: string): bigint => {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1) value = (value << 8n) | BigInt(bytes.charCodeAt(at));
  return value;
};

/**
 * True for a raw Ed25519 public key (base64url, no padding) that is spelled canonically, names a point of the curve, and
 * is not of low order.
 */
export const isAcceptableEd25519Key = (key: string): boolean => {
  if (!canonical.test(key)) return false;
  const encoded = littleEndian(atob(key.replaceAll('-', '+').replaceAll('_', '/')));
  const y = encoded & (2n ** 255n - 1n);
  return y < P && !lowOrderY.has(y) && isOnCurve(y);
};
