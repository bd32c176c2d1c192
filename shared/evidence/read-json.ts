import { fromBase64 } from './base64.ts';
import { EvidenceError, quoted } from './evidence-error.ts';

/*
 * Strict readers of evidence in JSON, without a schema library: the standalone verifier is made of them. Each names the
 * member that is at fault and throws `malformed`.
 */

/** Reads one member; `path` is how a message names it. */
export type Reader<T> = (value: unknown, path: string) => T;

export const malformed = (path: string, why: string): never => {
  throw new EvidenceError('malformed', `${quoted(path)}: ${why}`);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with exactly these members; those that are named in `optional` may be absent. */
export const object =
  <T extends object>(
    members: { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> },
    optional: readonly (keyof T & string)[] = [],
  ): Reader<T> =>
  (value, path) => {
    if (!isObject(value)) return malformed(path, 'should be an object');
    const known = Object.keys(members) as (keyof T & string)[];
    const stranger = Object.keys(value).find((key) => !(known as string[]).includes(key));
    if (stranger !== undefined) return malformed(path, `has a member ${stranger}, which is not known here`);
    const read: Partial<T> = {};
    for (const key of known) {
      if (Object.hasOwn(value, key)) read[key] = members[key](value[key], `${path}.${key}`) as T[typeof key];
      else if (!optional.includes(key)) malformed(path, `lacks ${key}`);
    }
    return read as T;
  };

/** A list of at most `most` entries. */
export const list =
  <T>(entry: Reader<T>, most: number): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) return malformed(path, 'should be a list');
    if (value.length > most) return malformed(path, `has more than ${most} entries`);
    return value.map((one, at) => entry(one, `${path}.${at}`));
  };

/** A text of this form. */
export const text =
  (form: RegExp, what: string): Reader<string> =>
  (value, path) =>
    typeof value === 'string' && form.test(value) ? value : malformed(path, `should be ${what}`);

/** This very word. */
export const word =
  <T extends string>(only: T): Reader<T> =>
  (value, path) =>
    value === only ? only : malformed(path, `should be ${only}`);

/** One of these very words. */
export const wordOf =
  <T extends string>(words: readonly T[]): Reader<T> =>
  (value, path) =>
    words.find((one) => one === value) ?? malformed(path, `should be one of ${words.join(', ')}`);

/** A whole number from 0 on. */
export const count: Reader<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
    ? value
    : malformed(path, 'should be a whole number from 0 on');

/** What the other reader reads, or `null`. */
export const orNull =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, path) =>
    value === null ? null : reader(value, path);

/** Beyond these years calendars are not reliable, and no nursery of ours is. */
const isOurAge = (written: string): boolean => /^(19[7-9]|2[0-9]{2})[0-9]-/.test(written);

/** An instant as its only spelling, `2026-11-03T02:00:00.000Z`. */
export const instant: Reader<string> = (value, path) => {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  const isSpelled = Number.isFinite(ms) && new Date(ms).toISOString() === value && isOurAge(value);
  return isSpelled ? (value as string) : malformed(path, 'should be an instant such as 2026-11-03T02:00:00.000Z');
};

/** A day of the calendar, `2026-11-03`. */
export const civilDay: Reader<string> = (value, path) => {
  const ms = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
  const isDay = Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 10) === value && isOurAge(value);
  return isDay ? (value as string) : malformed(path, 'should be a day such as 2026-11-03');
};

/** Bytes in standard Base64. */
export const base64: Reader<Uint8Array> = (value, path) =>
  (typeof value === 'string' ? fromBase64(value) : undefined) ?? malformed(path, 'should be Base64');

/** A text that stands for its bytes in UTF-8. */
export const utf8: Reader<Uint8Array> = (value, path) =>
  typeof value === 'string' && value.isWellFormed()
    ? new TextEncoder().encode(value)
    : malformed(path, 'should be text that UTF-8 can write');

/** SHA-256 in lower-case hexadecimal. */
export const hashText = text(/^[0-9a-f]{64}$/, '64 hexadecimal digits');

/** Ids as the registry gives them. */
export const facilityId = text(/^[a-z0-9][a-z0-9-]{0,63}$/, 'the id of a facility');
export const shortId = text(/^(?!constructor$)[a-z0-9][a-z0-9-]{0,31}$/, 'a short id');
export const packId = text(/^[a-z0-9][a-z0-9.-]{0,63}@[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$/, 'a pack as name@version');

/** A zone that this machine knows. */
export const zone: Reader<string> = (value, path) => {
  const isForm = typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value);
  return isForm && isKnownZone(value) ? value : malformed(path, 'should be a time zone such as Asia/Shanghai');
};

/** Asking is slow, and a log names the same zone in each of its statements. There are some hundreds. */
const knownZones = new Set<string>();

const isKnownZone = (name: string): boolean => {
  if (knownZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    knownZones.add(name);
    return true;
  } catch {
    return false;
  }
};
