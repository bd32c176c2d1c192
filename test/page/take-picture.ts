import { fileURLToPath } from 'node:url';
import { everyAnswerPage } from '../support/answer-pages.ts';
import { chromiumPath, launchChromium, openServed } from '../support/chromium.ts';

/** `node test/page/take-picture.ts`: the page of a panic by night, as docs/answering.md shows it. */
const nursery = {
  name: { zh: '阳光托育园', en: 'Sunshine nursery' },
  address: '海陵区东风路18号',
  entrance: '东风路正门',
};
const path = chromiumPath();
const served = (await everyAnswerPage(nursery))['a panic, to act on'];
if (path === undefined || served === undefined) throw new Error('no Chromium here: set CHROMIUM_PATH');
const browser = await launchChromium(path);
const { page } = await openServed(browser, served, { dark: true, width: 390, height: 844 });
await page.screenshot({
  path: fileURLToPath(new URL('../../docs/pictures/answer-page.png', import.meta.url)),
  fullPage: true,
  scale: 'css',
});
await browser.close();
