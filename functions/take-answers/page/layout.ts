import { Html, html } from '../../../shared/runtime/html.ts';
import { contentSecurityPolicy, style } from './style.ts';
import type { Said } from './words.ts';

export const CHINESE = 'zh-CN';

/** One paragraph in each language, Chinese first. */
export const paragraphs = ({ zh, en }: Said, name = ''): Html =>
  html`<p class="${name}" lang="${CHINESE}">${zh}</p><p class="${name}" lang="en">${en}</p>`;

/** A heading says both languages in one, so that the outline of the page is read once. */
export const heading = ({ zh, en }: Said): Html => html`${zh}<span lang="en">${en}</span>`;

export interface PageParts {
  readonly title: Said;
  readonly urgent?: boolean;
  readonly body: readonly (Html | undefined)[];
}

/** The whole document. No script, no picture, nothing from elsewhere: it opens on any phone and on a bad line. */
export const document = ({ title, urgent = false, body }: PageParts): string =>
  html`<!doctype html>
<html lang="${CHINESE}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="color-scheme" content="light dark">
<title>${title.zh} · ${title.en}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main${urgent && new Html(' class="urgent"')}>
<h1>${heading(title)}</h1>
${body.filter((part) => part !== undefined)}
</main>
</body>
</html>
`.text;

/** The link is a key: nobody keeps a copy of the page, follows it with an address, frames it or finds it by a search. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-language': 'zh-CN, en',
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'strict-transport-security': 'max-age=31536000',
};
