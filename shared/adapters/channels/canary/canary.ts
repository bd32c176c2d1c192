import { CANARY } from '../../../domain/incident.ts';
import type { Channel } from '../../../ports/channel.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { SystemBeats } from '../../../ports/delivery-store.ts';

const NAME = 'canary-delivered';

/**
 * The end of the canary's way: it reaches nobody, and says how long a notice took from the alarm's opening to here. Only
 * the canary's own first notice counts: a repeat is late by design.
 */
export const makeCanary = (beats: Pick<SystemBeats, 'beat'>, clock: Clock): Channel => ({
  kind: 'canary',
  limits: { most: 60, withinMs: 60_000, reserved: 30 },
  send: async ({ data }) => {
    if (data.facility !== CANARY) return { outcome: 'refused', code: 'not-the-canary' };
    const openedAtMs = typeof data.openedAt === 'string' ? Date.parse(data.openedAt) : Number.NaN;
    if (Number.isNaN(openedAtMs)) return { outcome: 'refused', code: 'no-opening' };
    if (data.kind !== 'opened') return { outcome: 'accepted' };
    try {
      const nowMs = clock();
      await beats.beat(NAME, nowMs, nowMs - openedAtMs);
      return { outcome: 'accepted' };
    } catch {
      return { outcome: 'failed', code: 'beat-not-kept' };
    }
  },
});
