import type { SealWork } from '../../shared/contracts/day-work.ts';
import type { WorkQueue } from '../../shared/ports/work-queue.ts';
import type { SealDeps } from '../../shared/use-cases/seal/dependencies.ts';
import { sealFacility } from '../../shared/use-cases/seal/seal-facility.ts';
import { sealRegion } from '../../shared/use-cases/seal/seal-region.ts';

export interface SealDependencies extends SealDeps {
  /** The queue that feeds it, for what one run has no time for. */
  readonly queue: WorkQueue<SealWork>;
}

/** Does one piece of work. `untilMs`: what is not done by then goes back into the queue. */
export type Seal = (work: SealWork, untilMs: number) => Promise<void>;

export const makeSeal =
  (deps: SealDependencies): Seal =>
  async (work, untilMs) => {
    const progress =
      'facility' in work
        ? await sealFacility(deps, work.facility, work.day, untilMs)
        : await sealRegion(deps, work.day, untilMs);
    // A year of missing days is more than one run has time for. Dying before this: the message comes again, and goes on
    // where the log ends. After: two go on, of which one finds nothing left.
    if (progress === 'more') await deps.queue.send([work]);
  };
