import type {
  Acceptance,
  Ban,
  Block,
  BlockReceipt,
  EquihashSolver,
  FullNode,
  NetworkAddress,
  Params,
  Submission,
  Subnet,
  Transaction,
} from "@fluxlab/core";

// What the commands need of the node they are asked of. A live node has sockets and a disk behind it, a test a bare FullNode.

/** A peer, with what only its host knows of it. */
export interface PeerTraffic {
  readonly peer: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** The host's part in the network. */
export interface NetworkApi {
  /** By peer, all that are connected. */
  traffic(): readonly PeerTraffic[];
  /** Bytes since the process began. */
  totals(): { readonly received: number; readonly sent: number };
  /** Keeps a connection to the address, named as the caller did. False: it was told before. */
  add(name: string, address: NetworkAddress): boolean;
  /** False: it was not added. */
  remove(name: string): boolean;
  /** Those of {@link add}. */
  added(): readonly { readonly name: string; readonly address: NetworkAddress }[];
  connectOnce(address: NetworkAddress): void;
  disconnect(peer: number): void;
  /** `until`: Unix seconds. */
  ban(subnet: Subnet, until: number): void;
  /** Whether an address is banned, by itself or with others. */
  isBanned(ip: Uint8Array): boolean;
  /** False: this subnet is not banned, though parts of it may be. */
  unban(subnet: Subnet): boolean;
  clearBans(): void;
  bans(): readonly Ban[];
  /** Turns "host:port", "host" or "[ip]:port" into an address; undefined for what is none or unknown. */
  resolve(name: string): Promise<NetworkAddress | undefined>;
}

/** A node as RPC sees it. */
export interface NodeApi {
  readonly params: Params;
  readonly node: FullNode;
  readonly network: NetworkApi;
  /** Unix seconds by the node's clock. */
  now(): number;
  /** Stops the clock at a Unix second, or lets it go. */
  setMockTime(seconds: number | undefined): void;
  /** When it returns the block would survive a crash, unless it was refused. */
  submitBlock(block: Block): BlockReceipt;
  submitTransaction(tx: Transaction, from: Submission): Acceptance;
  /** Of the network's puzzle. */
  solver(): EquihashSolver;
  /** Bytes the blocks take on disk. */
  sizeOnDisk(): number;
  /** Lowest height from which on blocks are kept; undefined if all are. */
  pruneHeight(): number | undefined;
  /** Ends the process in order, after the answer has gone out. */
  stop(): void;
}
