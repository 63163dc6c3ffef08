import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import type { Browser, Page } from "playwright-core";
import { withBrowser } from "../support/browser.ts";

// npm run screenshots: every view of the lab at two sizes, light and dark.
//
//   npm run screenshots [-- --out FOLDER --width 1440 --theme dark VIEW ...]

/** A laptop and a projector. */
const SIZES = [
  { width: 1_440, height: 900 },
  { width: 1_024, height: 768 },
];
const THEMES = ["light", "dark"] as const;

const { values: chosen, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "dist/screenshots" },
    width: { type: "string" },
    theme: { type: "string" },
  },
});
const folder = chosen.out;

/** Milliseconds; the machine may have other things to do. */
const PATIENCE = 300_000;

/** A run of full nodes up to a moment, as fast as it goes. */
async function network(page: Page, address: string, query: string, scenario = "partition-heals") {
  await page.goto(`${address}#/run/${scenario}?${query}`);
  const speed = page.getByLabel("Speed");
  if (await speed.isVisible()) await speed.selectOption("Max");
  await played(page);
}

const played = (page: Page) => page.getByText(/played in \d/).waitFor();

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
  "break-even": async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle`);
    await played(page);
    await page.locator('[data-chart-id="break-even"]').scrollIntoViewIfNeeded();
  },
  assets: async (page, address) => {
    await page.goto(`${address}#/run/reward-cycle?view=assets`);
    await played(page);
  },
  halving: async (page, address) => {
    await page.goto(`${address}#/run/halving`);
    await played(page);
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
  network: (page, address) => network(page, address, "t=1500&node=7"),
  "network-thousand": (page, address) => network(page, address, "t=260", "propagation-1000"),
  ring: (page, address) => network(page, address, "t=1500&layout=ring&color=tier"),
  force: async (page, address) => {
    await network(page, address, "t=1500&layout=force");
    await page.waitForTimeout(2_500); // laid out by another thread
  },
  chain: (page, address) => network(page, address, "t=1790&view=chain"),
  "network-events": (page, address) => network(page, address, "view=events"),
  faults: (page, address) => network(page, address, "t=1500&view=faults"),
  figures: (page, address) => network(page, address, "t=1500&view=figures"),
  relay: async (page, address) => network(page, address, "t=5000", "simblock-bitcoin-2019"),
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
    await page.getByText(/runs in/).waitFor();
  },
};

/** Views of networks share a page, and with it what was played. */
const NETWORKS = new Set([
  "network",
  "network-thousand",
  "ring",
  "force",
  "chain",
  "network-events",
  "faults",
  "figures",
  "relay",
]);

const names = Object.keys(VIEWS).filter((name) => only.length === 0 || only.includes(name));
for (const name of only)
  if (VIEWS[name] === undefined) throw new Error(`no view "${name}"; there are ${Object.keys(VIEWS).join(", ")}`);

async function shoot(page: Page, address: string, name: string, path: string): Promise<void> {
  await page.bringToFront(); // a page behind another is not painted
  await page.goto(`${address}#/runs`);
  await VIEWS[name]!(page, address);
  await page.waitForTimeout(350); // transitions
  await page.screenshot({ path });
  console.log(path);
}

/** All views in one size and theme. */
async function shootAll(browser: Browser, address: string, look: Look): Promise<void> {
  const open = async () => {
    const page = await browser.newPage(look);
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => console.error(error.stack));
    return page;
  };
  let shared: Page | undefined;
  for (const name of names) {
    const page = NETWORKS.has(name) ? (shared ??= await open()) : await open();
    await shoot(page, address, name, `${folder}/${name}-${look.viewport.width}-${look.colorScheme}.png`);
    if (page !== shared) await page.close();
  }
  await shared?.close();
}

interface Look {
  readonly viewport: (typeof SIZES)[number];
  readonly colorScheme: (typeof THEMES)[number];
}

mkdirSync(folder, { recursive: true });
const server = await serveLab(builtPage(console.error), "runs", 4_700);
try {
  await withBrowser(async (browser) => {
    for (const viewport of SIZES.filter(({ width }) => `${width}` === (chosen.width ?? `${width}`))) {
      for (const colorScheme of THEMES.filter((theme) => theme === (chosen.theme ?? theme)))
        await shootAll(browser, server.address, { viewport, colorScheme });
    }
  });
} finally {
  await server.close();
}
