import { type Incident, type NoticeKind, noticeKinds, type PendingNotice } from '../incident.ts';
import { type Decision, nothing, save } from '../incidents/decision.ts';
import { answer, markSeen, passOn } from '../incidents/people.ts';
import { withReceipt } from '../incidents/receipts.ts';
import type { AnswerLink, LinkChoice, LinkUse } from './delivery.ts';
import { linkSubject } from './delivery.ts';

/** The notice that a link stands for, as its id says. */
const noticeOf = ({ incidentId, noticeId, rung, department }: AnswerLink) => {
  const [, , word, n] = noticeId.slice(incidentId.length + 1).split('/');
  const kind: NoticeKind = noticeKinds.find((one) => one === word) ?? 'opened';
  return { rung, department, kind, ...(n !== undefined && { n: Number(n) }) };
};

/** That notice as it was owed, for the text of it. */
export const pendingOf = (link: AnswerLink, incident: Incident): PendingNotice => {
  const { rung, department, kind, n } = noticeOf(link);
  const everybody = incident.ladder.flatMap(({ recipients }) => recipients);
  const same = incident.ladder[rung]?.recipients ?? everybody;
  const recipient = same.find((one) => one.department === department) ??
    everybody.find((one) => one.department === department) ?? { department, topic: 'supervision', duty: link.duty };
  return { rung, recipient, kind, dueAtMs: incident.openedAtMs, attempts: 1, ...(n !== undefined && { n }) };
};

/**
 * What whoever opens the link may say now. Only who has to act takes on or passes on, and only while there is something to
 * see to; of everything else one may say that it was seen.
 */
export const choicesOf = (link: AnswerLink, incident: Incident | undefined): readonly LinkChoice[] => {
  const acts =
    !link.test &&
    link.duty === 'act' &&
    incident !== undefined &&
    incident.state !== 'closed' &&
    incident.alarm?.kind !== 'test' &&
    noticeOf(link).kind !== 'recovered';
  return acts ? ['take', 'pass-on'] : ['seen'];
};

/** Whether the timeline has what was said by this link already: saying it again is saying it once. */
const isSaid = ({ steps }: Incident, by: string): boolean =>
  steps.some((step) => step.by === by && spoken.has(step.kind));
const spoken = new Set(['answered', 'passed-on', 'seen']);

const said = (incident: Incident, link: AnswerLink, { choice, atMs }: LinkUse): Decision => {
  const by = linkSubject(link.lookup);
  if (isSaid(incident, by)) return nothing(incident, 'said-already');
  switch (choice) {
    case 'take':
      return answer(incident, by, atMs, link.department === 'facility' ? 'facility' : 'officer');
    case 'pass-on':
      return passOn(incident, by, atMs, link.rung);
    case 'seen':
      return markSeen(incident, by, atMs);
  }
};

/**
 * What a used link means for its incident: what was chosen, dated when it was, and that its notice was seen. One change,
 * so that there is no half of it; the same use a second time changes nothing.
 */
export const applyUse = (incident: Incident, link: AnswerLink, use: LinkUse): Decision => {
  const decided = said(incident, link, use);
  const seen = withReceipt(decided.incident, noticeOf(link), { seenAtMs: use.atMs }, linkSubject(link.lookup));
  return seen === incident ? nothing(incident, decided.reason) : save(seen, decided.reason);
};
