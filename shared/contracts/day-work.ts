import * as z from 'zod';
import { facilityIdPattern } from './patterns.ts';

/*
 * The messages by which `close-day` shares a day's work out. Each may come twice, and late.
 */

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** One facility and the local day that ended: to `seal`, `draw` and `purge`. */
export const dayWork = z.strictObject({ facility: z.string().regex(facilityIdPattern), day });
export type DayWork = z.infer<typeof dayWork>;

/** The region, once its facilities are sealed. */
const regionWork = z.strictObject({ region: z.string().min(1).max(100), day });

/** What `seal` is asked for. */
export const sealWork = z.union([dayWork, regionWork]);
export type SealWork = z.infer<typeof sealWork>;
