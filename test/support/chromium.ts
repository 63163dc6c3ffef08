import type { Browser, Page } from "playwright-core";
import { afterAll, test } from "vitest";
import { executablePath, launched } from "./browser.ts";

/** One for all tests of a file, started with the first of them. */
let browser: Promise<Browser> | undefined;

/**
 * A test that gets an empty page of a headless Chromium, with storage and cache of its own. Where there is none the test is skipped and its title
 * says so; in CI it fails. `timeout` in milliseconds, where it is not the usual one.
 */
export function browserTest(title: string, use: (page: Page) => Promise<void>, timeout?: number): void {
  if (executablePath !== undefined) {
    afterAll(closeBrowser);
    test(title, () => withPage(use), timeout);
  } else if (process.env["CI"]) {
    test(title, () => {
      throw new Error("No Chromium, and CI must not skip. On Debian run: apt-get install chromium");
    });
  } else {
    test.skipIf(true)(`SKIPPED: no Chromium; on Debian run apt-get install chromium: ${title}`, () => {});
  }
}

async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
  browser ??= launched();
  const page = await (await browser).newPage();
  try {
    await use(page);
  } finally {
    await page.close();
  }
}

async function closeBrowser(): Promise<void> {
  const last = await browser;
  browser = undefined;
  await last?.close();
}

/** What `call` comes to in a page after `script`, which {@link bundle} made. */
export async function callInPage<T>(page: Page, script: string, call: string): Promise<T> {
  await page.addScriptTag({ content: script });
  return await page.evaluate<T>(call);
}

/** The same in a worker of the page. */
export const callInPageWorker = <T>(page: Page, script: string, call: string): Promise<T> =>
  page.evaluate<T>(`new Promise((resolve, reject) => {
    const blob = new Blob([${JSON.stringify(`${script}\npostMessage(${call});`)}], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(blob));
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  })`);
