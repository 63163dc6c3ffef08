import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StoredRun } from "@fluxlab/lab-ui/api";
import { readAnyRecord } from "@fluxlab/reports/metrics";
import type { AnyRecord } from "@fluxlab/sim";
import { NotFound } from "./api.ts";
import { type AboutRun, RunIndex } from "./runIndex.ts";

/** What a testnet leaves beside its record: who it was (testnet/src/fleet/testnetFacts.ts), what its nodes observed. */
const FACTS = "testnet.json";
const OBSERVATIONS = "observations.jsonl";
const VERIFICATION = "verification.json";
/** What is known of the records, beside them. */
const INDEX = ".runs.sqlite";

/**
 * The runs that lie in a folder, one folder a run: as `npm run sim` leaves them, its record in run.json, or as testnets do, which may
 * have no record.
 */
export class StoredRuns {
  readonly #folder: string;
  /** Opened when there is something to know. */
  #index: RunIndex | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Newest first. A folder without anything that can be read is no run. */
  list(): StoredRun[] {
    if (!existsSync(this.#folder)) return [];
    const names = readdirSync(this.#folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .filter((name) => existsSync(join(this.#folder, name, "run.json")));
    if (names.length === 0) return [];
    this.#index ??= new RunIndex(join(this.#folder, INDEX));
    this.#index.keepOnly(names);
    const runs = names.flatMap((name) => this.#summary(name, this.#index!) ?? []);
    return runs.sort((a, b) => b.writtenAt - a.writtenAt);
  }

  close(): void {
    this.#index?.close();
    this.#index = undefined;
  }

  /** The text of a run's record. @throws NotFound */
  record = (name: string): string => readFileSync(this.file(name, "run.json"), "utf8");

  /** The text of what simulations said of a run. @throws NotFound */
  verification = (name: string): string => readFileSync(this.file(name, VERIFICATION), "utf8");

  /** What a testnet's facts and observations lie in. @throws NotFound */
  testnet = (name: string): { readonly facts: string; readonly observations: string } => ({
    facts: this.file(name, FACTS),
    observations: this.file(name, OBSERVATIONS),
  });

  /** A file of a run's folder. Names are those of folders: nothing that leads out of ours. @throws NotFound */
  file(name: string, file: string): string {
    const path = join(this.#folder, name, file);
    if (/^[\w][\w. -]*$/.test(name) && existsSync(path)) return path;
    throw new NotFound(`no run "${name}" with a ${file}`);
  }

  #summary(name: string, index: RunIndex): StoredRun | undefined {
    const folder = join(this.#folder, name);
    const has = (file: string) => existsSync(join(folder, file));
    const writtenAt = statSync(join(folder, "run.json")).mtimeMs;
    const about = index.about(name, writtenAt, () =>
      has(FACTS) && has(OBSERVATIONS) ? aboutTestnet(folder) : aboutRun(folder),
    );
    return (
      about && { ...about, name, isVerified: has(VERIFICATION), hasReport: has("report.html"), writtenAt }
    );
  }
}

function aboutRun(folder: string): AboutRun | undefined {
  try {
    const record = readAnyRecord(readFileSync(join(folder, "run.json"), "utf8"));
    const { scenario, seed, digest, fidelity } = record;
    return { ...titleOf(scenario), kind: fidelity, seed, blocks: blocksOf(record), digest };
  } catch {
    return undefined; // written by another version, or by somebody else
  }
}

function aboutTestnet(folder: string): AboutRun | undefined {
  try {
    const facts = JSON.parse(readFileSync(join(folder, FACTS), "utf8")) as {
      readonly title: string;
      readonly question?: string;
      readonly seed: number;
    };
    const record = aboutRun(folder);
    return {
      ...titleOf(facts),
      ...{ kind: "testnet", seed: `${facts.seed}` },
      ...{ blocks: record?.blocks ?? 0, digest: record?.digest ?? "" },
    };
  } catch {
    return undefined;
  }
}

const titleOf = ({ title, question }: { readonly title: string; readonly question?: string }) =>
  question === undefined ? { title } : { title, question };

const blocksOf = (record: AnyRecord): number =>
  record.fidelity === "economy" ? record.lastHeight - record.firstHeight + 1 : record.blocks.height.length;
