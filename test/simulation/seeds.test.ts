import { drawScenario, playCase } from "@fluxlab/sim";
import { describe, expect, test } from "vitest";
import { readRepositoryFile } from "../support/repository.ts";

// Every seed of the swarm that ever failed, and what it found.

interface FoundSeed {
  readonly seed: number;
  readonly found: string;
  /** Whether it was a world with proof of node; those drawn before there were any were not. */
  readonly pon?: boolean;
}

const seeds = JSON.parse(readRepositoryFile("test/simulation/seeds.json")) as readonly FoundSeed[];

describe("seeds that once failed", () => {
  test.each(seeds)("$seed: $found", { timeout: 120_000 }, ({ seed, pon = false }) => {
    expect(playCase({ scenario: drawScenario(seed, pon), seed }).findings).toEqual([]);
  });
});
