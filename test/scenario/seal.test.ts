import { describe, expect, it } from 'vitest';
import type { Facility } from '../../shared/domain/facility.ts';
import { HOUR_MS, hourFrom, MINUTE_MS } from '../../shared/domain/time.ts';
import { formatBundle } from '../../shared/evidence/bundle.ts';
import { openLeaf, parseLeaf } from '../../shared/evidence/leaf.ts';
import { parseLeavesFile } from '../../shared/evidence/leaves-file.ts';
import { formatNoteKey } from '../../shared/evidence/note-key.ts';
import { originOfRegion } from '../../shared/evidence/regional.ts';
import { verifyBundle } from '../../shared/evidence/verify-bundle.ts';
import { EVERY_DIVISION } from '../../shared/use-cases/audit/own-records.ts';
import { bundleFor } from '../../shared/use-cases/bundle/bundle-for.ts';
import type { VerifierStores } from '../../shared/use-cases/verify-log/stores.ts';
import { verifyFacilityLog } from '../../shared/use-cases/verify-log/verify-facility-log.ts';
import { verifyRegionLog } from '../../shared/use-cases/verify-log/verify-region-log.ts';
import { bytesOf } from '../support/evidence.ts';
import { at, LOG, REGION, SealWorld, sealedNursery, ZONE } from '../support/seal-world.ts';

/** What an auditor takes away about these days, and what it proves to somebody who pinned the key. */
const proved = async (world: SealWorld, facility: Facility, days: { readonly from: string; readonly to: string }) => {
  const { logs, objects, evidence } = world;
  const reads = {
    logs,
    sealed: objects,
    evidence,
    logKeys: async () => world.logKeys.keys,
    logName: LOG,
    region: REGION,
  };
  const bundle = await bundleFor(reads, facility, days, { records: 'asked', nowMs: world.nowMs });
  return verifyBundle(formatBundle(bundle), world.logKeys.keys.map(formatNoteKey));
};

/** The stack's own verifier over what was sealed. */
const verifierOf = ({ logs, objects, evidence, logKeys }: SealWorld): VerifierStores => ({
  logs,
  sealed: objects,
  evidence,
  keys: logKeys.keys,
  logName: LOG,
  region: REGION,
  zone: ZONE,
});

const english = (lines: readonly { readonly en: string }[]): string => lines.map(({ en }) => en).join('\n');

/** The third day of a facility, as its statement has it. */
const thirdDay = async (world: SealWorld, facility = 'sunshine') => (await world.statements(facility))[2];

describe('what was sealed', () => {
  it('stands before whoever trusts nobody: a bundle made from it is verified, region included', async () => {
    const world = new SealWorld();
    const facility = await world.usual();
    await world.usual('acorn');
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      for (const id of ['sunshine', 'acorn']) await world.seal(id, day);
      await world.region(day);
    }
    const report = await proved(world, facility, { from: '2026-11-02', to: '2026-11-03' });
    expect(report.verdict).toEqual({ is: 'not-proved' });
    // One hour was not recorded, on purpose: everything else is proved.
    expect(report.notProved.map(({ en }) => en)).toEqual([
      'Camera-hours: 1 lost: not recorded, overwritten, or deleted without a permitted reason.',
      expect.stringContaining('Too few hours were sealed when they were recorded'),
    ]);
    expect(english(report.proved)).toContain('All 2 daily statements from 2026-11-02 to 2026-11-03 are here');
    expect(english(report.proved)).toContain(`is in the log of its region, ${originOfRegion(LOG, REGION)}`);
    expect(english(report.proved)).toContain('Records: 4. The record reads as it was sealed, to the byte.');

    expect(await verifyFacilityLog(verifierOf(world), 'sunshine', world.nowMs)).toBe('verified');
    expect(await verifyRegionLog(verifierOf(world), world.nowMs)).toBe('verified');
  });

  it('stays proved when a salt is destroyed, before its day is sealed or after, and cannot be read any more', async () => {
    const world = new SealWorld();
    const facility = await world.usual();
    const [early, late] = [
      { facility: 'sunshine', kind: 'recordings', id: '2026-11-03.8', receivedAtMs: at('2026-11-03', 8) },
      { facility: 'sunshine', kind: 'recordings', id: '2026-11-03.20', receivedAtMs: at('2026-11-03', 20) },
    ] as const;
    await world.evidence.erase(early, at('2026-11-03', 21));
    await world.seal();
    await world.region();
    await world.evidence.erase(late, world.nowMs);
    world.expectOneLog();

    const sealed = world.logs.kept.days.get('sunshine#2026-11-03');
    const leaves = parseLeavesFile(world.objects.kept.get(sealed?.leaves ?? '') ?? new Uint8Array());
    const kept = await world.evidence.within('sunshine', { fromMs: at('2026-11-03'), toMs: at('2026-11-04') });
    expect(leaves).toHaveLength(2);
    for (const [n, leaf] of leaves.entries()) {
      expect(openLeaf(leaf, kept[n]?.content ?? {})).toMatchObject({ state: 'deleted' });
    }
    const report = await proved(world, facility, { from: '2026-11-03', to: '2026-11-03' });
    expect(english(report.proved)).toContain('Records: 2. Its content was deleted');
    expect(english(report.proved)).toContain('Every record received on 2026-11-03 is here, none is missing.');
  });
});

