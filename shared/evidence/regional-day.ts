import { canonicalBytes, parseCanonical } from './canonical-json.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { civilDay, list, object, text, word } from './read-json.ts';

/*
 * The checkpoints that one day added to the log of a region, in one object. It is decided once: whichever run builds the
 * log from it makes the same leaves in the same order.
 */

const SCHEMA = 'cradlewatch-regional-day/1';
const MOST_CHECKPOINTS = 1_000_000;
const MOST_CHARACTERS = 1_000;

/** Under which name the days of a region are kept; no facility has a slash in its id. */
export const nameOfRegion = (region: string): string => `region/${region}`;

/** What one day added to the log of a region. */
export interface RegionalDay {
  /** Origin of the log. */
  readonly region: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** By their origins, in order. */
  readonly checkpoints: readonly Checkpoint[];
}

interface Written {
  readonly schema: typeof SCHEMA;
  readonly region: string;
  readonly day: string;
  readonly checkpoints: readonly string[];
}

/** The bytes of the file: the same checkpoints give the same bytes, in whatever order they come. */
export const regionalDayFile = ({ region, day, checkpoints }: RegionalDay): Uint8Array => {
  const sorted = [...checkpoints].sort((one, other) => (one.origin < other.origin ? -1 : 1));
  const written: Written = { schema: SCHEMA, region, day, checkpoints: sorted.map(formatCheckpoint) };
  return canonicalBytes(written);
};

const readForm = object<Written>({
  schema: word(SCHEMA),
  region: text(/^[^\s+]{1,500}$/u, 'the origin of a log'),
  day: civilDay,
  checkpoints: list(text(new RegExp(`^[^]{1,${MOST_CHARACTERS}}$`), 'a checkpoint'), MOST_CHECKPOINTS),
});

/** Reads the file by its form: the signatures are with the checkpoints. Throws `malformed`. */
export const parseRegionalDay = (bytes: Uint8Array): RegionalDay => {
  const { region, day, checkpoints } = readForm(parseCanonical(bytes, 'day of a region'), 'day of a region');
  return { region, day, checkpoints: checkpoints.map(parseCheckpoint) };
};
