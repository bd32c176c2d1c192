import type { Incident, NoticeKind, PublishedNotice } from '../incident.ts';
import { markPublished } from './outbox.ts';

/** Which notice of an incident it is that somebody took or saw. */
export interface ReceiptOf {
  readonly rung: number;
  readonly department: string;
  readonly kind: NoticeKind;
  /** The how-manieth of its kind; absent = the first. */
  readonly n?: number;
}

const isOf = (of: ReceiptOf, one: ReceiptOf): boolean =>
  one.rung === of.rung && one.department === of.department && one.kind === of.kind && (one.n ?? 1) === (of.n ?? 1);

/** `<incident>/<rung>/<department>/<kind>[/<n>]` read back; only the number is not in the notice elsewhere. */
export const numberOf = (noticeId: string, incidentId: string): number | undefined => {
  const [, , , n] = noticeId.slice(incidentId.length + 1).split('/');
  return n === undefined ? undefined : Number(n);
};

/**
 * The incident with what came back of one of its notices; the first of each kind counts, and the very same incident is
 * answered where nothing is new. A notice that is still in the outbox and yet came back was published: whoever published
 * it has not said so yet, or died before.
 */
export const withReceipt = (
  incident: Incident,
  of: ReceiptOf,
  receipt: Pick<PublishedNotice, 'deliveredAtMs' | 'seenAtMs'>,
  by: string,
): Incident => {
  const owed = incident.outbox.filter((pending) => isOf(of, { ...pending, department: pending.recipient.department }));
  const atMs = receipt.deliveredAtMs ?? receipt.seenAtMs ?? incident.openedAtMs;
  const known = owed.length === 0 ? incident : markPublished(incident, owed, atMs, by);
  const published = known.published.map((one) => {
    const isNews =
      (receipt.deliveredAtMs !== undefined && one.deliveredAtMs === undefined) ||
      (receipt.seenAtMs !== undefined && one.seenAtMs === undefined);
    return isNews && isOf(of, one) ? { ...receipt, ...one } : one;
  });
  return published.some((one, at) => one !== known.published[at])
    ? withReachable({ ...known, published }, of.department)
    : known;
};

/** Somebody of the department is there: the next rung waits for them again, and so does who audits that they are told. */
const withReachable = (incident: Incident, department: string): Incident => {
  const { unreachable, ...rest } = incident;
  if (unreachable?.includes(department) !== true) return incident;
  const left = unreachable.filter((one) => one !== department);
  return left.length === 0 ? rest : { ...rest, unreachable: left };
};
