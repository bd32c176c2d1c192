import { ofFacility } from './keys.ts';

/** Key of a facility; its boxes, keys and changes (but erasures) lie in the same partition. */
export const facilityKey = (facilityId: string): { readonly pk: string; readonly sk: string } => ({
  pk: ofFacility(facilityId),
  sk: 'facility',
});

/** Partition of its erasures, which are changes: who destroys a record notes it here, and writes no key of a box. */
export const erasuresOf = (facilityId: string): string => `erasures#${facilityId}`;
