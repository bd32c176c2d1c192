import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect, it } from 'vitest';
import { makeAuditFilesHandler } from '../../functions/audit-files/handler.ts';
import { chromiumPath, launchChromium, openServed } from '../support/chromium.ts';
import { believing, callerOf, grantTo } from '../support/people-api.ts';
import { reportWorld } from '../support/report-world.ts';

const path = chromiumPath();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const served = async () => {
  const world = await reportWorld();
  await grantTo(world.registry, 'auditor', { role: 'auditor', division: '3212' });
  const call = callerOf(makeAuditFilesHandler(believing(world.registry), world.deps));
  const of = async (route: string, names: Record<string, string>) => {
    const { status, headers, text } = await call({ as: 'auditor', route, path: names });
    return { status, headers: headers as Record<string, string>, body: text };
  };
  return {
    facility: await of('GET /v1/audit/facilities/{facility}/report', { facility: 'sunshine' }),
    division: await of('GET /v1/audit/divisions/{division}/report', { division: '3212' }),
  };
};

it('in a browser: its style is allowed, nothing is blocked, axe finds nothing, and it prints on A4', async () => {
  if (path === undefined) {
    process.stdout.write('axe was not asked: no Chromium (set CHROMIUM_PATH)\n');
    return expect(path).toBeUndefined();
  }
  const browser = await launchChromium(path);
  try {
    for (const [name, page] of Object.entries(await served())) {
      const opened = await openServed(browser, page, { width: 1_000, height: 900 });
      expect(opened.complaints, name).toEqual([]);
      await opened.page.evaluate(axe);
      const found = await opened.page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
      expect(
        found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]),
        name,
      ).toEqual([]);
      const border = await opened.page.evaluate<string>(
        'getComputedStyle(document.querySelector(".verdict")).borderLeftStyle',
      );
      expect(border).toBe('solid');
      // Between the margins of A4: a browser would cut off, or shrink all, what is wider.
      await opened.page.setViewportSize({ width: 703, height: 1_000 });
      await opened.page.emulateMedia({ media: 'print' });
      expect(await opened.page.evaluate<number>('document.documentElement.scrollWidth'), name).toBe(703);
      const pdf = await opened.page.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      // 210 × 297 mm in points.
      expect(pdf.toString('latin1')).toMatch(/\/MediaBox ?\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
      await opened.close();
    }
  } finally {
    await browser.close();
  }
});
