import { type Html, html } from '../../../shared/runtime/html.ts';
import { stateWords } from '../../../shared/use-cases/audit/audit-words.ts';
import { axis, drawn, FONT, hatched, INK } from './charts.ts';
import { both, type Said } from './page.ts';
import { sum } from './parts.ts';

/** How one part of a bar looks: told apart by its letter and its pattern, and only then by its colour. */
interface PartLook extends Said {
  /** Stands before the figure inside of the bar; empty = the figure alone. */
  readonly letter: string;
  readonly ground: string;
  readonly ink: string;
  readonly pattern: Pattern;
}

type Pattern = 'plain' | 'hatched' | 'dotted' | 'lined';

const dark = INK;
const patterns: Readonly<Record<Pattern, object>> = {
  plain: { symbol: 'none' },
  hatched,
  dotted: { symbol: 'circle', symbolSize: 0.35, dashArrayX: [[4, 4]], dashArrayY: [4, 4], color: INK },
  lined: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 7], color: INK },
};

/** Facilities of a county. The dark one is what is lost; a pattern is what was not proved. */
export const countyLooks = {
  held: { letter: '', ground: '#e4f1e7', ink: dark, pattern: 'plain', zh: '可以证明', en: 'can show its days' },
  short: { letter: 'S', ground: '#8a1020', ink: '#ffffff', pattern: 'plain', ...stateWords.short },
  gaps: { letter: 'G', ground: '#f2b8bd', ink: dark, pattern: 'plain', ...stateWords.gaps },
  unproved: {
    letter: 'P',
    ground: '#f3e2b3',
    ink: dark,
    pattern: 'dotted',
    ...stateWords.unproved,
  },
  unknown: { letter: 'U', ground: '#ffffff', ink: dark, pattern: 'hatched', ...stateWords.unknown },
  never: { letter: 'N', ground: '#ffffff', ink: dark, pattern: 'lined', zh: '从未接入', en: 'never connected' },
} as const satisfies Readonly<Record<string, PartLook>>;

/** How fast incidents were answered, the fastest first and the darkest last. */
export const answerLooks = {
  within5: { letter: '5′', ground: '#e4f1e7', ink: dark, pattern: 'plain', zh: '5分钟内', en: 'within 5 min' },
  within15: { letter: '15′', ground: '#cfe0ee', ink: dark, pattern: 'plain', zh: '15分钟内', en: 'within 15 min' },
  within60: { letter: '60′', ground: '#f3e2b3', ink: dark, pattern: 'dotted', zh: '60分钟内', en: 'within 60 min' },
  later: { letter: '+', ground: '#ffffff', ink: dark, pattern: 'hatched', zh: '更晚', en: 'later' },
  not: { letter: '–', ground: '#8a1020', ink: '#ffffff', pattern: 'plain', zh: '未应答', en: 'not answered' },
} as const satisfies Readonly<Record<string, PartLook>>;

export interface BarRow<P extends string> {
  readonly name: string;
  /** What is not known is not drawn. */
  readonly parts: Readonly<Record<P, number | undefined>>;
}

const ROW = 30;
/** A narrower part has no room for its figure; the table has it. */
const LEAST_SHARE = 0.04;
const NAME_WIDTH = 240;

/** A ground under the letters, so that they can be read on a pattern. */
const labelOf = ({ letter, ink, ground, pattern }: PartLook, count: number, isShown: boolean) => ({
  show: isShown,
  formatter: letter === '' ? String(count) : `${letter} ${count}`,
  color: ink,
  fontSize: 11,
  ...(pattern !== 'plain' && { backgroundColor: ground, padding: [1, 2] }),
});

const barsFrom = (names: readonly string[], xAxis: object, series: readonly object[]): Html =>
  drawn(40 + ROW * names.length, {
    // Only so that patterns are drawn.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals: [{ symbol: 'none' }] } },
    grid: { left: NAME_WIDTH + 10, right: 24, top: 6, bottom: 28 },
    xAxis: { type: 'value', min: 0, ...axis, splitLine: { lineStyle: { color: '#c9ccd3' } }, ...xAxis },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      ...axis,
      axisLabel: { ...FONT, interval: 0, width: NAME_WIDTH, overflow: 'truncate' },
    },
    series,
  });

/** One bar a row, its parts one after another. `isShare`: every bar is drawn as long, as parts of a hundred. */
export const stackedChart = <P extends string>(
  rows: readonly BarRow<NoInfer<P>>[],
  looks: Readonly<Record<P, PartLook>>,
  isShare = false,
): Html => {
  const names = Object.keys(looks) as P[];
  const wholeOf = ({ parts }: BarRow<P>): number => sum(names, (part) => parts[part] ?? 0);
  const longest = Math.max(1, ...rows.map(wholeOf));
  const series = names.map((part) => ({
    type: 'bar',
    stack: 'row',
    barWidth: '72%',
    itemStyle: {
      color: looks[part].ground,
      borderColor: INK,
      borderWidth: 0.5,
      decal: patterns[looks[part].pattern],
    },
    data: rows.map((row) => {
      const count = row.parts[part] ?? 0;
      const whole = isShare ? Math.max(1, wholeOf(row)) : longest;
      return {
        value: isShare ? (100 * count) / whole : count,
        label: labelOf(looks[part], count, count / whole >= LEAST_SHARE),
      };
    }),
  }));
  const percent = { max: 100, interval: 20, axisLabel: { ...FONT, formatter: '{value}%' } };
  return barsFrom(
    rows.map(({ name }) => name),
    isShare ? percent : { max: longest, minInterval: 1 },
    series,
  );
};

/** One plain bar a row, its figure beside it. */
export const countChart = (rows: readonly { readonly name: string; readonly count: number }[]): Html =>
  barsFrom(
    rows.map(({ name }) => name),
    { minInterval: 1 },
    [
      {
        type: 'bar',
        barWidth: '60%',
        itemStyle: { color: '#5b6270', borderColor: INK, borderWidth: 0.5, decal: { symbol: 'none' } },
        label: { show: true, position: 'right', color: INK, fontSize: 11 },
        data: rows.map(({ count }) => count),
      },
    ],
  );

/** A picture of more rows would not fit on a sheet. */
export const ROWS_IN_A_PICTURE = 24;

/** What stands in a picture, in words. */
export const keyOf = (looks: Readonly<Record<string, PartLook>>): Html =>
  html`<ul class="key">${Object.values(looks).map(
    (look) => html`<li><strong>${look.letter === '' ? '□' : look.letter}</strong> ${both(look)}</li>`,
  )}</ul>`;

/** A picture with what it is called for who cannot see it. */
export const pictured = (label: Said, chart: Html): Html =>
  html`<figure><div role="img" aria-label="${label.zh} ${label.en}">${chart}</div></figure>`;
