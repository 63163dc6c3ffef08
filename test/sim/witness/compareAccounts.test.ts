import { type Block, type Params, TIERS, txid } from "@fluxlab/core";
import {
  bestTip,
  type Comparison,
  chainLedger,
  chainTo,
  compareAccounts,
  convergenceSeconds,
  deepestReorganisation,
  type Fault,
  measureSpread,
} from "@fluxlab/sim";
import { describe, expect, test } from "vitest";
import { played, smallWorld, span, withSeed } from "./labRuns.ts";

const partition: Fault = {
  ...{ kind: "link", where: "around", direction: "both", except: [], trouble: { cut: true } },
  ...{ nodes: [0, 1], ...span(60, 120) },
};

const calm = (time: number) => time < 60_000_000 || time > 150_000_000;
const disagreements = (all: readonly Comparison[]) =>
  all.filter(({ kind, agrees }) => kind === "must" && !agrees).map(({ what }) => what);

describe("two runs of one network", () => {
  const world = smallWorld();
  const one = played(withSeed(world, "one"), [partition]);
  const two = played(withSeed(world, "two"), [partition]);

  test("agree in all that rules decide, whatever chance did, and are close in the rest", () => {
    expect(one.findings).toEqual([]);
    const all = compareAccounts(one, [two], calm);
    expect(disagreements(all)).toEqual([]);
    expect(all.filter(({ what }) => what === "FluxNodes paid")[0]!.remark).toMatch(
      /^equal at heights 1 to 1[3-9]\d$/,
    );
    expect(bestTip(one, one.params)!.hash).not.toBe(bestTip(two, two.params)!.hash);
  });

  test("show the partition: a reorganisation, and one chain again after it", () => {
    expect(deepestReorganisation(one)).toBeGreaterThan(0);
    expect(convergenceSeconds(one)).toBeGreaterThan(0);
    const { halfSeconds, allSeconds, staleRate } = measureSpread(one, () => true);
    expect(halfSeconds).toBeGreaterThan(0.02);
    expect(allSeconds).toBeGreaterThan(halfSeconds);
    expect(staleRate).toBeGreaterThan(0);
  });

  test("a ledger says what the blocks say: supply, and who is paid", () => {
    const { rows, broken } = chainLedger(bestTip(one, one.params)!, one.params);
    const chain = chainTo(bestTip(one, one.params)!);
    expect(broken).toBeUndefined();
    expect(rows.map(({ height }) => height)).toEqual(chain.slice(1).map(({ height }) => height));
    const values = outputsOf(chain.map(({ block }) => block));
    let supply = 0n;
    for (const [i, { block }] of chain.entries()) {
      if (i === 0) continue;
      for (const [j, tx] of block.transactions.entries()) {
        if (tx.kind !== "ordinary") continue;
        supply += tx.outputs.reduce((sum, { value }) => sum + value, 0n);
        for (const { prevout } of j === 0 ? [] : tx.inputs)
          supply -= values.get(`${prevout.txid.join()}:${prevout.index}`)!;
      }
      expect(rows[i - 1]!.supply).toBe(supply);
    }
    // FluxNodes take turns: within a tier nobody is paid twice before everybody was.
    for (const tier of TIERS) {
      const payees = rows.flatMap(({ payees: paid }) => paid[tier] ?? []).slice(-12);
      const nodes = new Set(payees).size;
      for (let i = nodes; i < payees.length; i++) expect(payees[i]).toBe(payees[i - nodes]);
    }
  });

  test("a chain is judged by rules that are not its own, up to the block that breaks them", () => {
    const strict: Params = {
      ...one.params,
      fluxnodes: { ...one.params.fluxnodes, paymentStartHeight: 10_000 },
    };
    const tip = bestTip(one, one.params)!;
    expect(chainLedger(tip, strict).broken).toBeUndefined(); // nothing says that nobody may be paid
    const poor: Params = { ...one.params, subsidy: { ...one.params.subsidy, halvingInterval: 130 } };
    expect(chainLedger(tip, poor).broken).toMatchObject({ height: 130 });
    expect(chainLedger(tip, poor).rows.at(-1)!.height).toBe(129);
  });
});

describe("networks that differ", () => {
  const world = smallWorld({ run: "1 min" });
  const real = played(world);

  test("in their FluxNodes: the first height where they part is named", () => {
    const other = played(smallWorld({ run: "1 min", fluxnodes: { cumulus: 3, nimbus: 3, stratus: 1 } }));
    const all = compareAccounts(real, [other], () => true);
    expect(disagreements(all)).toEqual(["FluxNodes paid", "lists of FluxNodes"]);
    expect(all.find(({ what }) => what === "lists of FluxNodes")!.remark).toBe("parts at height 112");
  });

  test("in their links: only what should be close is off, and says so", () => {
    const slow = played(smallWorld({ run: "1 min", latencyMs: 900 }));
    const all = compareAccounts(real, [slow], () => true);
    expect(disagreements(all)).toEqual([]);
    const off = all.filter(({ agrees }) => !agrees);
    expect(off.map(({ what }) => what)).toContain("seconds until half of the nodes have a block");
    expect(off[0]!.remark).toBe("the model is off: too high");
  });

  test("in what the checkers found", () => {
    const finding = { checker: "coins", message: "out of nothing", node: 1, height: 3, time: 5 };
    const all = compareAccounts({ ...real, findings: [finding] }, [real], () => true);
    expect(disagreements(all)).toEqual(["what the checkers found"]);
  });
});

/** Values of all outputs of a chain, by outpoint. */
function outputsOf(blocks: readonly Block[]): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const tx of blocks.flatMap(({ transactions }) => transactions)) {
    if (tx.kind !== "ordinary") continue;
    const id = txid(tx).join();
    for (const [index, { value }] of tx.outputs.entries()) values.set(`${id}:${index}`, value);
  }
  return values;
}
