import { formatFlux, mainnet, TIERS } from "@fluxlab/core";
import { scenarios } from "@fluxlab/scenarios";
import { runScenario } from "@fluxlab/sim";
import { days, scenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";

const shipped = (name: string) => scenarios.find((each) => each.name === name)!;

const quiet = (cumulus: number, from: number) =>
  scenario({
    name: "quiet",
    title: "Nobody comes or goes",
    network: "main",
    from,
    run: days(9),
    population: { cumulus, nimbus: 0, stratus: 0 },
  });

test("984 Cumulus nodes at 120 s a block are each paid every 32.8 hours, 5.625 FLUX", () => {
  const { tiers } = runScenario(shipped("whitepaper-984-cumulus"), mainnet, 1);
  expect(tiers.cumulus.waits.map(([seconds]) => seconds / 3_600)).toEqual([32.8]);
  expect(formatFlux(tiers.cumulus.paid / BigInt(tiers.cumulus.payments))).toBe("5.62500000");
});

test("2,000 nodes in a tier are each paid every 4,000 minutes", () => {
  const { tiers } = runScenario(quiet(2_000, 1_400_000), mainnet, 1);
  expect(tiers.cumulus.waits.map(([seconds]) => seconds / 60)).toEqual([4_000]);
  expect(tiers.cumulus.paid / BigInt(tiers.cumulus.payments)).toBe(281_250_000n); // 2.8125 FLUX
});

test("under proof of node 984 Cumulus nodes are paid every 8.2 hours", () => {
  const { tiers } = runScenario(quiet(984, 2_100_000), mainnet, 1);
  expect(tiers.cumulus.waits.map(([seconds]) => seconds / 3_600)).toEqual([8.2]);
});

test("a decade of proof of node passes 440 million FLUX at height 3,730,283, and says so", () => {
  const decade = shipped("pon-decade");
  const record = runScenario(
    { ...decade, operators: { ...decade.operators, outageEvery: "never" } },
    mainnet,
    1,
  );
  expect(record.events.filter(({ type }) => type === "capPassed")).toEqual([
    { type: "capPassed", height: 3_730_283, before: 43_999_999_577_000_000n, after: 44_000_000_837_000_000n },
  ]);
  expect(record.supply.schedulePassesCapAt).toBe(3_730_283);
  expect(record.samples.height.length).toBe(481); // as many as any other run: memory does not grow with blocks
});

test("every satoshi of a run has one receiver", () => {
  for (const each of scenarios) {
    const record = runScenario({ ...each, run: "20000 blocks" }, mainnet, 3);
    const toNodes = TIERS.reduce((sum, tier) => sum + record.tiers[tier].paid, 0n);
    const minted = record.supply.after - record.supply.before;
    expect(toNodes + record.toProducers + record.toDevFund + record.toFunds).toBe(minted);
    expect(record.nodes.earned.reduce((sum, earned) => sum + earned, 0n)).toBe(toNodes);
  }
});

test("an empty tier's share stays with the producer, and under proof of node goes to the dev fund", () => {
  const pow = runScenario(quiet(100, 1_400_000), mainnet, 1);
  expect(pow.toDevFund).toBe(0n);
  expect(pow.toProducers).toBe(6_480n * (3_750_000_000n - 281_250_000n));
  const pon = runScenario(quiet(100, 2_100_000), mainnet, 1);
  expect(pon.toProducers).toBe(0n);
  expect(pon.toDevFund).toBe(25_920n * 1_300_000_000n);
});
