import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rehearsalFiles, reportFiles } from "@fluxlab/reports";
import { playable, type SpreadRecord } from "@fluxlab/sim";
import { labParams, minutes, networkScenario, seconds } from "@fluxlab/sim/scenario";
import { loadRehearsal, rehearseInSimulator } from "@fluxlab/testnet/fleet";
import type { Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { button, labTest, played, seriousViolations } from "../support/labPage.ts";
import { labServer } from "../support/labServer.ts";

// Recorded networks and rehearsals as a reader opens them.

const RUNS = mkdtempSync(join(tmpdir(), "flux-lab-recorded-"));
const about = { commit: "test", version: "test", command: "test" };
const PLAN = fileURLToPath(new URL("../../scenarios/rehearsals/pon-late-fifth.yaml", import.meta.url));

const scenario = networkScenario({
  ...{ name: "small-network", title: "Fifteen nodes, cut for a while", network: "lab", nodes: 15 },
  ...{ run: minutes(20), blockInterval: seconds(25), miners: 9 },
  fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 },
  faults: [{ fault: "partition", at: "5 min", for: "8 min", nodes: { share: "1 in 3" } }],
});

function recordOf(seed: number): SpreadRecord {
  const run = playable(scenario, labParams, seed);
  while (!run.done) run.advance(run.stepsTotal);
  return run.record() as SpreadRecord;
}

function leave(name: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(join(RUNS, name));
  for (const [file, text] of files) writeFileSync(join(RUNS, name, file), text);
}

const [first, second] = [recordOf(1), recordOf(2)];
const report = await rehearseInSimulator(loadRehearsal(PLAN), new AbortController().signal, () => {});
const server = labServer(RUNS, () => {
  leave("first", reportFiles(first, about));
  leave("second", reportFiles(second, about));
  // Of a version whose digests were others, and one that a page cannot play again.
  leave("older", reportFiles({ ...first, digest: "0".repeat(64) }, about));
  const network = "/somewhere/network.json";
  leave("of-a-file", reportFiles({ ...first, scenario: { ...scenario, network } }, about));
  leave("rehearsed", rehearsalFiles(report, about));
});
afterAll(() => rmSync(RUNS, { recursive: true }));

const open = (tab: Page, name: string) => tab.goto(`${server.address}#/recorded/${name}`);

labTest(
  "a recorded network shows its answer at once, is played again, and compared with another",
  async (tab) => {
    await tab.goto(`${server.address}#/runs`);
    const row = tab.getByRole("row", { name: /first/ });
    await row.getByText("full nodes").waitFor();
    await row.getByRole("link", { name: scenario.title }).click();
    await tab
      .locator("[data-answer]")
      .getByText(/on a branch of their own/)
      .waitFor();
    await tab.getByText("Played again here, it came to the same digest.").waitFor({ timeout: 60_000 });
    await button(tab, "Chain").click();
    expect(await tab.locator("[data-chain] [data-aside]").count()).toBeGreaterThan(0);
    await button(tab, "Repeat").click();
    expect(await tab.locator("[data-digest]").textContent()).toBe(first.digest);

    await tab.goto(`${server.address}#/runs`);
    await tab
      .getByRole("row", { name: /second/ })
      .getByRole("link", { name: scenario.title })
      .click();
    await tab.getByText("Recorded in runs/second.").waitFor();
    await tab.goto(`${server.address}#/compare`);
    const networks = tab.locator("[data-networks]");
    for (const name of [/first/, /second/]) await networks.getByRole("checkbox", { name }).check();
    await networks.getByText(/second: their digests differ/).waitFor();
    expect(await networks.getByRole("row", { name: /^seed/ }).textContent()).toMatch(/seed.*12|seed.*21/);
    const mined = (
      await networks
        .getByRole("row", { name: /^Blocks mined/ })
        .getByRole("cell")
        .allTextContents()
    ).sort();
    expect(mined).toEqual([first, second].map(({ blocks }) => `${blocks.height.length}`).sort());
    expect(await networks.locator("svg[data-chart]").count()).toBe(4);
  },
);

