import { type ChainId, NATIVE_CHAIN } from "../rules/assets/chains.ts";
import { type ReorgReport, rollback } from "../state/assets/blocks.ts";
import type { AssetLedger } from "../state/assets/ledger.ts";
import { applyNativeBlock, type NativeOutcome } from "../state/assets/nativeBlocks.ts";
import type { NativeBalance } from "../state/assets/operations.ts";
import { type Followed, followChain, type ParallelEvent } from "../state/assets/parallelChain.ts";
import { assert } from "../util/assert.ts";
import type { Connected } from "./connectBlock.ts";
import { GENESIS_ROW } from "./headerTree.ts";
import { type FundScripts, fundScripts, nativeBalances, nativeBlock } from "./nativeFacts.ts";
import type { SharedChain } from "./sharedChain.ts";

/** What the ledger made of one transaction or reward of the native block `row`. */
export interface AssetOutcome {
  readonly row: number;
  readonly outcome: NativeOutcome;
}

/** What following the native chain to another tip came to. */
export interface FollowedNative {
  /** Of the blocks connected, in order. */
  readonly outcomes: readonly AssetOutcome[];
  readonly reports: readonly ReorgReport[];
  /** Height of a fork that is further back than the ledger goes; it has not moved then. */
  readonly lostAt: number | undefined;
}

/**
 * One node's ledger of the parallel assets, kept beside its state and not in it: no operation makes a block invalid, and what
 * the ledger says depends on chains that fluxd knows nothing of, so nodes of equal state may differ here. The digest of the state
 * (stateHash.ts) and that of the ledger (ledgerDigest.ts) are therefore two.
 */
export class AssetView {
  ledger: AssetLedger;
  readonly #shared: SharedChain;
  readonly #funds: FundScripts;
  /** Row of the native block that the ledger is after. */
  #at: number;

  /** `ledger` must be as it is after block `row`. */
  constructor(shared: SharedChain, ledger: AssetLedger, row = GENESIS_ROW) {
    assert(
      ledger.chains[NATIVE_CHAIN]!.tip === shared.tree.height(row),
      "the ledger begins at the height of its native block",
    );
    this.ledger = ledger;
    this.#shared = shared;
    this.#funds = fundScripts(shared.params);
    this.#at = row;
  }

  /** Follows the native chain to block `row`, which is connected: blocks come off down to the fork, and others go on. */
  followNative(row: number): FollowedNative {
    const { tree } = this.#shared;
    const fork = tree.commonAncestor(this.#at, row);
    const back = rollback(this.ledger, NATIVE_CHAIN, tree.height(fork));
    if ("reason" in back) return { outcomes: [], reports: [], lostAt: back.height };
    this.ledger = back.ledger;
    const outcomes = tree.path(fork, row).flatMap((next) => this.#connect(next));
    this.#at = row;
    return { outcomes, reports: back.reports, lostAt: undefined };
  }

  #connect(row: number): AssetOutcome[] {
    const { tree, blocks, params } = this.#shared;
    const connected = this.#connected(row);
    const block = blocks.block(this.#shared.connectedContent(row)!);
    const { ledger, outcomes } = applyNativeBlock(this.ledger, nativeBlock(block, connected, params), {
      poolScript: this.#funds.pool,
      reserveScripts: this.#funds.reserves,
      balancesAt: (height) => this.#balances(tree.ancestor(row, height), row),
    });
    this.ledger = ledger;
    return outcomes.map((outcome) => ({ row, outcome }));
  }

  /** After block `row`, in the branch of block `tip`, to which the shared state is moved. */
  #balances(row: number, tip: number): NativeBalance[] {
    const later = this.#shared.tree.path(row, tip).map((each) => this.#connected(each).delta);
    return nativeBalances(this.#shared.stateAfter(tip), later, this.#funds);
  }

  #connected(row: number): Connected {
    const content = this.#shared.connectedContent(row);
    const verdict = content === undefined ? undefined : this.#shared.knownVerdict(content);
    assert(verdict?.verdict === "connected", "the ledger follows blocks that are connected");
    return verdict;
  }

  /** Follows a parallel chain; see {@link followChain}. */
  followParallel(chain: ChainId, events: readonly ParallelEvent[]): Omit<Followed, "ledger"> {
    const { ledger, ...followed } = followChain(this.ledger, chain, events);
    this.ledger = ledger;
    return followed;
  }
}
