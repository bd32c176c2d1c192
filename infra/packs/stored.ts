import { type KeptFacility, readFacilityIds, readKept } from '../recompute/read-kept.ts';
import { openTables } from '../recompute/tables.ts';
import type { StoredFacts } from './diff.ts';

/**
 * What a local stack keeps of all its facilities, with every record. Of one that runs as of now; of one that was stopped
 * as of the last it heard, since else every box would be silent. Throws `NothingToReadError`.
 */
export const readStored = async (dataDir: string): Promise<readonly StoredFacts[]> => {
  const tables = await openTables(dataDir);
  try {
    const kept: KeptFacility[] = [];
    // No verdict over facts depends on the incidents of before.
    for (const id of await readFacilityIds(tables))
      kept.push(...[await readKept(tables, id, [])].filter((one) => !!one));
    const atMs = tables.isRunning ? Date.now() : Math.max(0, ...kept.map(lastHeardMs));
    return kept.map((one) => ({ ...one, atMs }));
  } finally {
    await tables.close();
  }
};

const lastHeardMs = ({ facility, rows, recorded }: KeptFacility): number =>
  Math.max(
    facility.registeredAtMs,
    ...rows.boxes.map(({ beatAtMs }) => beatAtMs ?? 0),
    ...[recorded.checks, recorded.logs, recorded.recordings].flat().map(({ receivedMs }) => receivedMs),
  );
