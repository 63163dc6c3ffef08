import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtPage, serveLab } from "@fluxlab/lab-ui/server";
import type { Page } from "playwright-core";
import { withBrowser } from "../support/browser.ts";
import { endRealNodes, realNodeViews } from "./realNodeViews.ts";
import { VIEWS as SIMULATED } from "./views.ts";

// Every view of the lab at two sizes, light and dark. One page shows them all, so that a run is played once.

/** How each view is reached. */
const VIEWS = { ...SIMULATED, ...realNodeViews(() => server) };

const USAGE = `npm run screenshots [-- --out FOLDER --width 1440 --theme dark VIEW ...]
npm run screenshots -- --best    the pictures of README.md and docs/tour.md, into docs/screenshots

Views: ${Object.keys(VIEWS).join(", ")}`;

/** Of the documentation, where a view is to be seen as far down as its charts go. */
const PICTURE = { width: 1_440, height: 1_040 } as const;
/** A laptop and a projector. */
const SIZES = [
  { width: 1_440, height: 900 },
  { width: 1_024, height: 768 },
];
const THEMES = ["light", "dark"] as const;

/** What stands in the README and the tour: views in one size and theme each. */
const BEST: readonly (readonly [view: string, theme: (typeof THEMES)[number], height?: number])[] = [
  ["scenarios", "light"],
  ["network", "dark"],
  ["tokenomics", "light"],
  ["paid-next", "light", 1_300],
  ["halving", "light"],
  ["assets", "light"],
  ["ten-minutes", "light"],
  ["one-in-five", "light"],
  ["swaps", "dark"],
];

/** Milliseconds; the machine may have other things to do. */
const PATIENCE = 600_000;
/** Of a picture of the documentation, as Chromium counts it. */
const WEBP_QUALITY = 82;

const { values: chosen, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string" },
    width: { type: "string" },
    theme: { type: "string" },
    best: { type: "boolean" },
    help: { type: "boolean" },
  },
});

interface Shot {
  readonly view: string;
  readonly size: (typeof SIZES)[number];
  readonly theme: (typeof THEMES)[number];
}

function shots(): Shot[] {
  if (chosen.best === true)
    return BEST.filter(([view]) => positionals.length === 0 || positionals.includes(view)).map(
      ([view, theme, height = PICTURE.height]) => ({ view, theme, size: { ...PICTURE, height } }),
    );
  const views = positionals.length > 0 ? positionals : Object.keys(VIEWS);
  const sizes = SIZES.filter(({ width }) => `${width}` === (chosen.width ?? `${width}`));
  const themes = THEMES.filter((theme) => theme === (chosen.theme ?? theme));
  return views.flatMap((view) => sizes.flatMap((size) => themes.map((theme) => ({ view, size, theme }))));
}

/** WebP, which is a third of a PNG. */
async function small(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: WEBP_QUALITY });
  await session.detach();
  return Buffer.from(data, "base64");
}

async function shoot(page: Page, address: string, folder: string): Promise<void> {
  let reached = "";
  for (const { view, size, theme } of shots()) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme });
    if (view !== reached) {
      await page.goto(`${address}#/runs`);
      await VIEWS[view]!(page, address);
      reached = view;
    }
    await page.mouse.move(0, 0); // nothing is pointed at
    await page.waitForTimeout(500); // transitions, and canvases that are drawn anew
    const path = join(folder, chosen.best === true ? `${view}.webp` : `${view}-${size.width}-${theme}.png`);
    if (chosen.best === true) writeFileSync(path, await small(page));
    else await page.screenshot({ path });
    console.log(path);
  }
}

const unknown = positionals.filter((view) => VIEWS[view] === undefined);
if (chosen.help === true || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no view ${unknown.join(", ")}.\n\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}
const folder = chosen.out ?? (chosen.best === true ? "docs/screenshots" : "dist/screenshots");
mkdirSync(folder, { recursive: true });
const server = await serveLab(builtPage(console.error), "runs", 4_700);
try {
  await withBrowser(async (browser) => {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => {
      throw error;
    });
    await shoot(page, server.address, folder);
  });
} finally {
  await endRealNodes(server);
  await server.close();
}
