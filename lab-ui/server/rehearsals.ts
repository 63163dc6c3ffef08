import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { InputError } from "@fluxlab/core/command-line";
import type {
  RehearsalList,
  RehearsalPlanEntry,
  RehearsalProgress,
  RunningRehearsal,
  StartRehearsal,
  StoredRehearsal,
  StoredRehearsalEntry,
} from "@fluxlab/lab-ui/api";
import { rehearsalFiles } from "@fluxlab/reports";
import { commit, version } from "@fluxlab/sim/host";
import { emptyRunFolder, loadRehearsal, parseTime } from "@fluxlab/testnet/fleet";
import { fieldOf, NotFound, orNothing, type Send, TEXT, WHOLE, wait } from "./api.ts";
import { yamlFiles } from "./library.ts";
import type { RehearsalMessage } from "./rehearsalWorker.ts";

const PLANS = fileURLToPath(new URL("../../scenarios/rehearsals/", import.meta.url));
const REPORT = "rehearsal.json";

/** Milliseconds between two words of how far a rehearsal is. */
const TELL_MS = 200;

/** Rehearsals that lie in the folder of runs, plans of the library, and one that is played in a thread of its own. */
export class Rehearsals {
  readonly #runs: string;
  #played: Played | undefined;

  constructor(runs: string) {
    this.#runs = runs;
  }

  list(): RehearsalList {
    const running = this.#played?.isOver === false ? this.#played.about : undefined;
    return { plans: yamlFiles(PLANS).map(planEntry), stored: this.#stored(), running };
  }

  #stored(): StoredRehearsalEntry[] {
    if (!existsSync(this.#runs)) return [];
    return readdirSync(this.#runs)
      .flatMap((name) => entryOf(name, join(this.#runs, name, REPORT)) ?? [])
      .sort((a, b) => b.writtenAt - a.writtenAt);
  }

  /** The text of a rehearsal's report. Names are those of folders: nothing that leads out of ours. @throws NotFound */
  report(name: string): string {
    const path = join(this.#runs, name, REPORT);
    if (/^[\w][\w. -]*$/.test(name) && existsSync(path)) return readFileSync(path, "utf8");
    throw new NotFound(`there is no rehearsal "${name}"`);
  }

  /** @throws InputError for what is wrong with the plan, with its line, or if one is played already */
  start(body: unknown): RunningRehearsal {
    if (this.#played?.isOver === false)
      throw new InputError(`a rehearsal is played already: ${this.#played.about.title}`);
    const asked: StartRehearsal = { plan: fieldOf(body, "plan", TEXT) };
    this.#played = new Played(this.#runs, asked.plan, fieldOf(body, "seed", orNothing(WHOLE)));
    return this.#played.about;
  }

  /** Tells how far the rehearsal is that is played, until it is over. */
  async follow(send: Send, signal: AbortSignal): Promise<void> {
    const played = this.#played;
    while (played !== undefined && !signal.aborted) {
      send(played.progress);
      if (played.isOver) return;
      await wait(TELL_MS, signal);
    }
  }

  end(): object {
    this.#played?.stop("ended by hand");
    return {};
  }

  close(): void {
    this.#played?.stop("the server ends");
  }
}

/** One rehearsal in the simulator. */
class Played {
  readonly about: RunningRehearsal;
  progress: RehearsalProgress;
  readonly #worker: Worker;
  /** Where the plan lies for the thread. */
  readonly #scratch = mkdtempSync(join(tmpdir(), "flux-lab-rehearsal-"));

  constructor(runs: string, yaml: string, seed: number | undefined) {
    const file = join(this.#scratch, "plan.yaml");
    writeFileSync(file, yaml);
    try {
      const { plan } = loadRehearsal(file, seed);
      const name = `rehearsal-${plan.name}-simulator-seed${plan.seed}`;
      this.about = { title: plan.title, folder: name };
      this.progress = { title: plan.title, played: 0, length: parseTime(plan.run)! / 1_000 };
      this.#worker = new Worker(new URL("./rehearsalWorker.ts", import.meta.url), {
        workerData: { file, seed: plan.seed },
      });
      this.#listen(join(runs, name), yaml, plan.seed);
    } catch (error) {
      rmSync(this.#scratch, { recursive: true });
      // Only the person who wrote it knows the file as a text field.
      if (error instanceof InputError)
        throw new InputError(error.message.replaceAll(`${file}: `, ""), { cause: error });
      throw error;
    }
  }

  get isOver(): boolean {
    return this.progress.folder !== undefined || this.progress.failure !== undefined;
  }

  /** What an earlier rehearsal of that name left stays until this one is over. */
  #listen(path: string, yaml: string, seed: number): void {
    this.#worker.on("message", (message: RehearsalMessage) => {
      if ("seconds" in message) {
        this.progress = { ...this.progress, played: message.seconds };
        return;
      }
      if ("failure" in message) return this.stop(message.failure);
      const folder = emptyRunFolder(path);
      writeFileSync(join(folder, "plan.yaml"), yaml);
      const command = `npm run rehearse -- ${path}/plan.yaml --seed ${seed}`;
      const about = { commit: commit(), version: version(), command };
      for (const [name, text] of rehearsalFiles(message.report, about))
        writeFileSync(join(folder, name), text);
      this.progress = { ...this.progress, played: this.progress.length, folder: this.about.folder };
    });
    this.#worker.on("error", (error) => this.stop((error as Error).message));
    this.#worker.on("exit", () => rmSync(this.#scratch, { recursive: true, force: true }));
  }

  stop(why: string): void {
    if (this.isOver) return;
    this.progress = { ...this.progress, failure: why };
    void this.#worker.terminate();
  }
}

function planEntry({ name, path }: { readonly name: string; readonly path: string }): RehearsalPlanEntry {
  const { plan } = loadRehearsal(path);
  return {
    ...{ name, title: plan.title, nodes: plan.nodes, run: plan.run, upgrade: plan.new.upgrade },
    yaml: readFileSync(path, "utf8"),
  };
}

function entryOf(name: string, path: string): StoredRehearsalEntry | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const report = JSON.parse(readFileSync(path, "utf8")) as StoredRehearsal;
    const { title, on, nodes, seed, verdict } = report;
    if (typeof title !== "string" || typeof verdict !== "string") return undefined;
    return { name, title, on, nodes, seed, verdict, writtenAt: statSync(path).mtimeMs };
  } catch {
    return undefined; // it is being written, or somebody else's
  }
}
