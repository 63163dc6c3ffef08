import { equalBytes } from "../bytes/compare.ts";
import { displayHash, toDisplayHex } from "../bytes/hex.ts";
import { verifyEd25519 } from "../crypto/ed25519.ts";
import type { Params } from "../params/params.ts";
import { branchIdAt, upgradeActive } from "../params/upgrades.ts";
import type { BlockHeader } from "../primitives/header.ts";
import { joinSplitAnchor, joinSplitCommitments, joinSplitNullifiers } from "../primitives/shielded.ts";
import type { SproutTree } from "../primitives/sproutTree.ts";
import { type OrdinaryTransaction, type Transaction, usesGroth16 } from "../primitives/transaction.ts";
import { SignatureHasher } from "../script/sighash.ts";
import { type Violation, violation } from "./violation.ts";

// Shielded transactions, as far as they can be judged without proof systems. Verified here: joinsplit signatures; in the
// state: Sprout anchors and nullifiers. Not verified by this project: Groth16 proofs of joinsplits, Sapling spends and
// outputs (their proofs, signatures, anchors, nullifiers and the tree of their notes). A block that needs one of those gets no
// verdict. PHGR13 proofs are verified by nobody: fluxd accepts them unseen.

/** What of a transaction only a proof system can judge. */
export type UnverifiedProof = "groth16JoinSplit" | "saplingSpend" | "saplingOutput";

/** The first thing in `tx` that cannot be judged here, if any. */
export function unverifiedProof(tx: Transaction): UnverifiedProof | undefined {
  if (tx.kind !== "ordinary") return undefined;
  const { joinSplits, spends, outputs } = tx.shielded;
  if (joinSplits.length > 0 && usesGroth16(tx.overwintered, tx.version)) return "groth16JoinSplit";
  if (spends.length > 0) return "saplingSpend";
  return outputs.length > 0 ? "saplingOutput" : undefined;
}

/** The key in the transaction signed it, joinsplits and all. Source: fluxd src/main.cpp ContextualCheckTransaction. */
export function checkJoinSplitSignature(
  tx: OrdinaryTransaction,
  height: number,
  params: Params,
): Violation | undefined {
  const { joinSplits, joinSplitPubKey, joinSplitSig } = tx.shielded;
  if (joinSplits.length === 0) return undefined;
  const digest = new SignatureHasher(tx, branchIdAt(params.upgrades, height)).shieldedDigest();
  return verifyEd25519(joinSplitPubKey, digest, joinSplitSig)
    ? undefined
    : violation("bad-txns-invalid-joinsplit-signature");
}

/** Root of a Sapling note tree without notes. Source: fluxd SaplingMerkleTree::empty_root. */
export const EMPTY_SAPLING_ROOT = displayHash(
  "3e49b5f954aa9d3545bc6c37744661eea48d7c34e3000d82b7f0010c30f4c2fb",
);

/**
 * From Acadia on a header names the root of the Sapling tree after its block: that of an empty tree, since blocks with
 * Sapling outputs get no verdict. Source: fluxd src/main.cpp ConnectBlock.
 */
export function checkSaplingRoot(
  { saplingRoot }: BlockHeader,
  height: number,
  params: Params,
): Violation | undefined {
  if (!upgradeActive(params.upgrades, "acadia", height)) return undefined;
  return equalBytes(saplingRoot, EMPTY_SAPLING_ROOT) ? undefined : violation("bad-sapling-root-in-block");
}

/** What the state knows of the Sprout pool. */
export interface SproutState {
  /** Whether a block revealed the nullifier before. */
  sproutNullifierSpent(nullifier: Uint8Array): boolean;
  /** The note tree after some block before this one, by its root. */
  sproutTreeAt(root: Uint8Array): SproutTree | undefined;
}

/**
 * No joinsplit spends a note again, and each knows its notes from a tree that was: after an earlier block, or after an
 * earlier joinsplit of the same transaction. Source: fluxd src/coins.cpp CCoinsViewCache::HaveShieldedRequirements.
 */
export function checkSproutRequirements(
  { shielded }: OrdinaryTransaction,
  state: SproutState,
): Violation | undefined {
  const reached: SproutTree[] = [];
  for (const [index, joinSplit] of shielded.joinSplits.entries()) {
    if (joinSplitNullifiers(joinSplit).some((nullifier) => state.sproutNullifierSpent(nullifier))) {
      return violation("bad-txns-joinsplit-requirements-not-met", { joinSplit: index });
    }
    const anchor = joinSplitAnchor(joinSplit);
    const tree = reached.find(({ root }) => equalBytes(root, anchor)) ?? state.sproutTreeAt(anchor);
    if (tree === undefined) {
      const facts = { joinSplit: index, anchor: toDisplayHex(anchor) };
      return violation("bad-txns-joinsplit-requirements-not-met", facts);
    }
    reached.push(tree.append(joinSplitCommitments(joinSplit)));
  }
  return undefined;
}
