import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ReceiverAnswer } from '../contracts/reports/answer.ts';
import { LARGEST_BODY_BYTES, MOST_REPORTS, type ReportContract } from '../contracts/reports/report.ts';
import { ConflictError, UnavailableError } from '../domain/errors.ts';
import type { AlarmReceipt } from '../domain/notices/alarm-receipt.ts';
import type { ReportBase, SequencedReport } from '../domain/reports.ts';
import type { Sender } from '../domain/sender.ts';
import type { ReportOutcome, TakenReport, TakeReport, TakeSequencedReport } from '../domain/taken-report.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeepRequest } from '../ports/evidence-store.ts';
import type { VerifiedSignature, VerifyRequest } from '../ports/request-verifier.ts';
import { reportDigest } from './canonical-json.ts';
import { faultsOf } from './faults.ts';
import { isPassingTrouble } from './problem-documents.ts';
import { parseJson, rawBody, saysAllOnce } from './raw-body.ts';
import { RequestRefusedError } from './request-refused.ts';

type ReportOf<Take> = Take extends (sender: Sender, report: infer R, ...rest: never[]) => unknown ? R : never;

/** What a receiver is built from, besides the contract of its report. */
export interface ReceiverDependencies<Take> {
  readonly verify: VerifyRequest;
  readonly take: Take;
  /** Done for all reports of a request that fit their schema, before the first is taken. Throws as `take` does. */
  readonly prepare?: (sender: Sender, reports: readonly ReportOf<Take>[]) => Promise<void>;
  readonly clock: Clock;
  /** Absent = requests of this kind are no records under seal. */
  readonly keepRequest?: KeepRequest;
  /** What the answer tells the box beyond its reports, asked for once they are taken. */
  readonly tell?: (sender: Sender) => Promise<Told>;
}

/** What a box is asked and told in an answer, as it reads on the wire. */
export type Told = Pick<ReceiverAnswer, 'challenges' | 'sealTo' | 'holds'>;

export interface ReceiverOptions<W extends object, R, Take> extends ReceiverDependencies<Take> {
  readonly contract: ReportContract<W, R>;
}

/** Reports that are told apart by id and digest, because no sequence orders them. */
type UnsequencedReport = ReportBase & { readonly seq?: never };

/** How the reports of one kind are taken from the wire. */
interface Way<W extends object> {
  readonly schema: ReportContract<W, unknown>['schema'];
  readonly prepare?: ((sender: Sender, wires: readonly W[]) => Promise<void>) | undefined;
  readonly takeOne: (sender: Sender, wire: W) => Promise<TakenReport>;
  /** Trouble of ours with so many reports ends the tries of the request. */
  readonly mostTroubles: number;
}

/** How one report of the request was taken. */
export type ReportResult = ReportOutcome & {
  /** Absent only if the report named none. */
  readonly id?: string;
  readonly receipt?: unknown;
};

interface Taken {
  /** In the order of the request. */
  readonly results: readonly ReportResult[];
  readonly nextBeatSeconds?: number;
  readonly alarms?: readonly AlarmReceipt[];
}

/** A store that failed this often in one request will not take the rest of it either. */
const MOST_TROUBLES = 3;
/** Of a sequenced stream no report may be taken after one that failed, or the retry of that one would be superseded. */
const MOST_TROUBLES_IN_SEQUENCE = 1;

