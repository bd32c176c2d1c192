import {
  type Incident,
  isToldByStorm,
  LONGEST_OUTBOX,
  type NoticeKind,
  type PendingNotice,
  type PublishedNotice,
  type Recipient,
  sweepCloseReasons,
} from '../incident.ts';
import { MINUTE_MS, SECOND_MS } from '../time.ts';
import { withStep } from './steps.ts';

const FIRST_RETRY_MS = 5 * SECOND_MS;
const LONGEST_RETRY_MS = 5 * MINUTE_MS;

/** 5 s after the first try, doubled each time, at most 5 minutes. It never gives up. */
export const retryAfterMs = (attempts: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(Math.max(attempts - 1, 0), 10), LONGEST_RETRY_MS);

type Named = Pick<PendingNotice, 'rung' | 'kind' | 'n'> & { readonly department: string };

const named = (pending: PendingNotice): Named => ({ ...pending, department: pending.recipient.department });

const isSame = (a: Named, b: Named): boolean =>
  a.rung === b.rung && a.department === b.department && a.kind === b.kind && (a.n ?? 1) === (b.n ?? 1);

/** `<incident>/<rung>/<department>/<kind>[/<n>]`: lets a receiver drop a repeat. */
export const noticeId = (incidentId: string, pending: PendingNotice): string => idOf(incidentId, named(pending));

/** The id under which it was published. */
export const publishedNoticeId = (incidentId: string, published: PublishedNotice): string =>
  idOf(incidentId, published);

const idOf = (incidentId: string, { rung, department, kind, n }: Named): string => {
  const id = `${incidentId}/${rung}/${department}/${kind}`;
  return n === undefined ? id : `${id}/${n}`;
};

const nextNumber = (incident: Incident, rung: number, department: string, kind: NoticeKind): number => {
  const before = [...incident.outbox.map(named), ...incident.published].filter(
    (one) => one.rung === rung && one.department === department && one.kind === kind,
  );
  return 1 + Math.max(0, ...before.map((one) => one.n ?? 1));
};

export interface Owed {
  readonly rung: number;
  readonly recipient: Recipient;
}

/**
 * Puts notices into the outbox, acting departments first. A technical outbox never holds more than sixteen; what does
 * not fit is not told, and the timeline says so. Life safety has no such limit: nothing may silence it.
 */
export const owe = (
  incident: Incident,
  owed: readonly Owed[],
  kind: NoticeKind,
  dueAtMs: number,
  nowMs: number,
): Incident => {
  const room = incident.lane === 'life-safety' ? owed.length : Math.max(0, LONGEST_OUTBOX - incident.outbox.length);
  const actingFirst = [...owed].sort((a, b) => rank(a.recipient) - rank(b.recipient));
  const fitting = actingFirst.slice(0, room).map(({ rung, recipient }): PendingNotice => {
    const n = nextNumber(incident, rung, recipient.department, kind);
    return { rung, recipient, kind, dueAtMs, attempts: 0, ...(n > 1 && { n }) };
  });
  const next = { ...incident, outbox: [...incident.outbox, ...fitting] };
  const left = actingFirst.slice(room).map(({ recipient }) => recipient.department);
  return left.length === 0
    ? next
    : withStep(next, nowMs, 'no-notice', 'watch', `outbox-full ${kind}: ${left.join(' ')}`);
};

const rank = (recipient: Recipient): number => ['act', 'copy', 'inform'].indexOf(recipient.duty);

/** Owed notices that are due now, acting departments first. What is part of a storm is told of by its parent. */
export const dueNotices = (incident: Incident, nowMs: number): readonly PendingNotice[] =>
  (isToldByStorm(incident) ? [] : incident.outbox)
    .filter((pending) => pending.dueAtMs <= nowMs)
    .sort((a, b) => rank(a.recipient) - rank(b.recipient) || a.dueAtMs - b.dueAtMs);

/**
 * Takes the due notices for publishing: their next try moves away first, so that another sweep, or the sweep beside a
 * receiver, does not publish the same. Whoever dies after saving this has them retried when that time comes.
 */
export const claimDue = (
  incident: Incident,
  nowMs: number,
): { readonly incident: Incident; readonly claimed: readonly PendingNotice[] } => {
  const due = new Set(dueNotices(incident, nowMs));
  const outbox = incident.outbox.map((pending) =>
    due.has(pending)
      ? { ...pending, attempts: pending.attempts + 1, dueAtMs: nowMs + retryAfterMs(pending.attempts + 1) }
      : pending,
  );
  const claimed = dueNotices(incident, nowMs).map((pending) => ({ ...pending, attempts: pending.attempts + 1 }));
  return { incident: { ...incident, outbox }, claimed };
};