describe('a fact that comes late', () => {
  const lateHour = { camera: 'c2', day: '2026-11-02', hourMs: at('2026-11-02', 3) };

  /** At one in the morning of the fourth the missing hour of the second is reported after all. */
  const reportLate = async (world: SealWorld, receivedAtMs: number): Promise<void> => {
    const read = await world.records.readHeldDay('sunshine', lateHour.camera, lateHour.day);
    if (read === undefined) throw new Error('the day is kept');
    const { hourMs } = lateHour;
    const receptions = [...(read.receptions ?? []), { hourMs, receivedAtMs, recorded: [hourFrom(hourMs)] }];
    const recorded = [{ fromMs: at(lateHour.day), toMs: at('2026-11-03') }];
    await world.records.saveHeldDay('sunshine', { ...read, recorded, receptions, revision: 2 }, 1);
    await world.receive('sunshine', 'late', receivedAtMs);
  };

  it('lands in the statement and among the records of the day on which it came', async () => {
    const world = new SealWorld();
    await world.usual();
    await world.seal();
    const before = world.outcome();
    await reportLate(world, at('2026-11-04', 1));
    world.nowMs = at('2026-11-05', 1);
    await world.seal('sunshine', '2026-11-04');
    world.expectOneLog();
    // Nothing of what was sealed was rewritten.
    expect(world.outcome().days.slice(0, 3)).toEqual(before.days);
    expect(world.outcome().objects).toEqual(expect.arrayContaining(before.objects));
    const statements = await world.statements();
    const lost = statements.map(({ cameras }) => cameras[1]?.ms.lost);
    const heldLate = statements.map(({ cameras }) => cameras[1]?.ms['held-late']);
    expect([lost, heldLate]).toEqual([
      [0, HOUR_MS, HOUR_MS, 0],
      [0, 0, 0, HOUR_MS],
    ]);
    expect(statements.map(({ received }) => received.size)).toEqual([2, 2, 2, 1]);
  });

  it('is of the next day even if it is kept before the day before is sealed, down to the millisecond of midnight', async () => {
    const [calm, late, early] = [new SealWorld(), new SealWorld(), new SealWorld()];
    for (const world of [calm, late, early]) await world.usual();
    await reportLate(late, at('2026-11-04'));
    await reportLate(early, at('2026-11-04') - 1);
    for (const world of [calm, late, early]) await world.seal();
    const [expected, same, other] = [await thirdDay(calm), await thirdDay(late), await thirdDay(early)];
    expect(same).toEqual(expected);
    expect(other?.received.size).toBe(3);
    expect(other?.cameras[1]?.ms['held-late']).toBe(HOUR_MS);
  });

  it('does not move an answer to a challenge into the day before', async () => {
    const world = new SealWorld();
    await world.usual();
    world.asked.push({
      facility: 'sunshine',
      box: 'b1',
      challenge: {
        id: '2026-11-03.1',
        camera: 'c1',
        hourMs: at('2026-11-02', 5),
        stratum: 'oldest',
        stability: 'byte-stable',
        askedAtMs: at('2026-11-03', 1),
        answerByMs: at('2026-11-03', 20),
        // At midnight itself, which belongs to the next day.
        answer: { is: 'held', atMs: at('2026-11-04', 0) },
      },
      revision: 2,
    });
    await world.seal();
    expect((await thirdDay(world))?.challenges).toMatchObject({
      state: 'breached',
      reason: 'challenge-unanswered',
      outcomes: { unanswered: 1, held: 0 },
      sealed: { owed: 119, sealed: 0, presenceOnly: 0 },
    });
    // Every camera says that it holds its days; whoever does not answer is on the list of that day all the same.
    expect([...world.logs.kept.notShown.values()]).toEqual([
      {
        facility: 'sunshine',
        division: '321202001',
        day: '2026-11-03',
        state: 'unproved',
        reason: 'challenge-unanswered',
      },
    ]);
  });
});

