import { padMs } from '../../../shared/adapters/dynamodb/keys.ts';
import type { Interval } from '../../../shared/domain/time.ts';
import type { EvidencePlace, EvidenceRecord, EvidenceStore } from '../../../shared/ports/evidence-store.ts';
import { logged } from './calls.ts';
import { ascending } from './pages.ts';

const keyOf = ({ facility, kind, id, receivedAtMs }: EvidencePlace): string =>
  `${facility} ${padMs(receivedAtMs)}#${kind}#${id}`;

/** The evidence table in memory. `kept` shows what is kept. */
export const memoryEvidenceStore = (): EvidenceStore & { readonly kept: Map<string, EvidenceRecord> } => {
  const kept = new Map<string, EvidenceRecord>();
  const receivedIn = (facility: string, { fromMs, toMs }: Interval): readonly [string, EvidenceRecord][] =>
    [...kept]
      .filter(([, one]) => one.facility === facility && one.receivedAtMs >= fromMs && one.receivedAtMs < toMs)
      .sort(([a], [b]) => ascending(a, b));
  return logged({
    kept,
    put: async (record) => {
      if (!kept.has(keyOf(record))) kept.set(keyOf(record), structuredClone(record));
    },
    within: async (facility, received) => receivedIn(facility, received).map(([, one]) => structuredClone(one)),
    digestsWithin: async (of, received) =>
      receivedIn(of, received).map(([, { facility, kind, id, receivedAtMs, digest }]) => ({
        facility,
        kind,
        id,
        receivedAtMs,
        digest,
      })),
    erase: async (place, atMs) => {
      const there = kept.get(keyOf(place));
      if (there === undefined) return false;
      const { content: _content, signature: _signature, ...rest } = there;
      kept.set(keyOf(place), { erasedAtMs: atMs, ...rest, content: {} });
      return true;
    },
    prune: async (facility, received, limit) => {
      const doomed = receivedIn(facility, received);
      for (const [key] of doomed.slice(0, limit)) kept.delete(key);
      return Math.max(0, doomed.length - limit);
    },
  } satisfies EvidenceStore & { readonly kept: Map<string, EvidenceRecord> });
};
