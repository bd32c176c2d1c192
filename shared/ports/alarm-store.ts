import type { AlarmReport } from '../domain/reports.ts';
import type { KeptReport, PutOutcome } from './record-store.ts';

/** Keys and records of alarms: a table of its own, shared with no flood. */
export interface AlarmStore {
  /** Strongly consistent. */
  isKeyLive(facilityId: string, box: string, key: string): Promise<boolean>;
  putKey(facilityId: string, box: string, key: string): Promise<void>;
  removeKey(facilityId: string, box: string, key: string): Promise<void>;
  read(facilityId: string, box: string, id: string): Promise<KeptReport<AlarmReport> | undefined>;
  /** Put if absent on (box, id); else compares the digest. */
  put(facilityId: string, box: string, kept: KeptReport<AlarmReport>): Promise<PutOutcome>;
}
