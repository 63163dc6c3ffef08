import type { HeaderTree, Observation } from "@fluxlab/core";
import type { NetworkRecorder } from "./networkRecorder.ts";
import type { SpreadTrace } from "./spreadTrace.ts";

/** What a tracer may ask of the world that nodes live in. */
export interface TracedWorld {
  /** The node whose message is being looked at; -1 if none is. */
  readonly speaker: number;
  readonly links: { other(link: number, node: number): number };
}

/** Writes what full nodes observe into a trace. To be told after the recorder, which numbers the blocks. */
export class NetworkTracer {
  readonly #trace: SpreadTrace;
  readonly #recorder: NetworkRecorder;
  readonly #world: TracedWorld;
  /** Of the recorder's blocks, which are not known before somebody has them on its chain. */
  #blocks = 1;

  constructor(trace: SpreadTrace, recorder: NetworkRecorder, world: TracedWorld) {
    this.#trace = trace;
    this.#recorder = recorder;
    this.#world = world;
  }

  /** `time`: microseconds; `tree`: that of the node that tells. */
  observe(node: number, observation: Observation, time: number, tree: HeaderTree): void {
    switch (observation.kind) {
      case "tip":
        return this.#tip(node, observation, time, tree);
      case "banned":
        return this.#trace.log(time, "banned", node, {
          subject: this.#world.links.other(observation.peer, node),
          reason: observation.reason,
        });
      case "blockRefused":
        return this.#trace.log(time, "refused", node, { reason: observation.violation.rule });
      default:
    }
  }

  #tip(
    node: number,
    { hash, connected, disconnected }: Extract<Observation, { kind: "tip" }>,
    time: number,
    tree: HeaderTree,
  ): void {
    this.#newBlocks();
    const block = this.#recorder.rowOf(tree.find(hash));
    this.#trace.tip(time, node, block, this.#world.speaker);
    if (disconnected > 0) this.#trace.log(time, "reorganised", node, { subject: block, depth: disconnected });
    // Only a node that has just started tells of a tip that nothing led to.
    else if (connected === 0) this.#trace.log(time, "restarted", node, { subject: block });
  }

  #newBlocks(): void {
    const { blocks } = this.#recorder;
    for (; this.#blocks < blocks.length; this.#blocks++) {
      const row = this.#blocks;
      const [miner, time] = [blocks.miner[row]!, blocks.minedAt[row]!];
      const hash = this.#recorder.hashes[row];
      this.#trace.block({ parent: blocks.parent[row]!, height: blocks.height[row]!, miner, time, hash });
      this.#trace.log(time, "mined", miner, { subject: row });
    }
  }
}
