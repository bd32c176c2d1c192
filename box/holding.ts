import type { HoldToKeep } from '../shared/domain/legal-holds.ts';
import { DAY_MS } from '../shared/domain/time.ts';
import type { OrdersHeard } from './heard-in-answer.ts';
import type { FilmHolder } from './recorder.ts';

/** As many as one recording report may name. */
const MOST_IN_REPORT = 16;
/** Said once is enough; said daily, it outlives whatever gets lost on the way. */
const SAY_AGAIN_MS = DAY_MS;

export interface Holding {
  /** What is not among all orders is over. Answers the cameras that have one to confirm. */
  readonly hear: (orders: OrdersHeard) => Promise<readonly string[]>;
  /** What to confirm in the next report of this camera; asked once, it counts as said. */
  readonly toConfirm: (camera: string) => readonly HoldToKeep[];
}

interface Held {
  readonly order: HoldToKeep;
  readonly saidAtMs?: number;
}

const isSame = (a: HoldToKeep, b: HoldToKeep): boolean =>
  a.camera === b.camera && a.fromMs === b.fromMs && a.toMs === b.toMs;

/**
 * Carries out orders to keep. It remembers nothing over a restart: the server names every order in each answer, the
 * recorder knows what it protects, and is asked again without harm. What it does not protect is never confirmed; what
 * fails is tried again with the next answer, and holds up no other order.
 */
export const startHolding = (recorder: FilmHolder, nowMs: () => number): Holding => {
  const held = new Map<string, Held>();

  /** Whether it is held now and was not before. One that the recorder let go by itself is ordered of it anew. */
  const hold = async (order: HoldToKeep, isProtected: boolean): Promise<boolean> => {
    const known = held.get(order.hold);
    const isKnown = known !== undefined && isSame(known.order, order);
    if (isKnown && isProtected) return false;
    const holds = await recorder.holdFilm(order).catch(() => false);
    if (!holds) held.delete(order.hold);
    else if (!isKnown) held.set(order.hold, { order });
    return holds && !isKnown;
  };

  const release = async (holds: readonly HoldToKeep[], protectedNow: readonly string[]): Promise<void> => {
    for (const id of new Set([...held.keys(), ...protectedNow])) {
      if (holds.some((order) => order.hold === id)) continue;
      await recorder.releaseFilm(id).catch(() => {});
      held.delete(id);
    }
  };

  const isUnsaid = ({ saidAtMs }: Held): boolean => saidAtMs === undefined || nowMs() - saidAtMs >= SAY_AGAIN_MS;

  return {
    hear: async ({ toKeep, areAll }) => {
      const protectedNow = await recorder.heldFilm().catch(() => undefined);
      if (areAll) await release(toKeep, protectedNow ?? []);
      const cameras = new Set<string>();
      for (const order of toKeep) {
        if (await hold(order, protectedNow?.includes(order.hold) ?? true)) cameras.add(order.camera);
      }
      return [...cameras];
    },
    toConfirm: (camera) => {
      const due = [...held.values()]
        .filter((one) => one.order.camera === camera && isUnsaid(one))
        .slice(0, MOST_IN_REPORT);
      for (const { order } of due) held.set(order.hold, { order, saidAtMs: nowMs() });
      return due.map(({ order }) => order);
    },
  };
};
