import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeRegistryStore } from '../shared/adapters/dynamodb/registry-store.ts';
import { addDays, instantOf } from '../shared/domain/civil-day.ts';
import type { Facility } from '../shared/domain/facility.ts';
import { type Difference, recompute } from '../shared/domain/recompute.ts';
import { packFor } from '../shared/rule-packs/index.ts';
import { readKept, readLive } from './recompute/read-kept.ts';
import { NothingToReadError, openTables, type ReadTables } from './recompute/tables.ts';

const usage = `Recomputes every verdict of a facility for the end of a local day from its records alone, and holds it
against what is kept. Says each difference; exits 1 if there is one. A day that is not over is judged as of two minutes ago.

  npm run recompute -- --facility <id> --day 2026-03-02
  npm run recompute -- --facility <id> --day 2026-03-02 --data <folder>   data of another stack, running or not`;

const options = {
  facility: { type: 'string' },
  day: { type: 'string' },
  data: { type: 'string', default: path.resolve(import.meta.dirname, '..', '.local') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** A sweep runs every minute: what was so before this has been seen by one, and what came since may not have been. */
const SWEPT_AFTER_MS = 120_000;
/** A report that is being taken was kept and is not folded yet. */
const TAKEN_WITHIN_MS = 3_000;

interface Compared {
  readonly facility: Facility;
  readonly atMs: number;
  /** Edits of the registry after that instant: it is judged as it is registered now. */
  readonly editsSince: number;
  readonly differences: readonly Difference[];
}

const compare = async (tables: ReadTables, facilityId: string, day: string, nowMs: number): Promise<Compared> => {
  const kept = await readKept(tables, facilityId, await readLive(tables));
  if (kept === undefined) throw new NothingToReadError(`there is no facility ${facilityId}`);
  const { facility } = kept;
  const endMs = instantOf(addDays(day, 1), '00:00', facility.calendar.zone) - 1;
  const atMs = Math.min(endMs, nowMs - SWEPT_AFTER_MS);
  const packAt = (atPackMs: number) => packFor(facility, atPackMs);
  const changes = await makeRegistryStore(tables.client, tables.names.registry).listChanges(facilityId, 100);
  return {
    facility,
    atMs,
    editsSince: changes.items.filter((change) => change.atMs > atMs).length,
    differences: recompute({ ...kept, packAt, atMs, nowMs }),
  };
};

/** Of a stack that runs, a difference counts once it has been seen twice. */
const settled = async (tables: ReadTables, facilityId: string, day: string): Promise<Compared> => {
  const first = await compare(tables, facilityId, day, Date.now());
  if (first.differences.length === 0 || !tables.isRunning) return first;
  await new Promise((resolve) => setTimeout(resolve, TAKEN_WITHIN_MS));
  return compare(tables, facilityId, day, Date.now());
};

const print = ({ facility, atMs, editsSince, differences }: Compared): void => {
  const lines = [`${facility.id} at ${new Date(atMs).toISOString()}, from its records alone:`];
  if (editsSince > 0) {
    lines.push(`  note: ${editsSince} edits of the registry came after that; it is judged as it is registered now`);
  }
  for (const { what, about, kept, recomputed } of differences) {
    lines.push(`  ✗ ${what} ${about}`, `      kept:       ${kept}`, `      recomputed: ${recomputed}`);
  }
  lines.push(differences.length === 0 ? '  ✓ no difference' : `  ${differences.length} differences`);
  process.stdout.write(`${lines.join('\n')}\n`);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  const { facility, day, data } = values;
  if (values.help || facility === undefined || day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const tables = await openTables(path.resolve(data));
  try {
    const compared = await settled(tables, facility, day);
    print(compared);
    if (compared.differences.length > 0) process.exitCode = 1;
  } finally {
    await tables.close();
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
