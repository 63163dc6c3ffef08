import { blockBytes, endpointText, type Observation, stateHash, toDisplayHex } from "@fluxlab/core";
import type { LiveNode } from "./liveNode.ts";

/**
 * Writes what a node observes, a line of JSON each: the simulator's observations, with the machine's time (milliseconds) and what only the
 * node knows of the moment; and before a tip the blocks of its chain that were not written yet. Hashes are display hex. Who
 * reads all lines needs to ask the node nothing.
 */
export class ObservationStream {
  readonly #live: LiveNode;
  readonly #write: (line: string) => void;
  readonly #digests: boolean;
  /** Rows of the header tree whose blocks were written. */
  readonly #written = new Set<number>();

  /** Begins with the chain as it is. `digests`: each tip comes with the digest of the state after it, which takes its time. */
  constructor(live: LiveNode, write: (line: string) => void, digests: boolean) {
    this.#digests = digests;
    this.#live = live;
    this.#write = write;
    const { tipHash: hash, tipHeight: height } = live.node.chain;
    this.#take({ kind: "tip", hash, height, disconnected: 0, connected: 0 });
    live.watch((observation) => this.#take(observation));
  }

  #take(observation: Observation): void {
    if (observation.kind === "tip") this.#chainUpTo(observation.hash);
    this.#line({ ...observation, ...this.#moment(observation) });
  }

  /** Blocks of the chain that ends with this one, parents first; what the node has folded it has written in an earlier life. */
  #chainUpTo(hash: Uint8Array): void {
    const { chain } = this.#live.node;
    const { tree } = chain.shared;
    const fresh: number[] = [];
    for (let row = tree.find(hash); row !== tree.root && !this.#written.has(row); row = tree.parent(row)) {
      fresh.push(row);
    }
    for (const row of fresh.reverse()) {
      const block = chain.block(row);
      if (block === undefined || block === "pruned")
        throw new Error("a node has the blocks of its best chain");
      this.#written.add(row);
      const hex = Buffer.from(blockBytes(block)).toString("hex");
      this.#line({ kind: "block", hash: tree.hashOf(block.header), height: tree.height(row), hex });
    }
  }

  #moment({ kind, ...observation }: Observation): object {
    const { node } = this.#live;
    if (kind === "tip") {
      const load = { poolBytes: node.mempool.pool.bytes, blocksInFlight: node.blocksInFlight };
      const clock = Math.floor(this.#live.host.now() / 1_000_000);
      const state = this.#digests ? { state: stateHash(node.chain.state()) } : {};
      return { clock, adjustedTime: node.adjustedTime, ...load, peers: node.peers.length, ...state };
    }
    if (kind !== "peer" || !("peer" in observation)) return {};
    const peer = node.peers.find(({ id }) => id === observation.peer);
    return peer === undefined ? {} : { address: endpointText(peer.link.address) };
  }

  #line(fields: object): void {
    this.#write(`${JSON.stringify({ time: Date.now(), ...fields }, written)}\n`);
  }
}

/** Hashes and other bytes as display hex, amounts as their digits. */
const written = (_key: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return toDisplayHex(value);
  return typeof value === "bigint" ? `${value}` : value;
};
