import type { FaultInput } from "@fluxlab/sim/scenario";
import type { Page } from "playwright-core";

// How each view of the lab is reached, in a page that may have played the run before.

type Reach = (page: Page, address: string) => Promise<unknown>;

const played = (page: Page) => page.getByText(/played in \d/).waitFor();

/** A run of the economy to its end, with what its address says. */
const economy =
  (scenario: string, query = ""): Reach =>
  async (page, address) => {
    await page.goto(`${address}#/run/${scenario}?${query}`);
    await played(page);
  };

/** The same, with one of its charts in sight, or part of the way down. */
const scrolled =
  (reach: Reach, chart: string): Reach =>
  async (page, address) => {
    await reach(page, address);
    await page.waitForTimeout(300); // a new page begins at its top
    const place = page.locator(`[data-chart-id="${chart}"]`);
    await place.evaluate((element: unknown) =>
      (element as { scrollIntoView(how: object): void }).scrollIntoView({ block: "center" }),
    );
  };

/** A run in which messages travel to its end, as fast as it goes. */
const network =
  (query: string, scenario = "partition-heals"): Reach =>
  async (page, address) => {
    await page.goto(`${address}#/run/${scenario}?${query}`);
    const speed = page.getByLabel("Speed");
    await page.getByRole("group", { name: "Views" }).waitFor();
    if (await speed.isVisible()) await speed.selectOption("Max");
    await played(page);
  };

const experiment =
  (kind: string, seeds: number, scenario = "whitepaper-984-cumulus"): Reach =>
  async (page, address) => {
    await page.goto(`${address}#/monte-carlo?scenario=${scenario}&seeds=${seeds}&kind=${kind}`);
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText(/runs in \d/).waitFor();
  };

const faults = (...list: readonly FaultInput[]) => encodeURIComponent(JSON.stringify(list));

export const VIEWS: Readonly<Record<string, Reach>> = {
  scenarios: (page, address) => page.goto(address),
  editor: async (page, address) => {
    await page.goto(`${address}#/edit/reward-cycle`);
    await page.getByText(/to play here/).waitFor();
  },
  "editor-network": async (page, address) => {
    await page.goto(`${address}#/edit/partition-heals`);
    await page.getByText(/to play here/).waitFor();
  },
  tokenomics: economy("reward-cycle", "at=1250000"),
  "tokenomics-below": scrolled(economy("reward-cycle"), "payouts"),
  "break-even": scrolled(economy("reward-cycle"), "break-even"),
  history: scrolled(async (page, address) => {
    await economy("reward-cycle")(page, address);
    await page.getByRole("button", { name: "Since genesis" }).click();
    await page.getByText("← history").first().waitFor();
  }, "supply"),
  queues: economy("reward-cycle", "view=queues&node=120&at=1250000"),
  assets: economy("reward-cycle", "view=assets"),
  events: economy("reward-cycle", "view=events"),
  repeat: economy("reward-cycle", "view=about"),
  halving: economy("halving"),
  bridge: economy("bridge-reorg", "view=bridge"),
  swaps: economy("fusion-pool-drain", "view=fusion&at=2131000"),
  network: network("t=1500&node=7"),
  "network-thousand": network("t=260", "propagation-1000"),
  ring: network("t=1500&layout=ring&color=tier"),
  force: async (page, address) => {
    await network("t=1500&layout=force")(page, address);
    await page.waitForTimeout(2_500); // laid out by another thread
  },
  chain: network("t=1790&view=chain"),
  "network-events": network("view=events"),
  faults: network("t=1500&view=faults"),
  figures: network("t=1500&view=figures"),
  relay: network("t=5000", "simblock-bitcoin-2019"),
  "ten-minutes": network(
    `t=1490&view=chain&faults=${faults({ fault: "partition", at: "15 min", for: "10 min", nodes: { share: "1 in 3" } })}`,
  ),
  "one-in-five": network(
    `t=1230&view=chain&faults=${faults({ fault: "never-upgrade", at: "0 s", nodes: { share: "1 in 5" } })}`,
    "pon-activation-late-upgraders",
  ),
  compare: async (page, address) => {
    await economy("halving")(page, address);
    await economy("reward-cycle")(page, address);
    await page.goto(`${address}#/compare`);
    for (const name of [/: halving,/, /: reward-cycle,/]) await page.getByLabel(name).first().check();
    await page.locator("svg[data-chart]").first().waitFor();
  },
  runs: async (page, address) => {
    await economy("reward-cycle")(page, address);
    await page.goto(`${address}#/runs`);
    await page.getByText("reward-cycle").first().waitFor();
  },
  "monte-carlo": experiment("fan", 24, "payout-fairness"),
  tornado: experiment("tornado", 2),
  heat: experiment("heat", 1),
  // The last, since it leaves a scenario of the reader's own.
  "paid-next": async (page, address) => {
    await page.goto(`${address}#/edit/reward-cycle`);
    await page.getByLabel("Cumulus operators").fill("2000");
    await page.getByLabel("Cumulus operators").press("Enter");
    await page.getByText(/to play here/).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL(/reward-cycle-2/);
    await economy("reward-cycle-2", "view=queues&node=1000")(page, address);
  },
};
