import { createHash } from 'node:crypto';

/** A test computes that each pair can be read by tired eyes (7 : 1), and on paper. */
export const colours = {
  ground: '#ffffff',
  text: '#16181d',
  quiet: '#3d4250',
  bad: '#8a1020',
  good: '#14532d',
} as const;

export const style = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:${colours.ground};color:${colours.text};font:15px/1.55 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:62rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.6rem;line-height:1.3;margin:.2rem 0 .6rem}
h2{font-size:1.15rem;margin:1.8rem 0 .5rem;border-bottom:2px solid ${colours.text};padding-bottom:.2rem}
h3{font-size:1rem;margin:1rem 0 .3rem}
h1 span,h2 span,h3 span{font-weight:600;font-size:.8em;color:${colours.quiet};margin-left:.6em}
p{margin:.4rem 0}
[lang=en]{color:${colours.quiet}}
.verdict{border:3px solid ${colours.bad};border-left-width:.8rem;padding:.6rem .9rem;font-size:1.15rem;font-weight:700}
.verdict p{margin:.1rem 0}
.verdict.met{border-color:${colours.good}}
.verdict [lang=en]{font-weight:600;font-size:.95rem}
table{border-collapse:collapse;width:100%;font-size:.86rem;margin:.5rem 0}
caption{text-align:left;font-weight:600;padding:.2rem 0}
th,td{border:1px solid #8b8f99;padding:.22rem .4rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
thead th{background:#eceef2}
th span{display:block;font-weight:400;font-size:.85em}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.bad th,tr.bad td{font-weight:700}
td [lang=en]{display:block;font-weight:400;font-size:.85em}
figure{margin:.6rem 0}
figure svg{width:100%;height:auto;display:block}
figcaption{font-size:.86rem}
ul{margin:.3rem 0;padding-left:1.3rem}
ul.key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.3rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .9rem;margin:.5rem 0}
dt{font-weight:600}
dd{margin:0}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.85em;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
@page{size:A4;margin:14mm 12mm}
@media print{
body{font-size:10.5pt}
main{max-width:none;padding:0}
h2,h3,caption{break-after:avoid}
figure,.verdict,tr{break-inside:avoid}
thead{display:table-header-group}
section.sheet{break-before:page}
table{font-size:8.5pt}
th,td{padding:.15rem .25rem}
tbody th,td{overflow-wrap:anywhere;min-width:3.6em}
tbody th{min-width:5.6em}
.scroll{overflow:visible}
}
`;

/** The page may use this style and nothing else: no script, no picture from elsewhere, no form, no frame. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
