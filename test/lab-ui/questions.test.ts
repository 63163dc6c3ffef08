import { allScenarios } from "@fluxlab/scenarios";
import { checkedSpread, formatScenario } from "@fluxlab/sim/scenario";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { button, labTest, played, seriousViolations } from "../support/labPage.ts";
import { labServer } from "../support/labServer.ts";

// Questions that people come with, each asked from the front page by somebody who has never been here.

const server = labServer();

const scenarioNamed = (name: string) => allScenarios.find((scenario) => scenario.name === name)!;
const answer = async (tab: Page) =>
  (await tab.locator("[data-answer]").textContent())!.replaceAll("\u00a0", " ");
const view = (tab: Page, name: string) =>
  tab.getByRole("group", { name: "Views" }).getByRole("button", { name, exact: true }).click();

/** From the front page to the editor of a scenario. */
async function edit(tab: Page, name: string): Promise<void> {
  await tab.goto(server.address);
  const { title } = scenarioNamed(name);
  await tab.getByRole("listitem").filter({ hasText: title }).getByRole("link", { name: "Edit" }).click();
  await tab.getByText(/to play here/).waitFor({ timeout: 60_000 });
}

/** Changes the scenario's text, and plays that. */
async function playWith(tab: Page, name: string, changes: object): Promise<void> {
  await edit(tab, name);
  const changed = checkedSpread({ ...scenarioNamed(name), ...changes } as never);
  const text = tab.getByRole("textbox", { name: "YAML" });
  await text.click();
  await text.press("ControlOrMeta+a");
  await tab.keyboard.insertText(formatScenario(changed));
  await tab.getByText(/^Valid/).waitFor();
  await button(tab, "Save").click();
  await expect.poll(() => tab.url()).toContain(`/edit/${name}-2`);
  await button(tab, "Run").click();
  await tab.getByLabel("Speed").selectOption("Max");
  await played(tab);
}

labTest("when is my Cumulus paid next, and what does it earn in a year at 2,000 nodes?", async (tab) => {
  await edit(tab, "reward-cycle");
  await tab.getByLabel("Cumulus operators").fill("2000");
  await tab.getByLabel("Cumulus operators").press("Enter");
  await tab.getByText(/^Valid/).waitFor();
  await button(tab, "Save").click();
  await expect.poll(() => tab.url()).toContain("/edit/reward-cycle-2");
  await button(tab, "Run").click();
  await played(tab);
  const said = /brings ([\d,.]+) FLUX for Cumulus/.exec(await answer(tab))![1]!;
  // The tier's payments of a year, shared by 2,000: 5.625 FLUX a block before the halving, half of that after it.
  const earned = Number(said.replaceAll(",", ""));
  expect(earned).toBeGreaterThan((262_800 * 2.8125) / 2_000);
  expect(earned).toBeLessThan((262_800 * 5.625) / 2_000 / 0.95);
  await view(tab, "Queues");
  await tab.getByLabel("Node number").fill("1000");
  await tab.getByLabel("Node number").press("Enter");
  await tab.getByText(/payments to its tier before its own, due in|Paid in the next block/).waitFor();
  await view(tab, "Tokenomics");
  const chart = tab.locator('[data-chart-id="break-even"]');
  await chart.getByRole("combobox").selectOption("Nodes of the tier");
  await chart.getByRole("button", { name: "Table" }).click();
  const rows = await chart.getByRole("row", { name: /Cumulus/ }).allTextContents();
  expect(rows.length).toBeGreaterThan(10);
});

labTest("what does the halving do to each tier?", async (tab) => {
  await tab.goto(server.address);
  await tab.getByRole("link", { name: scenarioNamed("halving").title, exact: true }).click();
  await played(tab);
  const said = await answer(tab);
  const change = said.slice(said.indexOf("a node's payout a year goes from"));
  for (const tier of ["Cumulus", "Nimbus", "Stratus"]) {
    const [, from, to] = new RegExp(`([\\d,.]+) to ([\\d,.]+) FLUX in ${tier}`)
      .exec(change)!
      .map((text) => Number(text.replaceAll(",", "")));
    expect(to! / from!).toBeGreaterThan(0.45);
    expect(to! / from!).toBeLessThan(0.75); // less than half is left, then leavers' turns fall to those who stay
  }
});

labTest("how much can be on BSC at most?", async (tab) => {
  await tab.goto(server.address);
  await tab.getByRole("link", { name: scenarioNamed("reward-cycle").title, exact: true }).click();
  await view(tab, "Assets");
  await tab.getByText("At most 440,000,000 FLUX can be on Binance Smart Chain").waitFor();
  const bsc = tab.getByRole("row", { name: /^BSC/ });
  const unclaimed = () => bsc.getByRole("cell").nth(2).textContent();
  await expect
    .poll(async () => Number((await unclaimed())!.replaceAll(",", "")), { timeout: 60_000 })
    .toBeGreaterThan(1_000_000);
  await button(tab, "Pause").click();
  await tab.getByLabel("Claimed, %").fill("100");
  await expect.poll(unclaimed).toBe("0");
  expect(await seriousViolations(tab)).toEqual([]);
});

labTest("does a 10-minute partition of a third of the network lose anyone a payment?", async (tab) => {
  await playWith(tab, "partition-heals", {
    run: "35 min",
    faults: [{ fault: "partition", at: "15 min", for: "10 min", nodes: { share: "1 in 3" } }],
  });
  const said = await answer(tab);
  expect(said).toMatch(/13 of 40 nodes .* on a branch of their own/);
  expect(said).toMatch(/[1-9]\d* of \d+ blocks did not stay, and the payments in them are void/);
});

labTest("what happens if 20 % do not upgrade to proof of node?", async (tab) => {
  await playWith(tab, "pon-activation-late-upgraders", {
    run: "30 min",
    faults: [{ fault: "never-upgrade", at: "0 s", nodes: { share: "1 in 5" } }],
  });
  const said = await answer(tab);
  expect(said).toMatch(/by the new rules 32 nodes are on block .* by the old ones 8 nodes are on block/);
  expect(said).toContain("void for everybody who upgrades");
});
