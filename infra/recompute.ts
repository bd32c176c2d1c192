import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeIncidentStore } from '../shared/adapters/dynamodb/incident-store.ts';
import { readRecorded } from '../shared/adapters/dynamodb/recorded.ts';
import { makeRegistryStore } from '../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../shared/adapters/dynamodb/vitals-store.ts';
import { addDays, instantOf } from '../shared/domain/civil-day.ts';
import type { Facility } from '../shared/domain/facility.ts';
import type { Incident } from '../shared/domain/incident.ts';
import { type Difference, recompute } from '../shared/domain/recompute.ts';
import { packFor } from '../shared/rule-packs/index.ts';
import { NothingToReadError, openTables, type ReadTables } from './recompute/tables.ts';

const usage = `Recomputes every verdict of a facility for the end of a local day from its records alone, and holds it
against what is kept. Says each difference; exits 1 if there is one.

  npm run recompute -- --facility <id> --day 2026-03-02
  npm run recompute -- --facility <id> --day 2026-03-02 --data <folder>   data of another stack, running or not`;

const options = {
  facility: { type: 'string' },
  day: { type: 'string' },
  data: { type: 'string', default: path.resolve(import.meta.dirname, '..', '.local') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const liveOf = async ({ client, names }: ReadTables, facilityId: string): Promise<readonly Incident[]> => {
  const live: Incident[] = [];
  for await (const page of makeIncidentStore(client, names.incidents).scan()) {
    live.push(...page.filter((incident) => incident.facilityId === facilityId));
  }
  return live;
};

interface Compared {
  readonly facility: Facility;
  readonly atMs: number;
  /** Edits of the registry after that instant: it is judged as it is registered now. */
  readonly editsSince: number;
  readonly differences: readonly Difference[];
}

const compare = async (tables: ReadTables, facilityId: string, day: string, nowMs: number): Promise<Compared> => {
  const { client, names } = tables;
  const registry = makeRegistryStore(client, names.registry);
  const [facility, rows] = await Promise.all([
    registry.readFacility(facilityId),
    makeVitalsStore(client, names.vitals).readRows(facilityId),
  ]);
  if (facility === undefined || rows === undefined) throw new NothingToReadError(`there is no facility ${facilityId}`);
  const endMs = instantOf(addDays(day, 1), '00:00', facility.calendar.zone) - 1;
  const atMs = Math.min(endMs, nowMs);
  const recorded = await readRecorded(client, names.records, facilityId, await liveOf(tables, facilityId));
  const packAt = (atPackMs: number) => packFor(facility, atPackMs);
  const changes = await registry.listChanges(facilityId, 100);
  return {
    facility,
    atMs,
    editsSince: changes.items.filter((change) => change.atMs > atMs).length,
    differences: recompute({ facility, rows, recorded, packAt, atMs, nowMs }),
  };
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
  if (!existsSync(data))
    throw new NothingToReadError(`there is no data in ${data}. Start the stack with \`npm start\`.`);
  const tables = await openTables(path.resolve(data));
  try {
    const compared = await compare(tables, facility, day, Date.now());
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
