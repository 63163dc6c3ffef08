import { availableParallelism } from "node:os";
import {
  type BlockTemplate,
  type EquihashParams,
  equihashInput,
  equihashShape,
  NULL_OUTPOINT,
  nextNonce,
  type PowBlock,
  ponHeightReached,
  powCandidate,
  proofIsModelled,
  puzzleParams,
  rejectReason,
  solvedBlock,
  toDisplayHex,
} from "@fluxlab/core";
import { type Search, startSearch } from "@fluxlab/core/host";
import type { CommandContext } from "../command.ts";
import type { MinerSwitch } from "../minerSwitch.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { attemptOnTip } from "./templates.ts";

/** A template that is older, milliseconds, lacks too much of the pool. Source: fluxd src/miner.cpp BitcoinMiner. */
const TEMPLATE_MS = 60_000;
/** Between two looks at whether there is anything to mine now. */
const IDLE_MS = 1_000;
/** Of the rate that is told. */
const RATE_MS = 60_000;

/** What a miner needs besides the commands' context. */
export interface MinerOptions {
  /** Whom blocks pay. */
  readonly payTo: () => Uint8Array;
  readonly log: (level: "info" | "warn", fields: object, text: string) => void;
}

/**
 * Searches for blocks of proof of work on the node's tip, on threads of its own where the puzzle is large: setgenerate and -gen.
 * A new tip ends the search on the old one. Source: fluxd src/miner.cpp BitcoinMiner.
 */
export class BuiltInMiner implements MinerSwitch {
  readonly #context: Omit<CommandContext, "miner">;
  readonly #options: MinerOptions;
  /** When and how many solutions were found lately. */
  readonly #found: { readonly at: number; readonly solutions: number }[];
  #threads: number;
  #beganAt: number;
  #switch: AbortController | undefined;
  #mining: Promise<void>;
  #search: { readonly puzzle: EquihashParams; readonly solver: Search } | undefined;

  constructor(context: Omit<CommandContext, "miner">, options: MinerOptions) {
    this.#context = context;
    this.#options = options;
    this.#found = [];
    this.#threads = -1;
    this.#beganAt = 0;
    this.#switch = undefined;
    this.#mining = Promise.resolve();
    this.#search = undefined;
  }

  get running(): boolean {
    return this.#switch !== undefined;
  }

  get threads(): number {
    return this.#threads;
  }

  get solutionRate(): number {
    if (!this.running) return 0;
    const now = performance.now();
    const since = Math.max(this.#beganAt, now - RATE_MS);
    const solutions = this.#found.reduce((sum, each) => sum + (each.at >= since ? each.solutions : 0), 0);
    return solutions / Math.max(0.001, (now - since) / 1_000);
  }

  set(running: boolean, threads: number): void {
    const { params } = this.#context.api;
    if (running && proofIsModelled(params)) {
      throw new RpcError(
        RPC.methodNotFound,
        "Proof of work is modelled on this network: nothing is to be searched",
      );
    }
    this.#switch?.abort(new Error("the miner was told to stop"));
    this.#switch = undefined;
    this.#threads = threads;
    if (!running) return;
    const own = new AbortController();
    this.#switch = own;
    this.#beganAt = performance.now();
    const before = this.#mining;
    this.#mining = before.then(() => this.#mine(own.signal));
  }

  /** Settles when nothing is searched any more. */
  async close(): Promise<void> {
    this.set(false, this.#threads);
    await this.#mining;
  }

  async #mine(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) await this.#onTip(signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#options.log("warn", { error: (error as Error).message }, "the miner stopped");
        this.#switch = undefined;
      }
    } finally {
      await this.#search?.solver.close();
      this.#search = undefined;
    }
  }

  /** Mines until there is a block, another tip, or enough new in the pool. */
  async #onTip(signal: AbortSignal): Promise<void> {
    const template = this.#template();
    if (template === undefined) return await this.#context.tipMoved(IDLE_MS);
    const over = new AbortController();
    const stop = (): void => over.abort(new Error("there is something newer to mine"));
    signal.addEventListener("abort", stop);
    void this.#context.tipMoved(TEMPLATE_MS).then(stop);
    try {
      const block = await this.#solve(template, over.signal);
      if (block !== undefined) this.#submit(block);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Undefined while a block would be of no use. Under proof of node there is nothing to search for. */
  #template(): BlockTemplate | undefined {
    const { api } = this.#context;
    const { node, params } = api;
    if (ponHeightReached(params.upgrades, node.chain.tipHeight + 1)) return undefined;
    if (params.miningRequiresPeers && (node.peers.length === 0 || node.catchingUp)) return undefined;
    const made = attemptOnTip({ ...this.#context, miner: this }, this.#options.payTo(), NULL_OUTPOINT);
    if (made.outcome === "made") return made.template;
    if (made.outcome === "cannotTell")
      throw new Error(`a template that cannot be verified: ${made.unverified}`);
    // Blocks of others are ahead of this clock by more than clocks let in: time will tell.
    if (made.violation.rule === "time-too-new") return undefined;
    throw new Error(`a template that breaks a rule: ${rejectReason(made.violation)}`);
  }

  async #solve(template: BlockTemplate, signal: AbortSignal): Promise<PowBlock | undefined> {
    const { params } = this.#context.api;
    const solver = await this.#solver(puzzleParams(template.height, params));
    for (let extraNonce = 1; !signal.aborted; extraNonce++) {
      const { header, transactions } = powCandidate(template, extraNonce);
      for (let nonce: Uint8Array | undefined = header.nonce; nonce !== undefined; nonce = nextNonce(nonce)) {
        const attempt = { header: { ...header, nonce }, transactions };
        const { solutions } = await solver
          .solve(equihashInput(attempt.header), { signal })
          .catch((error: unknown) => {
            if (signal.aborted) return { solutions: undefined };
            throw error;
          });
        if (solutions === undefined || signal.aborted) return undefined;
        this.#note(solutions.length);
        const block = solvedBlock(attempt, solutions, template.height, params);
        if (block !== undefined) return block;
      }
    }
    return undefined;
  }

  /** The puzzle changes with the height; threads and memory are those of one. */
  async #solver(puzzle: EquihashParams): Promise<Search> {
    if (this.#search?.puzzle.n === puzzle.n && this.#search.puzzle.k === puzzle.k) return this.#search.solver;
    await this.#search?.solver.close();
    const shape = equihashShape(puzzle);
    if (shape === undefined) throw new Error(`no solver for (${puzzle.n}, ${puzzle.k})`);
    const threads = this.#threads < 1 ? availableParallelism() : this.#threads;
    const solver = startSearch(shape, threads);
    this.#search = { puzzle, solver };
    this.#options.log("info", { ...puzzle, threads: solver.threads }, "mining");
    return solver;
  }

  #note(solutions: number): void {
    const now = performance.now();
    this.#found.push({ at: now, solutions });
    while (this.#found[0]!.at < now - RATE_MS) this.#found.shift();
  }

  #submit(block: PowBlock): void {
    const { api } = this.#context;
    const { result } = api.submitBlock(block);
    const hash = toDisplayHex(api.node.chain.shared.tree.hashOf(block.header));
    const active = result.outcome === "active";
    this.#options.log(active ? "info" : "warn", { hash, outcome: result.outcome }, "mined a block");
  }
}
