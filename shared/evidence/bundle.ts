import { canonicalBytes, parseCanonical } from './canonical-json.ts';
import { EvidenceError } from './evidence-error.ts';
import type { RecordContent } from './leaf.ts';
import {
  base64,
  civilDay,
  count,
  facilityId,
  hashText,
  instant,
  list,
  malformed,
  object,
  packId,
  type Reader,
  shortId,
  text,
  utf8,
  word,
} from './read-json.ts';
import type { Statement } from './statement.ts';

/*
 * A bundle answers one question, in one file that needs nothing else: no network, no account, not us. It is read by
 * verify-bundle.ts.
 */

const SCHEMA = 'cradlewatch-bundle/1';
/** A longer file is not read. */
export const MOST_BUNDLE_BYTES = 64_000_000;
const MOST_STATEMENTS = 800;
const MOST_RECORDS = 10_000;
const MOST_HASHES = 53;
const MOST_KEYS = 100;

/** Was all that had to be recorded on these local days recorded, and was it still held at `asOf`? */
export interface DaysQuestion {
  readonly facility: string;
  readonly asOf: string;
  /** The first and the last day asked about. */
  readonly days: { readonly from: string; readonly to: string };
}

/** Was this area recorded between these instants, and was it still held at `asOf`? */
export interface AreaQuestion {
  readonly facility: string;
  readonly asOf: string;
  readonly area: string;
  readonly interval: { readonly from: string; readonly to: string };
}

export type Question = DaysQuestion | AreaQuestion;

/** A statement, and the tlog-proof that the log of the facility holds it. */
export interface BundledStatement {
  readonly statement: Uint8Array;
  readonly proof: Uint8Array;
}

/** An earlier checkpoint, and the proof that the newest one of the bundle continues it. */
export interface EarlierCheckpoint {
  readonly checkpoint: Uint8Array;
  readonly consistency: readonly Uint8Array[];
}

/** What a record said, and where a box said it, its signature over the signature base. */
export interface BundledContent extends RecordContent {
  /** Absent on a record of our own making. */
  readonly signature?: Uint8Array;
}

/** A record, its place in the tree of its day, and what it said unless that was deleted. */
export interface BundledRecord {
  /** The local day on which it was received. */
  readonly day: string;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly leaf: Uint8Array;
  readonly content?: BundledContent;
  /** Its content is kept and is not for this reader; absent = what is not here was deleted. */
  readonly withheld?: true;
}

export interface Bundle {
  readonly question: Question;
  /** The pack of the last statement: `name@version`, and SHA-256 of its text. */
  readonly pack: Statement['pack'];
  /** Public keys as lines that an auditor pins. */
  readonly keys: readonly string[];
  /** Day by day, from the first day asked about to the last day that had ended at `asOf`. */
  readonly statements: readonly BundledStatement[];
  readonly earlier: readonly EarlierCheckpoint[];
  /** The tlog-proof of the log of the region over the newest checkpoint of the facility. */
  readonly regional?: Uint8Array;
  readonly records: readonly BundledRecord[];
  /** The days of which every record is here. */
  readonly wholeDays: readonly string[];
}

const areaQuestion = object<AreaQuestion>({
  facility: facilityId,
  asOf: instant,
  area: shortId,
  interval: object<AreaQuestion['interval']>({ from: instant, to: instant }),
});

const daysQuestion = object<DaysQuestion>({
  facility: facilityId,
  asOf: instant,
  days: object<DaysQuestion['days']>({ from: civilDay, to: civilDay }),
});

const readQuestion: Reader<Question> = (value, path) =>
  typeof value === 'object' && value !== null && 'area' in value
    ? requireInterval(areaQuestion(value, path))
    : requireDays(daysQuestion(value, path));

const requireInterval = (question: AreaQuestion): AreaQuestion => {
  const { asOf, interval } = question;
  return interval.from < interval.to && interval.to <= asOf
    ? question
    : malformed('question.interval', 'should begin before it ends, and end by the instant that is asked as of');
};

const requireDays = (question: DaysQuestion): DaysQuestion =>
  question.days.from <= question.days.to ? question : malformed('question.days', 'should begin before they end');

const hashes = list(base64, MOST_HASHES);

const isTrue: Reader<true> = (value, path) => (value === true ? true : malformed(path, 'should be true, or left out'));

const requireContentOrNot = (record: BundledRecord, path: string): BundledRecord =>
  record.content === undefined || record.withheld === undefined
    ? record
    : malformed(path, 'should bring what it said, or withhold it');

const bundledRecord = object<BundledRecord>(
  {
    day: civilDay,
    index: count,
    hashes,
    leaf: utf8,
    content: object<BundledContent>({ salt: base64, body: base64, signatureBase: base64, signature: base64 }, [
      'signature',
    ]),
    withheld: isTrue,
  },
  ['content', 'withheld'],
);

const readBundle: Reader<Bundle & { readonly schema: string }> = object<Bundle & { readonly schema: string }>(
  {
    schema: word(SCHEMA),
    question: readQuestion,
    pack: object<Statement['pack']>({ id: packId, digest: hashText }),
    keys: list(text(/^[^\n]{1,1000}$/, 'a key'), MOST_KEYS),
    statements: list(object<BundledStatement>({ statement: utf8, proof: utf8 }), MOST_STATEMENTS),
    earlier: list(object<EarlierCheckpoint>({ checkpoint: utf8, consistency: hashes }), MOST_STATEMENTS),
    regional: utf8,
    records: list((value, path) => requireContentOrNot(bundledRecord(value, path), path), MOST_RECORDS),
    wholeDays: list(civilDay, MOST_STATEMENTS),
  },
  ['regional'],
);

/** Reads a bundle by its form alone: nothing in it is to be believed yet. Throws `malformed`. */
export const parseBundle = (bytes: Uint8Array): Bundle => {
  if (bytes.length > MOST_BUNDLE_BYTES) {
    throw new EvidenceError('malformed', `A bundle has at most ${MOST_BUNDLE_BYTES} bytes.`);
  }
  const { schema: _, ...bundle } = readBundle(parseCanonical(bytes, 'bundle'), 'bundle');
  return bundle;
};

const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The bytes of the file. The same bundle gives the same bytes. */
export const formatBundle = (bundle: Bundle): Uint8Array =>
  canonicalBytes({
    schema: SCHEMA,
    question: bundle.question,
    pack: bundle.pack,
    keys: bundle.keys,
    statements: bundle.statements.map(({ statement, proof }) => ({
      statement: textOf(statement),
      proof: textOf(proof),
    })),
    earlier: bundle.earlier.map(({ checkpoint, consistency }) => ({
      checkpoint: textOf(checkpoint),
      consistency: consistency.map(base64Of),
    })),
    ...(bundle.regional === undefined ? {} : { regional: textOf(bundle.regional) }),
    records: bundle.records.map(({ day, index, hashes: path, leaf, content, withheld }) => ({
      day,
      index,
      hashes: path.map(base64Of),
      leaf: textOf(leaf),
      ...(withheld === undefined ? {} : { withheld }),
      ...(content === undefined
        ? {}
        : {
            content: {
              salt: base64Of(content.salt),
              body: base64Of(content.body),
              signatureBase: base64Of(content.signatureBase),
              ...(content.signature && { signature: base64Of(content.signature) }),
            },
          }),
    })),
    wholeDays: bundle.wholeDays,
  });
