import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { functionNames, routes } from '../shared/contracts/routes.ts';

/** The partitions this product is made for. One template text is right in both; the setting changes properties only. */
export const partitions = ['aws', 'aws-cn'] as const;
export type Partition = (typeof partitions)[number];

/** The settings used when no file is named. */
export const defaultSettingsFile = join(import.meta.dirname, 'settings', 'default.json');

/** What CloudWatch Logs accepts as a retention. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Lambda keeps 4,096 bytes of environment per function; table names and topic ARNs need about a quarter of it. */
const ACCESS_SETTINGS_MAX_BYTES = 2800;

const slug = z.string().regex(/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/, 'must be 2-24 lower-case letters, digits or hyphens');

/** Plain http is for an issuer on the same machine only. */
const issuerUrl = z
  .string()
  .max(300)
  .refine(
    (text) => /^https:\/\/[^\s|]+$/.test(text) || /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/[^\s|]*)?$/.test(text),
    {
      message: 'must be an https URL (http only for 127.0.0.1 or localhost)',
    },
  );

const urlWithoutSlash = z
  .string()
  .max(300)
  .regex(/^(https:\/\/[^\s]*[^\s/])?$/, 'must be an https URL that does not end in a slash');

const oidcIssuer = z.strictObject({
  issuer: issuerUrl,
  audience: z.string().min(1).max(200),
  /** Left out: taken from the issuer's discovery document. */
  jwksUri: issuerUrl.optional(),
  algorithms: z.array(z.enum(['RS256', 'ES256'])).min(1),
});

const throttle = z
  .strictObject({
    ratePerSecond: z.int().min(1).max(10_000),
    burst: z.int().min(1).max(5_000),
  })
  .refine(({ ratePerSecond, burst }) => burst >= ratePerSecond || burst === 5_000, {
    path: ['burst'],
    message: 'must not be below ratePerSecond',
  });

const routePaths = [...new Set(routes.map((route) => route.path))];

/** Compares what is there, also while other fields are still wrong: all faults come in one answer. */
const always = { when: () => true };

const settingsSchema = z
  .strictObject({
    /** City or province that this stack serves; part of the stack's name. */
    city: slug,
    /** Such as `dev` or `prod`; part of the stack's name. */
    stage: slug,
    partition: z.enum(partitions),
    /**
     * `iam` puts SigV4 in front of every route: AWS China refuses a route without an authorizer until the account has
     * an ICP licence. SigV4 takes the Authorization header; boxes do not need it, and people's tokens then travel in
     * `x-cradlewatch-token`, put there by the signing proxy through which they come.
     */
    ingress: z.enum(['open', 'iam']),
    /** Left out: arm64, and x86_64 in `aws-cn`. */
    architecture: z.enum(['arm64', 'x86_64']).optional(),
    /** Left out: on, and off in `aws-cn`, where X-Ray does not trace Lambda. */
    tracing: z.boolean().optional(),
    /** Instances per function that nothing else may take; a function not named here shares the account's pool. */
    reservedConcurrency: z.partialRecord(z.enum(functionNames), z.int().min(1).max(1000)),
    throttles: z.strictObject({
      /** For every path without limits of its own. */
      default: throttle,
      paths: z.partialRecord(z.enum(routePaths), throttle),
    }),
    /** Further accepted `@authority` values (custom domains); the API's own is always accepted. */
    authorities: z.array(
      z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'must be a lower-case host with an optional port'),
    ),
    oidcIssuers: z.array(oidcIssuer),
    /** `issuer|subject`: administrators without a grant, so that a first person can give grants. */
    administrators: z.array(z.string().regex(/^[^\s|,]+\|[^\s|,]+$/, 'must read issuer|subject, without comma')),
    /** Begins every answer link, such as `https://watch.example.org`. Left out: the API's own endpoint. */
    publicUrl: urlWithoutSlash.default(''),
    /** An outside watchdog, fed for as long as every escalation is on time. Left out: none. */
    watchdogUrl: urlWithoutSlash.default(''),
    /**
     * For how long nobody can delete or overwrite what is sealed. `compliance` cannot be undone, by nobody, for none of
     * the objects that were sealed under it: it is said explicitly, or it is not so.
     */
    objectLock: z
      .strictObject({ mode: z.enum(['governance', 'compliance']), days: z.int().min(1).max(36_500) })
      .default({ mode: 'governance', days: 1 }),
    /** Begins the origin of every log, and never changes in the life of a stack. Left out: the name of the stack. */
    logName: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$/, 'must be lower-case letters, digits, dots or hyphens')
      .optional(),
    /** Public keys with which checkpoints were signed before, as verification keys of notes: `<name>+<id>+<key>`. */
    retiredLogKeys: z
      .array(z.string().regex(/^[^\s+,]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{4,200}$/, 'must read <name>+<id>+<base64 key>'))
      .max(8)
      .default([]),
    /** True keeps tables, exports and logs when the stack is deleted, and protects tables from deletion. */
    keepData: z.boolean(),
    logRetentionDays: z.literal(logRetentions),
  })
  .refine((it) => !(it.partition === 'aws-cn' && it.tracing === true), {
    ...always,
    path: ['tracing'],
    message: 'aws-cn has no X-Ray for Lambda: leave it out or say false',
  })
  .refine((it) => it.throttles?.paths?.['/v1/alarms'] !== undefined, {
    ...always,
    path: ['throttles', 'paths', '/v1/alarms'],
    message: 'alarms need limits of their own: they must not share them with anything',
  })
  .refine((it) => withinEnvironment(it), {
    ...always,
    path: ['oidcIssuers'],
    message: `authorities, oidcIssuers, administrators and retiredLogKeys together exceed ${ACCESS_SETTINGS_MAX_BYTES} bytes`,
  })
  .superRefine((it, context) => {
    const issuers = new Set(it.oidcIssuers.map(({ issuer }) => issuer));
    for (const [index, administrator] of it.administrators.entries()) {
      if (issuers.has(administrator.split('|')[0] ?? '')) continue;
      context.addIssue({
        code: 'custom',
        path: ['administrators', index],
        message: 'names an issuer not in oidcIssuers',
      });
    }
  });

