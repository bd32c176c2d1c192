import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { colours } from '../../functions/take-answers/page/style.ts';
import { everyAnswerPage } from '../support/answer-pages.ts';
import type { Page } from '../support/answer-world.ts';
import { chromiumPath, launchChromium, openServed } from '../support/chromium.ts';

const pages = await everyAnswerPage();
const each = Object.entries(pages);
const path = chromiumPath();

const matches = (text: string, pattern: RegExp): readonly RegExpMatchArray[] => [...text.matchAll(pattern)];

const statuses = {
  'a panic, to act on': 200,
  'a panic, to a group': 200,
  'a group that forgot who it is': 422,
  'a panic, to the facility': 200,
  'a silence': 200,
  'a press that was not all kept': 200,
  'taken on': 200,
  'used already': 410,
  'answered by somebody else': 200,
  'passed on': 200,
  'a test of a channel': 200,
  'a test that worked': 200,
  'what is over': 409,
  'an unknown link': 404,
  'what is no form': 422,
  'an expired link': 410,
  'trouble of ours': 503,
};

it('every state of a link has its page and its status', () => {
  expect(Object.fromEntries(each.map(([name, { status }]) => [name, status]))).toEqual(statuses);
});

/** Relative luminance and contrast as WCAG 2.2 defines them. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = matches(hex, /[0-9a-f]{2}/gi)
    .map(([pair]) => Number.parseInt(pair, 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

describe.each(Object.entries(colours))('the colours of the %s', (_name, set) => {
  it.each([
    ['text', set.text, set.ground],
    ['what is urgent', set.urgent, set.ground],
    ['what is quiet', set.quiet, set.ground],
    ['the words of a button', set.onButton, set.button],
  ])('stand out at least 7 to 1: %s', (_what, ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(7);
  });

  it('show where a button is: at least 3 to 1', () => {
    expect(contrast(set.button, set.ground)).toBeGreaterThanOrEqual(3);
  });
});

it('the contrast above is the one that WCAG computes', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

describe.each(each)('the page of %s', (_name, { body }: Page) => {
  it('says its languages, and English is marked wherever it stands', () => {
    expect(body).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
    const shown = body.slice(body.indexOf('<body>')).replaceAll(/<style>[\s\S]*?<\/style>/g, '');
    const outsideEnglish = shown
      .replaceAll(/<section lang="en"[\s\S]*?<\/section>/g, '')
      .replaceAll(/<(p|span|a)[^>]* lang="en">[\s\S]*?<\/\1>/g, '')
      .replaceAll(/<[^>]+>/g, ' ');
    expect(outsideEnglish).toMatch(/\p{Script=Han}/u);
    expect(outsideEnglish).not.toMatch(/\b(the|you|is|was|this|and)\b/i);
  });

  it('has one heading of the first level, then the second, a title and a main part', () => {
    expect(matches(body, /<h1>/g)).toHaveLength(1);
    expect(matches(body, /<main/g)).toHaveLength(1);
    expect(body).toMatch(/<title>[^<]+ · [^<]+<\/title>/);
    const levels = matches(body, /<h([1-6])/g).map(([, level]) => Number(level));
    expect(levels.every((level, at) => level - (levels[at - 1] ?? 0) <= 1)).toBe(true);
  });

  it('labels every field, names every button and keeps each id once', () => {
    const ids = matches(body, / id="([^"]+)"/g).map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of matches(body, /<input id="([^"]+)"/g)) expect(body).toContain(`<label for="${id}">`);
    for (const [, of] of matches(body, /aria-describedby="([^"]+)"/g)) expect(ids).toContain(of);
    for (const [, words] of matches(body, /<button[^>]*>([\s\S]*?)<\/button>/g)) {
      expect(words).toMatch(/\p{Script=Han}[\s\S]*<span lang="en">\w/u);
    }
  });

  it('lets a phone show it in its own size and enlarge it, and loads nothing', () => {
    expect(body).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(body).toContain('prefers-color-scheme:dark');
    expect(body).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|maximum-scale|user-scalable/);
    expect(Buffer.byteLength(body)).toBeLessThan(16_384);
  });
});

describe(
  path === undefined ? 'in a browser: axe was not asked, there is no Chromium here' : 'in headless Chromium',
  () => {
    let browser: Browser | undefined;
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

    beforeAll(async () => {
      if (path === undefined) process.stdout.write('axe was not asked: no Chromium (set CHROMIUM_PATH)\n');
      else browser = await launchChromium(path);
    });
    afterAll(async () => {
      await browser?.close();
    });

    it.each(each)(
      '%s: axe finds nothing by day and by night, it fits a narrow phone, its style is allowed',
      async (_n, served) => {
        if (browser === undefined) return expect(path).toBeUndefined();
        const { page, complaints, close } = await openServed(browser, served, { width: 320 });
        expect(complaints).toEqual([]);
        await page.evaluate(axe);
        for (const [colorScheme, set] of [
          ['light', colours.day],
          ['dark', colours.night],
        ] as const) {
          await page.emulateMedia({ colorScheme });
          const found = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
          expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
          expect(found.passes.length).toBeGreaterThan(5);
          const looks = await page.evaluate<{ ground: string; wide: number; low: number }>(
            `({ ground: getComputedStyle(document.body).backgroundColor, wide: document.documentElement.scrollWidth,
            low: Math.min(99, ...[...document.querySelectorAll('button, input:enabled')].map((one) => one.getBoundingClientRect().height)) })`,
          );
          const channels = matches(set.ground, /[0-9a-f]{2}/gi).map(([pair]) => Number.parseInt(pair, 16));
          expect(looks).toMatchObject({ ground: `rgb(${channels.join(', ')})`, wide: 320 });
          expect(looks.low).toBeGreaterThanOrEqual(48);
        }
        await close();
      },
    );

    it('the key that ends a field answers nothing: only a button that was chosen does', async () => {
      if (browser === undefined) return expect(path).toBeUndefined();
      const group = pages['a panic, to a group'];
      if (group === undefined) throw new Error('there is no page of a group');
      const { page, close } = await openServed(browser, group, { width: 320 });
      await page.evaluate(
        'document.forms[0].addEventListener("submit", (e) => { e.preventDefault(); document.title = "sent " + e.submitter?.value; })',
      );
      await page.fill('#name', '李某');
      await page.fill('#unit', '派出所');
      await page.press('#unit', 'Enter');
      expect(await page.title()).not.toContain('sent');
      await page.click('button[value="pass-on"]');
      expect(await page.title()).toBe('sent pass-on');
      await close();
    });

    it('axe is awake: it finds a field without a label and words too pale to read', async () => {
      if (browser === undefined) return expect(path).toBeUndefined();
      const body =
        '<!doctype html><html lang="zh-CN"><title>x</title><main><h1>x</h1><input><p style="color:#bbb">pale</p></main>';
      const { page, close } = await openServed(browser, {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body,
      });
      await page.evaluate(axe);
      const found = await page.evaluate<AxeResults>('axe.run(document)');
      expect(found.violations.map(({ id }) => id)).toEqual(expect.arrayContaining(['label', 'color-contrast']));
      await close();
    });
  },
);
