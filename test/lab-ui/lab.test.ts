import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mainnet } from "@fluxlab/core";
import { reportFiles } from "@fluxlab/reports";
import { scenarios } from "@fluxlab/scenarios";
import { runScenario } from "@fluxlab/sim";
import { formatScenario } from "@fluxlab/sim/scenario";
import type { Download, Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { button, labTest, played, seriousViolations } from "../support/labPage.ts";
import { labServer } from "../support/labServer.ts";

// The lab as a reader meets it: the built page from its server, in a real Chromium. Whatever the console calls an error fails
// the test.

const SCENARIO = "whitepaper-984-cumulus";
const shipped = scenarios.find(({ name }) => name === SCENARIO)!;
const record = runScenario(shipped, mainnet, shipped.seed);
const RUNS = mkdtempSync(join(tmpdir(), "flux-lab-runs-"));

const server = labServer(RUNS, () => {
  mkdirSync(join(RUNS, "stored"));
  const about = { commit: "test", version: "test", command: "test" };
  for (const [name, text] of reportFiles(record, about)) writeFileSync(join(RUNS, "stored", name), text);
});
afterAll(() => rmSync(RUNS, { recursive: true }));

async function textOf(download: Download): Promise<string> {
  return readFileSync((await download.path())!, "utf8");
}

async function exported(tab: Page, chart: string, format: string): Promise<Download> {
  const frame = tab.locator(`[data-chart-id="${chart}"]`);
  const [file] = await Promise.all([
    tab.waitForEvent("download"),
    frame.getByRole("button", { name: format, exact: true }).click(),
  ]);
  return file;
}

labTest("locks and unlocks between chains follow the moment shown", async (tab) => {
  await tab.goto(`${server.address}#/run/fusion-pool-drain?view=fusion&at=2101000`);
  await played(tab);
  const flows = tab.locator('[data-chart-id="swap-flows"]');
  const figures = () => flows.locator("text").allTextContents();
  const early = await figures();
  expect(early).toContain("BSC");
  const [table] = await Promise.all([exported(tab, "swap-flows", "CSV")]);
  const rows = (await textOf(table)).trim().split("\r\n");
  expect(rows[0]).toBe("locked_on,unlocked_on,unlocked_flux,in_flight_flux");
  expect(rows).toHaveLength(7);
  await tab.keyboard.press("End");
  await expect.poll(figures).not.toEqual(early);
  expect(await tab.locator("[data-swap-chains] tbody tr").count()).toBe(4);
  await tab.locator('[data-chart-id="fusion-circulating"]').getByText("Cap 440M").waitFor();
});

labTest("a scenario chosen in the library plays to the digest that the command line prints", async (tab) => {
  await tab.goto(server.address);
  expect(await tab.evaluate("crossOriginIsolated")).toBe(true);
  await tab.getByRole("link", { name: shipped.title, exact: true }).click();
  await played(tab);
  await button(tab, "Repeat").click();
  expect(await tab.locator("[data-digest]").textContent()).toBe(record.digest);
});

labTest("a run pauses, steps by blocks and by payment rounds, and goes on to the same end", async (tab) => {
  await tab.goto(`${server.address}#/run/reward-cycle`);
  await button(tab, "Pause").click();
  await tab.getByText(/blocks, paused/).waitFor();
  const done = async () =>
    Number(/^([\d,]+) of/.exec((await tab.getByRole("status").textContent())!)![1]!.replaceAll(",", ""));
  const before = await done();
  await tab.keyboard.press("Escape");
  await tab.evaluate("document.activeElement.blur()");
  await tab.keyboard.press("ArrowRight");
  await expect.poll(done).toBe(before + 1);
  await button(tab, "Queues").click();
  const lane = tab.locator('[data-lane="cumulus"]');
  const second = await lane.locator("li").nth(1).locator("strong").textContent();
  await button(tab, "+ Block").click();
  await expect.poll(() => lane.locator("li").nth(0).locator("strong").textContent()).toBe(second);
  await expect.poll(done).toBe(before + 2);
  await lane.locator("li").nth(0).getByRole("button").click();
  await tab.getByText("Paid in the next block").waitFor();
  await button(tab, "+ Round").click();
  await expect.poll(done, { timeout: 20_000 }).toBeGreaterThan(before + 2_000);
  await tab.getByText(/blocks, paused/).waitFor();
  const round = await done();
  await button(tab, "+ Event").click(); // the halving is far from here: farther than a round
  await expect.poll(done, { timeout: 60_000 }).toBeGreaterThan(round + 10_000);
});

labTest("a link opens the moment it names, and scrubbing moves every figure and the link", async (tab) => {
  const { from, startDate } = scenarios.find(({ name }) => name === "halving")!;
  await tab.goto(`${server.address}#/run/halving?at=1290000&tier=nimbus`);
  await played(tab);
  await tab.getByText("height 1,290,000").waitFor();
  const supply = tab.locator('[data-tile="supply"] .value');
  const nimbus = tab.locator('[data-tile="nimbus"] .value');
  const [supplyThen, nimbusThen] = [await supply.textContent(), await nimbus.textContent()];
  const timeline = tab.getByRole("slider", { name: "Moment shown" });
  const box = (await timeline.boundingBox())!;
  await tab.mouse.click(box.x + box.width * 0.95, box.y + box.height / 2);
  await expect.poll(() => supply.textContent()).not.toBe(supplyThen);
  await expect.poll(() => nimbus.textContent()).not.toBe(nimbusThen);
  await expect.poll(() => tab.url()).toMatch(/at=135\d{4}/);
  expect(tab.url()).toContain("tier=nimbus");
  const shown = await supply.textContent();
  await timeline.press("ArrowLeft");
  await expect.poll(() => supply.textContent()).not.toBe(shown);

  await button(tab, "Since genesis").click();
  const chart = tab.locator('[data-chart-id="supply"]');
  await chart.getByText("← history").waitFor();
  await chart.getByRole("button", { name: "Table" }).click();
  const genesis = new Date(Date.parse(startDate!) - from * 120_000).toISOString().slice(0, 10);
  expect(await chart.locator("tbody th").first().textContent()).toBe(genesis);

  await button(tab, "Queues").click();
  const front = tab.locator('[data-lane="cumulus"] li').nth(0).locator("strong");
  const heading = tab.getByRole("heading", { name: /^After block 1,3/ });
  await heading.waitFor();
  const [before, at] = [await front.textContent(), await heading.textContent()];
  for (let i = 0; i < 5; i++) await timeline.press("ArrowLeft");
  await expect.poll(() => heading.textContent()).not.toBe(at);
  await expect.poll(() => front.textContent()).not.toBe(before);
  const waits = tab.locator('[data-chart-id="waits-nimbus"]');
  const shortened = (await heading.textContent())!.replace("After block", "Up to block");
  await waits.getByText(shortened).waitFor(); // the histogram is of that moment too
  await tab.locator('[data-lane="cumulus"] li').nth(1).getByRole("button").click();
  await tab.getByText("1 payments to its tier before its own").waitFor();
});

labTest("charts leave as SVG, PNG and CSV, and have a table", async (tab) => {
  await tab.goto(`${server.address}#/run/${SCENARIO}`);
  await played(tab);
  const svg = await textOf(await exported(tab, "supply", "SVG"));
  expect(svg).toMatch(/^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).not.toContain("var(--");
  for (const name of ["Supply", "Before the run", "Cumulus", "Producers"]) expect(svg).toContain(`>${name}<`);
  const png = readFileSync((await (await exported(tab, "supply", "PNG")).path())!);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.length).toBeGreaterThan(5_000);
  const csv = (await textOf(await exported(tab, "queue-length", "CSV"))).trim().split("\r\n");
  expect(csv[0]).toBe("seconds,Cumulus,Nimbus,Stratus");
  expect(csv).toHaveLength(record.samples.seconds.length + 1);
  expect(csv.at(-1)).toBe(
    [
      record.seconds,
      ...["cumulus", "nimbus", "stratus"].map((tier) => record.samples.tiers[tier as "cumulus"].queue.at(-1)),
    ].join(","),
  );
  const frame = tab.locator('[data-chart-id="queue-length"]');
  await frame.getByRole("button", { name: "Table" }).click();
  expect(await frame.locator("tbody tr").count()).toBe(60);
});

