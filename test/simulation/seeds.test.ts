import { drawScenario, playCase } from "@fluxlab/sim";
import { isSpread, parseScenario } from "@fluxlab/sim/scenario";
import { describe, expect, test } from "vitest";
import { readRepositoryFile, repositoryFiles } from "../support/repository.ts";

// What the swarm ever found: seeds, as long as they draw what they drew, and what they were shrunk to, which stays.

interface FoundSeed {
  readonly seed: number;
  readonly found: string;
  /** Whether it was a world with proof of node; those drawn before there were any were not. */
  readonly pon?: boolean;
}

const seeds = JSON.parse(readRepositoryFile("test/simulation/seeds.json")) as readonly FoundSeed[];

describe("seeds that once failed", () => {
  test.each(seeds)("$seed: $found", ({ seed, pon = false }) => {
    expect(playCase({ scenario: drawScenario(seed, pon), seed }).findings).toEqual([]);
  });
});

describe("what failing seeds were shrunk to", () => {
  test.each(repositoryFiles("test/simulation/found", ".yaml"))("%s", (file) => {
    const scenario = parseScenario(readRepositoryFile(file));
    if (!isSpread(scenario) || scenario.fidelity !== "network") throw new Error("expected full nodes");
    expect(playCase({ scenario, seed: scenario.seed }).findings).toEqual([]);
  });
});