describe('days that were missed', () => {
  it('are made up in order, each as it stood at its own end, and give the bytes that they would have had in time', async () => {
    const [inTime, later] = [new SealWorld(), new SealWorld()];
    for (const world of [inTime, later]) await world.usual();
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      inTime.nowMs = at(day, 25);
      await inTime.seal('sunshine', day);
      await inTime.region(day);
    }
    await later.region('2026-11-01');
    await later.seal('sunshine', '2026-11-03');
    await later.region('2026-11-03');
    expect(later.outcome().days.filter(([key]) => key.startsWith('sunshine'))).toEqual(
      inTime.outcome().days.filter(([key]) => key.startsWith('sunshine')),
    );
    later.expectOneLog();
    // The region had closed its first day without it; the two that were missing it made up as they were.
    const leaves = (await later.logs.regionalLeaves(REGION, 0, 10)).map(({ day, size }) => [day, size]);
    expect(leaves).toEqual([
      ['2026-11-02', 2],
      ['2026-11-03', 3],
    ]);
  });

  it('are sealed some at a time where there are too many for one run', async () => {
    const world = new SealWorld();
    await world.usual();
    const { sealFacility } = await import('../../shared/use-cases/seal/seal-facility.ts');
    const once = () => sealFacility(world.deps(), 'sunshine', '2026-11-03', world.nowMs);
    expect([await once(), await once(), await once(), await once()]).toEqual(['more', 'more', 'done', 'done']);
    expect(await world.statements()).toHaveLength(3);
  });

  it('do not begin before their end has settled, whatever is asked for', async () => {
    const world = new SealWorld();
    await world.usual();
    world.nowMs = at('2026-11-04') + 15 * MINUTE_MS - 1;
    await world.seal('sunshine', '2026-11-07');
    expect(await world.statements()).toHaveLength(2);
    world.nowMs += 1;
    await world.seal('sunshine', '2026-11-07');
    expect(await world.statements()).toHaveLength(3);
  });
});

