/**
 * The bytes behind standard Base64 (RFC 4648 §4) with padding, or nothing if it has any other spelling: with two
 * spellings of the same bytes a signed file could be changed and stay valid.
 */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
};

/** Standard Base64 with padding. */
export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
