import { fileURLToPath } from 'node:url';
import { makeAuditFilesHandler } from '../../functions/audit-files/handler.ts';
import { chromiumPath, launchChromium, openServed } from '../support/chromium.ts';
import { believing, callerOf, grantTo } from '../support/people-api.ts';
import { reportWorld, storied } from '../support/report-world.ts';

/** `node test/page/take-report-picture.ts`: the head of the report about four cameras, as the README shows it. */
const path = chromiumPath();
if (path === undefined) throw new Error('no Chromium here: set CHROMIUM_PATH');
const name = { zh: '阳光托育园', en: 'Sunshine Nursery' };
const world = await reportWorld({}, storied({ name }));
await grantTo(world.registry, 'auditor', { role: 'auditor', division: '3212' });
const call = callerOf(makeAuditFilesHandler(believing(world.registry), world.deps));
const route = 'GET /v1/audit/facilities/{facility}/report';
const { headers, text } = await call({ as: 'auditor', route, path: { facility: 'sunshine' } });
const browser = await launchChromium(path);
const served = { status: 200, headers: headers as Record<string, string>, body: text };
const { page } = await openServed(browser, served, { width: 1_000, height: 1_250 });
await page.screenshot({
  path: fileURLToPath(new URL('../../docs/pictures/report.png', import.meta.url)),
  scale: 'css',
});
await browser.close();