labTest(
  "a record of another version is said to be one, and one that began with a file is shown as it is",
  async (tab) => {
    await open(tab, "older");
    await tab.getByText(/it came to ANOTHER digest/).waitFor({ timeout: 60_000 });
    await played(tab);
    await open(tab, "of-a-file");
    await tab.getByText(/a page cannot play it again/).waitFor();
    await tab.locator('[data-chart-id="propagation"] svg[data-chart]').waitFor();
    expect(await button(tab, "Play again").count()).toBe(0);
  },
);

labTest(
  "a recorded rehearsal has its verdict, its checklist, both tips, and its report as a file",
  async (tab) => {
    await tab.goto(`${server.address}#/rehearsals`);
    await tab.getByRole("row", { name: /NO-GO/ }).getByRole("link").click();
    await tab.locator("[data-verdict]").getByText("NO-GO").waitFor();
    const last = report.judgements.at(-1)!;
    const [split] = last.splits;
    expect(await tab.locator('[data-check="rules"]').textContent()).toContain("no");
    expect(await tab.locator('[data-check="rules"]').textContent()).toContain(`node ${split!.nodes[0]}`);
    expect(await tab.locator('[data-check="growth"]').textContent()).toContain("yes");
    const sides = tab.locator("[data-sides]");
    for (const words of [
      last.best!.hash.slice(0, 16),
      split!.tip.slice(0, 16),
      `${split!.height}`,
      `${split!.tipHeight}`,
    ])
      await sides.getByText(words).first().waitFor();
    const tiers = await tab.locator("[data-missed]").getByRole("row").allTextContents();
    expect(tiers.join()).toMatch(/Cumulus.*Nimbus.*Stratus/s);
    const adoption = tab.locator('[data-chart-id="adoption"]');
    await adoption.getByRole("button", { name: "Table" }).click();
    expect(await adoption.locator("tbody tr").count()).toBe(report.adoption!.height.length);
    const [file] = await Promise.all([
      tab.waitForEvent("download"),
      tab.getByRole("link", { name: "Report, one file" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("rehearsed.html");
    for (const colorScheme of ["light", "dark"] as const) {
      await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await seriousViolations(tab)).toEqual([]);
    }
  },
);

labTest(
  "a plan is rehearsed from the page once it has the token, and what is wrong with it is said first",
  async (tab) => {
    await tab.goto(`${server.address}#/rehearsals`);
    const plan = tab.getByRole("listitem").filter({ hasText: "of which one does not upgrade" });
    await plan.getByRole("button").click();
    const text = tab.getByRole("textbox", { name: "Plan as YAML" });
    await text.click();
    await text.press("ControlOrMeta+a");
    await tab.keyboard.insertText("name: 7");
    await tab.getByLabel("Token", { exact: true }).fill(server.token);
    await button(tab, "Keep").click();
    await button(tab, "Rehearse in the simulator").click();
    await tab.getByRole("alert").getByText("expected a name of small letters").waitFor();
    await plan.getByRole("button").click();
    await text.press("ControlOrMeta+a");
    const yaml = `name: from-the-page\ntitle: Everybody upgrades\nold: { version: "1" }\nnew: { version: "2", upgrade: pon, activation: 3, slots: 10 s }\nnodes: 4\nfluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 }\nlatency: 20 ms\nblockInterval: 2 s\nadoption: [{ at: 0 s, percent: 100 }]\nrun: 60 s\n`;
    await tab.keyboard.insertText(yaml);
    await button(tab, "Rehearse in the simulator").click();
    await tab.locator("[data-verdict]").getByText("GO", { exact: true }).waitFor({ timeout: 60_000 });
    await tab.getByRole("heading", { name: "Everybody upgrades" }).waitFor();
    await expect.poll(() => tab.url()).toContain("/rehearsals/rehearsal-from-the-page-simulator-seed1");
  },
  300_000,
  /status of 400/,
);
