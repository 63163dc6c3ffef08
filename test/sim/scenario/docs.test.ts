import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mainnet, regtest } from "@fluxlab/core";
import { checkAnyScenario } from "@fluxlab/sim";
import { isSpread, parseNetwork, parseScenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const page = readFileSync(fileURLToPath(new URL("../../../docs/scenarios.md", import.meta.url)), "utf8");

/** The fenced blocks of a language. */
const blocks = (language: string): string[] =>
  Array.from(page.matchAll(new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``, "g")), ([, text]) => text!);

test("the scenarios in the documentation are scenarios", () => {
  const whole = (text: string) => /^name: /m.test(text);
  const [economy, network, ...rest] = blocks("yaml").filter(whole).map(parseScenario);
  // What is shown of a scenario only in part is part of one like the second.
  const parts = blocks("yaml").filter((text) => !whole(text));
  const lab = blocks("yaml").filter(whole)[1]!;
  for (const part of parts) {
    const keys = Array.from(part.matchAll(/^(\w+):/gm), ([, key]) => key);
    const rest = lab.replace(new RegExp(`^(?:${keys.join("|")}):.*$`, "gm"), "");
    expect(() => parseScenario(`${rest}\n${part}`)).not.toThrow();
  }
  expect(economy).toMatchObject({ population: { nimbus: { atStart: 2_000, atEnd: 4_000 } } });
  checkAnyScenario(economy!, mainnet);
  expect(isSpread(network!)).toBe(true);
  checkAnyScenario(network!, regtest);
  expect(rest).toEqual([]);
});

test("so is the network file", () => {
  expect(parseNetwork(blocks("json")[0]!).upgrades.pon.height).toBe(900);
});
