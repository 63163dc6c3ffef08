import {
  AddressManager,
  type Block,
  blockBytes,
  blockHash,
  DEFAULT_NODE_SETTINGS,
  FullNode,
  type Message,
  ParseError,
  PeerRows,
  payloadBytes,
  readPayload,
  SharedMessages,
  type Transaction,
  toDisplayHex,
  toWireHex,
} from "@fluxlab/core";
import { beforeAll, expect } from "vitest";
import { type LabChain, readLabChain, rowOf, sharedChainOf } from "../../support/labChain.ts";
import { linkTo, RecordingPorts } from "../../support/recordingPorts.ts";
import { readJson, vectorsPresent } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

// Our node takes the part of one daemon in a recorded conversation: it is told what the other daemon said, and must have said
// what the one it stands for said, in whatever order and in however many messages.

interface Recording {
  readonly label: string;
  readonly events: readonly { readonly atMessage: number; readonly event: string }[];
  readonly messages: readonly { readonly dir: string; readonly command: string; readonly hex: string }[];
}

const FRAME_HEX = 48;
const PEER = 7;

let chain: LabChain[];
let recordings: Recording[];
beforeAll(() => {
  if (!vectorsPresent) return;
  chain = readLabChain();
  recordings = readJson<Recording[]>("labnet/p2p-capture.json");
});

const decode = ({ command, hex }: { command: string; hex: string }): Message => {
  const message = readPayload(command, Uint8Array.from(Buffer.from(hex.slice(FRAME_HEX), "hex")));
  if (message === undefined || message instanceof ParseError) throw new Error(`${command}: ${message}`);
  return message;
};

/** What a message says, in pieces that may travel together or apart, and without what is chance or taste. */
function sayings(message: Message): string[] {
  switch (message.command) {
    case "version":
      return [`version ${message.version} ${message.services} ${message.startHeight} ${message.relay}`];
    case "ping":
      return ["ping"];
    case "inv":
    case "getdata":
      return message.items.map(({ type, hash }) => `${message.command} ${type} ${toDisplayHex(hash)}`);
    case "headers":
      return message.headers.length === 0
        ? ["headers, none"]
        : message.headers.map((header) => `headers ${toDisplayHex(blockHash(header))}`);
    case "block":
      return [`block ${toWireHex(blockBytes(message.block))}`];
    default:
      return [`${message.command} ${toWireHex(payloadBytes(message))}`];
  }
}

const WAIT = 60;

class Part {
  readonly ports: RecordingPorts;
  readonly node: FullNode;
  readonly #said = new Map<string, number>();

  constructor(direction: "inbound" | "outbound", height: number, seconds: number) {
    const shared = sharedChainOf(chain[0]!.block, "signatures");
    this.ports = new RecordingPorts(seconds);
    const messages = new SharedMessages(shared, DEFAULT_NODE_SETTINGS.protocolVersion);
    const addresses = new AddressManager(new Uint8Array(32), () => this.ports.bits32());
    // The recorded daemon announces while its tip is more than four hours old: it ran with a longer -maxtipage.
    const settings = { ...DEFAULT_NODE_SETTINGS, maxTipAge: 24 * 60 * 60 };
    this.node = new FullNode(
      { chain: shared, messages, peers: new PeerRows() },
      this.ports,
      settings,
      addresses,
    );
    for (const { block } of chain.slice(1, height + 1)) this.node.submitBlock(block);
    expect(this.node.chain.tip).toBe(rowOf(shared, chain[height]!.line.hash));
    this.node.start();
    this.ports.take();
    this.node.connected(PEER, linkTo(1, direction));
  }

  #listen(): void {
    for (const message of this.ports.take()) {
      for (const saying of sayings(message)) this.#said.set(saying, (this.#said.get(saying) ?? 0) + 1);
    }
  }

  /** Waits a little for what the node may take its time for. */
  expects(saying: string): void {
    this.#listen();
    for (let i = 0; i < WAIT && !this.#said.has(saying) && this.ports.wakes !== undefined; i++) {
      this.ports.time = Math.max(this.ports.time, this.ports.wakes);
      this.node.wake();
      this.#listen();
      if (!saying.startsWith("inv")) break;
    }
    const count = this.#said.get(saying) ?? 0;
    expect(
      count,
      `${saying.slice(0, 100)}; left: ${[...this.#said.keys()].map((each) => each.slice(0, 90)).join("; ")}`,
    ).toBeGreaterThan(0);
    if (count === 1) this.#said.delete(saying);
    else this.#said.set(saying, count - 1);
  }

  /** What was said beyond what the daemon said. */
  get rest(): string[] {
    this.#listen();
    return [...this.#said.keys()];
  }
}

/** What a recording says of blocks and transactions, by id. */
function contents({ messages }: Recording): {
  blocks: Map<string, Block>;
  transactions: Map<string, Transaction>;
} {
  const blocks = new Map<string, Block>(chain.map(({ line, block }) => [String(line.height), block]));
  const transactions = new Map<string, Transaction>();
  const announced = messages
    .filter(({ command }) => command === "inv")
    .flatMap((each) => {
      const message = decode(each);
      return message.command === "inv" ? message.items.map(({ hash }) => toDisplayHex(hash)) : [];
    });
  const sent = messages.filter(({ command }) => command === "tx").map(decode);
  for (const [i, message] of sent.entries())
    if (message.command === "tx") transactions.set(announced[i]!, message.tx);
  return { blocks, transactions };
}

function play(recording: Recording, me: "connector" | "listener"): Part {
  const [first] = recording.messages.map(decode);
  if (first?.command !== "version") throw new Error("a recording begins with a version");
  const mine = recording.messages.filter(({ dir }) => dir.startsWith(`${me}->`)).map(decode)[0];
  if (mine?.command !== "version") throw new Error("both sides say their version");
  const part = new Part(me === "connector" ? "outbound" : "inbound", mine.startHeight, Number(mine.time));
  const { blocks, transactions } = contents(recording);
  for (const [i, recorded] of recording.messages.entries()) {
    for (const { event } of recording.events.filter(({ atMessage }) => atMessage === i)) {
      const height = /accepts block (\d+)/.exec(event)?.[1];
      const id = /accepts transaction (\w+)/.exec(event)?.[1];
      if (height !== undefined) {
        const { header } = blocks.get(height)!;
        part.ports.time = Math.max(part.ports.time, header.time * 1_000_000);
      }
      if (event.startsWith(me) && height !== undefined) part.node.submitBlock(blocks.get(height)!);
      if (event.startsWith(me) && id !== undefined) {
        expect(part.node.submitTransaction(transactions.get(id)!).accepted).toBe(true);
      }
    }
    const message = decode(recorded);
    if (!recorded.dir.startsWith(`${me}->`)) part.node.receive(PEER, pongFor(part, message));
    else for (const saying of sayings(message)) part.expects(saying);
  }
  return part;
}

/** Pings have nonces of chance: a recorded pong answers ours. */
const pongFor = (part: Part, message: Message): Message =>
  message.command === "pong" ? { command: "pong", nonce: part.node.peers[0]!.pingNonce } : message;

for (const me of ["connector", "listener"] as const) {
  for (const index of [0, 1]) {
    vectorTest(
      `as the ${me} of recording ${index + 1} our node says what the daemon said, and nobody is charged`,
      () => {
        const part = play(recordings[index]!, me);
        expect(part.rest).toEqual([]);
        expect(part.ports.observed.filter(({ kind }) => kind === "score")).toEqual([]);
        expect([...part.ports.closed]).toEqual([]);
      },
    );
  }
}
