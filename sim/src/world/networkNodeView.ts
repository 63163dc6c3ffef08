import { type FluxnodeRecord, type Outpoint, TIERS, type Tier, toDisplayHex, toWireHex } from "@fluxlab/core";
import type { NetworkWorld } from "./networkWorld.ts";

// What somebody who looks at a world while it is played may ask of one of its full nodes. Asking changes nothing.

/** A FluxNode that runs on a full node, as the chain of that node has it. */
export interface HostedFluxnode {
  readonly tier: Tier;
  /** Of the collateral, as shown to people. */
  readonly txid: string;
  readonly status: FluxnodeRecord["status"] | undefined;
  /** Payments to be made to its tier before its own, 0: it is next; undefined if it does not queue. */
  readonly ahead: number | undefined;
  /** In the tier's queue. */
  readonly queued: number;
  /** 0: none yet. */
  readonly lastPaidHeight: number;
}

/** One full node at the newest moment of a run. */
export interface NetworkNodeView {
  readonly node: number;
  readonly seconds: number;
  readonly up: boolean;
  readonly tipHeight: number;
  /** As shown to people. */
  readonly tipHash: string;
  readonly mempool: { readonly transactions: number; readonly bytes: number };
  readonly blocksInFlight: number;
  /** Its clock before the world's, seconds. */
  readonly clockAhead: number;
  /** Parts of the hash rate as planned, and of all. */
  readonly hashRate: number;
  readonly hashRates: number;
  readonly peers: readonly {
    readonly node: number;
    readonly outbound: boolean;
    /** Both have introduced themselves. */
    readonly ready: boolean;
    /** Points for bad manners. */
    readonly score: number;
  }[];
  readonly fluxnodes: readonly HostedFluxnode[];
}

const SECOND = 1_000_000;

/** Undefined if there is no such node. */
export function networkNodeView(world: NetworkWorld, number: number): NetworkNodeView | undefined {
  const node = world.nodes[number];
  if (node === undefined) return undefined;
  const { hashRate, startSeconds } = world.plan;
  const { playedTo } = world;
  return {
    node: number,
    seconds: playedTo / SECOND,
    up: world.down[number] === 0,
    tipHeight: node.chain.tipHeight,
    tipHash: toDisplayHex(node.chain.tipHash),
    mempool: { transactions: node.mempool.pool.size, bytes: node.mempool.pool.bytes },
    blocksInFlight: node.blocksInFlight,
    clockAhead: (world.clocks.local(number, playedTo) - playedTo) / SECOND - startSeconds,
    hashRate: hashRate[number]!,
    hashRates: hashRate.reduce((sum, rate) => sum + rate, 0),
    peers: node.peers.map(({ id, link, introduced, score }) => ({
      node: world.links.other(id, number),
      outbound: link.direction === "outbound",
      ready: introduced,
      score,
    })),
    fluxnodes: hostedFluxnodes(world, number),
  };
}

function hostedFluxnodes(world: NetworkWorld, number: number): HostedFluxnode[] {
  const hosted = world.operators.get(number) ?? [];
  if (hosted.length === 0) return [];
  const state = world.nodes[number]!.chain.state();
  const places = new Map<string, number>();
  const queued = TIERS.map((tier) => {
    let place = 0;
    for (const { outpoint } of state.queue(tier)) places.set(name(outpoint), place++);
    return place;
  });
  return hosted.map(({ fluxnode: { collateral, tier } }) => {
    const record = state.fluxnode(collateral);
    return {
      tier,
      txid: toDisplayHex(collateral.txid),
      status: record?.status,
      ahead: places.get(name(collateral)),
      queued: queued[TIERS.indexOf(tier)]!,
      lastPaidHeight: record?.lastPaidHeight ?? 0,
    };
  });
}

const name = ({ txid, index }: Outpoint): string => `${toWireHex(txid)}:${index}`;
