import * as z from 'zod';
import { divisionPrefix, facilityId, instant, localDay, shortId } from './wire.ts';

/**
 * What a bundle answers: whole local days of a facility, or one area between two instants. `asOf` absent = the end of the
 * last day under seal.
 */
export const bundleQuery = z.strictObject({
  from: z.union([localDay, instant]),
  to: z.union([localDay, instant]),
  area: shortId.exactOptional(),
  asOf: instant.exactOptional(),
  /** `asked` (the default): records of whole days too, the last day first, as many as fit. */
  records: z.enum(['none', 'asked']).exactOptional(),
});
export type BundleQuery = z.infer<typeof bundleQuery>;

/** The public keys of the logs. They are pinned by whoever verifies; take them by another way than the bundle. */
export const logKeysView = z.strictObject({
  /** Begins the origin of every log. */
  log: z.string().max(200),
  /** Origin of the log of the region. */
  region: z.string().max(300),
  /** Lines `name+id+base64` (C2SP signed-note), the key in use first, retired ones after it. */
  keys: z.array(z.string().max(1_000)).max(100),
});
export type LogKeysView = z.infer<typeof logKeysView>;

/** A printable report over local days, both included. Absent = the days that have to be kept, up to yesterday. */
export const reportQuery = z.strictObject({
  from: localDay.exactOptional(),
  to: localDay.exactOptional(),
  /** As known at this instant; not in the future. Absent = now. */
  asOf: instant.exactOptional(),
});
export type ReportQuery = z.infer<typeof reportQuery>;

const exportedQuestions = ['retention', 'incidents', 'checks', 'coverage', 'uptime', 'department'] as const;

const departments = ['police', 'fire', 'emergency', 'health', 'supervision'] as const;

/**
 * An export that is made in the background: of one facility, or of everything under a division that the caller reaches.
 * `department` exports what that department may read, to be handed to it.
 */
export const exportBody = z
  .strictObject({
    of: z.enum(exportedQuestions),
    division: divisionPrefix.exactOptional(),
    facility: facilityId.exactOptional(),
    from: localDay.exactOptional(),
    to: localDay.exactOptional(),
    asOf: instant.exactOptional(),
    format: z.enum(['csv', 'xlsx']),
    department: z.enum(departments).exactOptional(),
  })
  .refine(({ division, facility }) => (division === undefined) !== (facility === undefined), {
    path: ['division'],
    error: 'name a division or a facility, and not both',
  })
  .refine(({ of, department }) => (of === 'department') === (department !== undefined), {
    path: ['department'],
    error: 'goes with `of: department`, and with nothing else',
  })
  .refine(({ of, format }) => of !== 'department' || format === 'xlsx', {
    path: ['format'],
    error: 'an export for a department has several sheets: xlsx',
  });
export type ExportBody = z.infer<typeof exportBody>;

export const exportStates = ['waiting', 'running', 'done', 'failed'] as const;

export const exportJobView = z.strictObject({
  export: z.string().max(64),
  state: z.enum(exportStates),
  /** Facilities that are done, and that there are; absent = not counted yet. */
  done: z.number().int().min(0),
  total: z.number().int().min(0).exactOptional(),
  askedAt: instant,
  /** Code of the problem for which it failed. */
  reason: z.string().max(100).exactOptional(),
  bytes: z.number().int().min(0).exactOptional(),
  /** Opens the file without a token until `expiresAt`; made anew each time this is read. */
  link: z.string().max(4_000).exactOptional(),
  expiresAt: instant.exactOptional(),
});
export type ExportJobView = z.infer<typeof exportJobView>;
