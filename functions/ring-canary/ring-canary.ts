import { CANARY } from '../../shared/domain/incident.ts';
import type { AlarmStore } from '../../shared/ports/alarm-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { SystemBeats } from '../../shared/ports/delivery-store.ts';
import type { ReportSender } from '../../shared/ports/report-sender.ts';

export interface CanaryDependencies {
  readonly alarms: Pick<AlarmStore, 'putKey'>;
  readonly beats: Pick<SystemBeats, 'beat'>;
  /** Signs as box `canary` of facility `canary`. */
  readonly sender: ReportSender;
  readonly clock: Clock;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
}

/**
 * Rings a test alarm by the public way that every box goes, through signature, gateway, store, topic, queue and delivery.
 * It reaches the canary channel, which notes how long it took, and nobody else.
 */
export const makeRingCanary =
  ({ alarms, beats, sender, clock, newId }: CanaryDependencies) =>
  async (): Promise<void> => {
    // Each time: whatever was lost of the canary's enrolment is mended by its next ring.
    await alarms.putKey(CANARY, CANARY, sender.key);
    const nowMs = clock();
    // Dying after this, or the sender failing: one that never comes counts as late, which is right.
    await beats.beat('canary-rung', nowMs);
    await sender.send('/v1/alarms', {
      id: newId(),
      time: new Date(nowMs).toISOString(),
      kind: 'test',
      confirmed: 'no',
      drill: true,
      ageMs: 0,
    });
  };
