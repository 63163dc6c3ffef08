import {
  type AddressManager,
  type BlockHeader,
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type Message,
  type NodeSettings,
  type PeerLink,
  PeerRows,
  type SharedChain,
  SharedMessages,
} from "@fluxlab/core";
import { type LabChain, readLabChain, sharedChainOf } from "./labChain.ts";
import { addressOf, linkTo, RecordingPorts } from "./recordingPorts.ts";

/** The recorded laboratory chain, and what nodes on it share. */
export interface Lab {
  readonly chain: readonly LabChain[];
  readonly shared: SharedChain;
}

export function readLab(): Lab {
  const chain = readLabChain();
  return { chain, shared: sharedChainOf(chain[0]!.block, "signatures") };
}

/** How a made-up peer introduces itself. */
export const BENCH_VERSION: Message = {
  command: "version",
  version: 170_021,
  services: 5n,
  time: 1_647_170_234n,
  receiver: addressOf(1),
  sender: addressOf(2),
  nonce: 99n,
  userAgent: "/test/",
  startHeight: 150,
  relay: true,
};

/** One node that has the recorded chain up to a height, and peers that are made up message by message. */
export class NodeBench {
  readonly lab: Lab;
  readonly ports: RecordingPorts;
  readonly node: FullNode;

  /** The clock stands at the recorded time of block `height`, or of `clockHeight`. */
  constructor(
    lab: Lab,
    height: number,
    options: {
      readonly settings?: Partial<NodeSettings>;
      readonly addresses?: AddressManager;
      readonly clockHeight?: number;
    } = {},
  ) {
    this.lab = lab;
    this.ports = new RecordingPorts(lab.chain[options.clockHeight ?? height]!.line.time);
    const all = { ...DEFAULT_NODE_SETTINGS, useCheckpoints: false, ...options.settings };
    const messages = new SharedMessages(lab.shared, all.protocolVersion);
    const shared = { chain: lab.shared, messages, peers: new PeerRows() };
    this.node = new FullNode(shared, this.ports, all, options.addresses);
    for (const { block } of lab.chain.slice(1, height + 1)) this.node.submitBlock(block);
    this.ports.observed.length = 0;
  }

  /** A peer that has introduced itself. */
  meet(id: number, link: PeerLink = linkTo(id, "inbound"), version: Message = BENCH_VERSION): void {
    this.node.connected(id, link);
    this.node.receive(id, version);
    this.node.receive(id, { command: "verack" });
    this.ports.take();
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    const end = this.ports.time + seconds * 1_000_000;
    for (let wakes = this.ports.wakes; wakes !== undefined && wakes <= end; wakes = this.ports.wakes) {
      this.ports.wakes = undefined;
      this.ports.time = Math.max(this.ports.time, wakes);
      this.node.wake();
    }
    this.ports.time = end;
  }

  headers(from: number, to: number): BlockHeader[] {
    return this.lab.chain.slice(from, to + 1).map(({ block }) => block.header);
  }
}
