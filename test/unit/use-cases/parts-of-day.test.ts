import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../shared/domain/time.ts';
import { leafOfDigest } from '../../../shared/evidence/leaf.ts';
import type { EvidenceRecord } from '../../../shared/ports/evidence-store.ts';
import { type DayPart, LEAVES_IN_PART, partsOfDay } from '../../../shared/use-cases/parts-of-day.ts';
import { verifyRecords } from '../../../shared/use-cases/verify-log/verify-records.ts';
import { memoryEvidenceStore } from '../../support/memory/evidence-store.ts';

const FROM_MS = Date.parse('2026-11-21T16:00:00Z');
const day = { fromMs: FROM_MS, toMs: FROM_MS + DAY_MS };

/** A record each, received at these milliseconds of the day. */
const recordsAt = (afterMs: readonly number[]): readonly EvidenceRecord[] =>
  afterMs.map((ms, n) => ({
    facility: 'sunshine',
    kind: 'recordings',
    id: `r${String(n).padStart(5, '0')}`,
    receivedAtMs: FROM_MS + ms,
    digest: 'ab'.repeat(32),
    content: {},
  }));

const leafOf = ({ facility, kind, id, receivedAtMs, digest }: EvidenceRecord): Uint8Array =>
  leafOfDigest({ facility, kind, id, receivedAt: new Date(receivedAtMs).toISOString(), digest });

const partsOf = async (sealed: readonly EvidenceRecord[], kept = sealed) => {
  const evidence = memoryEvidenceStore();
  for (const one of kept) await evidence.put(one as Parameters<typeof evidence.put>[0]);
  const asked: number[] = [];
  const within: typeof evidence.within = (facility, received) => {
    asked.push(received.toMs - received.fromMs);
    return evidence.within(facility, received);
  };
  const parts: DayPart[] = [];
  for await (const one of partsOfDay({ within }, 'sunshine', day, sealed.map(leafOf))) parts.push(one);
  return { parts, askedMs: asked.reduce((sum, ms) => sum + ms, 0) };
};

const idsOf = (all: readonly { readonly id: string }[]): readonly string[] => all.map(({ id }) => id);

describe('the parts of a day', () => {
  it.each([
    ['none', []],
    ['one', [0]],
    ['the last millisecond', [DAY_MS - 1]],
    ['just a part', Array.from({ length: LEAVES_IN_PART }, (_, n) => n)],
    ['one more', Array.from({ length: LEAVES_IN_PART + 1 }, (_, n) => n)],
    ['two of which one ends among records of one instant', Array.from({ length: 500 }, (_, n) => Math.floor(n / 7))],
    ['one instant', Array.from({ length: 500 }, () => 3)],
    ['some parts', Array.from({ length: 1_000 }, (_, n) => n * 80_000)],
  ])('are all of it, each with what is kept of it and of nothing else: %s', async (_, afterMs) => {
    const records = recordsAt(afterMs);
    const { parts, askedMs } = await partsOf(records);
    expect(parts.flatMap(({ sealed }) => idsOf(sealed.map(({ envelope }) => envelope)))).toEqual(idsOf(records));
    expect(parts.flatMap(({ sealed }) => sealed.map(({ index }) => index))).toEqual(records.map((_, n) => n));
    for (const { sealed, kept } of parts) {
      expect(idsOf(kept)).toEqual(idsOf(sealed.map(({ envelope }) => envelope)));
    }
    expect(askedMs).toBe(DAY_MS);
  });

  it('hold no more at once than a part, but for what came at one instant', async () => {
    const { parts } = await partsOf(recordsAt(Array.from({ length: 1_000 }, (_, n) => n)));
    expect(parts.map(({ kept }) => kept.length)).toEqual([200, 200, 200, 200, 200]);
  });

  it('show what is kept and was not sealed, wherever it lies', async () => {
    const sealed = recordsAt(Array.from({ length: 401 }, (_, n) => 1_000 + n));
    for (const ms of [0, 1_100, 1_199, 1_200, 1_500, DAY_MS - 1]) {
      const [stranger] = recordsAt([ms]);
      if (stranger === undefined) throw new Error('no stranger');
      const { parts } = await partsOf(sealed, [...sealed, { ...stranger, id: 'stranger' }]);
      expect(parts.flatMap(({ kept }) => idsOf(kept)).filter((id) => id === 'stranger')).toEqual(['stranger']);
    }
    const { parts } = await partsOf([], recordsAt([5]));
    expect(parts).toMatchObject([{ sealed: [], kept: [{ id: 'r00000' }] }]);
  });
});

describe('the verifier', () => {
  it('never holds a day of a box that repeats itself, and finds what is wrong in its last part', async () => {
    const sealed = recordsAt(Array.from({ length: 1_000 }, (_, n) => n * 1_000));
    const evidence = memoryEvidenceStore();
    for (const one of sealed) await evidence.put(one as Parameters<typeof evidence.put>[0]);
    const most = { kept: 0 };
    const within: typeof evidence.within = async (facility, received) => {
      const kept = await evidence.within(facility, received);
      most.kept = Math.max(most.kept, kept.length);
      return kept;
    };
    const of = { place: 'sunshine', day: '2026-11-22', zone: 'Asia/Shanghai', leaves: sealed.map(leafOf) };
    await verifyRecords({ evidence: { within } }, of);
    expect(most.kept).toBe(LEAVES_IN_PART);
    await evidence.prune('sunshine', { fromMs: FROM_MS + 999_000, toMs: FROM_MS + DAY_MS }, 1);
    await expect(verifyRecords({ evidence: { within } }, of)).rejects.toMatchObject({ code: 'dropped-leaf' });
  });
});
