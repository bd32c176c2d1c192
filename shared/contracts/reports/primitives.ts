import * as z from 'zod/mini';
import type { YesNoUnknown } from '../../domain/reports.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { shortIdPattern } from '../patterns.ts';

/*
 * The words of the reports. They use zod/mini, and nothing here may import plain zod: it alone would carry every
 * receiver over its bundle budget. Every text has a pattern, every number a range, every list a most.
 */

/** Gives a schema its words in the OpenAPI document, without changing what it accepts. */
export const described = <S extends z.ZodMiniType>(schema: S, description: string): S => {
  z.globalRegistry.add(schema, { description });
  return schema;
};

export const matching = (pattern: RegExp, description: string) =>
  described(z.string().check(z.regex(pattern)), description);

/** Least and most, both included. */
export const intWithin = (least: number, most: number, description: string) =>
  described(z.int().check(z.gte(least), z.lte(most)), description);

export const shortId = (what: string) =>
  matching(shortIdPattern, `${what}: lower-case letters, digits and hyphens, at most 32.`);

/** Times sort as 13 digits in our keys: 1970 to 2286. A clock that is years off is still a clock. */
const LATEST_MS = 9_999_999_999_999;

/** Epoch milliseconds of an instant that `instant` has accepted. */
export const instantMs = (text: string): number => Date.parse(text);

/** What is no instant at all has been refused as such already. */
const isWithinReach = (text: string): boolean => {
  const atMs = instantMs(text);
  return !(atMs < 0 || atMs > LATEST_MS);
};

export const instant = (description: string) =>
  described(
    z.iso
      .datetime({ offset: true })
      .check(z.maxLength(35), z.refine(isWithinReach, { error: 'must lie between 1970 and 2286' })),
    `${description} RFC 3339 with Z or an offset.`,
  );

/** What is no instant at all has been refused as such already. */
const isWholeHour = (text: string): boolean => !(Math.abs(instantMs(text) % HOUR_MS) > 0);

export const wholeHour = (description: string) =>
  instant(description).check(
    z.refine(isWholeHour, { error: 'must be a whole hour, such as 2026-03-02T09:00:00+08:00' }),
  );

export const localDay = (description: string) => described(z.iso.date(), `${description} Local day, YYYY-MM-DD.`);

const answers = ['yes', 'no', 'unknown'] as const satisfies readonly YesNoUnknown[];

export const yesNoUnknown = (description: string) => described(z.enum(answers), description);

export const intOrUnknown = (most: number, description: string) =>
  described(z.union([z.int().check(z.gte(0), z.lte(most)), z.literal('unknown')]), description);

type Payload = { addIssue: (issue: { code: 'custom'; path: PropertyKey[]; message: string; input: unknown }) => void };

/** Refuses a list that names the same thing twice, pointing at the second. */
export const noRepeats =
  <T>(keyOf: (item: T) => string, field: string) =>
  (items: readonly T[], payload: Payload): void => {
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      const key = keyOf(item);
      if (seen.has(key)) payload.addIssue({ code: 'custom', path: [index, field], message: 'named twice', input: key });
      seen.add(key);
    }
  };
