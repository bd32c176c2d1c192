import type { Facility } from '../../domain/facility.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import type { Statement } from '../../evidence/statement.ts';
import type { ChallengeStore } from '../../ports/challenge-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EvidenceStore } from '../../ports/evidence-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import type { LogKeys, LogStore, SealedObjects } from '../../ports/sealed-store.ts';
import type { Tell } from '../../ports/tell.ts';
import type { VitalsStore } from '../../ports/vitals-store.ts';

/** Where logs grow: the heads, the objects under lock, and who signs. */
export interface LogDeps {
  readonly logs: Pick<
    LogStore,
    | 'readHead'
    | 'saveHead'
    | 'readDay'
    | 'decideDay'
    | 'readCheckpoint'
    | 'decideCheckpoint'
    | 'decideRegionalLeaf'
    | 'readRegionalLeaf'
    | 'putNotShown'
  >;
  readonly objects: SealedObjects;
  readonly keys: () => Promise<LogKeys>;
  /** Begins the origin of every log. */
  readonly logName: string;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** Of what a statement is made. It only reads. */
export interface StatementReads {
  readonly evidence: Pick<EvidenceStore, 'digestsWithin'>;
  readonly records: Pick<RecordStore, 'heldDays' | 'gapsWithin'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listBoxes'>;
  readonly vitals: Pick<VitalsStore, 'readRows'>;
  readonly challenges: Pick<ChallengeStore, 'challengesSince'>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
  /** `name@version` of a pack, and the digest of its text. */
  readonly nameOf: (pack: RulePack) => Statement['pack'];
}

export type SealDeps = LogDeps &
  StatementReads & {
    readonly registry: StatementReads['registry'] & Pick<RegistryStore, 'listCounties' | 'listFacilities'>;
    /** The region of the stack, and by whose midnight its days end. */
    readonly region: string;
    readonly zone: string;
  };

/** How far one piece of work came: `more` = its time was up, and the next run goes on. */
export type SealProgress = 'done' | 'more';
