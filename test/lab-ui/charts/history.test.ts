import { mainnet, maxIssued } from "@fluxlab/core";
import { fluxNumber } from "@fluxlab/reports/metrics";
import { runScenario } from "@fluxlab/sim";
import { scenario } from "@fluxlab/sim/scenario";
import { expect, test } from "vitest";
import { flowsAt, swapChainsAt } from "../../../lab-ui/src/charts/models/fusion.ts";
import { inflationChart, issuanceChart, supplyChart } from "../../../lab-ui/src/charts/models/tokenomics.ts";
import { stackedTops, timeGeometry, valueAt } from "../../../lab-ui/src/charts/timeChart.ts";
import { supplyHistory } from "../../../lab-ui/src/worker/history.ts";
import { FUSION } from "../../reports/support.ts";

const shipped = scenario({
  name: "history",
  title: "A day",
  network: "main",
  from: 1_200_000,
  run: "1 days",
  startDate: "2022-09-04",
  population: { begin: "established", cumulus: 20, nimbus: 10, stratus: 5 },
  fusion: FUSION,
});
const record = runScenario(shipped, mainnet, 1);
const history = supplyHistory(shipped);

test("history is the schedule's, from the first block to the last before the run", () => {
  expect(history.seconds[0]).toBe(-1_200_000 * 120);
  expect(history.seconds.at(-1)).toBe(-120);
  expect(history.supply.at(-1)).toBe(fluxNumber(maxIssued(mainnet, 1_199_999)));
  expect(history.supply.at(-1)).toBe(fluxNumber(record.supply.before));
  expect(history.perDay.at(-1)).toBe(75 * 720);
});

test("a chart with its history goes on where that ends, under one cap, with a rule between the two", () => {
  const chart = supplyChart(record, history);
  const tops = stackedTops(chart.lines).at(-1)!;
  const top = { x: chart.lines[0]!.x, y: tops };
  expect(valueAt(top, -1)).toBe(fluxNumber(record.supply.before));
  expect(valueAt(top, record.seconds)).toBeCloseTo(fluxNumber(record.supply.after), 3);
  const geometry = timeGeometry(chart, {
    width: 800,
    height: 300,
    domain: [0, record.seconds],
    logarithmic: false,
    startDate: shipped.startDate,
  });
  expect(geometry.x(chart.since!)).toBe(geometry.left);
  expect(geometry.now!.at).toBeCloseTo(geometry.x(0));
  expect(geometry.secondsAt(geometry.left)).toBe(chart.since);
  expect(supplyChart(record)).toMatchObject({ id: "supply" });
  expect(supplyChart(record).now).toBeUndefined();
});

test("issuance and inflation have one value for every moment, and agree where history and run meet", () => {
  for (const chart of [issuanceChart(record, history), inflationChart(record, history)]) {
    const [line] = chart.lines;
    expect(line!.y.length).toBe(line!.x.length);
    expect(valueAt(line!, -1)! / valueAt(line!, 1)!).toBeCloseTo(1, 3);
  }
});

test("flows add up to what each chain has in flight, at any moment", () => {
  for (const seconds of [0, 20_000, 50_000, record.seconds]) {
    const flows = flowsAt(record, seconds);
    for (const { symbol, inFlight } of swapChainsAt(record, seconds)) {
      const open = flows
        .filter(({ source }) => source === symbol)
        .reduce((sum, flow) => sum + flow.inFlight, 0);
      expect(open).toBeCloseTo(fluxNumber(inFlight), 6);
    }
  }
});