const jsonType = /^application\/json[ \t]*(;[ \t]*charset=("?)utf-8\2[ \t]*)?$/i;

/** Size and type first: what is too large or not ours is not even hashed. */
const bytesOf = (event: APIGatewayProxyEventV2): Buffer => {
  const bytes = rawBody(event);
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new RequestRefusedError('too-large', `${bytes.length} bytes arrived, ${LARGEST_BODY_BYTES} are taken`);
  }
  if (!jsonType.test(event.headers['content-type']?.trim() ?? '')) {
    throw new RequestRefusedError('not-json-content-type', 'The content-type must be application/json in UTF-8');
  }
  return bytes;
};

const signedBy = async (
  event: APIGatewayProxyEventV2,
  body: Uint8Array,
  verify: VerifyRequest,
): Promise<VerifiedSignature> => {
  const { method } = event.requestContext.http;
  const verdict = await verify({ method, path: event.rawPath, headers: event.headers, body });
  if (verdict.ok) return verdict;
  const { code, part, detail, signatureBase } = verdict;
  throw new RequestRefusedError(code, detail, { part, ...(signatureBase === undefined ? {} : { signatureBase }) });
};

const listOf = (parsed: unknown): readonly unknown[] => {
  const reports = Array.isArray(parsed) ? parsed : [parsed];
  if (reports.length >= 1 && reports.length <= MOST_REPORTS) return reports;
  throw new RequestRefusedError(
    'too-many-reports',
    `${reports.length} reports arrived, 1 to ${MOST_REPORTS} are taken`,
  );
};

const idOf = (report: unknown): { readonly id?: string } => {
  const id = (report as { readonly id?: unknown } | null)?.id;
  return typeof id === 'string' && id.length <= 64 ? { id } : {};
};

const isTroubleOfOurs = (error: unknown): boolean =>
  error instanceof UnavailableError || error instanceof ConflictError || isPassingTrouble(error);

/** One report of the request, as it came and as its schema sees it. */
interface Candidate<W> {
  readonly report: unknown;
  readonly parsed: ReturnType<ReportContract<W, unknown>['schema']['safeParse']>;
}

/**
 * Takes the reports in their order, one after another. What does not fit the schema is `rejected: invalid` and its
 * neighbours are taken. Trouble of ours ends in one error for the whole request, so that the box sends it again: what
 * was taken before is then a duplicate.
 */
const takeAll = async <W extends object>(
  candidates: readonly Candidate<W>[],
  sender: Sender,
  { prepare, takeOne, mostTroubles }: Way<W>,
): Promise<Taken> => {
  const fitting = candidates.flatMap(({ parsed }) => (parsed.success ? [parsed.data] : []));
  if (fitting.length > 0) await prepare?.(sender, fitting);
  const results: ReportResult[] = [];
  // Of the last one that was told any.
  let told: Pick<Taken, 'nextBeatSeconds' | 'alarms'> = {};
  const troubles: unknown[] = [];
  for (const { report, parsed } of candidates) {
    if (!parsed.success) {
      results.push({ ...idOf(report), result: 'rejected', reason: 'invalid', faults: faultsOf(parsed.error) });
      continue;
    }
    try {
      // A crash between two reports: the first is kept, nobody was answered, and the retry finds it as a duplicate.
      const { nextBeatSeconds, alarms, ...outcome } = await takeOne(sender, parsed.data);
      results.push({ ...idOf(report), ...outcome });
      if (nextBeatSeconds !== undefined) told = { nextBeatSeconds, ...(alarms && { alarms }) };
    } catch (error) {
      if (!isTroubleOfOurs(error)) throw error;
      troubles.push(error);
      if (troubles.length >= mostTroubles) break;
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return { results, ...told };
};

/**
 * Waits for both, whatever becomes of either: nothing may be left running behind an answer. What went wrong with the
 * taking is said first.
 */
const both = async <T>(taking: Promise<T>, keeping: Promise<void> | undefined): Promise<T> => {
  const [taken, kept] = await Promise.allSettled([taking, keeping]);
  if (taken.status === 'rejected') throw taken.reason;
  if (kept.status === 'rejected') throw kept.reason;
  return taken.value;
};

const instantOf = (atMs: number): string => new Date(atMs).toISOString();

const receiptOnWire = ({ reportId, state, published, delivered, seenBy }: AlarmReceipt) => ({
  id: reportId,
  state,
  published,
  delivered,
  seenBy: seenBy.map(({ department, atMs }) => ({ department, at: instantOf(atMs) })),
});

/** A single report that does not fit is the whole request: a problem, not a result. */
const refuseSingleInvalid = (request: unknown, [only]: readonly Candidate<unknown>[]): void => {
  if (Array.isArray(request) || only === undefined || only.parsed.success) return;
  throw new RequestRefusedError('report-invalid', 'The report does not fit its schema', {
    faults: faultsOf(only.parsed.error),
  });
};

/**
 * The way of every report of a box: size, content type, digest and signature over the raw bytes, JSON, number of reports,
 * then each report against its schema and into its use case, and beside that the request as it came into the evidence, so
 * that an alarm does not wait for its seal. Answers 200 with a result per report, after both; throws `RequestRefusedError`, `KeyNotLiveError`, `UnavailableError` or `ConflictError` for the whole request.
 */
const receive =
  <W extends object>(
    { verify, clock, keepRequest, tell }: Omit<ReceiverDependencies<unknown>, 'take' | 'prepare'>,
    way: Way<W>,
  ) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const receivedMs = clock();
    const body = bytesOf(event);
    const { facilityId, box, key, createdMs, signatureBase, signature } = await signedBy(event, body, verify);
    const sender = { facilityId, box, key, createdMs, receivedMs };
    const parsed = parseJson(body);
    const candidates = listOf(parsed).map((report) => ({ report, parsed: way.schema.safeParse(report) }));
    const fitsSchema = candidates.every((one) => one.parsed.success) && saysAllOnce(body, parsed);
    // Dying in here: nobody was answered, and the box sends its reports again in another request. What was taken is then a
    // duplicate, and that request is kept; if this one was kept too, both are sealed, which is what happened.
    const taken = await both(
      takeAll(candidates, sender, way),
      keepRequest?.({ sender, body, signatureBase, signature, fitsSchema }),
    );
    refuseSingleInvalid(parsed, candidates);
    const told = (await tell?.(sender)) ?? { challenges: [] };
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify({
        serverTime: instantOf(clock()),
        ...taken,
        ...(taken.alarms && { alarms: taken.alarms.map(receiptOnWire) }),
        ...told,
      }),
    };
  };

/** Receives reports that are kept by id. One that failed does not keep the others waiting: an alarm must not. */
export const receiveReports = <W extends object, R extends UnsequencedReport>({
  contract: { schema, toReport },
  take,
  prepare,
  ...rest
}: ReceiverOptions<W, R, TakeReport<R>>) =>
  receive(rest, {
    schema,
    prepare: prepare && ((sender, wires) => prepare(sender, wires.map(toReport))),
    takeOne: (sender, wire) => take(sender, toReport(wire), reportDigest(wire)),
    mostTroubles: MOST_TROUBLES,
  });

/** Receives the reports of a sequenced stream, which stops at the first that failed. */
export const receiveSequencedReports = <W extends object, R extends SequencedReport>({
  contract: { schema, toReport },
  take,
  ...rest
}: ReceiverOptions<W, R, TakeSequencedReport<R>>) =>
  receive(rest, {
    schema,
    takeOne: (sender, wire) => take(sender, toReport(wire)),
    mostTroubles: MOST_TROUBLES_IN_SEQUENCE,
  });
