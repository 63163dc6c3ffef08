/** One node of a testnet, as a runner has to start it. */
export interface NodeSpec {
  /** In the testnet, from 0. */
  readonly index: number;
  /** Folder of its own: what it leaves on its disk and what it says. */
  readonly folder: string;
  /** A built-in network or a network file. */
  readonly network: string;
  /** HOST:PORT that it takes connections on. */
  readonly listen: string;
  readonly rpcPort: number;
  /** HOST:PORT of those it stays connected to. */
  readonly peers: readonly string[];
  /** By how much its clock is fast. */
  readonly clockOffsetMs: number;
  /** File of the blocks that it begins with; undefined: its first block. */
  readonly chain: string | undefined;
  /** File of the FluxNodes that it looks after; undefined: none. */
  readonly fluxnodes: string | undefined;
}

/** A node that was started, as long as it lasts. */
export interface StartedNode {
  /** What finds it again: a process number, a container's name. */
  readonly id: string;
  readonly running: boolean;
  /** Resolves when it has ended, with what it ended by, for people. */
  readonly ended: Promise<string>;
  /** Stands still until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Ends in order, or by force if that takes too long. */
  stop(): Promise<void>;
  /** Ends at once, as in a crash. */
  kill(): Promise<void>;
}

/** Where the nodes of a testnet run. */
export interface Runner {
  readonly kind: "process";
  /** @throws InputError for what a person has to change */
  start(spec: NodeSpec): StartedNode;
  /** What the node said last, newest at the end. */
  lastLines(spec: NodeSpec, count: number): readonly string[];
  /** Takes away all that is on its disk. */
  wipe(spec: NodeSpec): void;
}
