import type { NoteKey } from '../../evidence/note-key.ts';
import type { EvidenceStore } from '../../ports/evidence-store.ts';
import type { LogStore, SealedObjects } from '../../ports/sealed-store.ts';

/** What the verifier reads. It changes nothing but its own mark of what it found right. */
export interface VerifierStores {
  readonly logs: Pick<
    LogStore,
    'readHead' | 'days' | 'readCheckpoint' | 'regionalLeaves' | 'readRegionalLeaf' | 'readVerified' | 'saveVerified'
  >;
  readonly sealed: Pick<SealedObjects, 'read'>;
  readonly evidence: Pick<EvidenceStore, 'within'>;
  /** Every key that may sign for the logs of this stack, retired ones too. */
  readonly keys: readonly NoteKey[];
  /** Begins every origin. */
  readonly logName: string;
  readonly region: string;
  /** By whose midnight the days of the region end. */
  readonly zone: string;
}
