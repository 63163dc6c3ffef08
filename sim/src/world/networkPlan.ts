import type { Params } from "@fluxlab/core";
import type { Regions } from "../net/regions.ts";
import type { Topology } from "../net/topology.ts";

/** Everything a run of full nodes depends on. Times are microseconds unless said. */
export interface NetworkPlan {
  /** Of a laboratory network with modelled proof. */
  readonly params: Params;
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
