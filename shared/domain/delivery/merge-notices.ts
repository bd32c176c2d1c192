import { bytesOf, cutTo, cutToBytes } from '../graphemes.ts';
import type { NoticeKind, Recipient } from '../incident.ts';
import { aboutWords } from '../notices/notice-words.ts';
import type { ChannelLimits, ChannelMessage } from './channel.ts';

/** One of several technical notices to the same contact. */
export interface MergedNotice {
  readonly message: ChannelMessage;
  readonly kind: NoticeKind;
  /** Rule name. */
  readonly about: string;
  readonly duty: Recipient['duty'];
  readonly rung: number;
  readonly openedAtMs: number;
  /** Its texts in full, as lines: what, where, since, … */
  readonly zh: string;
  readonly en: string;
  readonly incidentId: string;
}

const kindsByUrgency: readonly NoticeKind[] = ['worsened', 'expired', 'climbed', 'reopened', 'opened', 'recovered'];
const dutiesByUrgency: readonly Recipient['duty'][] = ['act', 'copy', 'inform'];

/** What is still going on before what recovered, what one must act on before what one may know, what is oldest first. */
const byUrgency = (a: MergedNotice, b: MergedNotice): number =>
  Number(a.kind === 'recovered') - Number(b.kind === 'recovered') ||
  dutiesByUrgency.indexOf(a.duty) - dutiesByUrgency.indexOf(b.duty) ||
  b.rung - a.rung ||
  kindsByUrgency.indexOf(a.kind) - kindsByUrgency.indexOf(b.kind) ||
  a.openedAtMs - b.openedAtMs;

export const mostUrgentFirst = (notices: readonly MergedNotice[]): readonly MergedNotice[] =>
  notices.toSorted(byUrgency);

/** Name → how many, the most frequent first. */
const countsOf = (notices: readonly MergedNotice[]): readonly (readonly [about: string, count: number])[] => {
  const counts = new Map<string, number>();
  for (const { about } of notices) counts.set(about, (counts.get(about) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
};

const headOf = (notices: readonly MergedNotice[], language: 'zh' | 'en'): string => {
  const counts = countsOf(notices).map(([about, count]) => `${aboutWords[about]?.[language] ?? about} ${count}`);
  return language === 'zh'
    ? `【汇总】共${notices.length}条通知：${counts.join('、')}。最紧急的在前。`
    : `[${notices.length} notices] ${counts.join(', ')}. The most urgent first.`;
};

/** What, where and since when; the rest is behind the link. */
const LINES_OF_EACH = 3;
const headLines = (text: string): string => text.split('\n').slice(0, LINES_OF_EACH).join('\n');

const entryOf = ({ message, zh, en, incidentId }: MergedNotice, at: number, all: number): string =>
  [
    `— ${at + 1}/${all} —`,
    headLines(zh),
    headLines(en),
    `事件编号 / Incident: ${incidentId}`,
    ...(message.link === undefined ? [] : [`答复 / Answer: ${message.link}`]),
  ].join('\n');

const moreLine = (left: number): string =>
  `另有${left}条未列出，请登录值班台查看。${left} more are not listed here: see the desk.`;

const LONGEST_BYTES = 16_000;
const LONGEST_SHORT_TEXT = 70;
/** Room for the mark of a drill, which the channel puts in front. */
const MARK_BYTES = 64;

/** Whole entries as long as they fit, then how many are left out: an entry cut in two could lose its link. */
const fitting = (head: string, entries: readonly string[], longestBytes: number): string => {
  const room = longestBytes - MARK_BYTES - bytesOf(`\n\n${moreLine(entries.length)}`);
  const kept: string[] = [head];
  let bytes = bytesOf(head);
  for (const entry of entries) {
    bytes += bytesOf(`\n\n${entry}`);
    if (bytes > room) break;
    kept.push(entry);
  }
  const left = entries.length - (kept.length - 1);
  return cutToBytes(left === 0 ? kept.join('\n\n') : [...kept, moreLine(left)].join('\n\n'), longestBytes - MARK_BYTES);
};

/** A channel that carries a few words, or words of a template: it has one link, that of the most urgent. */
const isShort = ({ longestBytes, longestCharacters }: ChannelLimits): boolean =>
  longestBytes === undefined && longestCharacters !== undefined;

/**
 * Several technical notices to one contact as one message: how many of what, then each with its incident and its own
 * answer link, as many as the channel's limit holds. One alone stays what it is. The first is the id, so that repeating
 * the same batch is one message to a receiver.
 */
export const mergeNotices = (notices: readonly MergedNotice[], limits: ChannelLimits): ChannelMessage | undefined => {
  const sorted = mostUrgentFirst(notices);
  const [first, second] = sorted;
  if (first === undefined || second === undefined) return first?.message;
  const [zh, en] = [headOf(sorted, 'zh'), headOf(sorted, 'en')];
  const entries = sorted.map((notice, at) => entryOf(notice, at, sorted.length));
  const { data, link } = first.message;
  return {
    id: first.message.id,
    lane: 'technical',
    drill: first.message.drill,
    subjectLine: `[Cradlewatch] technical ${sorted.length} notices`,
    text: fitting(`${zh}\n${en}`, entries, limits.longestBytes ?? LONGEST_BYTES),
    shortText: cutTo(`【汇总】共${sorted.length}条：${first.message.shortText}`, LONGEST_SHORT_TEXT),
    ...(isShort(limits) && link !== undefined && { link }),
    data: {
      // What the first is about, for templates that have room for one.
      ...Object.fromEntries(['kind', 'about', 'facility', 'division', 'place'].map((name) => [name, data[name]])),
      schema: 'cradlewatch-notices/1',
      count: sorted.length,
      notices: sorted.map(({ message }) => message.data),
    },
  };
};
