import { formatFlux, parseFlux, TIERS } from "@fluxlab/core";
import { reportFiles } from "@fluxlab/reports";
import { expect, test } from "vitest";
import { csv } from "../../reports/src/csv.ts";
import { ABOUT, BRIDGE, edges, FUSION, smallRun } from "./support.ts";

const record = smallRun({
  operators: { lifetime: "10 days", outageEvery: "1 day", missedStarts: "1 in 10" },
});
const files = reportFiles(record, ABOUT);

/** Rows of a file whose cells need no quotes, by column name. */
function rows(name: string): Record<string, string>[] {
  const [head = "", ...lines] = files.get(name)!.trimEnd().split("\r\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i]!, cell])));
}

const satoshi = (text: string | undefined) => parseFlux(text ?? "");

test("run.json is the record: amounts as digits, columns as lists", () => {
  const data = JSON.parse(files.get("run.json")!);
  expect(data.digest).toBe(record.digest);
  expect(data.scenario).toEqual(record.scenario);
  expect(data.supply.after).toBe(`${record.supply.after}`);
  expect(data.samples.supply).toEqual(Array.from(record.samples.supply, String));
  expect(data.samples.tiers.nimbus.queue).toEqual([...record.samples.tiers.nimbus.queue]);
  expect(data.nodes.confirmedSeconds).toEqual([...record.nodes.confirmedSeconds]);
  expect(Object.keys(data).sort()).toEqual(Object.keys(record).sort());
});

test("samples.csv has every sample", () => {
  const { samples } = record;
  const found = rows("samples.csv");
  expect(found.map(({ height }) => Number(height))).toEqual([...samples.height]);
  expect(found.map(({ supply_flux }) => satoshi(supply_flux))).toEqual([...samples.supply]);
  for (const tier of TIERS) {
    expect(found.map((row) => satoshi(row[`${tier}_paid_flux`]))).toEqual([...samples.tiers[tier].paid]);
    expect(found.map((row) => Number(row[`${tier}_queue`]))).toEqual([...samples.tiers[tier].queue]);
  }
  expect(found[0]!["date"]).toBe("2023-02-07");
});

test("nodes.csv, waits.csv and spread.csv add up to the record", () => {
  const nodes = rows("nodes.csv");
  expect(nodes.map(({ earned_flux }) => satoshi(earned_flux))).toEqual([...record.nodes.earned]);
  expect(nodes.map(({ tier }) => tier)).toEqual(Array.from(record.nodes.tier, (tier) => TIERS[tier]));
  for (const tier of TIERS) {
    const waits = rows("waits.csv").filter((row) => row["tier"] === tier);
    expect(waits.map(({ seconds, count }) => [Number(seconds), Number(count)])).toEqual(
      record.tiers[tier].waits,
    );
    const spread = rows("spread.csv").filter((row) => row["tier"] === tier);
    expect(spread.map(({ mean_flux }) => satoshi(mean_flux))).toEqual([...record.spread.tiers[tier].mean]);
  }
});

test("events.csv and tiers.csv name what they hold", () => {
  expect(rows("events.csv")).toEqual([
    {
      height: "1313200",
      seconds: "43200",
      date: "2023-02-07",
      type: "subsidy",
      subject: "",
      from_flux: "75.00000000",
      to_flux: "37.50000000",
    },
  ]);
  const tiers = rows("tiers.csv");
  expect(tiers.map(({ tier }) => tier)).toEqual([...TIERS]);
  expect(tiers.map(({ paid_flux }) => paid_flux)).toEqual(
    TIERS.map((tier) => formatFlux(record.tiers[tier].paid)),
  );
});

test.each(edges())("%s: every line of every file has the cells its header names", (_, edge) => {
  for (const [name, text] of reportFiles(edge, ABOUT)) {
    if (!name.endsWith(".csv")) continue;
    const widths = text
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(",").length);
    expect(new Set(widths).size, name).toBe(1);
  }
});

test("a cell that needs quotes has them", () => {
  expect(
    csv(
      ["a", "b"],
      [
        ['say "hi"', "1,5"],
        ["x\ny", undefined],
      ],
    ),
  ).toBe('a,b\r\n"say ""hi""","1,5"\r\n"x\ny",\r\n');
});

test("bridge.csv and run.json have every pair of a bridge", () => {
  const bridged = smallRun({ bridge: BRIDGE });
  const written = reportFiles(bridged, ABOUT);
  const [head, ...lines] = written.get("bridge.csv")!.trimEnd().split("\r\n");
  expect(head).toBe(
    "confirmations,replaced_blocks,exposed_blocks,exposed_seconds,shortfall_flux,attack_cost_flux,break_even_flux,broken",
  );
  expect(lines).toHaveLength(6);
  expect(lines[2]).toBe("2,5,4,480,8000.00000000,225.00000000,56.25000001,swapConservation");
  expect(lines[3]).toBe("6,1,0,0,0.00000000,75.00000000,,");
  const { bridge } = JSON.parse(written.get("run.json")!);
  expect(bridge.pairs.map(({ shortfall }: { shortfall: string }) => BigInt(shortfall))).toEqual(
    bridged.bridge!.pairs.map(({ shortfall }) => shortfall),
  );
});

test("swaps have a table of the chains, one of the sample heights and one of the refills", () => {
  const record = smallRun({ fusion: FUSION });
  const written = reportFiles(record, ABOUT);
  const lines = (name: string) => written.get(name)!.trimEnd().split("\r\n");
  const { chains } = record.fusion!;
  const [head, ...rows] = lines("fusion.csv");
  expect(head).toMatch(/^chain,float_flux,lowest_flux,first_dry_seconds,/);
  expect(rows.map((row) => row.split(",").slice(0, 2))).toEqual([
    ["FLUX", "30000.00000000"],
    ["ETH", "3000.00000000"],
    ["BSC", "30000.00000000"],
  ]);
  expect(lines("fusion-samples.csv")).toHaveLength(1 + record.samples.height.length * chains.length);
  const listed = chains.reduce((sum, { refills }) => sum + refills.amount.length, 0);
  expect(lines("fusion-refills.csv")).toHaveLength(1 + listed);
});
