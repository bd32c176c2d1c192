import type { ReportBase } from './reports.ts';
import { DAY_MS } from './time.ts';

/** Who sent a request and when, once its signature has been verified. */
export interface Sender {
  readonly facilityId: string;
  readonly box: string;
  /** Raw Ed25519 public key, base64url, from the `keyid`. */
  readonly key: string;
  /** `created` of the signature, by the box's clock. */
  readonly createdMs: number;
  /** Our clock when the request arrived. */
  readonly receivedMs: number;
}

const LONGEST_AGE_MS = 90 * DAY_MS;
/** `created` has whole seconds: a report of that very second looks as if it were yet to come. */
const CREATED_STEP_MS = 1_000;

/**
 * How old a report is: the box's monotonic age within one boot; else `created − time` if that lies in [0, 90 d];
 * else unknown. The clocks of both instants are the box's, so a wrong clock cancels out.
 */
export const ageOf = (report: ReportBase, sender: Sender): number | 'unknown' => {
  if (report.ageMs !== undefined) return report.ageMs;
  const ageMs = sender.createdMs - report.timeMs;
  return ageMs > -CREATED_STEP_MS && ageMs <= LONGEST_AGE_MS ? Math.max(0, ageMs) : 'unknown';
};

/** `received − created`: how far the box's clock is off. A fact, never a reason to lock a box out. */
export const offsetOf = (sender: Sender): number => sender.receivedMs - sender.createdMs;
