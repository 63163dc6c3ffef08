import { canonicalJson, TIERS } from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import * as Schema from "effect/Schema";
import { decode, keysOf, oneOf, text, whole } from "./decode.ts";
import { fusion } from "./fusionSchema.ts";
import { amount, chain, duration } from "./schemaParts.ts";
import {
  DATE_HINT,
  DURATION_HINT,
  isDate,
  parseDuration,
  parseRatio,
  parseUsd,
  RATIO_HINT,
  USD_HINT,
} from "./units.ts";

// What a scenario may say. The data stays as a person wrote it, units included; compile.ts turns it into numbers.

/** fluxd keeps heights in a signed 32-bit integer. */
const HIGHEST = 0x7fff_ffff;

/** More operators than there is collateral for; a slip of the keyboard rather than a question. */
const MOST_OPERATORS = 1_000_000;

const NAME = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

export const height = whole(`a height, a whole number from 0 to ${HIGHEST}`, 0, HIGHEST);
const count = whole(`a number of operators, a whole number from 0 to ${MOST_OPERATORS}`, 0, MOST_OPERATORS);
const never = (word: string) =>
  text(`${DURATION_HINT}, or "${word}"`, (value) => value === word || parseDuration(value) !== undefined);
const usd = text(USD_HINT, (value) => parseUsd(value) !== undefined);
const optional = Schema.optionalKey;

/** Values that a question is asked for, each once and from low to high; every pair is played. */
const MOST_TRIED = 20;
const MOST_BLOCKS = 1_000;
const LIST_HINT = `a list of 1 to ${MOST_TRIED} numbers of blocks, rising, such as [1, 10, 40]`;
const blockCounts = Schema.Array(whole(`a number of blocks from 1 to ${MOST_BLOCKS}`, 1, MOST_BLOCKS))
  .annotate({ message: LIST_HINT })
  .check(
    Schema.makeFilter((counts: readonly number[]) => {
      const rising = counts.every((count, i) => i === 0 || count > counts[i - 1]!);
      return (counts.length >= 1 && counts.length <= MOST_TRIED && rising) || LIST_HINT;
    }),
  );

/** More in one run than a reader could follow. */
const MOST_SHOCKS = 50;
const shocks = Schema.Array(
  Schema.Struct({
    /**
     * "exit": operators sell and nobody takes their place; "benchmarkFailure": nodes cannot confirm for a while; "price": operators
     * leave or come until as many are left as a tier's income can pay for.
     */
    kind: oneOf(["exit", "benchmarkFailure", "price"]),
    /** Of one FLUX from then on: of a change of price. */
    price: optional(usd),
    /** Since the first block. */
    at: duration,
    /** All, if left out. */
    tiers: optional(Schema.Array(oneOf(TIERS)).annotate({ message: "a list of tiers" })),
    /** Of those there are; of the way to the number that pays. */
    share: text(RATIO_HINT, (value) => parseRatio(value) !== undefined),
    /** Over which they leave or come, or until benchmarks pass again. */
    length: duration,
  }),
)
  .annotate({ message: `a list of at most ${MOST_SHOCKS} shocks` })
  .check(Schema.makeFilter((list) => list.length <= MOST_SHOCKS || `at most ${MOST_SHOCKS} shocks`));

const tierPopulation = Schema.Union([count, Schema.Struct({ atStart: count, atEnd: count })]).annotate({
  message: `${count.ast.annotations?.["message"] ?? "a number of operators"}, or {atStart, atEnd}`,
});

/** What a scenario of the economy, and an economy beside full nodes, may say of people. */
export const peopleFields = {
  population: Schema.Struct({
    /** "established": confirmed and in rotation before the run; or the time over which operators first START. */
    begin: optional(never("established")),
    cumulus: tierPopulation,
    nimbus: tierPopulation,
    stratus: tierPopulation,
  }),
  operators: optional(
    Schema.Struct({
      /** Mean time until an operator sells the collateral. */
      lifetime: optional(never("forever")),
      /** Mean time between outages. */
      outageEvery: optional(never("never")),
      /** Mean length of an outage. */
      outageLength: optional(duration),
      /** STARTs whose confirm does not come in time. */
      missedStarts: optional(
        text(`${RATIO_HINT}, or "never"`, (value) => value === "never" || parseRatio(value) !== undefined),
      ),
    }),
  ),
  /** What hits many operators at once. */
  shocks: optional(shocks),
  /** Dollar figures for the report's return on investment. */
  economics: optional(
    Schema.Struct({
      /** Of one FLUX. */
      price: usd,
      /** Of running one node. */
      monthlyCost: Schema.Struct({ cumulus: usd, nimbus: usd, stratus: usd }),
    }),
  ),
};

