import { expect } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { labnet } from "../../support/networks.ts";
import { replay } from "../../support/replay.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// What the recorded chains and their states are compared with is in test/core/host/check/chain.

const REPLAYED = { ecdsa: fastEcdsa, trust: "signatures" } as const;

const sum = (outputs: readonly { value: bigint }[]) =>
  outputs.reduce((total, { value }) => total + value, 0n);

vectorTest("coins of the recorded chain are what coinbases made, less what nobody can spend", () => {
  let minted = 0n;
  for (const { line, block, connected, state } of replay("labnet/chain-a.jsonl", labnet(), REPLAYED)) {
    const [coinbase] = block.transactions;
    if (coinbase?.kind !== "ordinary") throw new Error("a block begins with its coinbase");
    if (line.height === 0) continue; // makes no coins
    minted += sum(coinbase.outputs) - connected.fees;
    expect(state.supply.transparent + state.supply.sprout).toBeLessThanOrEqual(minted);
    if (line.height % 100 > 0) continue;
    const coins = Array.from(state.coins(), ([, coin]) => coin);
    expect(state.supply.transparent, `supply at ${line.height}`).toBe(sum(coins));
  }
});
