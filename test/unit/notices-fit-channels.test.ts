import { describe, expect, it } from 'vitest';
import { makeChannels } from '../../shared/adapters/channels/make-channels.ts';
import { textWithLink } from '../../shared/domain/delivery/channel-text.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { bytesOf } from '../../shared/domain/graphemes.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Notice } from '../../shared/domain/notices/notice.ts';
import { alarmKinds } from '../../shared/domain/reports.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { alarmed, found, NOW_MS, noticesOf, sun } from '../support/sample-notices.ts';

const LINK = 'https://alerts.city.example/a/AbCdEfGhIjk.0123456789abcdef';
const FAMILY = '👨‍👩‍👧';
/** Names as long as the registry takes them, with characters of several parts. */
const long: Facility = {
  ...sun,
  name: { zh: `${FAMILY}园`.repeat(11), en: `Nursery ${FAMILY} `.repeat(6) },
  address: `泰州市海陵区${FAMILY}路`.repeat(12),
  entrance: `${FAMILY}门`.repeat(20),
};

const packs: readonly RulePack[] = ['321202', '320281', '140802', '120105', '220102', '110101'].map((division) =>
  packFor({ division }, NOW_MS),
);

const every: readonly Notice[] = packs.flatMap((pack) =>
  [sun, long].flatMap((facility) => {
    const incidents: readonly Incident[] = [
      ...alarmKinds.map((kind) => alarmed({ kind, drill: true }, facility, pack)),
      ...ruleNames.map((rule) => found(rule, 'facility', 'no-beat', pack)),
    ];
    return incidents.flatMap((incident) => noticesOf(incident, facility, pack));
  }),
);

const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const graphemesOf = (text: string): readonly string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

/** Whether the one is the other, or the beginning of it up to a whole character and the mark of a cut. */
const isWholeOrCut = (said: string, text: string): boolean => {
  if (said === text) return true;
  const kept = graphemesOf(said.slice(0, -1));
  return said.endsWith('…') && graphemesOf(text).slice(0, kept.length).join('') === kept.join('');
};

describe('every notice that there is, through every channel', () => {
  const channels = Object.entries(makeChannels(() => NOW_MS));

  it('is many, some of them too long for a small channel', () => {
    expect(every.length).toBeGreaterThan(500);
    expect(every.some(({ text }) => bytesOf(text) > 2_048)).toBe(true);
  });

  it.each(channels)('%s: stays within the limit, is cut at a whole character, and keeps its link', (_, { limits }) => {
    const { longestBytes, longestCharacters = Number.POSITIVE_INFINITY } = limits;
    for (const { id, lane, drill, subjectLine, text, shortText, data } of every) {
      expect(shortText.length).toBeLessThanOrEqual(longestCharacters);
      if (longestBytes === undefined) continue;
      const message = { id, lane, drill, subjectLine, text, shortText, data, link: LINK };
      const said = textWithLink(message, longestBytes);
      expect(bytesOf(said)).toBeLessThanOrEqual(longestBytes);
      expect(said.endsWith(LINK)).toBe(true);
      expect(isWholeOrCut(said.slice(0, said.lastIndexOf('\n')), text)).toBe(true);
    }
  });
});
