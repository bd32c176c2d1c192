import type { BilingualName } from '../facility.ts';
import { type Stratum, strata } from './challenge.ts';
import { drawsNeeded, everywhere, oddsOfDetection } from './odds.ts';

const both = (zh: string, en: string): BilingualName => ({ zh, en });

export const stratumWords: Readonly<Record<Stratum, BilingualName>> = {
  incident: both('事件前后时段', 'the times of incidents'),
  oldest: both('临近保存期满的十天', 'the oldest ten days'),
  rest: both('其余时段', 'the rest'),
};

/**
 * Shares of lost footage for which the odds are printed: a nightly quarter of an hour, a day in three weeks, a third.
 */
export const printedShares = [0.01, 0.05, 0.33] as const;

/** What the odds assume and what they do not show. Goes wherever the odds go: page, report, bundle. */
export const challengeAssumptions: readonly BilingualName[] = [
  both(
    '前提是监控主机在录像时如实封存：如果监控主机的软件在录像时私自留存了片段及其密钥，即使录像已丢失也能通过抽查。',
    'It is assumed that the box was honest when it recorded: one whose software kept the slices and keys that it sealed would pass, though the footage is gone.',
  ),
  both(
    '抽查只证明录像未丢失、未改动，不证明画面内容真实；画面被遮挡或伪造，须靠现场检查发现。',
    'A challenge shows that footage was neither lost nor changed since, not that it shows the truth: a covered or staged picture is found on site.',
  ),
  both(
    '各层内按均等机会不放回抽取，抽取前监控主机不知道会抽中哪个小时；概率按放回计算，因此是下限。',
    'Within a stratum every camera-hour has the same chance and none is drawn twice, and the box cannot know which; the odds are those of drawing with putting back, hence a lower bound.',
  ),
  both(
    '概率只针对录像时已封存验证凭据的摄像机小时；未封存的、以及只能回答“在或不在”的录像机不计入。',
    'The odds are about camera-hours whose token was sealed when they were recorded; hours without one, and recorders that can only say “it is there”, do not count.',
  ),
  both(
    '抽查不容易发现很小的缺失：这类缺失由逐小时的录像报告发现，不靠抽查。',
    'Samples seldom meet a small hole: those are found by the hourly recording reports, not by draws.',
  ),
];

/**
 * The odds in words: for each printed share, how likely these draws would have met it had it been lost evenly in all
 * strata, and how many draws 95 % takes.
 */
export const oddsText = (draws: Readonly<Record<Stratum, number>>): BilingualName => {
  const lines = printedShares.map((share) => oddsLine(share, draws));
  const head = both(
    `已抽查的摄像机小时：${strata.map((one) => `${stratumWords[one].zh}${draws[one]}个`).join('，')}。`,
    `Camera-hours put to the test: ${strata.map((one) => `${draws[one]} of ${stratumWords[one].en}`).join(', ')}.`,
  );
  return both([head, ...lines].map(({ zh }) => zh).join('\n'), [head, ...lines].map(({ en }) => en).join('\n'));
};

const oddsLine = (share: number, draws: Readonly<Record<Stratum, number>>): BilingualName => {
  const odds = oddsPercent(oddsOfDetection(everywhere(share), draws));
  const needed = drawsNeeded(share, 0.95);
  return both(
    `假如有${percent(share)}的录像丢失，这些抽查至少抽中一次的概率为${odds}（达到95%需要抽查${needed}次）。`,
    `Had ${percent(share)} of the footage been lost, these draws would have met it with odds of ${odds} (95% takes ${needed} draws).`,
  );
};

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Rounded down to a tenth, and never 100%: no printed share is found with certainty, however many draws there were. */
const oddsPercent = (odds: number): string => `${Math.min(Math.floor(odds * 1_000), 999) / 10}%`;
