import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { makeReceiveAlarm } from '../../functions/receive-alarms/receive-alarms.ts';
import { makeReceiveCoverage } from '../../functions/receive-coverage/receive-coverage.ts';
import { makeReceiveHeartbeat } from '../../functions/receive-heartbeats/receive-heartbeats.ts';
import type { SweepLimits, WatchDependencies } from '../../functions/watch/dependencies.ts';
import { makeWatch, type SweepReport } from '../../functions/watch/watch.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Notice } from '../../shared/domain/notices/notice.ts';
import type { Contact } from '../../shared/domain/people/roster.ts';
import type { AlarmReport, CameraCoverage, HeartbeatReport } from '../../shared/domain/reports.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import type { TakenReport } from '../../shared/domain/taken-report.ts';
import type { EvidenceStore } from '../../shared/ports/evidence-store.ts';
import { packFor, packSet } from '../../shared/rule-packs/index.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { type KeepIncident, makeKeepIncident } from '../../shared/use-cases/keep-incident.ts';
import { makePersonId } from '../../shared/use-cases/person-id.ts';
import {
  memoryAlarmStore,
  memoryChallengeStore,
  memoryEvidenceStore,
  memoryIncidentStore,
  memoryNoticePublisher,
  memoryPersonSalt,
  memoryReachStore,
  memoryRecordStore,
  memoryRegistryStore,
  memoryRosterStore,
  memoryVitalsStore,
  memoryWindowStore,
} from './memory-stores.ts';
import { nursery } from './nursery.ts';

/** A day on which every scenario may start: Monday 2 March 2026, by the clock of the nursery. */
export const at = (time: string, day = '2026-03-02'): number => Date.parse(`${day}T${time}+08:00`);

const KEY = 'key';
/** Minute of the day in which no scenario plays, so that the daily assessment does not look by chance. */
const QUIET_SLOT = 1;

/** A guard is on shift, every child goes home and the head has seen a notice for as long as any scenario plays. */
const cared = {
  guardUntilMs: Date.parse('2100-01-01T00:00:00+08:00'),
  closing: { day: '2100-01-01', atMs: 0, childrenIn: 18, childrenOut: 18 },
  headSeenAtMs: Date.parse('2100-01-01T00:00:00+08:00'),
};

/** Each department has people everywhere who have seen a notice, for as long as any scenario plays. */
const everybody: Pick<WatchDependencies, 'rosters' | 'reach'> = {
  rosters: {
    read: async (post) => ({ ...post, version: 1, zone: 'Asia/Shanghai', contacts: [aContact] }),
    list: async () => ({ items: [] }),
  },
  reach: { seenAtMs: async () => Date.parse('2100-01-01T00:00:00+08:00') },
};
const aContact: Contact = {
  id: 'duty',
  name: '值班室',
  is: 'group',
  channels: [{ id: 'mail', kind: 'email', address: 'duty@example.com' }],
};

export const stores = () => ({
  vitals: memoryVitalsStore(),
  registry: memoryRegistryStore(),
  records: memoryRecordStore(),
  incidents: memoryIncidentStore(),
  alarms: memoryAlarmStore(),
  windows: memoryWindowStore(),
  challenges: memoryChallengeStore(),
  publisher: memoryNoticePublisher(),
});
export type Stores = ReturnType<typeof stores>;

/** A notice in one line: who heard what about which nursery. */
export const told = (notice: Notice): string =>
  `${notice.facilityId}: ${notice.recipient.department} ${notice.kind} ${notice.about}`;

/** The real use cases over stores in memory, with a clock that is moved by hand. */
export class Timeline {
  nowMs: number;
  readonly kept: Stores = stores();
  readonly evidence = memoryEvidenceStore();
  readonly personSalt = memoryPersonSalt();
  readonly troubles: string[] = [];
  /** People of departments, once `onlyKeptPosts`; until then each department has somebody who is reached. */
  readonly posts = { rosters: memoryRosterStore(), reach: memoryReachStore() };
  onlyKeptPosts = false;
  readonly #seq = new Map<string, number>();
  readonly #limits: Partial<SweepLimits>;
  #ids = 0;
  #expected = 0;
  #sweep: (() => Promise<SweepReport>) | undefined;

  constructor(startMs: number, limits: Partial<SweepLimits> = {}) {
    this.nowMs = startMs;
    this.#limits = limits;
  }

  readonly clock = (): number => this.nowMs;

  moveTo(time: string, day?: string): void {
    this.nowMs = at(time, day);
  }

  /**
   * Registers a nursery with box `b1` and its key, as the registry does: vitals first. It is in service from now on and
   * owes nothing but its monitoring, unless areas, cameras and classes are given: its guards and closings are logged.
   */
  async register(id: string, over: Partial<Facility> = {}, boxes: readonly string[] = ['b1']): Promise<Facility> {
    const { vitals, registry, alarms } = this.kept;
    const fresh = { state: { is: 'in-service', sinceMs: this.nowMs }, registeredAtMs: this.nowMs } as const;
    const facility = nursery(id, { ...fresh, areas: [], cameras: [], classes: [], ...over });
    await vitals.announceFacility(id, 1, QUIET_SLOT);
    const row = await vitals.readFacility(id);
    if (row) await vitals.patchFacility(row, cared);
    for (const box of boxes) {
      await vitals.announceBox(id, box, packFor(facility, this.nowMs).thresholds.silentAfterMs.value, this.nowMs);
      await vitals.admitKey(id, box, KEY);
      await alarms.putKey(id, box, KEY);
    }
    await registry.putFacility(facility);
    return facility;
  }

