import * as z from 'zod';
import { ruleNames } from '../domain/verdict.ts';
import { drillReasons } from '../domain/windows/drills.ts';
import { muteReasons } from '../domain/windows/mutes.ts';
import { reportIdPattern } from './patterns.ts';
import { facilityId, instant } from './wire.ts';

/** The sender's own id, a UUIDv7: sending the same twice is doing it once. */
export const ownId = z.string().regex(reportIdPattern);

const rules = z
  .array(z.enum(ruleNames))
  .min(1)
  .max(ruleNames.length)
  .refine((all) => new Set(all).size === all.length, 'names a rule twice');

const interval = {
  id: ownId,
  /** Absent = from now on. */
  from: instant.exactOptional(),
  to: instant,
};

/** A drill that is announced: at most 4 hours, and not after it began. */
export const drillBody = z.strictObject({ ...interval, reason: z.enum(drillReasons) });
export type DrillBody = z.infer<typeof drillBody>;

/** Notices of these rules wait, at most 7 days. No alarm ever does. */
export const muteBody = z.strictObject({ ...interval, rules, reason: z.enum(muteReasons) });
export type MuteBody = z.infer<typeof muteBody>;

/** `past=yes`: the latest 200 that are trimmed from the list as well. */
export const windowsQuery = z.strictObject({ past: z.enum(['yes', 'no']).exactOptional() });
export type WindowsQuery = z.infer<typeof windowsQuery>;

const person = z.string().max(512);

export const windowsView = z.strictObject({
  facility: facilityId,
  /** Those that are over stay for a week; older ones are shown where they are asked for. */
  drills: z
    .array(
      z.strictObject({
        id: z.string().max(64),
        from: instant,
        to: instant,
        reason: z.string().max(100),
        by: person,
        registeredAt: instant,
        /** Who ended it before its time. */
        endedBy: person.exactOptional(),
      }),
    )
    .max(216),
  mutes: z
    .array(
      z.strictObject({
        id: z.string().max(64),
        is: z.enum(['mute', 'maintenance']),
        rules: z.array(z.enum(ruleNames)).max(ruleNames.length),
        from: instant,
        to: instant,
        reason: z.string().max(100),
        by: person,
        at: instant,
        /** Absent = only asked for: nothing waits for it. */
        allowedBy: person.exactOptional(),
        endedBy: person.exactOptional(),
      }),
    )
    .max(216),
});
export type WindowsView = z.infer<typeof windowsView>;
