import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyRunFolder, endAll, order, testnetNames } from "@fluxlab/testnet/fleet";
import type { Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { button, labTest, seriousViolations } from "../support/labPage.ts";
import { labServer } from "../support/labServer.ts";

// Real nodes in the lab as a reader meets them: processes of this machine, started and ended from the page.

const RUNS = mkdtempSync(join(tmpdir(), "flux-lab-testnets-"));
const ROOT = join(RUNS, "testnets");
const server = labServer(RUNS);
afterAll(async () => {
  await endAll(ROOT);
  rmSync(RUNS, { recursive: true });
});

const view = (tab: Page, name: string) =>
  tab.getByRole("group", { name: "Views" }).getByRole("button", { name, exact: true }).click();
const cells = (tab: Page, node: number) => tab.locator(`[data-node="${node}"] td`).allTextContents();
const heights = async (tab: Page) =>
  await Promise.all([0, 1, 2].map(async (node) => Number((await cells(tab, node))[1])));

labTest(
  "a testnet is started, followed, and broken by hand",
  async (tab) => {
    await tab.goto(`${server.address}?token=${server.token}#/testnets`);
    await tab.getByText("No testnet runs.").waitFor();
    expect(tab.url()).not.toContain(server.token); // an address is passed on
    const card = tab.getByRole("listitem").filter({ hasText: "A network of three nodes is cut in two" });
    await card.getByRole("button", { name: "Start…" }).click();
    await card.getByLabel("Name").fill("mine");
    await card.getByRole("button", { name: "Start", exact: true }).click();
    await tab.locator('[data-node="2"]').getByText("running").waitFor({ timeout: 90_000 });
    const before = await heights(tab);
    await expect
      .poll(async () => Math.min(...(await heights(tab))), { timeout: 30_000 })
      .toBeGreaterThan(Math.max(...before));
    expect((await cells(tab, 1))[3]).toMatch(/^\/FluxLab:/);
    expect((await cells(tab, 1))[4]).toBe("newest");
    await tab.locator('[data-node="1"]').getByRole("button").click();
    await tab
      .locator("[data-metrics]")
      .getByText(/transactions, [\d,]+ bytes/)
      .waitFor();
    await tab.locator("[data-checkers]").getByText("nothing found").waitFor();

    await view(tab, "Faults");
    await tab.getByLabel("What goes wrong").selectOption("kill");
    expect(await tab.getByLabel("As a scenario has it").inputValue()).toBe("{ kill: [1], for: 20 s }");
    await tab.getByLabel("Lasts, seconds").fill("");
    await button(tab, "Do it").click();
    const row = tab.locator("[data-faults]").getByRole("row", { name: /kill \[1\]/ });
    await row.getByText("in force").waitFor({ timeout: 30_000 });
    await view(tab, "Nodes");
    await tab.locator('[data-node="1"]').getByText("down").waitFor();
    await view(tab, "Network");
    await tab.getByText("Crash · 1 nodes").waitFor();
    await view(tab, "Faults");
    await row.getByRole("button", { name: "Put in order" }).click();
    await row.getByText("in force").waitFor({ state: "detached", timeout: 30_000 });
    await view(tab, "Nodes");
    await tab.locator('[data-node="1"]').getByText("running").waitFor({ timeout: 30_000 });
  },
  240_000,
);

labTest(
  "it is set beside simulations, read, collected and ended, and opens as a recorded one",
  async (tab) => {
    await tab.goto(`${server.address}?token=${server.token}#/testnets/mine?view=figures`);
    await tab.locator('[data-chart-id="height"] svg[data-chart] path.line').waitFor();
    await view(tab, "Simulated");
    await button(tab, "Simulate").click();
    const paid = tab.locator("[data-comparisons]").getByRole("row", { name: /FluxNodes paid/ });
    await paid.getByText("agrees").waitFor({ timeout: 60_000 });
    expect(await tab.locator('[data-chart-id^="simulated-"] svg[data-chart]').count()).toBe(4);

    await view(tab, "Logs");
    await tab.getByRole("log").getByText("started").first().waitFor();
    const lines = async () => Number.parseInt((await tab.getByText(/^[\d,]+ lines$/).textContent())!, 10);
    const said = await lines();
    await expect.poll(lines, { timeout: 30_000 }).toBeGreaterThan(said);
    await view(tab, "Nodes");
    for (const colorScheme of ["light", "dark"] as const) {
      await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await seriousViolations(tab)).toEqual([]);
    }

    const into = emptyRunFolder(join(RUNS, "mine"));
    await order(ROOT, "mine", "collect", { into, data: false });
    await button(tab, "End").click();
    await tab.getByText("No testnet runs.").waitFor({ timeout: 30_000 });
    expect(testnetNames(ROOT)).toEqual([]);

    await tab.goto(`${server.address}#/recorded/mine`);
    await tab.getByRole("status").getByText("recorded").waitFor();
    await view(tab, "Faults");
    await tab
      .locator("[data-faults]")
      .getByRole("row", { name: /kill \[1\]/ })
      .waitFor();
    await view(tab, "Chain");
    await tab.getByRole("heading", { name: "Reorganisations" }).waitFor();
    expect(await tab.locator("[data-chain] g").count()).toBeGreaterThan(3);

    await tab.goto(`${server.address}#/runs`);
    await tab.getByRole("heading", { name: "Runs", exact: true }).waitFor();
    await tab.goto(`${server.address}#/recorded/mine?t=2`); // a link has its moment, too
    const timeline = tab.getByRole("slider", { name: "Moment shown" });
    await expect.poll(() => timeline.getAttribute("aria-valuetext")).toMatch(/^0:02\.000/);
  },
  240_000,
);
