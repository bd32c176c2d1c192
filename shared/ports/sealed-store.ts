import type { FacilityState } from '../domain/facility-shown.ts';
import type { CompactRange } from '../evidence/compact-range.ts';
import type { NoteKey, NoteSigner } from '../evidence/note-key.ts';

/** Objects named by SHA-256 of their bytes (64 hexadecimal digits), which nobody may overwrite or delete. */
export interface SealedObjects {
  /** Answers the address. Putting the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<string>;
  /** Checked against its address: other bytes are thrown as `EvidenceError` `changed-byte`. Absent = not there. */
  read(address: string): Promise<Uint8Array | undefined>;
}

/** Whoever signs checkpoints, and whose signatures a reader has to know: the keys now and before. */
export interface LogKeys {
  readonly signer: NoteSigner;
  readonly keys: readonly NoteKey[];
}

/** How far a log has grown. Its leaves are `SealedDay`s (of a facility) or checkpoints of facilities (of a region). */
export interface LogHead {
  readonly origin: string;
  readonly range: CompactRange;
  /** Last local day that is in it; absent in a log without leaves. */
  readonly lastDay?: string;
  /** Address of the last leaf. */
  readonly last?: string;
  /**
   * Of a region: the log as it was before its last day. With the leaves of that day it makes the proof of each of them,
   * without the years before. Absent = not kept.
   */
  readonly before?: CompactRange;
  /** 1 = the first. */
  readonly revision: number;
}

/**
 * One day of a facility, decided once: whoever comes later goes on with this one. A day of a region is decided in the same
 * way, under the name `region/<region>`: its `statement` is the list of the day's checkpoints (`regionalDayFile`), its
 * `number` the place of the first of them.
 */
export interface SealedDay {
  readonly facility: string;
  readonly day: string;
  /** Its place in the log of the facility. */
  readonly number: number;
  /** Address of the statement's bytes. */
  readonly statement: string;
  /** Address of the leaves of the day tree, as `leavesFile` writes them; absent for a day without records. */
  readonly leaves?: string;
  /** RFC 6962 hash of the statement as a leaf, hexadecimal. */
  readonly leafHash: string;
  /** What the list of those that could not show their days says of it; decided with the day. Absent = it is not listed. */
  readonly notShown?: Pick<NotShown, 'division' | 'state' | 'reason'>;
}

/** A facility that could not show its days at the end of a local day. Only those are listed. */
export interface NotShown {
  readonly facility: string;
  readonly division: string;
  readonly day: string;
  readonly state: Exclude<FacilityState, 'held'>;
  readonly reason: string;
}

/** How far the sealing of one local day of the whole stack has come. */
export interface SealRun {
  readonly day: string;
  /** Where the asking goes on; absent = every facility has been asked for. */
  readonly cursor?: string;
  readonly asked: number;
  readonly step: 'asking' | 'sealing' | 'sealed';
  /** When the facilities that are behind, or the region, were last asked for. */
  readonly askedAtMs?: number;
  readonly revision: number;
}

/** What the verifier of the stack found right. */
export interface VerifiedLog {
  readonly size: number;
  readonly root: string;
  readonly atMs: number;
  /** Of a facility: what was found right the time before. */
  readonly earlier?: { readonly size: number; readonly atMs: number };
}

/** One leaf of a region's log: the checkpoint of a facility as it stood that day. */
export interface RegionalLeaf {
  readonly region: string;
  readonly index: number;
  readonly facility: string;
  /** Size of the facility's log in that checkpoint. */
  readonly size: number;
  readonly day: string;
  readonly leafHash: string;
}

/** The heads and indexes of all logs. Reads are strongly consistent. Throws `UnavailableError`. */
export interface LogStore {
  readHead(origin: string): Promise<LogHead | undefined>;
  /** Compare-and-set: the stored revision must be `next.revision − 1`. False = somebody was faster. */
  saveHead(next: LogHead): Promise<boolean>;

  /** Put if absent; answers the one that stands. */
  decideDay(day: SealedDay): Promise<SealedDay>;
  readDay(facility: string, day: string): Promise<SealedDay | undefined>;
  /** Days `[fromDay, toDay]`, in order. */
  days(facility: string, fromDay: string, toDay: string): Promise<readonly SealedDay[]>;

  /** Put if absent on (origin, size); answers the signed note that stands. */
  decideCheckpoint(origin: string, size: number, note: Uint8Array): Promise<Uint8Array>;
  readCheckpoint(origin: string, size: number): Promise<Uint8Array | undefined>;

  /** Put if absent on (region, index); answers the one that stands. */
  decideRegionalLeaf(leaf: RegionalLeaf): Promise<RegionalLeaf>;
  /** Leaves `[fromIndex, toIndex)`, in order; those that are decided and not yet in the log, too. */
  regionalLeaves(region: string, fromIndex: number, toIndex: number): Promise<readonly RegionalLeaf[]>;
  /** The leaf of a facility's checkpoint of that size. */
  readRegionalLeaf(region: string, facility: string, size: number): Promise<RegionalLeaf | undefined>;

  /** Lists a facility as not shown on a day; repeating is harmless. */
  putNotShown(one: NotShown): Promise<void>;
  /** Of one county (6 digits) and day, by facility. */
  listNotShown(county: string, day: string): Promise<readonly NotShown[]>;

  readRun(day: string): Promise<SealRun | undefined>;
  /** Compare-and-set like `saveHead`. */
  saveRun(next: SealRun): Promise<boolean>;

  /** What the verifier of the stack last found right: the log may only have grown since. */
  readVerified(origin: string): Promise<VerifiedLog | undefined>;
  saveVerified(origin: string, found: VerifiedLog): Promise<void>;
}
