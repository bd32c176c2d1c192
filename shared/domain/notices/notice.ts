import type { Lane, NoticeKind, Recipient } from '../incident.ts';
import type { Level, TopicName } from '../rule-pack.ts';
import type { CapAlert } from './cap.ts';

/** One message to one department (or the facility) about one incident, ready for a topic. */
export interface Notice {
  /** `<incident>/<rung>/<department>/<kind>`: lets a receiver drop a repeat. */
  readonly id: string;
  readonly incidentId: string;
  readonly facilityId: string;
  readonly division: string;
  readonly topic: TopicName;
  readonly recipient: Recipient;
  readonly level: Level;
  readonly lane: Lane;
  readonly kind: NoticeKind;
  /** It is about a registered drill. A box's own flag makes none. */
  readonly drill: boolean;
  /** Rule name or alarm kind. */
  readonly about: string;
  /** ASCII, at most 100 characters: SNS allows no Chinese in a subject. */
  readonly subjectLine: string;
  /** Chinese, then English; the order of the design: what, where, since, known and unknown, do now, told, answer by. */
  readonly text: string;
  /** At most 70 characters, Chinese. */
  readonly shortText: string;
  /** The same as data, for machines. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The same in CAP 1.2 terms, for machines of other authorities. */
  readonly cap: CapAlert;
}