const withPublished = (published: readonly PublishedNotice[], next: PublishedNotice): readonly PublishedNotice[] => [
  ...published.filter((one) => one.rung !== next.rung || one.department !== next.department || one.kind !== next.kind),
  next,
];

const list = (notices: readonly PendingNotice[]): string =>
  notices.map(({ kind, recipient }) => `${kind}:${recipient.department}`).join(' ');

/** Moves notices that SNS took from owed to published. Harmless if somebody else did so already. */
export const markPublished = (
  incident: Incident,
  taken: readonly PendingNotice[],
  nowMs: number,
  by: string,
): Incident => {
  const news = incident.outbox.filter((pending) => taken.some((one) => isSame(named(one), named(pending))));
  if (news.length === 0) return incident;
  const published = news.reduce<readonly PublishedNotice[]>(
    (all, { rung, recipient, kind, n }) =>
      withPublished(all, {
        rung,
        department: recipient.department,
        topic: recipient.topic,
        kind,
        publishedAtMs: nowMs,
        ...(n !== undefined && { n }),
      }),
    incident.published,
  );
  const outbox = incident.outbox.filter((pending) => !news.includes(pending));
  return withStep({ ...incident, outbox, published }, nowMs, 'notice-published', by, list(news));
};

/** Notes what SNS did not take, once per notice: the claim has already set the next try, and it never gives up. */
export const markFailed = (
  incident: Incident,
  refused: readonly PendingNotice[],
  nowMs: number,
  by: string,
): Incident => {
  const first = refused.filter(
    (one) => one.attempts <= 1 && incident.outbox.some((pending) => isSame(named(one), named(pending))),
  );
  return first.length === 0 ? incident : withStep(incident, nowMs, 'notice-failed', by, list(first));
};

/** Drops notices that nobody has tried to publish, with the reason in the timeline. */
export const dropUntold = (
  incident: Incident,
  which: (pending: PendingNotice) => boolean,
  nowMs: number,
  by: string,
  reason: string,
): Incident => {
  const dropped = incident.outbox.filter((pending) => pending.attempts === 0 && which(pending));
  if (dropped.length === 0) return incident;
  const outbox = incident.outbox.filter((pending) => !dropped.includes(pending));
  return withStep({ ...incident, outbox }, nowMs, 'no-notice', by, `${reason}: ${list(dropped)}`);
};

/**
 * Who believes that the incident is going on: a notice about it was published (or may have been: it was tried), and
 * none since that it recovered.
 */
export const toldOf = (incident: Incident): readonly Owed[] => {
  const tried = incident.outbox
    .filter(({ attempts, kind }) => attempts > 0 && kind !== 'recovered')
    .map(({ recipient }) => recipient.department);
  return incident.ladder.flatMap((rung, index) =>
    rung.recipients
      .filter(({ department }) => tried.includes(department) || believes(incident.published, department))
      .filter(({ department }) => firstRungOf(incident, department) === index)
      .map((recipient) => ({ rung: index, recipient })),
  );
};

const believes = (published: readonly PublishedNotice[], department: string): boolean => {
  const latest = (recovered: boolean): number =>
    Math.max(
      Number.NEGATIVE_INFINITY,
      ...published
        .filter((one) => one.department === department && (one.kind === 'recovered') === recovered)
        .map((one) => one.publishedAtMs),
    );
  return latest(false) > latest(true);
};

const firstRungOf = (incident: Incident, department: string): number =>
  incident.ladder.findIndex((rung) => rung.recipients.some((recipient) => recipient.department === department));

/** Departments that were told of it, and to whom no notice that it recovered was published or tried. */
export const believersOf = (incident: Incident): readonly string[] => {
  const unsure = incident.outbox.filter(({ kind, attempts }) => kind === 'recovered' && attempts > 0);
  return toldOf(incident)
    .map(({ recipient }) => recipient.department)
    .filter((department) => !unsure.some(({ recipient }) => recipient.department === department));
};

/**
 * Departments that would hear nothing new if a closed incident came back. Whoever was told that a person closed it does
 * not believe that it is going on.
 */
export const believersIfBack = (incident: Incident, closeReason: string | undefined): readonly string[] =>
  sweepCloseReasons.some((reason) => reason === closeReason) ? believersOf(incident) : [];
