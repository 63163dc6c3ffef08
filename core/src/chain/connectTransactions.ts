import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { Params } from "../params/params.ts";
import type { FluxnodeConfirm, FluxnodeStart } from "../primitives/fluxnodeTx.ts";
import type { Satoshi } from "../primitives/money.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { isCoinbase, type OrdinaryTransaction, type Transaction } from "../primitives/transaction.ts";
import { collateralInputTier } from "../rules/fluxnode/collateral.ts";
import type { FluxnodeIdentity } from "../rules/fluxnode/record.ts";
import { transactionFee } from "../rules/inputRules.ts";
import { checkInputScripts } from "../rules/inputScripts.ts";
import { MAX_BLOCK_SIGOPS } from "../rules/limits.ts";
import { checkSproutRequirements } from "../rules/shieldedRules.ts";
import { locate, type Violation, violation } from "../rules/violation.ts";
import { legacySigops, p2shSigops } from "../script/sigops.ts";
import type { Draft } from "../state/draft.ts";

/** How transactions of block `height` are judged. */
export interface TransactionContext {
  readonly height: number;
  readonly params: Params;
  /** Undefined: scripts are taken to be satisfied. */
  readonly scriptEcdsa: EcdsaBackend | undefined;
}

/** Walks the transactions of one block through its draft, each seeing what those before it did. */
export class TransactionConnector {
  /** Of all transactions so far, satoshi. */
  fees: bigint;
  readonly starts: FluxnodeIdentity[];
  readonly confirms: FluxnodeConfirm[];
  readonly #draft: Draft;
  readonly #context: TransactionContext;
  #sigops: number;

  constructor(draft: Draft, context: TransactionContext) {
    this.fees = 0n;
    this.starts = [];
    this.confirms = [];
    this.#draft = draft;
    this.#context = context;
    this.#sigops = 0;
  }

  /** Applies the transactions in order up to the first that breaks a rule. Source: fluxd src/main.cpp ConnectBlock. */
  connectAll(transactions: readonly Transaction[], txids: readonly Uint8Array[]): Violation | undefined {
    for (const [transaction, tx] of transactions.entries()) {
      const broken = this.#countSigops(legacySigops(tx)) ?? this.#connect(tx, txids[transaction]!);
      if (broken !== undefined) return locate(broken, { transaction });
    }
    return undefined;
  }

  #connect(tx: Transaction, txid: Uint8Array): Violation | undefined {
    if (tx.kind === "fluxnodeUnknown")
      return violation("bad-txns-fluxnode-tx-invalid-type", { type: tx.type });
    if (tx.kind !== "ordinary") return this.#connectFluxnode(tx);
    if (!isCoinbase(tx)) return this.#connectOrdinary(tx, txid);
    this.#draft.apply(tx, txid, []);
    return undefined;
  }

  #connectFluxnode(tx: FluxnodeStart | FluxnodeConfirm): Violation | undefined {
    const { height, params } = this.#context;
    const coin = this.#draft.coin(tx.collateral);
    const tier = collateralInputTier(tx, coin, height, params);
    if (typeof tier !== "string") return tier;
    if (tx.kind === "fluxnodeConfirm") {
      this.confirms.push(tx);
      return undefined;
    }
    // Copies, because a record outlives its block by far and a view would keep all of the block's bytes.
    this.starts.push({
      outpoint: copyOutpoint(tx.collateral),
      tier,
      collateralAmount: coin!.value as Satoshi,
      addedHeight: height,
      pubkey: tx.pubkey.slice(),
      collateralPubkey: tx.collateralPubkey.slice(),
      redeemScript: tx.redeemScript.slice(),
    });
    return undefined;
  }

  #connectOrdinary(tx: OrdinaryTransaction, txid: Uint8Array): Violation | undefined {
    const { height, params, scriptEcdsa } = this.#context;
    const spent = this.#draft.inputCoins(tx);
    if (typeof spent === "number") return violation("bad-txns-inputs-missingorspent", { input: spent });
    const broken = checkSproutRequirements(tx, this.#draft) ?? this.#countSigops(p2shSigops(tx, spent));
    if (broken !== undefined) return broken;
    const fee = transactionFee(tx, spent, height, params);
    if (typeof fee !== "bigint") return fee;
    const scripts = scriptEcdsa && checkInputScripts(tx, spent, height, params, scriptEcdsa);
    if (scripts !== undefined) return scripts;
    this.fees += fee;
    this.#draft.apply(tx, txid, spent);
    return undefined;
  }

  /** The limit is on the block so far, redeem scripts included. */
  #countSigops(sigops: number): Violation | undefined {
    this.#sigops += sigops;
    return this.#sigops > MAX_BLOCK_SIGOPS
      ? violation("bad-blk-sigops", { sigops: this.#sigops })
      : undefined;
  }
}

/** The same outpoint, keeping nothing else alive. */
export const copyOutpoint = ({ txid, index }: Outpoint): Outpoint => ({ txid: txid.slice(), index });