describe('a silence over midnight', () => {
  const silentSinceMs = at('2026-11-04') - MINUTE_MS;

  /** The box beat last a minute before midnight: it was not silent yet when the day ended. */
  const fellSilent = async (): Promise<SealWorld> => {
    const world = new SealWorld();
    await world.usual();
    const row = world.vitals.rows.boxes.get('sunshine/b1');
    if (row === undefined) throw new Error('a row');
    world.vitals.rows.boxes.set('sunshine/b1', {
      ...row,
      beatAtMs: silentSinceMs,
      silentAtMs: silentSinceMs + 3 * MINUTE_MS,
    });
    return world;
  };

  it('is missing from its first minute on, whether it goes on when the day is sealed or is over by then', async () => {
    const [goesOn, isOver] = [await fellSilent(), await fellSilent()];
    await isOver.connect('sunshine');
    await isOver.records.putGap({
      facilityId: 'sunshine',
      rule: 'monitoring-running',
      subject: 'box/b1',
      reason: 'no-beat',
      fromMs: silentSinceMs,
      toMs: at('2026-11-04') + 10 * MINUTE_MS,
      breachedAtMs: silentSinceMs + 3 * MINUTE_MS,
    });
    for (const world of [goesOn, isOver]) await world.seal();
    const stated = await thirdDay(goesOn);
    expect(stated?.uptime).toMatchObject({ missingMs: MINUTE_MS, shownMs: 24 * HOUR_MS - MINUTE_MS });
    expect(await thirdDay(isOver)).toEqual(stated);
  });
});

describe('a facility that shows nothing, or owes nothing', () => {
  it('has statements from its registration on, though it never connected: all unknown, and on the list', async () => {
    const world = new SealWorld();
    await world.register(sealedNursery('silent', { state: { is: 'commissioning' } }));
    await world.seal('silent');
    world.expectOneLog('silent');
    const last = await thirdDay(world, 'silent');
    expect(last?.sums).toMatchObject({ held: 0, lost: 0, unknown: 2 * 60 * HOUR_MS });
    expect(last?.uptime).toMatchObject({ requiredMs: 24 * HOUR_MS, shownMs: 0, unknownMs: 24 * HOUR_MS });
    expect(last?.challenges).toMatchObject({ state: 'not-applicable', reason: 'nothing-owed' });
    expect(await world.logs.listNotShown('321202', '2026-11-03')).toEqual([
      { facility: 'silent', division: '321202001', day: '2026-11-03', state: 'unknown', reason: 'never-connected' },
    ]);
  });

  it('is on the list for hours that are missing, and not for days on which it was not', async () => {
    const world = new SealWorld();
    await world.usual('sunshine', {}, [3, 4]);
    await world.usual('acorn', {}, [3]);
    await world.seal();
    await world.seal('acorn');
    const listed = [...world.logs.kept.notShown.values()].map((one) => [one.facility, one.day, one.state, one.reason]);
    // One hour is what the floor tolerates; on the first day nothing was missing yet.
    expect(listed).toEqual([
      ['sunshine', '2026-11-02', 'gaps', 'time-missing'],
      ['sunshine', '2026-11-03', 'gaps', 'time-missing'],
    ]);
  });

  it('is stated as closed for as long as its recordings are owed, and then no more', async () => {
    const world = new SealWorld();
    await world.usual('sunshine', { state: { is: 'closed', sinceMs: at('2026-11-03', 12) } });
    world.nowMs = at('2026-11-20');
    await world.seal('sunshine', '2026-11-19');
    const statements = await world.statements();
    // Three days after noon of the third, the last recording may go.
    expect(statements.map(({ day }) => day)).toEqual([
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
      '2026-11-04',
      '2026-11-05',
    ]);
    expect(statements.map(({ uptime }) => uptime.requiredMs / HOUR_MS)).toEqual([15, 24, 12, 0, 0]);
    world.expectOneLog();
    // The region takes its last checkpoint even on a later day, and once.
    for (const day of ['2026-11-18', '2026-11-19']) await world.region(day);
    expect(await world.logs.regionalLeaves(REGION, 0, 10)).toMatchObject([{ facility: 'sunshine', size: 5, index: 0 }]);
  });

  it('is not sealed before it was registered, nor if nobody registered it', async () => {
    const world = new SealWorld();
    await world.register(sealedNursery('new', { registeredAtMs: at('2026-11-04') }));
    expect(await world.seal('new')).toBe('done');
    expect(await world.seal('nobody')).toBe('done');
    expect(world.outcome()).toMatchObject({ heads: [], days: [], objects: [] });
  });
});

