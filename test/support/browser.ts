import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

// The browser of tests, screenshots and benches.

/** Where set-up looks too; FLUX_LAB_CHROMIUM names another. */
const USUAL_PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Undefined where there is none. */
export const executablePath =
  process.env["FLUX_LAB_CHROMIUM"] ?? USUAL_PLACES.find((path) => existsSync(path));

/** Root has no sandbox; a test needs no graphics card; and the browser is to call nobody. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless Chromium, which its caller closes. */
export async function launched(): Promise<Browser> {
  if (executablePath === undefined) throw new Error("No Chromium. On Debian run: apt-get install chromium");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A headless Chromium of its own for what `use` does. */
export async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launched();
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}
