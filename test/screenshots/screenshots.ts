import { mkdirSync } from "node:fs";
import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import type { Page } from "playwright-core";
import { withBrowser } from "../support/browser.ts";

// npm run screenshots: every view of the lab at two sizes, light and dark.
//
//   npm run screenshots [-- FOLDER [VIEW ...]]

const [folder = "docs/screenshots", ...only] = process.argv.slice(2);

const SIZES = [
  { width: 1_440, height: 900 },
  { width: 1_920, height: 1_080 },
];

const played = (page: Page) => page.getByText(/played in/).waitFor({ timeout: 300_000 });

/** How each view is reached. */
const VIEWS: Readonly<Record<string, (page: Page, address: string) => Promise<unknown>>> = {
  scenarios: (page, address) => page.goto(address),
  editor: async (page, address) => {
    await page.goto(`${address}#/edit/reward-cycle`);
    await page.getByText(/to play here/).waitFor();
  },
  tokenomics: async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle?at=1250000`);
    await played(page);
  },
  "tokenomics-below": async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle`);
    await played(page);
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(300);
  },
  decade: async (page, address) => {
    await page.goto(`${address}#/run/pon-decade`);
    await played(page);
  },
  queues: async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle?view=queues&node=120`);
    await played(page);
  },
  events: async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle?view=events`);
    await played(page);
  },
  bridge: async (page, address) => {
    await page.goto(`${address}#/run/bridge-reorg?view=bridge`);
    await played(page);
  },
  swaps: async (page, address) => {
    await page.goto(`${address}#/run/fusion-pool-drain?view=fusion`);
    await played(page);
  },
  compare: async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle`);
    await played(page);
    await page.goto(`${address}#/run/halving-2.5-years`);
    await played(page);
    await page.goto(`${address}#/compare?runs=1,2`);
    await page.locator("svg[data-chart]").first().waitFor();
  },
  runs: async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle`);
    await played(page);
    await page.goto(`${address}#/runs`);
    await page.getByText("reward-cycle").first().waitFor();
  },
  "monte-carlo": async (page, address) => {
    await page.goto(`${address}#/monte-carlo?scenario=whitepaper-984-cumulus&seeds=24`);
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText(/runs in/).waitFor({ timeout: 120_000 });
  },
};

mkdirSync(folder, { recursive: true });
const server = await serveLab(builtPage(console.error), "runs", 4_700);
try {
  await withBrowser(async (browser) => {
    for (const size of SIZES) {
      for (const colorScheme of ["light", "dark"] as const) {
        for (const [name, reach] of Object.entries(VIEWS)) {
          if (only.length > 0 && !only.includes(name)) continue;
          const page = await browser.newPage({ viewport: size, colorScheme });
          await reach(page, server.address);
          await page.waitForTimeout(250); // transitions
          const path = `${folder}/${name}-${size.width}-${colorScheme}.png`;
          await page.screenshot({ path });
          console.log(path);
          await page.close();
        }
      }
    }
  });
} finally {
  await server.close();
}
