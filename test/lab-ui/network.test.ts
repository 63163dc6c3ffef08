import { spreadScenarios } from "@fluxlab/scenarios";
import { playable } from "@fluxlab/sim";
import {
  type FaultInput,
  formatScenario,
  labParams,
  minutes,
  networkScenario,
  relayScenario,
  type SpreadScenario,
  seconds,
} from "@fluxlab/sim/scenario";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { SpreadFacts } from "../../lab-ui/src/backend/library.ts";
import { button, labTest, played, seriousViolations } from "../support/labPage.ts";
import { labServer } from "../support/labServer.ts";

// Networks in the lab as a reader meets them.

const shipped = spreadScenarios.find(({ name }) => name === "partition-heals")!;

/** Small ones of the reader's own, which play in a second or two. */
const small = networkScenario({
  name: "small-network",
  title: "Fifteen nodes",
  network: "lab",
  nodes: 15,
  run: minutes(30),
  blockInterval: seconds(25),
  miners: 9,
  fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 },
});
const relay = relayScenario({
  name: "small-relay",
  title: "Relay among a hundred",
  nodes: 100,
  blocks: 20,
  blockInterval: seconds(60),
});

const server = labServer();

/** Puts scenarios where the page keeps the reader's own. */
async function own(tab: Page, ...scenarios: readonly SpreadScenario[]): Promise<void> {
  const entries = scenarios.map((scenario) => {
    const facts: SpreadFacts = {
      nodes: scenario.nodes,
      seconds: 1_800,
      blocks: 70,
      regions: [1],
      faults: [],
    };
    return { scenario, facts, yaml: formatScenario(scenario) };
  });
  await tab.addInitScript((text: string) => {
    const page = globalThis as unknown as { localStorage: { setItem(key: string, value: string): void } };
    page.localStorage.setItem("flux-lab.scenarios", text);
  }, JSON.stringify(entries));
}

const view = (tab: Page, name: string) =>
  tab.getByRole("group", { name: "Views" }).getByRole("button", { name, exact: true }).click();
const fastest = (tab: Page) => tab.getByLabel("Speed").selectOption("Max");
const figure = (tab: Page, name: string) => tab.locator(`[data-figure="${name}"]`).textContent();
const shownMoment = (tab: Page) =>
  tab.getByRole("slider", { name: "Moment shown" }).getAttribute("aria-valuetext");
/** Goes to a moment, in seconds, by the link that names it. */
async function at(tab: Page, scenario: string, query: string): Promise<void> {
  await tab.goto(`${server.address}#/runs`);
  await tab.getByRole("heading", { name: "Runs", exact: true }).waitFor();
  await tab.goto(`${server.address}#/run/${scenario}?${query}`);
}

/** The digest of a run that the command line plays. */
function digestOf(scenario: SpreadScenario): string {
  const run = playable(scenario, labParams, scenario.seed);
  while (!run.done) run.advance(run.stepsTotal);
  return run.digest();
}

