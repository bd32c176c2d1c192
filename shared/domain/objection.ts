/** Why a facility says that what the records show is not its fault, or not so. `other-document` needs its number. */
export const objectionReasons = [
  'power-cut',
  'network-outage',
  'recorder-repaired',
  'recorder-replaced',
  'works-announced',
  'clock-wrong',
  'reported-late',
  'facility-closed',
  'other-document',
] as const;
