import type { Incident, Lane, NoticeKind } from '../incident.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import { type Decision, nothing, save } from './decision.ts';
import { believersIfBack } from './outbox.ts';
import { withStep } from './steps.ts';

/** So soon after it was handed over it says what is so; nobody reads the incident to make sure. */
const FRESH_MS = 5 * MINUTE_MS;
/** Of an incident that opened longer ago it is always asked: a message that was moved back into its queue looks new. */
const OPENED_LATELY_MS = HOUR_MS;

/** A notice on its way, as far as its message says. */
export interface OnItsWay {
  readonly lane: Lane;
  readonly kind: NoticeKind;
  readonly openedAtMs: number;
  /** Absent = nobody knows how long it waited. */
  readonly sentAtMs: number | undefined;
}

/**
 * Whether what it says may be over by now. Never of life safety, and that something recovered stays true.
 */
export const mayBeOver = ({ lane, kind, openedAtMs, sentAtMs }: OnItsWay, nowMs: number): boolean =>
  lane === 'technical' &&
  kind !== 'recovered' &&
  (sentAtMs === undefined || nowMs - sentAtMs > FRESH_MS || nowMs - openedAtMs > OPENED_LATELY_MS);

/** An incident that is not live is a record: closed, told of, and unable to come back. One this young may be neither. */
export const isRecordByNow = (about: string, openedAtMs: number, nowMs: number): boolean =>
  // A registration is a record while its notices are on their way, for nothing was ever wrong.
  about !== 'registration' && nowMs - openedAtMs > OPENED_LATELY_MS;

/** Says in the timeline, once, that a notice which was published goes to nobody. */
export const withhold = (incident: Incident, noticeId: string, why: string, nowMs: number): Decision => {
  const reason = `${why}: ${noticeId.slice(incident.id.length + 1)}`;
  const isNoted = incident.steps.some((step) => step.kind === 'no-notice' && step.reason === reason);
  if (isNoted) return nothing(incident, 'withheld-already');
  return save(withStep(incident, nowMs, 'no-notice', 'deliver-notices', reason), 'withheld');
};

/** What a decision about withholding came to, whoever noted it. */
export const isWithheld = (reason: string): boolean => reason === 'withheld' || reason === 'withheld-already';

/**
 * A technical notice that waited until its incident was closed is not sent: it would call people out to what is over.
 * It is sent all the same where its department would hear nothing new if the breach came back, for then this one notice
 * is all that it ever hears.
 */
export const withholdClosedNotice = (
  incident: Incident,
  { noticeId, department }: { readonly noticeId: string; readonly department: string },
  nowMs: number,
): Decision => {
  if (incident.lane !== 'technical' || incident.state !== 'closed') return nothing(incident, 'not-over');
  if (believersIfBack(incident, incident.closeReason).includes(department)) return nothing(incident, 'believed-still');
  return withhold(incident, noticeId, 'closed-before-delivered', nowMs);
};
