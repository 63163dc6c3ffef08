import type { Params } from "@fluxlab/core";
import type { Regions } from "../net/regions.ts";
import type { Topology } from "../net/topology.ts";
import type { LabFluxnode } from "./labFluxnode.ts";
import type { LabHistory } from "./labHistory.ts";
import type { WorldStart } from "./worldStart.ts";

/** Who holds emergency keys, and what they do with them. Times are microseconds. */
export interface KeyholderPlan {
  /** Node of each. */
  readonly nodes: readonly number[];
  /** They act when the tip is so old. */
  readonly after: number;
  /** From one signature to the next. */
  readonly handling: number;
}

/** Everything a run of full nodes depends on. Times are microseconds unless said. */
export interface NetworkPlan {
  /** Of a laboratory network with modelled proof. */
  readonly params: Params;
  /** Nodes that keep to other rules at first: {@link params} without an upgrade. */
  readonly late: { readonly params: Params; readonly nodes: readonly number[] } | undefined;
  /** Blocks that every node has when the world begins, with FluxNodes; undefined: it begins at genesis. */
  readonly history: LabHistory | undefined;
  /** The chain that every node has instead, if it was made elsewhere. */
  readonly start: WorldStart | undefined;
  /** Whether coins are swapped with a parallel chain, as node 0 sees the native one. */
  readonly swaps: boolean;
  /** Undefined: nobody makes emergency blocks. */
  readonly keyholders: KeyholderPlan | undefined;
  /** The node on which each FluxNode that there is at the begin runs. */
  readonly operators: readonly number[];
  readonly seed: string;
  readonly nodes: number;
  readonly duration: number;
  /** Unix seconds at which the world begins. */
  readonly startSeconds: number;
  readonly regions: Regions;
  readonly topology: Topology;
  /** Mean time between blocks of the whole network. */
  readonly blockInterval: number;
  /** Parts of the hash rate, by node. */
  readonly hashRate: Uint32Array;
  readonly clocks: {
    /** Clocks are off by up to so much, either way. */
    readonly offset: number;
    /** And gain or lose up to so many microseconds a second. */
    readonly drift: number;
  };
  /** Whether nodes ping each other, which matters only where connections die in silence. */
  readonly keepAlive: boolean;
  /** Whether messages go as objects, or are written to bytes and read again each time. */
  readonly wire: "reference" | "bytes";
}

/** FluxNodes that there are when the world begins, in the order of {@link NetworkPlan.operators}. */
export const firstFluxnodes = ({
  start,
  history,
}: Pick<NetworkPlan, "start" | "history">): readonly LabFluxnode[] =>
  start?.fluxnodes ?? history?.fluxnodes ?? [];

/** Height of the block that every node begins with. */
export const firstTip = ({ start, history }: Pick<NetworkPlan, "start" | "history">): number =>
  start?.chain.state.height ?? history?.blocks.length ?? 0;

/** Row of that block in the tree of headers. */
export const firstTipRow = ({ start, history }: Pick<NetworkPlan, "start" | "history">): number =>
  start === undefined ? (history?.blocks.length ?? 0) : start.chain.headers.length - 1;
