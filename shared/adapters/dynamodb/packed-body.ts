import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LARGEST_BODY_BYTES } from '../../contracts/reports/report.ts';
import type { KeptContent } from '../../evidence/salted-digest.ts';
import type { Item } from './engine.ts';

/**
 * How the body of a record lies in its item; absent = as it came. Raw deflate: reports are made of the same words and of
 * tokens that nothing makes shorter, so dearer ways gain a hundredth. It has no checksum, since the digest is one.
 */
const CODING = 'deflate';

/** The attributes of a body: packed where that is shorter, and never what could not be unpacked again. */
export const packBody = (content: KeptContent): Item => {
  const { body } = content;
  if (body === undefined || body.length > LARGEST_BODY_BYTES) return { ...content };
  const packed = deflateRawSync(body);
  return packed.length + CODING.length < body.length ? { ...content, body: packed, coding: CODING } : { ...content };
};

/**
 * What is no packed body, or would swell beyond any that was packed, is given as it lies there: it cannot take the memory
 * of who reads it, nor hide the other records of its day, and whoever checks its digest sees that it is not what was put.
 */
export const unpackBody = (body: Uint8Array, coding: unknown): Uint8Array => {
  if (coding !== CODING) return body;
  try {
    return new Uint8Array(inflateRawSync(body, { maxOutputLength: LARGEST_BODY_BYTES }));
  } catch {
    return body;
  }
};
