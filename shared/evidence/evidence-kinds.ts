/** Requests of a box, by where they arrive: each is one record, with all reports in it, and the box signed it. */
const boxKinds = ['recordings', 'checks', 'logs', 'digests', 'alarms', 'challenges'] as const;

/** Records of our own making: nobody signed them. */
export const ownKinds = ['challenge', 'incident', 'hold', 'objection', 'access'] as const;

/** What is sealed, by where it comes from. */
export type EvidenceKind = (typeof boxKinds)[number] | (typeof ownKinds)[number];
