import { noticeId } from '../incidents/outbox.ts';
import { capOf } from './cap.ts';
import type { Notice } from './notice.ts';
import { levelOf, noticeData } from './notice-data.ts';
import { type NoticeFacts, textsOf } from './notice-text.ts';

/**
 * Makes one notice ready for its topic: as a text, as data, and as CAP. The order of the text is fixed: what, where,
 * since when, what is known and unknown, what to do now (children first), who else was told, answer by, by which
 * document, which incident. It names no person.
 */
export const renderNotice = (facts: NoticeFacts): Notice => {
  const { incident, pending } = facts;
  const texts = textsOf(facts);
  return {
    id: noticeId(incident.id, pending),
    incidentId: incident.id,
    facilityId: incident.facilityId,
    division: incident.division,
    topic: pending.recipient.topic,
    recipient: pending.recipient,
    level: levelOf(incident, pending),
    lane: incident.lane,
    kind: pending.kind,
    drill: incident.drill !== undefined,
    about: incident.alarm?.kind ?? incident.rule,
    subjectLine: texts.subjectLine,
    text: `${texts.zh}\n\n${texts.en}\n`,
    shortText: texts.short,
    data: noticeData({ ...facts, texts }),
    cap: capOf(facts),
  };
};
