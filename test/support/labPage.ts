import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest } from "./chromium.ts";

// The lab's page as tests meet it, in a real Chromium.

/**
 * A browser test during which the console must stay silent. `expected`: what the browser itself says of calls that the server is
 * meant to refuse.
 */
export function labTest(
  title: string,
  use: (page: Page) => Promise<void>,
  timeout = 240_000,
  expected?: RegExp,
): void {
  browserTest(
    title,
    async (tab) => {
      const complaints: string[] = [];
      tab.on("console", (message) => {
        if (!["error", "warning"].includes(message.type())) return;
        if (expected?.test(message.text()) !== true) complaints.push(message.text());
      });
      tab.on("pageerror", (error) => complaints.push(error.message));
      await tab.setViewportSize({ width: 1_440, height: 900 });
      await use(tab);
      expect(complaints).toEqual([]);
    },
    timeout,
  );
}

export const played = (tab: Page) => tab.getByText(/played in \d/).waitFor({ timeout: 180_000 });
export const button = (tab: Page, name: string) => tab.getByRole("button", { name, exact: true });

interface AxeResults {
  violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
}

/** What axe calls serious or critical in a page, in light and in dark; colours alone differ between the two. */
export async function seriousViolations(tab: Page): Promise<string[]> {
  await tab.evaluate(`globalThis.axe ?? (() => {${axe.source}})()`);
  const found: string[] = [];
  for (const [colorScheme, call] of [
    ["light", 'axe.run({ resultTypes: ["violations"] })'],
    ["dark", 'axe.run({ resultTypes: ["violations"], runOnly: ["color-contrast"] })'],
  ] as const) {
    await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await tab.evaluate<AxeResults>(call);
    for (const { id, impact, nodes } of violations)
      if (impact === "serious" || impact === "critical")
        found.push(`${colorScheme}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }
  return found;
}
