import { ABSENT, type BlockHeader, type BlockOutcome, type ChainView, rejectReason } from "@fluxlab/core";

// What submitblock says. Source: fluxd src/rpc/mining.cpp submitblock.

/** A refusal for which there is no reason, or one that several threads lost. Source: fluxd BIP22ValidationResult. */
export const NO_REASON = "rejected";

/** What a node thought of a block's hash before the block came; undefined if it did not know it. */
export type KnownBefore = "valid" | "failed" | "undecided" | undefined;

/** What `chain` thinks of a header's hash. */
export function knownBefore(chain: ChainView, header: BlockHeader): KnownBefore {
  const { tree } = chain.shared;
  const row = tree.find(tree.hashOf(header));
  if (row === ABSENT || !chain.knows(row)) return undefined;
  if (chain.hasFailed(row)) return "failed";
  return chain.isValid(row) ? "valid" : "undecided";
}

/** Of a hash that was known: whether anything came of the block does not say what. */
function duplicateAnswer({ outcome }: BlockOutcome, before: Exclude<KnownBefore, undefined>): string {
  if (before === "failed") return "duplicate-invalid";
  const nothing = outcome === "known" || outcome === "held" || outcome === "ignored";
  return before === "undecided" && nothing ? "duplicate-inconclusive" : "duplicate";
}

/** The answer: null for the new tip, else a word or the reason. */
export function submitAnswer(result: BlockOutcome, before?: KnownBefore): string | null {
  if (before !== undefined) return duplicateAnswer(result, before);
  switch (result.outcome) {
    case "active":
      return null;
    case "held":
      return "inconclusive";
    case "known":
    case "knownInvalid":
      return "duplicate";
    case "unknownParent":
    case "invalidParent":
      return "bad-prevblk";
    case "invalid":
      return rejectReason(result.violation) || NO_REASON;
    case "ignored":
    case "cannotTell":
      return result.outcome;
  }
}