labTest("dollars change the return at once", async (tab) => {
  await tab.goto(`${server.address}#/run/${SCENARIO}`);
  await played(tab);
  const row = tab.getByRole("row", { name: /Cumulus/ });
  const before = await row.textContent();
  await tab.getByLabel("1 FLUX, USD").fill("5");
  await expect.poll(() => row.textContent()).not.toBe(before);
});

labTest(
  "a scenario is changed in form and text, wrong lines are named, and a copy is kept and played",
  async (tab) => {
    await tab.goto(`${server.address}#/edit/${SCENARIO}`);
    await tab.getByText(/to play here/).waitFor();
    await tab.getByLabel("Cumulus operators").fill("-5");
    await tab.getByLabel("Cumulus operators").press("Enter");
    await tab.getByText("1 problem").waitFor();
    const line = shippedLine("  cumulus:");
    await tab.getByText(`line ${line}`).waitFor();
    expect(await button(tab, "Run").isDisabled()).toBe(true);
    await tab.getByLabel("Cumulus operators").fill("500");
    await tab.getByLabel("Cumulus operators").press("Enter");
    await tab.getByText(/^Valid/).waitFor();
    expect(await tab.getByRole("textbox", { name: "YAML" }).textContent()).toContain("cumulus: 500");
    await button(tab, "Save").click();
    await expect.poll(() => tab.url()).toContain(`/edit/${SCENARIO}-2`);
    await button(tab, "Run").click();
    await played(tab);
    expect(await tab.locator('[data-tile="cumulus"]').textContent()).toContain("500 in queue");
    await tab.goto(server.address);
    await tab.reload();
    await tab.getByRole("heading", { name: "Yours" }).waitFor(); // kept in the browser
  },
);

