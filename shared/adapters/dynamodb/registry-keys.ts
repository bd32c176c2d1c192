/** Key of a facility; its boxes, keys and changes lie in the same partition. */
export const facilityKey = (facilityId: string): { readonly pk: string; readonly sk: string } => ({
  pk: `facility#${facilityId}`,
  sk: 'facility',
});
