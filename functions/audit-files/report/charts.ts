import { BarChart, HeatmapChart } from 'echarts/charts';
import { AriaComponent, GridComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { Html } from '../../../shared/runtime/html.ts';
import { plainSvg } from './plain-svg.ts';
import { type CellState, cellLooks, cellStates } from './states.ts';

use([HeatmapChart, BarChart, GridComponent, VisualMapComponent, AriaComponent, SVGRenderer]);

export const INK = '#16181d';
const WIDTH = 960;
export const FONT = { color: INK, fontSize: 11, fontFamily: 'sans-serif' };

/** Draws without a browser, to a picture that needs no script and no style. */
export const drawn = (height: number, option: EChartsCoreOption): Html => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, textStyle: FONT, ...option });
    return new Html(plainSvg(chart.renderToSVGString()));
  } finally {
    chart.dispose();
  }
};

/** `2026-11-05` as `11-05`: the year stands in the title. */
const shortDay = (day: string): string => day.slice(5);

export const axis = {
  axisTick: { show: false },
  axisLine: { lineStyle: { color: INK } },
  axisLabel: { ...FONT },
} as const;

export interface CalendarRow {
  readonly name: string;
  readonly cells: readonly CellState[];
}

/** Rows of cameras over days, a letter in each cell that is not plainly held: it reads in black and white. */
export const calendarChart = (days: readonly string[], rows: readonly CalendarRow[]): Html => {
  const data = rows.flatMap(({ cells }, y) =>
    cells.map((state, x) => ({
      value: [x, y, cellStates.indexOf(state)],
      label: { color: cellLooks[state].ink },
    })),
  );
  return drawn(48 + 22 * rows.length, {
    grid: { left: 130, right: 8, top: 6, bottom: 34 },
    xAxis: { type: 'category', data: days.map(shortDay), ...axis, axisLabel: { ...FONT, rotate: 60, interval: 0 } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => name),
      ...axis,
      axisLabel: { ...FONT, interval: 0, width: 120, overflow: 'truncate' },
    },
    visualMap: {
      type: 'piecewise',
      show: false,
      dimension: 2,
      pieces: cellStates.map((state, value) => ({ value, color: cellLooks[state].ground })),
    },
    series: [
      {
        type: 'heatmap',
        data,
        itemStyle: { borderColor: '#8b8f99', borderWidth: 0.5 },
        label: {
          show: true,
          fontSize: 11,
          formatter: ({ value }: { value: unknown }) =>
            cellLooks[cellStates[(value as readonly number[])[2] ?? 0] ?? 'held'].letter,
        },
      },
    ],
  });
};

export interface UptimeBar {
  readonly day: string;
  readonly shownHours: number;
  readonly missingHours: number;
  readonly unknownHours: number;
}

export const uptimeLooks = {
  shown: { ground: '#cfe0ee', zh: '已证明在监测（浅色）', en: 'shown to be monitored (light)' },
  missing: { ground: '#8a1020', zh: '缺失（深色）', en: 'missing (dark)' },
  unknown: { ground: '#ffffff', zh: '未知（斜线）', en: 'unknown (hatched)' },
} as const;

export const hatched = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: INK };

/** Hours of each day, one bar a day. */
export const uptimeChart = (bars: readonly UptimeBar[]): Html => {
  const series = (name: keyof typeof uptimeLooks, hours: (bar: UptimeBar) => number) => ({
    type: 'bar',
    stack: 'day',
    barCategoryGap: '15%',
    data: bars.map(hours),
    itemStyle: {
      color: uptimeLooks[name].ground,
      borderColor: INK,
      borderWidth: 0.5,
      decal: name === 'unknown' ? hatched : { symbol: 'none' },
    },
  });
  return drawn(190, {
    // Only so that patterns are drawn.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals: [{ symbol: 'none' }] } },
    grid: { left: 40, right: 8, top: 8, bottom: 40 },
    xAxis: {
      type: 'category',
      data: bars.map(({ day }) => shortDay(day)),
      ...axis,
      axisLabel: { ...FONT, rotate: 60 },
    },
    yAxis: { type: 'value', min: 0, max: 25, interval: 6, ...axis, splitLine: { lineStyle: { color: '#c9ccd3' } } },
    series: [
      series('shown', ({ shownHours }) => shownHours),
      series('missing', ({ missingHours }) => missingHours),
      series('unknown', ({ unknownHours }) => unknownHours),
    ],
  });
};
