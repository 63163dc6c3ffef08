import { murmurHash3 } from "../bytes/murmurHash3.ts";
import { Writer } from "../bytes/writer.ts";
import { type Outpoint, writeOutpoint } from "../primitives/outpoint.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { ScriptCursor } from "../script/instructions.ts";
import { matchTemplate } from "../script/standard.ts";
import type { Message } from "./messages.ts";

// What a peer without blocks of its own wants to hear about. Source: fluxd src/bloom.cpp CBloomFilter, BIP 37.

/** Largest filter that a node takes. Source: fluxd src/bloom.h. */
export const MAX_FILTER_BYTES = 36_000;
/** Most hashes of a filter that a node takes. */
export const MAX_FILTER_FUNCTIONS = 50;
/** Longest element of `filteradd`: the longest that a script can push. */
export const MAX_FILTER_ELEMENT_BYTES = 520;

/** Keeps the seeds of the functions apart. */
const SEED_STEP = 0xfba4c795;

/** What becomes of outputs that match, by the two low bits of the flags. */
const UPDATE_MASK = 3;
const UPDATE_ALL = 1;
/** Only outputs that are spent without naming what the filter knows them by. */
const UPDATE_KEYS_ONLY = 2;

/** Reused by {@link BloomFilter}, which is done with it at the end of each use. */
const scratch = new Writer();

type FilterLoad = Omit<Extract<Message, { command: "filterload" }>, "command">;

/** Whether a node may take it; one it may not take costs the sender. */
export const filterFits = ({ data, functions }: FilterLoad): boolean =>
  data.length <= MAX_FILTER_BYTES && functions <= MAX_FILTER_FUNCTIONS;

/** A set that also has members that nobody added. */
export class BloomFilter {
  readonly #bits: Uint8Array;
  readonly #functions: number;
  readonly #tweak: number;
  readonly #flags: number;
  /** All bits set: then everything matches, also in a filter of no bits, which has nothing to look at. */
  readonly #full: boolean;
  /** No bit set and nothing added: then nothing matches, also in a filter of no functions, which asks nothing. */
  #empty: boolean;

  constructor({ data, functions, tweak, flags }: FilterLoad) {
    this.#bits = data.slice();
    this.#functions = functions;
    this.#tweak = tweak;
    this.#flags = flags;
    this.#full = data.every((byte) => byte === 0xff);
    this.#empty = !this.#full && data.every((byte) => byte === 0);
  }

  #bitOf(element: Uint8Array, i: number): number {
    const seed = (Math.imul(i, SEED_STEP) + this.#tweak) >>> 0;
    return murmurHash3(seed, element) % (this.#bits.length * 8);
  }

  insert(element: Uint8Array): void {
    if (this.#full) return;
    this.#empty = false;
    for (let i = 0; i < this.#functions; i++) {
      const bit = this.#bitOf(element, i);
      this.#bits[bit >> 3]! |= 1 << (bit & 7);
    }
  }

  contains(element: Uint8Array): boolean {
    if (this.#full) return true;
    if (this.#empty) return false;
    for (let i = 0; i < this.#functions; i++) {
      const bit = this.#bitOf(element, i);
      if ((this.#bits[bit >> 3]! & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  /**
   * Whether the filter knows the transaction by its id, something an output's script pushes, an output it spends or something
   * an input's script pushes. Outputs that match may be added, so that what spends them matches too.
   * Source: fluxd src/bloom.cpp IsRelevantAndUpdate.
   */
  matches(tx: Transaction): boolean {
    if (this.#full) return true;
    const id = txid(tx);
    let found = this.contains(id);
    if (tx.kind !== "ordinary") return found;
    for (const [index, { scriptPubKey }] of tx.outputs.entries()) {
      if (!this.#containsPushOf(scriptPubKey)) continue;
      found = true;
      if (this.#updatesFor(scriptPubKey)) this.insert(outpointBytes({ txid: id, index }));
    }
    return (
      found ||
      tx.inputs.some(
        ({ prevout, scriptSig }) => this.contains(outpointBytes(prevout)) || this.#containsPushOf(scriptSig),
      )
    );
  }

  #containsPushOf(script: Uint8Array): boolean {
    const cursor = new ScriptCursor(script);
    while (cursor.next()) if (cursor.data.length > 0 && this.contains(cursor.data)) return true;
    return false;
  }

  #updatesFor(scriptPubKey: Uint8Array): boolean {
    const update = this.#flags & UPDATE_MASK;
    if (update !== UPDATE_KEYS_ONLY) return update === UPDATE_ALL;
    const type = matchTemplate(scriptPubKey)?.type;
    return type === "publicKey" || type === "multisig";
  }
}

function outpointBytes(outpoint: Outpoint): Uint8Array {
  writeOutpoint(scratch.reset(), outpoint);
  return scratch.view();
}
