import type { FacilityWindows, PastWindows } from '../domain/windows/windows.ts';

export interface WindowStore {
  /** Strongly consistent; absent = none was ever registered. */
  read(facilityId: string): Promise<FacilityWindows | undefined>;
  /** Compare-and-set: the stored revision must be `next.revision − 1` (0 = absent). False = read again. */
  save(next: FacilityWindows): Promise<boolean>;
  /** Keeps windows that are about to be trimmed, for good. Keeping the same again is keeping it once. */
  keepPast(facilityId: string, past: PastWindows): Promise<void>;
  /** Those that were kept, of each kind, the latest end first, at most `limit` together. */
  past(facilityId: string, limit: number): Promise<PastWindows>;
}
