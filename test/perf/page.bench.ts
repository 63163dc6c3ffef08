import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import type { Browser, CDPSession } from "playwright-core";
import { executablePath, withBrowser } from "../support/browser.ts";
import { line } from "../support/figures.ts";

// How soon the lab's page is there, from its server: a browser that has never seen it, and one that has. In Chromium without a
// graphics card, from the start of the navigation by the page's own clock. What the page's process computed says what a machine
// with nothing else to do would take at most; the network is this machine.

const TIMES = 7;
/** What a page of one word from the same server needs, for comparison. */
const BARE = "runs/nothing";

/** Milliseconds. */
interface View {
  /** Until it was painted. */
  readonly painted: number;
  /** Of its process, up to then. */
  readonly computed: number;
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

async function processTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ProcessTime")!.value * 1_000;
}

/** The last of so many visits, until `selector` was painted. */
async function visited(browser: Browser, address: string, selector: string, visits: number): Promise<View> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  let view: View = { painted: 0, computed: 0 };
  for (let visit = 0; visit < visits; visit++) {
    await page.goto(`${address.split("#")[0]}api/nothing`); // in the process that will have the page
    const before = await processTime(session);
    await page.goto(address, { waitUntil: "commit" });
    const painted = await page.evaluate<number>(`new Promise((resolve) => {
      const look = () => document.querySelector(${JSON.stringify(selector)}) === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      look();
    })`);
    view = { painted, computed: (await processTime(session)) - before };
  }
  await context.close();
  return view;
}

async function measured(browser: Browser, address: string, selector: string, visits = 1): Promise<View> {
  const views: View[] = [];
  for (let i = 0; i < TIMES; i++) views.push(await visited(browser, address, selector, visits));
  return {
    painted: median(views.map(({ painted }) => painted)),
    computed: median(views.map(({ computed }) => computed)),
  };
}

/** Prints how long the first views take. */
export async function benchPage(): Promise<void> {
  if (executablePath === undefined) return console.log("page: no figures, there is no Chromium");
  const server = await serveLab(builtPage(console.error), "runs", 4_940);
  try {
    await withBrowser(async (browser) => {
      const first = await measured(browser, server.address, "article");
      const again = await measured(browser, server.address, "article", 2);
      const run = `${server.address}#/run/whitepaper-984-cumulus`;
      const chart = await measured(browser, run, "svg[data-chart] path");
      const bare = await measured(browser, `${server.address}${BARE}`, "body");
      line("the lab's first view", first.painted, "ms (at most 1000)");
      line("of which its process computed", first.computed, "ms");
      line("the same once more, from the browser's cache", again.painted, "ms");
      line("a run's first chart, opened by its link", chart.painted, "ms");
      line("baseline: a page of one word from the same server", bare.painted, "ms");
      line("of which its process computed", bare.computed, "ms");
    });
  } finally {
    await server.close();
  }
}