describe('what auditors ask of whole divisions', () => {
  const day = '2026-11-03';
  const keep = (world: SealWorld, id: string, receivedAtMs: number) =>
    world.keepOwn({ facility: EVERY_DIVISION, kind: 'access', id, receivedAtMs, body: { question: id } });
  const asked = async (): Promise<SealWorld> => {
    const world = new SealWorld();
    await world.usual();
    await world.seal();
    await keep(world, 'q-1', at(day, 9));
    await keep(world, 'q-2', at(day, 23.99));
    // Of the next day, which is not over.
    await keep(world, 'q-3', at(day, 24));
    await world.region(day);
    return world;
  };
  const verified = async (world: SealWorld): Promise<string> => {
    world.nowMs = at(day, 26);
    return verifyRegionLog(verifierOf(world), world.nowMs).catch(({ code, day: of }) => `${code} ${of}`);
  };

  it('is a leaf of the log of the region, with its records under seal', async () => {
    const world = await asked();
    const leaves = await world.logs.regionalLeaves(REGION, 0, 9);
    expect(leaves.map(({ facility, size }) => [facility, size])).toEqual([
      [`accesses/${REGION}/${day}`, 2],
      ['sunshine', 3],
    ]);
    const { leaves: address = '' } = (await world.logs.readDay(`region/${REGION}`, day)) ?? {};
    const ids = parseLeavesFile((await world.objects.read(address)) ?? new Uint8Array()).map(
      (leaf) => parseLeaf(leaf).id,
    );
    expect(ids).toEqual(['q-1', 'q-2']);
    expect(await verified(world)).toBe('verified');
  });

  it('leaves the log of a day as it was on which nothing was asked', async () => {
    const world = new SealWorld();
    await world.usual();
    await world.seal();
    await world.region(day);
    expect((await world.logs.regionalLeaves(REGION, 0, 9)).map(({ facility }) => facility)).toEqual(['sunshine']);
    expect(await verified(world)).toBe('verified');
  });

  it.each<[code: string, change: (world: SealWorld) => unknown]>([
    [
      'dropped-leaf',
      (world) => world.evidence.kept.delete([...world.evidence.kept.keys()].find((key) => key.includes('q-1')) ?? ''),
    ],
    ['added-leaf', (world) => keep(world, 'q-9', at(day, 10))],
    [
      'changed-byte',
      (world) => {
        const [key = '', one] = [...world.evidence.kept].find(([name]) => name.includes('q-1')) ?? [];
        if (one !== undefined)
          world.evidence.kept.set(key, { ...one, content: { ...one.content, body: bytesOf('{}') } });
      },
    ],
    [
      'changed-byte',
      (world) => {
        const [key = '', sealed] =
          [...world.logs.kept.days].find(([, { facility }]) => facility === `region/${REGION}`) ?? [];
        if (sealed === undefined) return;
        const { leaves: _, ...without } = sealed;
        world.logs.kept.days.set(key, without);
      },
    ],
  ])('is found %s where it was tampered with', async (code, change) => {
    const world = await asked();
    await change(world);
    expect(await verified(world)).toBe(`${code} ${day}`);
  });
});

