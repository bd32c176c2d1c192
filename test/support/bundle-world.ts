import { createPublicKey, sign } from 'node:crypto';
import type { CameraTime } from '../../shared/domain/camera-days.ts';
import { addDays, civilDayInterval } from '../../shared/domain/civil-day.ts';
import { intersect, subtract } from '../../shared/domain/interval.ts';
import { DAY_MS, HOUR_MS, type Interval } from '../../shared/domain/time.ts';
import type { Bundle, BundledContent, BundledRecord, BundledStatement } from '../../shared/evidence/bundle.ts';
import { type Checkpoint, signCheckpoint } from '../../shared/evidence/checkpoint.ts';
import { emptyRange } from '../../shared/evidence/compact-range.ts';
import { type DayTree, dayTreeOf } from '../../shared/evidence/day-tree.ts';
import { appendStatement, checkpointOf, emptyFacilityLog } from '../../shared/evidence/facility-log.ts';
import { digestOf, leafOf } from '../../shared/evidence/leaf.ts';
import { leafHash, treeOf } from '../../shared/evidence/merkle.ts';
import { formatNoteKey, localSigner } from '../../shared/evidence/note-key.ts';
import { appendRegionalDay, originOfRegion, regionalLeafOf } from '../../shared/evidence/regional.ts';
import { type StatedChallenges, statementOf } from '../../shared/evidence/statement.ts';
import { formatTlogProof } from '../../shared/evidence/tlog-proof.ts';
import { bytesOf, ed25519Key } from './evidence.ts';
import { contentDigest, signatureBase } from './rfc9421-signer.ts';

export const host = 'log.example';
export const zone = 'Asia/Shanghai';
export const signer = localSigner(host, ed25519Key());
export const vkey = formatNoteKey(signer.key);
export const pack = { id: 'demo@1.0.0', digest: 'ab'.repeat(32) };

/** Every footage that was asked for was shown. */
export const shownBySamples: StatedChallenges = {
  state: 'met',
  reason: 'shown-by-samples',
  outcomes: {
    open: 1,
    held: 120,
    mismatch: 0,
    'not-found': 0,
    present: 0,
    busy: 0,
    unanswered: 0,
    'token-refused': 0,
  },
  draws: { incident: 30, oldest: 60, rest: 30 },
  sealed: { owed: 216, sealed: 216, presenceOnly: 0 },
};

/** Nothing was owed, and nothing asked. */
export const nothingAsked: StatedChallenges = {
  state: 'not-applicable',
  reason: 'nothing-owed',
  outcomes: { ...shownBySamples.outcomes, open: 0, held: 0 },
  draws: { incident: 0, oldest: 0, rest: 0 },
  sealed: { owed: 0, sealed: 0, presenceOnly: 0 },
};

/** One camera of the nap room and two of the playroom; each `lost` of them is not held. */
export interface WorldOptions {
  readonly facility?: string;
  readonly firstDay?: string;
  readonly days?: number;
  readonly records?: number;
  readonly lost?: readonly Interval[];
  /** Whose records were sealed; the facility's own if absent. */
  readonly recordsOf?: string;
  readonly recordKind?: string;
  /** The facility of the box that signed them; that of the records if absent. */
  readonly signedFor?: string;
  /** Length of the window in days. */
  readonly windowDays?: number;
  /** What challenges came to on each day; all was shown if absent. */
  readonly challenges?: StatedChallenges;
}

/** A camera's time that is held but for what is lost. */
export const timeOf = (window: Interval, lost: readonly Interval[] = []): CameraTime => ({
  'not-yet-due': [],
  'no-longer-due': [],
  held: subtract([window], lost),
  'held-late': [],
  'on-hold': [],
  lost: intersect([window], lost),
  declared: [],
  unknown: [],
});

/** What the box of every facility here signs with. */
export const boxPrivateKey = ed25519Key(64);
export const boxKey = String(createPublicKey(boxPrivateKey).export({ format: 'jwk' }).x);

/** A request as a box signs it; its body ends with so many spaces. */
export const contentOf = (name: string, facility = 'sunshine', spaces = 0): BundledContent => {
  const body = bytesOf(`{"said":"${name}"}${' '.repeat(spaces)}`);
  const base = signatureBase(
    {
      '@method': 'POST',
      '@authority': 'api.example',
      '@path': '/v1/reports/recordings',
      'content-type': 'application/json',
      'content-digest': contentDigest(body),
    },
    `("@method" "@authority" "@path" "content-type" "content-digest");created=1793000000;keyid="${facility}/box-1/${boxKey}";tag="cradlewatch-v1"`,
  );
  return {
    salt: new Uint8Array(Buffer.from(name.padEnd(32, '.').slice(0, 32))),
    body,
    signatureBase: bytesOf(base),
    signature: new Uint8Array(sign(null, bytesOf(base), boxPrivateKey)),
  };
};

/** The same as a store keeps it. */
export const keptOf = ({ signature = new Uint8Array(), ...content }: BundledContent) => ({
  digest: digestOf(content),
  content,
  signature: { value: Buffer.from(signature).toString('base64'), key: boxKey },
});

