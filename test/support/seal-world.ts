import { expect } from 'vitest';
import { civilDayInterval } from '../../shared/domain/civil-day.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { DAY_MS, HOUR_MS, hourFrom, MINUTE_MS } from '../../shared/domain/time.ts';
import { openCheckpoint } from '../../shared/evidence/checkpoint.ts';
import { verifyDayTree } from '../../shared/evidence/day-tree.ts';
import { appendStatement, checkpointOf, emptyFacilityLog } from '../../shared/evidence/facility-log.ts';
import { parseLeavesFile } from '../../shared/evidence/leaves-file.ts';
import { parseNote } from '../../shared/evidence/signed-note.ts';
import { parseStatement, type Statement } from '../../shared/evidence/statement.ts';
import type { KeptChallenge } from '../../shared/ports/challenge-store.ts';
import type { EvidenceRecord } from '../../shared/ports/evidence-store.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import type { SealDeps } from '../../shared/use-cases/seal/dependencies.ts';
import { sealFacility } from '../../shared/use-cases/seal/seal-facility.ts';
import { sealRegion } from '../../shared/use-cases/seal/seal-region.ts';
import { contentOf, keptOf } from './bundle-world.ts';
import { hex, textOf } from './evidence.ts';
import { logged } from './memory/calls.ts';
import { memoryEvidenceStore } from './memory/evidence-store.ts';
import { memoryLogKeys } from './memory/log-keys.ts';
import { memoryLogStore } from './memory/log-store.ts';
import { memorySealedObjects } from './memory/sealed-objects.ts';
import { memoryRecordStore, memoryRegistryStore, memoryVitalsStore } from './memory-stores.ts';
import { nursery } from './nursery.ts';
import { aBox, floor } from './rows.ts';

export const LOG = 'log.example';
export const REGION = '3212';
export const ZONE = 'Asia/Shanghai';
/** Midnight in Shanghai of this day, and hours after it. */
export const at = (day: string, hours = 0): number => civilDayInterval(day, ZONE).fromMs + hours * HOUR_MS;

/** Keeps recordings for three days, so that a statement is quickly made. */
export const shortPack: RulePack = {
  ...floor,
  thresholds: { ...floor.thresholds, retentionDays: { value: 3, source: 'configuration' } },
};
export const packDigestOfTests = 'ab'.repeat(32);

/** A nursery that was registered on the first of November, with two cameras on one box. */
export const sealedNursery = (id: string, over: Partial<Facility> = {}): Facility =>
  nursery(id, {
    registeredAtMs: at('2026-11-01', 9),
    state: { is: 'in-service', sinceMs: at('2026-11-01', 10) },
    cameras: ['c1', 'c2'].map((camera) => ({
      id: camera,
      box: 'b1',
      areas: ['play'],
      installedAtMs: at('2026-11-01', 10),
    })),
    ...over,
  });

/** Everything that sealing works with, in memory, and a clock that is moved by hand. */
export class SealWorld {
  nowMs = at('2026-11-04', 1);
  readonly logs = memoryLogStore();
  readonly objects = memorySealedObjects();
  readonly evidence = memoryEvidenceStore();
  readonly records = memoryRecordStore();
  readonly registry = memoryRegistryStore();
  readonly vitals = memoryVitalsStore();
  readonly asked: KeptChallenge[] = [];
  readonly challenges = logged({ challengesSince: async () => this.asked });
  readonly logKeys = memoryLogKeys(LOG);
  readonly signer = logged({ sign: this.logKeys.signer.sign });
  readonly told: string[] = [];
  pack = shortPack;

  deps(over: Partial<SealDeps> = {}): SealDeps {
    const { signer } = this;
    return {
      logs: this.logs,
      objects: this.objects,
      evidence: this.evidence,
      records: this.records,
      registry: this.registry,
      vitals: this.vitals,
      challenges: this.challenges,
      keys: async () => ({ ...this.logKeys, signer: { ...this.logKeys.signer, sign: (bytes) => signer.sign(bytes) } }),
      packFor: () => this.pack,
      nameOf: ({ name, version }) => ({ id: `${name}@${version}`, digest: packDigestOfTests }),
      logName: LOG,
      region: REGION,
      zone: 'Asia/Shanghai',
      clock: () => this.nowMs,
      tell: (what, about) => {
        this.told.push(`${what} ${about}`);
      },
      ...over,
    };
  }

  async register(facility: Facility): Promise<void> {
    await this.registry.putFacility(facility);
  }

  /** A box that has beaten since the registration and still does. */
  async connect(facility: string, box = 'b1'): Promise<void> {
    await this.registry.putBox({ facilityId: facility, id: box, enrolledAtMs: at('2026-11-01', 10), liveKeys: [] });
    await this.vitals.announceFacility(facility, 1, 0);
    this.vitals.rows.boxes.set(
      `${facility}/${box}`,
      aBox({
        facilityId: facility,
        box,
        connectedAtMs: at('2026-11-01', 10),
        beatAtMs: this.nowMs,
        silentAtMs: this.nowMs + 3 * MINUTE_MS,
      }),
    );
  }

