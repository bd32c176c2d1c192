import * as z from 'zod';
import { readInstant, writeInstant } from '../domain/instants.ts';
import { facilityIdPattern, shortIdPattern } from './patterns.ts';

/*
 * The words of the wire that more than one contract uses. Times are RFC 3339 strings here and epoch milliseconds
 * inside. Every text and every list has a limit.
 */

/** Box, camera, area, class. */
export const shortId = z.string().regex(shortIdPattern);

export const facilityId = z.string().regex(facilityIdPattern);

/** RFC 3339 with an offset, 1970 to 2286: an instant sorts as 13 digits in our keys. */
export const instant = z.iso
  .datetime({ offset: true, abort: true })
  .max(35)
  .refine((text) => readInstant(text) >= 0 && readInstant(text) <= 9_999_999_999_999, 'must lie between 1970 and 2286');

/** `YYYY-MM-DD`, local to the facility, 1970 to 2286 as instants: beyond year 0 and 9999 days do not sort as text. */
export const localDay = z.iso
  .date({ abort: true })
  .refine((day) => day >= '1970-01-01' && day <= '2286-11-20', 'must lie between 1970 and 2286');

/** `HH:MM`, local to the facility. */
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Where a facility is: 6, 9 or 12 digits (county, town, village); a bare province code is none. */
export const division = z.string().regex(/^(?![1-8]\d0000)[1-8]\d{5}(\d{3}(\d{3})?)?$/);

/** What a role or a list reaches: 2, 4, 6, 9 or 12 digits. `320000` is written `32`. */
export const divisionPrefix = z.string().regex(/^(?![1-8]\d0000)[1-8]\d(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/);

/** A line of text for people: no control characters, not only blanks. The pattern is one pass over any text. */
export const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^(?=.*\S)[^\p{Cc}]*$/u);

export const bilingualName = z.strictObject({ zh: line(100), en: line(100) });

/** Raw Ed25519 public key of 32 bytes, base64url without padding. */
export const publicKey = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);

/** `<issuer>|<sub>` of a person's token. */
export const subject = z
  .string()
  .max(512)
  .regex(/^https?:\/\/[^\s|]+\|[\x21-\x7e]{1,255}$/);

export { readInstant, writeInstant };