export interface SealedDay {
  readonly day: string;
  readonly statement: Uint8Array;
  readonly contents: ReadonlyMap<string, BundledContent>;
  readonly tree: DayTree;
}

/** A facility and its sealed days. */
export const sealedDays = (options: WorldOptions = {}): readonly SealedDay[] => {
  const { facility = 'sunshine', firstDay = '2026-11-01', days = 4, records = 3, lost = [], windowDays = 3 } = options;
  const { recordsOf: owner = facility, signedFor = owner, recordKind: kind = 'recordings' } = options;
  const sealed: SealedDay[] = [];
  for (let n = 0; n < days; n += 1) {
    const day = addDays(firstDay, n);
    const { fromMs, toMs } = civilDayInterval(day, zone);
    const contents = new Map<string, BundledContent>();
    const leaves = Array.from({ length: records }, (_, at) => {
      const content = contentOf(`${day} ${at}`, signedFor);
      const receivedAt = new Date(fromMs + at * HOUR_MS).toISOString();
      const leaf = leafOf({ facility: owner, kind, id: `r-${n}-${at}`, receivedAt }, content);
      contents.set(Buffer.from(leaf).toString(), content);
      return leaf;
    });
    const tree = dayTreeOf({ facility: owner, day, zone }, leaves);
    const window = { fromMs: toMs - windowDays * DAY_MS, toMs };
    const previous = sealed.at(-1)?.statement;
    const statement = statementOf({
      facility,
      day,
      zone,
      ...(previous === undefined ? {} : { previous }),
      pack,
      fromMs: window.fromMs,
      cameras: [
        { camera: 'nap-1', areas: ['nap-room'], time: timeOf(window, lost) },
        { camera: 'play-1', areas: ['playroom'], time: timeOf(window) },
        { camera: 'play-2', areas: ['playroom', 'hall'], time: timeOf(window) },
      ],
      uptime: { requiredMs: toMs - fromMs, shownMs: toMs - fromMs, missingMs: 0, unknownMs: 0 },
      challenges: options.challenges ?? shownBySamples,
      received: tree,
    });
    sealed.push({ day, statement, contents, tree });
  }
  return sealed;
};

export const logOf = (sealed: readonly SealedDay[], facility = 'sunshine') => {
  let log = emptyFacilityLog(host, facility);
  for (const { statement } of sealed) log = appendStatement(log, statement).log;
  return log;
};

/** The statements with their proofs against one checkpoint; honest unless told another signer. */
export const provedStatements = (sealed: readonly SealedDay[], checkpoint: Uint8Array): readonly BundledStatement[] => {
  const tree = treeOf(sealed.map(({ statement }) => leafHash(statement)));
  return sealed.map(({ statement }, index) => ({
    statement,
    proof: formatTlogProof({ index, hashes: tree.inclusion(index), checkpoint }),
  }));
};

/** The proof of the region, among two other facilities. */
export const regionalProof = async (head: Checkpoint, at = host, by = signer): Promise<Uint8Array> => {
  const others = ['acorn', 'zebra'].map((name) => ({ ...head, origin: `${host}/f/${name}` }));
  const all = [...others, head].sort((one, other) => (one.origin < other.origin ? -1 : 1));
  const { range, entries } = appendRegionalDay(emptyRange, all);
  const index = entries.find(({ origin }) => origin === head.origin)?.index ?? -1;
  const tree = treeOf(all.map((one) => leafHash(regionalLeafOf(one))));
  const origin = originOfRegion(at, '3212');
  const checkpoint = await signCheckpoint(checkpointOf({ origin, range }), [by]);
  return formatTlogProof({ index, hashes: tree.inclusion(index), checkpoint });
};

export const recordsOf = ({ day, tree, contents }: SealedDay, kept = true): readonly BundledRecord[] =>
  tree.leaves.map((leaf, index) => {
    const content = contents.get(Buffer.from(leaf).toString());
    return {
      day,
      index,
      hashes: tree.tree.inclusion(index),
      leaf,
      ...(kept && content !== undefined ? { content } : {}),
    };
  });

/** An honest bundle about the last two days, with all records of the last. */
export const honestBundle = async (options: WorldOptions = {}): Promise<Bundle> => {
  const sealed = sealedDays(options);
  const facility = options.facility ?? 'sunshine';
  const head = checkpointOf(logOf(sealed, facility));
  const note = await signCheckpoint(head, [signer]);
  const [last, before] = [sealed.at(-1), sealed.at(-2)];
  if (last === undefined || before === undefined) throw new Error('two days at least');
  return {
    question: {
      facility,
      asOf: new Date(civilDayInterval(last.day, zone).toMs + HOUR_MS).toISOString(),
      days: { from: before.day, to: last.day },
    },
    pack,
    keys: [vkey],
    statements: provedStatements(sealed, note).slice(-2),
    earlier: [],
    regional: await regionalProof(head),
    records: recordsOf(last),
    wholeDays: recordsOf(last).length > 0 ? [last.day] : [],
  };
};
