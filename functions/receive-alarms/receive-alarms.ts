import { KeyNotLiveError, UnavailableError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { alarmIncidentId, type Incident, type PendingNotice } from '../../shared/domain/incident.ts';
import { openAlarm, UNKNOWN_DIVISION } from '../../shared/domain/incidents/open.ts';
import { claimDue } from '../../shared/domain/incidents/outbox.ts';
import type { AlarmReport } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import type { TakenReport, TakeReport } from '../../shared/domain/taken-report.ts';
import type { FacilityWindows } from '../../shared/domain/windows/windows.ts';
import type { AlarmStore } from '../../shared/ports/alarm-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import type { NoticePublisher } from '../../shared/ports/notice-publisher.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { WindowStore } from '../../shared/ports/window-store.ts';
import { publishNotices } from '../../shared/use-cases/publish-notices.ts';

export interface AlarmDependencies {
  readonly alarms: Pick<AlarmStore, 'isKeyLive' | 'read' | 'put'>;
  readonly incidents: Pick<IncidentStore, 'putIfAbsent' | 'read' | 'save'>;
  readonly registry: Pick<RegistryStore, 'readFacility'>;
  /** Asked only about an alarm that says it is a drill. */
  readonly windows: Pick<WindowStore, 'read'>;
  readonly publisher: NoticePublisher;
  /** The pack in force for a facility. One that the registry does not know is nowhere, where the national floor stands. */
  readonly packFor: (facility: Pick<Facility, 'division' | 'pack'>, nowMs: number) => RulePack;
  /** Dates the publishing; without one it is dated at the arrival. */
  readonly clock?: Clock;
}

interface DepartmentAt {
  readonly department: string;
  readonly at: string;
}

/** What the box may show about its alarm. Published is not told. */
export interface AlarmReceipt {
  readonly incident: string;
  readonly published: readonly DepartmentAt[];
  /** A channel of a person of that department took it. */
  readonly delivered: readonly DepartmentAt[];
  /** A person of that department said so by an answer link. */
  readonly seen: readonly DepartmentAt[];
  readonly state: Incident['state'];
}

/** The live incident of a report, and what this call has to publish of it. Absent = closed and kept long ago. */
type Opened = { readonly incident: Incident; readonly claimed: readonly PendingNotice[] } | 'gone' | 'id-reused';

/**
 * Takes one alarm: saved as a live incident that already holds its notices, recorded, published, answered. Nothing
 * about its age, its drill flag, the state of the facility or what else is open delays it.
 */
export const makeReceiveAlarm =
  (dependencies: AlarmDependencies): TakeReport<AlarmReport> =>
  async (sender, report, digest) => {
    const { alarms, registry, packFor } = dependencies;
    const [isLive, kept, facility, windows] = await Promise.all([
      alarms.isKeyLive(sender.facilityId, sender.box, sender.key),
      alarms.read(sender.facilityId, sender.box, report.id),
      registry.readFacility(sender.facilityId),
      report.drill ? readWindows(dependencies, sender.facilityId) : undefined,
    ]);
    if (!isLive) throw new KeyNotLiveError(`this key may not sign for box ${sender.facilityId}/${sender.box}`);
    if (kept !== undefined && kept.digest !== digest) return { result: 'rejected', reason: 'id-reused' };
    const pack = packFor(facility ?? { division: UNKNOWN_DIVISION }, sender.receivedMs);
    const isRecorded = kept !== undefined;
    const opened = await open(dependencies, { sender, report, digest, isRecorded, facility, pack, windows });
    if (opened === 'id-reused') return { result: 'rejected', reason: 'id-reused' };
    // Dying before this put: the incident is there and the sweep publishes it; the box, unanswered, sends it again and
    // the record is made then. A live incident is never removed before its record exists.
    const outcome = isRecorded
      ? 'same'
      : await alarms.put(sender.facilityId, sender.box, {
          report,
          digest,
          receivedMs: sender.receivedMs,
          key: sender.key,
        });
    if (outcome === 'id-reused') return { result: 'rejected', reason: 'id-reused' };
    // Dying from here on: saved and recorded; the sweep publishes what is owed as soon as its next try is due.
    const incident = opened === 'gone' ? undefined : await publish(dependencies, sender, opened, { facility, pack });
    return answered(outcome, report, alarmIncidentId(sender.facilityId, sender.box, report.id), incident);
  };

interface Arrival {
  readonly sender: Sender;
  readonly report: AlarmReport;
  readonly digest: string;
  readonly isRecorded: boolean;
  readonly facility: Facility | undefined;
  readonly pack: RulePack;
  /** Absent = none, or nobody could say: the alarm is real. */
  readonly windows: FacilityWindows | undefined;
}

/** What cannot be read makes no drill: the alarm goes out as real, and marked. Nothing waits for a second try. */
const readWindows = async (
  { windows }: AlarmDependencies,
  facilityId: string,
): Promise<FacilityWindows | undefined> => {
  try {
    return await windows.read(facilityId);
  } catch {
    return undefined;
  }
};

/**
 * A record is made after its incident, so a recorded alarm whose incident is gone was closed by a person and kept:
 * sending it again opens nothing. A repeat publishes all that is still owed, due or not: its first call may have died.
 */
const open = async ({ incidents }: AlarmDependencies, arrival: Arrival): Promise<Opened> => {
  const { sender, report, digest, facility, pack, windows } = arrival;
  const drafted = claimDue(openAlarm(report, digest, sender, facility, pack, windows), sender.receivedMs);
  // Dying before this put: nothing is saved, the box sends it again. After: the alarm can no longer be lost.
  if (!arrival.isRecorded && (await incidents.putIfAbsent(drafted.incident))) return drafted;
  const there = await incidents.read(drafted.incident.id);
  if (there === undefined) return arrival.isRecorded ? 'gone' : moved(drafted.incident.id);
  if (there.alarm?.digest !== digest) return 'id-reused';
  return { incident: there, claimed: there.outbox };
};

/** It was there a moment ago and is not now: only asking again tells what became of it. */
const moved = (id: string): never => {
  throw new UnavailableError(`incident ${id} went away while it was being read`);
};

const publish = async (
  { incidents, publisher, clock }: AlarmDependencies,
  sender: Sender,
  { incident, claimed }: Exclude<Opened, string>,
  setting: { readonly facility: Facility | undefined; readonly pack: RulePack },
): Promise<Incident> => {
  const publishing = {
    keeping: { incidents },
    publisher,
    clock: clock ?? (() => sender.receivedMs),
    by: 'receive-alarms',
  };
  return (await publishNotices(publishing, incident, claimed, setting)).incident;
};

/** Nothing about an abuse alarm comes back to the box, whose screen the one accused may see. */
const answered = (
  outcome: 'put' | 'same',
  report: AlarmReport,
  id: string,
  incident: Incident | undefined,
): TakenReport => {
  const result = outcome === 'put' ? 'accepted' : 'duplicate';
  return report.kind === 'abuse' ? { result } : { result, receipt: receiptOf(id, incident) };
};

const timesOf = (
  { published }: Incident,
  at: 'publishedAtMs' | 'deliveredAtMs' | 'seenAtMs',
): readonly DepartmentAt[] =>
  published.flatMap(({ department, [at]: atMs }) =>
    atMs === undefined ? [] : [{ department, at: new Date(atMs).toISOString() }],
  );

const receiptOf = (id: string, incident: Incident | undefined): AlarmReceipt => ({
  incident: id,
  published: incident ? timesOf(incident, 'publishedAtMs') : [],
  delivered: incident ? timesOf(incident, 'deliveredAtMs') : [],
  seen: incident ? timesOf(incident, 'seenAtMs') : [],
  state: incident?.state ?? 'closed',
});
