import { readFileSync } from "node:fs";
import type { TestnetFrame } from "@fluxlab/lab-ui/api";
import type { TestnetFacts } from "@fluxlab/testnet/fleet";
import { Rehearsals } from "./rehearsals.ts";
import type { StoredRuns } from "./storedRuns.ts";
import { aboutOf, TestnetFrames } from "./testnetFrames.ts";
import { Testnets } from "./testnets.ts";

/** What the server knows of real nodes and rehearsals. */
export class Laboratory {
  readonly testnets: Testnets;
  readonly rehearsals: Rehearsals;
  readonly #stored: StoredRuns;

  /** `runs`: the folder of runs; `root`: of testnets. */
  constructor(runs: string, root: string, stored: StoredRuns) {
    this.testnets = new Testnets(root);
    this.rehearsals = new Rehearsals(runs);
    this.#stored = stored;
  }

  /** What the nodes of a testnet that is over observed. @throws NotFound */
  recordedTestnet(name: string): readonly TestnetFrame[] {
    const files = this.#stored.testnet(name);
    const facts = JSON.parse(readFileSync(files.facts, "utf8")) as TestnetFacts;
    const frames = new TestnetFrames(facts, files.observations);
    const { findings } = facts;
    const first = frames.next();
    const told: TestnetFrame[] = [{ about: aboutOf(facts, frames.begin), isAnew: true, ...first, findings }];
    while (frames.isBehind) told.push({ isAnew: false, ...frames.next(), findings });
    return told;
  }

  close(): void {
    this.rehearsals.close();
  }
}