const scenarioFields = {
  /** Short name: file names and the command line. */
  name: text("a name of small letters, digits and dashes", (value) => NAME.test(value)),
  title: text("one line of text"),
  /** What is played; the other fidelities have schemas of their own (spreadSchema.ts). */
  fidelity: optional(oneOf(["economy", "relay", "network"])),
  /** What the run answers. */
  question: optional(text("one line of text")),
  /** A built-in network, or the path of a network file, relative to the scenario file. */
  network: text(
    '"main", "test", "regtest" or the path of a network file ending in .json',
    (value) => ["main", "test", "regtest"].includes(value) || value.endsWith(".json"),
  ),
  /** First block of the run. */
  from: height,
  /** Length of the run; or `to`. */
  run: optional(duration),
  /** Last block of the run; or `run`. */
  to: optional(height),
  /** Calendar day of the first block: labels only. */
  startDate: optional(text(DATE_HINT, isDate)),
  seed: optional(whole("a whole number from 0 to 2^53 - 1", 0, Number.MAX_SAFE_INTEGER)),
  supplyCap: optional(amount),
  ...peopleFields,
  /** What native rewards carry on the parallel chains. */
  parallelAssets: optional(
    Schema.Struct({
      model: oneOf(["wp2-equal", "wp1-table"]),
      released: whole("the number of released chains, 0 to 10", 0, 10),
    }),
  ),
  /** Swaps between two chains against reorganisations of the first: every pair of the two lists is played on the asset ledger. */
  bridge: optional(
    Schema.Struct({
      source: chain,
      target: chain,
      /** Locked in every block of the source. */
      amount,
      /** Blocks of the source, the lock's own included, before the target pays. */
      confirmations: blockCounts,
      /** Latest blocks of the source that are replaced. */
      reorganisations: blockCounts,
      /** Of making one block of the source; on the native chain what a block may mint, if left out. */
      blockCost: optional(amount),
    }),
  ),
  /** Swaps that a relayer pays from what it has at hand. */
  fusion: optional(fusion),
};

const scenarioSchema = Schema.Struct(scenarioFields);

/** A scenario as written: what a file holds and builders make. */
export type ScenarioInput = typeof scenarioSchema.Type;

/** A scenario with every choice made. */
export type Scenario = ReturnType<typeof withDefaults>;

/**
 * Checks scenario data from a file, an editor or a builder, and fills in the defaults.
 * @throws InvalidInput naming each path, what was expected there and what was found.
 */
export const decodeScenario = (data: unknown): Scenario =>
  withDefaults(decode("scenario", scenarioSchema, data, (path) => keysOf(scenarioFields, path)));

/** Without its fidelity, which goes without saying. Defaults: nobody leaves or fails, so that a scenario shows only what it names. */
export function withDefaults({ fidelity: _economy, ...input }: ScenarioInput) {
  return {
    ...input,
    seed: input.seed ?? 1,
    supplyCap: input.supplyCap ?? "440000000 FLUX",
    population: { ...input.population, begin: input.population.begin ?? "established" },
    operators: {
      lifetime: input.operators?.lifetime ?? "forever",
      outageEvery: input.operators?.outageEvery ?? "never",
      outageLength: input.operators?.outageLength ?? "1 h",
      missedStarts: input.operators?.missedStarts ?? "never",
    },
  };
}

/** SHA-256 (hex) of the scenario with its defaults: two files that ask the same have the same. The seed is not part of it. */
export function scenarioHash(scenario: { readonly seed: number }): string {
  const { seed: _seed, ...question } = scenario;
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(question))));
}
