import {
  type AssetLedger,
  type AssetOperation,
  applyBlock,
  assert,
  type ChainId,
  chainTerms,
  DEFAULT_ASSETS,
  flux,
  type HeaderTree,
  NATIVE_CHAIN,
  Random,
  rollback,
} from "@fluxlab/core";
import { HOLDER, heldLedger, OPENING_BLOCKS } from "./heldLedger.ts";

/** The parallel chain that swaps go to. */
const TARGET: ChainId = 1;

/** What a chain's blocks hold that the ledger took, oldest first. */
export type AcceptedBlocks = readonly {
  readonly height: number;
  readonly accepted: readonly AssetOperation[];
}[];

/** What the desk's ledger says, and what it took, for those who count again. */
export interface SwapBook {
  /** Before the first swap, satoshi. */
  readonly opening: { readonly source: bigint; readonly target: bigint };
  /** Now. */
  readonly circulating: { readonly source: bigint; readonly target: bigint };
  readonly source: AcceptedBlocks;
  readonly target: AcceptedBlocks;
}

/**
 * Swaps from the native chain as one node sees it to a parallel chain that adds a block with each of its tips: people lock coins, a
 * relayer unlocks them when there are confirmations enough. What a block holds follows from its hash, so that it is the same on every
 * branch.
 */
export class SwapDesk {
  /** People lock the same coins twice. */
  doubleLocks = false;
  /** The relayer looks at nothing: unlocks come early and again. */
  staleRelayer = false;
  #ledger: AssetLedger;
  readonly #base: number;
  readonly #opening: SwapBook["opening"];
  /** Of the source, from the block after {@link #base} on. */
  readonly #rows: number[] = [];
  readonly #source: { height: number; accepted: readonly AssetOperation[] }[] = [];
  readonly #target: { height: number; accepted: readonly AssetOperation[] }[] = [];
  readonly #seed: string;

  /** @param base height of the block that everybody begins with */
  constructor(seed: string, base: number) {
    this.#seed = seed;
    this.#base = base;
    this.#ledger = heldLedger(DEFAULT_ASSETS, [TARGET], base - OPENING_BLOCKS);
    this.#opening = this.#circulating();
  }

  /** The node's tip is another; rows as the tree has them. */
  follow(tip: number, tree: HeaderTree): void {
    const fresh: number[] = [];
    let row = tip;
    while (!this.#rows.includes(row) && tree.isLive(row) && tree.height(row) > this.#base) {
      fresh.push(row);
      row = tree.parent(row);
    }
    this.#backTo(this.#rows.indexOf(row) + 1);
    for (const each of fresh.reverse()) this.#addSource(each, tree.height(each));
    if (fresh.length > 0) this.#addTarget();
  }

  /** Takes back blocks of the source until so many are left. */
  #backTo(kept: number): void {
    if (kept === this.#rows.length) return;
    const back = rollback(this.#ledger, NATIVE_CHAIN, this.#base + kept);
    assert(!("reason" in back), "blocks since the beginning can be taken back");
    this.#ledger = back.ledger;
    this.#rows.length = kept;
    while ((this.#source.at(-1)?.height ?? 0) > this.#base + kept) this.#source.pop();
  }

  #addSource(row: number, height: number): void {
    this.#rows.push(row);
    const random = Random.root(`${this.#seed}/swaps ${row}`);
    const lock = (n: number): AssetOperation => ({
      type: "lock",
      id: (row * 16 + n).toString(16).padStart(64, "0"),
      source: NATIVE_CHAIN,
      target: TARGET,
      owner: HOLDER,
      amount: flux(1n) * BigInt(1 + random.below(1_000)),
    });
    const locks = Array.from({ length: random.below(3) }, (_, n) => lock(n));
    const again = this.doubleLocks ? locks.map((each) => ({ ...each })) : [];
    this.#source.push({ height, accepted: this.#play(NATIVE_CHAIN, height, [...locks, ...again]) });
  }

  /** The relayer unlocks on the target whatever it thinks is confirmed. */
  #addTarget(): void {
    const { confirmations } = DEFAULT_ASSETS.chains[NATIVE_CHAIN]!;
    const height = this.#ledger.chains[TARGET]!.tip + 1;
    const depth = this.staleRelayer ? 0 : confirmations - 1;
    const last = this.#base + this.#rows.length - depth;
    const done = this.staleRelayer
      ? new Set<string>()
      : new Set(this.#target.flatMap(({ accepted }) => accepted.map(idOf)));
    const unlocks = this.#source
      .filter((block) => block.height <= last && block.height > last - LOOK_BACK)
      .flatMap(({ accepted }) => accepted.map(idOf))
      .filter((id) => !done.has(id))
      .map((id): AssetOperation => ({ type: "unlock", source: NATIVE_CHAIN, id }));
    this.#target.push({ height, accepted: this.#play(TARGET, height, unlocks) });
  }

  /** The operations that the ledger took. */
  #play(chain: ChainId, height: number, operations: readonly AssetOperation[]): AssetOperation[] {
    const { ledger, rejected } = applyBlock(this.#ledger, { chain, height, operations });
    this.#ledger = ledger;
    const refused = new Set(rejected.map(({ operation }) => operation));
    return operations.filter((operation) => !refused.has(operation));
  }

  #circulating() {
    return {
      source: chainTerms(this.#ledger, NATIVE_CHAIN).circulating,
      target: chainTerms(this.#ledger, TARGET).circulating,
    };
  }

  get book(): SwapBook {
    return {
      opening: this.#opening,
      circulating: this.#circulating(),
      source: this.#source,
      target: this.#target,
    };
  }
}

/** Blocks back that a relayer looks for locks. */
const LOOK_BACK = 60;

const idOf = (operation: AssetOperation): string => ("id" in operation ? operation.id : "");
