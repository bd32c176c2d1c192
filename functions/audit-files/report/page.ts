import type { BilingualName } from '../../../shared/domain/facility.ts';
import type { Answer } from '../../../shared/runtime/dispatch.ts';
import { Html, html } from '../../../shared/runtime/html.ts';
import { contentSecurityPolicy, style } from './style.ts';

export type Said = BilingualName;

/** One line in both languages, Chinese first. */
export const both = ({ zh, en }: Said): Html => html`${zh} <span lang="en">${en}</span>`;

export const paragraphs = ({ zh, en }: Said): Html => html`<p>${zh}</p><p lang="en">${en}</p>`;

export const section = (title: Said, body: readonly (Html | undefined)[], name = ''): Html =>
  html`<section class="${name}"><h2>${both(title)}</h2>${body.filter((part) => part !== undefined)}</section>`;

export type Cell = string | number | Html | undefined;

export interface TableColumn<R> {
  readonly heading: Said;
  readonly cell: (row: R) => Cell;
  /** A number: it stands on the right. */
  readonly isNumber?: boolean;
}

/** What is unknown is a dash, never a nought. */
const shown = (cell: Cell): Cell => (cell === undefined || cell === '' ? '—' : cell);

/** A table whose first column names its rows; its heads are repeated on every printed page. What is cut is said. */
export const table = <R>(
  caption: Said,
  columns: readonly TableColumn<R>[],
  rows: readonly R[],
  isBad: (row: R) => boolean = () => false,
  most = Number.POSITIVE_INFINITY,
): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${caption.zh} ${caption.en}"><table>
<caption>${both(caption)}</caption>
<thead><tr>${columns.map(({ heading }) => html`<th scope="col">${heading.zh}<span lang="en">${heading.en}</span></th>`)}</tr></thead>
<tbody>
${rows.slice(0, most).map(
  (row) =>
    html`<tr class="${isBad(row) ? 'bad' : ''}">${columns.map(({ cell, isNumber }, at) =>
      at === 0
        ? html`<th scope="row">${shown(cell(row))}</th>`
        : html`<td class="${isNumber ? 'n' : ''}">${shown(cell(row))}</td>`,
    )}</tr>
`,
)}</tbody>
</table></div>${rows.length > most && none({ zh: `共${rows.length}项，此处仅列出${most}项。`, en: `${most} of ${rows.length} are listed here.` })}`;

export const none = (what: Said): Html => html`<p>${both(what)}</p>`;

export interface ReportParts {
  readonly title: Said;
  readonly met: boolean;
  /** The verdict in one sentence. */
  readonly verdict: Said;
  readonly facts: readonly (readonly [Said, Cell])[];
  readonly body: readonly (Html | undefined)[];
}

/** The whole document: no script, nothing from elsewhere, to be read, printed and kept. */
export const reportDocument = ({ title, met, verdict, facts, body }: ReportParts): string =>
  html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>${title.zh} · ${title.en}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${both(title)}</h1>
<div class="verdict${met && new Html(' met')}">${paragraphs(verdict)}</div>
<dl>${facts.map(([name, value]) => html`<dt>${both(name)}</dt><dd>${shown(value)}</dd>`)}</dl>
${body.filter((part) => part !== undefined)}
</main>
</body>
</html>
`.text;

/** A page about named places, for one reader: nobody keeps a copy on the way, frames it or finds it by a search. */
export const answerReport = (content: string): Answer => ({
  status: 200,
  text: { type: 'text/html; charset=utf-8', content },
  headers: {
    'content-language': 'zh-CN, en',
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow, noarchive',
  },
});
