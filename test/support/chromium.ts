import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { Page as Served } from './answer-world.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `CHROMIUM_PATH`, or where Debian puts it; absent = there is none on this machine. */
export const chromiumPath = (): string | undefined =>
  [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path !== undefined && existsSync(path));

export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS, headless: true });

/** Nothing is resolved or asked for: every request is answered from here. */
const ADDRESS = 'http://answer.invalid/a/token';

export interface LookOptions {
  readonly dark?: boolean;
  /** A small phone, unless told otherwise. */
  readonly width?: number;
  readonly height?: number;
}

/** Opens a served page with its own headers (its content security policy with them) as a phone would. */
export const openServed = async (
  browser: Browser,
  served: Served,
  { dark = false, width = 360, height = 740 }: LookOptions = {},
) => {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route('**/*', (route) =>
    route.request().url() === ADDRESS
      ? route.fulfill({ status: 200, headers: { ...served.headers }, body: served.body })
      : route.abort(),
  );
  await page.goto(ADDRESS);
  return { page, complaints, close: () => context.close() };
};
