import type { Block, FullNode, HeaderTree, Message, Observation, PeerId } from "@fluxlab/core";

// Where others look at a world, or take a hand in it.

/** Told of everything that nodes observe, at its time in the world; `tree` has the headers of that node's chain. */
export type Watcher = (node: number, observation: Observation, time: number, tree: HeaderTree) => void;

/** Makes something of the blocks that a node mines, in place of giving them to it. */
export type Mining = (block: Block) => void;

/** The time, Unix seconds, with which a miner stamps a block on its node's tip, if rules allow it. */
export type BlockTime = (node: FullNode) => number;

/** Whether a message goes out over a connection. */
export type SendFilter = (message: Message, link: PeerId) => boolean;
