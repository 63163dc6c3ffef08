import {
  blockBytes,
  type ChainView,
  type FluxnodeRecord,
  knownTxid,
  type Observation,
  outpointKey,
  TIER_CODE,
  type Transaction,
  transactionBytes,
  Writer,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import type { Publisher } from "zeromq";
import type { LiveNode } from "../liveNode.ts";

// Three frames each: topic, body, a count of its own. Hashes are in display order. Source: fluxd src/zmq/zmqpublishnotifier.cpp.

const TOPICS = [
  "hashblock",
  "hashtx",
  "rawblock",
  "rawtx",
  "checkedblock",
  "hashblockheight",
  "chainreorg",
  "fluxnodelistdelta",
] as const;
type Topic = (typeof TOPICS)[number];

/** A topic and where it is told. */
export interface ZmqPlan {
  readonly topic: string;
  /** "tcp://127.0.0.1:28332". */
  readonly address: string;
}

interface Socket {
  readonly publisher: Publisher;
  /** Sends go one behind another. */
  last: Promise<void>;
}

interface Subscription {
  readonly socket: Socket;
  sequence: number;
}

/** "hashblock=tcp://127.0.0.1:28332" as a plan. @throws InputError */
export function parseZmq(text: string): ZmqPlan {
  const [topic = "", ...rest] = text.split("=");
  if (!(TOPICS as readonly string[]).includes(topic))
    throw new InputError(`--zmq ${text}: expected one of ${TOPICS.join(", ")}, got "${topic}"`);
  const address = rest.join("=");
  if (!/^(tcp|ipc):\/\/.+/.test(address))
    throw new InputError(
      `--zmq ${text}: expected an address such as tcp://127.0.0.1:28332, got "${address}"`,
    );
  return { topic, address };
}

/** Tells what happens to a node's chain and pool over ZeroMQ. Plans of one address share a socket. */
export class ZmqPublisher {
  readonly #live: LiveNode;
  readonly #sockets: readonly Socket[];
  readonly #subscriptions: ReadonlyMap<Topic, readonly Subscription[]>;
  readonly #fail: (topic: string, error: Error) => void;
  readonly #unwatch: () => void;
  /** Row of the best block before. */
  #tipRow: number;
  /** Where the last delta ended, and the nodes there; undefined before the first tip: there is nothing to compare with. */
  #nodes: { readonly row: number; readonly records: ReadonlyMap<string, FluxnodeRecord> } | undefined;

  /**
   * `fail` hears of what could not be sent. @throws InputError where an address cannot be had, or the optional package `zeromq` is
   * not installed
   */
  static async start(
    live: LiveNode,
    plans: readonly ZmqPlan[],
    fail: (topic: string, error: Error) => void,
  ): Promise<ZmqPublisher> {
    const { Publisher } = await import("zeromq").catch(() => {
      throw new InputError("--zmq: the optional package zeromq is not installed: npm install zeromq@6.8.0");
    });
    const sockets = new Map<string, Socket>();
    const subscriptions = new Map<Topic, Subscription[]>();
    for (const { topic, address } of plans) {
      const socket = sockets.get(address) ?? {
        publisher: new Publisher({ linger: 0 }),
        last: Promise.resolve(),
      };
      if (!sockets.has(address)) {
        sockets.set(address, socket);
        await socket.publisher.bind(address).catch((error: Error) => {
          for (const each of sockets.values()) each.publisher.close();
          throw new InputError(`--zmq ${topic}=${address}: ${error.message}`);
        });
      }
      const known = subscriptions.get(topic as Topic) ?? [];
      subscriptions.set(topic as Topic, [...known, { socket, sequence: 0 }]);
    }
    return new ZmqPublisher(live, [...sockets.values()], subscriptions, fail);
  }

  private constructor(
    live: LiveNode,
    sockets: readonly Socket[],
    subscriptions: ReadonlyMap<Topic, readonly Subscription[]>,
    fail: (topic: string, error: Error) => void,
  ) {
    this.#live = live;
    this.#sockets = sockets;
    this.#subscriptions = subscriptions;
    this.#fail = fail;
    this.#tipRow = live.node.chain.tip;
    this.#nodes = undefined;
    this.#unwatch = live.watch((observation) => this.#observed(observation));
  }

  #observed(observation: Observation): void {
    if (observation.kind === "tip") this.#tip(observation);
    else if (observation.kind === "transaction" && observation.accepted) {
      const tx = this.#live.node.mempool.pool.get(observation.txid)?.tx;
      if (tx !== undefined) this.#transaction(tx);
    }
  }

  /** Of a batch of blocks only the last is told, as fluxd does, and none while the node catches up. */
  #tip({ connected, disconnected }: Extract<Observation, { kind: "tip" }>): void {
    const { chain, catchingUp } = this.#live.node;
    const { tree } = chain.shared;
    const row = chain.tip;
    const fork = tree.ancestor(row, chain.tipHeight - connected);
    this.#connected(chain, tree.path(fork, row));
    if (disconnected > 0) {
      const rows = [this.#tipRow, row, fork];
      this.#publish("chainreorg", () => rows.flatMap((each) => [...placeOf(chain, each)]));
    }
    this.#tipRow = row;
    if (catchingUp) return;
    this.#publish("hashblock", () => displayed(tree.hash(row)));
    this.#publish("hashblockheight", () => placeOf(chain, row));
    this.#publish("rawblock", () => this.#block(chain, row));
    this.#nodesChanged(chain, row, disconnected > 0);
  }

  /** Blocks that connect are told of transaction by transaction, as the wallet of fluxd hears of them. */
  #connected(chain: ChainView, rows: readonly number[]): void {
    const wanted: readonly Topic[] = ["hashtx", "rawtx", "checkedblock"];
    if (!wanted.some((topic) => this.#subscriptions.has(topic))) return;
    for (const row of rows) {
      this.#publish("checkedblock", () => this.#block(chain, row));
      const block = chain.block(row);
      if (block === undefined || block === "pruned") continue;
      for (const tx of block.transactions) this.#transaction(tx);
    }
  }

  #block(chain: ChainView, row: number): Uint8Array {
    const block = chain.block(row);
    return block === undefined || block === "pruned" ? new Uint8Array() : blockBytes(block);
  }

  #transaction(tx: Transaction): void {
    this.#publish("hashtx", () => displayed(knownTxid(tx)));
    this.#publish("rawtx", () => transactionBytes(tx));
  }

  /** From the last delta to now; the first block after the start gives none. */
  #nodesChanged(chain: ChainView, row: number, reorganised: boolean): void {
    if (!this.#subscriptions.has("fluxnodelistdelta")) return;
    const records = new Map(
      [...chain.state().fluxnodes()]
        .filter(({ status }) => status === "confirmed")
        .map((record) => [outpointKey(record.outpoint), record]),
    );
    const before = this.#nodes;
    this.#nodes = { row, records };
    if (before === undefined) return;
    this.#publish("fluxnodelistdelta", () => {
      const writer = new Writer();
      const { tree } = chain.shared;
      writer.u32(tree.height(before.row));
      writer.u32(tree.height(row));
      writer.bytes(displayed(tree.hash(before.row)));
      writer.bytes(displayed(tree.hash(row)));
      writer.u8(reorganised ? 1 : 0);
      const added = [...records].filter(([key]) => !before.records.has(key)).map(([, record]) => record);
      const removed = [...before.records].filter(([key]) => !records.has(key)).map(([, record]) => record);
      const updated = [...records]
        .filter(([key, record]) => before.records.has(key) && before.records.get(key) !== record)
        .map(([, record]) => record);
      writer.vector(added, writeNode);
      writer.vector(removed, writeCollateral);
      writer.vector(updated, writeNode);
      return writer.copy();
    });
  }

  #publish(topic: Topic, body: () => Uint8Array | number[]): void {
    const subscriptions = this.#subscriptions.get(topic);
    if (subscriptions === undefined) return;
    const bytes = Uint8Array.from(body());
    for (const subscription of subscriptions) {
      const count = Buffer.alloc(4);
      count.writeUInt32LE(subscription.sequence++ >>> 0);
      const { socket } = subscription;
      socket.last = socket.last
        .then(() => socket.publisher.send([topic, bytes, count]))
        .catch((error: Error) => this.#fail(topic, error));
    }
  }

  /** Sends what waits and closes the sockets. */
  async close(): Promise<void> {
    this.#unwatch();
    await Promise.all(this.#sockets.map(({ last }) => last));
    for (const { publisher } of this.#sockets) publisher.close();
  }
}

const displayed = (hash: Uint8Array): Uint8Array => hash.slice().reverse();

/** A block's hash and height. */
function placeOf(chain: ChainView, row: number): Uint8Array {
  const writer = new Writer();
  writer.bytes(displayed(chain.shared.tree.hash(row)));
  writer.u32(chain.shared.tree.height(row));
  return writer.copy();
}

function writeCollateral(writer: Writer, { outpoint }: FluxnodeRecord): void {
  writer.bytes(displayed(outpoint.txid));
  writer.u32(outpoint.index);
}

/** Source: fluxd src/fluxnode/fluxnode.h FLUXNODE_TX_CONFIRMED. */
const CONFIRMED = 3;

function writeNode(writer: Writer, record: FluxnodeRecord): void {
  const { identity } = record;
  writeCollateral(writer, record);
  writer.varBytes(identity.collateralPubkey);
  writer.varBytes(identity.pubkey);
  writer.u32(record.confirmedHeight);
  writer.u32(record.lastPaidHeight);
  writer.u8(TIER_CODE[identity.tier]);
  writer.u8(CONFIRMED);
  writer.varBytes(record.ip);
}
