import { createHash } from 'node:crypto';

/** Every colour of the page, by day and by night; a test computes that each pair can be read by tired eyes (7 : 1). */
export const colours = {
  day: {
    ground: '#ffffff',
    text: '#16181d',
    urgent: '#8a1020',
    button: '#0b3d91',
    onButton: '#ffffff',
    quiet: '#3d4250',
  },
  night: {
    ground: '#101216',
    text: '#f1f3f6',
    urgent: '#ffb3b8',
    button: '#a9c7ff',
    onButton: '#0a1a33',
    quiet: '#c3c8d2',
  },
} as const;

const variables = (set: Readonly<Record<string, string>>): string =>
  Object.entries(set)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

export const style = `
:root{color-scheme:light dark;${variables(colours.day)}}
@media (prefers-color-scheme:dark){:root{${variables(colours.night)}}}
*{box-sizing:border-box}
[hidden]{display:none}
body{margin:0;background:var(--ground);color:var(--text);font:1.1875rem/1.6 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
main{max-width:38rem;margin:0 auto;padding:1rem 1rem 3rem}
h1{font-size:1.75rem;line-height:1.3;margin:.5rem 0}
h1 span{display:block;font-size:1.0625rem;font-weight:600}
h2{font-size:1.25rem;margin:1.75rem 0 .5rem}
p{margin:.6rem 0}
a{color:inherit}
.urgent h1{color:var(--urgent)}
.do{font-size:1.3125rem;font-weight:700;border-left:.4rem solid var(--urgent);padding-left:.75rem}
.state,.fault{border:.1875rem solid currentColor;border-radius:.5rem;padding:.6rem .8rem;font-weight:600}
.state p{margin:.15rem 0}
.fault{color:var(--urgent)}
.quiet{color:var(--quiet);font-size:1rem}
form{margin:1rem 0 1.5rem}
label{display:block;font-weight:600;margin:.9rem 0 .3rem}
input{width:100%;min-height:3.25rem;font:inherit;padding:.5rem .75rem;color:var(--text);background:var(--ground);border:.125rem solid var(--quiet);border-radius:.5rem}
button{display:block;width:100%;min-height:4rem;margin:1rem 0;padding:.75rem;font:inherit;font-size:1.375rem;font-weight:700;color:var(--onButton);background:var(--button);border:.1875rem solid var(--button);border-radius:.75rem}
button span{display:block;font-size:1.0625rem}
button.second{color:var(--text);background:var(--ground);border-color:var(--text)}
:focus-visible{outline:.25rem solid var(--urgent);outline-offset:.1875rem}
`;

/** The page may use this style, send its form to itself, and nothing else: no script, no picture, no frame. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
