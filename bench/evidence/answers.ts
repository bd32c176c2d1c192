import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '../../shared/domain/access.ts';
import { addDays } from '../../shared/domain/civil-day.ts';
import { writeInstant } from '../../shared/domain/instants.ts';
import { HOUR_MS } from '../../shared/domain/time.ts';
import { formatBundle } from '../../shared/evidence/bundle.ts';
import { formatNoteKey } from '../../shared/evidence/note-key.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { areaRecordingsOf } from '../../shared/use-cases/audit/area-recordings.ts';
import { facilityRetention } from '../../shared/use-cases/audit/facility-retention.ts';
import type { AuditReads } from '../../shared/use-cases/audit/stores.ts';
import { bundleFor } from '../../shared/use-cases/bundle/bundle-for.ts';
import { buildVerifier } from '../../verify/bundle-verifier.mjs';
import { print } from '../stats.ts';
import { unitsOf } from './calls.ts';
import { latencyOf, progress, timed } from './timed.ts';
import { bundleReads, FACILITY, KEPT_DAYS, LAST_DAY, midnight, REGION, type World } from './world.ts';

export const auditor: Person = { subject: 'bench|auditor', roles: [{ role: 'auditor', division: REGION }] };
const OFTEN = { most: 100, budgetMs: 15_000 };

const auditReads = ({ vitals, records, registry, challenges, clock }: World): AuditReads => ({
  vitals,
  records,
  registry,
  challenges,
  packFor,
  clock: () => clock.nowMs,
});

/** Times one answer, and says what a single one reads and how long it is. */
const printAnswer = async (
  world: World,
  question: string,
  ask: () => Promise<object | string | Uint8Array>,
): Promise<void> => {
  progress(`asks: ${question}`);
  world.taken();
  const answer = await ask();
  const calls = world.taken();
  const isBytes = typeof answer === 'string' || answer instanceof Uint8Array;
  const bytes = isBytes ? answer.length : Buffer.byteLength(JSON.stringify(answer));
  print({
    bench: 'evidence',
    part: 'answer',
    question,
    tookMs: await timed(ask, OFTEN),
    readUnits: unitsOf(calls).reads,
    storeCalls: calls.length,
    answerBytes: bytes,
    note: 'the use case in this process, the engine in another; no gateway, no token, no note of the access',
  });
  world.taken();
};

/** Verifies a bundle with the one file that is carried away, each time in a process of its own. */
const printVerification = (bundle: string | Uint8Array, key: string, question: string): void => {
  const directory = mkdtempSync(join(tmpdir(), 'cradlewatch-bench-'));
  try {
    const verifier = buildVerifier(join(directory, 'cradlewatch-verify.mjs'));
    const path = join(directory, 'answer.bundle');
    writeFileSync(path, bundle);
    const tookMs = Array.from({ length: 10 }, () => {
      const startMs = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, path, '--key', key], {
        encoding: 'utf8',
      });
      // 1 = checked, and not all of it is proved: no film was asked for before the first day of the bench. 2 = refused.
      if (status !== 0 && status !== 1)
        throw new Error(`the verifier ended with ${status}: ${stderr}${stdout.slice(0, 2_000)}`);
      return performance.now() - startMs;
    });
    print({
      bench: 'evidence',
      part: 'verify',
      question,
      tookMs: latencyOf(tookMs),
      bundleBytes: bundle.length,
      note: 'the standalone file, with the start of node',
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Answers about ninety days of one facility with sixteen cameras. */
export const benchAnswers = async (world: World, sealedDays: number): Promise<void> => {
  const reads = auditReads(world);
  const asOf = writeInstant(world.clock.nowMs);
  const days = Math.min(KEPT_DAYS, sealedDays + 1);
  await printAnswer(world, `retention of ${KEPT_DAYS} days with the states of each`, () =>
    facilityRetention(reads, auditor, FACILITY, { asOf } as Parameters<typeof facilityRetention>[3]),
  );
  const hourMs = midnight(addDays(LAST_DAY, -45)) + 10 * HOUR_MS;
  const hour = { from: writeInstant(hourMs), to: writeInstant(hourMs + HOUR_MS), asOf };
  await printAnswer(world, 'one area, one hour, 45 days ago', () =>
    areaRecordingsOf(reads, auditor, FACILITY, 'room-1', hour as Parameters<typeof areaRecordingsOf>[4]),
  );
  const facility = await world.registry.readFacility(FACILITY);
  if (facility === undefined) throw new Error('no facility');
  const asked = { from: addDays(LAST_DAY, 1 - days), to: LAST_DAY };
  const bundle = async (records: 'none' | 'asked') =>
    formatBundle(await bundleFor(bundleReads(world), facility, asked, { records, nowMs: world.clock.nowMs }));
  await printAnswer(world, `bundle of ${days} days, no records`, () => bundle('none'));
  await printAnswer(world, `bundle of ${days} days, and records as many as fit`, () => bundle('asked'));
  const [key] = world.logKeys.keys;
  if (key === undefined) throw new Error('no key');
  for (const records of ['none', 'asked'] as const) {
    printVerification(await bundle(records), formatNoteKey(key), `bundle of ${days} days, records: ${records}`);
  }
};
