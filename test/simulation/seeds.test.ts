import { drawScenario, playCase } from "@fluxlab/sim";
import { describe, expect, test } from "vitest";
import { readRepositoryFile } from "../support/repository.ts";

// Every seed of the swarm that ever failed, and what it found.

interface FoundSeed {
  readonly seed: number;
  readonly found: string;
}

const seeds = JSON.parse(readRepositoryFile("test/simulation/seeds.json")) as readonly FoundSeed[];

describe("seeds that once failed", () => {
  test.each(seeds)("$seed: $found", { timeout: 120_000 }, ({ seed }) => {
    expect(playCase({ scenario: drawScenario(seed), seed }).findings).toEqual([]);
  });
});