labTest("a partition that heals is played, stepped, scrubbed and looked into", async (tab) => {
  await tab.goto(`${server.address}#/run/partition-heals`);
  await button(tab, "Pause").click();
  await tab
    .getByRole("status")
    .getByText(/paused/)
    .waitFor();
  const before = await shownMoment(tab);
  await button(tab, "+ Event").click();
  await expect.poll(() => shownMoment(tab)).not.toBe(before);
  await button(tab, "+ Block").click();
  await expect.poll(() => figure(tab, "height")).toMatch(/[1-9]\d* blocks mined/);
  const blocks = tab.locator('[data-figure="height"]').getByText(/blocks mined/);
  const mined = async () => Number.parseInt((await blocks.textContent())!, 10);
  const count = await mined();
  await button(tab, "+ Round").click(); // twelve Cumulus are the largest tier
  await expect.poll(mined, { timeout: 20_000 }).toBeGreaterThanOrEqual(count + 12);
  expect(await mined()).toBeLessThan(count + 15);
  await fastest(tab);
  await button(tab, "Resume").click();
  const digest = digestOf(shipped); // while the page plays
  await played(tab);
  await tab
    .getByText(/^\d+ checkers watch:/)
    .getByText("nothing found")
    .waitFor();

  const timeline = (await tab.getByRole("slider", { name: "Moment shown" }).boundingBox())!;
  await tab.mouse.click(timeline.x + timeline.width * 0.42, timeline.y + timeline.height / 2);
  await expect.poll(() => shownMoment(tab)).toMatch(/^25:/);
  await tab.getByText("Partition · 13 nodes").waitFor();
  await expect.poll(() => figure(tab, "agreement")).toMatch(/67\.5.*2 tips/);
  await expect.poll(() => tab.url()).toMatch(/t=15\d\d/);

  await tab.getByLabel("Node number").fill("7");
  await tab.getByLabel("Node number").press("Enter");
  const ring = tab.locator("[data-network] circle");
  const [x, y] = await Promise.all(["cx", "cy"].map(async (name) => Number(await ring.getAttribute(name))));
  await button(tab, "Let go").click();
  const picture = (await tab.locator("[data-network]").boundingBox())!;
  await tab.mouse.click(picture.x + x!, picture.y + y!);
  const card = tab.getByRole("region", { name: "Node 7", exact: true });
  await card.getByText("Partition").waitFor();
  await card.getByText(/transactions, [\d,]+ bytes/).waitFor();
  await card.getByText(/^Peers \([1-9]/).waitFor();
  expect(tab.url()).not.toContain("node=8");

  await view(tab, "Chain");
  expect(await tab.locator("[data-chain] [data-aside]").count()).toBeGreaterThan(3);
  await tab.locator("[data-branches]").getByRole("row").nth(1).waitFor();

  await view(tab, "Events");
  for (const kind of ["Blocks", "Faults"]) await tab.getByRole("checkbox", { name: kind }).uncheck();
  await tab
    .getByRole("status")
    .getByText(/^\d+ events/)
    .waitFor();
  expect(await tab.getByText(/mined block/).count()).toBe(0);
  const row = tab
    .getByRole("listitem")
    .filter({ hasText: /left a block/ })
    .first();
  const when = await row.getByRole("button").textContent();
  await row.getByRole("button").click();
  await expect.poll(() => shownMoment(tab)).toContain(when!);

  await view(tab, "Repeat");
  expect(await tab.locator("[data-digest]").textContent()).toBe(digest);
});

labTest("a third is cut off by hand, heals, and is put back by taking the fault out", async (tab) => {
  await own(tab, small);
  await tab.goto(`${server.address}#/run/small-network?t=400&view=faults`);
  await fastest(tab);
  await played(tab);
  await expect.poll(() => shownMoment(tab)).toMatch(/^6:40/);
  await tab.getByLabel("What goes wrong").selectOption("Partition");
  await tab.getByLabel("One in").fill("3");
  await tab.getByLabel("Lasts, seconds").fill("600");
  await button(tab, "Put it in").click();
  await tab.locator("[data-faults]").getByText("in force").waitFor({ timeout: 60_000 });
  await played(tab);
  expect(await tab.locator(".stretch").count()).toBe(1);
  await view(tab, "Figures");
  expect(await tab.locator('[data-chart-id="apart"] .stretches rect').count()).toBe(1);
  await view(tab, "Repeat");
  const fault: FaultInput = {
    fault: "partition",
    at: "400 s",
    for: "600 s",
    nodes: { share: "1 in 3" },
    direction: "both",
  };
  expect(await tab.locator("[data-digest]").textContent()).toBe(
    digestOf({ ...small, faults: [fault], check: true }),
  );
  await expect.poll(() => new URL(tab.url()).hash).toContain("partition");
  const link = tab.url();

  const faults = new URLSearchParams(link.split("?")[1]).get("faults")!;
  await at(tab, "small-network", `t=980&faults=${encodeURIComponent(faults)}`);
  await expect.poll(() => figure(tab, "agreement"), { timeout: 10_000 }).toMatch(/[2-9] tips/);
  await at(tab, "small-network", `t=1790&faults=${encodeURIComponent(faults)}`);
  await expect.poll(() => figure(tab, "agreement"), { timeout: 10_000 }).toContain("one tip");

  await view(tab, "Faults");
  await button(tab, "Take out").click();
  await tab.getByText("Nothing goes wrong in this run.").waitFor({ timeout: 60_000 });
  await view(tab, "Repeat");
  await played(tab);
  await expect.poll(() => tab.locator("[data-digest]").textContent()).toBe(digestOf(small));
});

labTest(
  "many nodes are chosen with a frame, and layouts and colours change by button and key",
  async (tab) => {
    await own(tab, small);
    await tab.goto(`${server.address}#/run/small-network?layout=ring`);
    await fastest(tab);
    await played(tab);
    const picture = (await tab.locator("[data-network]").boundingBox())!;
    await tab.keyboard.down("Shift");
    await tab.mouse.move(picture.x + picture.width * 0.1, picture.y + picture.height * 0.1);
    await tab.mouse.down();
    await tab.mouse.move(picture.x + picture.width * 0.9, picture.y + picture.height * 0.98, { steps: 4 });
    await tab.mouse.up();
    await tab.keyboard.up("Shift");
    await tab.getByText("15 nodes chosen").waitFor();
    await button(tab, "Force").click();
    await tab.getByText("Laying out…").waitFor({ state: "detached" });
    await button(tab, "Tier").click();
    await tab.getByText("Stratus", { exact: true }).waitFor();
    await tab.keyboard.press("2");
    await tab.getByRole("heading", { name: "Branches that were left" }).waitFor();
    await expect.poll(() => tab.url()).toMatch(/view=chain.*|layout=force/);
    await tab.keyboard.press("Shift+ArrowLeft");
    await expect.poll(() => shownMoment(tab)).toMatch(/^28:30/);
  },
);

labTest("the relay model shows how blocks spread, to the command line's digest", async (tab) => {
  await own(tab, relay);
  await tab.goto(`${server.address}#/run/small-relay?view=figures`);
  await fastest(tab);
  await played(tab);
  await tab.getByText("The relay model checks nothing").waitFor();
  expect(await tab.locator('[data-chart-id="propagation"] path.line').count()).toBe(4);
  await tab.getByRole("heading", { name: "Block 20 on its way" }).waitFor();
  await view(tab, "Repeat");
  expect(await tab.locator("[data-digest]").textContent()).toBe(digestOf(relay));
});

labTest("nothing in the views of a network that axe calls serious", async (tab) => {
  await own(tab, small);
  await tab.goto(`${server.address}#/run/small-network?node=3`);
  await fastest(tab);
  await played(tab);
  const found: string[] = [];
  for (const name of ["Network", "Chain", "Events", "Faults", "Figures", "Repeat"]) {
    await view(tab, name);
    await tab.waitForTimeout(100);
    for (const violation of await seriousViolations(tab)) found.push(`${name}: ${violation}`);
  }
  expect(found).toEqual([]);
});