describe('the region', () => {
  it('takes the others when the checkpoint of one was tampered with, and tells of it', async () => {
    const world = new SealWorld();
    await world.usual('sunshine');
    await world.usual('acorn');
    for (const id of ['sunshine', 'acorn']) await world.seal(id);
    const key = `${LOG}/f/acorn#3`;
    const note = world.logs.kept.checkpoints.get(key) ?? new Uint8Array();
    const [line = 0] = [note.indexOf(0x33)];
    world.logs.kept.checkpoints.set(
      key,
      note.map((byte, n) => (n === line ? 0x34 : byte)),
    );
    await world.region();
    expect(world.told).toEqual(['checkpoint-refused acorn']);
    expect((await world.logs.regionalLeaves(REGION, 0, 9)).map(({ facility }) => facility)).toEqual(['sunshine']);
  });

  it('keeps the log as it was before its last day, from which the proofs of that day are made', async () => {
    const world = new SealWorld();
    await world.usual();
    await world.seal('sunshine', '2026-11-02');
    await world.region('2026-11-02');
    await world.seal();
    await world.region();
    const head = await world.logs.readHead(originOfRegion(LOG, REGION));
    expect(head).toMatchObject({ range: { size: 2 }, before: { size: 1 }, lastDay: '2026-11-03', revision: 2 });
  });

  /** What the verifier, who comes once a day after that many of the steps, says of a facility; empty = nothing. */
  const verifiedAfter = async (
    after: number,
    world: SealWorld,
    steps: readonly ((day: string) => Promise<unknown>)[],
  ): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      for (const [hour, step] of steps.entries()) {
        world.nowMs = at(day, 25 + hour);
        await step(day);
        if (hour + 1 !== after) continue;
        await verifyFacilityLog(verifierOf(world), 'acorn', world.nowMs).catch(({ code }) =>
          found.push(`${day} ${code}`),
        );
      }
    }
    return found;
  };

  it.each([1, 2, 3])(
    'is not said to lack a log while sealing goes on, looked at after step %i of each day',
    async (after) => {
      const [inTime, late, unsigned] = [new SealWorld(), new SealWorld(), new SealWorld()];
      for (const world of [inTime, late, unsigned]) await world.usual('acorn');
      const nothing = async () => {};
      const seal = (world: SealWorld) => (day: string) => world.seal('acorn', day);
      const region = (world: SealWorld) => (day: string) => world.region(day);
      expect(await verifiedAfter(after, inTime, [seal(inTime), region(inTime), nothing])).toEqual([]);
      expect(await verifiedAfter(after, late, [region(late), seal(late), nothing])).toEqual([]);
      // Once it dies between its head and its checkpoint; the next run, after the region, signs it.
      const keys = () => Promise.reject(new Error('away'));
      const dying = (day: string) =>
        day === '2026-11-02'
          ? unsigned.seal('acorn', day, { keys }).catch(() => undefined)
          : unsigned.seal('acorn', day);
      expect(await verifiedAfter(after, unsigned, [dying, region(unsigned), seal(unsigned)])).toEqual([]);
    },
  );

  it('is not said to lack a log that caught up, and was not signed when the next day was closed', async () => {
    const world = new SealWorld();
    await world.usual('acorn');
    const verified = (hour: number) => {
      world.nowMs = at('2026-11-04', hour);
      return verifyFacilityLog(verifierOf(world), 'acorn', world.nowMs).catch(({ code }) => code);
    };
    await world.seal('acorn', '2026-11-01');
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) await world.region(day);
    await world.seal('acorn', '2026-11-03');
    expect(await verified(10)).toBe('verified');
    world.nowMs = at('2026-11-04', 25);
    await world.seal('acorn', '2026-11-04', { keys: () => Promise.reject(new Error('away')) }).catch(() => undefined);
    await world.region('2026-11-04');
    await world.seal('acorn', '2026-11-04');
    expect(await verified(34)).toBe('verified');
  });

  it.each([
    [1, ['2026-11-03 unwitnessed']],
    [2, ['2026-11-02 unwitnessed', '2026-11-03 unwitnessed']],
  ] as const)('is found to lack a log that is left out of its days, looked at after step %i', async (after, found) => {
    const world = new SealWorld();
    await world.usual('sunshine');
    await world.usual('acorn');
    const { listFacilities } = world.registry;
    const registry: typeof world.registry = {
      ...world.registry,
      listFacilities: async (...asked) => {
        const page = await listFacilities(...asked);
        return { ...page, items: page.items.filter(({ id }) => id !== 'acorn') };
      },
    };
    const steps = [(day: string) => world.seal('acorn', day), (day: string) => world.region(day, { registry })];
    expect(await verifiedAfter(after, world, steps)).toEqual(found);
  });
});
