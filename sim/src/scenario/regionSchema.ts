import * as Schema from "effect/Schema";
import { LEAST_LATENCY_MS } from "../net/latency.ts";
import { BITCOIN_2019, type Regions } from "../net/regions.ts";
import { text, whole } from "./decode.ts";
import type { Problem } from "./problems.ts";

// Where nodes stand: a table that comes with the lab, or one's own.

const MOST_REGIONS = 64;
const MOST_KILOBITS = 1_000_000_000;
const MOST_MS = 86_400_000;

const kilobits = whole(`kilobits a second, a whole number from 1 to ${MOST_KILOBITS}`, 1, MOST_KILOBITS);
const LATENCY_HINT = `milliseconds one way, more than ${LEAST_LATENCY_MS}`;
const latency = Schema.Number.annotate({ message: LATENCY_HINT }).check(
  Schema.makeFilter((ms: number) => (ms > LEAST_LATENCY_MS && ms <= MOST_MS) || LATENCY_HINT),
);
const REGIONS_HINT = `"bitcoin-2019", or a list of 1 to ${MOST_REGIONS} regions such as {name: Europe, share: 2, upload: 20000, download: 40000, latency: [11, 124]}`;

const region = Schema.Struct({
  name: text("a name", (name) => name.trim() !== ""),
  /** Of the nodes, in proportion to the other regions' shares. */
  share: whole("a whole number from 0 to 1000000", 0, 1_000_000),
  /** Kilobits a second of a node's line. */
  upload: kilobits,
  download: kilobits,
  /** Mean delay of a message to each region, in the order of the list, its own included. */
  latency: Schema.Array(latency).annotate({ message: "a list of milliseconds, one for each region" }),
});

/** A region as a scenario has it. */
type RegionInput = typeof region.Type;

export const regionsSchema = Schema.Union([
  Schema.Literals(["bitcoin-2019"]).annotate({ message: REGIONS_HINT }),
  Schema.Array(region),
]).annotate({
  message: REGIONS_HINT,
});

type RegionsInput = typeof regionsSchema.Type;

/** What is wrong with a table of one's own that the schema cannot tell. */
export function regionProblems(regions: RegionsInput): Problem[] {
  if (typeof regions === "string") return [];
  if (regions.length === 0 || regions.length > MOST_REGIONS)
    return [{ path: ["regions"], expected: REGIONS_HINT, got: regions }];
  const problems = regions.flatMap((each, i) => problemsOf(each, i, regions));
  if (regions.every(({ share }) => share === 0))
    problems.push({ path: ["regions", 0, "share"], expected: "a region with a share above 0", got: 0 });
  return problems;
}

function problemsOf(
  { name, latency: row }: RegionInput,
  i: number,
  regions: readonly RegionInput[],
): Problem[] {
  const problems: Problem[] = [];
  const first = regions.findIndex((each) => each.name === name);
  if (first !== i)
    problems.push({
      path: ["regions", i, "name"],
      expected: `a name that region ${first} does not have`,
      got: name,
    });
  if (row.length !== regions.length) {
    const expected = `${regions.length} delays, one to each region (${regions.map((each) => each.name).join(", ")})`;
    problems.push({ path: ["regions", i, "latency"], expected, got: row });
  }
  return problems;
}

/** In the units of links. It must have no {@link regionProblems}. */
export function regionsOf(regions: RegionsInput): Regions {
  if (typeof regions === "string") return BITCOIN_2019;
  return {
    names: regions.map(({ name }) => name),
    shares: regions.map(({ share }) => share),
    meanLatencyMs: regions.map((each) => each.latency),
    upload: regions.map(({ upload }) => upload * 1_000),
    download: regions.map(({ download }) => download * 1_000),
  };
}
