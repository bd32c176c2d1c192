import { addDays, civilDayOf } from '../domain/civil-day.ts';
import type { Bundle, Question } from './bundle.ts';
import { type ProvedRecord, recordIn, requireWhole } from './bundle-records.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint, verifyContinued } from './checkpoint.ts';
import { EvidenceError } from './evidence-error.ts';
import { hostOfFacility, keysFor } from './facility-log.ts';
import { sameBytes } from './merkle.ts';
import { formatNoteKey, type NoteKey, parseNoteKey } from './note-key.ts';
import { regionalLeafOf, requireRegionOf } from './regional.ts';
import { parseNote } from './signed-note.ts';
import { addressOf, parseStatement, requireNext, type Statement } from './statement.ts';
import { parseTlogProof, verifyTlogProof } from './tlog-proof.ts';

/** What is left of a bundle once all of it was verified. */
export interface BundleEvidence {
  readonly question: Question;
  /** The newest checkpoint of the facility's log. */
  readonly head: Checkpoint;
  /** By their days; at least one, and the last is the one that answers. */
  readonly statements: readonly Statement[];
  readonly last: Statement;
  /** SHA-256 of its bytes: by which a printed report names it. */
  readonly lastAddress: string;
  /** Whether the log begins within the asked days, so that nothing could be sealed before. */
  readonly beginsLate: boolean;
  readonly region?: Checkpoint;
  readonly records: readonly ProvedRecord[];
  readonly wholeDays: readonly string[];
  readonly earlierCheckpoints: number;
  readonly pinned: boolean;
}

const refuse = (code: ConstructorParameters<typeof EvidenceError>[0], detail: string): never => {
  throw new EvidenceError(code, detail);
};

/** Whom to believe: the pinned keys alone, if there are any. */
const keysOf = (bundle: Bundle, pinned: readonly string[] | undefined): readonly NoteKey[] => {
  const own = bundle.keys.map(parseNoteKey);
  if (pinned === undefined) return own;
  const trusted = pinned.map(parseNoteKey);
  const lines = new Set(trusted.map(formatNoteKey));
  const stranger = own.find((key) => !lines.has(formatNoteKey(key)));
  if (stranger !== undefined) {
    return refuse(
      'wrong-key',
      `The bundle brings the key ${stranger.name} (${stranger.keyId}), which you did not pin.`,
    );
  }
  return trusted;
};

/** What nobody signed has no place in a bundle: it could be changed and nobody would see it. */
const proofIn = (file: Uint8Array) => {
  const proof = parseTlogProof(file);
  return proof.extra === undefined ? proof : refuse('malformed', 'A proof in a bundle carries nothing extra.');
};

interface Signed {
  readonly checkpoint: Checkpoint;
  /** From here to the newest; absent for a checkpoint that came in a proof. */
  readonly consistency?: readonly Uint8Array[];
}

/** Of two that differ at one size, neither can be the other's past. Throws `forked-log`. */
const requireOneStory = (signed: readonly Signed[]): void => {
  const roots = new Map<number, Uint8Array>();
  for (const { checkpoint } of signed) {
    const root = roots.get(checkpoint.size);
    if (root !== undefined && !sameBytes(root, checkpoint.root)) {
      refuse('forked-log', `${checkpoint.origin} signed two different roots of ${checkpoint.size} leaves.`);
    }
    roots.set(checkpoint.size, checkpoint.root);
  }
};

/** That every checkpoint here is one log's, and the newest continues each. */
const headOf = (signed: readonly Signed[]): Checkpoint => {
  requireOneStory(signed);
  const [first, ...rest] = signed.map(({ checkpoint }) => checkpoint);
  if (first === undefined) return refuse('malformed', 'The bundle has no checkpoint.');
  const head = rest.reduce((newest, one) => (one.size > newest.size ? one : newest), first);
  const shown = new Set([head.size]);
  for (const { checkpoint, consistency } of signed) {
    if (consistency === undefined) continue;
    verifyContinued(checkpoint, head, consistency);
    shown.add(checkpoint.size);
  }
  const loose = signed.find(({ checkpoint }) => !shown.has(checkpoint.size));
  if (loose !== undefined) {
    refuse(
      'malformed',
      `Nothing shows that the log of ${head.size} leaves continues that of ${loose.checkpoint.size}.`,
    );
  }
  return head;
};

interface Sealed {
  readonly statement: Statement;
  readonly bytes: Uint8Array;
}

const requireChain = (sealed: readonly Sealed[]): void => {
  for (const [at, { statement }] of sealed.entries()) {
    const before = sealed[at - 1];
    if (before !== undefined) requireNext({ ...before.statement, bytes: before.bytes }, statement);
  }
};

