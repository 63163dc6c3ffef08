import type { Page } from "playwright-core";
import { test } from "vitest";
import { executablePath, withBrowser } from "./browser.ts";

/**
 * A test that gets an empty page of a headless Chromium of its own. Where there is none the test is skipped and its title
 * says so; in CI it fails. `timeout` in milliseconds, where it is not the usual one.
 */
export function browserTest(title: string, use: (page: Page) => Promise<void>, timeout?: number): void {
  if (executablePath !== undefined) {
    test(title, () => withPage(use), timeout);
  } else if (process.env["CI"]) {
    test(title, () => {
      throw new Error("No Chromium, and CI must not skip. On Debian run: apt-get install chromium");
    });
  } else {
    test.skipIf(true)(`SKIPPED: no Chromium; on Debian run apt-get install chromium: ${title}`, () => {});
  }
}

const withPage = (use: (page: Page) => Promise<void>): Promise<void> =>
  withBrowser(async (browser) => use(await browser.newPage()));

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
