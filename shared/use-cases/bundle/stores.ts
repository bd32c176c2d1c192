import type { NoteKey } from '../../evidence/note-key.ts';
import type { EvidenceStore } from '../../ports/evidence-store.ts';
import type { LogStore, SealedObjects } from '../../ports/sealed-store.ts';

/** What a bundle is made of. It only reads. */
export interface BundleReads {
  readonly logs: Pick<LogStore, 'readHead' | 'days' | 'readCheckpoint' | 'readRegionalLeaf' | 'regionalLeaves'>;
  readonly sealed: Pick<SealedObjects, 'read'>;
  readonly evidence: Pick<EvidenceStore, 'within'>;
  /** Whose signatures a reader has to know: the keys now and before. */
  readonly logKeys: () => Promise<readonly NoteKey[]>;
  /** Begins the origin of every log. */
  readonly logName: string;
  /** The region of the stack. */
  readonly region: string;
}
