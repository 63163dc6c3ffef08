import { equalBytes } from "../bytes/compare.ts";
import { toDisplayHex } from "../bytes/hex.ts";
import type { Params } from "../params/params.ts";
import { type Block, blockSize } from "../primitives/block.ts";
import { collateralOf } from "../primitives/fluxnodeTx.ts";
import { merkleTree } from "../primitives/merkle.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { isCoinbase, type OrdinaryTransaction, type Transaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { checkCoinbaseHeight, type ScriptOf } from "./coinbaseRules.ts";
import { checkTransactionAtHeight } from "./contextualTxRules.ts";
import type { FluxnodeVerifier } from "./fluxnode/txRules.ts";
import { MAX_BLOCK_BYTES, MAX_BLOCK_SIGOPS, MAX_BLOCK_TRANSACTIONS } from "./limits.ts";
import { isFinal } from "./lockTime.ts";
import { checkJoinSplitSignature } from "./shieldedRules.ts";
import { checkTransaction } from "./txRules.ts";
import { locate, type Violation, violation } from "./violation.ts";

// The body of a block, its header aside. Source: fluxd src/main.cpp CheckBlock, ContextualCheckBlock.

/** What block rules ask of the script layer besides. */
export interface BlockVerifier extends FluxnodeVerifier {
  /** Signature operations in all scripts of `tx`, each multisig counted as 20. */
  readonly legacySigops: (tx: Transaction) => number;
}

/**
 * The first rule the body breaks wherever the block stands, in fluxd's order. `txids` are those of its transactions, for callers
 * who need them too: hashing them is half of the work. Source: fluxd src/main.cpp CheckBlock.
 */
export function checkBlock(
  block: Block,
  verifier: BlockVerifier,
  txids: readonly Uint8Array[] = block.transactions.map(txid),
): Violation | undefined {
  return (
    checkMerkleRoot(block, txids) ??
    checkBlockSize(block) ??
    checkCoinbasePlaces(block.transactions) ??
    checkEachTransaction(block.transactions, verifier) ??
    checkSigops(block.transactions, verifier)
  );
}

/** The root is that of the transactions, and of no shorter list of them. */
function checkMerkleRoot({ header }: Block, txids: readonly Uint8Array[]): Violation | undefined {
  const tree = merkleTree(txids);
  if (!equalBytes(tree.root, header.merkleRoot)) {
    return violation("bad-txnmrklroot", {
      claimed: toDisplayHex(header.merkleRoot),
      computed: toDisplayHex(tree.root),
    });
  }
  return tree.duplicated ? violation("bad-txns-duplicate") : undefined;
}

/** Header, solution and signatures count. */
function checkBlockSize(block: Block): Violation | undefined {
  const transactions = block.transactions.length;
  const bytes = blockSize(block);
  if (transactions > 0 && transactions <= MAX_BLOCK_TRANSACTIONS && bytes <= MAX_BLOCK_BYTES)
    return undefined;
  return violation("bad-blk-length", { transactions, bytes });
}

/** One coinbase, in front; and no two FluxNode transactions about one node. */
function checkCoinbasePlaces(transactions: readonly Transaction[]): Violation | undefined {
  if (!isCoinbase(transactions[0]!)) return violation("bad-cb-missing");
  const nodes = new Set<string>();
  for (let transaction = 1; transaction < transactions.length; transaction++) {
    const tx = transactions[transaction]!;
    if (isCoinbase(tx)) return violation("bad-cb-multiple", { transaction });
    if (tx.kind === "ordinary") continue;
    const node = outpointText(collateralOf(tx));
    if (nodes.has(node)) return violation("bad-fluxnode-tx-multiple", { transaction, node });
    nodes.add(node);
  }
  return undefined;
}

const outpointText = ({ txid, index }: Outpoint): string => `${toDisplayHex(txid)}:${index}`;

function checkEachTransaction(
  transactions: readonly Transaction[],
  verifier: FluxnodeVerifier,
): Violation | undefined {
  for (const [transaction, tx] of transactions.entries()) {
    const broken = checkTransaction(tx, verifier);
    if (broken !== undefined) return locate(broken, { transaction });
  }
  return undefined;
}

function checkSigops(transactions: readonly Transaction[], verifier: BlockVerifier): Violation | undefined {
  let sigops = 0;
  for (const tx of transactions) sigops += verifier.legacySigops(tx);
  return sigops > MAX_BLOCK_SIGOPS ? violation("bad-blk-sigops", { sigops }) : undefined;
}

/**
 * The first rule the body of a block that passed {@link checkBlock} breaks at `height`, as far as that follows from the
 * height alone. `believed`: joinsplit signatures are taken to hold. Source: fluxd src/main.cpp ContextualCheckBlock.
 */
export function checkBlockAtHeight(
  block: Block,
  height: number,
  params: Params,
  scriptOf: ScriptOf,
  believed = false,
): Violation | undefined {
  const { header, transactions } = block;
  for (const [transaction, tx] of transactions.entries()) {
    const broken =
      checkTransactionAtHeight(tx, height, params, scriptOf) ??
      (believed || tx.kind !== "ordinary" ? undefined : checkJoinSplitSignature(tx, height, params));
    if (broken !== undefined) return locate(broken, { transaction });
    if (!isFinal(tx, height, header.time)) return violation("bad-txns-nonfinal", { transaction, height });
  }
  return checkCoinbaseHeight(transactions[0] as OrdinaryTransaction, height);
}
