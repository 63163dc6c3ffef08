import {
  type AssetLedger,
  type AssetOperation,
  type AssetParams,
  applyBlock,
  type ChainId,
  DEFAULT_ASSETS,
  flux,
  NATIVE_CHAIN,
  openEntitlements,
  openLedger,
} from "@fluxlab/core";

// Ledgers in known states.

/** The first `count` chains of the default list, with confirmations and time-outs that a test can wait for. */
export const fewChains = (count: number, confirmations: number, cancelAfterBlocks: number): AssetParams => ({
  ...DEFAULT_ASSETS,
  chains: DEFAULT_ASSETS.chains
    .slice(0, count)
    .map((chain) => ({ ...chain, confirmations, cancelAfterBlocks })),
});

export const KDA: ChainId = 1;
export const ETH: ChainId = 2;
export const BSC: ChainId = 3;

/** A lock id of 64 hex digits. */
export const lockId = (n: number): string => n.toString(16).padStart(64, "0");

/** Adds the next block of `chain` and hands back the reasons of what was rejected with it. */
export function next(
  ledger: AssetLedger,
  chain: ChainId,
  ...operations: readonly AssetOperation[]
): { readonly ledger: AssetLedger; readonly reasons: readonly string[] } {
  const height = ledger.chains[chain]!.tip + 1;
  const applied = applyBlock(ledger, { chain, height, operations });
  return { ledger: applied.ledger, reasons: applied.rejected.map(({ rejection }) => rejection.reason) };
}

/** {@link next}, all of whose operations must be accepted. */
export function accepted(
  ledger: AssetLedger,
  chain: ChainId,
  ...operations: readonly AssetOperation[]
): AssetLedger {
  const { ledger: after, reasons } = next(ledger, chain, ...operations);
  if (reasons.length > 0) throw new Error(`rejected: ${reasons.join(", ")}`);
  return after;
}

/** Native coins as when mining had begun for good: what WP1's table calls the holders' supply. */
export const HOLDERS = flux(125_000_000n);

/** All of `chains` released and every airdrop claimed by its one holder, "alice". */
export function released(params: AssetParams, ...chains: readonly ChainId[]): AssetLedger {
  const opened = openLedger(params, { nativeEmitted: HOLDERS });
  return chains.reduce((ledger, chain) => {
    const open = accepted(
      ledger,
      NATIVE_CHAIN,
      { type: "snapshot", chain, height: 0, balances: [{ owner: "alice", amount: HOLDERS }] },
      { type: "releaseChain", chain },
    );
    const entitlements = openEntitlements(open, "alice", chain, 0, 0);
    return accepted(open, NATIVE_CHAIN, { type: "claim", chain, owner: "alice", entitlements });
  }, opened);
}
