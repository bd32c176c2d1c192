import { EvidenceError } from './evidence-error.ts';

/*
 * The leaves of one day in one object: a header, then a leaf a line, in the order of the tree. A leaf is canonical JSON
 * and has no line end of its own.
 */

const HEADER = 'cradlewatch-leaves/1';
const NEWLINE = 0x0a;

/** The bytes of the file. A `RangeError` for a leaf that would be read back as two, or as none: a fault of ours. */
export const leavesFile = (leaves: readonly Uint8Array[]): Uint8Array => {
  if (leaves.some((leaf) => leaf.length === 0 || leaf.includes(NEWLINE))) throw new RangeError('no leaf of one line');
  const lines = [Buffer.from(HEADER), ...leaves].flatMap((line) => [line, Buffer.from([NEWLINE])]);
  return new Uint8Array(Buffer.concat(lines));
};

/** The leaves in the file, in its order. Throws `malformed`. */
export const parseLeavesFile = (bytes: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, from);
    if (end <= from) throw new EvidenceError('malformed', 'A file of leaves has one leaf a line, and each line ends.');
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  const [header, ...leaves] = lines;
  if (header === undefined || Buffer.from(header).toString('latin1') !== HEADER) {
    throw new EvidenceError('malformed', `A file of leaves begins with ${HEADER}.`);
  }
  return leaves;
};