/** Counted from 1. */
const shippedLine = (start: string): number =>
  formatScenario(shipped)
    .split("\n")
    .findIndex((text) => text.startsWith(start)) + 1;

labTest("two runs stand on one axis, with what differs named", async (tab) => {
  await tab.goto(`${server.address}#/run/${SCENARIO}?seed=1`);
  await played(tab);
  await tab.goto(`${server.address}#/run/${SCENARIO}?seed=2`);
  await tab.getByText("Seed 2", { exact: true }).waitFor();
  await played(tab);
  await tab.getByRole("link", { name: "Compare" }).first().click();
  await tab.getByRole("checkbox").nth(1).waitFor();
  for (const box of await tab.getByRole("checkbox").all()) await box.check();
  await tab.getByRole("heading", { name: "What differs" }).waitFor();
  expect(await tab.getByRole("row", { name: /^seed/ }).textContent()).toMatch(/1\s*2/);
  await tab.getByText(/Digests differ/).waitFor();
});

labTest("a Monte Carlo plays every seed, and another is cancelled", async (tab) => {
  await tab.goto(`${server.address}#/monte-carlo?scenario=${SCENARIO}&seeds=6`);
  await button(tab, "Start").click();
  await tab.getByText(/^6 runs in/).waitFor({ timeout: 90_000 });
  const csv = (await textOf(await exported(tab, "fan-payoutCumulus", "CSV"))).split("\r\n");
  expect(csv[0]).toContain("Median");
  await tab.getByRole("spinbutton", { name: "Seeds" }).fill("500");
  await button(tab, "Start").click();
  await tab.getByText(/^[1-9]\d* of 500 runs/).waitFor({ timeout: 60_000 });
  await button(tab, "Cancel").click();
  await tab.getByText(/cancelled after/).waitFor();
});

labTest("sensitivities and two parameters are drawn", async (tab) => {
  await tab.goto(`${server.address}#/monte-carlo?scenario=${SCENARIO}&seeds=1&kind=tornado`);
  await button(tab, "Start").click();
  await tab.getByText(/runs in/).waitFor({ timeout: 90_000 });
  await tab.locator('[data-chart-id="tornado"]').getByText("Cumulus operators").waitFor();
  await tab.getByLabel("Experiment").selectOption("heat");
  await button(tab, "Start").click();
  await tab.getByText(/^25 runs in/).waitFor({ timeout: 90_000 });
  expect(await tab.locator('[data-chart-id="heat-map"] rect').count()).toBe(25);
});

labTest("a recorded run opens as it was recorded", async (tab) => {
  await tab.goto(`${server.address}#/runs`);
  await tab.getByRole("link", { name: shipped.title }).click();
  await tab.getByText(/21,600 of 21,600 blocks/).waitFor();
  await button(tab, "Repeat").click();
  expect(await tab.locator("[data-digest]").textContent()).toBe(record.digest);
  expect(await button(tab, "Queues").count()).toBe(0); // what a recording cannot do is not shown
  expect(await button(tab, "Play again").count()).toBe(0);
});

labTest("nothing that axe calls serious", async (tab) => {
  const VIEWS = {
    scenarios: "",
    editor: `#/edit/${SCENARIO}`,
    tokenomics: `#/run/${SCENARIO}`,
    assets: `#/run/${SCENARIO}?view=assets`,
    swaps: "#/run/fusion-pool-drain?view=fusion",
    queues: `#/run/${SCENARIO}?view=queues&node=3`,
    runs: "#/runs",
    compare: "#/compare",
    "monte carlo": "#/monte-carlo",
  };
  const found: string[] = [];
  for (const [name, path] of Object.entries(VIEWS)) {
    await tab.goto(`${server.address}#/compare`); // so that no view is taken for the one before
    await tab.goto(`${server.address}${path}`);
    if (path.startsWith("#/run/")) await played(tab);
    await tab.waitForTimeout(300);
    for (const violation of await seriousViolations(tab)) found.push(`${name}: ${violation}`);
  }
  expect(found).toEqual([]);
});

test("the page leaves the simulator to its worker", () => {
  const scripts = readdirSync(join(server.page, "assets")).filter((name) => name.endsWith(".js"));
  const holding = (text: string) =>
    scripts.filter((name) => readFileSync(join(server.page, "assets", name), "utf8").includes(text));
  const ofRuns = holding("A run has a record from its first block on"); // sim/src/run.ts
  expect(ofRuns.filter((name) => name.startsWith("sim.worker"))).toHaveLength(1);
  expect(ofRuns).toHaveLength(1);
  expect(holding("bad-cb-amount").filter((name) => !name.startsWith("sim.worker"))).toEqual([]); // connectBlock's
});
