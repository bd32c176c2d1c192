import type { Grant } from '../domain/access.ts';
import type { Box, Facility } from '../domain/facility.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly cursor?: string;
}

/** One audited change: who changed what, when. Never holds personal data beyond the subject. */
export interface Change {
  readonly atMs: number;
  readonly id: string;
  readonly by: string;
  readonly what: string;
  readonly version: number;
}

export interface RegistryStore {
  /** Strongly consistent. */
  readFacility(facilityId: string): Promise<Facility | undefined>;
  /** Put if the stored version is `facility.version − 1` (0 = absent). False = somebody else was faster. */
  putFacility(facility: Facility): Promise<boolean>;
  /** Facilities under a division prefix of 2 to 12 digits, by county and id. Re-read each before showing it. */
  listFacilities(divisionPrefix: string, limit: number, cursor?: string): Promise<Page<Facility>>;
  /** County codes (6 digits) under a prefix that ever had a facility. */
  listCounties(divisionPrefix: string): Promise<readonly string[]>;

  readBox(facilityId: string, box: string): Promise<Box | undefined>;
  listBoxes(facilityId: string): Promise<readonly Box[]>;
  putBox(box: Box): Promise<void>;

  /** Strongly consistent: may this key sign for this box now? Read by checks, logs and recordings. */
  isKeyLive(facilityId: string, box: string, key: string): Promise<boolean>;
  putKey(facilityId: string, box: string, key: string): Promise<void>;
  removeKey(facilityId: string, box: string, key: string): Promise<void>;

  /** `owner`: a facility id, the subject (`<issuer>|<sub>`) of a grant, or a post id. Appending the same id twice is once. */
  appendChange(owner: string, change: Change): Promise<void>;
  /** An erasure is a change of a facility, kept where whoever may note it can write nothing else. */
  appendErasure(facilityId: string, change: Change): Promise<void>;
  /** Newest first. */
  listChanges(owner: string, limit: number, cursor?: string): Promise<Page<Change>>;

  readGrant(subject: string): Promise<Grant | undefined>;
  /** Compare-and-set like `putFacility`. */
  putGrant(grant: Grant): Promise<boolean>;
  removeGrant(subject: string): Promise<void>;
  listGrants(limit: number, cursor?: string): Promise<Page<Grant>>;
}
