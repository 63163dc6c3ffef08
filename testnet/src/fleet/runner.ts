import type { Link } from "./linkProxy.ts";
import type { DiskTrouble } from "./nodeDisk.ts";

/** Kinds of runners, as the command line names them. */
export const RUNNER_KINDS = ["process", "docker", "ssh"] as const;
export type RunnerKind = (typeof RUNNER_KINDS)[number];

/** One node of a testnet, as a runner has to start it. */
export interface NodeSpec extends Place {
  /** In the testnet, from 0. */
  readonly index: number;
  /** Folder of its own: what it says, and where it runs also what it leaves on its disk. */
  readonly folder: string;
  /** A built-in network or a network file. */
  readonly network: string;
  /** HOST:PORT of those it stays connected to. */
  readonly peers: readonly string[];
  /** By how much its clock is fast. */
  readonly clockOffsetMs: number;
  /** File of the blocks that it begins with; undefined: its first block. */
  readonly chain: string | undefined;
  /** Data folder of this machine whose copy it begins with; undefined: it begins with nothing. For processes of this machine. */
  readonly data: string | undefined;
  /** File of the FluxNodes that it looks after; undefined: none. */
  readonly fluxnodes: string | undefined;
  /** Undefined: the node of this checkout. */
  readonly program: NodeProgram | undefined;
}

/** What a node runs by, if not by the node of this checkout. */
export interface NodeProgram {
  /** Another version of ours, which takes the same options, or a fluxd. */
  readonly kind: "ours" | "fluxd";
  readonly file: string;
}

/** Room for a node. */
export interface Place {
  /** HOST:PORT that it takes connections on. */
  readonly listen: string;
  /** On its own loopback interface. */
  readonly rpcPort: number;
}

/** A node that was started, as long as it lasts. */
export interface StartedNode {
  /** What finds it again: a process number, a container's name, a process number on a host. */
  readonly id: string;
  readonly running: boolean;
  /** Resolves when it has ended, with what it ended by, for people. */
  readonly ended: Promise<string>;
  /** Stands still until {@link resume}. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends in order, or by force if that takes too long. */
  stop(): Promise<void>;
  /** Ends at once, as in a crash. */
  kill(): Promise<void>;
}

/** Asks one node. */
export interface NodeRpc {
  /** The result of a command. @throws RpcRefusal, RpcSilence */
  call<T>(method: string, params?: readonly unknown[], timeoutMs?: number): Promise<T>;
}

/** What a host's kernel is to do with packets from or to an address. */
export type PacketRule =
  | { readonly kind: "drop"; readonly from: string }
  | { readonly kind: "loss"; readonly from: string; readonly perMillion: number }
  /** What goes to the address is slow; 0 where nothing is wanted. */
  | {
      readonly kind: "shape";
      readonly to: string;
      readonly bytesPerSecond: number;
      readonly latencyMs: number;
      readonly jitterMs: number;
    };

/**
 * Where the nodes of a testnet run. What a node says is in the log of its folder, wherever it runs. Ends of nodes are awaited;
 * {@link close} leaves nothing, whatever was under way.
 */
export interface Runner {
  readonly kind: RunnerKind;
  /** Finds room for nodes that come. */
  place(indices: readonly number[]): Promise<readonly Place[]>;
  /** A link from a node to one that listens at `listen`, as its dialler has to use it. */
  link(dialler: number, listener: number, listen: string, seed: number): Promise<Link>;
  /** @throws InputError for what a person has to change */
  start(spec: NodeSpec): Promise<StartedNode>;
  rpc(spec: NodeSpec): NodeRpc;
  /** Takes away all that is on the disk of a node that does not run. */
  wipe(spec: NodeSpec): Promise<void>;
  /** Copies what is on the disk of a node of ours, which may run, into a folder of this machine. */
  copyData(spec: NodeSpec, into: string): Promise<void>;
  /** Takes away a node that will not start again. */
  remove(spec: NodeSpec): Promise<void>;
  /**
   * Sets what the kernel does with packets at a node's place; an empty list: nothing. Undefined: the nodes share one kernel's network,
   * or it may not be changed.
   * @throws InputError naming what the kernel lacks
   */
  readonly filter: ((spec: NodeSpec, rules: readonly PacketRule[]) => Promise<void>) | undefined;
  /** Runs a command at the node's place. */
  exec(spec: NodeSpec, command: readonly string[]): Promise<Executed>;
  /** Sets what is wrong with the disk of a node. @throws InputError for a program that cannot be told */
  troubleDisk(spec: NodeSpec, trouble: DiskTrouble): Promise<void>;
  close(): Promise<void>;
}

/** What became of a command. */
export interface Executed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
