import { genesisBlock, mainnet, parseWhole, readBlock, regtest, rulesId, wireHex } from "@fluxlab/core";
import { labWorld } from "@fluxlab/sim";
import { formatNetwork, parseNetwork } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const world = (upgrade: object) =>
  labWorld({
    ...{ name: "lab", title: "Lab", nodes: 2, blockInterval: "10 s", run: "1 min", seed: 1 },
    ...{ fluxnodes: { cumulus: 2, nimbus: 1, stratus: 0 }, topology: { links: [[0, 1]] }, ...upgrade },
  });

test.each([
  {},
  { fluxUpgrade: 5 },
  { ponUpgrade: 5 },
  { fluxUpgrade: 2, ponUpgrade: 5, ponSpacing: "10 s" },
])("the rules of a laboratory network %j come back from their file, old ones too", (upgrade) => {
  const { plan, lab } = world(upgrade);
  for (const params of [plan.params, ...(plan.late === undefined ? [] : [plan.late.params])]) {
    const text = formatNetwork(params, lab.genesis);
    expect(rulesId(parseNetwork(text))).toBe(rulesId(params));
    const { genesis } = JSON.parse(text) as { genesis: { hex: string } };
    expect(parseWhole(wireHex(genesis.hex), readBlock)).toEqual(lab.genesis);
  }
  expect(plan.late === undefined).toBe(Object.keys(upgrade).length === 0);
});

test("regtest can be written, and main, whose other constants a file cannot say, is refused", () => {
  const lab = { ...regtest, kind: "lab" as const };
  expect(rulesId(parseNetwork(formatNetwork(lab, genesisBlock(regtest)!)))).toBe(rulesId(lab));
  expect(() => formatNetwork(mainnet, genesisBlock(mainnet)!)).toThrow("a network file says all");
});
