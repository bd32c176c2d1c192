import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { describe, expect, it, vi } from 'vitest';
import { makeHandler } from '../../../functions/verify-evidence/handler.ts';
import { slotOf, slotsDue } from '../../../functions/verify-evidence/slots.ts';
import { makeVerifyEvidence, type VerifyDependencies } from '../../../functions/verify-evidence/verify-evidence.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { signCheckpoint } from '../../../shared/evidence/checkpoint.ts';
import { appendLeaf, emptyRange, rootOfRange } from '../../../shared/evidence/compact-range.ts';
import { checkpointOf, originOfFacility } from '../../../shared/evidence/facility-log.ts';
import { leafHash } from '../../../shared/evidence/merkle.ts';
import { localSigner } from '../../../shared/evidence/note-key.ts';
import { originOfRegion } from '../../../shared/evidence/regional.ts';
import { nameOfRegion } from '../../../shared/evidence/regional-day.ts';
import { addressOf } from '../../../shared/evidence/statement.ts';
import { host, sealedDays, signer, zone } from '../../support/bundle-world.ts';
import { ed25519Key, flipped } from '../../support/evidence.ts';
import { failing, memorySystemBeats } from '../../support/memory-stores.ts';
import { hex, hourAfter, region, type SealedWorld, sealedWorld } from '../../support/sealed-world.ts';

const FACILITY = 'sunshine';
const NEIGHBOUR = 'moonlight';
const origin = originOfFacility(host, FACILITY);
const LAST_DAY = '2026-11-04';

const verifierOf = (world: SealedWorld, over: Partial<VerifyDependencies> = {}) => {
  let nowMs = hourAfter(LAST_DAY);
  const beats = memorySystemBeats();
  const verify = makeVerifyEvidence({
    registry: world.registry,
    logs: world.logs,
    sealed: world.objects,
    evidence: world.evidence,
    beats,
    readKeys: async () => [signer.key],
    logName: host,
    region,
    zone,
    clock: () => nowMs,
    budgetMs: HOUR_MS,
    ...over,
  });
  /** A whole day of runs, one an hour. */
  const wholeDay = async () => {
    const reports = [];
    for (let hour = 0; hour < 24; hour += 1) {
      reports.push(await verify());
      nowMs += HOUR_MS;
    }
    return {
      verified: reports.reduce((sum, one) => sum + one.verified, 0),
      broken: reports.flatMap(({ broken }) => broken),
      unread: reports.flatMap(({ unread }) => unread),
    };
  };
  return { verify, wholeDay, beats, pass: (ms: number) => (nowMs += ms), now: () => nowMs };
};

const world = () => sealedWorld([{ id: FACILITY }, { id: NEIGHBOUR }]);

/** What a day of runs finds of the facility, after its neighbour and an honest day were verified. */
const findingsAfter = async (tamper: (world: SealedWorld) => unknown, verifiedBefore = true) => {
  const sealed = await world();
  const verifier = verifierOf(sealed);
  if (verifiedBefore) expect((await verifier.wholeDay()).broken).toEqual([]);
  sealed.logs.kept.verified.delete(originOfFacility(host, NEIGHBOUR));
  await tamper(sealed);
  const { broken, unread } = await verifier.wholeDay();
  expect(unread).toEqual([]);
  expect(sealed.logs.kept.verified.get(originOfFacility(host, NEIGHBOUR))?.size, 'the neighbour is verified').toBe(4);
  const own = broken.filter(({ of }) => of === FACILITY);
  return {
    own,
    broken,
    codes: broken.map(({ of, code, day }) => [of, code, ...(day === undefined ? [] : [day])].join(' ')),
  };
};

/** The codes of the region come each hour: once is enough to say. */
const distinct = async (tamper: (world: SealedWorld) => unknown, verifiedBefore = true) => [
  ...new Set((await findingsAfter(tamper, verifiedBefore)).codes),
];

