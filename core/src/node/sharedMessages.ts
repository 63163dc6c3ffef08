import type { SharedChain } from "../chain/sharedChain.ts";
import type { Block } from "../primitives/block.ts";
import { type BlockHash, ZERO_HASH } from "../primitives/ids.ts";
import { ABSENT } from "../state/keyTable.ts";
import { INV_BLOCK, type Locator, type Message } from "./messages.ts";

/** Rows whose messages are kept: more than are ever in the air at once. A power of two. */
const KEPT = 256;

/** The last few messages of one kind, each made once for all nodes that send it. */
class MessageRing {
  readonly #rows: Int32Array;
  readonly #messages: (Message | undefined)[];

  constructor() {
    this.#rows = new Int32Array(KEPT).fill(ABSENT);
    this.#messages = new Array<Message | undefined>(KEPT).fill(undefined);
  }

  get(row: number): Message | undefined {
    const slot = row & (KEPT - 1);
    return this.#rows[slot] === row ? this.#messages[slot] : undefined;
  }

  keep(row: number, message: Message): Message {
    const slot = row & (KEPT - 1);
    this.#rows[slot] = row;
    this.#messages[slot] = message;
    return message;
  }
}

/** Blocks of a locator that follow each other before the steps double. */
const DENSE = 10;

/** Messages about blocks, which every node of a world sends alike: made once and given to all. */
export class SharedMessages {
  readonly #shared: SharedChain;
  readonly #protocolVersion: number;
  readonly #headers: MessageRing;
  readonly #inventory: MessageRing;
  readonly #requests: MessageRing;
  readonly #blocks: MessageRing;
  readonly #locators: MessageRing;

  /** `protocolVersion` is what locators carry. */
  constructor(shared: SharedChain, protocolVersion: number) {
    this.#shared = shared;
    this.#protocolVersion = protocolVersion;
    this.#headers = new MessageRing();
    this.#inventory = new MessageRing();
    this.#requests = new MessageRing();
    this.#blocks = new MessageRing();
    this.#locators = new MessageRing();
  }

  /** `headers` with this one header. */
  announcement(row: number): Message {
    return (
      this.#headers.get(row) ??
      this.#headers.keep(row, { command: "headers", headers: [this.#shared.tree.header(row)] })
    );
  }

  /** `inv` of this one block. */
  inventory(row: number): Message {
    return (
      this.#inventory.get(row) ?? this.#inventory.keep(row, { command: "inv", items: [this.#item(row)] })
    );
  }

  /** `getdata` of this one block. */
  request(row: number): Message {
    return (
      this.#requests.get(row) ?? this.#requests.keep(row, { command: "getdata", items: [this.#item(row)] })
    );
  }

  #item(row: number): { readonly type: number; readonly hash: BlockHash } {
    return { type: INV_BLOCK, hash: this.#shared.tree.hash(row) };
  }

  /** `block`; contents of one row may differ. */
  block(row: number, block: Block): Message {
    const kept = this.#blocks.get(row);
    if (kept?.command === "block" && kept.block === block) return kept;
    return this.#blocks.keep(row, { command: "block", block });
  }

  /** `getheaders` for what follows a block, without an end. */
  getHeaders(row: number): Message {
    return (
      this.#locators.get(row) ??
      this.#locators.keep(row, { command: "getheaders", locator: this.locator(row), stop: ZERO_HASH })
    );
  }

  /** Hashes from a block back to the first that is known, which is genesis as a rule. Source: fluxd src/chain.cpp CChain::GetLocator. */
  locator(row: number): Locator {
    const { tree } = this.#shared;
    const hashes: BlockHash[] = [];
    for (let at = row, step = 1; ; ) {
      hashes.push(tree.hash(at));
      const height = tree.height(at);
      if (height === tree.lowest) return { version: this.#protocolVersion, hashes };
      at = tree.ancestor(at, Math.max(height - step, tree.lowest));
      if (hashes.length > DENSE) step *= 2;
    }
  }
}
