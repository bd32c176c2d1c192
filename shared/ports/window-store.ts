import type { FacilityWindows } from '../domain/windows.ts';

export interface WindowStore {
  /** Strongly consistent; absent = none was ever registered. */
  read(facilityId: string): Promise<FacilityWindows | undefined>;
  /** Compare-and-set: the stored revision must be `next.revision − 1` (0 = absent). False = read again. */
  save(next: FacilityWindows): Promise<boolean>;
}
