import type { LabServer } from "@fluxlab/lab-ui/server";
import type { Page } from "playwright-core";

// Views of real nodes and of rehearsals. What they show is started by the first that needs it.

const TESTNET = "screenshots";

type View = (page: Page, address: string) => Promise<unknown>;

/** How each view is reached, on a server that is known by the time. */
export function realNodeViews(server: () => LabServer): Readonly<Record<string, View>> {
  const open = (page: Page, path: string) => page.goto(`${server().address}?token=${server().token}${path}`);
  const testnet = async (page: Page, view: string) => {
    await open(page, "#/testnets");
    await page.getByRole("heading", { name: "Start one" }).waitFor();
    if ((await page.getByText(`${TESTNET} · running`).count()) === 0) await start(page);
    await open(page, `#/testnets/${TESTNET}?node=1&view=${view}`);
    await page.getByText("nothing found").waitFor();
    await page.waitForTimeout(2_500); // charts of what was observed come a second later
  };
  return {
    testnet: (page) => testnet(page, "nodes"),
    testnets: (page) => open(page, "#/testnets"),
    "testnet-faults": (page) => testnet(page, "faults"),
    "testnet-charts": (page) => testnet(page, "figures"),
    "testnet-log": (page) => testnet(page, "log"),
    "testnet-simulated": async (page) => {
      await testnet(page, "simulated");
      await page.getByRole("button", { name: "Simulate", exact: true }).click();
      await page.locator("[data-comparisons]").waitFor({ timeout: 120_000 });
    },
    rehearsal: async (page) => {
      await open(page, "#/rehearsals");
      const plan = page.getByRole("listitem").filter({ hasText: "of which one does not upgrade" });
      await plan.getByRole("button").click();
      await page.getByRole("button", { name: "Rehearse in the simulator" }).click();
      await page.locator("[data-verdict]").waitFor({ timeout: 120_000 });
    },
    rehearsals: async (page) => {
      await open(page, "#/rehearsals");
      await page.getByRole("heading", { name: "Plans" }).waitFor();
    },
  };
}

async function start(page: Page): Promise<void> {
  const card = page.getByRole("listitem").filter({ hasText: "Fourteen FluxNodes" });
  await card.getByRole("button", { name: "Start…" }).click();
  await card.getByLabel("Name").fill(TESTNET);
  await card.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("5 of 5 up").waitFor({ timeout: 120_000 });
}

/** Ends the testnet, if one was started. */
export const endRealNodes = ({ address, token }: LabServer): Promise<unknown> =>
  fetch(`${address}api/testnets/${TESTNET}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
  });
