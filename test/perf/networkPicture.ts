import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import { formatScenario, type RelayScenario, relayScenario, seconds } from "@fluxlab/sim/scenario";
import type { Page } from "playwright-core";
import { paintNodes } from "../../lab-ui/src/network/nodePicture.ts";
import { NodeRaster } from "../../lab-ui/src/network/nodeRaster.ts";
import { TipHistory } from "../../lab-ui/src/network/tipHistory.ts";
import { withBrowser } from "../support/browser.ts";

// node test/perf/networkPicture.ts [NODES]: how evenly the picture of a network moves, how soon a moment of a long run is there, and how
// soon the page is. In Chromium without a graphics card, which is the slowest that anybody has.

const nodes = Number(process.argv[2] ?? 10_000);
const FRAMES = 240;
const CHANGES = 1_000_000;

const scenario: RelayScenario = relayScenario({
  name: "perf-network",
  title: "Many nodes",
  nodes,
  blocks: 12,
  blockInterval: seconds(60),
});

const quantile = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)]!;
const tell = (what: string, times: readonly number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, p95, most] = [0.5, 0.95, 1].map((part) => quantile(sorted, part).toFixed(1));
  console.log(`${what}: median ${median} ms, 95 % within ${p95} ms, longest ${most} ms (${times.length})`);
};

/** Milliseconds between frames while something goes on in the page. */
async function frames(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(`
    globalThis.frameTimes = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.frameTimes.push(now - last);
      last = now;
      if (globalThis.frameTimes.length < ${FRAMES * 4}) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  `);
  await act();
  return (await page.evaluate<number[]>("globalThis.frameTimes")).slice(2, FRAMES);
}

/** First view, idle, panning and scrubbing, in that order. */
async function measure(page: Page, address: string): Promise<void> {
  const entry = {
    scenario,
    facts: { nodes, seconds: 720, blocks: 12, regions: [1], faults: [] },
    yaml: formatScenario(scenario),
  };
  await page.addInitScript(
    `localStorage.setItem("flux-lab.scenarios", ${JSON.stringify(JSON.stringify([entry]))})`,
  );
  const start = performance.now();
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  console.log(`first view: ${(performance.now() - start).toFixed(0)} ms`);
  await page.goto(`${address}#/run/perf-network`);
  await page.getByLabel("Speed").selectOption("Max");
  await page.getByText(/played in/).waitFor({ timeout: 300_000 });
  const box = (await page.locator("[data-network]").boundingBox())!;
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  tell("idle, between frames", await frames(page, () => page.waitForTimeout(2_500)));
  await page.mouse.move(middleX, middleY);
  await page.mouse.down();
  const pan = await frames(page, async () => {
    for (let i = 0; i < 150; i++)
      await page.mouse.move(middleX + 130 * Math.sin(i / 12), middleY + 60 * Math.cos(i / 9));
  });
  await page.mouse.up();
  tell(`panning ${nodes} nodes, between frames`, pan);
  const timeline = (await page.getByRole("slider", { name: "Moment shown" }).boundingBox())!;
  await page.mouse.move(timeline.x + 5, timeline.y + 10);
  await page.mouse.down();
  const scrub = await frames(page, async () => {
    for (let i = 0; i < 100; i++)
      await page.mouse.move(
        timeline.x + 5 + ((timeline.width - 10) * ((i * 37) % 100)) / 100,
        timeline.y + 10,
      );
  });
  await page.mouse.up();
  tell(`scrubbing ${nodes} nodes, between frames`, scrub);
}

/** What a moment anywhere in a million changes costs, drawn at random. */
function scrubColumns(): void {
  const history = new TipHistory(nodes);
  const rows = {
    seconds: Float64Array.from({ length: CHANGES }, (_, i) => i / 100),
    node: Uint32Array.from({ length: CHANGES }, (_, i) => (i * 7_919) % nodes),
    block: Uint32Array.from({ length: CHANGES }, (_, i) => Math.floor(i / nodes)),
    from: new Int32Array(CHANGES),
  };
  const start = performance.now();
  history.append(rows);
  console.log(`${CHANGES} changes taken in: ${(performance.now() - start).toFixed(0)} ms`);
  const times = Array.from({ length: 200 }, (_, i) => {
    const before = performance.now();
    history.read(((i * 7_907) % 10_000) + 0.5);
    return performance.now() - before;
  });
  tell(`a moment of ${CHANGES} changes`, times);
}

/** What the pixels of all nodes cost, each with its glow, without a browser. */
function rasterFrames(): void {
  const raster = new NodeRaster();
  raster.resize(1_100, 520);
  const places = Float32Array.from({ length: nodes * 2 }, (_, i) => (i * 389) % (i % 2 === 0 ? 1_100 : 520));
  const layout = {
    kind: "map",
    places,
    spacing: 6,
    bounds: { left: 0, top: 0, right: 1_100, bottom: 520 },
    regions: [],
  } as const;
  const times = Array.from({ length: 120 }, (_, i) => {
    const before = performance.now();
    paintNodes(raster, {
      layout,
      camera: { scale: 1, x: i / 3, y: 0 },
      colors: new Uint32Array(nodes).fill(0xff80_4020),
      moment: { tips: new Uint32Array(nodes), since: new Float64Array(nodes) },
      seconds: 0.3,
      glow: 1,
      down: new Uint8Array(nodes),
      arrivals: [],
      travel: 1,
      blockColor: 0xffff_ffff,
      density: 1,
    });
    return performance.now() - before;
  });
  tell(`the pixels of ${nodes} nodes and their glow`, times);
}

scrubColumns();
rasterFrames();
const server = await serveLab(builtPage(console.error), "runs", 4_970);
try {
  await withBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    page.on("pageerror", (error) => console.error(error.message));
    await measure(page, server.address);
  });
} finally {
  await server.close();
}
