import type { Letter } from './letters.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Several notices in one message have a link each. */
const withLinks = (text: string): string =>
  escaped(text).replaceAll(
    /https?:\/\/[^\s&]+/g,
    (link) => `<a href="${link}" target="_blank" rel="noreferrer">${link}</a>`,
  );

const clockTime = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', timeStyle: 'medium' });

const letterItem = ({ to, atMs, kind, what, text, link, drill }: Letter): string => `<article>
<p><strong>${escaped(to)}</strong> · ${kind} · ${clockTime.format(atMs)}${drill === true ? ' · 演练 drill' : ''}</p>
<h2>${escaped(what)}</h2>
${link === undefined ? '' : `<p><a href="${escaped(link)}" target="_blank" rel="noreferrer">答复 answer</a></p>`}
<details><summary>全文 whole text</summary><pre>${withLinks(text)}</pre></details>
</article>`;

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:1rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
article{border-top:1px solid #767676;padding:.5rem 0}h2{font-size:1.05rem;margin:.2rem 0}p{margin:.2rem 0}pre{white-space:pre-wrap}`;

/** The newest first. It loads itself again, so that one sees them come. */
export const inboxPage = (letters: readonly Letter[]): string => `<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>演示收件箱 demo inbox</title><style>${style}</style></head>
<body><h1>演示收件箱 <span lang="en">demo inbox</span></h1>
<p>演示人员收到的通知，最新在前。<span lang="en">What the people of the demo were told, the newest first.</span></p>
${letters.length === 0 ? '<p>尚无消息 <span lang="en">nothing yet</span></p>' : letters.toReversed().map(letterItem).join('\n')}
</body></html>
`;
