import { type CameraFacts, factsOfHeldDays, ordersOf } from '../../domain/camera-facts.ts';
import type { Facility } from '../../domain/facility.ts';
import type { HeldDayFacts } from '../../domain/held-day.ts';

/** What the records and the registry say of one camera. What was said after `nowMs` the domain does not look at. */
export const cameraFactsOf = (
  held: readonly HeldDayFacts[],
  facility: Facility,
  camera: string,
  nowMs: number,
): CameraFacts => factsOfHeldDays(held, { holds: ordersOf(facility, camera, nowMs) });