  /** Edits a nursery as the registry does. */
  async edit(facility: Facility, over: Partial<Facility>): Promise<Facility> {
    const next = { ...facility, ...over, version: facility.version + 1 };
    await this.kept.vitals.announceFacility(facility.id, next.version, QUIET_SLOT);
    await this.kept.registry.putFacility(next);
    return next;
  }

  sender(facilityId: string, box = 'b1', agoMs = 0): Sender {
    return { facilityId, box, key: KEY, createdMs: this.nowMs - agoMs, receivedMs: this.nowMs };
  }

  #next(facilityId: string, stream: string): number {
    const seq = (this.#seq.get(`${facilityId} ${stream}`) ?? -1) + 1;
    this.#seq.set(`${facilityId} ${stream}`, seq);
    return seq;
  }

  id(): string {
    this.#ids += 1;
    return `019cac2e-8b80-7000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  /** A signed beat that arrives now. `ageMs`: how long it lay in the queue of the box. */
  beat(facilityId: string, over: Partial<HeartbeatReport> = {}, box = 'b1'): Promise<TakenReport> {
    const report: HeartbeatReport = {
      id: this.id(),
      timeMs: this.nowMs - (over.ageMs ?? 0),
      ageMs: 0,
      seq: this.#next(facilityId, `beat ${box}`),
      monitoring: 'yes',
      alarmSystem: 'yes',
      camerasOnline: 1,
      camerasRecording: 1,
      diskUsedPercent: 40,
      queueLength: 0,
      selfTests: [{ input: 'panic', testedAtMs: this.nowMs }],
      software: '1.0.0',
      ...over,
    };
    return makeReceiveHeartbeat(this.kept)(this.sender(facilityId, box), report);
  }

  cover(facilityId: string, cameras: readonly CameraCoverage[], box = 'b1'): Promise<TakenReport> {
    const seq = this.#next(facilityId, `coverage ${box}`);
    const report = { id: this.id(), timeMs: this.nowMs, ageMs: 0, seq, cameras };
    return makeReceiveCoverage(this.kept)(this.sender(facilityId, box), report);
  }

  alarm(facilityId: string, over: Partial<AlarmReport> = {}, using: Partial<Stores> = {}): Promise<TakenReport> {
    const report: AlarmReport = {
      id: over.id ?? this.id(),
      timeMs: this.nowMs,
      ageMs: 0,
      kind: 'panic',
      area: 'play',
      confirmed: 'unknown',
      drill: false,
      ...over,
    };
    const take = makeReceiveAlarm({ ...this.kept, ...using, packFor, clock: this.clock });
    return take(this.sender(facilityId), report, `digest of ${JSON.stringify(report)}`);
  }

  /** As the sweep keeps it for the seal of its day. */
  keepIncident(evidence: Pick<EvidenceStore, 'put'> = this.evidence): KeepIncident {
    const freshSalt = (): Uint8Array => randomBytes(32);
    const keepEvidence = makeKeepEvidence({ putEvidence: (record) => evidence.put(record), freshSalt });
    return makeKeepIncident(keepEvidence, makePersonId(this.personSalt, freshSalt));
  }

  /** What a sweep stands on; `using` puts failing or racing doubles in between. */
  watching(using: Partial<WatchDependencies> = {}): WatchDependencies {
    const tell = (what: string, about: string, cause: unknown): void => {
      this.troubles.push(`${what} ${about}: ${cause instanceof Error ? cause.message : cause}`);
    };
    const keepIncident = this.keepIncident();
    const posts = this.onlyKeptPosts ? this.posts : everybody;
    return {
      ...this.kept,
      ...posts,
      keepIncident,
      packFor,
      packSet,
      clock: this.clock,
      tell,
      limits: this.#limits,
      ...using,
    };
  }

  /** The minute's sweep. Trouble that nobody planned fails the test. */
  async sweep(): Promise<SweepReport> {
    this.#sweep ??= makeWatch(this.watching());
    const report = await this.#sweep();
    expect(this.troubles).toEqual([]);
    return report;
  }

  /** A sweep at each of so many following minutes, while the given boxes beat. */
  async minutes(count: number, beating: readonly string[] = []): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      this.nowMs += 60_000;
      for (const id of beating) await this.beat(id);
      await this.sweep();
    }
  }

  /** Notices since the last expectation, in any order. */
  expectTold(...lines: readonly string[]): readonly Notice[] {
    const news = this.kept.publisher.published.slice(this.#expected);
    expect(news.map(told).sort()).toEqual([...lines].sort());
    this.#expected = this.kept.publisher.published.length;
    return news;
  }

  incidents(): readonly Incident[] {
    return [...this.kept.incidents.live.values()].sort((a, b) => a.id.localeCompare(b.id));
  }

  /** The one incident, live or kept. */
  only(): Incident {
    const all = [...this.incidents(), ...this.kept.records.kept.archived.values()];
    expect(all.map(({ id }) => id)).toHaveLength(1);
    return all[0] as Incident;
  }

  end(): void {
    const unexpected = this.kept.publisher.published.slice(this.#expected).map(told);
    expect(unexpected, 'notices that nobody expected').toEqual([]);
    for (const incident of this.incidents()) expect(JSON.stringify(incident).length).toBeLessThan(8 * 1024);
  }
}

/** Plays a scenario from a start time and fails at its end on any notice that nobody expected. */
export const scenario =
  (start: string, play: (day: Timeline) => Promise<void>, limits: Partial<SweepLimits> = {}) =>
  async (): Promise<void> => {
    const day = new Timeline(at(start), limits);
    await play(day);
    day.end();
  };