const firstDayOf = (question: Question, zone: string): string =>
  'days' in question ? question.days.from : civilDayOf(Date.parse(question.interval.from), zone);

/** The last local day that had ended at the instant asked as of: its statement answers. */
const lastDayOf = ({ asOf }: Question, zone: string): string => addDays(civilDayOf(Date.parse(asOf), zone), -1);

/** No day asked about is missing. Days before the log began have no statement, and the answer says so. */
const requireSpan = (question: Question, first: Statement, last: Statement): void => {
  const [fromDay, toDay] = [firstDayOf(question, last.zone), lastDayOf(question, last.zone)];
  if ('days' in question && question.days.to > toDay) {
    refuse('malformed', `${question.days.to} had not ended at ${question.asOf}.`);
  }
  if (last.day < toDay) refuse('dropped-leaf', `The statement of ${toDay} is missing; the last one is of ${last.day}.`);
  if (last.day > toDay) refuse('added-leaf', `The statement of ${last.day} was sealed after ${question.asOf}.`);
  if (first.day > fromDay && first.number > 0) {
    refuse('dropped-leaf', `The statement of ${fromDay} is missing; the first one is of ${first.day}.`);
  }
};

const regionIn = (file: Uint8Array, host: string, head: Checkpoint, keys: readonly NoteKey[]): Checkpoint => {
  const { origin } = parseCheckpoint(parseNote(proofIn(file).checkpoint).text);
  requireRegionOf(origin, host);
  return verifyTlogProof(file, regionalLeafOf(head), { origin, keys: keysFor(origin, keys) }).checkpoint;
};

/**
 * Verifies all that a bundle brings. Throws an `EvidenceError` at the first thing that is not as it was sealed. First the
 * signatures, then the trees, and only then what the leaves say.
 */
export const evidenceOf = (bundle: Bundle, pinnedKeys?: readonly string[]): BundleEvidence => {
  const { question } = bundle;
  const keys = keysOf(bundle, pinnedKeys);
  const [some] = bundle.statements;
  if (some === undefined) return refuse('dropped-leaf', 'The bundle has no statement.');
  const { origin } = parseCheckpoint(parseNote(proofIn(some.proof).checkpoint).text);
  const host = hostOfFacility(origin, question.facility);
  const log = { origin, keys: keysFor(origin, keys) };

  const proved = bundle.statements.map(({ statement: bytes, proof }) => {
    proofIn(proof);
    return { bytes, ...verifyTlogProof(proof, bytes, log) };
  });
  const head = headOf([
    ...proved,
    ...bundle.earlier.map((one) => ({ ...one, checkpoint: openCheckpoint(one.checkpoint, log) })),
  ]);
  const sealed = proved.map(({ bytes, index }) => ({ bytes, index, statement: parseStatement(bytes) }));
  for (const { statement, index } of sealed) {
    const { facility, day, number } = statement;
    if (facility !== question.facility) refuse('wrong-origin', `There is a statement of ${facility} in ${origin}.`);
    if (number !== index)
      refuse('rewritten-day', `The statement of ${day} says number ${number}, and is leaf ${index}.`);
  }
  requireChain(sealed);
  const statements = sealed.map(({ statement }) => statement);
  const [first, last] = [statements[0] as Statement, statements.at(-1) as Statement];
  requireSpan(question, first, last);
  if (bundle.pack.id !== last.pack.id || bundle.pack.digest !== last.pack.digest) {
    refuse('changed-byte', `The bundle names the pack ${bundle.pack.id}, and sealed is another text or version.`);
  }

  const byDay = new Map(statements.map((one) => [one.day, one]));
  const records = bundle.records.map((record) => recordIn(record, byDay));
  requireWhole(bundle, byDay);
  const region = bundle.regional === undefined ? undefined : regionIn(bundle.regional, host, head, keys);
  requireKeysUsed(bundle, [origin, ...(region === undefined ? [] : [region.origin])]);
  return {
    question,
    head,
    statements,
    last,
    lastAddress: addressOf((sealed.at(-1) as Sealed).bytes),
    beginsLate: first.day > firstDayOf(question, last.zone),
    ...(region === undefined ? {} : { region }),
    records,
    wholeDays: bundle.wholeDays,
    earlierCheckpoints: bundle.earlier.length,
    pinned: pinnedKeys !== undefined,
  };
};

const requireKeysUsed = ({ keys }: Bundle, origins: readonly string[]): void => {
  const idle = keys.map(parseNoteKey).find((key) => !origins.some((origin) => keysFor(origin, [key]).length > 0));
  if (idle !== undefined) refuse('malformed', `The key ${idle.name} is for no log of this bundle.`);
};
