import { describe, expect, it } from 'vitest';
import { escaped, html } from '../../../shared/runtime/html.ts';

describe('the template of the pages', () => {
  it('escapes whatever is put in, in text and in quoted attributes', () => {
    const evil = `<script>"&'`;
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
      '<p title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</p>',
    );
    expect(escaped('a & b < c')).toBe('a &amp; b &lt; c');
  });

  it('takes templates in templates and lists as they are, and escapes the texts between them', () => {
    expect(html`<ul>${['<a>', '<b>'].map((one) => html`<li>${one}</li>`)}</ul>`.text).toBe(
      '<ul><li>&lt;a&gt;</li><li>&lt;b&gt;</li></ul>',
    );
    expect(html`${['<', html`<br>`, 3]}`.text).toBe('&lt;<br>3');
  });

  it('writes nothing for what is not there', () => {
    expect(html`<p>${undefined}${false}</p>`.text).toBe('<p></p>');
  });
});
