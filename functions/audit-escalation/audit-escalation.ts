import {
  type Beats,
  type Late,
  lateOf,
  needsLedger,
  type SystemFault,
  systemFaults,
} from '../../shared/domain/delivery/escalation-audit.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Watchdog } from '../../shared/ports/channel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LedgerStore, SystemBeats } from '../../shared/ports/delivery-store.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';

/** Incidents about which the ledger is asked at the same time. */
const AT_ONCE = 16;

export interface AuditDependencies {
  readonly incidents: Pick<IncidentStore, 'scan'>;
  readonly ledger: Pick<LedgerStore, 'ofIncident'>;
  readonly beats: SystemBeats;
  /** Absent = nobody outside is told; our own alarms remain. */
  readonly watchdog: Watchdog | undefined;
  readonly clock: Clock;
  readonly tell: Tell;
}

export interface EscalationReport {
  readonly incidents: number;
  readonly late: readonly Late[];
  readonly faults: readonly SystemFault[];
  /** How long the last canary was on its way; absent = none came. */
  readonly roundTripMs?: number;
  /** Whether the outside watchdog took its feed; `no-address` where none is configured. */
  readonly watchdog: 'fed' | 'withheld' | 'no-address' | 'refused';
}

/**
 * Proves that every live incident's next step is on time and that our own parts are alive, and only then feeds the
 * watchdog outside. It changes nothing: dying at any line of it only leaves the watchdog hungry, which is the alarm.
 */
export const makeAuditEscalation =
  ({ incidents, ledger, beats, watchdog, clock, tell }: AuditDependencies) =>
  async (): Promise<EscalationReport> => {
    const nowMs = clock();
    const shown = await beats.read();
    const faults = systemFaults(shown, nowMs);
    const late: Late[] = [];
    let count = 0;
    for await (const page of incidents.scan()) {
      count += page.length;
      await inParallel(page, AT_ONCE, async (incident) => {
        late.push(...(await lateIn(ledger, incident, nowMs)));
      });
    }
    for (const fault of faults) tell(fault, 'system', lastLife(shown, fault));
    for (const { incidentId, what, detail } of late) tell(what, incidentId, detail);
    const isOnTime = faults.length === 0 && late.length === 0;
    return {
      incidents: count,
      late,
      faults,
      ...roundTrip(shown),
      watchdog: isOnTime ? await feed(watchdog, tell) : 'withheld',
    };
  };

const lateIn = async (
  ledger: AuditDependencies['ledger'],
  incident: Incident,
  nowMs: number,
): Promise<readonly Late[]> =>
  lateOf(incident, needsLedger(incident, nowMs) ? await ledger.ofIncident(incident.id) : [], nowMs);

const shownBy: Readonly<Record<SystemFault, string>> = {
  'sweep-missing': 'watch',
  'canary-not-rung': 'canary-rung',
  'canary-late': 'canary-delivered',
};

/** Right after a deployment nothing has come yet, which is no fault of any part; it is not proved either. */
const lastLife = (beats: Beats, fault: SystemFault): string => {
  const last = beats.get(shownBy[fault]);
  return last === undefined ? 'none has come yet' : `the last was at ${new Date(last.atMs).toISOString()}`;
};

const roundTrip = (beats: Beats): { readonly roundTripMs?: number } => {
  const value = beats.get('canary-delivered')?.value;
  return value === undefined ? {} : { roundTripMs: value };
};

const feed = async (
  watchdog: Watchdog | undefined,
  tell: AuditDependencies['tell'],
): Promise<EscalationReport['watchdog']> => {
  if (watchdog === undefined) return 'no-address';
  try {
    await watchdog.feed();
    return 'fed';
  } catch (cause) {
    tell('watchdog-refused', 'system', cause);
    return 'refused';
  }
};
