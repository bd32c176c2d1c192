import type { AlarmReceipt } from '../domain/notices/alarm-receipt.ts';
import type { BoxVitals, CoverageVitals, FacilityRows, FacilityVitals } from '../domain/vitals.ts';

/** Facts of a beat on its normal path. */
export interface PlainBeat {
  readonly facilityId: string;
  readonly box: string;
  readonly key: string;
  readonly seq: number;
  readonly nowMs: number;
  readonly facts: string;
  /** The offset must lie within these bounds of the row's: `[offsetMs − 30 s, offsetMs + 30 s]`. */
  readonly offsetMs: number;
}

/** What a beat on its normal path gets to know of its row, from the write itself. */
export interface BeatTaken {
  /** After how long the box is silent, from which it hears its pace. */
  readonly silentAfterMs: number;
  readonly receipts?: readonly AlarmReceipt[];
}

/**
 * A change of some attributes of a row. `undefined` removes an attribute; one that is not named stays.
 * `revision` and the row's key cannot be patched: every patch raises the revision by one.
 */
export type Patch<T> = {
  readonly [K in keyof Omit<T, 'revision' | 'facilityId' | 'box' | 'receipts'>]?: T[K] | undefined;
};

/** What a row is judged by before it may be looked at. Everything the sweep's filter needs. */
export interface CandidateFilter {
  readonly nowMs: number;
  readonly packSet: string;
  readonly slot: number;
  readonly segment: number;
  readonly segments: number;
}

/** The vitals table. Throws `UnavailableError` when the engine does not answer. */
export interface VitalsStore {
  /**
   * One conditional write, nothing read: key live with a lower sequence, not silent, same facts, same offset.
   * Absent when any of these does not hold (the slow path finds out which).
   */
  beat(beat: PlainBeat): Promise<BeatTaken | undefined>;

  readBox(facilityId: string, box: string): Promise<BoxVitals | undefined>;
  /**
   * Compare-and-set on `revision` **and** `beatAtMs` (a plain beat moves only the latter). False = somebody was
   * faster: read again, decide again. `seq`, if given, also moves that key's sequence and requires the key live.
   */
  patchBox(read: BoxVitals, patch: Patch<BoxVitals>, seq?: { key: string; seq: number }): Promise<boolean>;

  /**
   * Keeps what became of an alarm in the row of its box, if there is one: of the two latest alarms, and never back behind
   * a later revision. Nothing is read; noting the same again changes nothing.
   */
  noteReceipt(facilityId: string, box: string, receipt: AlarmReceipt): Promise<void>;

  readCoverage(facilityId: string, box: string): Promise<CoverageVitals | undefined>;
  patchCoverage(
    read: CoverageVitals,
    patch: Patch<CoverageVitals>,
    seq?: { key: string; seq: number },
  ): Promise<boolean>;

  readFacility(facilityId: string): Promise<FacilityVitals | undefined>;
  /** Compare-and-set on `revision`, and on `registryVersion` as read. */
  patchFacility(read: FacilityVitals, patch: Patch<FacilityVitals>): Promise<boolean>;

  /**
   * Somebody of the facility saw a notice. Only ever moves forward; one write, nothing read, no revision raised: it makes
   * no decision on the row lose its race. A facility without a row stays without.
   */
  facilitySeen(facilityId: string, atMs: number): Promise<void>;

  /** Every row of a facility, strongly consistent. */
  readRows(facilityId: string): Promise<FacilityRows | undefined>;

  /**
   * Facility ids with a row that is worth a look: silent, due, marked, judged by another pack set, or in this
   * minute's slot. Eventually consistent, one segment of a parallel scan; may name a facility more than once.
   */
  candidates(filter: CandidateFilter): AsyncIterable<readonly string[]>;

  /** Registry only. Puts the row if absent, else sets `dueAtMs = 0` and `registryVersion`. */
  announceFacility(facilityId: string, registryVersion: number, slot: number): Promise<void>;
  /** Registry only. Creates both rows of a box if absent. From `nowMs` on it owes its beats. */
  announceBox(facilityId: string, box: string, silentAfterMs: number, nowMs: number): Promise<void>;
  /** Registry only. Adds the key to both rows (sequence −1) unless it is there already. */
  admitKey(facilityId: string, box: string, key: string): Promise<void>;
  /** Registry only. After it returns, no report signed with the key moves the vitals. */
  revokeKey(facilityId: string, box: string, key: string): Promise<void>;
}
