/** The kinds of report that a box sends; each has a path `/v1/<stream>` and a lane of its own in the queue. */
export const streams = [
  'alarms',
  'heartbeats',
  'coverage',
  'recordings',
  'checks',
  'logs',
  'digests',
  'challenges',
] as const;
export type Stream = (typeof streams)[number];

/** Streams whose reports carry a sequence. */
export const isSequenced = (stream: Stream): boolean => stream === 'heartbeats' || stream === 'coverage';

/** A report as it travels, without what is added when it is queued (`seq`) or sent (`ageMs`). */
export interface WireReport {
  /** UUIDv7. */
  readonly id: string;
  /** RFC 3339, by the box's clock. */
  readonly time: string;
  readonly seq?: number;
  readonly [field: string]: unknown;
}

/** An instant as reports write it. */
export const onWire = (ms: number): string => new Date(ms).toISOString();
