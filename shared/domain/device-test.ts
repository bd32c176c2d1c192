import type { FacilityVitals } from './vitals.ts';

/** The last test of a device, which may be named like something that every object has. */
export const testOf = (tests: FacilityVitals['testedAtMs'], device: string): number | undefined =>
  tests !== undefined && Object.hasOwn(tests, device) ? tests[device] : undefined;
