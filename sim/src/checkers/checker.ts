import type { Block, Observation, Outpoint, Params, StateImage } from "@fluxlab/core";

// Checkers watch what nodes tell and never look into them, so the same ones may watch a world and real machines.

/** A block that some node had on its best chain, and all that came before it. */
export interface WitnessedBlock {
  /** Wire order, hex. */
  readonly hash: string;
  readonly height: number;
  /** Undefined: genesis. */
  readonly parent: WitnessedBlock | undefined;
  readonly block: Block;
}

/** Something that must not be. */
export interface CheckerFinding {
  readonly checker: string;
  readonly message: string;
  /** Undefined: no single node's doing. */
  readonly node: number | undefined;
  readonly height: number | undefined;
  /** Microseconds of the world. */
  readonly time: number;
}

/** Where and when something is looked at. */
export interface Sighting {
  readonly node: number;
  readonly time: number;
}

/** Says what is wrong. */
export type Report = (message: string, at: Partial<Sighting> & { readonly height?: number }) => void;

/** What a checker may ask of those who run the nodes. */
export interface CheckedNetwork {
  readonly nodes: number;
  /** Rules that a node keeps to now; the same object for the same rules. */
  rulesOf(node: number): Params;
  /** Whether a node runs. */
  isUp(node: number): boolean;
  /** Unix seconds by a node's own clock, now. */
  clock(node: number): number;
  /** The latest Unix seconds that its clock showed before it was set back while it ran; 0: it was not, since the node started. */
  clockSetBackFrom(node: number): number;
  /** And by its clock and its peers'. */
  adjustedTime(node: number): number;
  /** Whether a node looks for proof of work. */
  mines(node: number): boolean;
  /** Collaterals of the FluxNodes that a node runs. */
  fluxnodesOf(node: number): readonly Outpoint[];
  /** Whether somebody made the node break rules or manners at any time. */
  isByzantine(node: number): boolean;
  /** Nodes that a node means to be linked with, by its own wish or theirs. */
  linksOf(node: number): Iterable<number>;
  /** The node at the other end of a connection. */
  peerOf(node: number, peer: number): number;
  /** A block that a node has on its best chain, by hash in wire order. */
  blockOf(node: number, hash: Uint8Array): Block | undefined;
  /** Cost of a node's pool by the measure of its limit, and blocks that it asked for and does not have. */
  loadOf(node: number): {
    readonly poolBytes: number;
    readonly blocksInFlight: number;
    readonly peers: number;
  };
}

/** One property that must hold. What a checker does not care for it leaves out. */
export interface Checker {
  readonly name: string;
  /** Chains begin with this state, after this block, whose parents are headers alone; else with genesis. */
  begin?(block: WitnessedBlock, state: StateImage): void;
  /** The first time that any node under these rules has a block on its best chain; parents come first. */
  block?(block: WitnessedBlock, params: Params, at: Sighting, report: Report): void;
  /** A node's tip moved to a block; `left`: blocks of the old chain that it took off. */
  tip?(block: WitnessedBlock, left: number, at: Sighting, report: Report): void;
  observation?(observation: Observation, at: Sighting, report: Report): void;
  /** The run is over. */
  end?(time: number, report: Report): void;
}
