import type { LinkCounts, LinkTrouble, Way } from "../linkProxy.ts";
import type { DiskTrouble } from "../nodeDisk.ts";
import type { Executed, NodeSpec, PacketRule } from "../runner.ts";

// What a controller and the agent at a node's place say to each other, a line of JSON each.

/** Between whom a link is, for the agent at its dialler's place. */
export interface AgentLink {
  /** Name of the link, also of its stream of chance. */
  readonly id: string;
  readonly seed: number;
  /** HOST:PORT of the node that listens. */
  readonly target: string;
  /** Address that it sees its peer at. */
  readonly from: string;
  /** Where the proxy listens; 0: anywhere. */
  readonly port: number;
}

/** Fields of a spec that may name a file of the controller's machine. */
export const FILE_FIELDS = ["network", "chain", "fluxnodes"] as const;
export type FileField = (typeof FILE_FIELDS)[number];

/** Every order: what it asks with, and what is answered. */
export interface Orders {
  ports: { asks: { count: number }; gives: readonly number[] };
  link: { asks: AgentLink; gives: { port: number } };
  trouble: { asks: { id: string; way: Way; trouble: LinkTrouble }; gives: null };
  reset: { asks: { id: string }; gives: null };
  unlink: { asks: { id: string }; gives: null };
  counts: { asks: null; gives: Readonly<Record<string, LinkCounts>> };
  /** `files`: what lies in the files that the spec names, base64 by field; they are written there before. */
  start: {
    asks: { spec: NodeSpec; files: Readonly<Partial<Record<FileField, string>>> };
    gives: { pid: string };
  };
  pause: { asks: { node: number }; gives: null };
  resume: { asks: { node: number }; gives: null };
  stop: { asks: { node: number }; gives: null };
  kill: { asks: { node: number }; gives: null };
  /** Names in the order in which they have to be read. */
  files: { asks: { folder: string }; gives: readonly string[] };
  /** At most `length` bytes, base64; fewer only at the end. */
  read: { asks: { folder: string; name: string; offset: number; length: number }; gives: string };
  wipe: { asks: { folder: string }; gives: null };
  rpc: {
    asks: { port: number; folder: string; method: string; params: readonly unknown[]; timeoutMs: number };
    gives: RpcAnswer;
  };
  run: { asks: { command: readonly string[] }; gives: Executed };
  filter: { asks: { rules: readonly PacketRule[] } & PacketScope; gives: null };
  disk: { asks: { spec: NodeSpec; trouble: DiskTrouble }; gives: null };
}

/** Whose packet rules are set, and on what. */
export interface PacketScope {
  /** Address of the network device that is slowed. */
  readonly own: string;
  /** Names the rules, which go with it. */
  readonly testnet: string;
  /** Whether `sudo -n` is needed. */
  readonly sudo: boolean;
  /** TCP ports that nothing is lost from or to: those that the controller comes by. */
  readonly spare: readonly number[];
}

/** What a node answered, or why it did not. */
export type RpcAnswer =
  | { readonly result: unknown }
  | { readonly refusal: { readonly code: number; readonly message: string } }
  | { readonly silence: string };

export type OrderName = keyof Orders;

/** From the controller. */
export interface OrderLine<Name extends OrderName = OrderName> {
  readonly id: number;
  readonly order: Name;
  readonly argument: Orders[Name]["asks"];
}

/** To the controller: an answer, or something that happened. */
export type AgentLine =
  | { readonly id: number; readonly result: unknown }
  /** `forPeople`: something a person has to change, not a fault of the agent. */
  | { readonly id: number; readonly error: string; readonly forPeople: boolean }
  | { readonly event: "log"; readonly node: number; readonly text: string }
  | { readonly event: "ended"; readonly node: number; readonly how: string };