const change = <K, V>(map: Map<K, V>, key: K, by: (value: V) => V): void => {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing under ${String(key)}`);
  map.set(key, by(value));
};

const dayKey = (day: string): string => `${FACILITY}#${day}`;

describe('honest logs', () => {
  it('are verified, each once a day, the region every hour, and nothing is said', async () => {
    const sealed = await sealedWorld([{ id: FACILITY }, { id: NEIGHBOUR, records: 0 }, { id: 'young', days: 1 }]);
    const { wholeDay, beats, now } = verifierOf(sealed);
    expect(await wholeDay()).toEqual({ verified: 24 + 3, broken: [], unread: [] });
    expect(sealed.logs.kept.verified.get(origin)).toMatchObject({ size: 4 });
    expect(sealed.logs.kept.verified.get(originOfRegion(host, region))).toMatchObject({ size: 9 });
    expect((await beats.read()).get('evidence-verified')?.atMs).toBe(now() - HOUR_MS);
  });

  it('are verified on and on as they grow, with what was erased since', async () => {
    const sealed = await world();
    const verifier = verifierOf(sealed);
    await verifier.wholeDay();
    const grown = await sealedWorld([
      { id: FACILITY, days: 6 },
      { id: NEIGHBOUR, days: 6 },
    ]);
    for (const kept of ['heads', 'days', 'checkpoints', 'leaves'] as const) {
      for (const [key, value] of grown.logs.kept[kept])
        (sealed.logs.kept[kept] as Map<string, unknown>).set(key, value);
    }
    for (const [key, bytes] of grown.objects.kept) sealed.objects.kept.set(key, bytes);
    for (const [key, record] of grown.evidence.kept) sealed.evidence.kept.set(key, record);
    const [record] = [...sealed.evidence.kept.values()].slice(-1);
    if (record === undefined) throw new Error('no record');
    await sealed.evidence.erase(record, verifier.now());
    verifier.pass(DAY_MS);
    expect((await verifier.wholeDay()).broken).toEqual([]);
    expect(sealed.logs.kept.verified.get(origin)?.size).toBe(6);
  });

  it('of which the newest is not signed yet are no finding, and not called verified', async () => {
    const sealed = await world();
    sealed.logs.kept.checkpoints.delete(`${origin}#4`);
    const { verify } = verifierOf(sealed);
    for (let hour = 0; hour < 4; hour += 1) expect((await verify()).broken).toEqual([]);
    expect(sealed.logs.kept.verified.get(origin)).toBeUndefined();
  });

  it('whose days were decided before the head moved are no finding', async () => {
    const sealed = await world();
    const [, , , , fifth] = sealedDays({ days: 5 });
    if (fifth === undefined) throw new Error('no fifth day');
    const leafHashOf = hex(leafHash(fifth.statement));
    const { day } = fifth;
    await sealed.logs.decideDay({
      facility: FACILITY,
      day,
      number: 4,
      statement: addressOf(fifth.statement),
      leafHash: leafHashOf,
    });
    expect((await verifierOf(sealed).wholeDay()).broken).toEqual([]);
  });
});

describe('what was tampered with is found, and the neighbour verified', () => {
  it.each([true, false])('a changed or missing object, verified before: %s', async (before) => {
    const objectOf = (w: SealedWorld, day: string, what: 'statement' | 'leaves'): string =>
      w.logs.kept.days.get(dayKey(day))?.[what] ?? '';
    const day = before ? LAST_DAY : '2026-11-02';
    expect(
      await distinct(
        (w) => change(w.objects.kept, objectOf(w, day, 'statement'), (bytes) => flipped(bytes, 99)),
        before,
      ),
    ).toEqual([`${FACILITY} changed-byte ${day}`]);
    expect(
      await distinct((w) => change(w.objects.kept, objectOf(w, day, 'leaves'), (bytes) => flipped(bytes, 999)), before),
    ).toEqual([`${FACILITY} changed-byte ${day}`]);
    expect(await distinct((w) => w.objects.kept.delete(objectOf(w, day, 'statement')), before)).toEqual([
      `${FACILITY} dropped-leaf ${day}`,
    ]);
    expect(await distinct((w) => w.objects.kept.delete(objectOf(w, day, 'leaves')), before)).toEqual([
      `${FACILITY} dropped-leaf ${day}`,
    ]);
  });

  it('an object of long ago, within thirty days', async () => {
    const sealed = await world();
    const verifier = verifierOf(sealed);
    await verifier.wholeDay();
    sealed.objects.kept.delete(sealed.logs.kept.days.get(dayKey('2026-11-01'))?.statement ?? '');
    const found = [];
    for (let day = 0; day < 30; day += 1) found.push(...(await verifier.wholeDay()).broken);
    expect(found.map(({ code, day }) => [code, day])).toEqual([['dropped-leaf', '2026-11-01']]);
  });

  it('a dropped day: in between, the first, the last', async () => {
    for (const day of ['2026-11-02', '2026-11-01', LAST_DAY]) {
      const found = await distinct((w) => w.logs.kept.days.delete(dayKey(day)));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(new RegExp(`^${FACILITY} (dropped-leaf|rewritten-day) 2026`));
    }
    expect(await distinct((w) => w.logs.kept.days.delete(dayKey('2026-11-02')))).toEqual([
      `${FACILITY} dropped-leaf 2026-11-02`,
    ]);
  });

  it('a day rewritten under a new address, in the index and in the store', async () => {
    const other = sealedDays({
      lost: [{ fromMs: Date.parse('2026-11-02T00:00:00Z'), toMs: Date.parse('2026-11-02T03:00:00Z') }],
    });
    for (const at of [2, 3]) {
      const made = other[at];
      if (made === undefined) throw new Error('no such day');
      const rewrite = (w: SealedWorld) => {
        w.objects.kept.set(addressOf(made.statement), made.statement);
        change(w.logs.kept.days, dayKey(made.day), (day) => ({
          ...day,
          statement: addressOf(made.statement),
          leafHash: hex(leafHash(made.statement)),
        }));
        // The last leaf is named in the head too: whoever rewrites it there is found by the tree.
        if (at === 3) change(w.logs.kept.heads, origin, (head) => ({ ...head, last: addressOf(made.statement) }));
      };
      const [found, ...more] = await distinct(rewrite);
      expect(found).toContain(`${FACILITY} rewritten-day`);
      expect(more).toEqual([]);
      expect((await distinct(rewrite, false))[0]).toContain(`${FACILITY} rewritten-day`);
    }
  });

  it('a whole log made anew and signed, once the honest one was verified', async () => {
    const forged = await sealedWorld([{ id: FACILITY, windowDays: 2 }, { id: NEIGHBOUR }]);
    const replace = (w: SealedWorld) => {
      for (const [key, bytes] of forged.objects.kept) w.objects.kept.set(key, bytes);
      for (const kept of ['heads', 'days', 'checkpoints', 'leaves'] as const) {
        for (const [key, value] of forged.logs.kept[kept]) (w.logs.kept[kept] as Map<string, unknown>).set(key, value);
      }
    };
    expect(await distinct(replace)).toEqual(
      expect.arrayContaining([`${FACILITY} forked-log`, `region/${region} forked-log`]),
    );
    expect(await distinct(replace, false)).toEqual([]);
  });

  it('the same with one day more, so that only its beginning tells', async () => {
    const forged = await sealedWorld([{ id: FACILITY, windowDays: 2, days: 5 }, { id: NEIGHBOUR }]);
    const found = await distinct((w) => {
      for (const [key, bytes] of forged.objects.kept) w.objects.kept.set(key, bytes);
      for (const [key, record] of forged.evidence.kept) w.evidence.kept.set(key, record);
      for (const kept of ['heads', 'days', 'checkpoints', 'leaves'] as const) {
        for (const [key, value] of forged.logs.kept[kept]) (w.logs.kept[kept] as Map<string, unknown>).set(key, value);
      }
    });
    expect(found.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(
      expect.arrayContaining([`${FACILITY} rewritten-day`, `region/${region} rewritten-day`]),
    );
  });

  it('a forked head, a replaced checkpoint, and one by another key', async () => {
    const forked = (w: SealedWorld) =>
      change(w.logs.kept.heads, origin, (head) => {
        let range = emptyRange;
        for (let n = 0; n < 4; n += 1) range = appendLeaf(range, leafHash(Buffer.from(`other ${n}`))).range;
        return { ...head, range };
      });
    expect(await distinct(forked)).toEqual([`${FACILITY} forked-log`]);
    expect(await distinct(forked, false)).toEqual([`${FACILITY} forked-log`]);

    const other = checkpointOf({ origin, range: appendLeaf(emptyRange, leafHash(Buffer.from('x'))).range });
    const replaced = await signCheckpoint({ ...other, size: 4 }, [signer]);
    const short = await signCheckpoint(other, [signer]);
    const strange = await signCheckpoint({ ...other, size: 4 }, [localSigner(host, ed25519Key(9))]);
    const foreign = await signCheckpoint({ ...other, size: 4, origin: originOfFacility(host, NEIGHBOUR) }, [signer]);
    const put = (note: Uint8Array, size = 4) => distinct((w) => w.logs.kept.checkpoints.set(`${origin}#${size}`, note));
    expect(await put(replaced)).toEqual([`${FACILITY} forked-log`]);
    expect(await put(short)).toEqual([`${FACILITY} forged-tree`]);
    expect(await put(strange)).toEqual([`${FACILITY} wrong-key`]);
    expect(await put(foreign)).toEqual([`${FACILITY} wrong-origin`]);
    expect(await put(Buffer.from('nonsense'))).toEqual([`${FACILITY} malformed`]);
    expect(await distinct((w) => w.logs.kept.checkpoints.delete(`${origin}#4`))).toEqual([`${FACILITY} dropped-leaf`]);
  });

  it('a changed leaf hash, a record that says something else, one more, and one that is gone', async () => {
    expect(
      await distinct((w) =>
        change(w.logs.kept.days, dayKey('2026-11-02'), (day) => ({ ...day, leafHash: '0'.repeat(64) })),
      ),
    ).toEqual([`${FACILITY} rewritten-day`]);
    const newest = (w: SealedWorld) => [...w.evidence.kept].filter(([key]) => key.startsWith(FACILITY)).at(-1) ?? [];
    const withRecord = (by: (w: SealedWorld, key: string) => unknown) =>
      distinct((w) => {
        const [key] = newest(w);
        if (key === undefined) throw new Error('no record');
        by(w, key);
      });
    const brokenRecord = (code: string) => [`${FACILITY} ${code} ${LAST_DAY}`];
    expect(
      await withRecord((w, key) =>
        change(w.evidence.kept, key, (one) => ({ ...one, content: { ...one.content, body: Buffer.from('{}') } })),
      ),
    ).toEqual(brokenRecord('changed-byte'));
    expect(
      await withRecord((w, key) => change(w.evidence.kept, key, (one) => ({ ...one, digest: '0'.repeat(64) }))),
    ).toEqual(brokenRecord('changed-byte'));
    const signedBy = (value: string) => (w: SealedWorld, key: string) =>
      change(w.evidence.kept, key, (one) => ({ ...one, signature: { value, key: one.signature?.key ?? '' } }));
    expect(await withRecord(signedBy(''))).toEqual(brokenRecord('forged-record'));
    expect(await withRecord(signedBy(Buffer.alloc(64).toString('base64')))).toEqual(brokenRecord('forged-record'));
    expect(await withRecord((w, key) => w.evidence.kept.delete(key))).toEqual(brokenRecord('dropped-leaf'));
    expect(
      await withRecord((w, key) => {
        const one = w.evidence.kept.get(key);
        if (one !== undefined) w.evidence.kept.set(`${key}x`, { ...one, id: `${one.id}x` });
      }),
    ).toEqual(brokenRecord('added-leaf'));
  });

  it('an index that leads to other objects than were sealed under it', async () => {
    const point = (over: (w: SealedWorld) => object) =>
      distinct((w) => change(w.logs.kept.days, dayKey('2026-11-03'), (day) => ({ ...day, ...over(w) })), false);
    const second = (w: SealedWorld) => w.logs.kept.days.get(dayKey('2026-11-02'));
    expect(await point((w) => ({ statement: second(w)?.statement }))).toEqual([`${FACILITY} rewritten-day 2026-11-03`]);
    const { statement: other = new Uint8Array() } = sealedDays({ windowDays: 2 })[2] ?? {};
    const ofThatDay = (w: SealedWorld) => {
      w.objects.kept.set(addressOf(other), other);
      return { statement: addressOf(other) };
    };
    expect(await point(ofThatDay)).toEqual([`${FACILITY} rewritten-day 2026-11-03`]);
    expect(await point((w) => ({ leaves: second(w)?.leaves }))).toEqual([`${FACILITY} changed-byte 2026-11-03`]);
    expect(await point(() => ({ leaves: undefined }))).toEqual([`${FACILITY} dropped-leaf 2026-11-03`]);
  });

  it('a statement that does not name the one before it, though the whole tree was signed so', async () => {
    const other = sealedDays({ windowDays: 2 })[2]?.statement ?? new Uint8Array();
    const forge = async (w: SealedWorld) => {
      const address = await w.objects.put(other);
      change(w.logs.kept.days, dayKey('2026-11-03'), (day) => ({
        ...day,
        statement: address,
        leafHash: hex(leafHash(other)),
      }));
      const days = [...w.logs.kept.days.values()].filter(({ facility }) => facility === FACILITY);
      const range = days.reduce((grown, day) => appendLeaf(grown, Buffer.from(day.leafHash, 'hex')).range, emptyRange);
      change(w.logs.kept.heads, origin, (head) => ({ ...head, range }));
      w.logs.kept.checkpoints.set(`${origin}#4`, await signCheckpoint(checkpointOf({ origin, range }), [signer]));
    };
    const [found] = await distinct(forge, false);
    expect(found).toMatch(new RegExp(`^${FACILITY} rewritten-day 2026-11-0[34]$`));
  });

  it('a checkpoint of long ago that was signed over another tree', async () => {
    const range = appendLeaf(
      appendLeaf(emptyRange, leafHash(Buffer.from('x'))).range,
      leafHash(Buffer.from('y')),
    ).range;
    const note = await signCheckpoint(checkpointOf({ origin, range }), [signer]);
    expect(await distinct((w) => w.logs.kept.checkpoints.set(`${origin}#2`, note), false)).toEqual([
      `${FACILITY} forked-log 2026-11-02`,
    ]);
  });

  it('a log that was rolled back, or is gone', async () => {
    const back = await sealedWorld([{ id: FACILITY, days: 3 }, { id: NEIGHBOUR }]);
    expect(
      await distinct((w) => {
        const head = back.logs.kept.heads.get(origin);
        if (head !== undefined) w.logs.kept.heads.set(origin, head);
      }),
    ).toEqual([`${FACILITY} dropped-leaf`]);
    expect(await distinct((w) => w.logs.kept.heads.delete(origin))).toEqual([`${FACILITY} dropped-leaf`]);
  });

  it('a region that was told another checkpoint, lost a leaf, or was rolled back', async () => {
    const key = (w: SealedWorld) =>
      [...w.logs.kept.leaves].find(([, one]) => one.facility === FACILITY && one.size === 4)?.[0] ?? '';
    const told = (w: SealedWorld) =>
      change(w.logs.kept.leaves, key(w), (leaf) => ({ ...leaf, leafHash: '0'.repeat(64) }));
    expect(await distinct(told)).toEqual([`${FACILITY} forked-log ${LAST_DAY}`]);
    expect(await distinct(told, false)).toEqual(
      expect.arrayContaining([`region/${region} rewritten-day ${LAST_DAY}`, `${FACILITY} forked-log ${LAST_DAY}`]),
    );
    expect(await distinct((w) => w.logs.kept.leaves.delete(`${region}#2`), false)).toEqual([
      expect.stringContaining(`region/${region} dropped-leaf`),
    ]);
    expect(await distinct((w) => w.logs.kept.heads.delete(originOfRegion(host, region)))).toEqual([
      `region/${region} dropped-leaf`,
    ]);
  });
});

describe('a log that its region does not have', () => {
  /** The log of the region as it is, honest in itself, if it took in nothing of the facility from this size on. */
  const leftOutFrom = async (w: SealedWorld, size: number): Promise<void> => {
    const without = await sealedWorld([
      { id: FACILITY, days: size - 1 },
      { id: NEIGHBOUR, days: 5 },
    ]);
    for (const [key, one] of [...w.logs.kept.leaves]) if (one.facility === FACILITY) w.logs.kept.leaves.delete(key);
    for (const kept of ['heads', 'checkpoints', 'leaves'] as const) {
      for (const [key, value] of without.logs.kept[kept]) {
        const isRegions = !key.startsWith(`${host}/f/`);
        if (isRegions) (w.logs.kept[kept] as Map<string, unknown>).set(key, value);
      }
    }
    for (const [key, day] of without.logs.kept.days) {
      if (day.facility !== nameOfRegion(region)) continue;
      w.logs.kept.days.set(key, day);
      w.objects.kept.set(day.statement, without.objects.kept.get(day.statement) ?? new Uint8Array());
    }
  };
  const grown = () =>
    sealedWorld([
      { id: FACILITY, days: 5 },
      { id: NEIGHBOUR, days: 5 },
    ]);
  const codesOf = async (w: SealedWorld, mark: { readonly size: number; readonly atMs: number } | undefined) => {
    w.logs.kept.verified.clear();
    const day = [...w.logs.kept.days.values()].filter(({ facility }) => facility === FACILITY)[(mark?.size ?? 1) - 1];
    if (mark !== undefined && day !== undefined) {
      const root = hex(rootOfRange(rangeAfter(w, mark.size)));
      w.logs.kept.verified.set(origin, { ...mark, root });
    }
    const verifier = verifierOf(w);
    verifier.pass(DAY_MS);
    const { broken } = await verifier.wholeDay();
    return broken.map(({ of, code }) => `${of} ${code}`);
  };
  const rangeAfter = (w: SealedWorld, size: number) =>
    [...w.logs.kept.days.values()]
      .filter(({ facility, number }) => facility === FACILITY && number < size)
      .reduce((range, day) => appendLeaf(range, Buffer.from(day.leafHash, 'hex')).range, emptyRange);
  const beforeTheLastDay = { size: 4, atMs: hourAfter(LAST_DAY) };

  it('is found once the region closed a day after it was verified, and had none of its checkpoints since', async () => {
    const w = await grown();
    await leftOutFrom(w, 3);
    expect(await codesOf(w, beforeTheLastDay)).toEqual([`${FACILITY} unwitnessed`]);
    const never = await grown();
    await leftOutFrom(never, 1);
    expect(await codesOf(never, beforeTheLastDay)).toEqual([`${FACILITY} unwitnessed`]);
  });

  it('is no finding while the region may still take it: verified after its last day ended, or never', async () => {
    const w = await grown();
    await leftOutFrom(w, 3);
    expect(await codesOf(w, { size: 4, atMs: hourAfter('2026-11-05') })).toEqual([]);
    expect(await codesOf(w, undefined)).toEqual([]);
  });

  it('is no finding where the day before reached the region, and the newest was not signed when that was closed', async () => {
    const w = await grown();
    await leftOutFrom(w, 4);
    expect(await codesOf(w, beforeTheLastDay)).toEqual([]);
  });

  it('is no finding where it was sealed after its region, which took an older checkpoint in', async () => {
    const w = await grown();
    await leftOutFrom(w, 5);
    expect(await codesOf(w, beforeTheLastDay)).toEqual([]);
  });

  it('is found behind a pointer to a leaf that the region does not have', async () => {
    const w = await grown();
    const pointer = [...w.logs.kept.leaves.values()].find((one) => one.facility === FACILITY && one.size === 5);
    await leftOutFrom(w, 1);
    for (const [index, code] of [
      [0, 'forked-log'],
      [99, 'unwitnessed'],
    ] as const) {
      const readRegionalLeaf = async (_region: string, facility: string, size: number) =>
        facility === FACILITY && size === 5 && pointer !== undefined
          ? { ...pointer, index }
          : w.logs.readRegionalLeaf(_region, facility, size);
      const planted = { ...w, logs: { ...w.logs, readRegionalLeaf } };
      expect(await codesOf(planted, beforeTheLastDay)).toEqual([`${FACILITY} ${code}`]);
    }
  });
});

describe('a run of the verifier', () => {
  it('does not call trouble of a store broken: it is not finished, and the next run looks again', async () => {
    const sealed = await world();
    const flaky = failing(sealed.objects, { at: 1, when: 'before', only: ['read'] });
    const { wholeDay, verify, beats, pass } = verifierOf(sealed, { sealed: flaky });
    const { broken, unread } = await wholeDay();
    expect(broken).toEqual([]);
    expect(unread).toMatchObject([{ cause: { code: 'unavailable' } }]);
    for (const id of [FACILITY, NEIGHBOUR]) {
      expect(sealed.logs.kept.verified.get(originOfFacility(host, id))?.size).toBe(4);
    }
    // The region alone is enough to keep a run from being finished.
    const dead = verifierOf(sealed, {
      logs: new Proxy(sealed.logs, {
        get: (target, name) =>
          name === 'readHead' ? () => Promise.reject(new UnavailableError('away')) : Reflect.get(target, name),
      }),
    });
    expect(await dead.verify()).toMatchObject({ finished: false, broken: [] });
    expect((await dead.beats.read()).has('evidence-verified')).toBe(false);
    expect((await beats.read()).has('evidence-verified')).toBe(true);
    pass(HOUR_MS);
    expect(await verify()).toMatchObject({ finished: true });
  });

  it('that ran out of time goes on where it stopped, and verifies nobody twice', async () => {
    const ids = Array.from({ length: 200 }, (_, at) => `n-${at}`).filter((id) => slotOf(id) === slotOf('n-0'));
    expect(ids.length).toBeGreaterThan(1);
    const sealed = await sealedWorld(
      ids.map((id) => ({ id, days: 1, records: 0 })),
      '2026-11-04',
    );
    let asked = 0;
    const base = Math.floor(hourAfter(LAST_DAY) / HOUR_MS);
    const startMs = (base + ((slotOf('n-0') - (base % 24) + 24) % 24)) * HOUR_MS;
    let runs = 0;
    // Each look at the clock takes a second: some are begun, and then the time is over.
    const clock = () => startMs + runs * HOUR_MS + asked++ * 1_000;
    const { verify, beats } = verifierOf(sealed, { clock, budgetMs: 3_000 });
    let verified = 0;
    let finished = false;
    for (; !finished && runs < 20; runs += 1) {
      asked = 0;
      const report = await verify();
      expect(report.broken).toEqual([]);
      finished = report.finished;
      verified = [...sealed.logs.kept.verified.keys()].filter((one) => one.includes('/f/')).length;
      if (!finished) expect((await beats.read()).has('evidence-verified')).toBe(false);
    }
    expect(runs).toBeGreaterThan(1);
    expect(finished).toBe(true);
    expect(verified).toBe(ids.length);
  });

  it('counts what it found, tells where, and crashes on a fault of ours only after that', async () => {
    const metrics = { addMetric: vi.fn(), publishStoredMetrics: vi.fn() };
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const finding = { of: FACILITY, code: 'forked-log', day: LAST_DAY, words: 'two stories', detail: 'x' } as const;
    const handle = (cause: unknown) =>
      makeHandler(async () => ({ verified: 3, broken: [finding], unread: [{ of: 'b', cause }], finished: false }), {
        logger,
        metrics,
      })();
    await expect(handle(new UnavailableError('away'))).resolves.toMatchObject({ verified: 3 });
    expect(metrics.addMetric.mock.calls).toEqual([['evidence-broken', MetricUnit.Count, 1]]);
    expect(logger.error).toHaveBeenCalledWith('evidence-broken', finding);
    await expect(handle(new TypeError('ours'))).rejects.toThrow('ours');
    expect(metrics.publishStoredMetrics).toHaveBeenCalledTimes(2);
    metrics.addMetric.mockClear();
    await makeHandler(async () => ({ verified: 1, broken: [], unread: [], finished: true }), { logger, metrics })();
    expect(metrics.addMetric.mock.calls).toEqual([
      ['evidence-broken', MetricUnit.Count, 0],
      ['evidence-verified', MetricUnit.Count, 1],
    ]);
  });

  it('takes up the hours that nobody finished, a day of them at most', () => {
    expect(slotsDue(undefined, 100)).toEqual([100]);
    expect(slotsDue(99, 100)).toEqual([100]);
    expect(slotsDue(100, 100)).toEqual([]);
    expect(slotsDue(97, 100)).toEqual([98, 99, 100]);
    expect(slotsDue(1, 100)).toHaveLength(24);
    expect(slotOf('sunshine')).toBe(slotOf('sunshine'));
    expect(new Set(Array.from({ length: 500 }, (_, at) => slotOf(`f-${at}`))).size).toBe(24);
  });
});
