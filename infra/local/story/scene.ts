import type { RetentionPage, UptimeView } from '../../../shared/contracts/audit.ts';
import type { IncidentView } from '../../../shared/contracts/desk.ts';
import type { Letter } from '../inbox/letters.ts';
import type { Proof } from './proof.ts';

/** What came of the one answer by link: the status of each request. */
export interface LinkTrial {
  readonly incident: string;
  readonly opened: number;
  /** How the incident stood after the page was opened. */
  readonly stateAfterLooking: IncidentView['state'];
  readonly answered: number;
  readonly again: number;
}

/** What the public API, the people's inbox and the boxes' screens have shown so far. */
export interface Seen {
  readonly incidents: readonly IncidentView[];
  readonly retention: readonly RetentionPage['items'][number][];
  /** Of the nursery that only beats. */
  readonly uptime: UptimeView | undefined;
  /** What reached the people of the demo. */
  readonly letters: readonly Letter[];
  /** Windows that the officer registered, by facility. */
  readonly windows: ReadonlyMap<string, string>;
  readonly link: LinkTrial | undefined;
  /** Lines of the boxes' screens. */
  readonly screens: readonly string[];
  /** How long the platform's own test alarm was on its way. No public route tells: it is read by an operator. */
  readonly canaryMs: number | undefined;
  /** What the auditor took away; absent = not yet. */
  readonly proof?: Proof;
}

/** One thing that a newcomer must be able to see. `missing` says what is not there yet; undefined = it is. */
export interface Scene {
  readonly name: { readonly zh: string; readonly en: string };
  readonly missing: (seen: Seen) => string | undefined;
}

/** The first fault of several. */
export const first = (...faults: readonly (string | undefined)[]): string | undefined =>
  faults.find((fault) => fault !== undefined);