  /** Every hour of a day recorded and reported as it ended, but for those named. */
  async record(facility: string, camera: string, day: string, missing: readonly number[] = []): Promise<void> {
    const hours = Array.from({ length: 24 }, (_, hour) => at(day, hour));
    const receptions = hours.map((hourMs, hour) => ({
      hourMs,
      receivedAtMs: hourMs + HOUR_MS + MINUTE_MS,
      recorded: missing.includes(hour) ? [] : [hourFrom(hourMs)],
    }));
    const held = {
      camera,
      day,
      recorded: receptions.flatMap(({ recorded }) => recorded),
      reported: [{ fromMs: at(day), toMs: at(day) + DAY_MS }],
      reportedAtMs: at(day) + DAY_MS + MINUTE_MS,
      oldestRetrievableAtMs: at('2026-10-01'),
      claimHourMs: at(day, 23),
      claimReceivedAtMs: at(day) + DAY_MS - MINUTE_MS,
      receptions,
      revision: 1,
    };
    await this.records.saveHeldDay(facility, held, undefined);
  }

  /** A record of a box, received so. */
  async receive(facility: string, id: string, receivedAtMs: number): Promise<EvidenceRecord> {
    const record = { facility, kind: 'recordings' as const, id, receivedAtMs, ...keptOf(contentOf(id, facility)) };
    await this.evidence.put(record);
    return record;
  }

  /** A record of our own making, kept so. */
  readonly keepOwn = makeKeepEvidence({
    putEvidence: (record) => this.evidence.put(record),
    freshSalt: () => new Uint8Array(32).fill(7),
  });

  /** A facility that was connected, recorded and heard on each of three days, but for one hour of the second camera on the second. */
  async usual(id = 'sunshine', over: Partial<Facility> = {}, missing: readonly number[] = [3]): Promise<Facility> {
    const facility = sealedNursery(id, over);
    await this.register(facility);
    await this.connect(id);
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      for (const { id: camera } of facility.cameras) {
        await this.record(id, camera, day, camera === 'c2' && day === '2026-11-02' ? missing : []);
      }
      for (const hour of [8, 20]) await this.receive(id, `${day}.${hour}`, at(day, hour));
    }
    return facility;
  }

  /** One message of the queue: a facility with all that it lacks, until a day. */
  seal(facility = 'sunshine', day = '2026-11-03', over: Partial<SealDeps> = {}) {
    return sealFacility(this.deps(over), facility, day, Number.POSITIVE_INFINITY);
  }

  region(day = '2026-11-03', over: Partial<SealDeps> = {}) {
    return sealRegion(this.deps(over), day, Number.POSITIVE_INFINITY);
  }

  async statements(facility = 'sunshine'): Promise<readonly Statement[]> {
    const days = await this.logs.days(facility, '2000-01-01', '2100-01-01');
    return days.map(({ statement }) => parseStatement(this.objects.kept.get(statement) ?? new Uint8Array()));
  }

  /** All that is left behind, without the signatures: those of ECDSA differ each time. */
  outcome() {
    const { kept } = this.logs;
    const notes = [...kept.checkpoints].map(([key, note]) => [key, parseNote(note).text] as const);
    const signed = new Set([...kept.checkpoints.values()].map(textOf));
    const objects = [...this.objects.kept].filter(([, bytes]) => !signed.has(textOf(bytes)));
    return {
      heads: [...kept.heads].sort(),
      days: [...kept.days].sort(),
      checkpoints: notes.sort(),
      leaves: [...kept.leaves].sort(),
      notShown: [...kept.notShown].sort(),
      objects: objects.map(([address]) => address).sort(),
    };
  }

  /** That the log of a facility is one log: every day there once, every size signed, every object under lock. */
  expectOneLog(facility = 'sunshine'): void {
    const { kept } = this.logs;
    let log = emptyFacilityLog(LOG, facility);
    const days = [...kept.days.values()]
      .filter((one) => one.facility === facility)
      .sort((one, other) => one.number - other.number);
    const head = kept.heads.get(log.origin);
    const trusted = { origin: log.origin, keys: this.logKeys.keys };
    for (const { day, statement, leaves, number } of days.slice(0, head?.range.size ?? 0)) {
      const bytes = this.objects.kept.get(statement) ?? new Uint8Array();
      log = appendStatement(log, bytes).log;
      const { received, zone } = parseStatement(bytes);
      const file = leaves === undefined ? undefined : this.objects.kept.get(leaves);
      const root = new Uint8Array(Buffer.from(received.root, 'hex'));
      verifyDayTree({ facility, day, zone }, file ? parseLeavesFile(file) : [], { size: received.size, root });
      const note = kept.checkpoints.get(`${log.origin}#${number + 1}`) ?? new Uint8Array();
      const opened = openCheckpoint(note, trusted);
      expect(hex(opened.root)).toBe(hex(checkpointOf(log).root));
      expect([...this.objects.kept.values()].map(textOf)).toContain(textOf(note));
    }
    expect(head?.range).toEqual(days.length === 0 ? undefined : log.range);
  }
}
