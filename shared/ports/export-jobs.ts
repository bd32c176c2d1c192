import type { Role } from '../domain/access.ts';
import type { Action } from '../domain/authorize.ts';

/** What was asked for, as it was asked. */
export interface ExportAsked {
  readonly of: 'retention' | 'incidents' | 'checks' | 'coverage' | 'uptime' | 'department';
  readonly division?: string;
  readonly facility?: string;
  /** Local days. */
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  readonly format: 'csv' | 'xlsx';
  readonly department?: NonNullable<Role['department']>;
}

/** What is sent to have an export made, or carried on with. */
export interface ExportWork {
  readonly export: string;
}

/** One export and how far it has come. Its rows lie in numbered parts, so that a run goes on where the last one was. */
export interface ExportJob {
  readonly id: string;
  /** `<issuer>|<subject>` of who asked. */
  readonly owner: string;
  readonly asked: ExportAsked;
  /** What a reader must be allowed to read. */
  readonly covers: {
    readonly action: Action;
    readonly divisions: readonly string[];
    readonly facilities: readonly { readonly facilityId: string; readonly division: string }[];
    /** Of incidents: every one of these roles must still be held. */
    readonly roles?: readonly Role[];
  };
  readonly askedAtMs: number;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** What is done: facilities, or incidents; and how many there are, where that is known. */
  readonly done: number;
  readonly total?: number;
  /** Where the next run goes on; absent = at the beginning, or at the end once there is nothing left. */
  readonly cursor?: string;
  readonly isRead: boolean;
  readonly parts: number;
  readonly bytes?: number;
  /** Code of the problem for which it failed. */
  readonly reason?: string;
  readonly revision: number;
}

/** Exports and how far they are. Reads are strongly consistent. Throws `UnavailableError`. */
export interface ExportJobs {
  read(id: string): Promise<ExportJob | undefined>;
  /** Compare-and-set: the stored revision must be `next.revision − 1`; 1 = there must be none. False = read again. */
  save(next: ExportJob): Promise<boolean>;
}

export interface ExportFile {
  readonly type: string;
  readonly content: Uint8Array;
}

/** What is kept of exports, for a week. Throws `UnavailableError`. */
export interface ExportFiles {
  /** Putting a part again replaces it. */
  putPart(id: string, part: number, rows: Uint8Array): Promise<void>;
  /** Absent = never written or expired. */
  readPart(id: string, part: number): Promise<Uint8Array | undefined>;
  putFile(id: string, file: ExportFile): Promise<void>;
  /** A link that opens the file without a token, for so many seconds. Whether it is there is not looked at. */
  linkTo(id: string, name: string, seconds: number): Promise<string>;
}
