import type { Fault } from './errors.ts';
import type { AlarmReceipt } from './notices/alarm-receipt.ts';
import type { SequencedReport } from './reports.ts';
import type { Sender } from './sender.ts';

/** How one report of a request was taken. `rejected` is final: the box parks it, shows it and goes on. */
export type ReportOutcome =
  | { readonly result: 'accepted'; readonly late?: true }
  | { readonly result: 'duplicate' }
  | { readonly result: 'superseded'; readonly lastSeq: number }
  | Rejected;

/** `faults`: what is wrong with which field, where the reason alone does not say it. */
export interface Rejected {
  readonly result: 'rejected';
  readonly reason: RejectReason;
  readonly faults?: readonly Fault[];
}

export const rejected = (reason: RejectReason): Rejected => ({ result: 'rejected', reason });

/** It fits its schema, and cannot be so. */
export const rejectedFor = (pointer: string, message: string): Rejected => ({
  ...rejected('invalid'),
  faults: [{ pointer, message }],
});

export type RejectReason =
  | 'id-reused'
  | 'invalid'
  | 'unknown-camera'
  | 'unknown-class'
  | 'corrects-another'
  // An answer to nothing that this box was asked; the first final answer stands; bytes were asked for, or presence.
  | 'unknown-challenge'
  | 'already-answered'
  | 'wrong-kind';

/** How one report was taken. */
export type TakenReport = ReportOutcome & {
  /** Alarms: what became of its notices. */
  readonly receipt?: unknown;
  /** Heartbeats: when to beat again, where the row was read and its pace is known. The box keeps the last it was told. */
  readonly nextBeatSeconds?: number;
  /** Heartbeats: what became of the box's latest alarms. */
  readonly alarms?: readonly AlarmReceipt[];
};

/**
 * Takes one report of a verified sender. `digest` is SHA-256 (hex) of the canonical report, by which a reused id is told
 * apart. Throws `KeyNotLiveError` (the whole request is refused), `UnavailableError` or `ConflictError` (the box sends
 * the request again; taking a report twice is taking it once).
 */
export type TakeReport<R> = (sender: Sender, report: R, digest: string) => Promise<TakenReport>;

/** The same for a sequenced stream: its sequence tells a repeat, so no digest is made. */
export type TakeSequencedReport<R extends SequencedReport> = (sender: Sender, report: R) => Promise<TakenReport>;