interface Access {
  readonly authorities: unknown;
  readonly oidcIssuers: unknown;
  readonly administrators: unknown;
  readonly retiredLogKeys: unknown;
}

const withinEnvironment = ({ authorities, oidcIssuers, administrators, retiredLogKeys }: Access): boolean =>
  Buffer.byteLength(JSON.stringify([authorities, oidcIssuers, administrators, retiredLogKeys])) <=
  ACCESS_SETTINGS_MAX_BYTES;

export type SettingsInput = z.input<typeof settingsSchema>;

/** Everything that may differ between two deployments. Checked, and complete: nothing later falls back to a guess. */
export interface Settings extends z.output<typeof settingsSchema> {
  readonly architecture: 'arm64' | 'x86_64';
  readonly tracing: boolean;
}

/** The settings cannot be used; `faults` lists every reason with its path. Changing the file helps, retrying does not. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly string[];

  constructor(source: string, faults: readonly string[]) {
    super(`${source}: ${faults.length} fault(s) in the settings\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Checks settings, all faults at once. Throws SettingsError. */
export const parseSettings = (raw: unknown, source = 'settings'): Settings => {
  const result = settingsSchema.safeParse(raw);
  if (!result.success) throw new SettingsError(source, result.error.issues.map(describeFault));
  const settings = result.data;
  const inChina = settings.partition === 'aws-cn';
  return {
    ...settings,
    architecture: settings.architecture ?? (inChina ? 'x86_64' : 'arm64'),
    tracing: settings.tracing ?? !inChina,
  };
};

/** Reads a settings file without checking its content. Throws SettingsError if it is not a JSON object. */
export const readSettings = (file: string = defaultSettingsFile): Record<string, unknown> => {
  try {
    const raw: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return { ...raw };
  } catch (cause) {
    throw new SettingsError(file, [cause instanceof Error ? cause.message : String(cause)]);
  }
  throw new SettingsError(file, ['must hold one JSON object']);
};

const describeFault = (issue: z.core.$ZodIssue): string => {
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
};

/** The name of the stack, and the start of every name that people read. */
export const stackName = ({ city, stage }: Pick<Settings, 'city' | 'stage'>): string => `cradlewatch-${city}-${stage}`;
