import * as z from 'zod';
import { pageOf, pageQuery } from './page.ts';
import { bilingualName, divisionPrefix, facilityId, instant, localDay, shortId } from './wire.ts';

/** `csv` may also be asked for by `Accept: text/csv`. */
const format = z.enum(['json', 'csv']).exactOptional();

/** Which facilities cannot show that they keep recordings long enough. Absent `division`: all that the caller reaches. */
export const retentionQuery = pageQuery.extend({
  division: divisionPrefix.exactOptional(),
  /** As known at this instant; not in the future. Absent = now. */
  asOf: instant.exactOptional(),
  /** `failing` (the default) leaves out those that can show it. */
  show: z.enum(['failing', 'all']).exactOptional(),
  format,
});
export type RetentionQuery = z.infer<typeof retentionQuery>;

/** Retention of one facility, by camera and day. */
export const facilityRetentionQuery = z.strictObject({
  asOf: instant.exactOptional(),
  camera: shortId.exactOptional(),
  format,
});
export type FacilityRetentionQuery = z.infer<typeof facilityRetentionQuery>;

/** Uptime of one facility by local day, both days included. Absent = the last 30 days. */
export const uptimeQuery = z.strictObject({ from: localDay.exactOptional(), to: localDay.exactOptional(), format });
export type UptimeQuery = z.infer<typeof uptimeQuery>;

/** `short`: the recordings do not reach back far enough. `gaps`: time inside is lost. `unknown`: nothing was shown. */
const retentionState = z.enum(['held', 'short', 'gaps', 'unknown']);
const seconds = z.number().min(0);

const cameraVerdict = z.strictObject({
  camera: shortId,
  state: retentionState,
  /** Kebab-case word: why. */
  reason: z.string().max(100),
  installedAt: instant,
  /** Days back that recordings reach; absent = unknown, which is not zero. */
  depthDays: z.number().min(0).exactOptional(),
  /** Required time inside the window that is not held; absent = unknown, which is not zero. */
  missingSeconds: seconds.exactOptional(),
});
export type CameraVerdict = z.infer<typeof cameraVerdict>;

const facilityVerdict = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  /** `commissioning` facilities owe nothing yet; `closed` ones still owe their recordings. */
  standing: z.enum(['commissioning', 'in-service', 'suspended', 'closed']),
  /** False = no box of it ever sent a beat. */
  connected: z.boolean(),
  /** The worst of its cameras; `unknown` if it has none, since a facility without cameras shows nothing. */
  state: retentionState,
  reason: z.string().max(100),
  /** Days that have to be kept. */
  requiredDays: z.number().int(),
  cameras: z.array(cameraVerdict),
});
export type FacilityVerdict = z.infer<typeof facilityVerdict>;

export const retentionPage = pageOf(facilityVerdict).extend({ asOf: instant });
export type RetentionPage = z.infer<typeof retentionPage>;

const retentionDay = z.strictObject({
  day: localDay,
  requiredSeconds: seconds,
  /** Recorded as reported by the hour. */
  heldSeconds: seconds,
  /** Time before the first report that the recorder claims to hold. */
  declaredSeconds: seconds,
  missingSeconds: seconds,
  unknownSeconds: seconds,
});

export const facilityRetentionView = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  asOf: instant,
  requiredDays: z.number().int(),
  cameras: z.array(cameraVerdict.extend({ retiredAt: instant.exactOptional(), days: z.array(retentionDay).max(400) })),
});
export type FacilityRetentionView = z.infer<typeof facilityRetentionView>;

const uptimeDay = z.strictObject({
  day: localDay,
  requiredSeconds: seconds,
  /** Shown to be monitored, in time. */
  shownSeconds: seconds,
  /** Not shown in time: the union of the gaps of all boxes. */
  missingSeconds: seconds,
  /** Before the first connection, or while a box said that it does not know. Never counted as shown. */
  unknownSeconds: seconds,
  /** Minutes inside the gaps begun that day that reached us late (store and forward): shown, but not in time. */
  shownLateMinutes: z.number().min(0),
});

export const uptimeView = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  asOf: instant,
  zone: z.string().max(64),
  /** First beat of any box; absent = never connected. */
  connectedAt: instant.exactOptional(),
  days: z.array(uptimeDay).max(400),
  gaps: z.array(
    z.strictObject({
      subject: z.string().max(100),
      reason: z.string().max(100),
      from: instant,
      /** Absent = still going on. */
      to: instant.exactOptional(),
      shownLateMinutes: z.number().min(0),
    }),
  ),
});
export type UptimeView = z.infer<typeof uptimeView>;

/** A CSV too large for an answer was kept; fetch it at `link` with the same token within the export's life. */
export const exportView = z.strictObject({
  export: z.string().max(200),
  link: z.string().max(300),
  bytes: z.number().int(),
});
export type ExportView = z.infer<typeof exportView>;
