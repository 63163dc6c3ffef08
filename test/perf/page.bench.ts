import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import type { Browser } from "playwright-core";
import { executablePath, withBrowser } from "../support/browser.ts";
import { line } from "../support/figures.ts";

// How soon the lab's page is there, from its server: a browser that has never seen it, and one that has. In Chromium without a
// graphics card, from the start of the navigation by the page's own clock.

const TIMES = 7;
/** What a page of one word from the same server needs, for comparison. */
const BARE = "runs/nothing";

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

/** Milliseconds from the start of the navigation until `selector` was painted. */
async function paintedAfter(
  browser: Browser,
  address: string,
  selector: string,
  visits: number,
): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  let milliseconds = 0;
  for (let visit = 0; visit < visits; visit++) {
    await page.goto("about:blank");
    await page.goto(address, { waitUntil: "commit" });
    milliseconds = await page.evaluate<number>(`new Promise((resolve) => {
      const look = () => document.querySelector(${JSON.stringify(selector)}) === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      look();
    })`);
  }
  await context.close();
  return milliseconds;
}

async function measured(
  browser: Browser,
  address: string,
  selector: string,
  visits: number,
): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) times.push(await paintedAfter(browser, address, selector, visits));
  return median(times);
}

/** Prints how long the first views take. */
export async function benchPage(): Promise<void> {
  if (executablePath === undefined) return console.log("page: no figures, there is no Chromium");
  const server = await serveLab(builtPage(console.error), "runs", 4_940);
  try {
    await withBrowser(async (browser) => {
      const bare = await measured(browser, `${server.address}${BARE}`, "body", 1);
      const first = await measured(browser, server.address, "article", 1);
      const again = await measured(browser, server.address, "article", 2);
      const run = await measured(
        browser,
        `${server.address}#/run/whitepaper-984-cumulus`,
        "svg[data-chart] path",
        1,
      );
      line("the lab's first view", first, "ms (at most 1000)", 0);
      line("the same once more, from the browser's cache", again, "ms", 0);
      line("a run's first chart, opened by its link", run, "ms", 0);
      line("baseline: a page of one word from the same server", bare, "ms", 0);
    });
  } finally {
    await server.close();
  }
}
